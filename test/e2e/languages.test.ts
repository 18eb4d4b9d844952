// SDKs for every language that Pulumi's generators write, made of schema.json and compiled with the examples, as users
// compile them. What of it is committed is up to date.
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { classFiles, exampleFiles } from "../../scripts/generate";
import { generatedSdk } from "../../scripts/pulumiGenerators";
import { root, work } from "../package";
import { pythonEnvironment } from "../pulumi/python";

const script = join(root, "test", "pulumi", "build.mts");
const isBuilt = execFileSync(process.execPath, [script, "--tools"], { encoding: "utf8" }).trim() !== "";
const schema = JSON.parse(readFileSync(join(root, "schema.json"), "utf8")) as object;
const examples = join(root, "docs", "examples");

mkdirSync(work, { recursive: true });
const scratch = mkdtempSync(join(work, "languages-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** Runs a tool, and gives what it printed, which is nothing where it has nothing to say against the code. */
function run(command: string, args: string[], cwd: string, env: Record<string, string> = {}): string {
  const { stdout, stderr, status, error } = spawnSync(command, args, {
    cwd,
    encoding: "utf8",
    env: { ...process.env, ...env },
  });
  if (error) throw error;
  return status === 0 ? "" : `${stdout}${stderr}` || `${command} ended with ${status}`;
}

function writeSdk(language: "nodejs" | "python" | "go", directory: string): void {
  for (const [path, text] of generatedSdk(schema, language)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  }
}

const examplesIn = (extension: string) =>
  readdirSync(examples)
    .filter((name) => name.endsWith(extension))
    .map((name) => ({ name: basename(name, extension), path: join(examples, name) }));

const tsc = (cwd: string, ...args: string[]) =>
  run(process.execPath, [join(root, "node_modules", "typescript", "bin", "tsc"), "--noEmit", ...args], cwd);

describe.skipIf(!isBuilt && !process.env["CI"])("languages", { timeout: 600_000 }, () => {
  test("what is committed is what Pulumi's generators write (npm run generate writes it anew)", () => {
    const stale = [...exampleFiles(), ...classFiles()].filter(
      ([path, text]) => readFileSync(join(root, path), "utf8") !== text,
    );
    expect(stale.map(([path]) => path)).toEqual([]);
  });

  test("every resource and function has an example", () => {
    const tokens = Object.keys({
      ...(schema as { resources: object; functions: object }).resources,
      ...(schema as { resources: object; functions: object }).functions,
    });
    const names = tokens.map((token) => token.replace("bigdata:", "").replace(":", ".")).sort();
    for (const extension of [".yaml", ".ts", ".py", ".go"])
      expect(examplesIn(extension).map(({ name }) => name)).toEqual(names);
  });

  test("Node: the SDK compiles by itself", () => {
    const directory = join(scratch, "nodejs");
    writeSdk("nodejs", directory);
    expect(tsc(directory)).toBe("");
  });

  test.each(["pulumi-bigdata", "pulumi-bigdata/plugin"])("Node: the examples compile against %s", (door) => {
    const directory = join(scratch, basename(door));
    mkdirSync(directory);
    for (const { name, path } of examplesIn(".ts")) {
      const text = readFileSync(path, "utf8").replace('"pulumi-bigdata"', JSON.stringify(door));
      writeFileSync(join(directory, `${name}.ts`), text);
    }
    const options = [
      "--ignoreConfig",
      "--strict",
      "--skipLibCheck",
      "--target",
      "es2022",
      "--module",
      "node16",
      "--types",
      "node",
    ];
    expect(tsc(directory, ...options, ...readdirSync(directory))).toBe("");
  });

  test("Python: the SDK installs, every module imports, mypy and pyright find nothing in the examples", () => {
    const sdk = join(scratch, "python");
    writeSdk("python", sdk);
    const { python, install } = pythonEnvironment(join(scratch, "venv"));
    install("--no-deps", sdk);
    const importAll = [
      "import importlib, pkgutil, pulumi_bigdata as p",
      "names = [m.name for m in pkgutil.walk_packages(p.__path__, p.__name__ + '.')]",
      "assert len(names) > 30, names",
      "for name in names: importlib.import_module(name)",
    ].join("\n");
    expect(run(python, ["-c", importAll], scratch)).toBe("");
    const directory = join(scratch, "pythonExamples");
    mkdirSync(directory);
    // A module's name has no dots.
    for (const { name, path } of examplesIn(".py"))
      cpSync(path, join(directory, `${name.replace(".", "_")}.py`));
    cpSync(join(root, "examples", "python-emr", "__main__.py"), join(directory, "python_emr.py"));
    const files = readdirSync(directory);
    expect(run(python, ["-m", "mypy", ...files], directory)).toBe("");
    const pyright = join(root, "node_modules", "pyright", "index.js");
    expect(run(process.execPath, [pyright, "--pythonpath", python, ...files], directory)).toBe("");
  });

  test("Go: the SDK and the examples build and are vetted", () => {
    const directory = join(scratch, "go");
    writeSdk("go", join(directory, "sdk", "go"));
    for (const { name, path } of examplesIn(".go")) {
      mkdirSync(join(directory, "examples", name), { recursive: true });
      cpSync(path, join(directory, "examples", name, "main.go"));
    }
    // The versions, and their sums, are those that the CLI is built with.
    const module = readFileSync(join(root, "test", "pulumi", "cli", "go.mod"), "utf8");
    const name = "module github.com/pulumi-bigdata/pulumi-bigdata";
    writeFileSync(join(directory, "go.mod"), module.replace(/^module .*/m, name).replace(/^tool .*/gm, ""));
    cpSync(join(root, "test", "pulumi", "cli", "go.sum"), join(directory, "go.sum"));
    expect(run("go", ["vet", "./..."], directory, { GOFLAGS: "-mod=mod" })).toBe("");
  });
});
