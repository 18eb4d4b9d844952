// What only a machine with the Pulumi CLI can prove: its engine, its language hosts, its SDK generators. Everything
// runs against the stand-in clouds, on a file backend; packages come from the registries of npm and PyPI.
import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterAll, describe, expect, onTestFinished, test } from "vitest";
import { defaultVkeClusterId } from "../../simulator/index";
import { parseYaml } from "../engine/project";
import { root, work } from "../package";
import { stepsOf } from "../scenarios/stand";
import { backend, clusterId, deploy, pulumi } from "./program";

interface Schema {
  resources: Record<string, { properties: object; inputProperties: object }>;
  functions: object;
  types: object;
  provider: object;
}
/** The CLI leaves out lists that are empty. */
const parseSchema = (text: string) =>
  JSON.parse(text, (_, value) => (Array.isArray(value) && value.length === 0 ? undefined : value)) as Schema;
const schema = parseSchema(readFileSync(join(root, "schema.json"), "utf8"));

afterAll(() => rmSync(backend, { recursive: true, force: true }));

/** A project of these files and nothing else, below .work. */
function freshProject(files: Record<string, string>): string {
  mkdirSync(work, { recursive: true });
  const directory = mkdtempSync(join(work, "e2e-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text);
  return directory;
}

const holds = (directory: string, name: string) =>
  readdirSync(directory, { recursive: true, encoding: "utf8" }).some((path) => path.endsWith(name));

describe("the Pulumi CLI", { timeout: 600_000 }, () => {
  test("package get-schema gives the schema of the repository", () => {
    mkdirSync(work, { recursive: true });
    const given = parseSchema(pulumi(work, "package", "get-schema", root));
    for (const section of ["resources", "functions", "types", "provider"] as const)
      expect(given[section]).toEqual(schema[section]);
  });

  // In YAML projects this release of the CLI ends with "method Link not implemented": its YAML host has none.
  test("package add in a fresh nodejs project", () => {
    const directory = freshProject({
      "Pulumi.yaml": "name: fresh\nruntime: nodejs\n",
      "package.json":
        '{ "name": "fresh", "main": "index.ts", "dependencies": { "@pulumi/pulumi": "^3.248.0" } }\n',
      "index.ts": "",
    });
    pulumi(directory, "package", "add", root);
    const project = parseYaml(readFileSync(join(directory, "Pulumi.yaml"), "utf8")) as { packages?: object };
    expect(project.packages).toHaveProperty("bigdata");
    expect(holds(join(directory, "sdks", "bigdata"), "emrNodePool.ts")).toBe(true);
  });

  test("the packed package in a fresh project: install, both doors, the plugin's folder", () => {
    mkdirSync(work, { recursive: true });
    const packed = execFileSync("npm", ["pack", "--ignore-scripts", "--pack-destination", work], {
      cwd: root,
      encoding: "utf8",
    });
    const tarball = join(work, packed.trim().split("\n").at(-1) ?? "");
    onTestFinished(() => rmSync(tarball));
    // Outside the repository, where nothing else is found.
    const directory = mkdtempSync(join(tmpdir(), "e2e-"));
    onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
    const plugins = "plugins: { providers: [{ name: bigdata, path: node_modules/pulumi-bigdata/plugin }] }";
    const files = {
      "Pulumi.yaml": `name: fresh\nruntime: nodejs\n${plugins}\n`,
      "package.json": JSON.stringify({
        name: "fresh",
        main: "index.ts",
        dependencies: { "@pulumi/pulumi": "^3.248.0", "pulumi-bigdata": `file:${tarball}` },
      }),
      // Pulumi's templates had this for years.
      "tsconfig.json": JSON.stringify({
        compilerOptions: { module: "commonjs", moduleResolution: "node", target: "es2020", strict: true },
      }),
      "index.ts": [
        'import { tencent } from "pulumi-bigdata";',
        'import { tencent as plugged } from "pulumi-bigdata/plugin";',
        'new tencent.EmrNodePool("one", { clusterId: "emr-5n3l5c83", role: "task", count: 1 });',
        'new plugged.EmrNodePool("two", { clusterId: "emr-5n3l5c83", role: "task", count: 2 });',
        "",
      ].join("\n"),
    };
    for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text);
    // Pulumi looks for the plugin's folder before it installs anything.
    execFileSync("npm", ["install", "--loglevel=error"], { cwd: directory });
    // It would fail where a plugin is announced that nobody can download.
    pulumi(directory, "install");
    pulumi(directory, "stack", "init", "fresh");
    const keys = { tencentSecretId: "a", tencentSecretKey: "b", tencentRegion: "ap-guangzhou" };
    const config = Object.entries(keys).flatMap(([key, value]) => ["--plaintext", `bigdata:${key}=${value}`]);
    pulumi(directory, "config", "set-all", ...config);
    expect(pulumi(directory, "preview")).toContain("+ 3 to create");
    const installed = join(directory, "node_modules", "pulumi-bigdata");
    const given = parseSchema(pulumi(directory, "package", "get-schema", join(installed, "plugin")));
    expect(given.resources).toEqual(schema.resources);
    expect(existsSync(join(installed, "node_modules"))).toBe(false);
    expect(existsSync(join(installed, "plugin", "node_modules"))).toBe(false);
  });

  test.each([["nodejs", "emrNodePool.ts"]])(
    "the generator for %s takes the schema",
    (language, generated) => {
      const directory = freshProject({});
      pulumi(directory, "package", "gen-sdk", root, "--language", language, "--out", directory);
      expect(holds(join(directory, language), generated)).toBe(true);
    },
  );

  test.each([
    {
      example: "examples/yaml-emr",
      config: { vkeClusterId: defaultVkeClusterId },
      created: ["create ray", "create workers", "create yarn"],
      grown: ["update workers", "update yarn"],
    },
    {
      example: "examples/tencent-emr-plugin",
      config: {},
      created: ["create workers", "create yarn", "read hdfs"],
      grown: ["update workers", "update yarn"],
    },
  ])("$example: preview, up, grow, refresh, destroy", async ({ example, config, created, grown }) => {
    const { sim, stack } = await deploy(example, { ...config, taskNodes: "2" });
    const preview = await stack.preview();
    expect([preview.error, stepsOf(preview).sort()]).toEqual([undefined, created]);
    const up = await stack.up();
    expect([up.error, stepsOf(up).sort()]).toEqual([undefined, created]);
    await stack.setConfig("taskNodes", "3");
    // `pulumi preview --json`.
    const { digest, steps, ...growth } = await stack.preview();
    expect(stepsOf({ steps, ...growth }).filter((step) => step.startsWith("update"))).toEqual(grown);
    expect(digest?.changeSummary).toMatchObject({ update: grown.length });
    expect(steps.find(({ name }) => name === "workers")?.detailedDiff).toHaveProperty("count");
    expect((await stack.up()).error).toBeUndefined();
    const tasks = () => sim.emr.nodes(clusterId).filter(({ role }) => role === "task");
    expect(tasks()).toHaveLength(3);
    expect((await stack.refresh()).changeSummary).not.toHaveProperty("update");
    expect((await stack.destroy()).error).toBeUndefined();
    expect(tasks()).toEqual([]);
  });

  test("import, then a preview without a difference", async () => {
    const declared = [
      "resources:",
      "  yarn:",
      "    type: bigdata:tencent:EmrServiceState",
      `    properties: { clusterId: ${clusterId}, service: YARN, components: [NodeManager], state: running }`,
      "    options: { protect: true }",
    ];
    const project = ["name: imports", "runtime: yaml", `packages: { bigdata: ../.. }`, ""].join("\n");
    const { stack, directory } = await deploy(relative(root, freshProject({ "Pulumi.yaml": project })), {});
    const id = `${clusterId}/YARN/NodeManager`;
    const imported = await stack.importResource({
      type: "bigdata:tencent:EmrServiceState",
      name: "yarn",
      id,
    });
    expect(imported.error).toBeUndefined();
    writeFileSync(join(directory, "Pulumi.yaml"), [project, ...declared, ""].join("\n"));
    const preview = await stack.preview();
    expect([preview.error, stepsOf(preview)]).toEqual([undefined, []]);
  });
});
