// Writes what follows from the schemas: the SDK's typed inputs and outputs with their docstrings, and the reference
// pages under docs/, and the package schema. `--check` only compares, for tests and CI.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { functions } from "../provider/functions";
import type { Resource } from "../provider/resource";
import { resources } from "../provider/resources";
import { unwrap } from "./describe";
import { functionModule, functionsPage, functionTypes } from "./functionFiles";
import { packageSchema } from "./packageSchema";
import { root } from "./root";
import { outputRows, propertyRows } from "./tables";
import { interfaceText, typeText, type Writer } from "./typeText";

function sdkTypes(all: Resource[]): string {
  const parts = all.flatMap((resource) => {
    const name = resource.type.split(":")[1] ?? "";
    const inputs: Writer = {
      wrap: (type) => `pulumi.Input<${type}>`,
      suffix: "Args",
      isInput: true,
      interfaces: new Map(),
    };
    const outputs: Writer = { wrap: (type) => type, suffix: "", isInput: false, interfaces: new Map() };
    const args = interfaceText(`${name}Args`, resource.inputs.shape, name, inputs, (property, described) =>
      resource.defaultedBySdk.includes(property) ? true : described.optional,
    );
    const state = { ...resource.inputs.shape, ...resource.outputs.shape };
    const fields = Object.entries(state).map(([property, schema]) => {
      const { optional, fallback, description } = unwrap(schema);
      const type = typeText(schema, name + property.charAt(0).toUpperCase() + property.slice(1), outputs);
      const may = optional && fallback === undefined ? " | undefined" : "";
      return `${description ? `  /** ${description} */\n` : ""}  readonly ${property}: pulumi.Output<${type}${may}>;`;
    });
    return [
      `/** Inputs of {@link ${name}}. */\n${args}`,
      ...inputs.interfaces.values(),
      `/** Outputs of {@link ${name}}. */\nexport interface ${name}Outputs {\n${fields.join("\n")}\n}\n`,
      ...outputs.interfaces.values(),
      `/** Every property of {@link ${name}} that the engine sets. */\nexport const ${name.charAt(0).toLowerCase()}${name.slice(1)}Outputs: readonly (keyof ${name}Outputs)[] = ${JSON.stringify(Object.keys(state), undefined, 2)};\n`,
    ];
  });
  return [
    "// Generated from the schemas in provider/ by `npm run generate`. Do not edit.",
    'import type * as pulumi from "@pulumi/pulumi";',
    "",
    ...parts,
  ].join("\n");
}

function referencePage(resource: Resource): string {
  const [cloud, name] = resource.type.split(":");
  return [
    `# ${cloud}.${name}`,
    "",
    "<!-- Generated from the schemas in provider/ by `npm run generate`. Do not edit. -->",
    "",
    resource.description,
    "",
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
  ].join("\n");
}

/** Every generated file: path from the project's root, and content. */
export function generatedFiles(): Map<string, string> {
  const files = new Map<string, string>();
  const all = [...resources.values()];
  for (const cloud of new Set(all.map(({ type }) => type.split(":")[0] ?? ""))) {
    const asked = [...functions.values()].filter(({ token }) => token.startsWith(`${cloud}:`));
    const types = sdkTypes(all.filter(({ type }) => type.startsWith(`${cloud}:`)));
    files.set(`sdk/${cloud}Types.ts`, [types, ...asked.map(functionTypes)].join("\n"));
    files.set(`sdk/${cloud}Functions.ts`, functionModule(cloud, asked));
  }
  files.set("schema.json", `${JSON.stringify(packageSchema(), undefined, 2)}\n`);
  for (const resource of all)
    files.set(`docs/${resource.type.replace(":", ".")}.md`, referencePage(resource));
  files.set("docs/functions.md", functionsPage([...functions.values()]));
  return files;
}

if (require.main === module) {
  for (const [path, content] of generatedFiles()) {
    const file = join(root, path);
    mkdirSync(dirname(file), { recursive: true });
    if (process.argv.includes("--check")) {
      if (readFileSync(file, "utf8") !== content) throw new Error(`${path} is stale: run npm run generate`);
    } else writeFileSync(file, content);
  }
}
