// The network lets a call through no more, for a reason that stays: the call did not happen, the run ends at once, and
// the next one goes on as if it had never been made.
import { expect, test } from "vitest";
import { setProxies, startProxy } from "../provider/network";
import { changes } from "./changes";
import { declare, makeStand, pool, type Stand } from "./stand";
import { enlargements, withInstance } from "./subjects";

/** Puts a proxy before the cloud, which refuses the calls of this name, and can be opened. */
async function barred(stand: Stand, action: string) {
  const proxy = await startProxy(Number(new URL(stand.sim.url).port));
  const matching = () => proxy.asked.filter((call) => call.includes(action)).length;
  proxy.refusal = (asked) => (asked.includes(action) ? 407 : undefined);
  setProxies({ HTTP_PROXY: proxy.address });
  for (const key of ["tencentEndpoint", "huaweiEndpoint", "huaweiBssEndpoint", "volcengineEndpoint"])
    await stand.stack.setConfig(`bigdata:${key}`, "http://cloud.test");
  await stand.stack.setConfig("bigdata:allowPlainHttp", "true");
  const openProxy = () => {
    proxy.refusal = () => undefined;
  };
  return { matching, openProxy };
}

test.each(changes)(
  "%s that did not leave is told at once, and made by the next run",
  async (_, action, on) => {
    const { stand, up, done } = await on();
    const { matching, openProxy } = await barred(stand, action);
    const before = stand.sim.clock.now();
    const refused = await up();
    expect(refused.error).toMatch(/refused it with HTTP 407.*did not reach the cloud.*HTTP_PROXY.*NO_PROXY/s);
    expect([matching(), done()]).toEqual([1, 0]);
    expect(stand.sim.clock.now() - before).toBeLessThan(5_000);
    openProxy();
    expect((await up()).error).toBeUndefined();
    expect([matching(), done()]).toEqual([2, 1]);
  },
);

test.each([
  ["its price", "InquiryPriceScaleOutInstance", 0],
  ["its workflow", "DescribeClusterFlowStatusDetail", 1],
])("a purchase ends where %s cannot be asked for, and is made once", async (_, action, orders) => {
  const stand = await makeStand();
  const purchases = () => stand.sim.emr.purchases(stand.clusterId).length;
  const { matching, openProxy } = await barred(stand, action);
  declare(stand, pool(stand, 2));
  expect((await stand.stack.up()).error).toMatch(/did not reach the cloud/);
  expect([matching(), purchases()]).toEqual([1, orders]);
  openProxy();
  expect((await stand.stack.up()).error).toBeUndefined();
  expect([purchases(), stand.bought()]).toEqual([1, 2]);
});

test("an enlargement ends where its job cannot be asked for, and is made once", async () => {
  const { stand, deploy, nodes } = await withInstance();
  const { matching, openProxy } = await barred(stand, "/jobs");
  expect((await deploy(4)).error).toMatch(/did not reach the cloud/);
  expect([matching(), enlargements(stand)]).toEqual([1, 0]);
  openProxy();
  expect((await deploy(4)).error).toBeUndefined();
  expect([nodes().length, enlargements(stand)]).toEqual([4, 1]);
});
