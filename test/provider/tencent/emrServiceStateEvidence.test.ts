// What became of an operation on an EMR service: each row is what was sent, what is seen, and for how long nothing has moved.
import { describe, expect, test } from "vitest";
import { CloudError } from "../../../provider/base/errors";
import type { Look } from "../../../provider/core/apply";
import {
  judgeEarlierOperation,
  judgeEarlierRestart,
  judgeOperation,
  type ServiceSeen,
} from "../../../provider/tencent/emr/serviceState/evidence";
import type { ProcessOutput } from "../../../provider/tencent/emr/serviceState/schema";

const before = "2026-01-01 00:00:00";
const after = "2026-01-02 00:00:00";
const untold = "0000-00-00 00:00:00";
const [minute, lag] = [60_000, 600_000];
const [settled, unseen] = [minute, 2 * minute];

/** `up`: running, not restarted since; `again`: restarted; `mute`: it tells no time. */
const kinds = {
  up: { state: "running", lastRestart: before, maintenance: false },
  down: { state: "stopped", lastRestart: before, maintenance: false },
  again: { state: "running", lastRestart: after, maintenance: false },
  falling: { state: "stopped", lastRestart: after, maintenance: false },
  mute: { state: "running", lastRestart: "", maintenance: false },
  zero: { state: "running", lastRestart: untold, maintenance: false },
  kept: { state: "running", lastRestart: before, maintenance: true },
};
type Kind = keyof typeof kinds | "unlisted";

/** The processes by number: what is not listed leaves its number out. */
function processesOf(text: string): ProcessOutput[] {
  const all = (text === "" ? [] : text.split(" ")) as Kind[];
  return all.flatMap((kind, index) =>
    kind === "unlisted"
      ? []
      : [{ component: "NodeManager", ip: `10.0.0.${index + 1}`, health: "", ...kinds[kind] }],
  );
}

const keys = ["NodeManager@10.0.0.1", "NodeManager@10.0.0.2"];

const doubtOf = (code: string) =>
  new CloudError({
    cloud: "Tencent",
    action: "StartStopServiceOrMonitor",
    code,
    kind: "network",
    message: "no answer",
    advice: "",
    mayHaveHappened: true,
  });

function lookAt(seen: string, more: Partial<Look<ServiceSeen>> = {}): Look<ServiceSeen> {
  return {
    seen: {
      cluster: { phase: "rested" in more && more.rested === undefined ? "busy" : "idle" },
      processes: processesOf(seen),
    },
    facts: undefined,
    age: 0,
    rested: 0,
    hasMoved: false,
    attempt: 1,
    doubt: undefined,
    requestId: "request-1",
    ...more,
  };
}

const busy = undefined;
const lost = { doubt: doubtOf("NoAnswer") };
const moved = { hasMoved: true };

describe("an operation of this run, on two processes", () => {
  test.each<[string, string, number | undefined, object, string]>([
    // Sent, seen, at rest for, and besides.
    ["StartService", "up up", busy, {}, "open"],
    ["StartService", "up up", 0, {}, "over"],
    ["StartService", "up up", 0, lost, "over"],
    ["StartService", "up down", settled - 1, moved, "open"],
    ["StartService", "up down", settled, moved, "unclear"],
    ["StartService", "up down", unseen - 1, {}, "open"],
    ["StartService", "up down", unseen, {}, "unclear"],
    ["StartService", "up unlisted", 0, {}, "open"],
    ["StartService", "down down", unseen, {}, "unclear"],
    ["StartService", "down down", unseen - 1, lost, "open"],
    ["StartService", "down down", unseen, lost, "lost"],
    ["StartService", "unlisted unlisted", unseen, lost, "lost"],
    ["StartService", "down down", unseen, { ...lost, attempt: 3 }, "lost"],
    ["StartService", "down down", unseen, { ...lost, attempt: 4 }, "unclear"],
    ["StartService", "down down", unseen, { ...lost, ...moved }, "unclear"],
    ["StartService", "down up", unseen, lost, "unclear"],
    ["StartService", "down down", unseen, { doubt: doubtOf("FailedOperation") }, "unclear"],
    ["StopService", "down down", 0, {}, "over"],
    ["StopService", "down up", 0, {}, "open"],
    ["StopService", "up up", unseen, lost, "lost"],
    ["StopMonitor", "kept kept", 0, {}, "over"],
    ["StopMonitor", "kept up", 0, {}, "open"],
    ["StartMonitor", "up down", 0, {}, "over"],
    ["StartMonitor", "up kept", 0, {}, "open"],
    ["RestartService", "again again", busy, {}, "open"],
    ["RestartService", "again again", 0, {}, "over"],
    ["RestartService", "again again", 0, lost, "over"],
    ["RestartService", "again falling", 0, {}, "open"],
    ["RestartService", "again unlisted", 0, {}, "open"],
    // Accepted is all that can be known where no time is told.
    ["RestartService", "mute zero", 0, {}, "over"],
    ["RestartService", "mute zero", lag - 1, lost, "open"],
    ["RestartService", "mute zero", lag, lost, "lost"],
    // Not before a list would show it.
    ["RestartService", "up up", lag - 1, {}, "open"],
    ["RestartService", "up up", lag, {}, "unclear"],
    ["RestartService", "up up", lag - 1, lost, "open"],
    ["RestartService", "up up", lag, lost, "lost"],
    ["RestartService", "up up", lag, { ...lost, attempt: 4 }, "unclear"],
    ["RestartService", "up up", lag, { doubt: doubtOf("FailedOperation") }, "unclear"],
    ["RestartService", "up again", lag, lost, "unclear"],
    ["RestartService", "up again", settled - 1, moved, "open"],
    ["RestartService", "up again", settled, moved, "unclear"],
    ["RestartService", "up up", settled, { ...lost, ...moved }, "unclear"],
  ])("%s: %s, at rest for %s, %o: %s", (opType, seen, rested, more, verdict) => {
    const sent = {
      opType,
      sentAt: 0,
      accepted: !("doubt" in more),
      targets: keys.map((key) => ({ key, last: before })),
    };
    expect(judgeOperation("emr-1", sent, lookAt(seen, { rested, ...more })).is).toBe(verdict);
  });

  test("is told with what it left, and what the cloud said", () => {
    const sent = {
      opType: "StartService",
      sentAt: 0,
      accepted: true,
      targets: keys.map((key) => ({ key, last: "" })),
    };
    const judged = (more: object) => judgeOperation("emr-1", sent, lookAt("up down", more));
    expect(judged({})).toMatchObject({ progress: "1 of 2 done" });
    expect(judged({ rested: unseen })).toMatchObject({
      why: expect.stringMatching(/left 1 of 2 processes .*: NodeManager@10\.0\.0\.2 \(RequestId request-1\)/),
    });
    expect(judged({ rested: unseen, ...lost })).toMatchObject({
      why: expect.stringMatching(/The cloud said: .*no answer/),
    });
  });
});

describe("an operation of an earlier run", () => {
  test.each<[string, string, number | undefined, number, string]>([
    // Sent, seen, at rest for, sent so long ago.
    ["StopService", "down down", busy, lag, "open"],
    ["StopService", "down down", 0, 0, "over"],
    ["StopService", "down up", settled, lag - 1, "open"],
    ["StopService", "down up", settled - 1, lag, "open"],
    ["StopService", "down up", settled, lag, "over"],
    ["StopService", "up up", settled, lag, "over"],
    ["StartService", "up up", 0, 0, "over"],
    ["StartService", "up down", 0, 0, "open"],
    ["StopMonitor", "kept kept", 0, 0, "over"],
    ["StopMonitor", "kept up", 0, 0, "open"],
    ["StartMonitor", "up up", 0, 0, "over"],
    ["StartMonitor", "kept up", 0, 0, "open"],
    // How the processes are does not tell.
    ["RestartService", "again again", 0, 0, "open"],
    ["RestartService", "up up", settled, lag, "over"],
  ])("%s: %s, at rest for %s, %s ms ago: %s", (opType, seen, rested, age, verdict) => {
    const look = lookAt(seen, { rested, age, attempt: 0 });
    expect(judgeEarlierOperation({ opType, sentAt: 0 }, look).is).toBe(verdict);
  });
});

describe("a restart of an earlier run", () => {
  test.each<[string, string, number | undefined, number, string]>([
    // Of each process: whether its restart was accepted, only sent, or not; then what is seen.
    ["accepted accepted", "again again", busy, lag, "open"],
    ["accepted accepted", "again again", 0, 0, "over"],
    ["sent sent", "again again", 0, 0, "over"],
    ["accepted accepted", "again falling", 0, 0, "open"],
    ["accepted accepted", "mute zero", 0, 0, "over"],
    ["sent sent", "mute zero", 0, 0, "open"],
    ["accepted accepted", "up again", settled, lag - 1, "open"],
    ["accepted accepted", "up again", settled - 1, lag, "open"],
    // A part shows: the rest may be asked for.
    ["accepted accepted", "up again", settled, lag, "over"],
    ["accepted accepted", "up falling", settled, lag, "over"],
    // Not accepted, and nothing shows: it got lost.
    ["sent sent", "up up", settled, lag - 1, "open"],
    ["sent sent", "up up", settled, lag, "over"],
    ["sent sent", "mute zero", settled, lag, "over"],
    // Accepted, and nothing shows: never again on a guess, whatever has joined since.
    ["accepted accepted", "up up", settled, lag - 1, "open"],
    ["accepted accepted", "up up", settled, lag, "unclear"],
    ["accepted sent", "up up", settled, lag, "unclear"],
    ["accepted none", "up up", settled, lag, "unclear"],
    ["accepted accepted", "up unlisted", settled, lag, "unclear"],
    // A process that has joined since shows none, and nobody has asked for it.
    ["accepted none", "again up", 0, 0, "open"],
    ["accepted none", "again up", settled, lag, "over"],
    ["none none", "up up", settled, lag, "over"],
  ])("%s: %s, at rest for %s, %s ms ago: %s", (marks, seen, rested, age, verdict) => {
    const records = Object.fromEntries(
      marks.split(" ").flatMap((mark, index) => {
        const key = keys[index] ?? "";
        return mark === "none" ? [] : [[key, { last: before, accepted: mark === "accepted" }]];
      }),
    );
    const sent = { sentAt: 0, name: "YARN on emr-1", records };
    expect(judgeEarlierRestart(sent, lookAt(seen, { rested, age, attempt: 0 })).is).toBe(verdict);
  });
});
