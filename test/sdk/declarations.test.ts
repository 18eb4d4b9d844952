// Programs type-check against the published declarations.
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { test } from "vitest";
import { copyProgram, root } from "../package";

test.each([
  "examples/data-platform",
  "examples/huawei-ddm",
  "examples/tencent-emr",
  "examples/tencent-emr-plugin",
  "examples/tencent-emr-service",
  "examples/tencent-dlc",
  "examples/volcengine-emr",
  "test/fixtures/functions",
  "test/fixtures/pools",
])("%s", (directory) => {
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
  execFileSync(process.execPath, [tsc, "-p", copyProgram(directory)], { stdio: "pipe" });
});
