// Examples of resources and functions: written once as YAML programs, and converted into the other languages.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./root";

export const exampleFolder = "docs/examples";

export interface Language {
  /** As people write it. */
  name: string;
  /** As a fence of Markdown names it, and Pulumi's pages. */
  fence: string;
  extension: string;
  /** As Pulumi's generators name it; the language of the source has none. */
  generator?: string;
}

export const languages: readonly Language[] = [
  { name: "TypeScript", fence: "typescript", extension: ".ts", generator: "nodejs" },
  { name: "Python", fence: "python", extension: ".py", generator: "python" },
  { name: "Go", fence: "go", extension: ".go", generator: "go" },
  { name: "YAML", fence: "yaml", extension: ".yaml" },
];

interface Example {
  /** What it shows, in a sentence. */
  title: string;
  /** Fenced code, language by language. */
  texts: { language: Language; text: string }[];
}

/** The example of a token such as `tencent:EmrNodePool`, as far as it is converted yet. */
function exampleOf(token: string): Example {
  const pathOf = (extension: string) => join(root, exampleFolder, `${token.replace(":", ".")}${extension}`);
  const [first = "", ...rest] = readFileSync(pathOf(".yaml"), "utf8").split("\n");
  if (!first.startsWith("# ")) throw new Error(`${pathOf(".yaml")} must begin with a comment: its title`);
  const texts = languages
    .filter(({ extension }) => existsSync(pathOf(extension)))
    .map((language) => ({
      language,
      text: (language.generator ? readFileSync(pathOf(language.extension), "utf8") : rest.join("\n")).trim(),
    }));
  return { title: first.slice(2), texts };
}

const fenced = ({ language, text }: Example["texts"][number]) => [`\`\`\`${language.fence}`, text, "```"];

/** As a package schema holds it; each SDK takes its own language out. */
export function schemaExample(token: string): string {
  const { title, texts } = exampleOf(token);
  return [
    "{{% examples %}}",
    "## Example Usage",
    "{{% example %}}",
    `### ${title}`,
    "",
    ...texts.flatMap((each) => [...fenced(each), ""]),
    "{{% /example %}}",
    "{{% /examples %}}",
  ].join("\n");
}

/** As a page shows it. `level`: of its heading. */
export function pageExample(token: string, level: string): string[] {
  const { title, texts } = exampleOf(token);
  return [
    `${level} Example`,
    "",
    title,
    "",
    ...texts.flatMap((each) => [each.language.name, "", ...fenced(each), ""]),
  ];
}
