// What a plan says where the configuration of an application is hidden, as in somebody else's preview.
import { expect, test } from "vitest";
import { emrApplicationState } from "../../../provider/volcengine/emr/applicationState/resource";
import type {
  ApplicationState,
  ApplicationStateInputs,
} from "../../../provider/volcengine/emr/applicationState/schema";

const inputs = {
  clusterId: "c-1",
  application: "Ray",
  components: ["RayOperator"],
  state: "running",
  onDelete: "leave",
} as ApplicationStateInputs;
const hidden = "[secret]" as never;
const shown = [{ file: "ray.conf", key: "a", value: "1" }];

function planned(before: unknown, after: unknown, configsApplied: boolean) {
  const recorded = {
    ...inputs,
    runState: "running",
    driftVisible: false,
    configsApplied,
  } as ApplicationState;
  const { steps, warnings } = emrApplicationState.planFromState(
    { ...recorded, applicationConfigs: before as never },
    { ...inputs, applicationConfigs: after as never },
  );
  return {
    restarts: steps.flatMap((step) => (step.kind === "call" ? [step.summary] : [])),
    open: warnings.filter(({ severity }) => severity === "open").map(({ code }) => code),
  };
}

const restart = "restart RayOperator of Ray";
test.each([
  ["new", shown, hidden, true, [], ["hiddenInput"]],
  ["new, and lost in the cluster", shown, hidden, false, [restart], ["hiddenInput"]],
  ["both", hidden, hidden, true, [], ["hiddenInput"]],
  ["both, and lost in the cluster", hidden, hidden, false, [restart], ["hiddenInput"]],
  ["old", hidden, shown, true, [], ["hiddenInput"]],
  ["old, and lost in the cluster", hidden, shown, false, [`${restart} with 1 configuration item`], []],
  ["old, and all taken out", hidden, undefined, true, [], []],
  ["old, lost in the cluster, and all taken out", hidden, undefined, false, [], []],
])("hidden: %s", (_name, before, after, applied, restarts, open) => {
  expect(planned(before, after, applied)).toEqual({ restarts, open });
});
