// The package schema, from which Pulumi makes SDKs in every language: the same zod schemas once more, in Pulumi's words.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { ProviderFunction } from "../provider/function";
import { functions } from "../provider/functions";
import type { Resource } from "../provider/resource";
import { resources } from "../provider/resources";
import { type ConfigKey, configKeys, profilesKey } from "../provider/service/config";
import { unwrap } from "./describe";
import { root } from "./root";
import { singular } from "./typeText";

type Json = Record<string, unknown>;

const packageName = "bigdata";
const tokenOf = (name: string) => `${packageName}:${name}`;

/** Collects the types that properties refer to. */
class Types {
  readonly all = new Map<string, Json>();

  /** A property's type. `owner` is the token under which nested types are named. */
  typeOf(given: z.core.$ZodType, owner: string): Json {
    const { schema } = unwrap(given);
    const def = schema._zod.def as z.core.$ZodTypes["_zod"]["def"];
    switch (def.type) {
      case "string":
      case "boolean":
        return { type: def.type };
      case "number":
        return { type: isWhole(schema) ? "integer" : "number" };
      case "array":
        return { type: "array", items: this.typeOf(def.element, singular(owner)) };
      case "record":
        return { type: "object", additionalProperties: this.typeOf(def.valueType, owner) };
      case "enum":
        return this.refer(owner, {
          type: "string",
          enum: Object.values(def.entries).map((value) => ({ value })),
        });
      case "union":
        return this.refer(owner, {
          type: "integer",
          enum: def.options.map(numbered),
        });
      case "literal":
        return this.refer(owner, { type: "integer", enum: [numbered(schema)] });
      case "object":
        return this.refer(owner, { type: "object", ...this.objectOf(def.shape, owner) });
      default:
        throw new Error(`no form in the package schema for ${def.type} (${owner})`);
    }
  }

  objectOf(shape: Readonly<Record<string, z.core.$ZodType>>, owner: string) {
    const properties = Object.fromEntries(
      Object.entries(shape).map(([name, schema]) => [name, this.propertyOf(name, schema, owner)]),
    );
    const required = Object.entries(shape).flatMap(([name, schema]) =>
      unwrap(schema).optional ? [] : [name],
    );
    return { properties, ...(required.length > 0 ? { required } : {}) };
  }

  propertyOf(name: string, given: z.core.$ZodType, owner: string): Json {
    const { description, fallback, isSecret } = unwrap(given);
    const type = this.typeOf(given, owner + name.charAt(0).toUpperCase() + name.slice(1));
    const isPrimitive = ["string", "number", "boolean"].includes(typeof fallback);
    return {
      ...type,
      ...(description ? { description } : {}),
      ...(isPrimitive ? { default: fallback } : {}),
      ...(isSecret ? { secret: true } : {}),
    };
  }

  private refer(token: string, type: Json): Json {
    const before = this.all.get(token);
    // An input and the output of the same name share a type, which has to hold both.
    if (before && JSON.stringify(before) !== JSON.stringify(type) && type["type"] === "object") {
      const properties = { ...(before["properties"] as Json), ...(type["properties"] as Json) };
      const [left, right] = [before["required"] ?? [], type["required"] ?? []] as [string[], string[]];
      const required = left.filter((name) => right.includes(name));
      this.all.set(token, { type: "object", properties, ...(required.length > 0 ? { required } : {}) });
    } else this.all.set(token, type);
    return { $ref: `#/types/${token}` };
  }
}

function isWhole(schema: z.core.$ZodType): boolean {
  const { checks, check, format } = schema._zod.def as {
    checks?: { _zod: { def: { format?: string } } }[];
    check?: string;
    format?: string;
  };
  return (
    format === "safeint" ||
    check === "number_format" ||
    Boolean(checks?.some(({ _zod }) => _zod.def.format === "safeint"))
  );
}

/** A number that stands for something, with the name that its schema's `meta` gives it. */
function numbered(schema: z.core.$ZodType): Json {
  const def = schema._zod.def as z.core.$ZodTypes["_zod"]["def"];
  const name = z.globalRegistry.get(schema)?.["name"];
  if (def.type !== "literal" || name === undefined)
    throw new Error(`no form in the package schema for a union with ${def.type} without a name`);
  return { name, value: def.values[0] };
}

function resourceSpec(resource: Resource, types: Types): Json {
  const owner = tokenOf(resource.type);
  const inputs = types.objectOf(resource.inputs.shape, owner);
  const state = types.objectOf({ ...resource.inputs.shape, ...resource.outputs.shape }, owner);
  const mark = (name: string, property: Json): Json => ({
    ...property,
    ...(resource.secrets.includes(name) ? { secret: true } : {}),
  });
  const inputProperties = Object.fromEntries(
    Object.entries(inputs.properties).map(([name, property]) => [
      name,
      {
        ...mark(name, property),
        ...(resource.replaceOnChanges.includes(name) ? { willReplaceOnChanges: true } : {}),
      },
    ]),
  );
  const hasDefault = (name: string) => {
    const schema = resource.inputs.shape[name];
    return schema !== undefined && unwrap(schema).fallback !== undefined;
  };
  const always = [
    ...(state.required ?? []),
    ...Object.keys(resource.inputs.shape).filter((name) => hasDefault(name)),
  ];
  return {
    description: `${resource.description}\n\n## Import\n\nBy an id of the form \`${resource.importId}\`.`,
    // Defaults belong to inputs: outputs just are what they are.
    properties: Object.fromEntries(
      Object.entries(state.properties).map(([name, { default: _, ...property }]) => [
        name,
        mark(name, property),
      ]),
    ),
    required: [...new Set(always)],
    inputProperties,
    requiredInputs: (inputs.required ?? []).filter((name) => !resource.defaultedBySdk.includes(name)),
    aliases: [{ type: `pulumi-nodejs:dynamic/bigdata/${resource.type}` }],
  };
}

function functionSpec({ token, description, inputs, outputs }: ProviderFunction, types: Types): Json {
  const owner = tokenOf(token);
  return {
    description,
    inputs: { type: "object", ...types.objectOf(inputs.shape, `${owner}Args`) },
    outputs: { type: "object", ...types.objectOf(outputs.shape, `${owner}Result`) },
  };
}

/** `fills`: whether a key's environment variables may be named, from which an SDK fills in its value. */
function configProperties(fills: (key: ConfigKey) => boolean): Json {
  const keys = configKeys.map((key) => [
    key.name,
    {
      type: "string",
      description: key.description,
      ...(key.isSecret ? { secret: true } : {}),
      ...(key.variables.length > 0 && fills(key) ? { defaultInfo: { environment: key.variables } } : {}),
    },
  ]);
  const profile = { type: "object", additionalProperties: { type: "string" } };
  const profiles = {
    type: "object",
    additionalProperties: profile,
    description: profilesKey.description,
    secret: true,
  };
  return { ...Object.fromEntries(keys), [profilesKey.name]: profiles };
}

export function packageSchema(): Json {
  const { version, description, license } = JSON.parse(
    readFileSync(join(root, "package.json"), "utf8"),
  ) as Record<string, string>;
  const types = new Types();
  const specs = <T>(all: Iterable<[string, T]>, spec: (value: T, types: Types) => Json) =>
    Object.fromEntries([...all].map(([name, value]) => [tokenOf(name), spec(value, types)]));
  const resourceSpecs = specs(resources, resourceSpec);
  const functionSpecs = specs(functions, functionSpec);
  return {
    name: packageName,
    displayName: "Big data",
    version,
    description,
    license,
    keywords: ["pulumi", "kind/native", "category/cloud"],
    // Tokens name the cloud as their module.
    meta: { moduleFormat: "(.*)" },
    config: { variables: configProperties(() => true) },
    provider: {
      description: "Accounts and regions of the clouds. What is not given comes from the environment.",
      // What an SDK fills in becomes an input, and so part of state: credentials are looked up by the plugin instead.
      inputProperties: configProperties(({ isCredential }) => !isCredential),
    },
    resources: resourceSpecs,
    functions: functionSpecs,
    types: Object.fromEntries([...types.all].sort(([a], [b]) => (a < b ? -1 : 1))),
    language: {
      nodejs: { respectSchemaVersion: true },
      python: { respectSchemaVersion: true, packageName: "pulumi_bigdata" },
      go: { respectSchemaVersion: true, generateResourceContainerTypes: true },
      csharp: { respectSchemaVersion: true, rootNamespace: "Pulumi" },
    },
  };
}
