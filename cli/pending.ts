// What runs on this machine have begun and left open, as each resource remembers it.
import { printable } from "../provider/base/printable";
import { openOn } from "../provider/byName";

/** Everything that is open, one entry after the other. */
export async function pending(directory: string, format: string): Promise<string> {
  const { open, unreadable } = await openOn(directory);
  const timeOf = (since: number | undefined) =>
    since === undefined ? {} : { since: new Date(since).toISOString() };
  if (format === "json") {
    const entries = open.map(({ isLost: _, since, ...told }) => ({ ...told, ...timeOf(since) }));
    return `${JSON.stringify({ directory, open: entries, unreadable: unreadable.map(({ name }) => name) }, undefined, 2)}\n`;
  }
  const lines = open.flatMap(({ type, on, name, what, outcome, since, ids, advice }) => [
    `${type} on ${on}${name ? `, ${name}` : ""}: ${what}`,
    `  outcome: ${outcome === "unknown" ? "unknown" : "known, but not known to be in any stack's state"}`,
    `  since: ${timeOf(since).since ?? "not remembered"}`,
    ...Object.entries(ids).map(([kind, id]) => `  ${kind}: ${id}`),
    `  what to do: ${advice}`,
    "",
  ]);
  const unlisted = unreadable.map(
    ({ name, why }) =>
      `${name} in ${directory} cannot be read (${why}): what it remembers is not listed here`,
  );
  if (open.length === 0 && unreadable.length === 0) return "Nothing is open on this machine.\n";
  return `${[...lines, ...unlisted].map(printable).join("\n").trimEnd()}\n`;
}
