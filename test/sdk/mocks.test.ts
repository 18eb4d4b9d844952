// Unit tests of users' programs: Pulumi's mocks stand in for resources and functions of both doors.
import { createRequire } from "node:module";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { beforeEach, expect, test } from "vitest";
import type * as pluginDoor from "../../sdk/plugin";
import { work } from "../package";

// As installed: the classes are loaded when they are asked for.
const requireFrom = createRequire(join(work, "index.js"));

const asked: pulumi.runtime.MockCallArgs[] = [];

beforeEach(async () => {
  asked.length = 0;
  await pulumi.runtime.setMocks({
    newResource: ({ name, inputs }) => ({ id: `${name}-id`, state: { ...inputs, privateIps: ["10.0.0.1"] } }),
    call: (call) => {
      asked.push(call);
      return { nodeCount: 3, privateIps: ["10.0.0.7"] };
    },
  });
});

const known = <T>(output: pulumi.Output<T>) => new Promise<T>((resolve) => output.apply(resolve));

test.each(["pulumi-bigdata", "pulumi-bigdata/plugin"])(
  "%s: mocks answer, and no cloud is asked",
  async (door) => {
    // Both have the same names.
    const { tencent } = requireFrom(door) as typeof pluginDoor;
    const clusterId = "emr-5n3l5c83";
    const nodes = await tencent.getEmrNodes({ clusterId });
    expect(nodes.nodeCount).toBe(3);
    const more = tencent.getEmrNodesOutput({ clusterId: pulumi.output(clusterId) });
    expect(await known(more.privateIps)).toEqual(["10.0.0.7"]);
    expect(asked.map(({ token, inputs }) => [token, inputs.clusterId])).toEqual([
      ["bigdata:tencent:getEmrNodes", clusterId],
      ["bigdata:tencent:getEmrNodes", clusterId],
    ]);
    const pool = new tencent.EmrNodePool("workers", { clusterId, role: tencent.Role.Task, count: 1 });
    expect(await known(pool.privateIps)).toEqual(["10.0.0.1"]);
  },
);

test.each(["pulumi-bigdata", "pulumi-bigdata/plugin"])(
  "%s: a resource costs no stack trace for each property, and what fails has one",
  (door) => {
    const { tencent } = requireFrom(door) as typeof pluginDoor;
    const args = { clusterId: "emr-5n3l5c83", role: tencent.Role.Task, count: 1 };
    const { prepareStackTrace, stackTraceLimit } = Error;
    let traces = 0;
    Error.prepareStackTrace = (error, frames) => {
      if (frames.length > 0) traces += 1;
      return `${error}\n${frames.map((frame) => `    at ${frame}`).join("\n")}`;
    };
    try {
      new tencent.EmrNodePool("workers", args);
      expect(traces).toBeLessThan(5);
      const refusal = new Error("no resources today");
      const fail = () =>
        new tencent.EmrNodePool("others", args, {
          transformations: [
            () => {
              throw refusal;
            },
          ],
        });
      expect(fail).toThrow(refusal);
      expect(refusal.stack).toContain("at fail");
    } finally {
      Object.assign(Error, { prepareStackTrace });
    }
    expect(Error.stackTraceLimit).toBe(stackTraceLimit);
  },
);
