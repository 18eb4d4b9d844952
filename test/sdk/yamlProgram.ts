// Checks a YAML program against a package schema before it runs, as Pulumi's YAML runtime does: types of resources,
// names, required inputs, values of enums, functions, and what expressions refer to.

export interface YamlProgram {
  config?: Record<string, { type?: string; default?: unknown } | string>;
  variables?: Record<string, unknown>;
  resources?: Record<string, YamlResource>;
  outputs?: Record<string, unknown>;
}

interface YamlResource {
  type: string;
  properties?: Record<string, unknown>;
  options?: Record<string, unknown>;
}

interface Spec {
  type?: string;
  $ref?: string;
  items?: Spec;
  additionalProperties?: Spec;
  properties?: Record<string, Spec>;
  required?: string[];
  enum?: { value: unknown }[];
}

export interface PackageSchema {
  types: Record<string, Spec>;
  resources: Record<
    string,
    {
      properties: Record<string, Spec>;
      inputProperties: Record<string, Spec>;
      requiredInputs: string[];
    }
  >;
  functions: Record<string, { inputs: Spec; outputs: Spec }>;
}

const resourceKeys = ["type", "name", "defaultProvider", "properties", "options", "get"];
const optionKeys = [
  ...[
    "additionalSecretOutputs",
    "aliases",
    "customTimeouts",
    "deleteBeforeReplace",
    "dependsOn",
    "deletedWith",
  ],
  ...["ignoreChanges", "import", "parent", "protect", "provider", "providers", "replaceOnChanges"],
  ...["retainOnDelete", "version", "pluginDownloadURL"],
];
const timeoutKeys = ["create", "update", "delete"];

/** Every problem found; none if the program is good. */
export function checkYamlProgram(program: YamlProgram, schema: PackageSchema): string[] {
  return new Checker(program, schema).check();
}

class Checker {
  private readonly problems: string[] = [];

  constructor(
    private readonly program: YamlProgram,
    private readonly schema: PackageSchema,
  ) {}

  check(): string[] {
    const { variables = {}, resources = {}, outputs = {} } = this.program;
    for (const [name, value] of Object.entries(variables)) this.typeOf(value, `variables.${name}`);
    for (const [name, resource] of Object.entries(resources)) this.checkResource(name, resource);
    for (const [name, value] of Object.entries(outputs)) this.typeOf(value, `outputs.${name}`);
    return [...new Set(this.problems)];
  }

  private checkResource(name: string, resource: YamlResource): void {
    const where = `resources.${name}`;
    this.checkKeys(resource, resourceKeys, where);
    this.checkKeys(resource.options ?? {}, optionKeys, `${where}.options`);
    this.checkKeys(
      resource.options?.["customTimeouts"] ?? {},
      timeoutKeys,
      `${where}.options.customTimeouts`,
    );
    const spec = this.schema.resources[resource.type];
    if (!spec) {
      this.report(where, `there is no resource ${resource.type}`);
      return;
    }
    const inputs = { type: "object", properties: spec.inputProperties, required: spec.requiredInputs };
    this.checkValue(resource.properties ?? {}, inputs, `${where}.properties`);
  }

  /** Whether an expression may stand where the schema wants this. */
  private checkValue(value: unknown, wanted: Spec, where: string): void {
    const spec = this.resolve(wanted);
    if (isExpression(value)) {
      const found = this.typeOf(value, where);
      if (found && !this.fits(found, spec))
        this.report(where, `${kindOf(found)} where ${kindOf(spec)} is wanted`);
    } else if (spec.enum) {
      const values = spec.enum.map((each) => each.value);
      if (!values.includes(value))
        this.report(where, `${JSON.stringify(value)} is none of ${values.join(", ")}`);
    } else if (spec.properties && isObject(value)) {
      this.checkKeys(value, Object.keys(spec.properties), where);
      for (const key of spec.required ?? [])
        if (!(key in value)) this.report(where, `${key} is required and missing`);
      for (const [key, each] of Object.entries(spec.properties))
        if (key in value) this.checkValue(value[key], each, `${where}.${key}`);
    } else if (spec.additionalProperties && isObject(value)) {
      for (const [key, each] of Object.entries(value))
        this.checkValue(each, spec.additionalProperties, `${where}.${key}`);
    } else if (spec.items && Array.isArray(value)) {
      for (const [index, each] of value.entries()) this.checkValue(each, spec.items, `${where}[${index}]`);
    } else if (!this.fits(literalType(value), spec)) {
      this.report(where, `${JSON.stringify(value)} where ${kindOf(spec)} is wanted`);
    }
  }

  /** The type of an expression, as far as the schema tells. */
  private typeOf(value: unknown, where: string): Spec | undefined {
    if (typeof value === "string") return this.typeOfText(value, where);
    if (!isObject(value)) return literalType(value);
    const [[name = "", argument] = []] = Object.entries(value);
    if (!name.startsWith("fn::")) return { type: "object", properties: {} };
    if (name === "fn::invoke") return this.typeOfInvoke(argument, where);
    if (name !== "fn::join") return this.report(where, `the checker does not know ${name}`);
    const [, list] = argument as [string, unknown];
    this.checkValue(list, { type: "array", items: { type: "string" } }, `${where}.${name}`);
    return { type: "string" };
  }

  private typeOfInvoke(argument: unknown, where: string): Spec | undefined {
    const { function: token = "", arguments: inputs = {} } = argument as {
      function?: string;
      arguments?: unknown;
    };
    this.checkKeys(argument, ["function", "arguments", "options", "return"], where);
    const spec = this.schema.functions[token];
    if (!spec) return this.report(where, `there is no function ${token}`);
    this.checkValue(inputs, spec.inputs, `${where}.arguments`);
    return spec.outputs;
  }

  private typeOfText(text: string, where: string): Spec | undefined {
    const references = [...text.matchAll(/\$\{([^}]*)\}/g)];
    const types = references.map(([, path = ""]) => this.typeOfReference(path, where));
    return references.length === 1 && references[0]?.[0] === text ? types[0] : { type: "string" };
  }

  private typeOfReference(path: string, where: string): Spec | undefined {
    const [name = "", ...rest] = path.replaceAll("[", ".").replaceAll("]", "").split(".");
    let type = this.typeOfSymbol(name, where);
    for (const key of rest) {
      if (!type) return undefined;
      const spec = this.resolve(type);
      type = /^\d+$/.test(key) ? spec.items : (spec.properties?.[key] ?? spec.additionalProperties);
      if (!type) return this.report(where, `\${${path}}: ${name} has no ${key}`);
    }
    return type;
  }

  private typeOfSymbol(name: string, where: string): Spec | undefined {
    const { config = {}, variables = {}, resources = {} } = this.program;
    const [configured, variable, resource] = [config[name], variables[name], resources[name]];
    if (isObject(configured)) return { type: String(configured.type ?? "string") };
    if (configured !== undefined) return { type: "string" };
    if (variable !== undefined) return this.typeOf(variable, `variables.${name}`);
    if (resource === undefined) return this.report(where, `there is no ${name}`);
    const properties = this.schema.resources[resource.type]?.properties;
    const text = { type: "string" };
    return properties && { type: "object", properties: { ...properties, id: text, urn: text } };
  }

  private fits(found: Spec, wanted: Spec): boolean {
    const [from, to] = [this.resolve(found), this.resolve(wanted)];
    if (from.items && to.items) return this.fits(from.items, to.items);
    if (from.type === to.type) return true;
    if (to.type === "number") return from.type === "integer";
    return to.type === "string" && !to.enum && ["integer", "number", "boolean"].includes(from.type ?? "");
  }

  private resolve(spec: Spec): Spec {
    return spec.$ref === undefined ? spec : (this.schema.types[spec.$ref.replace("#/types/", "")] ?? {});
  }

  private checkKeys(value: unknown, known: string[], where: string): void {
    for (const key of Object.keys(value as object))
      if (!known.includes(key)) this.report(where, `${key} is not known; there are ${known.join(", ")}`);
  }

  private report(where: string, what: string): undefined {
    this.problems.push(`${where}: ${what}`);
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isExpression(value: unknown): boolean {
  if (typeof value === "string") return value.includes("${");
  return isObject(value) && Object.keys(value).some((key) => key.startsWith("fn::"));
}

function literalType(value: unknown): Spec {
  if (Array.isArray(value)) return { type: "array" };
  if (typeof value === "number") return { type: Number.isInteger(value) ? "integer" : "number" };
  return { type: typeof value };
}

function kindOf({ type, $ref }: Spec): string {
  return $ref ?? type ?? "something unknown";
}
