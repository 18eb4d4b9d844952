// Temporary keys that run out in the middle of a change: had anew where they come from a file or a command, and told where
// they do not.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { UpdateResult } from "../drivers/driver";
import { scratch } from "../scratch";
import { type Change, changes, isLook } from "./changes";
import { tellingsOf } from "./purchases";
import { cloudConfig, credentials, filesBelow, type Stand } from "./stand";

type Keys = typeof credentials;

const numbered = (number: number): Keys => ({
  secretId: `AKIDrenewed${number}`,
  secretKey: `renewedSecretKey000${number}`,
  token: `renewedToken000${number}`,
});

/** Replaces what the cloud accepts: what there was before has run out. */
function accept({ sim }: Stand, { secretId, secretKey, token }: Keys): void {
  const accepted = sim.credentials as Keys[];
  accepted.splice(0, accepted.length, { secretId, secretKey, token });
}

/** A file that holds keys, and what changes it. */
function keysFile(): { path: string; write(keys: Keys, expiresAt?: number): void } {
  const directory = mkdtempSync(join(scratch, "keys-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const path = join(directory, "keys.json");
  const write = ({ secretId, secretKey, token }: Keys, expiresAt?: number) => {
    const Expiration = expiresAt === undefined ? undefined : new Date(expiresAt).toISOString();
    writeFileSync(
      path,
      JSON.stringify({ AccessKeyId: secretId, SecretAccessKey: secretKey, SessionToken: token, Expiration }),
    );
  };
  return { path, write };
}

const clouds = ["tencent", "huawei", "volcengine"];
const isKey = (key: string) => /SecretId|AccessKey|SecretKey|Token/.test(key);

/** The stack has its keys from there. */
async function configureSource({ stack, sim }: Stand, kind: "File" | "Command", text: string): Promise<void> {
  const rest = cloudConfig(sim.url).filter(({ key }) => !isKey(key));
  const sources = clouds.map((cloud) => ({
    key: `bigdata:${cloud}Credentials${kind}`,
    value: text,
    secret: false,
  }));
  const none = cloudConfig("").flatMap((each) => (isKey(each.key) ? [{ ...each, value: "" }] : []));
  await stack.setAllConfig([...rest, ...none, ...sources]);
}

/** Does this once, at the first call that changes something. */
function atTheChange({ sim }: Stand, phase: "received" | "acted", then: () => void): () => boolean {
  let isDone = false;
  const stop = sim.onCall((event) => {
    if (isDone || event.phase !== phase || isLook(event.action)) return undefined;
    isDone = true;
    stop();
    then();
    return undefined;
  });
  return () => isDone;
}

const refusals = ({ sim }: Stand) =>
  sim.journal.filter(({ outcome }) => outcome !== "ok").map(({ outcome }) => outcome);

async function expectUntold(stand: Stand, results: UpdateResult[], ...secrets: Keys[]): Promise<void> {
  const files = filesBelow(stand.journalDirectory).map((file) => readFileSync(file, "utf8"));
  const text = JSON.stringify([files, results, await stand.stack.exportState()]);
  for (const { secretKey, token } of secrets) {
    expect(text).not.toContain(secretKey);
    expect(text).not.toContain(token);
  }
}

const commandFor = (path: string) => `cat "${path}"`;

test.each(
  changes.flatMap(([name, , on]) =>
    (["File", "Command"] as const).flatMap((kind) =>
      (["received", "acted"] as const).map((phase) => [name, kind, phase, on] as const),
    ),
  ),
)(
  "%s goes on when its keys run out, with those that the %s has (the change is %s)",
  async (_, kind, phase, on) => {
    const change = await on();
    const { stand } = change;
    const file = keysFile();
    file.write(numbered(1));
    accept(stand, numbered(1));
    await configureSource(stand, kind, kind === "File" ? file.path : commandFor(file.path));
    const hasRunOut = atTheChange(stand, phase, () => {
      accept(stand, numbered(2));
      file.write(numbered(2));
    });
    const result = await change.up();
    expect(result.error).toBeUndefined();
    expect(hasRunOut()).toBe(true);
    expect(change.done()).toBe(1);
    await expectUntold(stand, [result], numbered(1), numbered(2));
  },
);

test("a purchase that is refused since its keys have run out is sent again with its token", async () => {
  const { stand, up } = await purchase();
  const file = keysFile();
  file.write(numbered(1));
  accept(stand, numbered(1));
  await configureSource(stand, "File", file.path);
  atTheChange(stand, "received", () => {
    accept(stand, numbered(2));
    file.write(numbered(2));
  });
  expect((await up()).error).toBeUndefined();
  const tokens = stand.sim.journal
    .filter(({ action }) => action === "ScaleOutInstance")
    .map(({ request }) => (request as { ClientToken: string }).ClientToken);
  expect(tokens).toHaveLength(2);
  expect(new Set(tokens).size).toBe(1);
});

test.each(changes)(
  "%s: keys that say when they end are had anew before, and no call is refused",
  async (_, __, on) => {
    const change = await on();
    const { stand } = change;
    const { clock } = stand.sim;
    const file = keysFile();
    let number = 1;
    const issue = () => {
      const until = clock.now() + 10 * 60_000;
      file.write(numbered(number), until);
      accept(stand, numbered(number));
      return until;
    };
    let until = issue();
    await configureSource(stand, "Command", commandFor(file.path));
    // Its owner renews them two minutes before they end, and the cloud takes the old ones no longer.
    stand.sim.onCall(({ phase }) => {
      if (phase !== "received" || clock.now() < until - 2 * 60_000) return undefined;
      const old = numbered(number);
      number += 1;
      until = issue();
      (stand.sim.credentials as Keys[]).push(old);
      return undefined;
    });
    stand.sim.onCall(({ phase, action }) => {
      if (phase === "acted" && !isLook(action)) clock.advance(9 * 60_000);
      return undefined;
    });
    expect((await change.up()).error).toBeUndefined();
    expect(refusals(stand)).toEqual([]);
    expect(number).toBeGreaterThan(1);
    expect(change.done()).toBe(1);
  },
);

test.each(changes)(
  "%s: keys that nobody renews run out; it is said what is under way, and the next run goes on",
  async (_, __, on) => {
    const change = await on();
    const { stand } = change;
    atTheChange(stand, "acted", () => accept(stand, numbered(2)));
    const ended = await change.up();
    expect(ended.error).toMatch(
      /AuthFailure\.TokenFailure|AuthFailure\.SecretIdNotFound|InvalidAccessKey|InvalidSecretToken|APIGW\.0301/,
    );
    expect(ended.error).toMatch(
      /This run was waiting for .*The cloud goes on with it, and the next `pulumi up`/,
    );
    accept(stand, credentials);
    expect((await change.up()).error).toBeUndefined();
    expect(change.done()).toBe(1);
    await expectUntold(stand, [ended], credentials);
  },
);

test.each(changes)(
  "%s: a file that nobody brings up to date is named, and the next run goes on",
  async (_, __, on) => {
    const change = await on();
    const { stand } = change;
    const file = keysFile();
    file.write(numbered(1));
    accept(stand, numbered(1));
    await configureSource(stand, "File", file.path);
    atTheChange(stand, "acted", () => accept(stand, numbered(2)));
    const ended = await change.up();
    expect(ended.error).toMatch(
      /The file of bigdata:\w+CredentialsFile still has the keys that were rejected.*This run was waiting for/s,
    );
    file.write(numbered(2));
    expect((await change.up()).error).toBeUndefined();
    expect(change.done()).toBe(1);
    await expectUntold(stand, [ended], numbered(1), numbered(2));
  },
);

test.each(changes)(
  "%s: a command that fails is told without what it says, and nothing is begun or remembered",
  async (_, __, on) => {
    const change = await on();
    const { stand } = change;
    const file = keysFile();
    file.write(numbered(1), stand.sim.clock.now() + 60_000);
    accept(stand, numbered(1));
    await configureSource(stand, "Command", `cat "${file.path}" || (echo hidden0001 >&2; exit 7)`);
    // They end, and there are none, before the change leaves.
    atTheChange(stand, "received", () => {
      accept(stand, numbered(2));
      rmSync(file.path);
    });
    const ended = await change.up();
    expect(ended.error).toMatch(/bigdata:\w+CredentialsCommand/);
    expect(tellingsOf(ended)).not.toContain("hidden0001");
    expect(change.done()).toBe(0);
    file.write(numbered(2));
    const before = stand.sim.clock.now();
    expect((await change.up()).error).toBeUndefined();
    expect(change.done()).toBe(1);
    expect(stand.sim.clock.now() - before).toBeLessThan(8 * 60_000);
  },
);

async function purchase(): Promise<Change> {
  const [, , on] = changes[0] as (typeof changes)[number];
  return on();
}
