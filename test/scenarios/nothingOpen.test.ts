// Once an `up` has ended well, nothing that it did is told as open.
import { expect, test } from "vitest";
import { openOn } from "../../provider/byName";
import { everyType } from "../everyType";
import { applicationState, credentials, declare, engineImage, nodeGroup, pool, serviceState } from "./stand";
import { dataEngineId, instanceId, newVersion, oldVersion, vkeClusterId, withAll } from "./subjects";

test("of any resource", async () => {
  const stand = await withAll({ timeScale: 0.1, credentials: [credentials] });
  const flavorId = stand.sim.ddm.groups(instanceId)[0]?.flavorId;
  const application = { clusterId: vkeClusterId, application: "Ray", components: ["RayOperator"] };
  const all = (more: 0 | 1) => {
    const state = more ? "stopped" : "running";
    return everyType({
      "tencent:EmrNodePool": pool(stand, 2 + more),
      "tencent:EmrServiceState": serviceState(stand, { components: ["ResourceManager"], state }),
      "tencent:DlcEngineImage": engineImage({ dataEngineId, imageVersion: more ? newVersion : oldVersion }),
      "huawei:DdmNodeGroup": nodeGroup({ instanceId, flavorId, nodeCount: 2 + more }),
      "volcengine:EmrApplicationState": applicationState({ ...application, state }),
    }).map(([, resource]) => resource);
  };
  for (const more of [0, 1] as const) {
    declare(stand, ...all(more));
    expect((await stand.stack.up()).error).toBeUndefined();
    const { open } = await openOn(stand.journalDirectory);
    expect(open.filter(({ outcome }) => outcome === "unknown")).toEqual([]);
  }
});
