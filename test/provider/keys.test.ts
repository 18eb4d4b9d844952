// Keys as the clouds' own tools print and keep them, and where they come from.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join, relative } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { createContext } from "../../provider/base/context";
import { CloudError } from "../../provider/base/errors";
import { Session } from "../../provider/base/session";
import { settingsOf } from "../../provider/call/account";
import { keyring, keySourceOf, keysIn } from "../../provider/call/keys";
import type { WireAction } from "../../provider/call/wire";
import { huaweiClient } from "../../provider/huawei/config";
import { tencentSettings } from "../../provider/tencent/config";
import { volcengineClient } from "../../provider/volcengine/config";
import { scratch } from "../scratch";
import { makeClock } from "./toyClock";

const plain = { id: "i", secret: "s", token: "t", expiresAt: undefined };

test.each<[string, string, string | undefined, object | undefined]>([
  [
    "a credential process",
    '{"Version":1,"AccessKeyId":"i","SecretAccessKey":"s","SessionToken":"t","Expiration":"1970-01-01T00:01:00Z"}',
    undefined,
    { ...plain, expiresAt: 60_000 },
  ],
  [
    "tccli sts AssumeRole",
    '{"Credentials":{"Token":"t","TmpSecretId":"i","TmpSecretKey":"s"},"ExpiredTime":1700000000,"Expiration":"2023-11-14T22:13:20Z","RequestId":"r"}',
    undefined,
    { ...plain, expiresAt: 1_700_000_000_000 },
  ],
  ["tccli's file", '{"secretId":"i","secretKey":"s","token":"t"}', undefined, plain],
  [
    "hcloud IAM CreateTemporaryAccessKeyByAgency",
    '{"credential":{"expires_at":"1970-01-01T00:01:00.000000Z","access":"i","secret":"s","securitytoken":"t"}}',
    undefined,
    { ...plain, expiresAt: 60_000 },
  ],
  [
    "ve sts AssumeRole",
    '{"ResponseMetadata":{"RequestId":"r"},"Result":{"Credentials":{"CurrentTime":"1970-01-01T00:00:00Z","ExpiredTime":"1970-01-01T08:01:00+08:00","AccessKeyId":"i","SecretAccessKey":"s","SessionToken":"t"}}}',
    undefined,
    { ...plain, expiresAt: 60_000 },
  ],
  ["Tencent's file", "[default]\nsecret_id = i\r\nsecret_key=s\ntoken = t\n", undefined, plain],
  [
    "Huawei's file",
    "# comment\n[basic]\nak = i\nsk = s\nsecurity_token = t\n[global]\nak = x\nsk = y\n",
    undefined,
    plain,
  ],
  [
    "Volcengine's file",
    "[other]\nvolcstack_access_key_id=x\nvolcstack_secret_access_key=y\n[default]\nvolcstack_access_key_id=i\nvolcstack_secret_access_key=s\nvolcstack_session_token=t\n",
    undefined,
    plain,
  ],
  [
    "a profile's section",
    "[default]\nak=x\nsk=y\n[prod]\nak=i\nsk=s\n",
    "prod",
    { ...plain, token: undefined },
  ],
  [
    "one of several profiles",
    '{"current":"default","profiles":{"default":{"access-key":"x","secret-key":"y"},"prod":{"access-key":"i","secret-key":"s","session-token":"t"}}}',
    "prod",
    plain,
  ],
  ["several, and none is meant", "[a]\nak=i\nsk=s\n[b]\nak=i\nsk=s\n", undefined, undefined],
  ["no keys of that profile", "[a]\nak=i\nsk=s\n[b]\nak=i\nsk=s\n", "prod", undefined],
  ["half of two", "[default]\nak=i\n[basic]\nsk=s\n", undefined, undefined],
  ["nothing", "", undefined, undefined],
  ["numbers", '{"ak":1,"sk":2}', undefined, undefined],
  ["another text", "<html>", undefined, undefined],
])("%s", (_, text, section, keys) => {
  expect(keysIn(text, section)).toEqual(keys);
});

describe("where keys come from", () => {
  const lookup = (config: Record<string, string>) => (key: string) => config[key];
  const fileOf = (config: Record<string, string>, environment: NodeJS.ProcessEnv = {}, profile?: string) =>
    tencentSettings(lookup({ tencentRegion: "r", ...config }), profile ? { profile } : {}, environment)
      .credentials;

  test("config, then the environment's pair, then the environment's file", () => {
    const environment = { TENCENTCLOUD_CREDENTIALS_FILE: "/env" };
    const pair = { TENCENTCLOUD_SECRET_ID: "i", TENCENTCLOUD_SECRET_KEY: "k" };
    expect(fileOf({ tencentCredentialsFile: "/own" }, { ...environment, ...pair })).toMatchObject({
      from: "file",
      text: "/own",
    });
    expect(fileOf({}, { ...environment, ...pair })).toMatchObject({ secretId: "i" });
    expect(fileOf({}, environment)).toMatchObject({ from: "file", text: "/env" });
    const profiles = JSON.stringify({ prod: { tencentCredentialsCommand: "print" } });
    expect(fileOf({ profiles }, {}, "prod")).toMatchObject({
      from: "command",
      setting: "bigdata:profiles.prod.tencentCredentialsCommand",
      section: "prod",
    });
    const own = { TENCENTCLOUD_CREDENTIALS_FILE_PROD: "/prod" };
    expect(fileOf({}, { ...environment, ...own }, "prod")).toMatchObject({
      text: "/prod",
      setting: "TENCENTCLOUD_CREDENTIALS_FILE_PROD",
    });
  });

  test.each([
    ["tencent", { tencentCredentialsFile: "/f", tencentCredentialsCommand: "c" }],
    ["tencent", { tencentCredentialsFile: "/f", tencentSecretKey: "k" }],
    ["huawei", { huaweiCredentialsFile: "/f", huaweiPassword: "hidden0001" }],
    ["volcengine", { volcengineCredentialsCommand: "c hidden0001", volcengineAccessKey: "a" }],
  ])("two that are set are both named, and their values are not: %s %j", (cloud, config) => {
    const context = createContext(new Session(), lookup(config as never), () => {});
    const place = { region: "r", projectId: "p" };
    const open = () =>
      cloud === "tencent"
        ? tencentSettings(context.config, place, {})
        : cloud === "huawei"
          ? huaweiClient(context, place, {})
          : volcengineClient(context, place, {});
    const [first, second] = Object.keys(config);
    expect(open).toThrow(`bigdata:${first} and bigdata:${second} are both set: set one of them.`);
    expect(open).not.toThrow(/hidden0001/);
  });

  test("where only a source is set, nothing is missing", () => {
    for (const [cloud, open] of [
      ["huawei", huaweiClient],
      ["volcengine", volcengineClient],
    ] as const) {
      const context = createContext(new Session(), lookup({ [`${cloud}CredentialsFile`]: "/f" }), () => {});
      expect(() => open(context, { region: "r", projectId: "p" } as never, {})).not.toThrow();
    }
  });
});

describe("what cannot be had", () => {
  const directory = mkdtempSync(join(scratch, "keys-"));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));
  const callee = { cloud: "Tencent EMR", endpointKey: "tencentEndpoint" };
  const action = { name: "DescribeInstances", repeat: "read" } as WireAction;
  const callWith = (config: Record<string, string>, more: object = {}) => {
    const settings = settingsOf((key) => config[key], undefined, {});
    const source = keySourceOf(settings, "config", "tencent", undefined);
    if (!source) throw new Error("no source");
    const { once } = keyring({}, source).call(callee, action, async (_, keys) => keys);
    return once({ clock: makeClock(), ...more });
  };
  const secret = "hidden0001";

  test.each([
    [
      "a file that is not there",
      { tencentCredentialsFile: join(directory, "none") },
      /cannot be read \(ENOENT\)/,
    ],
    ["a directory", { tencentCredentialsFile: directory }, /cannot be read \(EISDIR\)/],
    [
      "a command that fails",
      { tencentCredentialsCommand: `echo ${secret}; echo ${secret} >&2; exit 3` },
      /exit code 3/,
    ],
    ["a command that there is not", { tencentCredentialsCommand: `/no/such/${secret}` }, /exit code 127/],
    [
      "a command that prints something else",
      { tencentCredentialsCommand: `echo ${secret}` },
      /printed no keys/,
    ],
    ["a command that prints without end", { tencentCredentialsCommand: `yes ${secret}` }, /printed too much/],
  ])("%s is told by its setting, and with no more", async (_, config, told) => {
    const failed = callWith(config as never);
    await expect(failed).rejects.toMatchObject({ kind: "credentials", mayHaveHappened: false });
    await expect(failed).rejects.toThrow(told);
    await expect(failed).rejects.toThrow(/bigdata:tencentCredentials(File|Command)/);
    await expect(failed).rejects.not.toThrow(secret);
  });

  test("a file below the home directory", async () => {
    writeFileSync(join(directory, "own"), "ak=i\nsk=s\n");
    const path = `~/${relative(homedir(), join(directory, "own"))}`;
    await expect(callWith({ tencentCredentialsFile: path })).resolves.toMatchObject({ id: "i" });
  });

  test("a command that prints rejected keys is not run again for every call that is rejected", async () => {
    const counter = join(directory, "counter");
    const line = `echo x >> "${counter}"; echo '{"ak":"i","sk":"s"}'`;
    const settings = settingsOf(
      (key) => (key === "tencentCredentialsCommand" ? line : undefined),
      undefined,
      {},
    );
    const source = keySourceOf(settings, "config", "tencent", undefined);
    if (!source) throw new Error("no source");
    const clock = makeClock();
    const keys = keyring({}, source);
    const rejected = new CloudError({
      ...{ cloud: "c", action: "a", code: "c", kind: "credentials", message: "m", advice: "" },
      mayHaveHappened: false,
    });
    const runs = () => readFileSync(counter, "utf8").split("\n").length - 1;
    const call = async () => {
      const { once, mend } = keys.call(callee, action, async () => {});
      await once({ clock });
      return mend?.(rejected);
    };
    expect([await call(), await call(), await call(), runs()]).toEqual([false, false, false, 2]);
    clock.time += 31_000;
    expect([await call(), await call(), runs()]).toEqual([false, false, 3]);
  });

  test("nobody waits for a command when the run is to stop", async () => {
    const stop = new AbortController();
    const waiting = callWith({ tencentCredentialsCommand: "sleep 2" }, { stop: stop.signal });
    stop.abort(new Error("stopped"));
    await expect(waiting).rejects.toThrow("stopped");
  });
});
