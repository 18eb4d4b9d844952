// What Pulumi.yaml says, and where a program's own copy of the SDK lies.
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";

export interface Project {
  name: string;
  directory: string;
  main: string;
  runtime: string;
  runtimeOptions: Record<string, unknown>;
  plugins: ProjectPlugin[];
}

/** A provider that Pulumi.yaml names under `plugins.providers` or `packages`; its path is absolute here. */
export interface ProjectPlugin {
  name: string;
  path: string;
  version?: string;
}

export function readProject(directory: string, name?: string): Project {
  const file = join(directory, "Pulumi.yaml");
  if (!existsSync(file)) {
    if (name === undefined)
      throw new Error(`there is no Pulumi.yaml in ${directory}, and no project name was given`);
    return { name, directory, main: ".", runtime: "nodejs", runtimeOptions: {}, plugins: [] };
  }
  const parsed = parseYaml(readFileSync(file, "utf8")) as PulumiYaml;
  const { runtime } = parsed;
  const plugins = [...(parsed.plugins?.providers ?? []), ...localPackages(parsed.packages ?? {})];
  return {
    name: name ?? parsed.name,
    directory,
    main: parsed.main ?? ".",
    runtime: (typeof runtime === "string" ? runtime : runtime?.name) ?? "",
    runtimeOptions: typeof runtime === "object" ? (runtime.options ?? {}) : {},
    plugins: plugins.map((plugin) => ({ ...plugin, path: resolve(directory, plugin.path) })),
  };
}

/** Packages that are folders are plugins too; the others would have to be downloaded. */
function localPackages(packages: Record<string, string | { source: string }>): ProjectPlugin[] {
  return Object.entries(packages)
    .map(([name, spec]) => ({ name, path: typeof spec === "string" ? spec : spec.source }))
    .filter(({ path }) => /^(\.\/|\.\.|\/)/.test(path));
}

/** The runtime that a plugin directory's PulumiPlugin.yaml names, if there is one. */
export function pluginRuntime(directory: string): string | undefined {
  const file = join(directory, "PulumiPlugin.yaml");
  if (!existsSync(file)) return undefined;
  const { runtime } = parseYaml(readFileSync(file, "utf8")) as PulumiYaml;
  return typeof runtime === "string" ? runtime : runtime?.name;
}

interface PulumiYaml {
  name: string;
  main?: string;
  runtime?: string | { name: string; options?: Record<string, unknown> };
  plugins?: { providers?: ProjectPlugin[] };
  packages?: Record<string, string | { source: string }>;
}

/** The YAML parser is the SDK's own dependency, reached through the SDK. */
export function parseYaml(text: string): unknown {
  const requireFromSdk = createRequire(require.resolve("@pulumi/pulumi/package.json"));
  const yaml = requireFromSdk("js-yaml") as { load(text: string): unknown };
  return yaml.load(text);
}

/** As the language host does it: `require.resolve` with the program's directory as the starting point. */
export function resolveFromProgram(directory: string, module: string): string {
  return createRequire(join(directory, "package.json")).resolve(module);
}
