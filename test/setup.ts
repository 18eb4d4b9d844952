// Before all tests: builds the package and lays it out as its users install it, under .work/node_modules, where the
// programs that tests deploy find it.
import { execFileSync } from "node:child_process";
import { delimiter, join } from "node:path";
import { pulumiOnPath } from "./drivers";
import { installPackage } from "./package";
import { tally } from "./tally";

export default function setup(): () => void {
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
  usePulumi(root);
  return tally();
}

/** Where there is no `pulumi` on PATH, the one that `npm run pulumi` built is, with stand-ins for the language hosts. */
function usePulumi(root: string): void {
  if (pulumiOnPath()) return;
  const script = join(root, "test", "pulumi", "build.mts");
  const built = (what: string) => execFileSync(process.execPath, [script, what], { encoding: "utf8" }).trim();
  const folder = built("--where");
  if (folder === "") return;
  const hosts = join(root, "test", "pulumi", "bin");
  process.env["PATH"] = [built("--tools"), folder, hosts, process.env["PATH"]].join(delimiter);
}
