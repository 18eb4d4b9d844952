// What exists of every resource, taken in by one `pulumi import`.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { defaultVkeClusterId } from "../../simulator/index";
import { everyType } from "../everyType";
import { fine, pool, running } from "./pool";
import { clusterId } from "./program";
import { type CliStack, makeStack } from "./stack";

/** Imports it into a stack of its own. `file`: where the CLI writes the program, in the project's language. */
export async function imported(file: string, prepare: (stack: CliStack) => void = () => {}) {
  const stack = await makeStack("plugin");
  stack.declare(pool(2), running);
  await fine(stack.yes("up"));
  stack.sim.dlc.createEngine({ dataEngineId: "DataEngine-e2e1", dataEngineName: "reports" });
  stack.sim.ddm.createInstance({ instanceId: "e2e0000in09" });
  prepare(stack);
  await fine(stack.run("stack", "init", "importer", "--copy-config-from", "test"));
  const existing: Record<string, { id: string; outputs: object }> = {
    "tencent:EmrNodePool": { id: `${clusterId}/task/declared/test/workers`, outputs: { nodeCount: 2 } },
    "tencent:EmrServiceState": { id: `${clusterId}/YARN/NodeManager`, outputs: { runState: "running" } },
    "tencent:DlcEngineImage": { id: "DataEngine-e2e1", outputs: { dataEngineName: "reports" } },
    "huawei:DdmNodeGroup": { id: "e2e0000in09", outputs: { instanceStatus: "RUNNING" } },
    "volcengine:EmrApplicationState": {
      id: `${defaultVkeClusterId}/Ray/RayOperator`,
      outputs: { runState: "running", driftVisible: true },
    },
  };
  const resources = everyType(existing).map(([type, { id }]) => ({
    type: `bigdata:${type}`,
    name: type.split(":")[1] ?? "",
    id,
  }));
  const list = join(stack.directory, "import.json");
  writeFileSync(list, JSON.stringify({ resources }));
  const generated = join(stack.directory, file);
  await fine(stack.run("import", "--file", list, "--out", generated, "--yes", "--protect=false"));
  return { stack, existing, resources, generated };
}
