// Where a package's provider is and how it is started, as the real engine finds it.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Project, pluginRuntime, resolveFromProgram } from "./project";

export const dynamicPackage = "pulumi-nodejs";

export interface Plugin {
  /** Arguments of Node; the engine's address comes after them. */
  args: string[];
  /** Told to the provider in Handshake. */
  directory: string;
}

export function findPlugin(project: Project, packageName: string, version: string | undefined): Plugin {
  if (packageName === dynamicPackage) {
    const entry = resolveFromProgram(project.directory, "@pulumi/pulumi/cmd/dynamic-provider");
    return { args: [entry], directory: project.directory };
  }
  const named = project.plugins.find(
    (plugin) =>
      plugin.name === packageName &&
      (plugin.version === undefined || version === undefined || plugin.version === version),
  );
  if (!named) {
    const wanted = version === undefined ? "" : ` at version v${version}`;
    throw new Error(
      `no resource plugin 'pulumi-resource-${packageName}' found${wanted}: the test engine starts what Pulumi.yaml names under plugins.providers`,
    );
  }
  const directory = named.path;
  const executable = join(directory, `pulumi-resource-${packageName}`);
  if (existsSync(executable)) return { args: [executable], directory };
  const runtime = pluginRuntime(directory);
  if (runtime !== "nodejs") {
    throw new Error(
      runtime === undefined
        ? `${directory} has neither pulumi-resource-${packageName} nor PulumiPlugin.yaml`
        : `${directory} names the runtime ${runtime}; the test engine starts nodejs plugins only`,
    );
  }
  const entry = resolveFromProgram(directory, "@pulumi/pulumi/cmd/run-plugin");
  return { args: [entry, directory], directory };
}
