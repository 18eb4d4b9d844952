// A step as plain text for people: what changes, by property. A dynamic resource's program text is never shown.
import { isDeepStrictEqual } from "node:util";
import type { ResourceV3, Step } from "../test/drivers/driver";
import { type Properties, unknown, type Value } from "../test/engine/values";

const marks: Partial<Record<Step["op"], string>> = { create: "+", update: "~", delete: "-", replace: "±" };

export function renderStep(step: Step): string[] {
  const { op, type, name, replaceReasons: reasons } = step;
  const because = reasons ? ` (because of ${reasons.join(", ")})` : "";
  const head = `${marks[op] ?? " "} ${op}  ${type.replace("pulumi-nodejs:dynamic/", "")} ${name}${because}`;
  return [head, ...changes(step).map((line) => `    ${line}`)];
}

function changes({ op, oldState, newState }: Step): string[] {
  const [olds, news] = [visible(oldState), visible(newState)];
  if (op === "create") return Object.entries(news).map(([key, value]) => `${key}: ${text(value)}`);
  if (op !== "update" && op !== "replace") return [];
  return [...new Set([...Object.keys(olds), ...Object.keys(news)])]
    .filter((key) => !isDeepStrictEqual(olds[key], news[key]))
    .map((key) => `${key}: ${text(olds[key])} => ${text(news[key])}`);
}

function visible(state: ResourceV3 | undefined): Properties {
  const { __provider: _, ...inputs } = state?.inputs ?? {};
  return inputs;
}

function text(value: Value | undefined): string {
  if (value === undefined) return "(none)";
  return value === "[secret]" ? value : JSON.stringify(value).replaceAll(`"${unknown}"`, "[unknown]");
}
