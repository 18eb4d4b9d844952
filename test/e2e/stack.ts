// A stack that the real CLI runs, as a person would: commands in, text and exit code out.
import { type ChildProcess, execFile, execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { onTestFinished } from "vitest";
import { type Simulator, type SimulatorOptions, startSimulator } from "../../simulator/index";
import { copyProgram, root } from "../package";
import { cloudConfig, credentials } from "../scenarios/stand";
import { clusterId } from "./program";

export type Door = "dynamic" | "plugin";

export interface Declared {
  /** Such as `tencent.EmrNodePool`, or `component`. */
  type: string;
  name: string;
  /** An id: the resource is read by `get`, and not managed. */
  get?: string;
  properties?: object;
  options?: object;
}

export interface Ended {
  code: number;
  /** What the command wrote, both streams. */
  text: string;
  stdout: string;
}

export interface CliStack {
  sim: Simulator;
  directory: string;
  /** The door that the program goes through from now on. */
  use(door: Door): void;
  renameProject(name: string): void;
  /** What the program declares from now on. */
  declare(...resources: Declared[]): void;
  run(...args: string[]): Promise<Ended>;
  /** The same, to be killed on its way. */
  start(...args: string[]): { ended: Promise<Ended>; kill(signal: NodeJS.Signals): void };
  /** Process ids of the providers that serve this stack: other stacks' run beside them. */
  providers(): number[];
  /** The same with what people mostly give: `up`, `destroy` and `refresh` take it. */
  yes(command: string, ...args: string[]): Promise<Ended>;
  /** The same at a terminal of so many columns: everything that is shown on the way. */
  atTerminal(columns: number, ...args: string[]): Promise<string>;
  /** Recorded resources of ours. */
  recorded(): Promise<
    {
      urn: string;
      type: string;
      id: string;
      inputs: object;
      outputs?: { privateIps?: string[]; nodes?: { id: string }[] };
    }[]
  >;
  urn(name: string): Promise<string>;
}

/** What a process has been given; nothing once it is gone. */
function environmentOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8");
  } catch {
    return "";
  }
}

export async function makeStack(first: Door, simulator: SimulatorOptions = {}): Promise<CliStack> {
  const sim = await startSimulator({ credentials: [credentials], timeScale: 0.1, ...simulator });
  onTestFinished(() => sim.close());
  sim.emr.createCluster({ clusterId });
  const directory = copyProgram("test/fixtures/declared");
  const home = mkdtempSync(join(tmpdir(), "pulumi-home-"));
  onTestFinished(() => {
    for (const path of [directory, home]) rmSync(path, { recursive: true, force: true });
  });
  const backend = join(home, "backend");
  mkdirSync(backend);
  const environment = {
    ...process.env,
    PULUMI_HOME: home,
    PULUMI_BACKEND_URL: pathToFileURL(backend).href,
    PULUMI_CONFIG_PASSPHRASE: "test",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_BIGDATA_TEST_CLOCK: `${sim.url}/_sim/clock`,
    PULUMI_BIGDATA_STATE_DIR: join(directory, ".journal"),
  };
  const start = (...args: string[]) => {
    // With these the CLI takes --event-log.
    const debug = args.includes("--event-log") ? { PULUMI_DEBUG_COMMANDS: "true" } : {};
    const options = { cwd: directory, env: { ...environment, ...debug }, maxBuffer: 64 * 1024 * 1024 };
    const all = [...args, "--non-interactive", "--color=never"];
    let child: ChildProcess | undefined;
    const ended = new Promise<Ended>((done) => {
      child = execFile("pulumi", all, options, (error, stdout, stderr) =>
        done({
          code: error ? Number(error.code ?? 128) : 0,
          text: withoutHostNotes(stdout + stderr),
          stdout,
        }),
      );
    });
    return { ended, kill: (signal: NodeJS.Signals) => void child?.kill(signal) };
  };
  const run = (...args: string[]) => start(...args).ended;
  let door = first;
  const projectFile = join(directory, "Pulumi.yaml");
  const editProject = (edit: (text: string) => string) =>
    writeFileSync(projectFile, edit(readFileSync(projectFile, "utf8")));
  const stack: CliStack = {
    sim,
    use: (next) => {
      door = next;
    },
    renameProject: (name) => editProject((text) => text.replace(/^name: .*/, `name: ${name}`)),
    directory,
    declare: (...resources) =>
      writeFileSync(join(directory, "resources.json"), JSON.stringify({ door, resources }, null, 2)),
    start,
    run,
    providers: () =>
      execFileSync("ps", ["-eo", "pid=,args="], { encoding: "utf8" })
        .split("\n")
        .filter((line) => /cmd\/dynamic-provider|run-plugin|pulumi-resource-bigdata/.test(line))
        .map((line) => Number.parseInt(line, 10))
        .filter((pid) => environmentOf(pid).includes(environment.PULUMI_BIGDATA_STATE_DIR)),
    atTerminal: (columns, ...args) => {
      const command = `stty cols ${columns} rows 50; pulumi ${args.join(" ")} --color=never`;
      return new Promise((done) => {
        const options = { cwd: directory, env: environment, maxBuffer: 64 * 1024 * 1024 };
        execFile("script", ["-qec", command, "/dev/null"], options, (_, stdout) =>
          done(withoutHostNotes(plain(stdout))),
        );
      });
    },
    yes: (command, ...args) => run(command, "--yes", "--skip-preview", ...args),
    recorded: async () => {
      const { text } = await run("stack", "export");
      const { deployment } = JSON.parse(text);
      return (deployment.resources ?? []).filter(
        ({ type }: { type: string }) => /bigdata/.test(type) && !type.startsWith("pulumi:providers"),
      );
    },
    urn: async (name) => {
      const found = (await stack.recorded()).find(({ urn }) => urn.endsWith(`::${name}`));
      if (!found) throw new Error(`${name} is not recorded`);
      return found.urn;
    },
  };
  stack.declare();
  editProject((text) => `${text}plugins:\n  providers:\n    - { name: bigdata, path: ${root} }\n`);
  await run("stack", "init", "test");
  const config = cloudConfig(sim.url).flatMap(({ key, value, secret }) => [
    secret ? "--secret" : "--plaintext",
    `${key}=${value}`,
  ]);
  await run("config", "set-all", ...config);
  return stack;
}

/** What a terminal was sent, without what moves the cursor and colors. */
const plain = (sent: string) =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what these are
  sent.replace(/\u001b(\[[\d;?]*[A-Za-z]|\][^\u001b\u0007]*(\u0007|\u001b\\))|\r/g, "");

/**
 * What a command left under Diagnostics in its last operation, without what the CLI says of this machine's hosts, and that the
 * clouds are stand-ins.
 */
export function leftBy(text: string): string[] {
  const last = text.split(/^(?:Previewing|Updating|Destroying|Refreshing) \(/m).at(-1) ?? "";
  const [, diagnostics = ""] = last.split(/^Diagnostics:$/m);
  const lines = (diagnostics.split(/^(?:Resources|Outputs):$/m)[0] ?? "")
    .split("\n")
    .filter((line) => /\S/.test(line) && !/^ {4}Calls go to http/.test(line));
  // A heading whose lines were left out.
  return lines.filter(
    (line, index) => !/^ {2}\S+ \(.*\):$/.test(line) || /^ {4}/.test(lines[index + 1] ?? ""),
  );
}

/** The CLI tells that hosts come from PATH: true of this machine alone. */
const withoutHostNotes = (text: string) =>
  text
    .split("\n")
    .filter((line) => !/using pulumi-\S+ from \$PATH/.test(line))
    .join("\n");
