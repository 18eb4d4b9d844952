// What Pulumi.yaml says, and where a program's own copy of the SDK lies.
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

export interface Project {
  name: string;
  directory: string;
  main: string;
  runtimeOptions: Record<string, unknown>;
}

export function readProject(directory: string, name?: string): Project {
  const file = join(directory, "Pulumi.yaml");
  if (!existsSync(file)) {
    if (name === undefined)
      throw new Error(`there is no Pulumi.yaml in ${directory}, and no project name was given`);
    return { name, directory, main: ".", runtimeOptions: {} };
  }
  const parsed = parseYaml(readFileSync(file, "utf8"));
  const { runtime } = parsed;
  const runtimeName = typeof runtime === "string" ? runtime : runtime?.name;
  if (runtimeName !== "nodejs") {
    throw new Error(`${file} names the runtime ${runtimeName}; the test engine runs nodejs programs only`);
  }
  return {
    name: name ?? parsed.name,
    directory,
    main: parsed.main ?? ".",
    runtimeOptions: typeof runtime === "object" ? (runtime.options ?? {}) : {},
  };
}

interface PulumiYaml {
  name: string;
  main?: string;
  runtime?: string | { name: string; options?: Record<string, unknown> };
}

// The YAML parser is the SDK's own dependency, reached through the SDK.
function parseYaml(text: string): PulumiYaml {
  const requireFromSdk = createRequire(require.resolve("@pulumi/pulumi/package.json"));
  const yaml = requireFromSdk("js-yaml") as { load(text: string): unknown };
  return yaml.load(text) as PulumiYaml;
}

/** As the language host does it: `require.resolve` with the program's directory as the starting point. */
export function resolveFromProgram(directory: string, module: string): string {
  return createRequire(join(directory, "package.json")).resolve(module);
}
