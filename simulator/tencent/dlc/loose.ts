// Answers as another edition might type them: what is only for people in another form than documented.

/** The same row, but for these fields: flags as 0 and 1, numbers as text, texts as null. */
export function loosened(row: Record<string, unknown>, kept: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, kept.includes(name) ? value : loose(value)]),
  );
}

function loose(value: unknown): unknown {
  if (typeof value === "boolean") return Number(value);
  if (typeof value === "number") return String(value);
  return typeof value === "string" ? null : value;
}
