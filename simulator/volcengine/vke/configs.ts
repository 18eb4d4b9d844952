// What becomes of an application's configuration when an action brings values.
import type { VolcengineSettings } from "../settings";
import type { VkeApplication, VkeConfig } from "./cluster";
import type { ConfigChange } from "./operation";

/** Writes the values; they wait for their effect. */
export function writeConfigs(
  application: VkeApplication,
  component: string,
  changes: readonly ConfigChange[],
  settings: VolcengineSettings,
): void {
  if (changes.length === 0) return;
  if (settings.configsMode === "replace") {
    for (const config of application.configs) unset(config);
  }
  for (const { file, key, value } of changes) {
    const config = findConfig(application, file, key) ?? addConfig(application, component, file, key);
    if (value === "" && settings.emptyConfigValue === "unsets") unset(config);
    else config.value = value;
  }
}

/** A start or restart gives the component's values their effect. */
export function applyConfigs(application: VkeApplication, component: string): void {
  for (const config of application.configs) {
    if (config.component === component || config.component === "") config.effective = config.value;
  }
  // A value that was unset and has no preset is gone.
  application.configs = application.configs.filter(
    ({ value, effective, preset }) => preset !== undefined || value !== "" || effective !== "",
  );
}

export function findConfig(application: VkeApplication, file: string, key: string): VkeConfig | undefined {
  return application.configs.find((config) => config.file === file && config.key === key);
}

function addConfig(application: VkeApplication, component: string, file: string, key: string): VkeConfig {
  const config = { component, file, key, value: "", effective: undefined, preset: undefined };
  application.configs.push(config);
  return config;
}

function unset(config: VkeConfig): void {
  config.value = config.preset ?? "";
}
