// What a user gets on disk: the packed package with all that it needs, beside the SDKs of other providers, each installed from
// the registry into a folder of its own.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "../scripts/root";
import type { Measure, Row } from "./measure";

interface Installed {
  bytes: number;
  packages: number;
}

const npm = (directory: string, ...args: string[]) =>
  execFileSync("npm", [...args, "--ignore-scripts"], { cwd: directory, encoding: "utf8" });

function install(directory: string, what: string): Installed {
  mkdirSync(directory);
  writeFileSync(join(directory, "package.json"), JSON.stringify({ private: true }));
  npm(directory, "install", "--omit=dev", "--no-audit", "--no-fund", "--silent", what);
  const lock = JSON.parse(readFileSync(join(directory, "package-lock.json"), "utf8")) as { packages: object };
  const files = readdirSync(join(directory, "node_modules"), { recursive: true, withFileTypes: true });
  const bytes = files
    .filter((each) => each.isFile())
    .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
  return { bytes, packages: Object.keys(lock.packages).length - 1 };
}

const said = ({ bytes, packages }: Installed) => `${(bytes / 1e6).toFixed(1)} MB, ${packages} packages`;

export const size: Measure = {
  name: "size",
  async run() {
    const scratch = mkdtempSync(join(tmpdir(), "pulumi-bigdata-size-"));
    try {
      const packed = npm(root, "pack", "--silent", "--pack-destination", scratch).trim();
      const own = install(join(scratch, "own"), join(scratch, packed));
      return ["@pulumi/command", "@pulumi/aws-native"].map((name, index): Row => {
        const other = install(join(scratch, `other${index}`), name);
        return {
          what: "Installed: plugin and classes, with what they need",
          figure: said(own),
          against: `${name}, classes alone: ${said(other)}`,
          ratio: own.bytes / other.bytes,
          how: "once, bytes of files",
        };
      });
    } finally {
      rmSync(scratch, { recursive: true, force: true });
    }
  },
};
