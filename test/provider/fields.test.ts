// What fields say of themselves, and what follows from it.
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { fieldsOf, input, inputObject, inputsThat, output, part } from "../../provider/fields";
import { resources } from "../../provider/resources";
import { secretsOf } from "../../provider/schema";
import { purchaseSettings } from "../../provider/tencent/emrNodePoolBirth";
import { type NodePoolInputs, nodePoolInputs } from "../../provider/tencent/emrNodePoolSchema";
import { nodePurchase, scaleOutInstance } from "../../provider/tencent/emrPurchase";

const script = z.strictObject({ uri: z.string(), key: part({ change: "later", secret: true }, z.string()) });

const inputs = inputObject({
  region: input({ change: "replaces", found: true }, z.string().optional().describe("Where it is.")),
  name: input({ change: "replaces", proposed: true }, z.string()),
  size: input({ change: "inPlace" }, z.int().default(1)),
  scripts: input({ change: "replaces" }, z.array(script).optional()),
  password: input({ change: "inPlace", secret: true }, z.strictObject({ text: z.string() }).optional()),
  timeout: input({ change: "later" }, z.string().optional()),
});

const outputs = z.object({
  region: output({ stable: true }, z.string()),
  size: z.int(),
  shown: output({ secret: true }, z.array(z.string())).optional(),
  pending: output(
    { secret: "sealed" },
    z.object({ id: z.string(), print: part({ secret: "untold" }, z.string()) }).optional(),
  ),
});

test("a field keeps what it says when more is said of it", () => {
  const described = inputs.shape.region.describe("Another text.");
  expect(fieldsOf(inputObject({ described }), z.object({}))).toMatchObject({
    replaceOnChanges: ["described"],
    foundWhereAbsent: ["described"],
  });
  expect(described.description).toBe("Another text.");
  expect(inputs.shape.region.description).toBe("Where it is.");
});

test("what is known by names follows from the fields", () => {
  expect(fieldsOf(inputs, outputs)).toEqual({
    inputs,
    outputs,
    replaceOnChanges: ["region", "name", "scripts"],
    defaultedBySdk: ["name"],
    foundWhereAbsent: ["region"],
    secrets: ["password", "shown", "pending"],
    stableOutputs: ["region"],
  });
  expect(inputsThat(inputs, "inPlace")).toEqual(["size", "password"]);
  expect(inputsThat(inputs, "later")).toEqual(["timeout"]);
});

test("secrets are what is marked, at any depth; of what is only sealed, what is not to be told", () => {
  const properties = {
    name: "open",
    scripts: [{ uri: "open", key: "key 1" }, { uri: "open", key: "key 2" }, "unknown"],
    password: { text: "password" },
    shown: ["shown 1", "shown 2"],
    pending: { id: "open", print: "print" },
  };
  const found = ["key 1", "key 2", "password", "print", "shown 1", "shown 2"];
  expect(secretsOf({ inputs, outputs }, properties).sort()).toEqual(found);
  expect(secretsOf({ inputs, outputs }, {})).toEqual([]);
});

test("the compiler asks an input what a change of it does", () => {
  // @ts-expect-error: it does not say
  inputObject({ name: z.string() });
  // @ts-expect-error: it does not say
  fieldsOf(z.strictObject({ name: z.string() }), z.object({}));
  // @ts-expect-error: it says all but that
  input({ secret: true }, z.string());
  // @ts-expect-error: what is inside an input is part of its change, or is for later
  part({ change: "replaces" }, z.string());
});

describe("a node pool's purchase", () => {
  test("takes everything that is declared for it", () => {
    expect(Object.keys(scaleOutInstance.request.shape)).toEqual(
      expect.arrayContaining(Object.keys(nodePurchase.shape)),
    );
    expect(Object.keys(nodePoolInputs.shape)).toEqual(
      expect.arrayContaining(Object.keys(nodePurchase.shape)),
    );
    const wanted = { clusterId: "emr-a1", payMode: 0 } as NodePoolInputs;
    expect(Object.keys(purchaseSettings(wanted))).toEqual(Object.keys(nodePurchase.shape));
  });

  test("the page names what changes in place or later", () => {
    const { description = "" } = resources.get("tencent:EmrNodePool") ?? {};
    const [, sentence = ""] = /In place change:(.*?)Everything else/s.exec(description) ?? [];
    const named = [...sentence.matchAll(/`(\w+)`/g)].map(([, name]) => name);
    const own = [...inputsThat(nodePoolInputs, "inPlace"), ...inputsThat(nodePoolInputs, "later")];
    expect([...named, "profile"].sort()).toEqual(own.sort());
  });
});

test.each([...resources])("%s: an input that is said to replace on its page does", (_type, resource) => {
  const told = Object.entries(resource.inputs.shape).filter(([, { description }]) =>
    /(Changing it|Another \w+) replaces/.test(description),
  );
  expect(told.length).toBeGreaterThan(0);
  expect(resource.replaceOnChanges).toEqual(expect.arrayContaining(told.map(([name]) => name)));
});
