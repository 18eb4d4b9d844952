// Where an account's settings come from, with and without a profile.
import { describe, expect, test } from "vitest";
import { createContext } from "../../provider/base/context";
import { StoppedError } from "../../provider/base/errors";
import { Session } from "../../provider/base/session";
import { settingsOf } from "../../provider/call/account";
import { profileInput } from "../../provider/core/placeInputs";
import { configKeys } from "../../provider/doors/plugin/config";
import { huaweiClient } from "../../provider/huawei/config";
import { tencentSettings } from "../../provider/tencent/config";
import { volcengineClient } from "../../provider/volcengine/config";

const lookup = (config: Record<string, string>) => (key: string) => config[key];
const plain = { tencentSecretId: "plain-id", tencentSecretKey: "plain-key", tencentRegion: "ap-plain" };
const profiles = (own: object) => ({ ...plain, profiles: JSON.stringify(own) });

describe("a profile", () => {
  test("has credentials of its own, and shares the region unless it has one", () => {
    const config = profiles({ prod: { tencentSecretId: "prod-id", tencentSecretKey: "prod-key" } });
    expect(tencentSettings(lookup(config), { profile: "prod" }, {})).toMatchObject({
      credentials: { secretId: "prod-id", secretKey: "prod-key", token: undefined },
      region: "ap-plain",
    });
    expect(tencentSettings(lookup(config), {}, {})).toMatchObject({ credentials: { secretId: "plain-id" } });
    const elsewhere = profiles({
      prod: {
        tencentSecretId: "i",
        tencentSecretKey: "k",
        tencentRegion: "ap-prod",
        tencentEndpoint: "https://p",
      },
    });
    expect(tencentSettings(lookup(elsewhere), { profile: "prod" }, {})).toMatchObject({
      region: "ap-prod",
      endpoint: "https://p",
    });
    expect(tencentSettings(lookup(elsewhere), { profile: "prod", region: "ap-own" }, {}).region).toBe(
      "ap-own",
    );
  });

  test("comes from variables with its name at their end", () => {
    const environment = {
      TENCENTCLOUD_SECRET_ID: "plain-id",
      TENCENTCLOUD_SECRET_KEY: "plain-key",
      TENCENTCLOUD_SECRET_ID_BLUE_GREEN: "other-id",
      TENCENTCLOUD_SECRET_KEY_BLUE_GREEN: "other-key",
      TENCENTCLOUD_REGION: "ap-env",
    };
    expect(tencentSettings(lookup({}), { profile: "blue-green" }, environment)).toMatchObject({
      credentials: { secretId: "other-id", secretKey: "other-key" },
      region: "ap-env",
    });
  });

  test("never falls back on credentials that are not its own", () => {
    const context = createContext(new Session(), lookup({ ...plain, profiles: "{}" }), () => {});
    expect(() => tencentSettings(context.config, { profile: "prod" }, {})).toThrow(
      "Tencent Cloud is not configured for profile prod: set the secret id, `pulumi config set --path bigdata:profiles.prod.tencentSecretId …` or TENCENTCLOUD_SECRET_ID_PROD; and the secret key, `pulumi config set --path --secret bigdata:profiles.prod.tencentSecretKey …` or TENCENTCLOUD_SECRET_KEY_PROD.",
    );
    const environment = { HW_ACCESS_KEY: "a", HW_SECRET_KEY: "s", HW_REGION_NAME: "r", HW_PROJECT_ID: "p" };
    expect(() => huaweiClient(context, { profile: "prod" }, environment)).toThrow(
      /Huawei Cloud is not configured for profile prod: set credentials.*HW_ACCESS_KEY_PROD/,
    );
    expect(() => volcengineClient(context, { profile: "prod", region: "r" }, {})).toThrow(
      /Volcengine is not configured for profile prod: set the access key.*profiles\.prod\.volcengineAccessKey.*VOLCENGINE_SECRET_KEY_PROD/,
    );
  });

  test.each(["[]", '"prod"', "no JSON", '{"prod":"key"}'])(
    "bigdata:profiles must be an object of objects: %s",
    (text) => {
      expect(() => settingsOf(lookup({ profiles: text }), "prod", {})).toThrow(
        /bigdata:profiles must be an object/,
      );
    },
  );

  test.each(["", "1st", "a.b", "a b", "ünder"])("is no name: %s", (name) => {
    expect(profileInput.safeParse(name).success).toBe(false);
  });
});

describe("a blank or a line break around a value", () => {
  const of = {
    tencent: { tencentSecretId: "id", tencentSecretKey: "key", tencentToken: "t", tencentRegion: "r" },
    huaweiKey: { huaweiAccessKey: "id", huaweiSecretKey: "key", huaweiSecurityToken: "t" },
    huaweiToken: { huaweiAuthToken: "token" },
    huaweiUser: { huaweiUserName: "user", huaweiPassword: "pass word", huaweiDomainName: "domain" },
    huaweiPlace: { huaweiAuthToken: "token", huaweiRegion: "r", huaweiProjectId: "p" },
    volcengine: {
      volcengineAccessKey: "id",
      volcengineSecretKey: "key",
      volcengineSessionToken: "t",
      volcengineRegion: "r",
    },
  };
  const endpoints = {
    tencent: { tencentEndpoint: "https://e" },
    huaweiPlace: { huaweiEndpoint: "https://e", huaweiIamEndpoint: "e", huaweiBssEndpoint: "e" },
    volcengine: { volcengineEndpoint: "https://e" },
  };
  type Set = keyof typeof of;
  const open = (set: Set, config: Record<string, string>, env: Record<string, string>, profile?: string) => {
    const context = createContext(new Session(), lookup(config), () => {});
    const place = profile === undefined ? {} : { profile };
    if (set === "tencent") return tencentSettings(context.config, place, env);
    if (set === "volcengine") return volcengineClient(context, place, env);
    const rest = set === "huaweiPlace" ? {} : { region: "r", projectId: "p" };
    return huaweiClient(context, { ...place, ...rest }, env);
  };
  const variables = Object.fromEntries(configKeys.map(({ name, variables }) => [name, variables[0] ?? ""]));
  const rows = Object.entries(of).flatMap(([set, values]) =>
    Object.keys({ ...values, ...endpoints[set as keyof typeof endpoints] }).map(
      (key) => [key, set as Set] as const,
    ),
  );
  const values = (set: Set) => ({ ...of[set], ...endpoints[set as keyof typeof endpoints] });
  const blank = (text: string) => [`${text}\n`, `${text}\r\n`, ` ${text}`, `${text}\t`, `\ufeff${text}`, " "];

  test.each(rows)("names %s (%s)", (key, set) => {
    const good: Record<string, string> = values(set);
    expect(() => open(set, good, {})).not.toThrow();
    for (const bad of blank("hidden0001")) {
      const said = " begins or ends with a blank or a line break. Set it without.";
      expect(() => open(set, { ...good, [key]: bad }, {})).toThrow(new StoppedError(`bigdata:${key}${said}`));
      const profile = { profiles: JSON.stringify({ "my-prod": { ...good, [key]: bad } }) };
      expect(() => open(set, profile, {}, "my-prod")).toThrow(
        new StoppedError(`bigdata:profiles.my-prod.${key}${said}`),
      );
      if (!variables[key]) continue;
      const env = Object.fromEntries(
        Object.entries({ ...good, [key]: bad }).map(([name, value]) => [variables[name] ?? "", value]),
      );
      expect(() => open(set, {}, env)).toThrow(new StoppedError(`${variables[key]}${said}`));
      const own = Object.fromEntries(Object.entries(env).map(([name, value]) => [`${name}_MY_PROD`, value]));
      expect(() => open(set, {}, own, "my-prod")).toThrow(
        new StoppedError(`${variables[key]}_MY_PROD${said}`),
      );
    }
  });
});

test("Volcengine: a key pair comes from one place as a whole, and a bad endpoint is told", () => {
  const environment = {
    VOLCENGINE_ACCESS_KEY: "a",
    VOLCENGINE_SECRET_KEY: "s",
    VOLCENGINE_REGION: "cn-beijing",
  };
  const context = (config: Record<string, string>) => createContext(new Session(), lookup(config), () => {});
  expect(volcengineClient(context({}), {}, environment).region).toBe("cn-beijing");
  expect(() => volcengineClient(context({ volcengineAccessKey: "c" }), {}, environment)).toThrow(
    /pulumi config set --secret bigdata:volcengineSecretKey/,
  );
  expect(() => volcengineClient(context({ volcengineEndpoint: "http://" }), {}, environment)).toThrow(
    /volcengineEndpoint must be a URL or host in which \{region\}/,
  );
});
