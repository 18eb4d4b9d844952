// The provider's configuration: which keys there are, what is wrong with given ones, and where a value comes from.
import type { ConfigLookup } from "../../base/context";
import { variableEnding } from "../../call/account";
import { plainProblem, urlOf } from "../../call/endpoint";
import { parseObject } from "../../call/wire";
import { isUnknown } from "../../core/schema";
import { isObject, type Properties, plainOf } from "./values";

export interface ConfigKey {
  name: string;
  description: string;
  isSecret: boolean;
  /** Environment variables that are looked at where it is not set. */
  variables: readonly string[];
  /** Whether it is part of a set of credentials. */
  isCredential: boolean;
}

const key = (name: string, description: string, variables: readonly string[] = []): ConfigKey => ({
  name,
  description,
  isSecret: /SecretKey|Token|Password/.test(name),
  variables,
  isCredential: /Credentials|SecretId|AccessKey|SecretKey|Token|Password|UserName|DomainName/.test(name),
});

const plainKey = "allowPlainHttp";

export const configKeys: readonly ConfigKey[] = [
  key("tencentSecretId", "Tencent Cloud: id of the API key.", ["TENCENTCLOUD_SECRET_ID"]),
  key("tencentSecretKey", "Tencent Cloud: the API key.", ["TENCENTCLOUD_SECRET_KEY"]),
  key("tencentToken", "Tencent Cloud: token of temporary credentials.", ["TENCENTCLOUD_SECURITY_TOKEN"]),
  key(
    "tencentCredentialsFile",
    "Tencent Cloud: file that holds the keys; it is read again when they expire.",
    ["TENCENTCLOUD_CREDENTIALS_FILE"],
  ),
  key(
    "tencentCredentialsCommand",
    "Tencent Cloud: command that prints the keys as JSON; it is run again when they expire.",
  ),
  key("tencentRegion", "Tencent Cloud: region, such as `ap-guangzhou`.", ["TENCENTCLOUD_REGION"]),
  key(
    "tencentEndpoint",
    "Tencent Cloud: URL or host of the API, in which `{service}` stands for the product. Default `https://{service}.tencentcloudapi.com`.",
  ),
  key("huaweiAccessKey", "Huawei Cloud: access key id.", ["HW_ACCESS_KEY"]),
  key("huaweiSecretKey", "Huawei Cloud: secret access key.", ["HW_SECRET_KEY"]),
  key("huaweiSecurityToken", "Huawei Cloud: token of temporary keys.", ["HW_SECURITY_TOKEN"]),
  key("huaweiAuthToken", "Huawei Cloud: an IAM token, in place of keys.", ["HW_AUTH_TOKEN"]),
  key("huaweiUserName", "Huawei Cloud: IAM user, in place of keys.", ["HW_USER_NAME"]),
  key("huaweiPassword", "Huawei Cloud: the IAM user's password.", ["HW_USER_PASSWORD"]),
  key("huaweiDomainName", "Huawei Cloud: account of the IAM user.", ["HW_DOMAIN_NAME"]),
  key("huaweiCredentialsFile", "Huawei Cloud: file that holds the keys; it is read again when they expire.", [
    "HUAWEICLOUD_SDK_CREDENTIALS_FILE",
  ]),
  key(
    "huaweiCredentialsCommand",
    "Huawei Cloud: command that prints the keys as JSON; it is run again when they expire.",
  ),
  key("huaweiRegion", "Huawei Cloud: region, such as `eu-west-101`.", ["HW_REGION_NAME"]),
  key("huaweiProjectId", "Huawei Cloud: id of the project.", ["HW_PROJECT_ID"]),
  key("huaweiEndpoint", "Huawei Cloud: URL or host of DDM. Default: the region's."),
  key("huaweiIamEndpoint", "Huawei Cloud: URL or host of IAM. Default: the region's."),
  key("huaweiBssEndpoint", "Huawei Cloud: URL or host of billing. Default: the mainland's, in its regions."),
  key("volcengineAccessKey", "Volcengine: access key id.", ["VOLCENGINE_ACCESS_KEY"]),
  key("volcengineSecretKey", "Volcengine: secret access key.", ["VOLCENGINE_SECRET_KEY"]),
  key("volcengineSessionToken", "Volcengine: token of temporary keys.", ["VOLCENGINE_SESSION_TOKEN"]),
  key(
    "volcengineCredentialsFile",
    "Volcengine: file that holds the keys; it is read again when they expire.",
  ),
  key(
    "volcengineCredentialsCommand",
    "Volcengine: command that prints the keys as JSON; it is run again when they expire.",
  ),
  key("volcengineRegion", "Volcengine: region, such as `cn-beijing`.", ["VOLCENGINE_REGION"]),
  key(
    "volcengineEndpoint",
    "Volcengine: URL or host of the API, in which `{region}` stands for the region. Default: `https://open.volcengineapi.com`. Regions that it does not serve (cn-beijing-selfdrive, cn-beijing-autodriving, cn-shanghai-autodriving, ap-southeast-2 and ap-southeast-3) use `https://emr.{region}.volcengineapi.com`, and so do actions that it lacks.",
  ),
  key(
    plainKey,
    "`true` lets the endpoints above be plain HTTP to other machines, where anybody on the way can read and change calls. Without it plain HTTP leads only to this machine.",
  ),
];

const isEndpoint = (name: string) => /Endpoint$/.test(name);

export const profilesKey: ConfigKey = {
  name: "profiles",
  description:
    "Further accounts by name, each with keys of its own such as `tencentSecretId`; resources say which is theirs with `profile`.",
  isSecret: true,
  variables: [],
  isCredential: false,
};

/** Set by the engine, and none of ours. */
const engineKeys = ["version", "pluginDownloadURL", "parameterization"];

export interface ConfigFailure {
  property: string;
  reason: string;
}

/** What is wrong with the configuration, by property. */
export function checkConfig(given: Properties): ConfigFailure[] {
  const isPlainAllowed = given[plainKey] === "true";
  return Object.entries(given).flatMap(([name, value]) => {
    if (engineKeys.includes(name)) return [];
    if (name === profilesKey.name) return checkProfiles(value, isPlainAllowed);
    return checkKey(name, value, name, isPlainAllowed);
  });
}

function checkKey(name: string, value: unknown, property: string, isPlainAllowed: boolean): ConfigFailure[] {
  const known = configKeys.find((each) => each.name === name);
  if (!known) {
    const near = configKeys.find((each) => each.name.toLowerCase() === name.toLowerCase());
    const hint = near
      ? `did you mean ${near.name}?`
      : `the keys are ${configKeys.map((each) => each.name).join(", ")}`;
    return [{ property, reason: `is not a key of bigdata's configuration; ${hint}` }];
  }
  if (value !== null && typeof value !== "string")
    return [{ property, reason: `must be a text, got ${Array.isArray(value) ? "a list" : typeof value}` }];
  if (name === plainKey && value && !["true", "false"].includes(value))
    return [{ property, reason: `must be true or false, got ${JSON.stringify(value)}` }];
  if (isEndpoint(name) && value && !isUnknown(value)) {
    try {
      const problem = isPlainAllowed ? undefined : plainProblem(urlOf(value.replaceAll(/\{\w+\}/g, "x")));
      return problem ? [{ property, reason: problem }] : [];
    } catch {
      return [
        {
          property,
          reason: `must be a URL or a host, such as https://example.com, got ${JSON.stringify(value)}`,
        },
      ];
    }
  }
  return [];
}

function checkProfiles(value: unknown, isPlainAllowed: boolean): ConfigFailure[] {
  if (isUnknown(value)) return [];
  const profiles = typeof value === "string" ? parseObject(value) : value;
  if (typeof profiles !== "object" || profiles === null || Array.isArray(profiles))
    return [{ property: "profiles", reason: "must be an object of profiles, each an object of keys" }];
  return Object.entries(profiles).flatMap(([profile, keys]) => {
    const property = `profiles.${profile}`;
    if (isUnknown(keys)) return [];
    if (typeof keys !== "object" || keys === null || Array.isArray(keys))
      return [{ property, reason: "must be an object of keys, such as tencentSecretId" }];
    const own = (keys as Properties)[plainKey] ?? String(isPlainAllowed);
    return Object.entries(keys).flatMap(([name, each]) =>
      checkKey(name, each, `${property}.${name}`, own === "true"),
    );
  });
}

/**
 * Where a key's value comes from. What the engine hands over can be old: `destroy` and `refresh` bring what state recorded.
 * So the default provider reads the stack's present configuration first, and recorded credentials come last, behind the
 * environment. A provider that the program makes itself is given what the program says.
 */
export function configLookup(
  given: Properties,
  isDefault: boolean,
  environment: NodeJS.ProcessEnv = process.env,
): ConfigLookup {
  const recorded = plainOf(given) as Properties;
  if (!isDefault) return (name) => textOf(recorded[name]);
  const all = parseObject(environment["PULUMI_CONFIG"] ?? "") ?? {};
  const present: Properties = {};
  for (const { name } of [...configKeys, profilesKey])
    present[name] = all[name] ?? all[`bigdata:${name}`] ?? all[`bigdata:config:${name}`];
  const account = accountOf(present, recorded, environment);
  const profiles = profilesOf(present[profilesKey.name], recorded[profilesKey.name], environment);
  return (name) => textOf(name === profilesKey.name ? profiles : account[name]);
}

/** Each profile as an account of its own; what has another form stays, so that it can be told. */
function profilesOf(present: unknown, recorded: unknown, environment: NodeJS.ProcessEnv): unknown {
  const [now, before] = [present, recorded].map((value) =>
    typeof value === "string" ? (parseObject(value) ?? (value || undefined)) : value,
  );
  const newest = now ?? before;
  if (!isObject(newest)) return newest;
  const [left, right] = [keysOf(now), keysOf(before)];
  return Object.fromEntries(
    Object.entries({ ...right, ...left }).map(([name, keys]) => {
      const ending = variableEnding(name);
      return [
        name,
        isObject(keys) ? accountOf(keysOf(left[name]), keysOf(right[name]), environment, ending) : keys,
      ];
    }),
  );
}

const keysOf = (value: unknown): Properties => (isObject(value) ? value : {});

/**
 * What is known of an account. The credentials of a cloud come from one source as a set, so that a key pair never meets
 * the token of another; from neither, where the environment has some.
 */
function accountOf(
  present: Properties,
  recorded: Properties,
  environment: NodeJS.ProcessEnv,
  ending = "",
): Properties {
  const cloudOf = (key: ConfigKey) => /^[a-z]+/.exec(key.name)?.[0];
  return Object.fromEntries(
    configKeys.map((key) => {
      const { name, isCredential } = key;
      const set = configKeys.filter((each) => each.isCredential && cloudOf(each) === cloudOf(key));
      const isNew = set.some((each) => textOf(present[each.name]) !== undefined);
      const isElsewhere = set.some(({ variables }) => variables.some((each) => environment[each + ending]));
      if (isCredential && (isNew || isElsewhere)) return [name, isNew ? present[name] : undefined];
      return [name, textOf(present[name]) ?? recorded[name]];
    }),
  );
}

function textOf(value: unknown): string | undefined {
  if (value === undefined || value === null || value === "") return undefined;
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Profiles with the keys of each. */
function profilesIn(config: ConfigLookup): [string, Properties][] {
  const profiles = Object.entries(parseObject(config(profilesKey.name) ?? "") ?? {});
  return profiles.map(([name, keys]) => [name, keysOf(keys)]);
}

/** Where calls go otherwise than usual, for people. */
export function endpointMessages(config: ConfigLookup): string[] {
  const names = configKeys.map(({ name }) => name).filter(isEndpoint);
  const given: [string, unknown][] = [
    ...names.map((name): [string, unknown] => [name, config(name)]),
    ...profilesIn(config).flatMap(([profile, keys]) =>
      names.map((name): [string, unknown] => [`profiles.${profile}.${name}`, keys[name]]),
    ),
  ];
  const keysBy = new Map<string, string[]>();
  for (const [path, value] of given) {
    // A user and a password before the host are nobody's business.
    const shown = textOf(value)?.replace(/^(https?:\/\/)?[^/]*@/i, "$1");
    if (shown) keysBy.set(shown, [...(keysBy.get(shown) ?? []), `bigdata:${path}`]);
  }
  return [...keysBy].map(
    ([shown, keys]) => `Calls go to ${shown}, not to the cloud's own endpoint (${keys.join(", ")})`,
  );
}

/** The secrets of all accounts, so that no message repeats them. */
export function credentialTexts(
  config: ConfigLookup,
  environment: NodeJS.ProcessEnv = process.env,
): string[] {
  const profiles = profilesIn(config);
  const endings = ["", ...profiles.map(([profile]) => variableEnding(profile))];
  const found = configKeys
    .filter(({ isSecret }) => isSecret)
    .flatMap(({ name, variables }) => [
      config(name),
      ...profiles.map(([, keys]) => textOf(keys[name])),
      ...variables.flatMap((variable) => endings.map((ending) => environment[variable + ending])),
    ]);
  return found.flatMap((text) => (text ? [text] : []));
}
