// A schema as TypeScript text.
import type { z } from "zod";
import { type Described, unwrap } from "./describe";

export interface Writer {
  /** Wraps the type of a property, such as in pulumi.Input<…>. */
  wrap(type: string): string;
  suffix: string;
  /** Whether properties with a default may be left out. */
  isInput: boolean;
  interfaces: Map<string, string>;
}

export function typeText(given: z.core.$ZodType, name: string, writer: Writer): string {
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
      const item = writer.wrap(typeText(def.element, singular(name), writer));
      return item.includes(" | ") && !item.startsWith("pulumi.") ? `(${item})[]` : `${item}[]`;
    }
    case "object":
      writer.interfaces.set(name, interfaceText(name + writer.suffix, def.shape, name, writer));
      return name + writer.suffix;
    default:
      throw new Error(`no TypeScript form for ${def.type} (${name})`);
  }
}

export function interfaceText(
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

/** What one of several is called: `processes` are made of a `process`. */
export function singular(name: string): string {
  return name.replace(/(ss)es$|s$/, "$1");
}
