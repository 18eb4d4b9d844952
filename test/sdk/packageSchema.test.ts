// The package schema keeps to Pulumi's metaschema, restated here as far as it is used, and says what the zod schemas say.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { functions } from "../../provider/functions";
import { resources } from "../../provider/resources";
import { root } from "../package";

const token = z.string().regex(/^[a-zA-Z][-a-zA-Z0-9_]*:([^0-9][a-zA-Z0-9._/-]*)?:[^0-9][a-zA-Z0-9._/]*$/);
const note = {
  description: z.string().optional(),
  default: z.union([z.boolean(), z.number(), z.string()]).optional(),
  defaultInfo: z.strictObject({ environment: z.array(z.string()) }).optional(),
  deprecationMessage: z.string().optional(),
  secret: z.boolean().optional(),
  replaceOnChanges: z.boolean().optional(),
  willReplaceOnChanges: z.boolean().optional(),
};
const type: z.ZodType = z.lazy(() => typeSpec({}));
const typeSpec = (more: Record<string, z.ZodType>) =>
  z.union([
    z.strictObject({ type: z.enum(["boolean", "integer", "number", "string"]), ...more }),
    z.strictObject({ type: z.literal("array"), items: type, ...more }),
    z.strictObject({ type: z.literal("object"), additionalProperties: type, ...more }),
    z.strictObject({ $ref: z.string().regex(/^#\/types\//), ...more }),
  ]);
const property = typeSpec(note);
const properties = z.record(z.string(), property);
const object = { properties, required: z.array(z.string()).optional() };
// Pulumi wants no more than the value; our users want a name and a meaning.
const values = <Value extends z.ZodType>(value: Value) =>
  z
    .array(z.strictObject({ name: z.string().regex(/^[A-Z]\w+$/), description: z.string().min(1), value }))
    .min(1);
const told = { description: z.string().min(1) };
const complexType = z.union([
  z.strictObject({ type: z.literal("object"), ...told, ...object }),
  z.strictObject({ type: z.literal("string"), ...told, enum: values(z.string()) }),
  z.strictObject({ type: z.literal("integer"), ...told, enum: values(z.int()) }),
]);
const metaschema = z.strictObject({
  name: z.string().regex(/^[a-zA-Z][-a-zA-Z0-9_]*$/),
  displayName: z.string(),
  version: z.string().regex(/^\d+\.\d+\.\d+/),
  description: z.string(),
  license: z.string(),
  keywords: z.array(z.string()),
  publisher: z.string(),
  homepage: z.url(),
  repository: z.url(),
  meta: z.strictObject({ moduleFormat: z.string() }),
  config: z.strictObject({ variables: properties }),
  provider: z.strictObject({ description: z.string(), inputProperties: properties }),
  resources: z.record(
    token,
    z.strictObject({
      description: z.string(),
      ...object,
      inputProperties: properties,
      requiredInputs: z.array(z.string()),
      aliases: z.array(z.strictObject({ type: z.string() })),
    }),
  ),
  functions: z.record(
    token,
    z.strictObject({
      description: z.string(),
      inputs: z.strictObject({ type: z.literal("object"), ...object }),
      outputs: z.strictObject({ type: z.literal("object"), ...object }),
    }),
  ),
  types: z.record(token, complexType),
  language: z.partialRecord(z.enum(["nodejs", "python", "go", "csharp", "java"]), z.looseObject({})),
});

const schema = JSON.parse(readFileSync(join(root, "schema.json"), "utf8"));
const parsed = metaschema.parse(schema);

test("it keeps to the metaschema", () => {
  expect(metaschema.safeParse(schema).error).toBeUndefined();
});

test("every type that is referred to is there, and every type is referred to", () => {
  const references = new Set(
    [...JSON.stringify(schema).matchAll(/"#\/types\/([^"]+)"/g)].map(([, name]) => name),
  );
  expect([...references].sort()).toEqual(Object.keys(parsed.types).sort());
});

test.each([...resources])(
  "%s: inputs, outputs, secrets and replacements are those of the handlers",
  (name, resource) => {
    const spec = parsed.resources[`bigdata:${name}`];
    expect(Object.keys(spec?.inputProperties ?? {})).toEqual(Object.keys(resource.inputs.shape));
    expect(Object.keys(spec?.properties ?? {}).sort()).toEqual(
      [...new Set([...Object.keys(resource.inputs.shape), ...Object.keys(resource.outputs.shape)])].sort(),
    );
    const marked = (mark: "secret" | "willReplaceOnChanges") =>
      Object.entries(spec?.inputProperties ?? {})
        .filter(([, each]) => (each as Record<string, unknown>)[mark] === true)
        .map(([property]) => property);
    const inputSecrets = resource.secrets.filter((secret) => secret in resource.inputs.shape);
    expect(marked("secret").sort()).toEqual([...inputSecrets].sort());
    expect(marked("willReplaceOnChanges").sort()).toEqual([...resource.replaceOnChanges].sort());
    for (const [property, each] of Object.entries(spec?.properties ?? {}))
      expect((each as { description?: string }).description, property).toBeTruthy();
    for (const reserved of ["id", "urn"]) expect(spec?.properties).not.toHaveProperty(reserved);
    // What the handlers require, the schema requires; what has a default, it does not.
    const required = Object.entries(resource.inputs.shape)
      .filter(([, each]) => !z.safeParse(each, undefined).success)
      .map(([property]) => property)
      .filter((property) => !resource.defaultedBySdk.includes(property));
    expect([...(spec?.requiredInputs ?? [])].sort()).toEqual(required.sort());
  },
);

test("every property of every type is described, and every resource and function has an example", () => {
  for (const [name, spec] of Object.entries(parsed.types)) {
    for (const [property, each] of Object.entries("properties" in spec ? spec.properties : {}))
      expect((each as { description?: string }).description, `${name}.${property}`).toBeTruthy();
  }
  for (const { description } of [...Object.values(parsed.resources), ...Object.values(parsed.functions)])
    for (const language of ["typescript", "python", "go", "yaml"])
      expect(description).toContain(`\`\`\`${language}\n`);
});

describe("functions", () => {
  test.each([...functions])("%s", (name, { inputs, outputs }) => {
    const spec = parsed.functions[`bigdata:${name}`];
    expect(Object.keys(spec?.inputs.properties ?? {})).toEqual(Object.keys(inputs.shape));
    expect(Object.keys(spec?.outputs.properties ?? {})).toEqual(Object.keys(outputs.shape));
  });
});

test("configuration: secrets are marked, and the environment is named", () => {
  const { variables } = parsed.config;
  expect(variables["tencentSecretKey"]).toMatchObject({
    secret: true,
    defaultInfo: { environment: ["TENCENTCLOUD_SECRET_KEY"] },
  });
  expect(variables["tencentRegion"]).not.toHaveProperty("secret");
});

test("a provider of one's own takes the same, and is given no credentials by the environment", () => {
  const { inputProperties } = parsed.provider;
  for (const [name, variable] of Object.entries(parsed.config.variables)) {
    const { defaultInfo, ...rest } = variable as { defaultInfo?: object };
    const isFilled = defaultInfo && /Region|ProjectId/.test(name);
    expect(inputProperties[name]).toEqual(isFilled ? variable : rest);
  }
  expect(Object.keys(inputProperties)).toEqual(Object.keys(parsed.config.variables));
});
