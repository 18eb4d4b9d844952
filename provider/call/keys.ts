// Temporary keys that can be renewed: from a file that something else keeps up to date, or from a command. They are fetched
// when they are first needed, shortly before their stated expiry, and when the cloud rejects them.
import { exec } from "node:child_process";
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { cloudTime } from "../base/clock";
import type { Caller } from "../base/context";
import { CloudError, StoppedError } from "../base/errors";
import { perSession } from "../base/session";
import { type Settings, variableEnding } from "./account";
import { orStop } from "./cancel";
import type { RetriedCall } from "./retry";
import { type Callee, parseObject, placeKey, type WireAction } from "./wire";

export interface Keys {
  id: string;
  secret: string;
  token?: string | undefined;
  /** By the cloud's time, in milliseconds since the epoch, where that is told. */
  expiresAt?: number | undefined;
}

export interface KeySource {
  from: "file" | "command";
  /** The path, or the command line. It is told to nobody: it can hold secrets. */
  text: string;
  /** How it is set, for people. */
  setting: string;
  /** The section of a file in which the keys of this account are, where it has one. */
  section: string | undefined;
}

/** How long before their expiry keys are renewed, and how long after that again where they were the same, in milliseconds. */
const renewal = { before: 300_000, again: 30_000 };
/** How long a command may take, in milliseconds, and the most that it may say, in bytes. */
const most = { time: 60_000, answer: 1 << 20 };

/**
 * Where the keys come from, if they do not stand in the settings themselves. `own`: the setting with keys that there is too.
 * `variable`: names a file in the environment.
 */
export function keySourceOf(
  settings: Settings,
  place: "config" | "environment",
  cloud: string,
  own: string | undefined,
  variable?: string,
): KeySource | undefined {
  const { profile: section } = settings;
  if (place === "environment") {
    const text = own === undefined && variable ? settings.variable(variable) : undefined;
    if (!text || !variable) return undefined;
    const ending = section === undefined ? "" : variableEnding(section);
    return { from: "file", text, setting: `${variable}${ending}`, section };
  }
  const sources = (["file", "command"] as const).flatMap((from): KeySource[] => {
    const key = `${cloud}Credentials${from === "file" ? "File" : "Command"}`;
    const text = settings.config(key);
    return text ? [{ from, text, setting: settingOf(settings, key), section }] : [];
  });
  const [first, second] = [
    ...sources.map(({ setting }) => setting),
    ...(own ? [settingOf(settings, own)] : []),
  ];
  if (first && second && sources.length > 0)
    throw new StoppedError(`${first} and ${second} are both set: set one of them.`);
  return sources[0];
}

const settingOf = ({ profile }: Settings, key: string) =>
  `bigdata:${profile === undefined ? "" : `profiles.${profile}.`}${key}`;

/** What to do where keys from there are refused. */
const renewalAdvice = ({ from, setting }: KeySource) =>
  from === "file"
    ? `The file of ${setting} still has the keys that were rejected: update it.`
    : `The command of ${setting} prints the keys that were rejected again: run it by hand to see why.`;

interface Held {
  keys: Keys | undefined;
  /** When the source still had keys that were rejected. */
  staleAt: number;
  askedAt: number;
  asking: Promise<Keys> | undefined;
}

const heldBy = perSession(() => new Map<string, Held>());

/** The secrets that a session has had from files and commands. */
const secretsHeld = perSession(() => new Set<string>());

/** Takes secrets out of texts, with those that come from files and commands meanwhile. `make`: the same for given ones. */
export function cleaningHeld<Given extends unknown[]>(
  owner: object,
  make: (held: readonly string[]) => (...given: Given) => string,
): (...given: Given) => string {
  const held = secretsHeld(owner);
  let made: { of: number; clean: (...given: Given) => string } | undefined;
  return (...given) => {
    if (made?.of !== held.size) made = { of: held.size, clean: make([...held]) };
    return made.clean(...given);
  };
}

class RenewableKeys {
  private readonly held: Held;

  constructor(
    private readonly owner: object,
    private readonly source: KeySource,
  ) {
    const all = heldBy(owner);
    const name = placeKey(source);
    this.held = all.get(name) ?? {
      ...{ keys: undefined, asking: undefined },
      askedAt: 0,
      staleAt: Number.NEGATIVE_INFINITY,
    };
    all.set(name, this.held);
  }

  async current(caller: Caller): Promise<Keys> {
    const { keys, askedAt } = this.held;
    if (!keys) return this.ask(caller);
    const left = (keys.expiresAt ?? Number.POSITIVE_INFINITY) - (await cloudTime(caller.clock));
    const isDue = left < renewal.before && (await caller.clock.now()) - askedAt >= renewal.again;
    if (!isDue) return keys;
    return this.ask(caller).catch((error: unknown) => {
      // Those that there are may do until the source is back.
      if (left <= 0 || !(error instanceof StoppedError) || caller.stop?.aborted) throw error;
      return keys;
    });
  }

  /** Whether there are other keys now than those that the cloud has refused. */
  async areOther(caller: Caller, refused: Keys): Promise<boolean> {
    const isSame = (keys: Keys | undefined) =>
      keys?.id === refused.id && keys.secret === refused.secret && keys.token === refused.token;
    const { held } = this;
    if (!isSame(held.keys)) return true;
    const now = await caller.clock.now();
    // All calls are rejected then, and each would ask.
    if (now - held.staleAt < renewal.again || !isSame(await this.ask(caller))) return !isSame(held.keys);
    held.staleAt = now;
    return false;
  }

  /** All who need them wait for one answer. */
  private async ask({ clock, stop }: Caller): Promise<Keys> {
    const { held, source } = this;
    held.askedAt = await clock.now();
    held.asking ??= keysFrom(source).finally(() => {
      held.asking = undefined;
    });
    held.keys = await (stop ? orStop(stop, held.asking) : held.asking);
    for (const text of [held.keys.secret, held.keys.token]) if (text) secretsHeld(this.owner).add(text);
    return held.keys;
  }
}

/** The keys of a client's calls. */
export interface Keyring {
  /** What to do where they are refused, if that depends on where they come from. */
  advice: string | undefined;
  /** A call that is made with the keys of the moment, and once more where the cloud's refusal can be mended. */
  call<T>(
    callee: Callee,
    action: WireAction,
    once: (sender: Caller, keys: Keys) => Promise<T>,
  ): Pick<RetriedCall<T>, "once" | "mend">;
}

export function keyring(owner: object, given: Keys | KeySource): Keyring {
  const source = "from" in given ? given : undefined;
  const renewable = source && new RenewableKeys(owner, source);
  return {
    advice: source && renewalAdvice(source),
    call(callee, action, once) {
      let latest: { sender: Caller; keys: Keys } | undefined;
      return {
        async once(sender) {
          latest = { sender, keys: "from" in given ? await present(callee, action, sender) : given };
          return once(sender, latest.keys);
        },
        async mend({ kind }) {
          // The refusal has told the cloud's time, so that the next timestamp is right.
          if (kind === "clock") return true;
          if (kind !== "credentials" || !latest || !renewable) return false;
          return renewable.areOther(latest.sender, latest.keys).catch(() => false);
        },
      };
    },
  };

  async function present({ cloud }: Callee, action: WireAction, sender: Caller): Promise<Keys> {
    try {
      return await (renewable as RenewableKeys).current(sender);
    } catch (error) {
      if (!(error instanceof StoppedError) || sender.stop?.aborted) throw error;
      throw new CloudError({
        ...{ cloud, action: action.name, code: "NoCredentials", kind: "credentials", mayHaveHappened: false },
        message: `it was not sent: ${error.message}`,
        advice: "",
      });
    }
  }
}

async function keysFrom({ from, text, setting, section }: KeySource): Promise<Keys> {
  const told = from === "file" ? await fileText(text, setting) : await commandText(text, setting);
  const keys = keysIn(told, section);
  if (keys) return keys;
  throw new StoppedError(
    `${setting}: ${from === "file" ? "the file has" : "the command printed"} no keys. An id and a secret are needed, as the cloud's own tools have them or as {"AccessKeyId": …, "SecretAccessKey": …, "SessionToken": …, "Expiration": …}.`,
  );
}

async function fileText(path: string, setting: string): Promise<string> {
  try {
    return await readFile(path.startsWith("~/") ? join(homedir(), path.slice(2)) : path, "utf8");
  } catch (error) {
    throw new StoppedError(`${setting}: the file cannot be read (${(error as NodeJS.ErrnoException).code}).`);
  }
}

/** What a command prints. What it says of a failure is left out: it can hold secrets. */
function commandText(line: string, setting: string): Promise<string> {
  const limits = { timeout: most.time, maxBuffer: most.answer, windowsHide: true };
  return new Promise((resolve, reject) => {
    const child = exec(line, limits, (error, printed) => {
      if (!error) return resolve(printed);
      const { code, killed } = error;
      const why =
        String(code) === "ERR_CHILD_PROCESS_STDIO_MAXBUFFER"
          ? "printed too much"
          : killed
            ? `took longer than ${most.time / 1000} s`
            : typeof code === "number"
              ? `ended with exit code ${code}`
              : "was ended by somebody else";
      reject(new StoppedError(`${setting}: the command ${why}. Run it by hand to see why.`));
    });
    child.stdin?.on("error", () => {}).end();
  });
}

/** In the order in which they count. */
const names = {
  id: ["accesskeyid", "secretid", "accesskey", "access", "ak"],
  secret: ["secretaccesskey", "secretkey", "secret", "sk"],
  token: ["sessiontoken", "securitytoken", "token"],
  expiresAt: ["expiration", "expiredtime", "expiresat"],
};

type Fields = Map<string, unknown>;

/** Keys as the clouds' tools print and keep them: JSON at any depth, or lines of names and values in sections. */
export function keysIn(text: string, section?: string): Keys | undefined {
  const json = parseObject(text);
  const all = (json ? setsIn(json) : setsOf(text)).flatMap(([name, fields]) => {
    const keys = keysOf(fields);
    return keys ? [{ name, keys }] : [];
  });
  if (all.length <= 1) return all[0]?.keys;
  const wanted = section === undefined ? ["default", "basic"] : [section];
  return all.find(({ name }) => wanted.includes(name))?.keys;
}

function keysOf(fields: Fields): Keys | undefined {
  const textIn = (of: keyof typeof names) => names[of].map((name) => fields.get(name)).find(isText);
  const [id, secret] = [textIn("id"), textIn("secret")];
  if (!id || !secret) return undefined;
  return {
    id,
    secret,
    token: textIn("token"),
    expiresAt: timeIn(names.expiresAt.map((name) => fields.get(name))),
  };
}

const isText = (value: unknown): value is string => typeof value === "string" && value !== "";

const plainName = (name: string) =>
  name
    .toLowerCase()
    .replaceAll(/[^a-z]/g, "")
    .replace(/^(tmp|volcstack)/, "");

/** Each object by its name. When it ends can stand beside it. */
function setsIn(value: object, name = "", around: Fields = new Map(), depth = 0): [string, Fields][] {
  const entries = Object.entries(value);
  const own: Fields = new Map(entries.map(([each, content]) => [plainName(each), content]));
  const times = names.expiresAt.map((each): [string, unknown] => [each, own.get(each) ?? around.get(each)]);
  const outer: Fields = new Map(times);
  const inner = entries.flatMap(([each, content]) =>
    typeof content === "object" && content !== null && depth < 4
      ? setsIn(content, each, outer, depth + 1)
      : [],
  );
  return [[name, new Map([...own, ...outer])], ...inner];
}

function setsOf(text: string): [string, Fields][] {
  let current: [string, Fields] = ["", new Map()];
  const all = [current];
  for (const line of text.split(/\r?\n/)) {
    const head = /^\s*\[(.+)\]\s*$/.exec(line)?.[1];
    if (head !== undefined) {
      current = [head.trim(), new Map()];
      all.push(current);
    }
    const [, name, value] = /^\s*([\w-]+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (name !== undefined) current[1].set(plainName(name), value);
  }
  return all;
}

/** The first that is a time: a date, or seconds or milliseconds since the epoch. */
function timeIn(values: readonly unknown[]): number | undefined {
  for (const value of values) {
    if (typeof value !== "number" && !isText(value)) continue;
    const seconds = /^\d+$/.test(String(value)) ? Number(value) : undefined;
    const time =
      seconds === undefined ? Date.parse(String(value)) : seconds < 1e11 ? seconds * 1000 : seconds;
    if (!Number.isNaN(time)) return time;
  }
  return undefined;
}
