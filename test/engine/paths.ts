// Property paths such as `tags.env`, `rules[0].port`, `tags["a.b"]`, with `*` for any key or index.
import { isObject, type Properties, type Value } from "./values";

export type Path = (string | number)[];

export function parsePath(text: string): Path {
  const path: Path = [];
  const token = /\.?([^.[\]"]+)|\[(\d+|\*)\]|\["((?:[^"\\]|\\.)*)"\]/gy;
  while (token.lastIndex < text.length) {
    const at = token.lastIndex;
    const match = token.exec(text);
    if (!match) throw new Error(`property path ${text} cannot be read at ${text.slice(at)}`);
    const [, key, index, quoted] = match;
    if (index !== undefined && index !== "*") path.push(Number(index));
    else path.push(key ?? quoted?.replace(/\\(.)/g, "$1") ?? "*");
  }
  return path;
}

export function formatPath(path: Path): string {
  return path
    .map((key, position) => {
      if (typeof key === "number") return `[${key}]`;
      if (/[.[\]"]/.test(key)) return `["${key.replace(/["\\]/g, "\\$&")}"]`;
      return position === 0 ? key : `.${key}`;
    })
    .join("");
}

/** True if the changed path lies at or below the pattern, or the pattern below the changed path. */
export function pathTouches(pattern: Path, changed: Path): boolean {
  const length = Math.min(pattern.length, changed.length);
  return pattern.slice(0, length).every((key, index) => key === "*" || key === changed[index]);
}

function child(value: Value | undefined, key: string | number): Value | undefined {
  if (Array.isArray(value)) return value[Number(key)];
  return isObject(value) ? value[key] : undefined;
}

/** `news` with the values of `olds` at each path: how the engine honours ignoreChanges. */
export function resetPaths(news: Properties, olds: Properties, paths: string[]): Properties {
  const result = structuredClone(news);
  for (const path of paths) resetPath(result, olds, parsePath(path));
  return result;
}

function resetPath(target: Value | undefined, source: Value | undefined, path: Path): void {
  const [key, ...rest] = path;
  if (key === undefined) return;
  if (key === "*") {
    const keys = new Set([...childKeys(target), ...childKeys(source)]);
    for (const each of keys) resetPath(target, source, [each, ...rest]);
    return;
  }
  if (rest.length > 0) {
    resetPath(child(target, key), child(source, key), rest);
    return;
  }
  const old = child(source, key);
  if (Array.isArray(target)) {
    // An element that was added or removed cannot be put back without moving its neighbours.
    if (old !== undefined && Number(key) < target.length) target[Number(key)] = old;
  } else if (isObject(target)) {
    if (old === undefined) delete target[key];
    else target[key] = old;
  }
}

function childKeys(value: Value | undefined): (string | number)[] {
  if (Array.isArray(value)) return value.map((_, index) => index);
  return isObject(value) ? Object.keys(value) : [];
}
