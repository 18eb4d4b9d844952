// A type that this command does not know, or that says of itself only what every resource has to: it is said to be unknown,
// and never treated as a resource of some cloud.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { html } from "../../cli/html";
import { markdown } from "../../cli/markdown";
import { pending } from "../../cli/pending";
import { summariseHere } from "../../cli/pendingRuns";
import { readRule, violation } from "../../cli/policy";
import { readPreview } from "../../cli/preview";
import { askPrices } from "../../cli/prices";
import { report } from "../../cli/report";
import { terminal } from "../../cli/terminal";
import { createContext } from "../../provider/base/context";
import { Session } from "../../provider/base/session";
import { textsOf } from "../../provider/core/note";
import { nothing } from "../../provider/core/plan";
import type { Resource } from "../../provider/core/resource";
import { resources } from "../../provider/resources";

const type = "tencent:EmrFoo";
const inputs = z.strictObject({ clusterId: z.string(), width: z.int() });
/** What the resource itself was asked. */
const asked: string[] = [];

const foo: Resource = {
  type,
  description: "A throw-away.",
  inputs,
  outputs: inputs,
  replaceOnChanges: [],
  defaultedBySdk: [],
  foundWhereAbsent: [],
  secrets: [],
  deleteBeforeReplace: false,
  stableOutputs: [],
  importId: "<clusterId>",
  subject: {
    kind: "cluster",
    id: "clusterId",
    size: "width",
    importIds: ({ clusterId }) => (typeof clusterId === "string" ? [clusterId] : []),
  },
  openOn: () => [],
  check: (news) => ({ inputs: news, failures: [] }),
  diff: (olds, news) => {
    const isSame = olds["width"] === news["width"];
    return {
      changes: !isSame,
      properties: isSame ? [] : [{ property: "width", kind: "update", replace: false }],
    };
  },
  planFromState(olds, news) {
    const buys = Number(news?.["width"] ?? 0) - Number(olds?.["width"] ?? 0);
    const target = String((news ?? olds)?.["clusterId"]);
    if (Number.isNaN(buys)) return nothing();
    const more =
      buys > 0 ? { buys } : { removes: Array.from({ length: -buys }, (_, index) => `foo-${index}`) };
    const summary = `widen by ${buys}`;
    return {
      steps: [{ kind: "call", action: "WidenFoo", target, request: {}, summary, ...more }],
      warnings: [],
      blocked: [],
    };
  },
  create: () => expect.unreachable("a command changes nothing"),
  update: () => expect.unreachable("a command changes nothing"),
  delete: () => expect.unreachable("a command changes nothing"),
  async read(_context, id, state) {
    asked.push(`read ${id}`);
    return { id, state };
  },
  async find(_context, id) {
    asked.push(`find ${id}`);
    return undefined;
  },
};

const directory = mkdtempSync(join(tmpdir(), "unknown-"));
const registry = resources as Map<string, Resource>;
beforeAll(() => {
  registry.set(type, foo);
});
afterAll(() => {
  registry.delete(type);
  rmSync(directory, { recursive: true });
});

const widths = (width: unknown) => ({ clusterId: "emr-foo1", width });
function step(op: string, from: unknown, to: unknown, of = type) {
  const state = (width: unknown) =>
    width === undefined
      ? {}
      : { custom: true, id: "emr-foo1", inputs: widths(width), outputs: widths(width) };
  return {
    op,
    urn: `urn:pulumi:dev::proj::bigdata:${of}::foo`,
    ...(from === undefined ? {} : { oldState: state(from) }),
    ...(to === undefined ? {} : { newState: state(to) }),
    detailedDiff: { width: { kind: "update", inputDiff: true } },
  };
}

/** Everything that `plan` says and decides of these steps. */
async function told(isLive: boolean, ...steps: object[]) {
  asked.length = 0;
  const session = new Session({ journalDirectory: directory });
  const context = createContext(
    session,
    () => undefined,
    () => {},
  );
  const preview = readPreview(JSON.stringify({ steps, changeSummary: {} }));
  const summary = await summariseHere(preview, context, isLive);
  const prices = await askPrices(summary.changes, context);
  const said = report(summary, { prices });
  const forms = [
    markdown(said),
    html(said),
    JSON.stringify(said),
    terminal(said, { width: 1000, isColoured: false }),
  ];
  // Whichever cloud was asked would say that it is not configured.
  for (const form of forms) expect(form).not.toMatch(/volcengine|huawei|configured|credential/i);
  const reasonOf = (rule: string) => violation(readRule(rule), summary, prices);
  return { summary, said, forms, prices, reasonOf };
}

describe("a resource that says only what it has to", () => {
  test("an update is read by what it says, and who holds its cluster is unknown", async () => {
    const { summary, said, prices, reasonOf } = await told(true, step("update", 1, 3));
    expect(said.headline).toBe("Spends: buys 2 nodes");
    expect(summary.changes).toMatchObject([{ type, cluster: "emr-foo1", buys: 2, nodesAfter: 3 }]);
    expect(textsOf(summary.changes[0]?.plan.warnings ?? [])).toEqual([
      "whether cluster emr-foo1 is busy is unknown: tencent:EmrFoo has no call that tells it",
    ]);
    expect([...prices.unknown.values()]).toEqual(["no call is known that tells it"]);
    expect(reasonOf("spends>1")).toMatch(/no known price/);
    expect(asked).toEqual(["read emr-foo1"]);
  });

  test("what is there already of something new is unknown", async () => {
    const { summary, said } = await told(true, step("create", undefined, 2));
    expect(said.headline).toBe("Spends: buys 2 nodes");
    expect(textsOf(summary.changes[0]?.plan.warnings ?? [])).toContain(
      "what it would take over is unknown: tencent:EmrFoo does not say what it starts from",
    );
    expect(summary.open).toBe(1);
    expect(asked).toEqual([]);
  });

  test("a hidden size is let through by no rule", async () => {
    const { reasonOf } = await told(false, step("update", 3, "[secret]"));
    for (const rule of ["destroys", "disturbs", "spends", "spends>1"])
      expect([rule, reasonOf(rule)]).toEqual([rule, expect.stringMatching(/not known yet: foo/)]);
  });

  test("nothing is listed as open", async () => {
    expect(await pending(directory, "text")).toBe("Nothing is open on this machine.\n");
  });
});

describe("a type that is not registered", () => {
  test.each(["create", "update", "replace", "delete", "import"])(
    "%s is unknown, and never safe",
    async (op) => {
      const from = op === "create" || op === "import" ? undefined : 1;
      const { said, forms, reasonOf } = await told(
        true,
        step(op, from, op === "delete" ? undefined : 2, "new:Foo"),
      );
      expect(said.headline).toBe("Not known yet: 1 change of a type that this version does not know");
      for (const form of forms) expect(form.replaceAll("&#95;", "_")).toContain(`foo (new:Foo, ${op})`);
      for (const rule of ["destroys", "disturbs", "spends", "spends>1"])
        expect([rule, reasonOf(rule)]).toEqual([rule, expect.stringMatching(/does not know: foo/)]);
    },
  );

  test("it is told beside what is known", async () => {
    const steps = [step("update", 1, 3), step("delete", 1, undefined, "new:Foo")];
    const { said, reasonOf } = await told(false, ...steps);
    expect(said.headline).toBe("Spends: buys 2 nodes; 1 change of a type that this version does not know");
    expect(reasonOf("destroys")).toMatch(/does not know: foo/);
  });

  test("a component of somebody's own is none", async () => {
    const { newState: _, ...component } = step("create", undefined, 1, "platform:Cluster");
    const { said } = await told(false, { ...component, newState: { custom: false } });
    expect(said.headline).toBe("Safe: no big-data resource changes");
  });
});
