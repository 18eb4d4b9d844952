// Writes what follows from the schemas: the SDK's typed inputs and outputs with their docstrings, and the reference
// pages under docs/. `--check` only compares, for tests and CI.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { z } from "zod";
import type { Resource } from "../provider/resource";
import { resources } from "../provider/resources";

const root = join(__dirname, "..", "..");

interface Described {
  schema: z.core.$ZodType;
  optional: boolean;
  fallback: unknown;
  description: string;
}

/** A property without its wrappers. */
function unwrap(given: z.core.$ZodType): Described {
  let description = (given as z.ZodType).description ?? "";
  let schema = given;
  let optional = false;
  let fallback: unknown;
  for (;;) {
    const def = schema._zod.def as z.core.$ZodTypeDef & {
      innerType?: z.core.$ZodType;
      defaultValue?: unknown;
    };
    if (def.type !== "optional" && def.type !== "default") break;
    optional = true;
    if (def.type === "default") fallback = def.defaultValue;
    schema = def.innerType as z.core.$ZodType;
    description ||= (schema as z.ZodType).description ?? "";
  }
  return { schema, optional, fallback, description };
}

interface Writer {
  /** Wraps the type of a property, such as in pulumi.Input<…>. */
  wrap(type: string): string;
  suffix: string;
  /** Whether properties with a default may be left out. */
  isInput: boolean;
  interfaces: Map<string, string>;
}

function typeText(given: z.core.$ZodType, name: string, writer: Writer): string {
  const def = unwrap(given).schema._zod.def as z.core.$ZodTypes["_zod"]["def"];
  switch (def.type) {
    case "string":
    case "boolean":
    case "number":
      return def.type;
    case "enum":
      return Object.values(def.entries)
        .map((value) => JSON.stringify(value))
        .join(" | ");
    case "literal":
      return def.values.map((value) => JSON.stringify(value)).join(" | ");
    case "union":
      return def.options.map((option) => typeText(option, name, writer)).join(" | ");
    case "record": {
      const value = writer.wrap(typeText(def.valueType, name, writer));
      return `Record<string, ${value}>`;
    }
    case "array": {
      const item = writer.wrap(typeText(def.element, name.replace(/s$/, ""), writer));
      return item.includes(" | ") && !item.startsWith("pulumi.") ? `(${item})[]` : `${item}[]`;
    }
    case "object":
      writer.interfaces.set(name, interfaceText(name + writer.suffix, def.shape, name, writer));
      return name + writer.suffix;
    default:
      throw new Error(`no TypeScript form for ${def.type} (${name})`);
  }
}

function interfaceText(
  name: string,
  shape: Readonly<Record<string, z.core.$ZodType>>,
  prefix: string,
  writer: Writer,
  isOptional: (property: string, described: Described) => boolean = (_, { optional, fallback }) =>
    optional && (writer.isInput || fallback === undefined),
): string {
  const lines = Object.entries(shape).map(([property, schema]) => {
    const described = unwrap(schema);
    const type = writer.wrap(
      typeText(schema, prefix + property.charAt(0).toUpperCase() + property.slice(1), writer),
    );
    const mark = isOptional(property, described) ? "?" : "";
    const doc = described.description ? `  /** ${described.description} */\n` : "";
    const orAbsent = mark ? " | undefined" : "";
    return `${doc}  ${writer.isInput ? "" : "readonly "}${property}${mark}: ${type}${orAbsent};`;
  });
  return `export interface ${name} {\n${lines.join("\n")}\n}\n`;
}

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

function propertyRows(
  shape: Readonly<Record<string, z.core.$ZodType>>,
  path: string,
  resource: Resource,
): string[] {
  return Object.entries(shape).flatMap(([property, schema]) => {
    const { schema: inner, optional, fallback, description } = unwrap(schema);
    const def = inner._zod.def as z.core.$ZodTypes["_zod"]["def"];
    const element = def.type === "array" ? unwrap(def.element).schema : inner;
    const elementDef = element._zod.def as z.core.$ZodTypes["_zod"]["def"];
    const here = `${path}${property}`;
    const needed = optional || resource.defaultedBySdk.includes(here) ? "" : "yes";
    const change = path ? "" : resource.replaceOnChanges.includes(property) ? "replaces" : "in place";
    const nested =
      elementDef.type === "object"
        ? propertyRows(elementDef.shape, `${here}${def.type === "array" ? "[]" : ""}.`, resource)
        : [];
    const kind = typeText(schema, "object", {
      wrap: (type) => type,
      suffix: "",
      isInput: true,
      interfaces: new Map(),
    });
    const shown = kind.replaceAll("|", "\\|");
    const note =
      fallback === undefined || /default/i.test(description)
        ? ""
        : ` Default \`${JSON.stringify(fallback)}\`.`;
    return [`| \`${here}\` | ${shown} | ${needed} | ${change} | ${description}${note} |`, ...nested];
  });
}

function referencePage(resource: Resource): string {
  const [cloud, name] = resource.type.split(":");
  const outputs = propertyRows(resource.outputs.shape, "", resource).map((row) => {
    const cells = row.split(/(?<!\\)\|/);
    return `|${cells[1]}|${cells[2]}|${cells.slice(5).join("|")}`;
  });
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
    ...outputs,
    "",
  ].join("\n");
}

/** Every generated file: path from the project's root, and content. */
export function generatedFiles(): Map<string, string> {
  const files = new Map<string, string>();
  const all = [...resources.values()];
  for (const cloud of new Set(all.map(({ type }) => type.split(":")[0] ?? ""))) {
    files.set(`sdk/${cloud}Types.ts`, sdkTypes(all.filter(({ type }) => type.startsWith(`${cloud}:`))));
  }
  for (const resource of all)
    files.set(`docs/${resource.type.replace(":", ".")}.md`, referencePage(resource));
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
