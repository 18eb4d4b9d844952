// The command as a process: what it says is pending.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { root } from "../package";
import { node } from "./poolPreview";

describe("what is pending", () => {
  const entries: Record<string, object> = {
    "ap-guangzhou/emr-1/task/proj/dev/workers": {
      orders: [
        {
          order: {
            token: "t-1",
            sentAt: 1772323200000,
            serverTime: "",
            count: 1,
            specHash: "h",
            payMode: 0,
            before: [],
            acknowledged: true,
            flow: { key: "TraceId", value: "trace-1" },
          },
          brought: [node(1)],
          isCreate: true,
          isTold: true,
        },
      ],
      used: [],
    },
    "ddm/eu-west-101/p/i-1": {
      pending: [
        {
          id: "e-1",
          groupId: "",
          sentAt: 1772323200000,
          count: 2,
          before: [],
          jobsBefore: [],
          isOrder: true,
          acknowledged: true,
          jobId: "job-1",
          orderId: "CS1",
        },
      ],
      settled: [],
      groups: {},
    },
    "application/cn-beijing/vke-1/ray": {
      open: {
        "a-1": {
          owner: "o",
          action: {
            id: "a-1",
            component: "RayOperator",
            releaseName: "",
            action: "restart",
            sentAt: 1772323200000,
            accepted: true,
            operationId: "op-1",
            requestId: "",
            startTimes: [],
            hasConfigs: true,
            event: "hash",
          },
        },
      },
      done: {},
      settled: [],
    },
    "dlc/ap-guangzhou/DataEngine-1": {
      resumed: true,
      sent: { imageVersionId: "img-2", imageVersion: "two", sentAt: 1772323200000 },
    },
    "service/ap-guangzhou/emr-1/YARN": {
      sent: {
        a: { opType: "RestartService", sentAt: 1772323200000, basis: null },
        b: {
          opType: "RestartService",
          sentAt: 1772323200000,
          basis: null,
          outcome: { runState: "running", maintenanceState: "none" },
        },
      },
    },
  };

  function pending(...args: string[]) {
    const directory = mkdtempSync(join(tmpdir(), "pending-"));
    onTestFinished(() => rmSync(directory, { recursive: true }));
    for (const [index, [key, entry]] of Object.entries(entries).entries())
      writeFileSync(join(directory, `${index}.json`), JSON.stringify({ key, entry }));
    writeFileSync(join(directory, "damaged.json"), "{");
    return spawnSync(process.execPath, [join(root, "dist", "cli", "main.js"), "pending", ...args], {
      encoding: "utf8",
      env: { ...process.env, PULUMI_BIGDATA_STATE_DIR: directory },
    });
  }

  test("every resource tells its own", () => {
    const { status, stdout } = pending("--format", "json");
    expect(status).toBe(0);
    const { open, unreadable } = JSON.parse(stdout);
    const told = open.map(({ type, on, what, outcome, ids }: Record<string, unknown>) => [
      type,
      on,
      what,
      outcome,
      ids,
    ]);
    expect(told).toEqual([
      [
        "tencent:EmrNodePool",
        "emr-1",
        "1 task node bought: emr-vm-1",
        "unsaved",
        { token: "t-1", TraceId: "trace-1" },
      ],
      ["tencent:EmrServiceState", "emr-1", "RestartService of YARN", "unknown", {}],
      [
        "tencent:DlcEngineImage",
        "DataEngine-1",
        "resumed for a change: it runs and is billed; change of the image to img-2",
        "unknown",
        {},
      ],
      [
        "huawei:DdmNodeGroup",
        "i-1",
        "enlargement by 2 nodes",
        "unknown",
        { id: "e-1", job: "job-1", order: "CS1" },
      ],
      [
        "volcengine:EmrApplicationState",
        "vke-1",
        "restart of RayOperator of ray",
        "unknown",
        { id: "a-1", operation: "op-1" },
      ],
    ]);
    expect(unreadable).toEqual(["damaged.json"]);
  });

  test("as text, with what to do", () => {
    const { status, stdout } = pending();
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /^tencent:EmrNodePool on emr-1, proj\/dev\/workers: 1 task node bought: emr-vm-1$/m,
    );
    expect(stdout.match(/^ {2}what to do: /gm)).toHaveLength(5);
    expect(stdout).toContain("damaged.json");
  });

  test.each([["--live"], ["more"], ["--format", "html"]])("takes nothing else: %s", (...args) => {
    expect(pending(...args).status).toBe(2);
  });
});
