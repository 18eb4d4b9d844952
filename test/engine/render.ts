// Steps as plain text for people. Secrets stay hidden, unknown values read `[unknown]`, and a dynamic
// resource's program text is never shown.
import { listChanges } from "./diff";
import { formatPath } from "./paths";
import type { Op, ResourceV3, Step, UpdateResult } from "./types";
import { isUnknown, mapValues, type Properties, type Value } from "./values";

const marks: Record<Op, string> = {
  same: " ",
  create: "+",
  update: "~",
  delete: "-",
  replace: "±",
  "create-replacement": "+",
  "delete-replaced": "-",
  read: ">",
  refresh: "~",
  import: "=",
  "remove-pending-replace": "-",
};

export function renderResult(result: UpdateResult): string {
  const changed = result.steps.filter((step) => step.op !== "same" && step.op !== "refresh");
  const counts = Object.entries(result.changeSummary).map(([op, count]) => `${count} ${op}`);
  const lines = changed.flatMap(renderStep);
  const shownMessages = result.messages.filter(
    ({ severity, ephemeral }) => severity !== "debug" && !ephemeral,
  );
  lines.push(...shownMessages.map(({ severity, message }) => `${severity}: ${message}`));
  lines.push(`${result.ok ? "succeeded" : "failed"}: ${counts.join(", ") || "nothing done"}`);
  return `${lines.join("\n")}\n`;
}

export function renderStep(step: Step): string[] {
  const reasons = step.replaceReasons ? ` (because of ${step.replaceReasons.join(", ")})` : "";
  const failed = step.failed ? " FAILED" : "";
  const head = `${marks[step.op]} ${step.op}  ${readableType(step.type)} ${step.name}${reasons}${failed}`;
  return [head, ...renderChanges(step).map((line) => `    ${line}`)];
}

/** Dynamic resources all live in one package; what tells them apart comes after it. */
export function readableType(type: string): string {
  return type.replace(/^pulumi-nodejs:dynamic\//, "");
}

function renderChanges(step: Step): string[] {
  switch (step.op) {
    case "create":
    case "import":
    case "read":
      return Object.entries(visible(step.newState)).map(([key, value]) => `${key}: ${text(value)}`);
    case "update":
    case "replace":
      return listChanges(visible(step.oldState), visible(step.newState)).map(
        ({ path, old, new: next }) => `${formatPath(path)}: ${text(old)} => ${text(next)}`,
      );
    default:
      return [];
  }
}

function visible(state: ResourceV3 | undefined): Properties {
  const { __provider, ...inputs } = state?.inputs ?? {};
  return inputs;
}

function text(value: Value | undefined): string {
  if (value === undefined) return "(none)";
  if (value === "[secret]") return value;
  const readable = mapValues(value, (each) => (isUnknown(each) ? "[unknown]" : each));
  return isUnknown(value) ? "[unknown]" : JSON.stringify(readable);
}
