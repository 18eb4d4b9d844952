// Before all tests: builds the package and lays it out as its users install it, under .work/node_modules, where the
// programs that tests deploy find it.
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { warmUp } from "./engine/children";
import { installPackage, work } from "./package";

export default function setup(): void {
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
  warmUp(root, [
    join(work, "node_modules", "pulumi-bigdata", "dist", "provider", "index.js"),
    join(root, "dist", "provider", "service", "service.js"),
  ]);
}
