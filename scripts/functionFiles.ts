// What follows from the functions' schemas: the SDK's types and callers, and the reference page.
import type { ProviderFunction } from "../provider/core/function";
import { unwrap } from "./describe";
import { pageExample } from "./examples";
import { outputRows, propertyRows } from "./tables";

const nameOf = ({ token }: ProviderFunction) => token.split(":")[1] ?? "";
const typeNameOf = (each: ProviderFunction) => nameOf(each).replace(/^./, (first) => first.toUpperCase());

const namesOfTypes = (each: ProviderFunction) =>
  ["Args", "OutputArgs", "Result"].map((kind) => `${typeNameOf(each)}${kind}`);

/** The module with a cloud's functions. */
export function functionModule(cloud: string, all: readonly ProviderFunction[]): string {
  const parts = all.flatMap((each) => {
    const [name, type] = [nameOf(each), typeNameOf(each)];
    const isOptional = Object.values(each.inputs.shape).every((schema) => unwrap(schema).optional);
    const orNothing = isOptional ? " = {}" : "";
    const doc = each.description.split("\n").map((line) => ` * ${line}`.trimEnd());
    return [
      ["/**", ...doc, " *", " * See `docs/functions.md`.", " */"].join("\n"),
      `export function ${name}(args: plugin.${type}Args${orNothing}): Promise<plugin.${type}Result> {`,
      `  return ask("${each.token}", args);`,
      "}",
      "",
      `/** {@link ${name}} with arguments that may be outputs: not asked before they are known. */`,
      `export function ${name}Output(`,
      `  args: plugin.${type}OutputArgs${orNothing},`,
      `): pulumi.Output<plugin.${type}Result> {`,
      `  return askOutput("${each.token}", args);`,
      "}",
      "",
    ];
  });
  return [
    "// Generated from the schemas in provider/ by `npm run generate`. Do not edit.",
    'import type * as pulumi from "@pulumi/pulumi";',
    'import { ask, askOutput } from "./functions";',
    `import type * as plugin from "./plugin/${cloud}";`,
    "",
    `export type { ${all.flatMap(namesOfTypes).join(", ")} } from "./plugin/${cloud}";`,
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
    ...pageExample(each.token, "###"),
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
