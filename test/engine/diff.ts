// Comparing properties, and what a provider's Diff amounts to.
import { formatPath, type Path, parsePath, pathTouches } from "./paths";
import type { DetailedDiff, DiffKind } from "./types";
import { equal, isObject, isSecret, type Properties, unwrapSecrets, type Value } from "./values";

export interface Change {
  path: Path;
  kind: "add" | "delete" | "update";
  old?: Value;
  new?: Value;
}

export interface ResourceDiff {
  changes: boolean;
  changedKeys: string[];
  replaceKeys: string[];
  deleteBeforeReplace: boolean;
  detailed: DetailedDiff | null;
}

export const noDiff: ResourceDiff = {
  changes: false,
  changedKeys: [],
  replaceKeys: [],
  deleteBeforeReplace: false,
  detailed: null,
};

/** Every leaf that differs. Secrets are leaves and stay wrapped, so that they can be shown hidden. */
export function listChanges(olds: Properties, news: Properties): Change[] {
  return compare([], olds, news);
}

function compare(path: Path, old: Value | undefined, next: Value | undefined): Change[] {
  if (equal(old, next)) return [];
  if (old === undefined && next !== undefined) return [{ path, kind: "add", new: next }];
  if (next === undefined && old !== undefined) return [{ path, kind: "delete", old }];
  if (isObject(old) && isObject(next) && !isSecret(old) && !isSecret(next)) {
    const keys = [...new Set([...Object.keys(old), ...Object.keys(next)])];
    return keys.flatMap((key) => compare([...path, key], old[key], next[key]));
  }
  if (Array.isArray(old) && Array.isArray(next)) {
    const length = Math.max(old.length, next.length);
    return Array.from({ length }, (_, index) => compare([...path, index], old[index], next[index])).flat();
  }
  return [
    { path, kind: "update", ...(old !== undefined && { old }), ...(next !== undefined && { new: next }) },
  ];
}

/** The engine's own comparison, used when a provider answers that it does not know. */
export function diffInputs(olds: Properties, news: Properties, ignoreChanges: string[]): ResourceDiff {
  const ignored = ignoreChanges.map(parsePath);
  const changes = listChanges(unwrapSecrets(olds), unwrapSecrets(news)).filter(
    (change) => !ignored.some((path) => pathTouches(path, change.path)),
  );
  return {
    ...noDiff,
    changes: changes.length > 0,
    changedKeys: [...new Set(changes.map((change) => String(change.path[0])))],
    detailed: Object.fromEntries(
      changes.map((change) => [formatPath(change.path), { kind: change.kind, inputDiff: true }]),
    ),
  };
}

export function mustReplace(diff: ResourceDiff): boolean {
  const detailed = Object.values(diff.detailed ?? {});
  return (
    diff.changes && (diff.replaceKeys.length > 0 || detailed.some((entry) => entry.kind.endsWith("-replace")))
  );
}

/** replaceOnChanges: changed paths that match become reasons to replace. */
export function withReplaceOnChanges(
  diff: ResourceDiff,
  patterns: string[],
  initErrors: string[],
): ResourceDiff {
  if (patterns.length === 0) return diff;
  const paths = patterns.map(parsePath);
  const matches = (text: string) => paths.some((path) => pathTouches(path, parsePath(text)));
  if (initErrors.length > 0 && matches("#initerror")) {
    return { ...diff, changes: true, replaceKeys: [...diff.replaceKeys, "#initerror"] };
  }
  if (!diff.changes) return diff;
  const detailed: DetailedDiff | null = diff.detailed && { ...diff.detailed };
  for (const [path, entry] of Object.entries(detailed ?? {})) {
    if (!matches(path) || entry.kind.endsWith("-replace") || !detailed) continue;
    detailed[path] = { ...entry, kind: `${entry.kind}-replace` as DiffKind };
  }
  const touched = [...diff.changedKeys, ...Object.keys(detailed ?? {})].filter(matches);
  const keys = touched.map((path) => String(parsePath(path)[0]));
  return { ...diff, detailed, replaceKeys: [...new Set([...diff.replaceKeys, ...keys])] };
}

/** Refresh asks for the way from the world to the program; people want to see what the world did. */
export function invert(diff: ResourceDiff): ResourceDiff {
  const opposite = (kind: DiffKind) =>
    kind.startsWith("add") ? kind.replace("add", "delete") : kind.replace("delete", "add");
  const entries = Object.entries(diff.detailed ?? {}).map(
    ([path, entry]) => [path, { ...entry, kind: opposite(entry.kind) as DiffKind }] as const,
  );
  return { ...diff, detailed: diff.detailed && Object.fromEntries(entries) };
}
