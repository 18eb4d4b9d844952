// A language host for Node and Python programs, for machines that have the Pulumi CLI without the hosts that its
// distribution brings. It starts programs and plugins by the SDKs' own entry points and answers what the real hosts
// answer: the engine cannot tell the difference.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import * as grpc from "@grpc/grpc-js";
import languageService from "@pulumi/pulumi/proto/language_grpc_pb.js";
import language from "@pulumi/pulumi/proto/language_pb.js";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";

const here = dirname(fileURLToPath(import.meta.url));
const languageName = process.argv[2];
const engineAddress = process.argv.at(-1) ?? "";

/** What the engine tells of a program or plugin. */
interface Folder {
  directory: string;
  entryPoint: string;
  options: Record<string, unknown>;
}

interface Command {
  command: string;
  args: string[];
  env?: NodeJS.ProcessEnv;
}

interface Host {
  packages(folder: Folder): { name: string; version: string }[];
  run(request: InstanceType<typeof language.RunRequest>, folder: Folder): Command;
  plugin(pwd: string, directory: string): Command;
  install(directory: string, folder: Folder, isPlugin: boolean): Command[];
  link(directory: string, name: string, path: string): string;
  about(): { executable: string; version: string };
}

const readJson = (path: string) => JSON.parse(readFileSync(path, "utf8"));
const resolveFrom = (directory: string, module: string) =>
  createRequire(join(directory, "package.json")).resolve(module);

const node: Host = {
  /** As the real host does it: every package below node_modules that calls itself a Pulumi resource plugin. */
  packages({ directory }) {
    const found = new Map<string, { name: string; version: string }>();
    const walk = (modules: string) => {
      if (!existsSync(modules)) return;
      for (const name of readdirSync(modules)) {
        const path = join(modules, name);
        if (name.startsWith("@")) walk(path);
        const manifest = join(path, "package.json");
        if (!existsSync(manifest)) continue;
        const { pulumi, version } = readJson(manifest);
        if (pulumi?.resource)
          found.set(pulumi.name ?? name, { name: pulumi.name ?? name, version: pulumi.version ?? version });
        walk(join(path, "node_modules"));
      }
    };
    walk(join(directory, "node_modules"));
    return [...found.values()];
  },
  run(request, { directory, entryPoint, options }) {
    return {
      command: "node",
      args: [
        ...String(options.nodeargs ?? "")
          .split(/\s+/)
          .filter((text) => text !== ""),
        resolveFrom(directory, "@pulumi/pulumi/cmd/run"),
        ...["--monitor", request.getMonitorAddress(), "--engine", engineAddress],
        ...["--organization", request.getOrganization(), "--project", request.getProject()],
        ...["--root-directory", request.getInfo()?.getRootDirectory() ?? directory],
        ...["--stack", request.getStack(), "--pwd", request.getPwd()],
        ...(request.getDryrun() ? ["--dry-run"] : []),
        ...["--parallel", String(request.getParallel())],
        ...[join(directory, entryPoint), ...request.getArgsList()],
      ],
      env: {
        PULUMI_NODEJS_TYPESCRIPT: String(options.typescript !== false),
        ...(typeof options.tsconfig === "string" && { PULUMI_NODEJS_TSCONFIG_PATH: options.tsconfig }),
      },
    };
  },
  plugin: (pwd, directory) => ({
    command: "node",
    args: [resolveFrom(directory, "@pulumi/pulumi/cmd/run-plugin"), "--pwd", pwd, directory],
  }),
  install(directory, { options }) {
    const manager = String(options.packagemanager ?? "npm");
    return [{ command: manager, args: ["install", ...(manager === "npm" ? ["--loglevel=error"] : [])] }].map(
      (command) => ({ ...command, directory }),
    );
  },
  link(directory, name, path) {
    const called = readJson(join(directory, path, "package.json")).name as string;
    execFileSync("npm", ["pkg", "set", `dependencies.${called}=file:${path}`], { cwd: directory });
    execFileSync("npm", ["install", "--loglevel=error"], { cwd: directory });
    return `import * as ${name} from "${called}";`;
  },
  about: () => ({
    executable: process.execPath,
    version: process.version,
  }),
};

const isWindows = process.platform === "win32";
const binaries = (environment: string) => join(environment, isWindows ? "Scripts" : "bin");
const systemPython = () => process.env.PULUMI_PYTHON_CMD ?? (isWindows ? "python" : "python3");

const python: Host = {
  packages: () => [],
  run(request, { directory, entryPoint, options }) {
    const environment = options.virtualenv ? resolve(directory, String(options.virtualenv)) : undefined;
    if (environment && !existsSync(environment)) {
      throw new Error(
        `The 'virtualenv' option in Pulumi.yaml is set to "${options.virtualenv}", but there is no virtual environment in ${environment}`,
      );
    }
    return {
      command: environment
        ? join(binaries(environment), isWindows ? "python.exe" : "python")
        : systemPython(),
      args: [
        join(here, "runPython.py"),
        ...["--monitor", request.getMonitorAddress(), "--engine", engineAddress],
        ...[
          "--project",
          request.getProject(),
          "--root_directory",
          request.getInfo()?.getRootDirectory() ?? directory,
        ],
        ...["--stack", request.getStack(), "--pwd", request.getPwd()],
        ...["--dry_run", String(request.getDryrun()), "--parallel", String(request.getParallel())],
        ...[
          "--organization",
          request.getOrganization(),
          join(directory, entryPoint),
          ...request.getArgsList(),
        ],
      ],
      ...(environment && {
        env: {
          PATH: `${binaries(environment)}${delimiter}${process.env.PATH}`,
          VIRTUAL_ENV: environment,
          PYTHONHOME: undefined,
        },
      }),
    };
  },
  plugin: () => {
    throw new Error("plugins in Python are not run here");
  },
  install(directory, { options }) {
    const environment = resolve(directory, String(options.virtualenv ?? "venv"));
    const interpreter = join(binaries(environment), isWindows ? "python.exe" : "python");
    const requirements = join(directory, "requirements.txt");
    return [
      ...(existsSync(interpreter) ? [] : [{ command: systemPython(), args: ["-m", "venv", environment] }]),
      ...(existsSync(requirements)
        ? [{ command: interpreter, args: ["-m", "pip", "install", "--quiet", "-r", requirements] }]
        : []),
    ];
  },
  link(directory, name, path) {
    const requirements = join(directory, "requirements.txt");
    const lines = existsSync(requirements) ? readFileSync(requirements, "utf8").trimEnd().split("\n") : [];
    writeFileSync(requirements, `${[...lines, `./${path}`].join("\n")}\n`);
    return `import pulumi_${name} as ${name}`;
  },
  about: () => ({ executable: systemPython(), version: "" }),
};

const hosts: Record<string, Host> = { nodejs: node, python };
const host = hosts[languageName ?? ""];
if (!host) throw new Error(`no host for ${languageName}`);

const children = new Set<ChildProcess>();
/** Those of them that a cancel interrupts. */
const programs = new Set<ChildProcess>();
function start({ command, args, env }: Command, cwd: string, stdio: "inherit" | "pipe"): ChildProcess {
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ["ignore", stdio, stdio],
    shell: isWindows,
  });
  children.add(child);
  child.once("close", () => children.delete(child));
  return child;
}

const codeOf = (child: ChildProcess) =>
  new Promise<number>((done, fail) => {
    child.once("error", fail);
    child.once("close", (code) => done(code ?? 128));
  });

// biome-ignore lint/suspicious/noExplicitAny: what the stubs of the SDK take and give has no types of its own here.
type Message = any;

const folderOf = (info: Message): Folder => ({
  directory: info?.getProgramDirectory() ?? "",
  entryPoint: info?.getEntryPoint() ?? ".",
  options: info?.getOptions()?.toJavaScript() ?? {},
});

/** A call with one answer. */
const unary =
  (answer: (request: Message) => Promise<Message> | Message) =>
  (call: { request: Message }, done: grpc.sendUnaryData<Message>) => {
    Promise.resolve()
      .then(() => answer(call.request))
      .then(
        (value) => done(null, value),
        (error: Error) => done({ code: grpc.status.UNKNOWN, details: error.message }, null),
      );
  };

/** A call that streams what child processes print. */
const streaming =
  (
    answer: (
      request: Message,
      show: (child: ChildProcess) => Promise<number>,
    ) => Promise<Message | undefined>,
    Chunk: new () => Message,
  ) =>
  (call: grpc.ServerWritableStream<Message, Message>) => {
    const show = (child: ChildProcess) => {
      child.stdout?.on("data", (data: Buffer) => {
        const chunk = new Chunk();
        chunk.setStdout(data);
        call.write(chunk);
      });
      child.stderr?.on("data", (data: Buffer) => {
        const chunk = new Chunk();
        chunk.setStderr(data);
        call.write(chunk);
      });
      call.once("cancelled", () => child.kill());
      return codeOf(child);
    };
    answer(call.request, (child) => show(child)).then(
      (last) => {
        if (last) call.write(last);
        call.end();
      },
      (error: Error) =>
        call.destroy(Object.assign(error, { code: grpc.status.UNKNOWN, details: error.message })),
    );
    return call;
  };

const configEnvironment = (request: Message): NodeJS.ProcessEnv => ({
  PULUMI_CONFIG: JSON.stringify(Object.fromEntries(request.getConfigMap().toArray())),
  PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
});

const server = new grpc.Server({ "grpc.max_receive_message_length": 400 * 1024 * 1024 });
server.addService((languageService as Message).LanguageRuntimeService, {
  handshake: unary(() => new language.LanguageHandshakeResponse()),
  getPluginInfo: unary(() => {
    const info = new plugin.PluginInfo();
    info.setVersion("1.0.0");
    return info;
  }),
  about: unary(() => {
    const { executable, version } = host.about();
    const about = new language.AboutResponse();
    about.setExecutable(executable);
    about.setVersion(version);
    return about;
  }),
  getProgramDependencies: unary(() => new language.GetProgramDependenciesResponse()),
  getRequiredPackages: unary((request) => {
    const response = new language.GetRequiredPackagesResponse();
    response.setPackagesList(
      host.packages(folderOf(request.getInfo())).map(({ name, version }) => {
        const dependency = new plugin.PackageDependency();
        dependency.setName(name);
        dependency.setKind("resource");
        dependency.setVersion(`v${version}`);
        return dependency;
      }),
    );
    return response;
  }),
  run: unary(async (request) => {
    const response = new language.RunResponse();
    const { env, ...command } = host.run(request, folderOf(request.getInfo()));
    const child = start(
      { ...command, env: { ...configEnvironment(request), ...env } },
      request.getPwd(),
      "inherit",
    );
    programs.add(child);
    const code = await codeOf(child);
    programs.delete(child);
    // People have seen what went wrong.
    if (code === 32) response.setBail(true);
    else if (code !== 0) response.setError(`Program exited with non-zero exit code: ${code}`);
    return response;
  }),
  installDependencies: streaming(async (request, show) => {
    const directory = request.getDirectory();
    const folder = folderOf(request.getInfo());
    for (const command of host.install(directory, folder, request.getIsPlugin())) {
      const code = await show(start(command, directory, "pipe"));
      if (code !== 0)
        throw new Error(`${command.command} ${command.args.join(" ")} failed: exit status ${code}`);
    }
    return undefined;
  }, language.InstallDependenciesResponse),
  runPlugin: streaming(async (request, show) => {
    const { command, args } = host.plugin(request.getPwd(), folderOf(request.getInfo()).directory);
    const env = Object.fromEntries(
      (request.getEnvList() as string[]).map((entry) => {
        const at = entry.indexOf("=");
        return [entry.slice(0, at), entry.slice(at + 1)];
      }),
    );
    const child = start(
      { command, args: [...args, ...request.getArgsList()], env },
      request.getPwd(),
      "pipe",
    );
    const code = await show(child);
    const last = new language.RunPluginResponse();
    last.setExitcode(code);
    return last;
  }, language.RunPluginResponse),
  generatePackage: unary((request) => {
    const directory = request.getDirectory();
    mkdirSync(directory, { recursive: true });
    const schema = join(directory, "schema.json");
    writeFileSync(schema, request.getSchema());
    execFileSync("generate-sdk", [schema, languageName ?? "", directory]);
    return new language.GeneratePackageResponse();
  }),
  // What `pulumi import` writes.
  generateProgram: unary((request) => {
    const directory = mkdtempSync(join(tmpdir(), "pulumi-program-"));
    for (const [name, text] of request.getSourceMap().entries()) writeFileSync(join(directory, name), text);
    execFileSync("generate-sdk", ["program", languageName ?? "", request.getLoaderTarget(), directory]);
    const response = new language.GenerateProgramResponse();
    for (const name of readdirSync(directory).filter((each) => !each.endsWith(".pp")))
      response.getSourceMap().set(name, readFileSync(join(directory, name)));
    rmSync(directory, { recursive: true });
    return response;
  }),
  link: unary((request) => {
    const info = folderOf(request.getInfo());
    const response = new language.LinkResponse();
    const lines = (request.getPackagesList() as Message[]).map((entry) =>
      host.link(info.directory, entry.getPackage().getName(), entry.getPath()),
    );
    response.setImportInstructions(lines.join("\n"));
    return response;
  }),
  // Plugins hear of it from the engine.
  cancel: unary(() => {
    for (const program of programs) program.kill("SIGINT");
    return new empty.Empty();
  }),
} as grpc.UntypedServiceImplementation);

server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  process.stdout.write(`${port}\n`);
});

// Without the engine nothing is left to do.
const end = () => {
  for (const child of children) child.kill();
  process.exit(0);
};
process.on("SIGTERM", end);
process.on("SIGHUP", end);
