// Identifiers that look like the cloud's and are the same in every run.
import { createHash } from "node:crypto";

export class Ids {
  #counter = 0;

  #next(kind: string): string {
    this.#counter += 1;
    return createHash("sha256").update(`${kind} ${this.#counter}`).digest("hex");
  }

  /** For instance `prefixed("ins-")` gives `ins-4k2v09ab`. */
  prefixed(prefix: string): string {
    const number = BigInt(`0x${this.#next(prefix)}`);
    return prefix + number.toString(36).slice(0, 8);
  }

  uuid(): string {
    return uuidFrom(this.#next("uuid"));
  }

  /** A decimal string with the given number of digits, never starting with zero. */
  digits(length: number): string {
    const number = BigInt(`0x${this.#next("digits")}`);
    return `1${number.toString(10)}`.slice(0, length);
  }

  number(): number {
    this.#counter += 1;
    return 100_000 + this.#counter;
  }

  reset(): void {
    this.#counter = 0;
  }
}

/** Always the same for the same text. */
export function uuidOf(text: string): string {
  return uuidFrom(createHash("sha256").update(text).digest("hex"));
}

function uuidFrom(hex: string): string {
  const variant = "89ab"[Number.parseInt(hex.charAt(16), 16) % 4];
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join("-");
}
