// The account's identities: tokens, temporary keys, and keys that are locked after wrong signatures.
import { createHash } from "node:crypto";
import type { Clock } from "../../clock";
import type { Credential } from "../../credential";
import type { Ids } from "../../ids";
import { unauthorised } from "../errors";
import type { HuaweiSettings } from "../settings";

export interface Token {
  value: string;
  projectId: string | undefined;
  /** Simulator time in milliseconds, as is the next. */
  issuedAt: number;
  expiresAt: number;
}

export interface TemporaryKey extends Credential {
  token: string;
  expiresAt: number;
}

export class IamAccount {
  readonly clock: Clock;
  readonly settings: HuaweiSettings;
  readonly ids: Ids;
  readonly #permanent: readonly Credential[];
  #tokens = new Map<string, Token>();
  #temporary = new Map<string, TemporaryKey>();
  #failures = new Map<string, number>();
  #lockedUntil = new Map<string, number>();

  constructor(clock: Clock, settings: HuaweiSettings, ids: Ids, credentials: readonly Credential[]) {
    this.clock = clock;
    this.settings = settings;
    this.ids = ids;
    this.#permanent = credentials;
  }

  /** A token as the password call gives it. Default: for the first project. */
  issueToken(projectId: string | undefined = this.settings.huawei.projects[0]?.id): Token {
    const issuedAt = this.clock.now();
    const token: Token = {
      value: longText(this.ids.uuid()),
      projectId,
      issuedAt,
      expiresAt: issuedAt + this.settings.huawei.tokenLifetimeMilliseconds,
    };
    this.#tokens.set(token.value, token);
    return token;
  }

  /** Every token becomes invalid at once, as after a change of password or permissions. */
  revokeTokens(): void {
    this.#tokens.clear();
  }

  issueTemporaryKey(seconds: number): TemporaryKey {
    const key: TemporaryKey = {
      secretId: this.ids.prefixed("HSTA").toUpperCase(),
      secretKey: this.ids.uuid().replaceAll("-", ""),
      token: longText(this.ids.uuid()).slice(0, 400),
      expiresAt: this.clock.now() + seconds * 1000,
    };
    this.#temporary.set(key.secretId, key);
    return key;
  }

  /** Whether wrong signatures have locked the key. */
  isLocked(accessKey: string): boolean {
    return (this.#lockedUntil.get(accessKey) ?? 0) > this.clock.now();
  }

  reset(): void {
    this.#tokens.clear();
    this.#temporary.clear();
    this.#failures.clear();
    this.#lockedUntil.clear();
  }

  // From here on: for the gateway.

  requireToken(value: string): Token {
    const token = this.#tokens.get(value);
    if (!token) throw unauthorised("the token is invalid.");
    if (token.expiresAt <= this.clock.now()) throw unauthorised("the token has expired.");
    return token;
  }

  findCredential(accessKey: string): Credential | undefined {
    if (this.isLocked(accessKey)) {
      throw unauthorised(`the access key ${accessKey} is locked: too many failed attempts, the limit is 5.`);
    }
    const temporary = this.#temporary.get(accessKey);
    if (temporary && temporary.expiresAt <= this.clock.now()) {
      throw unauthorised("the security token has expired.");
    }
    return temporary ?? this.#permanent.find(({ secretId }) => secretId === accessKey);
  }

  /** Counts wrong signatures in a row. */
  signed(accessKey: string, right: boolean): void {
    const { keyLockMilliseconds, lockAfterFailures } = this.settings.huawei;
    const failures = right ? 0 : (this.#failures.get(accessKey) ?? 0) + 1;
    this.#failures.set(accessKey, failures);
    if (lockAfterFailures === 0 || failures < lockAfterFailures) return;
    this.#failures.set(accessKey, 0);
    this.#lockedUntil.set(accessKey, this.clock.now() + keyLockMilliseconds);
  }
}

/** Tokens are several kilobytes. */
function longText(seed: string): string {
  let text = "MII";
  for (let index = 0; text.length < 3000; index++) {
    text += createHash("sha512").update(`${seed} ${index}`).digest("base64").replaceAll("=", "");
  }
  return text.slice(0, 3000);
}
