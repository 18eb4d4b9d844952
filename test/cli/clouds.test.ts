// The command against stand-in clouds: prices, what is there now, and how long earlier runs took.
import { execFile } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import type { Report } from "../../cli/report";
import { textsOf } from "../../provider/core/note";
import type { UpdateResult } from "../drivers/driver";
import { root } from "../package";
import {
  credentials,
  declare,
  engineImage,
  makeKillableStand,
  makeStand,
  pool,
  type Stand,
  serviceState,
} from "../scenarios/stand";
import { dataEngineId, newVersion, oldVersion } from "../scenarios/subjects";

const environment = (stand: Stand) => ({
  PATH: process.env["PATH"],
  TENCENTCLOUD_SECRET_ID: credentials.secretId,
  TENCENTCLOUD_SECRET_KEY: credentials.secretKey,
  TENCENTCLOUD_SECURITY_TOKEN: credentials.token,
  PULUMI_BIGDATA_TEST_CLOCK: `${stand.sim.url}/_sim/clock`,
  PULUMI_BIGDATA_STATE_DIR: stand.journalDirectory,
});

/** What the command says of the stack's next `up`. */
async function plan(
  stand: Stand,
  args: string[],
  env: NodeJS.ProcessEnv = {},
  edit = (digest: UpdateResult["digest"]) => digest,
) {
  const { digest } = await stand.stack.preview();
  const file = join(stand.directory, "preview.json");
  writeFileSync(file, JSON.stringify(edit(digest)));
  return command(stand, ["plan", file, ...args], env);
}

async function command(stand: Stand, args: string[], env: NodeJS.ProcessEnv = {}) {
  const run = promisify(execFile)(process.execPath, [join(root, "dist", "cli", "main.js"), ...args], {
    env: { ...environment(stand), ...env },
  }).catch((error: { stdout: string; stderr: string; code: number }) => error);
  const { stdout, stderr, ...rest } = await run;
  return { stdout, stderr, code: "code" in rest ? rest.code : 0 };
}

async function told(stand: Stand, ...args: string[]): Promise<Report> {
  const { stdout, stderr } = await plan(stand, ["--format", "json", ...args]);
  expect(stderr).toBe("");
  return JSON.parse(stdout) as Report;
}

async function deployed(...count: number[]) {
  const stand = await makeStand();
  stand.sim.settings.pricePerNodeHour.task = 2;
  for (const each of count) {
    declare(stand, pool(stand, each));
    expect((await stand.stack.up()).error).toBeUndefined();
  }
  return stand;
}

test("prices are those of the cloud: what is bought, what is freed, and what it comes to", async () => {
  const stand = await deployed(2);
  declare(stand, pool(stand, 5));
  const grown = await told(stand, "--prices");
  expect(grown.notes).toContain("The bill changes by +6.00 CNY per hour, +4380.00 CNY per month.");
  expect(grown.notes).toContain(
    "The pools that change then cost 10.00 CNY per hour, 7300.00 CNY per month in all.",
  );
  expect(grown.clusters[0]?.rows[0]?.price).toBe("+6.00 CNY per hour, +4380.00 CNY per month");
  declare(stand, pool(stand, 1));
  expect((await told(stand, "--prices")).notes).toContain(
    "The bill changes by -2.00 CNY per hour, -1460.00 CNY per month.",
  );
  declare(stand, pool(stand, 1, { yarnNodeLabel: "fast" }));
  expect((await told(stand, "--prices")).notes).toContain(
    "The bill changes by -2.00 CNY per hour, -1460.00 CNY per month.",
  );
  declare(stand);
  expect((await told(stand, "--prices")).notes).toContain(
    "The bill changes by -4.00 CNY per hour, -2920.00 CNY per month.",
  );
});

test("monthly nodes cost by the month, and free nothing when they go", async () => {
  const stand = await makeStand();
  stand.sim.settings.pricePerNodeHour.task = 2;
  declare(stand, pool(stand, 2, { payMode: 1, timeUnit: "m", timeSpan: 3 }));
  const bought = await told(stand, "--prices");
  const [, perMonth] = /\+[\d.]+ CNY per hour, \+([\d.]+) CNY per month/.exec(bought.notes.join()) ?? [];
  expect(Number(perMonth)).toBeGreaterThan(0);
  expect((await stand.stack.up()).error).toBeUndefined();
  declare(stand);
  expect((await told(stand, "--prices")).notes).toEqual(
    expect.arrayContaining([
      "The bill changes by 0.00 CNY per hour, 0.00 CNY per month.",
      "Monthly nodes that are removed are paid until their month ends.",
    ]),
  );
});

test("without credentials, or where the cloud refuses, there is no price and no guess", async () => {
  const stand = await deployed(1);
  declare(stand, pool(stand, 2));
  expect((await told(stand)).notes).toContain("Prices were not asked: run with --prices and credentials.");
  const { stdout } = await plan(stand, ["--prices"], {
    TENCENTCLOUD_SECRET_ID: undefined,
    TENCENTCLOUD_SECRET_KEY: undefined,
  });
  expect(stdout).toMatch(/No price for workers: .*tencentSecretId/s);
  expect(stdout).not.toMatch(/CNY/);
  stand.sim.settings.stock.task = 0;
  const soldOut = await told(stand, "--prices");
  expect(soldOut.notes.join("\n")).toMatch(/No price for workers: .*SoldOut/s);
});

test("a limit is kept by the price of what is bought", async () => {
  const stand = await deployed(1);
  declare(stand, pool(stand, 3));
  expect(await plan(stand, ["--prices", "--fail-on", "spends>3000"])).toMatchObject({ code: 0, stderr: "" });
  const over = await plan(stand, ["--prices", "--fail-on", "spends>2900"]);
  expect(over.code).toBe(3);
  expect(over.stderr).toBe(
    "not let through: what the plan buys costs 2920.00 CNY per month, more than 2900\n",
  );
});

test("what is there now is told: drift, what is gone, and what holds the cluster", async () => {
  const stand = await deployed(3);
  const [lost = ""] = stand.nodeIds();
  stand.sim.emr.removeNode(stand.clusterId, lost);
  declare(stand, pool(stand, 4));
  expect((await told(stand)).headline).toBe("Spends: buys 1 node");
  stand.sim.emr.holdLock(stand.clusterId, 3_600_000);
  const live = await told(stand, "--live");
  // What the update does; the node that is lost waits for a refresh.
  expect(live.headline).toBe("Spends: buys 1 node");
  expect(textsOf(live.clusters[0]?.rows[0]?.warnings ?? [])).toEqual([
    `cluster ${stand.clusterId} is executing now: a change waits for it, or is refused`,
    "drift: count is 2 now, and was recorded as 3",
    expect.stringContaining("waits for `pulumi refresh`"),
  ]);
  stand.sim.emr.destroyCluster(stand.clusterId);
  const { stdout } = await plan(stand, ["--live"]);
  expect(stdout).toMatch(/mind: (it is gone since the last refresh|could not be looked at)/);
});

test("what a new resource would take charge of is looked at", async () => {
  const stand = await makeStand();
  declare(stand, serviceState(stand, { state: "stopped" }));
  expect((await told(stand)).headline).toBe(
    "Not known yet: what 1 change will do shows only when the clouds are asked",
  );
  expect((await told(stand, "--live")).headline).toMatch(/^Disturbs: \d+ processes of YARN .* stop$/);
  expect(stand.changes()).toEqual([]);
});

test("it is looked at where the program says that it is", async () => {
  const stand = await makeStand();
  const region = "ap-shanghai";
  stand.sim.dlc.createEngine({ dataEngineId, dataEngineName: "reports", region });
  for (const engine of [{ dataEngineId }, { dataEngineName: "reports" }]) {
    declare(stand, engineImage({ ...engine, imageVersion: newVersion, region }));
    expect((await told(stand, "--live")).headline).toMatch(/^Disturbs: engine reports restarts/);
  }
});

test("an engine is looked at by its name where the edition has no list of engines", async () => {
  const stand = await makeStand();
  const engine = stand.sim.dlc.createEngine({ dataEngineId, dataEngineName: "reports" });
  stand.sim.settings.missingActions = ["DescribeDataEngines"];
  const inputs = { dataEngineName: "reports", allowSuspended: true };
  declare(stand, engineImage({ ...inputs, imageVersion: oldVersion }));
  expect((await stand.stack.up()).error).toBeUndefined();
  declare(stand, engineImage({ ...inputs, imageVersion: newVersion }));
  engine.state = 1;
  const warnings = (await told(stand, "--live")).clusters[0]?.rows[0]?.warnings ?? [];
  expect(textsOf(warnings)).toEqual([
    "engine reports is suspended now: a change waits for it, or is refused",
  ]);
});

test("nodes of a pool that were bought with other settings are told", async () => {
  const stand = await makeStand();
  const before = await stand.stack.exportState();
  declare(stand, pool(stand, 1));
  expect((await stand.stack.up()).error).toBeUndefined();
  const [id = ""] = stand.nodeIds();
  await stand.stack.importState(before);
  declare(stand, pool(stand, 1, { yarnNodeLabel: "fast" }));
  const warnings = textsOf((await told(stand, "--live")).clusters[0]?.rows[0]?.warnings ?? []).join();
  expect(warnings).toContain(`${id} carry the pool's tag, but were bought with other settings`);
});

test("earlier runs on this machine tell how long it takes", async () => {
  const stand = await deployed(1, 2, 3);
  declare(stand, pool(stand, 5));
  const [cluster] = (await told(stand)).clusters;
  expect(cluster?.duration).toMatch(/^about \d+ (s|min) \(estimate from earlier runs\)$/);
  const elsewhere = await plan(stand, ["--format", "json"], {
    PULUMI_BIGDATA_STATE_DIR: join(stand.directory, "none"),
  });
  expect((JSON.parse(elsewhere.stdout) as Report).clusters[0]?.duration).toBe(
    "about 4 min (estimate from usual times)",
  );
});

test("the preview is run where that is asked for", async () => {
  const stand = await deployed(1);
  declare(stand, pool(stand, 2));
  const { digest } = await stand.stack.preview();
  const bin = join(stand.directory, "bin");
  mkdirSync(bin);
  writeFileSync(join(bin, "preview.json"), JSON.stringify(digest));
  // Stands for the CLI: it prints what the CLI would, and fails like it.
  writeFileSync(join(bin, "pulumi"), `#!/bin/sh\necho "$@" > ${bin}/args\ncat ${bin}/preview.json\nexit 1\n`);
  chmodSync(join(bin, "pulumi"), 0o755);
  const run = (PATH: string) =>
    promisify(execFile)(process.execPath, [join(root, "dist", "cli", "main.js"), "plan", "--run"], {
      env: { PATH },
    });
  const { stdout } = await run(`${bin}:${process.env["PATH"]}`);
  expect(stdout).toMatch(/^Spends: buys 1 node\n/);
  await expect(run(join(stand.directory, "none"))).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining("There is no `pulumi` on PATH to run."),
  });
});

test("a count that the preview hides is let through by no rule, whatever the clouds show", async () => {
  const stand = await deployed(4);
  declare(stand, pool(stand, 1));
  const hide = (digest: UpdateResult["digest"]) => {
    for (const step of digest?.steps ?? [])
      for (const state of [step.oldState, step.newState])
        for (const values of [state?.inputs, state?.outputs])
          if (values && "count" in values) Object.assign(values, { count: "[secret]" });
    return digest;
  };
  for (const live of [[], ["--live"]])
    for (const rule of ["destroys", "disturbs", "spends"]) {
      const { code, stdout } = await plan(stand, ["--fail-on", rule, ...live], {}, hide);
      expect([rule, code]).toEqual([rule, 3]);
      expect(stdout).not.toMatch(/^Safe/);
    }
});

test("an order that this machine remembers is settled first, and is listed", async () => {
  const { stand, killAt } = await makeKillableStand();
  expect(await command(stand, ["pending"])).toMatchObject({
    stdout: "Nothing is open on this machine.\n",
    code: 0,
  });
  declare(stand, pool(stand, 2));
  killAt("ScaleOutInstance", "acted");
  expect((await stand.stack.up()).ok).toBe(false);
  const begun = await plan(stand, ["--fail-on", "destroys"]);
  expect(begun.stdout).toMatch(/find out what an earlier order for 2 task nodes brought/);
  const keyless = await plan(stand, ["--fail-on", "destroys"], {
    TENCENTCLOUD_SECRET_ID: undefined,
    TENCENTCLOUD_SECRET_KEY: undefined,
  });
  expect(keyless.stdout).toMatch(/an earlier run on this machine left open on \S+ purchase of 2 task nodes/);
  expect((await stand.stack.up()).error).toBeUndefined();

  declare(stand, pool(stand, 4));
  killAt("ScaleOutInstance", "acted");
  expect((await stand.stack.up()).ok).toBe(false);
  declare(stand, pool(stand, 2));
  for (const rule of ["destroys", "disturbs", "spends"]) {
    const { stdout, code } = await plan(stand, ["--fail-on", rule]);
    expect([rule, code]).toEqual([rule, 3]);
    expect(stdout).toMatch(/^Not known yet/);
    expect(stdout).toMatch(/find out what an earlier order for 2 task nodes brought/);
  }
  const listing = await command(stand, ["pending", "--format", "json"]);
  expect(listing.code).toBe(0);
  const { open } = JSON.parse(listing.stdout);
  expect(open).toContainEqual({
    type: "tencent:EmrNodePool",
    on: stand.clusterId,
    name: "pools/test/workers",
    what: "purchase of 2 task nodes",
    outcome: "unknown",
    since: expect.stringMatching(/^20\d\d-/),
    ids: { token: expect.any(String) },
    advice: expect.stringContaining("pulumi up"),
  });
  expect((await command(stand, ["pending"])).stdout).toContain(
    "purchase of 2 task nodes\n  outcome: unknown",
  );
});

test("a command that a preview names is never run: a pull request could bring it", async () => {
  const stand = await deployed(1);
  declare(stand, pool(stand, 2));
  const sign = join(stand.directory, "was-run");
  const line = `touch ${sign}`;
  const profiles = JSON.stringify({ other: { tencentCredentialsCommand: line } });
  const named = (digest: UpdateResult["digest"]) => ({
    ...digest,
    config: { ...digest?.config, "bigdata:tencentCredentialsCommand": line, "bigdata:profiles": profiles },
  });
  const { code, stdout } = await plan(stand, ["--prices", "--live"], {}, named as never);
  expect(code).toBe(0);
  expect(stdout).toContain("CNY");
  expect(existsSync(sign)).toBe(false);
});
