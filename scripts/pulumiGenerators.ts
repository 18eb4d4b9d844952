// What Pulumi's own generators make of the package schema: examples in its languages, and the Node SDK of the plugin
// door. They are programs in Go, which `npm run pulumi` builds.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, relative } from "node:path";
import { untraced } from "./classFile";
import { exampleFolder, languages } from "./examples";
import { root } from "./root";

/** The folder of the tools. Throws where they are not built. */
function toolFolder(): string {
  const script = join(root, "test", "pulumi", "build.mts");
  const folder = execFileSync(process.execPath, [script, "--tools"], { encoding: "utf8" }).trim();
  if (folder === "")
    throw new Error("Pulumi's generators are not built here: run `npm run pulumi` once (needs Go).");
  return folder;
}

function inTemporary<T>(schema: object, work: (directory: string, schemaPath: string) => T): T {
  const directory = mkdtempSync(join(tmpdir(), "pulumi-bigdata-generate-"));
  try {
    const schemaPath = join(directory, "schema.json");
    writeFileSync(schemaPath, JSON.stringify(schema));
    return work(join(directory, "out"), schemaPath);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** The examples, which are YAML programs, in the other languages: by path from the project's root. */
export function convertedExamples(schema: object): Map<string, string> {
  return inTemporary(schema, (out, schemaPath) => {
    execFileSync(join(toolFolder(), "convert-examples"), [schemaPath, join(root, exampleFolder), out]);
    const files = new Map<string, string>();
    for (const name of readdirSync(out)) {
      for (const { generator, extension } of languages) {
        if (!generator) continue;
        const [file = ""] = readdirSync(join(out, name, generator));
        const text = readFileSync(join(out, name, generator, file), "utf8");
        files.set(`${exampleFolder}/${name}${extension}`, text);
      }
    }
    return files;
  });
}

/** An SDK as Pulumi's generator writes it: by path in the SDK. */
export function generatedSdk(schema: object, language: "nodejs" | "python" | "go"): Map<string, string> {
  return inTemporary(schema, (out, schemaPath) => {
    execFileSync(join(toolFolder(), "generate-sdk"), [schemaPath, language, out]);
    const paths = readdirSync(out, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
    return new Map(paths.map((path) => [relative(out, path), readFileSync(path, "utf8")]));
  });
}

/** The Node SDK as part of this package, with what its classes need to be told beyond the schema. */
export function nodeSdk(schema: object, deletedFirst: readonly string[]): Map<string, string> {
  const files = [...generatedSdk(schema, "nodejs")].filter(
    ([path]) => path.endsWith(".ts") && !path.startsWith("scripts"),
  );
  return new Map(files.map(([path, text]) => [`sdk/plugin/${path}`, adapted(path, text, deletedFirst)]));
}

function adapted(path: string, text: string, deletedFirst: readonly string[]): string {
  const named = [
    // It is compiled with stricter options than the generator thinks of.
    [/public static isInstance/g, "public static override isInstance"],
    ...(basename(path) === "index.ts"
      ? [[/^export \{ (.*Args.*) \} from/gm, "export type { $1 } from"]]
      : []),
    // The version is that of this package.
    [/'\.\/package\.json'/g, '"pulumi-bigdata/package.json"'],
  ] as [RegExp, string][];
  const plain = withoutUnused(named.reduce((left, [pattern, by]) => left.replace(pattern, by), text));
  const result = withTracesPaused(path, plain);
  const type = /__pulumiType = 'bigdata:(.*)'/.exec(text)?.[1] ?? "";
  if (!deletedFirst.includes(type)) return result;
  // No schema can say that what is replaced by force goes before the new one comes.
  const before = "pulumi.mergeOptions(utilities.resourceOptsDefaults(), opts)";
  if (!result.includes(before)) throw new Error(`${path}: the generator writes options in another way`);
  const after =
    "pulumi.mergeOptions({ ...utilities.resourceOptsDefaults(), deleteBeforeReplace: true }, opts)";
  return result.replace(before, after);
}

/** A resource's class that is constructed without stack traces. */
function withTracesPaused(path: string, text: string): string {
  const construction = /^( *)(super\(\w+\.__pulumiType, .*\);)$/m;
  if (!text.includes("extends pulumi.CustomResource")) return text;
  const traces = relative(dirname(join("sdk", "plugin", path)), join("sdk", "traces"));
  return text
    .replace(construction, (_, indent: string, statement: string) => untraced(statement, indent).join("\n"))
    .replace(/^(import \* as utilities from .*)$/m, `$1\nimport { withoutTraces } from "${traces}";`);
}

/** Without imports that only comments name. */
function withoutUnused(text: string): string {
  const code = text.replace(/^(import| *\*|\/\/).*/gm, "");
  return text.replace(/^import \* as (\w+) from .*\n/gm, (line, name: string) =>
    new RegExp(`\\b${name}\\b`).test(code) ? line : "",
  );
}
