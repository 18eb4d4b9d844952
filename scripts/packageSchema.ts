// The package schema, from which Pulumi makes SDKs in every language: the same zod schemas once more, in Pulumi's words.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { z } from "zod";
import { metaOf } from "../provider/core/choice";
import type { ProviderFunction } from "../provider/core/function";
import type { Resource } from "../provider/core/resource";
import { type ConfigKey, configKeys, profilesKey } from "../provider/doors/plugin/config";
import { functions } from "../provider/functions";
import { resources } from "../provider/resources";
import { unwrap } from "./describe";
import { schemaExample } from "./examples";
import { root } from "./root";
import { singular } from "./typeText";

type Json = Record<string, unknown>;

const packageName = "bigdata";
const tokenOf = (name: string) => `${packageName}:${name}`;

/** Collects the types that properties refer to. */
class Types {
  readonly all = new Map<string, Json>();

  /** A property's type. `owner` is the token under which nested types are named. */
  typeOf(given: z.core.$ZodType, owner: string, above = ""): Json {
    const { schema, description: own } = unwrap(given);
    const description = own || above;
    const def = schema._zod.def as z.core.$ZodTypes["_zod"]["def"];
    switch (def.type) {
      case "string":
      case "boolean":
        return { type: def.type };
      case "number":
        return { type: isWhole(schema) ? "integer" : "number" };
      case "array":
        return { type: "array", items: this.typeOf(def.element, singular(owner), description) };
      case "record":
        return { type: "object", additionalProperties: this.typeOf(def.valueType, owner) };
      case "enum":
        return this.refer(owner, schema, description, {
          type: "string",
          enum: Object.values(def.entries).map((value) => constantOf(schema, value)),
        });
      case "literal":
        return this.refer(owner, schema, description, {
          type: "integer",
          enum: def.values.map((value) => constantOf(schema, value)),
        });
      case "object":
        return this.refer(owner, schema, description, {
          type: "object",
          ...this.objectOf(def.shape, owner),
        });
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
    // Python's generator fills in a choice's default with another type than it declares: the plugin does instead.
    const isPrimitive = ["string", "number", "boolean"].includes(typeof fallback) && !("$ref" in type);
    return {
      ...type,
      ...(description ? { description } : {}),
      ...(isPrimitive ? { default: fallback } : {}),
      ...(isSecret ? { secret: true } : {}),
    };
  }

  private refer(owner: string, schema: z.core.$ZodType, told: string, form: Json): Json {
    const token = tokenOfType(owner, schema);
    const { typeName, typeDescription } = metaOf(schema);
    const description = typeName === undefined ? told : typeDescription;
    const type: Json = { ...(description ? { description } : {}), ...form };
    const before = this.all.get(token);
    this.all.set(token, before ? bothOf(token, before, type) : type);
    return { $ref: `#/types/${token}` };
  }
}

/** An input and the output of the same name share a type, which has to hold both. */
function bothOf(token: string, before: Json, type: Json): Json {
  if (isDeepStrictEqual({ ...before, description: "" }, { ...type, description: "" })) return before;
  if (type["type"] !== "object") throw new Error(`${token} is declared in two ways`);
  const { required: left = [], ...rest } = before as { required?: string[] };
  const { required: right = [] } = type as { required?: string[] };
  const required = left.filter((name) => right.includes(name));
  const properties = { ...(before["properties"] as Json), ...(type["properties"] as Json) };
  return { ...rest, properties, ...(required.length > 0 ? { required } : {}) };
}

/** Types that several properties share are named once: of one cloud, or of the package where clouds share them. */
function tokenOfType(owner: string, schema: z.core.$ZodType): string {
  const { typeName } = metaOf(schema);
  if (typeName === undefined) return owner;
  const [, cloud] = owner.split(":");
  return tokenOf(typeName.includes(":") ? typeName : `${cloud}:${typeName}`);
}

function constantOf(schema: z.core.$ZodType, value: unknown): Json {
  const constant = metaOf(schema).values?.[String(value)];
  if (!constant) throw new Error(`no name for ${value}: declare it with choice() of provider/choice.ts`);
  return { ...constant, value };
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

function resourceSpec(resource: Resource, types: Types): Json {
  const owner = tokenOf(resource.type);
  const inputs = types.objectOf(resource.inputs.shape, owner);
  const state = types.objectOf({ ...resource.inputs.shape, ...resource.outputs.shape }, owner);
  const inputProperties = Object.fromEntries(
    Object.entries(inputs.properties).map(([name, property]) => [
      name,
      {
        ...property,
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
    description: [resource.description, schemaExample(resource.type), "## Import", importText(resource)].join(
      "\n\n",
    ),
    // Defaults belong to inputs: outputs just are what they are.
    properties: Object.fromEntries(
      Object.entries(state.properties).map(([name, { default: _, ...property }]) => [name, property]),
    ),
    required: [...new Set(always)],
    inputProperties,
    requiredInputs: (inputs.required ?? []).filter((name) => !resource.defaultedBySdk.includes(name)),
    aliases: [{ type: `pulumi-nodejs:dynamic/bigdata/${resource.type}` }],
  };
}

/** How what exists is imported, in Markdown. */
export function importText({ type, importId }: Resource): string {
  return [
    `By an id of the form \`${importId}\`:`,
    "",
    "```sh",
    `pulumi import ${tokenOf(type)} <name> '${importId}'`,
    "```",
  ].join("\n");
}

function functionSpec({ token, description, inputs, outputs }: ProviderFunction, types: Types): Json {
  // `getEmrNodes` answers with a list of `GetEmrNodesNode`.
  const owner = tokenOf(token).replace(/:(\w)(\w*)$/, (_, first, rest) => `:${first.toUpperCase()}${rest}`);
  return {
    description: `${description}\n\n${schemaExample(token)}`,
    inputs: { type: "object", ...types.objectOf(inputs.shape, owner) },
    outputs: { type: "object", ...types.objectOf(outputs.shape, owner) },
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
  const { version, description, license, homepage, ...rest } = JSON.parse(
    readFileSync(join(root, "package.json"), "utf8"),
  );
  const repository: string = rest.repository.url.replace(/^git\+|\.git$/g, "");
  const types = new Types();
  const specs = <T>(all: Iterable<[string, T]>, spec: (value: T, types: Types) => Json) =>
    Object.fromEntries([...all].map(([name, value]) => [tokenOf(name), spec(value, types)]));
  const resourceSpecs = specs(resources, resourceSpec);
  const functionSpecs = specs(functions, functionSpec);
  return {
    name: packageName,
    displayName: "Big data operations",
    version,
    description,
    license,
    keywords: [
      "pulumi",
      "kind/native",
      "category/cloud",
      "emr",
      "tencent-cloud",
      "huawei-cloud",
      "volcengine",
    ],
    publisher: "pulumi-bigdata",
    homepage,
    repository,
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
      nodejs: { respectSchemaVersion: true, packageName: "pulumi-bigdata" },
      python: { respectSchemaVersion: true, packageName: "pulumi_bigdata", pyproject: { enabled: true } },
      go: {
        respectSchemaVersion: true,
        generateResourceContainerTypes: true,
        importBasePath: `${repository.replace("https://", "")}/sdk/go/bigdata`,
      },
      csharp: { respectSchemaVersion: true, rootNamespace: "PulumiBigdata" },
      java: { basePackage: "io.pulumibigdata", buildFiles: "gradle" },
    },
  };
}
