// What each resource says that it is about, by which every command reads it.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readPreview } from "../../cli/preview";
import { importIdsOf, subjectOf } from "../../cli/subject";
import { summarise } from "../../cli/summary";
import { functionOf } from "../../provider/byName";
import { resources } from "../../provider/resources";
import { root } from "../package";

const recorded = readFileSync(join(root, "test", "cli", "previews", "all-change.json"), "utf8");
const { changes } = summarise(readPreview(recorded));
const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

describe.each([...resources])("%s", (type, resource) => {
  const { subject, inputs } = resource;
  const change =
    changes.find((each) => each.type === type) ?? expect.unreachable(`${type}: nothing recorded`);

  test("it names its own inputs", () => {
    const named = [subject.id, subject.name, subject.part, subject.size].filter((name) => name !== undefined);
    expect(Object.keys(inputs.shape)).toEqual(expect.arrayContaining(named));
  });

  test("a preview tells what it is about, and how many nodes there will be", () => {
    expect(Object.values({ ...change.olds, ...change.inputs })).toContain(change.cluster);
    expect(typeof change.nodesAfter).toBe(subject.size === undefined ? "undefined" : "number");
  });

  test("it can be imported by what it says, and by nothing while that is not known", () => {
    const [id = "", ...others] = importIdsOf(change);
    expect(id).toContain(change.inputs[subject.id]);
    expect([id, ...others].every((each) => typeof each === "string" && each !== "")).toBe(true);
    for (const name of Object.keys(change.inputs)) {
      const { [name]: _, ...less } = change.inputs;
      expect(() => importIdsOf({ resource, inputs: less })).not.toThrow();
      for (const hidden of [unknown, "[secret]"]) {
        const given = { ...change.inputs, [name]: hidden };
        if (hidden === unknown || !resource.secrets.includes(name))
          expect(importIdsOf({ resource, inputs: given })).toEqual([]);
      }
    }
    expect(importIdsOf({ resource, inputs: {} })).toEqual([]);
    const nameless = { ...change.inputs, [subject.id]: unknown };
    expect(subjectOf(resource, nameless, undefined)).toBe("not known yet");
  });

  test("what it asks of functions, they know", async () => {
    const { status, prices } = subject;
    if (status) {
      const { inputs: taken } = await functionOf(status.token);
      const asked = Object.entries(status.asked(change.inputs, change.olds));
      const given = Object.fromEntries(asked.filter(([, value]) => value !== undefined));
      expect(taken.safeParse(given).error).toBeUndefined();
    }
    if (prices) {
      expect(await functionOf(prices.asked.token)).toBe(prices.asked);
      expect(Object.keys(prices.asked.outputs.shape)).toEqual(
        expect.arrayContaining(["discountedPrice", "currency", "unit", "span"]),
      );
      const { [subject.size ?? ""]: count, ...others } = inputs.shape;
      expect(Object.keys({ ...others, count })).toEqual(
        expect.arrayContaining(Object.keys(prices.asked.inputs.shape)),
      );
    }
  });
});

test("a DDM group is the same whether it is named, or its instance alone", () => {
  const group = changes.find(({ type }) => type === "huawei:DdmNodeGroup") ?? expect.unreachable();
  const withGroup = (values: object, groupId?: string) => ({ ...values, ...(groupId && { groupId }) });
  const isTakenOver = (gone?: string, held?: string) => {
    const urn = group.urn.replace("::readers", "::other");
    const steps = [
      { op: "create", urn, newState: { inputs: withGroup(group.inputs, held) } },
      { op: "delete", urn: group.urn, oldState: { outputs: withGroup(group.olds ?? {}, gone) } },
    ];
    const { changes: read } = summarise(readPreview(JSON.stringify({ steps, changeSummary: {} })));
    return read.some(({ plan }) => plan.warnings.some(({ code }) => code === "takenOver"));
  };
  expect(isTakenOver()).toBe(true);
  expect(isTakenOver("g1", "g1")).toBe(true);
  expect(isTakenOver("g1", "g2")).toBe(false);
});
