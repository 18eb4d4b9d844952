// What a preview hides: a secret shows as `[secret]`. What is hidden is not known, and is never read as a value.
import type { z } from "zod";
import { formOf } from "../provider/core/fields";
import { type Note, note } from "../provider/core/note";
import type { Resource } from "../provider/core/resource";
import { unknownValue } from "../provider/core/schema";
import { hiddenText, type PreviewStep } from "./preview";

export type Values = Record<string, unknown>;

/** Whether a value is hidden or hides something inside. */
export function containsHidden(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return value === hiddenText;
  return Object.values(value).some(containsHidden);
}

/** What is shown in full. */
export const visible = (values: Values): Values =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => !containsHidden(value)));

/** The same, with an unknown value wherever something is hidden. */
function masked(value: unknown): unknown {
  if (value === hiddenText) return unknownValue;
  if (Array.isArray(value)) return value.map(masked);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, masked(item)]));
}

/** A step's values with nothing in them that could be taken for what it hides. */
export interface Shown {
  olds: Values | undefined;
  news: Values | undefined;
  /** What is not known because it is hidden. */
  notes: Note[];
  /** Inputs that stay as they are, whatever that is. */
  unchanged: string[];
}

export function shownOf(
  resource: Resource,
  step: PreviewStep,
  recorded: Values | undefined,
  wanted: Values | undefined,
): Shown {
  const shown: Shown = { olds: recorded, news: wanted, notes: [], unchanged: [] };
  // What is imported is what the program says, or the import fails.
  if (step.op === "import") return shown;
  const set = (name: string, before: unknown, after: unknown) => {
    shown.olds &&= { ...shown.olds, [name]: before };
    shown.news &&= { ...shown.news, [name]: after };
  };
  const isHidden = (name: string) => containsHidden(recorded?.[name]) || containsHidden(wanted?.[name]);
  for (const name of Object.keys(resource.inputs.shape).filter(isHidden)) {
    const [before, after] = [recorded?.[name], wanted?.[name]];
    const isSecret = resource.secrets.includes(name);
    if (wanted && (!recorded || mayDiffer(resource, step, name))) {
      const isTold = step.paths.length > 0;
      // What a new resource does is known without what is always secret.
      if (isSecret && !recorded) continue;
      if (!isSecret || isTold) set(name, masked(before), masked(after));
      shown.notes.push(hiddenNote(name, isSecret, isTold));
      continue;
    }
    const present = sideShown(recorded, wanted, name) ?? presentValue(resource, shown, name);
    if (present === undefined) shown.unchanged.push(name);
    else set(name, present, present);
  }
  for (const name of hiddenOutputs(resource, recorded))
    shown.notes.push(note("hiddenState", `what is recorded as ${name} is hidden`));
  return shown;
}

/** What stays is what the other side shows. */
function sideShown(recorded: Values | undefined, wanted: Values | undefined, name: string): unknown {
  if (!recorded || !wanted || containsHidden(recorded[name]) === containsHidden(wanted[name]))
    return undefined;
  return containsHidden(recorded[name]) ? wanted[name] : recorded[name];
}

/** `isTold`: the preview says that it changes. */
function hiddenNote(name: string, isSecret: boolean, isTold: boolean): Note {
  const text = `${name} ${isTold ? "changes" : "may change"}; its value is hidden`;
  return note(isSecret && isTold ? "hiddenChange" : "hiddenInput", text, name);
}

/** Outputs that are hidden, beside those that always are. */
export function hiddenOutputs(
  { inputs, outputs, secrets }: Resource,
  recorded: Values | undefined,
): string[] {
  return Object.keys(outputs.shape).filter(
    (name) => !(name in inputs.shape) && !secrets.includes(name) && containsHidden(recorded?.[name]),
  );
}

export function withoutHiddenOutputs(resource: Resource, recorded: Values): Values {
  const hidden = hiddenOutputs(resource, recorded);
  return Object.fromEntries(Object.entries(recorded).filter(([name]) => !hidden.includes(name)));
}

/** Whether an input differs, as far as the preview tells. Dynamic resources tell no paths. */
function mayDiffer({ replaceOnChanges }: Resource, { op, paths }: PreviewStep, name: string): boolean {
  if (paths.length > 0) return paths.some((path) => path.split(/[.[]/)[0] === name);
  // A difference in one of these would replace.
  return op !== "update" || !replaceOnChanges.includes(name);
}

/** What an input is compared with, where the state tells that in another place; it is the same while nothing differs. */
function presentValue(resource: Resource, { olds, news }: Shown, name: string): unknown {
  if (!olds || !news) return undefined;
  try {
    const { properties } = resource.diff(olds, { ...news, [name]: unknownValue });
    const before = properties.find(({ property }) => property === name)?.before;
    return containsHidden(before) ? undefined : before;
  } catch {
    return undefined;
  }
}

/** The values that something may have, where they are few. */
function choicesOf(form: ReturnType<typeof formOf>): unknown[] {
  switch (form.type) {
    case "enum":
      return Object.values(form.entries);
    case "literal":
      return form.values;
    case "boolean":
      return [true, false];
    default:
      return [];
  }
}

/**
 * What to plan with for a hidden input that stays as it is; if the plans come to different things, it decides. Of lists the
 * state holds what they mean by now. Single values are compared, and where there are few, each may be the one.
 */
function standIns(
  { inputs, secrets, replaceOnChanges }: Resource,
  name: string,
  value: unknown,
): [unknown, ...unknown[]] {
  const form = formOf(inputs.shape[name] as z.core.$ZodType);
  if (secrets.includes(name)) return [value];
  if (form.type === "array" || form.type === "record") return [undefined];
  if (form.type === "object") return [replaceOnChanges.includes(name) ? value : masked(value), undefined];
  return [hiddenText, ...choicesOf(form)];
}

/** Values to plan with for all that the hidden inputs that stay may be. */
export function possibilities(resource: Resource, shown: Shown): { name?: string; shown: Shown }[] {
  const withBoth = (from: Shown, name: string, value: unknown): Shown => ({
    ...from,
    olds: from.olds && { ...from.olds, [name]: value },
    news: from.news && { ...from.news, [name]: value },
  });
  const open = shown.unchanged.map((name) => {
    const [first, ...others] = standIns(resource, name, (shown.news ?? shown.olds)?.[name]);
    return { name, first, others };
  });
  const base = open.reduce((from, { name, first }) => withBoth(from, name, first), shown);
  const others = open.flatMap(({ name, others: values }) =>
    values.map((value) => ({ name, shown: withBoth(base, name, value) })),
  );
  return [{ shown: base }, ...others];
}
