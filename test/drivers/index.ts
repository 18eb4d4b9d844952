// Whether the Pulumi CLI is there.
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

export function pulumiOnPath(): boolean {
  const names = process.platform === "win32" ? ["pulumi.exe", "pulumi.cmd"] : ["pulumi"];
  const directories = (process.env.PATH ?? "").split(delimiter);
  return directories.some((directory) => names.some((name) => isExecutable(join(directory, name))));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
