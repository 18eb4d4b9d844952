// Where calls with keys may go.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createContext } from "../../provider/base/context";
import { Session } from "../../provider/base/session";
import { checkConfig, endpointMessages } from "../../provider/doors/plugin/config";
import { huaweiClient } from "../../provider/huawei/config";
import { tencentClient } from "../../provider/tencent/config";
import { volcengineClient } from "../../provider/volcengine/config";
import { root } from "../package";

const account = {
  ...{ tencentSecretId: "i", tencentSecretKey: "k", tencentRegion: "r" },
  ...{ huaweiAccessKey: "i", huaweiSecretKey: "k", huaweiRegion: "r", huaweiProjectId: "p" },
  ...{ volcengineAccessKey: "i", volcengineSecretKey: "k", volcengineRegion: "r" },
};
const makers = {
  tencentEndpoint: tencentClient,
  huaweiEndpoint: huaweiClient,
  huaweiIamEndpoint: huaweiClient,
  huaweiBssEndpoint: huaweiClient,
  volcengineEndpoint: volcengineClient,
};

describe.each(Object.entries(makers))("%s", (key, make) => {
  const made = (endpoint: string, more: Record<string, string> = {}) => {
    const config: Record<string, string> = { ...account, [key]: endpoint, ...more };
    const context = createContext(
      new Session(),
      (name) => config[name],
      () => {},
    );
    return () => make(context, {});
  };

  test.each([
    "http://cloud.example",
    "HTTP://10.0.0.1:80/",
    "http://localhost.example",
    "http://127.0.0.1.example",
  ])("%s is refused unless it is allowed", (endpoint) => {
    expect(made(endpoint)).toThrow(new RegExp(`^bigdata:${key} leads to .* in plain HTTP.*allowPlainHttp`));
    expect(made(endpoint, { allowPlainHttp: "false" })).toThrow(/plain HTTP/);
    expect(made(endpoint, { allowPlainHttp: "true" })).not.toThrow();
    expect(checkConfig({ [key]: endpoint })).toMatchObject([{ property: key }]);
    expect(checkConfig({ [key]: endpoint, allowPlainHttp: "true" })).toEqual([]);
    const profiles = { prod: { [key]: endpoint } };
    expect(checkConfig({ profiles })).toMatchObject([{ property: `profiles.prod.${key}` }]);
    expect(checkConfig({ profiles, allowPlainHttp: "true" })).toEqual([]);
  });

  test.each([
    "http://127.0.0.1:4599",
    "http://localhost:1",
    "http://[::1]:1",
    "https://cloud.example",
    "cloud.example",
  ])("%s is not", (endpoint) => {
    expect(made(endpoint)).not.toThrow();
    expect(checkConfig({ [key]: endpoint })).toEqual([]);
  });

  test("is told, without a user and a password", () => {
    const config: Record<string, string> = {
      [key]: "https://user:pass@cloud.example",
      profiles: JSON.stringify({ prod: { [key]: "https://other.example" } }),
    };
    expect(endpointMessages((name) => config[name])).toEqual([
      `Calls go to https://cloud.example, not to the cloud's own endpoint (bigdata:${key})`,
      `Calls go to https://other.example, not to the cloud's own endpoint (bigdata:profiles.prod.${key})`,
    ]);
  });
});

test("allowPlainHttp is true or false", () => {
  expect(checkConfig({ allowPlainHttp: "yes" })).toMatchObject([{ property: "allowPlainHttp" }]);
});

test("nothing here switches the verification of certificates off", () => {
  const sources = ["provider", "cli", "sdk"].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts"))
      .map((name) => join(root, folder, name)),
  );
  expect(sources.length).toBeGreaterThan(100);
  const switching = sources.filter((path) =>
    /rejectUnauthorized|TLS_REJECT|checkServerIdentity/.test(readFileSync(path, "utf8")),
  );
  expect(switching).toEqual([]);
});
