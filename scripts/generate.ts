// Writes what follows from the schemas: the package schema, the SDKs' classes and functions, the reference pages and the
// examples in every language.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Resource } from "../provider/core/resource";
import { functions } from "../provider/functions";
import { resources } from "../provider/resources";
import { classModule } from "./classFile";
import { pageExample } from "./examples";
import { functionModule, functionsPage } from "./functionFiles";
import { importText, packageSchema } from "./packageSchema";
import { convertedExamples, nodeSdk } from "./pulumiGenerators";
import { root } from "./root";
import { outputRows, propertyRows } from "./tables";

function referencePage(resource: Resource): string {
  const [cloud, name] = resource.type.split(":");
  return [
    `# ${cloud}.${name}`,
    "",
    "<!-- Generated from the schemas in provider/ by `npm run generate`. Do not edit. -->",
    "",
    resource.description,
    "",
    ...pageExample(resource.type, "##"),
    "## Inputs",
    "",
    "A change is made *in place*, or *replaces* what exists.",
    "",
    "| input | type | required | change | meaning |",
    "| --- | --- | --- | --- | --- |",
    ...propertyRows(resource.inputs.shape, "", resource),
    "",
    "## Outputs",
    "",
    "All inputs, and:",
    "",
    "| output | type | meaning |",
    "| --- | --- | --- |",
    ...outputRows(resource.outputs.shape),
    "",
    "## Import",
    "",
    importText(resource),
    "",
  ].join("\n");
}

/** Every file that follows from the schemas alone: path from the project's root, and content. */
export function generatedFiles(): Map<string, string> {
  const files = new Map<string, string>();
  const all = [...resources.values()];
  for (const cloud of new Set(all.map(({ type }) => type.split(":")[0] ?? ""))) {
    const isOwn = (token: string) => token.startsWith(`${cloud}:`);
    const own = all.filter(({ type }) => isOwn(type));
    files.set(`sdk/${cloud}Classes.ts`, classModule(cloud, own));
    const asked = [...functions.values()].filter(({ token }) => isOwn(token));
    files.set(`sdk/${cloud}Functions.ts`, functionModule(cloud, asked));
  }
  files.set("schema.json", `${JSON.stringify(packageSchema(), undefined, 2)}\n`);
  for (const resource of all)
    files.set(`docs/${resource.type.replace(":", ".")}.md`, referencePage(resource));
  files.set("docs/functions.md", functionsPage([...functions.values()]));
  return files;
}

/** The examples in other languages, by Pulumi's generators. */
export const exampleFiles = () => convertedExamples(packageSchema());

/** The classes of the plugin door, by Pulumi's generator. */
export function classFiles(): Map<string, string> {
  const deletedFirst = [...resources.values()].filter(({ deleteBeforeReplace }) => deleteBeforeReplace);
  return nodeSdk(
    packageSchema(),
    deletedFirst.map(({ type }) => type),
  );
}

function write(files: Map<string, string>): void {
  for (const [path, content] of files) {
    const file = join(root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
}

if (require.main === module) {
  // The schema and the pages hold the examples, and the classes are made of the schema that does.
  write(exampleFiles());
  rmSync(join(root, "sdk", "plugin"), { recursive: true, force: true });
  write(classFiles());
  write(generatedFiles());
}
