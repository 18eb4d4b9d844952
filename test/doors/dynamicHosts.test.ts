// Dynamic providers of two engines in one process: neither hears of the other.
import { expect, test } from "vitest";
import { type DynamicHost, dynamicProvider } from "../../provider/doors/dynamic";
import { makeStand, providerConfig } from "../scenarios/stand";
import { sessionOn } from "../session";

test("each tells its own engine, and ends with it alone", async () => {
  const { sim, journalDirectory } = await makeStand();
  const config = providerConfig(sim.url);
  const provider = (port: number) => {
    const told: string[] = [];
    const gone = new AbortController();
    const host: DynamicHost = {
      session: sessionOn(sim, { journalDirectory, engineAddress: `127.0.0.1:${port}` }),
      messages: { report: (urn, message) => urn && told.push(`${urn}: ${message}`), flush: async () => {} },
      stop: gone.signal,
    };
    const request = { config: { get: (key: string) => config[key.replace("bigdata:", "")] } };
    return { told, gone, methods: dynamicProvider("tencent:EmrNodePool", request as never, host) };
  };
  const [first, second] = [provider(1), provider(2)];
  const check = async ({ methods }: typeof first, name: string) => {
    const given = { clusterId: "emr-scenario1", role: "task", count: 1, poolId: "one" };
    const { inputs, failures } = await methods.check(
      {},
      { ...given, __claimant: { name, urn: name, isPreview: true } },
    );
    // Two programs may be about one thing; two resources of one program may not.
    expect(failures).toEqual([]);
    return inputs;
  };
  const inputs = await check(first, "a");
  expect(second.told).toEqual([]);
  await check(second, "b");
  expect([first.told, second.told].map((told) => told.map((line) => line.split(",")[0]))).toEqual([
    [expect.stringMatching(/^a: buy 1 task node/)],
    [expect.stringMatching(/^b: buy 1 task node/)],
  ]);

  first.gone.abort(new Error("gone"));
  await expect(first.methods.create(inputs)).rejects.toThrow("gone");
  expect((await second.methods.create(inputs)).outs).toMatchObject({ count: 1 });
  expect(first.told.join()).not.toContain("b: ");
});
