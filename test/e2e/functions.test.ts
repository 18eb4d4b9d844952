// Functions in programs: they ask from the program's own process, through the published package.
import { expect, test } from "vitest";
import { defaultVkeClusterId } from "../../simulator/index";
import { credentials, stepsOf } from "../scenarios/stand";
import { clusterId, deploy } from "./program";

const directory = "test/fixtures/functions";

test("an answer feeds a resource; in a preview nothing is asked before the question is known", async () => {
  const { sim, stack } = await deploy(directory, { shape: "chained" });
  const preview = await stack.preview();
  expect(preview.error).toBeUndefined();
  expect(stepsOf(preview)).toEqual(["create cluster", "create workers"]);
  expect(sim.journal).toEqual([]);

  const up = await stack.up();
  expect(up.error).toBeUndefined();
  expect(up.outputs).toEqual({ cores: [expect.any(String), expect.any(String)], workers: 2 });
  expect(sim.emr.nodes(clusterId).filter(({ role }) => role === "task")).toHaveLength(2);

  // Now it is known, so that the preview asks.
  sim.emr.addForeignNode(clusterId, { role: "core" });
  expect(stepsOf(await stack.preview())).toEqual(["update workers"]);
  expect((await stack.up()).outputs).toMatchObject({ workers: 3 });

  const texts = JSON.stringify([await stack.exportState(), up]);
  for (const secret of [credentials.secretKey, credentials.token]) expect(texts).not.toContain(secret);
  expect((await stack.destroy()).error).toBeUndefined();
});

test("every cloud answers a program that waits for it", async () => {
  const { sim, stack } = await deploy(directory, { shape: "plain", vke: defaultVkeClusterId });
  sim.ddm.createInstance();
  const up = await stack.up();
  expect(up.error).toBeUndefined();
  expect(up.outputs).toEqual({
    clusters: [`simulated ${clusterId}`],
    instances: 1,
    applications: ["Ray", "Spark"],
  });
});

test("what is asked with a secret is a secret", async () => {
  const { stack } = await deploy(directory, { shape: "secret" });
  expect((await stack.up()).error).toBeUndefined();
  const stackResource = (await stack.exportState()).deployment.resources?.find(
    ({ type }) => type === "pulumi:pulumi:Stack",
  );
  expect(JSON.stringify(stackResource?.outputs)).toMatch(/4dabf18193072939515e22adb298388d|ciphertext/);
});

test.each([
  ["missing", /EMR cluster emr-none1 does not exist in ap-guangzhou: check clusterId and the region\./],
  [
    "wrong",
    /tencent:getEmrNodes: clusterId must be the id of an EMR cluster, such as emr-5n3l5c83, got "ins-1"/,
  ],
])("%s: the program ends with a message and no stack trace", async (shape, reason) => {
  const { stack } = await deploy(directory, { shape });
  const result = await stack.preview();
  expect(result.ok).toBe(false);
  const text = [result.error, ...result.messages.map(({ message }) => message)].join("\n");
  expect(text).toMatch(reason);
  expect(text).not.toMatch(/\.[jt]s:\d+/);
});
