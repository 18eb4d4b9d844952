// The YAML example against the schema. Pulumi's YAML runtime is part of the CLI; test/e2e deploys the example.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parseYaml, readProject } from "../engine/project";
import { root } from "../package";
import { checkYamlProgram, type PackageSchema, type YamlProgram } from "../sdk/yamlProgram";

const directory = join(root, "examples", "yaml-emr");
const schema = JSON.parse(readFileSync(join(root, "schema.json"), "utf8")) as PackageSchema;
const text = readFileSync(join(directory, "Pulumi.yaml"), "utf8");

const check = (program: string) => checkYamlProgram(parseYaml(program) as YamlProgram, schema);

test("the example keeps to the schema, and names the plugin", () => {
  expect(check(text)).toEqual([]);
  expect(readProject(directory)).toMatchObject({
    runtime: "yaml",
    plugins: [{ name: "bigdata", path: root }],
  });
});

test.each([
  [
    "type: bigdata:tencent:EmrNodePool\n",
    "type: bigdata:tencent:EmrNodepool\n",
    /workers: there is no resource/,
  ],
  ["count: ${taskNodes}", "counts: ${taskNodes}", /workers.properties: counts is not known/],
  ["count: ${taskNodes}", "", /workers.properties: count is required and missing/],
  ["count: ${taskNodes}", "count: many", /workers.properties.count: "many" where integer is wanted/],
  ["count: ${taskNodes}", "count: ${workers.privateIps}", /count: array where integer is wanted/],
  ["role: task", "role: tsak", /workers.properties.role: "tsak" is none of task, core/],
  ["state: running", "state: started", /yarn.properties.state: "started" is none of running, stopped/],
  ["batchSize: 2", "batch_size: 2", /yarn.properties.restart: batch_size is not known/],
  ["components: [NodeManager]", "components: NodeManager", /components: "NodeManager" where array is wanted/],
  ["${workers.privateIps}", "${workers.privateIp}", /workers has no privateIp/],
  ["value: ${cpu}", "", /applicationConfigs\[0\]: .*value is required/],
  ["bigdata:tencent:getEmrNodes", "bigdata:tencent:getNodes", /variables.cores: there is no function/],
  ["role: core", "role: cores", /variables.cores.arguments.role: "cores" is none of/],
  ["${cores.privateIps}", "${core.privateIps}", /outputs.coreIps: there is no core/],
  ["create: 90m", "creation: 90m", /customTimeouts: creation is not known/],
])("%j as %j is found", (right, wrong, problem) => {
  expect(text).toContain(right);
  const problems = check(text.replace(right, () => wrong));
  expect(problems).toEqual([expect.stringMatching(problem)]);
});
