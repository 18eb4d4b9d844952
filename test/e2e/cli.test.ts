// What only a machine with the Pulumi CLI can prove: its engine, its language hosts, its SDK generators. Everything
// runs against the stand-in clouds, on a file backend; packages come from the registries of npm and PyPI.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { afterAll, describe, expect, onTestFinished, test } from "vitest";
import { defaultVkeClusterId } from "../../simulator/index";
import { root, work } from "../package";
import { stepsOf } from "../scenarios/stand";
import { backend, clusterId, deploy, parseSchema, pulumi } from "./program";

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
    expect(readFileSync(join(directory, "Pulumi.yaml"), "utf8")).toMatch(/^packages:\n +bigdata: /m);
    expect(holds(join(directory, "sdks", "bigdata"), "emrNodePool.ts")).toBe(true);
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
    // Resources and functions share one provider.
    const { deployment } = await stack.exportState();
    const providers = deployment.resources?.filter(({ type }) => type === "pulumi:providers:bigdata");
    expect(providers).toHaveLength(1);
    await stack.setConfig("taskNodes", "3");
    // `pulumi preview --json`.
    const growth = await stack.preview();
    expect(stepsOf(growth).filter((step) => step.startsWith("update"))).toEqual(grown);
    expect(growth.steps.find(({ name }) => name === "workers")?.detailedDiff).toHaveProperty("count");
    expect((await stack.up()).error).toBeUndefined();
    const tasks = () => sim.emr.nodes(clusterId).filter(({ role }) => role === "task");
    expect(tasks()).toHaveLength(3);
    expect(stepsOf(await stack.refresh()).join()).not.toContain("update");
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
