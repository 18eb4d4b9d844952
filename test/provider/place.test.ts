// Where an account's settings come from, with and without a profile.
import { describe, expect, test } from "vitest";
import { createContext } from "../../provider/context";
import { huaweiClient } from "../../provider/huawei/config";
import { profileInput, settingsOf } from "../../provider/place";
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
        tencentEndpoint: "http://p",
      },
    });
    expect(tencentSettings(lookup(elsewhere), { profile: "prod" }, {})).toMatchObject({
      region: "ap-prod",
      endpoint: "http://p",
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
    const context = createContext(lookup({ ...plain, profiles: "{}" }), () => {});
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

test("Volcengine: a key pair comes from one place as a whole, and a bad endpoint is told", () => {
  const environment = {
    VOLCENGINE_ACCESS_KEY: "a",
    VOLCENGINE_SECRET_KEY: "s",
    VOLCENGINE_REGION: "cn-beijing",
  };
  const context = (config: Record<string, string>) => createContext(lookup(config), () => {});
  expect(volcengineClient(context({}), {}, environment).region).toBe("cn-beijing");
  expect(() => volcengineClient(context({ volcengineAccessKey: "c" }), {}, environment)).toThrow(
    /pulumi config set --secret bigdata:volcengineSecretKey/,
  );
  expect(() => volcengineClient(context({ volcengineEndpoint: "http://" }), {}, environment)).toThrow(
    /volcengineEndpoint must be a URL or host in which \{region\}/,
  );
});
