// What the signatures of all clouds are made of.
import { createHmac, createSecretKey, hash, type KeyObject } from "node:crypto";

export function sha256(content: string | Uint8Array): string {
  return hash("sha256", content, "hex");
}

export function hmac(key: string | Uint8Array | KeyObject, content: string): Buffer {
  return createHmac("sha256", key).update(content).digest();
}

/** A cache for keys of a day: few accounts sign in one process, so few are kept. */
export function createKeyCache(): (name: string, make: () => string | Buffer) => KeyObject {
  const keys = new Map<string, KeyObject>();
  return (name, make) => {
    const known = keys.get(name);
    if (known) return known;
    const made = make();
    const key = typeof made === "string" ? createSecretKey(made, "utf8") : createSecretKey(made);
    if (keys.size >= 32) keys.clear();
    keys.set(name, key);
    return key;
  };
}

/** Percent-encoding of RFC 3986: only letters, digits and `-_.~` stay as they are. */
export function percentEncode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** A query in its canonical form: sorted by name, encoded. */
export function encodeQuery(query: Record<string, string>): string {
  return Object.entries(query)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${percentEncode(name)}=${percentEncode(value)}`)
    .join("&");
}

/** `YYYYMMDDTHHMMSSZ`. */
export function compactDate(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/[-:]|\.\d+/g, "");
}

/** Headers in their canonical form, one in a line, and their names. */
export function canonicalHeaders(
  headers: Record<string, string>,
  normal: (value: string) => string = (value) => value.trim(),
): { canonical: string; names: string } {
  const entries = Object.entries(headers)
    .map(([name, value]) => [name.toLowerCase(), normal(value)] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    canonical: entries.map(([name, value]) => `${name}:${value}\n`).join(""),
    names: entries.map(([name]) => name).join(";"),
  };
}
