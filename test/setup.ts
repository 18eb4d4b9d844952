// Before all tests: builds the package and lays it out as its users install it, under .work/node_modules, where the
// programs that tests deploy find it.
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { warmUp } from "./engine/children";
import { installPackage } from "./package";

export default async function setup(): Promise<void> {
  const root = join(__dirname, "..");
  execFileSync(
    process.execPath,
    [join(root, "node_modules", "typescript", "bin", "tsc"), "-p", "tsconfig.build.json"],
    {
      cwd: root,
      stdio: "inherit",
    },
  );
  installPackage();
  await warmUp(root);
}
