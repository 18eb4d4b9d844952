// What follows from the functions' schemas: the SDK's types and callers, and the reference page.
import type { z } from "zod";
import type { ProviderFunction } from "../provider/function";
import { unwrap } from "./describe";
import { outputRows, propertyRows } from "./tables";
import { interfaceText, type Writer } from "./typeText";

const nameOf = ({ token }: ProviderFunction) => token.split(":")[1] ?? "";
const typeNameOf = (each: ProviderFunction) => nameOf(each).replace(/^./, (first) => first.toUpperCase());

/** An interface and those it refers to. */
function interfaces(
  name: string,
  shape: Readonly<Record<string, z.core.$ZodType>>,
  prefix: string,
  writer: Omit<Writer, "interfaces">,
): string {
  const own: Writer = { ...writer, interfaces: new Map() };
  const main = interfaceText(name, shape, prefix, own);
  return [main, ...own.interfaces.values()].join("\n");
}

export function functionTypes(given: ProviderFunction): string {
  const name = typeNameOf(given);
  const caller = nameOf(given);
  const { inputs, outputs } = given;
  const same = (type: string) => type;
  const input = (type: string) => `pulumi.Input<${type}>`;
  return [
    `/** Arguments of {@link ${caller}}. */\n${interfaces(`${name}Args`, inputs.shape, name, { wrap: same, suffix: "Args", isInput: true })}`,
    `/** Arguments of {@link ${caller}Output}. */\n${interfaces(`${name}OutputArgs`, inputs.shape, name, { wrap: input, suffix: "OutputArgs", isInput: true })}`,
    `/** What {@link ${caller}} answers. */\n${interfaces(`${name}Result`, outputs.shape, name, { wrap: same, suffix: "", isInput: false })}`,
  ].join("\n");
}

/** The module with a cloud's functions. */
export function functionModule(cloud: string, all: readonly ProviderFunction[]): string {
  const parts = all.flatMap((each) => {
    const [name, type] = [nameOf(each), typeNameOf(each)];
    const isOptional = Object.values(each.inputs.shape).every((schema) => unwrap(schema).optional);
    const orNothing = isOptional ? " = {}" : "";
    const doc = each.description.split("\n").map((line) => ` * ${line}`.trimEnd());
    return [
      ["/**", ...doc, " *", " * See `docs/functions.md`.", " */"].join("\n"),
      `export function ${name}(args: types.${type}Args${orNothing}): Promise<types.${type}Result> {`,
      `  return ask("${each.token}", args);`,
      "}",
      "",
      `/** {@link ${name}} with arguments that may be outputs: not asked before they are known. */`,
      `export function ${name}Output(`,
      `  args: types.${type}OutputArgs${orNothing},`,
      `): pulumi.Output<types.${type}Result> {`,
      `  return askOutput("${each.token}", args);`,
      "}",
      "",
    ];
  });
  return [
    "// Generated from the schemas in provider/ by `npm run generate`. Do not edit.",
    'import type * as pulumi from "@pulumi/pulumi";',
    'import { ask, askOutput } from "./functions";',
    `import type * as types from "./${cloud}Types";`,
    "",
    ...parts,
  ].join("\n");
}

export function functionsPage(all: readonly ProviderFunction[]): string {
  const noChanges = { defaultedBySdk: [], replaceOnChanges: [] };
  const sections = all.flatMap((each) => [
    `## ${each.token.replace(":", ".")}`,
    "",
    each.description,
    "",
    "| input | type | required | meaning |",
    "| --- | --- | --- | --- |",
    ...propertyRows(each.inputs.shape, "", noChanges).map((row) => {
      const cells = row.split(/(?<!\\)\|/);
      return `|${[...cells.slice(1, 4), ...cells.slice(5)].join("|")}`;
    }),
    "",
    "| output | type | meaning |",
    "| --- | --- | --- |",
    ...outputRows(each.outputs.shape),
    "",
  ]);
  return [
    "# Functions",
    "",
    "<!-- Generated from the schemas in provider/ by `npm run generate`. Do not edit. -->",
    "",
    "Questions to the clouds. They change nothing, and use the same configuration, profiles and regions as the resources.",
    "Each has two forms: `getX(args)` gives a promise; `getXOutput(args)` takes outputs as arguments and gives an output,",
    "and in a preview it is not asked before its arguments are known.",
    "",
    ...sections,
  ].join("\n");
}
