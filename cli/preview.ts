// Reads what `pulumi preview --json` prints: one digest, or a stream of engine events. Damaged input is told, never guessed.

/** What a preview shows in place of a secret. */
export const hiddenText = "[secret]";

export interface PreviewState {
  type?: string;
  /** Whether a provider manages it: components are not. */
  custom?: boolean;
  id?: string;
  /** Its deletion forgets it and calls nothing. */
  retainOnDelete?: boolean;
  protect?: boolean;
  /** Property paths; absent where the preview does not show them. */
  ignoreChanges?: string[];
  /** By input, the URNs of what it hangs on. */
  propertyDependencies?: Record<string, string[]>;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
}

export interface PreviewStep {
  op: string;
  urn: string;
  oldState?: PreviewState | undefined;
  newState?: PreviewState | undefined;
  /** Why it replaces. */
  replaceReasons: string[];
  /** What differs, by property path. */
  paths: string[];
}

export interface Preview {
  steps: PreviewStep[];
  /** What the preview itself complains of. */
  errors: string[];
  /** Whether it ended well. */
  isWhole: boolean;
  /** The stack's configuration as far as it is shown: secret values are hidden. */
  config: Record<string, string>;
}

/** What is wrong with the input, for people. */
export class PreviewError extends Error {
  override readonly name = "PreviewError";
}

type Json = Record<string, unknown>;

export function readPreview(text: string): Preview {
  const trimmed = text.replace(/^\uFEFF/, "").trim();
  if (trimmed === "")
    throw new PreviewError("The preview is empty: pipe in what `pulumi preview --json` prints.");
  if (!trimmed.startsWith("{")) {
    throw new PreviewError(
      `The preview is no JSON: it begins with ${JSON.stringify(trimmed.slice(0, 40))}. Run \`pulumi preview --json\`.`,
    );
  }
  const whole = parse(trimmed);
  if (whole && !isEvent(whole)) return readDigest(whole);
  if (!whole && !trimmed.split("\n", 1)[0]?.trim().endsWith("}")) {
    throw new PreviewError(`The preview's JSON is cut off or damaged after ${trimmed.length} characters.`);
  }
  return readEvents(trimmed);
}

function parse(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
  } catch {
    return undefined;
  }
}

const isEvent = (value: Json) => typeof value["sequence"] === "number" || "resourcePreEvent" in value;

function readDigest(digest: Json): Preview {
  const steps = digest["steps"] ?? [];
  const isDigest =
    Array.isArray(steps) && ["steps", "changeSummary", "diagnostics", "config"].some((key) => key in digest);
  if (!isDigest) {
    throw new PreviewError(
      `The JSON is no preview: it has ${Object.keys(digest).slice(0, 5).join(", ") || "nothing"}, where \`pulumi preview --json\` has steps and changeSummary.`,
    );
  }
  return {
    steps: (steps as Json[]).map((step, index) => digestStep(step, index)),
    errors: diagnosticsOf(digest["diagnostics"]),
    isWhole: true,
    config: configOf(digest["config"]),
  };
}

function configOf(value: unknown): Record<string, string> {
  const entries = typeof value === "object" && value !== null ? Object.entries(value) : [];
  return Object.fromEntries(entries.filter(([, each]) => typeof each === "string" && each !== hiddenText));
}

function digestStep(step: Json, index: number): PreviewStep {
  const { op, urn } = step;
  if (typeof op !== "string" || typeof urn !== "string")
    throw new PreviewError(`Step ${index + 1} of the preview has no op or no urn.`);
  return {
    op,
    urn,
    oldState: withOptions(stateOf(step["oldState"])),
    newState: withOptions(stateOf(step["newState"])),
    replaceReasons: textsOf(step["replaceReasons"]),
    paths: pathsOf(step["detailedDiff"], step["diffReasons"]),
  };
}

/** A digest leaves out what is empty; a stream of events shows no options at all. */
const withOptions = (state: PreviewState | undefined) => state && { ignoreChanges: [], ...state };

function readEvents(text: string): Preview {
  const preview: Preview = { steps: [], errors: [], isWhole: false, config: {} };
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  for (const [index, line] of lines.entries()) {
    const event = parse(line);
    if (!event) {
      const where = index === lines.length - 1 ? "is cut off" : "is damaged";
      throw new PreviewError(
        `The preview's stream of events ${where} at line ${index + 1} of ${lines.length}.`,
      );
    }
    const { metadata } = (event["resourcePreEvent"] ?? {}) as { metadata?: Json };
    if (metadata) preview.steps.push(eventStep(metadata, index));
    const { config } = (event["preludeEvent"] ?? {}) as { config?: unknown };
    if (config) preview.config = configOf(config);
    if (event["diagnosticEvent"]) preview.errors.push(...diagnosticsOf([event["diagnosticEvent"]]));
    if (event["summaryEvent"]) preview.isWhole = (event["summaryEvent"] as Json)["result"] !== "failed";
  }
  if (!lines.some((line) => line.includes('"summaryEvent"'))) {
    throw new PreviewError(
      `The preview's stream of events ends without a summary after ${lines.length} lines: it is cut off.`,
    );
  }
  return preview;
}

function eventStep(metadata: Json, index: number): PreviewStep {
  const { op, urn } = metadata;
  if (typeof op !== "string" || typeof urn !== "string")
    throw new PreviewError(`The event at line ${index + 1} has no op or no urn.`);
  return {
    op,
    urn,
    oldState: stateOf(metadata["old"]),
    newState: stateOf(metadata["new"]),
    replaceReasons: textsOf(metadata["keys"]),
    paths: pathsOf(metadata["detailedDiff"], metadata["diffs"]),
  };
}

function stateOf(value: unknown): PreviewState | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { type, custom, id, retainOnDelete, protect, ignoreChanges, propertyDependencies, inputs, outputs } =
    shown(value) as PreviewState;
  const kept = {
    type,
    custom,
    id: id || undefined,
    retainOnDelete,
    protect,
    ignoreChanges,
    propertyDependencies,
    inputs,
    outputs: hasAny(outputs) ? outputs : undefined,
  };
  return Object.fromEntries(Object.entries(kept).filter(([, each]) => each !== undefined));
}

const hasAny = (value: object | undefined) => Object.keys(value ?? {}).length > 0;

/** By this key Pulumi tells a wrapped value, such as a secret, from an object. */
const wrapKey = "4dabf18193072939515e22adb298388d";

/** The stream of events wraps a secret; the digest shows it as text. */
function shown(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shown);
  if (typeof value !== "object" || value === null) return value;
  if (wrapKey in value) return hiddenText;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, shown(each)]));
}

const textsOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];

function pathsOf(detailed: unknown, names: unknown): string[] {
  return typeof detailed === "object" && detailed !== null ? Object.keys(detailed) : textsOf(names);
}

/** Errors only: warnings and notes are the preview's own to show. Without colour tags, and what the digest puts before them. */
function diagnosticsOf(value: unknown): string[] {
  if (!Array.isArray(value)) return [];
  return (value as Json[])
    .filter(({ severity }) => severity === "error")
    .map(({ message }) =>
      String(message ?? "")
        .replaceAll(/<\{%[^%]*%\}>/g, "")
        .replace(/^error: /, "")
        .trim(),
    );
}
