// Several accounts and regions in one stack: each resource names a profile and a region, and no state holds a credential.
import { expect, onTestFinished, test } from "vitest";
import { startSimulator } from "../../simulator/index";
import { declare, makeStand, pool, serviceState, stateOf, stepsOf } from "./stand";

const other = { secretId: "AKIDotherAccount", secretKey: "otherAccountSecretKey0001" };

async function withTwoAccounts() {
  const stand = await makeStand();
  const second = await startSimulator({ credentials: [other], timeScale: 0.1 });
  onTestFinished(() => second.close());
  stand.clouds.push(second);
  second.emr.createCluster({ clusterId: "emr-other1", region: "ap-shanghai" });
  const profile = {
    tencentSecretId: other.secretId,
    tencentSecretKey: other.secretKey,
    tencentEndpoint: second.url,
  };
  await stand.stack.setConfig("bigdata:profiles", JSON.stringify({ prod: profile }), { secret: true });
  const place = { clusterId: "emr-other1", profile: "prod", region: "ap-shanghai" };
  return { stand, second, place };
}

test("one stack works in two accounts and two regions", async () => {
  const { stand, second, place } = await withTwoAccounts();
  const { stack } = stand;
  const clock = setInterval(
    () => second.clock.advance(Math.max(0, stand.sim.clock.now() - second.clock.now())),
    5,
  );
  onTestFinished(() => clearInterval(clock));
  declare(
    stand,
    pool(stand, 1),
    // Before the pool: whichever is first decides what there is to start.
    serviceState(stand, { ...place, state: "running" }, "service"),
    pool(stand, 1, place, "elsewhere"),
  );
  const up = await stack.up();
  expect(up.error).toBeUndefined();
  expect([stand.bought(), second.emr.purchases("emr-other1").length]).toEqual([1, 1]);
  expect(await stateOf(stand, "elsewhere")).toMatchObject({ region: "ap-shanghai", profile: "prod" });
  expect(await stateOf(stand)).toMatchObject({ region: "ap-guangzhou" });
  const texts = JSON.stringify([await stack.exportState(), up]);
  expect(texts).not.toContain(other.secretKey);
  // Without the profile's credentials nothing is taken for gone.
  await stack.setConfig("bigdata:profiles", "{}", { secret: true });
  declare(stand, pool(stand, 1), pool(stand, 2, place, "elsewhere"));
  expect((await stack.up()).error).toMatch(/Tencent Cloud is not configured for profile prod/);
  expect(await stateOf(stand, "elsewhere")).toBeDefined();
});

test("what exists stays where it is when another region is configured", async () => {
  const stand = await makeStand();
  const { stack } = stand;
  declare(stand, pool(stand, 1));
  await stack.up();
  await stack.setConfig("bigdata:tencentRegion", "ap-beijing");
  expect(stepsOf(await stack.refresh())).toEqual([]);
  expect(stepsOf(await stack.up())).toEqual([]);
  declare(stand, pool(stand, 2));
  expect((await stack.up()).error).toBeUndefined();
  expect(stand.bought()).toBe(2);
  // Said in the program, the same region is no change.
  declare(stand, pool(stand, 2, { region: "ap-guangzhou" }));
  const same = await stack.up();
  expect([same.error, stand.bought()]).toEqual([undefined, 2]);
  expect((await stack.destroy()).error).toBeUndefined();
  expect(stand.nodeIds()).toEqual([]);
});

test("a core pool does not move to another region", async () => {
  const stand = await makeStand();
  declare(stand, pool(stand, 1, { role: "core", region: "ap-guangzhou" }));
  await stand.stack.up();
  const nodes = stand.nodeIds("core");
  declare(stand, pool(stand, 1, { role: "core", region: "ap-beijing" }));
  expect((await stand.stack.up()).ok).toBe(false);
  expect(stand.nodeIds("core")).toEqual(nodes);
});
