import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { shellText } from "./shellText";

test("the serialised provider never changes, is small, and holds no code of ours", async () => {
  const { dynamicShell } =
    require("../../.work/node_modules/pulumi-bigdata/dist/sdk/dynamic") as typeof import("../../sdk/dynamic");
  const shell = dynamicShell("tencent:EmrNodePool");
  const { text, containsSecrets } = await pulumi.runtime.serializeFunction(() => shell, {
    allowSecrets: true,
  });
  expect(text).toBe(shellText("tencent:EmrNodePool"));
  expect(Buffer.byteLength(text)).toBeLessThan(1024);
  expect(containsSecrets).toBe(false);
});
