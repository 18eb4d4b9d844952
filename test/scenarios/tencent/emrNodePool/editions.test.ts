// Secrets in inputs, answers that get lost on removal, editions, lists that miss nodes once, settings.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { ProviderStarted } from "../../../engine/providerProcess";
import { secret, unknown } from "../../../engine/values";
import {
  declare,
  filesBelow,
  journalsOf,
  makeStand,
  pool,
  recordedNodes,
  type Stand,
  stateOf,
} from "../../stand";

test("secrets of bootstrap scripts stay sealed in state through partial failures, drift and replacement", async () => {
  const stand = await makeStand();
  const cosSecretKey = "cosSecretKeyThatNobodyMaySee";
  const script = {
    cosFileUri: "https://b.cos.ap-guangzhou.myqcloud.com/x.sh",
    cosSecretId: "AKIDcos",
    cosSecretKey,
  };
  const scripts = (more: object = {}) => ({
    preExecutedFileSettings: secret([{ ...script, ...more }]),
  });
  const texts: string[] = [];
  const keep = async (result: unknown) => {
    texts.push(JSON.stringify(result), JSON.stringify(await stand.stack.exportState()));
    for (const path of filesBelow(stand.journalDirectory)) texts.push(readFileSync(path, "utf8"));
  };
  stand.sim.faults.add({ kind: "partialFill", filled: 1 });
  declare(stand, pool(stand, 2, scripts()));
  const first = await stand.stack.up();
  expect(first.ok).toBe(false);
  await keep(first);
  await keep(await stand.stack.refresh());
  stand.sim.faults.add({ kind: "partialFill", filled: 0 });
  const second = await stand.stack.up();
  expect(second.ok).toBe(false);
  await keep(second);
  declare(stand, pool(stand, 1, scripts({ remark: "other" })));
  await keep(await stand.stack.preview());
  await keep(await stand.stack.up());
  await keep(await stand.stack.refresh());
  expect(await recordedNodes(stand)).toHaveLength(1);
  for (const text of texts) expect(text).not.toContain(cosSecretKey);
});

describe("removal", () => {
  test.each([
    { name: "the answer is lost", fault: { kind: "dropAnswer" } as const },
    { name: "the answer is an HTTP 502", fault: { kind: "http", status: 502, acted: true } as const },
    {
      name: "the answer is an internal error",
      fault: { kind: "error", code: "InternalError", acted: true } as const,
    },
    { name: "the request is lost", fault: { kind: "dropRequest" } as const },
  ])("$name, the lists lagging", async ({ fault }) => {
    const stand = await makeStand();
    declare(stand, pool(stand, 3));
    expect((await stand.stack.up()).error).toBeUndefined();
    stand.sim.settings.statusLagMilliseconds = 200_000;
    stand.sim.clock.advance(60_000);
    stand.sim.faults.add({ ...fault, action: "TerminateClusterNodes" });
    declare(stand, pool(stand, 1));
    expect((await stand.stack.up()).error).toBeUndefined();
    stand.sim.clock.advance(60_000);
    expect(stand.nodeIds()).toHaveLength(1);
    expect(await recordedNodes(stand)).toEqual(stand.nodeIds());
  });

  test("an edition without the newer call", async () => {
    const stand = await makeStand();
    stand.sim.settings.missingActions = ["TerminateClusterNodes"];
    declare(stand, pool(stand, 2));
    expect((await stand.stack.up()).error).toBeUndefined();
    expect((await stand.stack.destroy()).error).toBeUndefined();
    expect(stand.nodeIds()).toEqual([]);
  });

  test("a protected node: nothing goes, and it is named", async () => {
    const stand = await makeStand();
    declare(stand, pool(stand, 2));
    expect((await stand.stack.up()).error).toBeUndefined();
    const going = (await recordedNodes(stand)).at(-1);
    const node = stand.sim.emr.nodes(stand.clusterId).find(({ emrResourceId }) => emrResourceId === going);
    if (node) node.disableApiTermination = true;
    const destroyed = await stand.stack.destroy();
    expect(destroyed.error).toContain(node?.emrResourceId);
    expect(stand.nodeIds()).toHaveLength(2);
    // The preview has named that one, so that no other goes in its place before a preview has named it.
    declare(stand, pool(stand, 1));
    expect((await stand.stack.up()).error).toContain(node?.emrResourceId);
    expect(stand.nodeIds()).toHaveLength(2);
    const others = stand.nodeIds().filter((id) => id !== node?.emrResourceId);
    declare(stand, pool(stand, 1, { scaleIn: { nodes: others } }));
    expect((await stand.stack.up()).error).toBeUndefined();
    expect(stand.nodeIds()).toEqual([node?.emrResourceId]);
  });
});

describe("editions", () => {
  test.each([
    { scaleOutAnswer: "nothing", tagsVisible: true },
    { scaleOutAnswer: "nothing", tagsVisible: false },
    { scaleOutAnswer: "flowId", tagsVisible: false },
  ] as const)("answer $scaleOutAnswer, tags visible $tagsVisible, lists lagging", async (settings) => {
    const stand = await makeStand({
      simulator: {
        timeScale: 1,
        credentials: [
          { secretId: "AKIDscenario", secretKey: "scenarioSecretKey0001", token: "scenarioToken0001" },
        ],
      },
    });
    Object.assign(stand.sim.settings, settings, {
      statusLagMilliseconds: 20_000,
      flowLagMilliseconds: 10_000,
    });
    for (const count of [2, 3, 1]) {
      declare(stand, pool(stand, count));
      expect((await stand.stack.up()).error).toBeUndefined();
      expect(stand.nodeIds()).toHaveLength(count);
      expect((await recordedNodes(stand)).sort()).toEqual(stand.nodeIds().sort());
    }
    expect(stand.bought()).toBe(3);
  });
});

describe("a list that misses the recorded nodes once", () => {
  async function withGlitch(): Promise<Stand> {
    const stand = await makeStand();
    stand.sim.settings.tagsVisible = false;
    declare(stand, pool(stand, 2));
    expect((await stand.stack.up()).error).toBeUndefined();
    let lists = 0;
    stand.sim.onCall(({ action, phase }) => {
      if (action !== "DescribeClusterNodes") return;
      if (phase === "received") lists += 1;
      stand.sim.settings.statusLagMilliseconds = phase === "received" && lists === 1 ? 1e10 : 0;
    });
    return stand;
  }

  test("destroy does not leave them behind", async () => {
    const stand = await withGlitch();
    const destroyed = await stand.stack.destroy();
    if (destroyed.ok) expect(stand.nodeIds()).toEqual([]);
    else expect(await recordedNodes(stand)).toHaveLength(2);
  });

  test("refresh does not forget them", async () => {
    const stand = await withGlitch();
    await stand.stack.refresh();
    await stand.stack.up();
    expect(stand.bought()).toBe(2);
  });
});

test("a replacement is killed between removing and buying", async () => {
  let provider: ProviderStarted | undefined;
  const stand = await makeStand({
    onProviderStart: (started) => {
      provider = started;
    },
  });
  declare(stand, pool(stand, 2, { zoneId: 100003 }));
  expect((await stand.stack.up()).error).toBeUndefined();
  declare(stand, pool(stand, 2, { zoneId: 100004 }));
  for (const at of ["received", "acted"]) {
    const stop = stand.sim.onCall(({ action, phase }) => {
      if (action !== "ScaleOutInstance" || phase !== at) return undefined;
      stop();
      provider?.kill("SIGKILL");
      return "drop";
    });
    expect((await stand.stack.up()).ok).toBe(false);
  }
  expect((await stand.stack.up()).error).toBeUndefined();
  const nodes = (await stateOf(stand))?.["nodes"] as { zone: string }[];
  expect(nodes.map(({ zone }) => zone)).toEqual(["ap-guangzhou-4", "ap-guangzhou-4"]);
  expect([stand.nodeIds().length, stand.bought()]).toEqual([2, 4]);
});

describe("settings", () => {
  test("unknown inputs in a preview call nothing and fail nothing", async () => {
    const stand = await makeStand();
    for (const name of ["clusterId", "count", "role", "timeouts"]) {
      declare(stand, pool(stand, 2, { [name]: unknown }));
      expect((await stand.stack.preview()).error, name).toBeUndefined();
    }
    declare(
      stand,
      pool(stand, 2, { tags: [{ tagKey: unknown, tagValue: "1" }], scaleIn: { nodes: unknown } }),
    );
    expect((await stand.stack.preview()).error).toBeUndefined();
    declare(stand, pool(stand, 2));
    expect((await stand.stack.up()).error).toBeUndefined();
    const calls = stand.sim.journal.length;
    for (const name of ["clusterId", "count", "tags"]) {
      declare(stand, pool(stand, 2, { [name]: unknown }));
      expect((await stand.stack.preview()).error, name).toBeUndefined();
    }
    expect(stand.sim.journal).toHaveLength(calls);
  });

  test("credentials taken away, wrong, or the endpoint down: every operation says so and forgets nothing", async () => {
    const stand = await makeStand();
    declare(stand, pool(stand, 1));
    expect((await stand.stack.up()).error).toBeUndefined();
    const cases: [key: string, value: string, told: RegExp][] = [
      ["tencentSecretId", "", /tencentSecretId/],
      ["tencentEndpoint", "http://127.0.0.1:9", /127\.0\.0\.1:9/],
    ];
    const right: Record<string, string> = {
      tencentSecretId: "AKIDscenario",
      tencentEndpoint: stand.sim.url,
    };
    for (const [key, value, told] of cases) {
      await stand.stack.setConfig(`bigdata:${key}`, value);
      declare(stand, pool(stand, 2));
      expect((await stand.stack.up()).error, `up with ${key}`).toMatch(told);
      expect((await stand.stack.refresh()).error, `refresh with ${key}`).toMatch(told);
      expect((await stand.stack.destroy()).error, key).toMatch(told);
      expect(await recordedNodes(stand)).toHaveLength(1);
      await stand.stack.setConfig(`bigdata:${key}`, right[key] ?? "");
    }
    declare(stand, pool(stand, 1));
    expect((await stand.stack.up()).error).toBeUndefined();
    expect((await stand.stack.destroy()).error).toBeUndefined();
    expect(stand.nodeIds()).toEqual([]);
  });

  test("a corrupt journal buys nothing and is named", async () => {
    const stand = await makeStand();
    declare(stand, pool(stand, 1));
    expect((await stand.stack.up()).error).toBeUndefined();
    mkdirSync(stand.journalDirectory, { recursive: true });
    const isOfOrders = (path: string) => readFileSync(path, "utf8").includes('"used"');
    const path = journalsOf(stand).find(isOfOrders) ?? "";
    for (const text of ["", "{", "null", '{"entry":{"order":{"token":"x"}}}', "{}"]) {
      writeFileSync(path, text);
      declare(stand, pool(stand, 2));
      const up = await stand.stack.up();
      expect(up.error, text).toContain(path);
      expect(stand.bought()).toBe(1);
      expect(await recordedNodes(stand)).toHaveLength(1);
    }
  });
});
