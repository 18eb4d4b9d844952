// What may be told. Texts of others, a cloud's or a program's, reach people only through here: without secrets in any form,
// and without what a terminal would obey.

/** What a terminal obeys, what ends a line, and what turns the direction of writing. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
const obeyed = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]+/g;

/** Half of a character. */
const lone = /\p{Surrogate}/gu;

/** A text on one line that does nothing where it is shown. */
export const printable = (text: string): string => text.replaceAll(obeyed, " ").replaceAll(lone, "\ufffd");

/** The same for a text whose lines are our own. */
export const printableLines = (text: string): string => text.split("\n").map(printable).join("\n");

/** The same, no longer than this. */
export function brief(text: string, most: number): string {
  const start = printable(text.slice(0, most));
  return text.length > most ? `${start}…` : start;
}

/** What is shorter is taken out only where it stands alone: it would tear holes into words. */
export const shortestSecret = 6;

/** A text without any of these secrets, plain or in a form that an error or a log would show. */
export function withoutSecrets(text: string, secrets: readonly (string | undefined)[]): string {
  return removerOf(secrets)(text);
}

/** The same for many texts. */
export function removerOf(secrets: readonly (string | undefined)[]): (text: string) => string {
  let forms: (string | RegExp)[] | undefined;
  return (text) => {
    forms ??= [...new Set(secrets.flatMap((secret) => (secret ? formsOf(secret) : [])))]
      // One can start like another, of which nothing may be left.
      .sort((a, b) => b.length - a.length)
      .map((form) => (form.length < shortestSecret ? alone(form) : form));
    return forms.reduce<string>((left, form) => left.replaceAll(form, "[secret]"), text);
  };
}

function alone(form: string): RegExp {
  const escaped = form.replaceAll(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
  return new RegExp(`(?<![\\p{L}\\p{N}_])${escaped}(?![\\p{L}\\p{N}_])`, "gu");
}

function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const escaped = JSON.stringify(secret).slice(1, -1);
  const encoded = encodeURIComponent(secret.replaceAll(lone, "\ufffd"));
  const strict = encoded.replace(
    /[!'()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  const urls = [encoded, strict].flatMap((form) => [
    ...[form, form.replaceAll("%20", "+")],
    form.replace(/%../g, (code) => code.toLowerCase()),
  ]);
  const forms = [secret, printable(secret), escaped, escaped.replaceAll("/", "\\/"), ...urls];
  if (secret.length < shortestSecret) return forms;
  const base64 = [0, 1, 2].flatMap((before) => encodedInside(bytes, before));
  const hex = bytes.toString("hex");
  return [...forms, ...base64, hex, hex.toUpperCase()];
}

/** How bytes look in the base64 of a text in which so many stand before them: what is theirs alone, and all at the start. */
function encodedInside(bytes: Buffer, before: number): string[] {
  const padded = Buffer.concat([Buffer.alloc(before), bytes]);
  const whole = padded.toString("base64");
  const inside = whole.slice(Math.ceil((before * 8) / 6), Math.floor((padded.length * 8) / 6));
  const forms = before === 0 ? [whole, whole.replaceAll("=", ""), inside] : [inside];
  return forms.flatMap((form) => [form, form.replaceAll("+", "-").replaceAll("/", "_")]);
}
