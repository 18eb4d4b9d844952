// The packed package as users install it: package managers, module systems, versions of Node and of Pulumi's SDK, and a
// component library that uses it. Everything comes from the registry of npm, outside the repository.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { root } from "../package";
import { backend, parseSchema, pulumi } from "./program";

const place = mkdtempSync(join(tmpdir(), "package-"));
afterAll(() => {
  for (const path of [place, backend]) rmSync(path, { recursive: true, force: true });
});
let tarball = "";

beforeAll(() => {
  const packed = execFileSync("npm", ["pack", "--ignore-scripts", "--silent", "--pack-destination", place], {
    cwd: root,
    encoding: "utf8",
  });
  tarball = `file:${join(place, packed.trim().split("\n").at(-1) ?? "")}`;
}, 300_000);

function write(directory: string, files: Record<string, string | object>): string {
  for (const [name, content] of Object.entries(files)) {
    const path = join(place, directory, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  }
  return join(place, directory);
}

const install = (cwd: string, command = "npm", ...args: string[]) =>
  execFileSync(command, [...args, "install", "--loglevel=error"], {
    cwd,
    stdio: ["ignore", "ignore", "inherit"],
  });

const output = (command: string, args: string[], cwd: string) => {
  const { stdout, stderr, status } = spawnSync(command, args, { cwd, encoding: "utf8" });
  return { text: `${stdout}${stderr}`.trim(), status };
};

const nodeOf = (directory: string) => join(directory, "node_modules", "node", "bin", "node");

const plugins = "plugins: { providers: [{ name: bigdata, path: node_modules/pulumi-bigdata/plugin }] }";

const declare = (from: string, count: number) =>
  `new ${from}.tencent.EmrNodePool("${from}", { clusterId: "emr-5n3l5c83", role: "task", count: ${count} });`;

const look = (door: string, name: string) =>
  `console.log(typeof ${name}.tencent.EmrNodePool, ${name}.tencent.Role.Task, "${door}");`;
const seen = "function task pulumi-bigdata\nfunction task pulumi-bigdata/plugin";

describe("one folder with everything that a user may have", () => {
  let directory = "";
  beforeAll(() => {
    directory = write("npm", {
      "package.json": {
        name: "user",
        dependencies: { "@pulumi/pulumi": "^3.248.0", "pulumi-bigdata": tarball, typescript: "^5.9.0" },
      },
      "common.cjs": [
        'const one = require("pulumi-bigdata");',
        'const two = require("pulumi-bigdata/plugin");',
        look("pulumi-bigdata", "one"),
        look("pulumi-bigdata/plugin", "two"),
      ].join("\n"),
      "module.mjs": [
        'import * as one from "pulumi-bigdata";',
        'import { tencent } from "pulumi-bigdata/plugin";',
        look("pulumi-bigdata", "one"),
        "const two = { tencent };",
        look("pulumi-bigdata/plugin", "two"),
      ].join("\n"),
      "program.ts": [
        'import { tencent } from "pulumi-bigdata";',
        'import * as plugin from "pulumi-bigdata/plugin";',
        'export const one = new tencent.EmrNodePool("one", { clusterId: "emr-1", role: "task", count: 1 });',
        "const args: plugin.tencent.EmrNodePoolArgs = { clusterId: one.clusterId, role: plugin.tencent.Role.Core, count: 1 };",
        'export const provider = new plugin.Provider("shanghai", { tencentRegion: "ap-shanghai", profiles: { prod: { tencentSecretId: "id" } } });',
        'export const two = new plugin.tencent.EmrNodePool("two", args, { provider, customTimeouts: { create: "90m" } });',
        'export const nodes = plugin.tencent.getEmrNodesOutput({ clusterId: "emr-1" }).nodeCount.apply((count) => count + 1);',
        "// @ts-expect-error: a mistake is one",
        'new plugin.Provider("mistaken", { tencentRegoin: "ap-shanghai" });',
        "// @ts-expect-error: no effect on a dynamic resource",
        'new tencent.EmrNodePool("three", { clusterId: "emr-1", role: "task", count: 1 }, { customTimeouts: {} });',
      ].join("\n"),
    });
    install(directory, "npm", "--ignore-scripts");
  }, 300_000);

  test.each([["common.cjs"], ["module.mjs"]])("%s loads both doors", (file) => {
    expect(output(process.execPath, [file], directory).text).toBe(seen);
  });

  test.each([
    ["node10", "commonjs"],
    ["node16", "node16"],
    ["nodenext", "nodenext"],
    ["bundler", "esnext"],
  ])("TypeScript with moduleResolution %s", (resolution, module) => {
    const tsc = join(directory, "node_modules", "typescript", "bin", "tsc");
    const options = ["--noEmit", "--strict", "--skipLibCheck", "--target", "es2022", "--types", "node"];
    const how = ["--moduleResolution", resolution, "--module", module];
    expect(output(process.execPath, [tsc, ...options, ...how, "program.ts"], directory).text).toBe("");
  });
});

test("the oldest Node and the oldest SDK that are promised: a preview through both doors", () => {
  const [node, sdk] = ["22.19.0", "3.248.0"];
  const directory = write("oldest", {
    "package.json": {
      name: "user",
      main: "index.js",
      dependencies: { "@pulumi/pulumi": sdk, "pulumi-bigdata": tarball, node },
      allowScripts: { node: true },
    },
    "Pulumi.yaml": `name: oldest\nruntime: nodejs\n${plugins}\n`,
    "index.js": `const one = require("pulumi-bigdata");const two = require("pulumi-bigdata/plugin");
require("pulumi-bigdata/provider");
${look("pulumi-bigdata", "one")}${look("pulumi-bigdata/plugin", "two")}
${declare("one", 1)}${declare("two", 2)}`,
  });
  install(directory);
  expect(output(nodeOf(directory), ["--version"], directory).text).toBe(`v${node}`);
  initialise(directory);
  const preview = pulumi(directory, "preview");
  for (const line of seen.split("\n")) expect(preview).toContain(line);
  expect(preview).toContain("+ 3 to create");
}, 300_000);

test("a Node that is too old: one line, and no trace", () => {
  const directory = write("tooOld", {
    "package.json": {
      name: "user",
      dependencies: { "@pulumi/pulumi": "^3.248.0", "pulumi-bigdata": tarball, node: "20.19.0" },
      allowScripts: { node: true },
    },
  });
  install(directory);
  for (const file of ["dist/cli/main.js", "plugin/index.js"]) {
    const path = join(directory, "node_modules", "pulumi-bigdata", file);
    const { text, status } = output(nodeOf(directory), [path, "--help"], directory);
    expect(status).not.toBe(0);
    expect(text).toMatch(/^pulumi-bigdata needs Node 22\.19 or later, but Node 20\.19\.0 is running: .*$/);
  }
}, 300_000);

test("an example installs from the tarball that `npm pack` leaves in the clone", () => {
  const { name, version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Record<
    string,
    string
  >;
  for (const example of ["tencent-emr", "data-platform", "tencent-emr-plugin"]) {
    const text = readFileSync(join(root, "examples", example, "package.json"), "utf8");
    expect(JSON.parse(text).dependencies["pulumi-bigdata"]).toBe(`file:../../${name}-${version}.tgz`);
  }
});

/** A stack that asks no cloud in a preview. */
function initialise(directory: string): void {
  pulumi(directory, "stack", "init", "user");
  const keys = { tencentSecretId: "a", tencentSecretKey: "b", tencentRegion: "ap-guangzhou" };
  const config = Object.entries(keys).flatMap(([key, value]) => ["--plaintext", `bigdata:${key}=${value}`]);
  pulumi(directory, "config", "set-all", ...config);
}

test("a fresh project: install, both doors, the plugin's folder", () => {
  const directory = write("fresh", {
    "Pulumi.yaml": `name: fresh\nruntime: nodejs\n${plugins}\n`,
    "package.json": {
      name: "fresh",
      main: "index.ts",
      dependencies: { "@pulumi/pulumi": "^3.248.0", "pulumi-bigdata": tarball },
    },
    // Pulumi's templates had this for years.
    "tsconfig.json": {
      compilerOptions: { module: "commonjs", moduleResolution: "node", target: "es2020", strict: true },
    },
    "index.ts": [
      'import { tencent } from "pulumi-bigdata";',
      'import { tencent as plugged } from "pulumi-bigdata/plugin";',
      'new tencent.EmrNodePool("one", { clusterId: "emr-5n3l5c83", role: "task", count: 1 });',
      'new plugged.EmrNodePool("two", { clusterId: "emr-5n3l5c83", role: "task", count: 2 });',
      "",
    ].join("\n"),
  });
  // Pulumi looks for the plugin's folder before it installs anything.
  install(directory);
  // It would fail where a plugin is announced that nobody can download.
  pulumi(directory, "install");
  initialise(directory);
  expect(pulumi(directory, "preview")).toContain("+ 3 to create");
  const installed = join(directory, "node_modules", "pulumi-bigdata");
  const given = parseSchema(pulumi(directory, "package", "get-schema", join(installed, "plugin")));
  const schema = parseSchema(readFileSync(join(root, "schema.json"), "utf8"));
  expect(given.resources).toEqual(schema.resources);
  expect(existsSync(join(installed, "node_modules"))).toBe(false);
  expect(existsSync(join(installed, "plugin", "node_modules"))).toBe(false);
}, 600_000);

test("pnpm: a component library that the project does not know the inside of", () => {
  const library = write("library", {
    "package.json": {
      name: "workers",
      version: "1.0.0",
      main: "index.js",
      dependencies: { "@pulumi/pulumi": "^3.248.0", "pulumi-bigdata": tarball },
    },
    "index.js": [
      'const pulumi = require("@pulumi/pulumi");',
      'const { tencent } = require("pulumi-bigdata");',
      "exports.Workers = class extends pulumi.ComponentResource {",
      "  constructor(name) {",
      '    super("example:index:Workers", name);',
      '    new tencent.EmrNodePool("pool", { clusterId: "emr-5n3l5c83", role: "task", count: 1 }, { parent: this });',
      "  }",
      "};",
    ].join("\n"),
  });
  execFileSync("npm", ["pack", "--pack-destination", place], { cwd: library, stdio: "ignore" });
  const directory = write("pnpm", {
    "package.json": {
      name: "user",
      main: "index.js",
      dependencies: { "@pulumi/pulumi": "^3.248.0", workers: `file:${join(place, "workers-1.0.0.tgz")}` },
    },
    "Pulumi.yaml": "name: user\nruntime: nodejs\n",
    "index.js": 'new (require("workers").Workers)("all");',
    ".npmrc": "ignore-scripts=true\n",
  });
  execFileSync("npx", ["--yes", "pnpm@10", "install", "--silent"], {
    cwd: directory,
    stdio: ["ignore", "ignore", "inherit"],
  });
  initialise(directory);
  expect(pulumi(directory, "preview")).toContain("+ 3 to create");
}, 300_000);
