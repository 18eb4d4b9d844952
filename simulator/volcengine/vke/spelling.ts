// How names, states and times are spelt in answers, and which spellings requests may use.
import type { OperationState, VolcengineSettings } from "../settings";

const instanceWords = new Map([
  ["STARTED", "started"],
  ["STOPPED", "stopped"],
  ["STARTING", "starting"],
  ["STOPPING", "stopping"],
  ["EXCEPTION", "exception"],
] as const);

/** Of an application or component. */
export function shownName(name: string, { letterCase }: VolcengineSettings): string {
  if (letterCase.names === "asIs") return name;
  return letterCase.names === "upper" ? name.toUpperCase() : name.toLowerCase();
}

export function shownState(state: string, { letterCase }: VolcengineSettings): string {
  const lower = state.toLowerCase();
  if (letterCase.states === "lower") return lower;
  return letterCase.states === "upper" ? state.toUpperCase() : lower.charAt(0).toUpperCase() + lower.slice(1);
}

export function shownInstanceState(state: string, settings: VolcengineSettings): string {
  const word = (instanceWords as Map<string, keyof VolcengineSettings["instanceWords"]>).get(state);
  return shownState(word === undefined ? state : settings.instanceWords[word], settings);
}

export function shownOperationState(state: OperationState, settings: VolcengineSettings): string {
  return shownState(settings.operationWords[state], settings);
}

export function shownTime(
  milliseconds: number | undefined,
  { timeUnit, unsetTime }: VolcengineSettings,
): number | string | null {
  if (milliseconds === undefined) return { null: null, empty: "", zero: 0 }[unsetTime];
  if (timeUnit === "iso") return new Date(milliseconds).toISOString();
  return timeUnit === "s" ? Math.floor(milliseconds / 1000) : Math.floor(milliseconds);
}

export function shownId(id: string, { operationIds }: VolcengineSettings): string | number {
  return operationIds === "number" ? Number(id) : id;
}

/** Whether a request that says `given` means the application or component `name`. */
export function means(
  given: string,
  name: string,
  kind: "applicationNames" | "componentNames",
  settings: VolcengineSettings,
): boolean {
  if (settings[kind] === "ignored") return given.toLowerCase() === name.toLowerCase();
  return given === name || given === shownName(name, settings);
}
