// The ActionParams of RunApplicationAction.
import { refusal } from "../errors";
import type { VolcengineSettings } from "../settings";
import type { VkeCluster } from "./cluster";
import { findConfig } from "./configs";
import type { ActionName, ConfigChange } from "./operation";

export interface Param {
  Key: string;
  Value?: string;
}

export function releasesOf(params: readonly Param[], settings: VolcengineSettings): string[] {
  const given = params.filter(({ Key }) => Key === "releaseName").map(({ Value = "" }) => Value);
  const named = given.filter((name) => name !== "");
  if (named.length < 2 || settings.severalReleases === "all") return named;
  if (settings.severalReleases === "first") return named.slice(0, 1);
  if (settings.severalReleases === "last") return named.slice(-1);
  throw refusal(settings, "params", "There is more than one releaseName.");
}

export function checkKeys(params: readonly Param[], settings: VolcengineSettings): void {
  const strange = params.find(({ Key }) => Key !== "releaseName" && Key !== "applicationConfigs");
  if (strange && settings.unknownParams === "refuse") {
    throw refusal(settings, "params", `The action has no param ${strange.Key}.`);
  }
}

/** The values of `applicationConfigs`, which is JSON in a text. */
export function configsOf(
  params: readonly Param[],
  actionName: ActionName,
  settings: VolcengineSettings,
): ConfigChange[] {
  const texts = params.filter(({ Key }) => Key === "applicationConfigs").map(({ Value = "" }) => Value);
  const changes = texts.flatMap((text) => parse(text, settings));
  if (changes.length === 0) return [];
  if (actionName === "start" && settings.configsWithStart === "refuse") {
    throw refusal(settings, "configs", "applicationConfigs cannot be given with start.");
  }
  if (actionName === "stop") {
    if (settings.configsWithStop === "ignored") return [];
    throw refusal(settings, "configs", "applicationConfigs cannot be given with stop.");
  }
  return changes;
}

/** When files and keys must exist. */
export function checkConfigs(
  changes: readonly ConfigChange[],
  cluster: VkeCluster,
  applications: readonly string[],
  settings: VolcengineSettings,
): void {
  if (settings.unknownConfigs === "added") return;
  for (const { file, key } of changes) {
    const known = applications.some((name) => {
      const application = cluster.applications.get(name);
      return application !== undefined && findConfig(application, file, key) !== undefined;
    });
    if (!known) throw refusal(settings, "configs", `There is no ${key} in ${file}.`);
  }
}

function parse(text: string, settings: VolcengineSettings): ConfigChange[] {
  const wrong = (why: string) => refusal(settings, "configs", `applicationConfigs ${why}.`);
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch {
    throw wrong("is not JSON");
  }
  if (!Array.isArray(list)) throw wrong("is not a JSON array");
  return list.map((item: unknown) => {
    const { configFileName, configItemKey, configItemValue } = (item ?? {}) as Record<string, unknown>;
    if (typeof configFileName !== "string" || configFileName === "") throw wrong("lacks a configFileName");
    if (typeof configItemKey !== "string" || configItemKey === "") throw wrong("lacks a configItemKey");
    if (typeof configItemValue !== "string") throw wrong("lacks a configItemValue");
    return { file: configFileName, key: configItemKey, value: configItemValue };
  });
}
