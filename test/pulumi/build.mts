// Builds the Pulumi CLI, its YAML host, and tools of our own over Pulumi's generators, from their Go modules, where they
// are not built yet. `--where` prints the folder they are in, `--tools` that of the tools, and nothing where they are
// missing. go.mod has the versions.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const extension = process.platform === "win32" ? ".exe" : "";

interface Binary {
  name: string;
  /** Folder of the Go module below this one, and the package in it. */
  module: string;
  package: string;
  /** The variable that holds the version, and the module that has it; tools of our own have none. */
  version?: { variable: string; of: string };
}

const cli = "github.com/pulumi/pulumi/pkg/v3";
const yaml = "github.com/pulumi/pulumi-yaml";
const binaries: Binary[] = [
  {
    name: "pulumi",
    module: "cli",
    package: `${cli}/cmd/pulumi`,
    version: { variable: "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version", of: cli },
  },
  { name: "generate-sdk", module: "cli", package: "." },
  { name: "convert-examples", module: "yaml", package: "." },
  {
    name: "pulumi-language-yaml",
    module: "yaml",
    package: `${yaml}/cmd/pulumi-language-yaml`,
    version: { variable: `${yaml}/pkg/version.Version`, of: yaml },
  },
];

function versionOf(module: string, of: string): string {
  const text = readFileSync(join(here, module, "go.mod"), "utf8");
  const version = text
    .split("\n")
    .map((line) =>
      line
        .trim()
        .replace(/^require /, "")
        .split(" "),
    )
    .find(([name]) => name === of)?.[1];
  if (!version) throw new Error(`${module}/go.mod does not name ${of}`);
  return version;
}

const cache = process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache");
const folder = join(
  cache,
  "pulumi-bigdata",
  `pulumi-${versionOf("cli", cli)}-yaml-${versionOf("yaml", yaml)}`,
);
// A checkout with another tool has another folder.
const sources = ["cli", "yaml"].map((module) => readFileSync(join(here, module, "main.go")));
const tools = join(folder, createHash("sha256").update(Buffer.concat(sources)).digest("hex").slice(0, 12));
const pathOf = ({ name, version }: Binary) => join(version ? folder : tools, `${name}${extension}`);
const missing = binaries.filter((binary) => !existsSync(pathOf(binary)));

if (process.argv.includes("--where") || process.argv.includes("--tools")) {
  if (missing.length === 0) console.log(process.argv.includes("--tools") ? tools : folder);
} else if (missing.length === 0) {
  console.log(`The Pulumi CLI is built already: ${folder}`);
} else {
  console.log(
    `Building the Pulumi CLI ${versionOf("cli", cli)} with Go into ${folder}: about 10 minutes on 2 cores, once.`,
  );
  mkdirSync(tools, { recursive: true });
  const begun = Date.now();
  for (const binary of missing) build(binary);
  console.log(`Built in ${Math.round((Date.now() - begun) / 1000)} s.`);
}

function build(binary: Binary): void {
  const { version } = binary;
  const flags = version ? ["-ldflags", `-X ${version.variable}=${versionOf(binary.module, version.of)}`] : [];
  const { status, error } = spawnSync("go", ["build", "-o", pathOf(binary), ...flags, binary.package], {
    cwd: join(here, binary.module),
    stdio: ["ignore", "inherit", "inherit"],
  });
  if (error) throw new Error(`Go is needed to build the Pulumi CLI: ${error.message}`);
  if (status !== 0) throw new Error(`${binary.name} could not be built`);
}
