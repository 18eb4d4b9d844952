// The classes of the dynamic door, as they follow from the resources.
import type { Resource } from "../provider/core/resource";

/** The module with a cloud's classes. */
export function classModule(cloud: string, all: readonly Resource[]): string {
  return [
    "// Generated from the schemas in provider/ by `npm run generate`. Do not edit.",
    'import * as pulumi from "@pulumi/pulumi";',
    'import { dynamicClass, type DynamicOptions, type OutputsOf } from "./dynamic";',
    `import type * as plugin from "./plugin/${cloud}";`,
    'import { withoutTraces } from "./traces";',
    "",
    `export type { ${all.map((each) => `${nameOf(each)}Args`).join(", ")} } from "./plugin/${cloud}";`,
    "",
    ...all.flatMap(classText),
  ].join("\n");
}

/** A statement during which no stack traces are taken. */
export const untraced = (statement: string, indent: string): string[] =>
  [
    "const traces = withoutTraces();",
    "try {",
    `  ${statement}`,
    "} catch (error) {",
    "  throw traces.traced(error);",
    "} finally {",
    "  traces.end();",
    "}",
  ].map((line) => `${indent}${line}`);

const nameOf = ({ type }: Resource) => type.split(":")[1] ?? "";

function classText(resource: Resource): string[] {
  const { type, description, deleteBeforeReplace, neverBesideOld, defaultedBySdk } = resource;
  const name = nameOf(resource);
  const variable = name.replace(/^./, (first) => first.toLowerCase());
  const [summary = ""] = description.split("\n\n");
  const inDefault = defaultedBySdk.map((input) => `; part of the default \`${input}\``).join("");
  const always =
    neverBesideOld === undefined ? "" : ` \`deleteBeforeReplace\` is always on: ${neverBesideOld}.`;
  return [
    `export interface ${name} extends OutputsOf<plugin.${name}> {}`,
    "",
    `const ${variable} = dynamicClass("${type}", {`,
    `  outputs: ${listText(Object.keys({ ...resource.inputs.shape, ...resource.outputs.shape }))},`,
    `  secrets: ${listText(resource.secrets.filter((secret) => secret in resource.inputs.shape))},`,
    `  secretOutputs: ${listText(secretOutputs(resource))},`,
    `  isDeletedFirst: ${deleteBeforeReplace},`,
    ...(neverBesideOld === undefined ? [] : [`  neverBesideOld: ${JSON.stringify(neverBesideOld)},`]),
    `  defaulted: ${listText(defaultedBySdk)},`,
    ...proposalsText(resource),
    "});",
    "",
    "/**",
    ...summary.split("\n").map((line) => ` * ${line}`),
    " *",
    ` * See \`docs/${type.replace(":", ".")}.md\`.`,
    " */",
    `export class ${name} extends pulumi.dynamic.Resource {`,
    "  /**",
    `   * @param name Name of the resource${inDefault}.`,
    "   * @param args Its inputs.",
    `   * @param opts Pulumi's options.${always}`,
    "   */",
    `  constructor(name: string, args: plugin.${name}Args, opts?: DynamicOptions) {`,
    `    const construction = ${variable}(name, args, opts);`,
    ...untraced("super(...construction);", "    "),
    "  }",
    "}",
    "",
  ];
}

const listText = (names: readonly string[]) => `[${names.map((name) => JSON.stringify(name)).join(", ")}]`;

/** The engine itself finds secret inputs again among the outputs: only what is not among them has to be told. */
function secretOutputs({ secrets, inputs }: Resource): readonly string[] {
  return secrets.every((secret) => secret in inputs.shape) ? [] : secrets;
}

/** Proposals are made of names that are only known when the program runs. */
function proposalsText({ type, defaultsFromName: proposals }: Resource): string[] {
  if (!proposals) return [];
  const read = (name: string) => `\${${name}}`;
  const made = proposals({ project: read("project"), stack: read("stack"), name: read("name") });
  const entries = Object.entries(made).map(([input, value]) => {
    if (typeof value !== "string") throw new Error(`${type}: the proposal for ${input} is no text`);
    return `${input}: \`${value}\``;
  });
  return [`  proposals: ({ project, stack, name }) => ({ ${entries.join(", ")} }),`];
}
