// What the clouds were asked, in order, and what became of it.

export interface JournalEntry {
  sequence: number;
  /** Simulator time in milliseconds. */
  time: number;
  cloud: "tencent" | "huawei" | "volcengine";
  service: string;
  action: string;
  version: string;
  /** Empty if the request named none. */
  region: string;
  /** Huawei Cloud only: method, path and query. */
  target?: string;
  /** The parsed body with secrets replaced by "[secret]"; the raw text if it was not JSON. */
  request: unknown;
  requestId: string;
  /** "ok", the error code, "http 503", or "dropped" if the request never reached the service. */
  outcome: string;
  /** Whether an answer was sent. */
  answered: boolean;
  /** Whether the call changed the world. Always false for reads. */
  acted: boolean;
}

const secretFields = new Set(["CosSecretId", "CosSecretKey", "password"]);

/** A copy in which passwords and every bootstrap script's secrets are unreadable. */
export function withoutSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      secretFields.has(name) ? "[secret]" : withoutSecrets(member),
    ]),
  );
}
