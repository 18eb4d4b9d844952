import type { ConfigLookup, Context } from "../base/context";
import { StoppedError } from "../base/errors";
import { plainProblem } from "./endpoint";
import { parseObject } from "./wire";

export interface AccountRef {
  region?: string | undefined;
  profile?: string | undefined;
}

/** The same where a region has projects. */
export interface ProjectRef extends AccountRef {
  projectId?: string | undefined;
}

/** Where the settings of one account are looked up. */
export interface Settings {
  /** Looks up a key such as `tencentSecretId`. */
  config(key: string): string | undefined;
  /** Looks up an environment variable such as `TENCENTCLOUD_SECRET_ID`. */
  variable(name: string): string | undefined;
  /** The same, for what accounts may share, such as a region: also where no profile is meant. */
  shared(key: string, name?: string): string | undefined;
  /** How to set a key, for errors. */
  setting(key: string, name: string, isSecret?: boolean): string;
  /** For errors: "", or which profile is meant. */
  suffix: string;
  profile: string | undefined;
}

export function settingsOf(
  config: ConfigLookup,
  profile: string | undefined,
  environment: NodeJS.ProcessEnv = process.env,
): Settings {
  const plainConfig = (key: string) => usable(config(key), `bigdata:${key}`);
  const plainVariable = (name: string | undefined) => name && usable(environment[name], name);
  if (profile === undefined) {
    return {
      config: plainConfig,
      variable: plainVariable,
      shared: (key, name) => plainConfig(key) ?? plainVariable(name),
      setting: (key, name, isSecret) =>
        `\`pulumi config set ${isSecret ? "--secret " : ""}bigdata:${key} …\` or ${name}`,
      suffix: "",
      profile,
    };
  }
  const own = profileNamed(config, profile);
  const ending = variableEnding(profile);
  const ownConfig = (key: string) =>
    usable(own[key] === undefined ? undefined : String(own[key]), `bigdata:profiles.${profile}.${key}`);
  const ownVariable = (name: string | undefined) => plainVariable(name && `${name}${ending}`);
  return {
    config: ownConfig,
    variable: ownVariable,
    shared: (key, name) => ownConfig(key) ?? ownVariable(name) ?? plainConfig(key) ?? plainVariable(name),
    setting: (key, name, isSecret) =>
      `\`pulumi config set --path ${isSecret ? "--secret " : ""}bigdata:profiles.${profile}.${key} …\` or ${name}${ending}`,
    suffix: ` for profile ${profile}`,
    profile,
  };
}

/** A value that is set. A blank or a line break around it was copied by mistake, and the cloud would not name it. */
function usable(value: string | undefined, setting: string): string | undefined {
  if (value && value !== value.trim())
    throw new StoppedError(`${setting} begins or ends with a blank or a line break. Set it without.`);
  return value || undefined;
}

/** What a profile's environment variables end with. */
export function variableEnding(profile: string): string {
  return `_${profile.toUpperCase().replaceAll("-", "_")}`;
}

function profileNamed(config: ConfigLookup, profile: string): Record<string, unknown> {
  const text = config("profiles");
  if (!text) return {};
  const profiles = parseObject(text);
  const own = profiles?.[profile] ?? {};
  if (!profiles || typeof own !== "object" || own === null || Array.isArray(own)) {
    throw new StoppedError(
      "bigdata:profiles must be an object of profiles, each an object of keys: set them with `pulumi config set --path bigdata:profiles.<profile>.<key>`.",
    );
  }
  return own as Record<string, unknown>;
}

/** The configured endpoint. `parse`: what it comes to; throws where it is none. */
export function endpointAt(
  settings: Settings,
  key: string,
  parse: (endpoint: string) => URL,
  form: string,
): string | undefined {
  const endpoint = settings.shared(key);
  if (endpoint === undefined) return undefined;
  let url: URL;
  try {
    url = parse(endpoint);
  } catch {
    throw new StoppedError(`bigdata:${key} must be ${form}.`);
  }
  const problem = settings.shared("allowPlainHttp") === "true" ? undefined : plainProblem(url);
  if (problem) throw new StoppedError(`bigdata:${key} ${problem}.`);
  return endpoint;
}

/** Keeps what clients learn for each config and place, so that the next piece of work need not learn it again. */
export function keptByAccount<Learnt extends object>(): (context: Context, key: string) => Partial<Learnt> {
  const all = new WeakMap<ConfigLookup, Map<string, Partial<Learnt>>>();
  return ({ config }, key) => {
    const known = all.get(config) ?? new Map<string, Partial<Learnt>>();
    all.set(config, known);
    const learnt = known.get(key) ?? {};
    known.set(key, learnt);
    return learnt;
  };
}
