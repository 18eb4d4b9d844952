// Where there is no Pulumi CLI these tests are skipped with a line, except in CI, where they fail.
import { beforeEach } from "vitest";
import { pulumiOnPath } from "../drivers";

if (!pulumiOnPath() && process.env["CI"] !== "true") {
  console.warn("test/e2e is skipped: there is no pulumi on PATH (`npm run pulumi` builds one)");
  beforeEach((context) => context.skip());
}
