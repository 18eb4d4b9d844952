// The package as published: what `npm pack` would take, under .work/node_modules/pulumi-bigdata.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { basename, join } from "node:path";

export const root = findRoot();
export const work = join(root, ".work");

/** The project's root, from the sources as well as from dist/. */
function findRoot(): string {
  const above = join(__dirname, "..");
  return basename(above) === "dist" ? join(above, "..") : above;
}

export function installPackage(): void {
  const target = join(work, "node_modules", "pulumi-bigdata");
  rmSync(target, { recursive: true, force: true });
  const { files } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { files: string[] };
  for (const path of ["package.json", ...files]) {
    cpSync(join(root, path), join(target, path), { recursive: true });
  }
}

/** A fresh copy of an example or fixture program, below .work so that it finds the package. */
export function copyProgram(directory: string): string {
  mkdirSync(work, { recursive: true });
  const copy = mkdtempSync(join(work, `${basename(directory)}-`));
  cpSync(join(root, directory), copy, {
    recursive: true,
    filter: (path) => basename(path) !== "node_modules",
  });
  return copy;
}
