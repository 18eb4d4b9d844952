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

// The first line that begins so, and what comes in its place; @ stands for a dollar sign.
test.each([
  ["type: bigdata:tencent:EmrNodePool", "type: bigdata:tencent:EmrNodepool", /workers: there is no resource/],
  ["count:", "count: 1\n      counts: 2", /workers.properties: counts is not known/],
  ["count:", "", /workers.properties: count is required and missing/],
  ["count:", "count: many", /workers.properties.count: "many" where integer is wanted/],
  ["count:", "count: @{workers.privateIps}", /workers.properties.count: array where integer is wanted/],
  ["role: task", "role: tsak", /workers.properties.role: "tsak" is none of task, core/],
  ["state: running", "state: started", /yarn.properties.state: "started" is none of running, stopped/],
  ["batchSize:", "batch_size: 2", /yarn.properties.restart: batch_size is not known/],
  ["components:", "components: NodeManager", /components: "NodeManager" where array is wanted/],
  ["fn::join:", 'fn::join: [",", "@{workers.privateIp}"]', /workers has no privateIp/],
  ["value:", "", /applicationConfigs\[0\]: value is required and missing/],
  ["function:", "function: bigdata:tencent:getNodes", /variables.cores: there is no function/],
  ["role: core", "role: cores", /variables.cores.arguments.role: "cores" is none of/],
  ["coreIps:", "coreIps: @{core.privateIps}", /outputs.coreIps: there is no core/],
  ["create:", "creation: 90m", /customTimeouts: creation is not known/],
])("%j as %j is found", (right, wrong, problem) => {
  const lines = text.split("\n");
  const index = lines.findIndex((line) => line.trim().startsWith(right));
  const line = lines[index] ?? "";
  lines[index] = line.slice(0, line.length - line.trim().length) + wrong.replace("@", "$");
  expect(check(lines.join("\n"))).toEqual([expect.stringMatching(problem)]);
});
