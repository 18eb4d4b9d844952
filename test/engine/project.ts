// What Pulumi.yaml says.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";

export interface Project {
  name: string;
  directory: string;
  /** Those that it names under `plugins.providers`. */
  plugins: { name: string; path: string }[];
}

interface PulumiYaml {
  name: string;
  plugins?: { providers?: { name: string; path: string }[] };
}

export function readProject(directory: string): Project {
  const { name, plugins } = parseYaml(readFileSync(join(directory, "Pulumi.yaml"), "utf8")) as PulumiYaml;
  const providers = plugins?.providers ?? [];
  return {
    name,
    directory,
    plugins: providers.map((each) => ({ ...each, path: resolve(directory, each.path) })),
  };
}

/** The YAML parser is the SDK's own dependency, reached through the SDK. */
export function parseYaml(text: string): unknown {
  const requireFromSdk = createRequire(require.resolve("@pulumi/pulumi/package.json"));
  const yaml = requireFromSdk("js-yaml") as { load(text: string): unknown };
  return yaml.load(text);
}
