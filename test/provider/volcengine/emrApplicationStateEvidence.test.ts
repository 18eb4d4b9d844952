// What became of an action on a component: each row is what was sent, what its operation says, what the component shows, and since when.
import { describe, expect, test } from "vitest";
import type { Look } from "../../../provider/core/apply";
import type { OperationPhase, OperationRecord } from "../../../provider/volcengine/emr/api";
import {
  type ActionFacts,
  candidateIn,
  type Followed,
  isOpen,
  isStranger,
  judgeAction,
  needsConfigs,
  waitingFor,
} from "../../../provider/volcengine/emr/applicationState/evidence";
import type { PendingAction } from "../../../provider/volcengine/emr/applicationState/schema";
import type { ApplicationView } from "../../../provider/volcengine/emr/applications";

const [visible, settled, lag, retention] = [30_000, 300_000, 600_000, 1_800_000];
const wanted = { clusterId: "emr-1" };

/** `up`: runs as before; `again`: started since; `mute`: does not say when. */
const states = {
  up: { state: "STARTED", startTime: "monday" },
  again: { state: "STARTED", startTime: "tuesday" },
  mute: { state: "STARTED", startTime: "" },
  down: { state: "STOPPED", startTime: "monday" },
  moving: { state: "STARTING", startTime: "monday" },
  broken: { state: "EXCEPTION", startTime: "monday" },
};

/** The component's instances; "none": it is not listed, "unseen": the account cannot list any. */
function sightOf(text: string): Pick<ApplicationView, "instances"> {
  if (text === "unseen") return { instances: undefined };
  const kinds = text === "none" ? [] : (text.split(" ") as (keyof typeof states)[]);
  const instances = kinds.map((kind, index) => ({
    component: "RayOperator",
    name: `operator-${index}`,
    namespace: "default",
    ...states[kind],
  }));
  // What others do is not looked at.
  return { instances: [...instances, { ...states.moving, component: "Other", name: "", namespace: "" }] };
}

const sent = (action: string, more: Partial<PendingAction> = {}): PendingAction => ({
  id: "action-1",
  component: "RayOperator",
  releaseName: "",
  action: action as PendingAction["action"],
  sentAt: 0,
  accepted: false,
  operationId: "",
  requestId: "",
  startTimes: ["monday"],
  hasConfigs: false,
  event: "event",
  ...more,
});

/** Such as `named succeeded`; "": none. */
function operationOf(text: string, more: Partial<Followed>): Followed | undefined {
  if (text === "") return undefined;
  const [match, phase] = text.split(" ") as [Followed["match"], OperationPhase | "absent"];
  const isAbsent = phase === "absent";
  return {
    id: "op-1",
    match,
    phase: isAbsent ? undefined : phase,
    state: isAbsent ? "" : phase.toUpperCase(),
    reason: "",
    followedFor: 0,
    endedFor: 0,
    ...more,
  };
}

const factsOf = (operation: string, more: object): ActionFacts => ({
  operation: operationOf(operation, more),
  list: undefined,
  configs: "yes",
  isAsked: true,
  said: undefined,
  isLast: false,
  ...more,
});

interface Row extends Partial<ActionFacts>, Partial<Pick<Followed, "followedFor" | "endedFor" | "reason">> {
  accepted?: boolean;
  attempt?: number;
  age?: number;
  operationsBefore?: string[];
  requestId?: string;
}

function judge(action: string, operation: string, seen: string, row: Row = {}) {
  const { accepted = operation.startsWith("named"), attempt = 1, age = 0, operationsBefore, requestId } = row;
  const look: Look<Pick<ApplicationView, "instances">, ActionFacts> = {
    seen: sightOf(seen),
    facts: factsOf(operation, row),
    age,
    rested: 0,
    hasMoved: false,
    attempt,
    doubt: undefined,
    requestId: "",
  };
  const pending = sent(action, {
    accepted,
    ...(operationsBefore ? { operationsBefore } : {}),
    ...(requestId ? { requestId } : {}),
  });
  return judgeAction(wanted, pending, look);
}

/** The verdict, and what has come of the action. */
function verdictOf(...row: Parameters<typeof judge>): string {
  const verdict = judge(...row);
  const made = "came" in verdict ? verdict.came.made : undefined;
  return made ? `${verdict.is} ${made}` : verdict.is;
}

describe("the operation that the answer has named", () => {
  test.each<[string, string, string, Row, string]>([
    // Sent, operation, component, and besides.
    ["restart", "named open", "up", {}, "open"],
    ["restart", "named open", "again", {}, "open"],
    ["restart", "named absent", "up", { followedFor: visible - 1 }, "open"],
    // Its own word is enough for a restart, once the component runs.
    ["restart", "named succeeded", "up", {}, "over running"],
    ["restart", "named succeeded", "unseen", {}, "over running"],
    ["restart", "named succeeded", "moving", { endedFor: settled - 1 }, "open"],
    ["restart", "named succeeded", "up moving", { endedFor: settled - 1 }, "open"],
    ["restart", "named succeeded", "moving", { endedFor: settled }, "failed running"],
    ["restart", "named succeeded", "moving", { isLast: true }, "failed running"],
    ["restart", "named succeeded", "none", { endedFor: settled }, "failed running"],
    ["restart", "named succeeded", "broken", { endedFor: settled }, "failed running"],
    ["start", "named succeeded", "up", {}, "over running"],
    ["start", "named succeeded", "up down", { endedFor: settled }, "failed running"],
    ["stop", "named succeeded", "down", {}, "over stopped"],
    ["stop", "named succeeded", "up", { endedFor: settled - 1 }, "open"],
    ["stop", "named succeeded", "up", { endedFor: settled }, "failed stopped"],
    ["stop", "named succeeded", "unseen", {}, "over stopped"],
    // That the configuration does not show yet changes nothing about that.
    ["restart", "named succeeded", "up", { configs: "no" }, "over running"],
    ["restart", "named failed", "again", {}, "failed"],
    ["restart", "named failed", "up", { attempt: 0 }, "lost"],
    // What cannot be seen is not known after that.
    ["restart", "named failed", "unseen", {}, "failed unknown"],
    ["stop", "named failed", "unseen", { attempt: 0 }, "lost unknown"],
    ["start", "named skipped", "up", {}, "over running"],
    ["start", "named skipped", "unseen", {}, "over running"],
    ["start", "named skipped", "down", { endedFor: settled }, "over running"],
    ["start", "named skipped", "up", { configs: "no" }, "failed"],
    ["restart", "named skipped", "again", {}, "over running"],
    ["restart", "named skipped", "unseen", {}, "failed unknown"],
    ["restart", "named skipped", "mute", {}, "failed"],
    ["restart", "named skipped", "up", { endedFor: lag - 1 }, "open"],
    ["restart", "named skipped", "up", { endedFor: lag }, "failed"],
    // It is over, and how is not known.
    ["restart", "named ended", "again", {}, "over running"],
    ["restart", "named ended", "up", { endedFor: lag - 1 }, "open"],
    ["restart", "named ended", "up", { endedFor: lag - 1, isLast: true }, "open"],
    ["restart", "named ended", "up", { endedFor: lag }, "failed"],
    ["restart", "named ended", "mute", {}, "unclear"],
    ["restart", "named ended", "mute", { isAsked: false }, "over"],
    ["restart", "named ended", "unseen", {}, "unclear"],
    ["restart", "named ended", "moving", { endedFor: settled - 1 }, "open"],
    ["restart", "named ended", "moving", { endedFor: settled }, "unclear"],
    ["restart", "named ended", "down", { endedFor: settled }, "failed"],
    ["restart", "named ended", "unseen", { isAsked: false, said: "running" }, "over running"],
    ["stop", "named ended", "unseen", {}, "failed unknown"],
    ["stop", "named ended", "unseen", { attempt: 0 }, "lost unknown"],
    ["stop", "named ended", "moving", { endedFor: settled }, "failed"],
    ["stop", "named ended", "unseen", { isAsked: false }, "over unknown"],
    ["stop", "named ended", "down", {}, "over stopped"],
    // Neither an end nor a word that is known: the component tells, or the program has dropped it.
    ["restart", "named unknown", "again", {}, "over running"],
    ["restart", "named unknown", "up", { followedFor: retention }, "open"],
    ["restart", "named unknown", "unseen", { followedFor: retention }, "open"],
    ["restart", "named unknown", "unseen", { followedFor: lag - 1, isAsked: false }, "open"],
    ["restart", "named unknown", "unseen", { followedFor: lag, isAsked: false }, "over"],
    ["restart", "named unknown", "mute", { followedFor: lag, isAsked: false }, "over"],
    ["restart", "named unknown", "up", { followedFor: 2 * lag - 1, isAsked: false }, "open"],
    ["restart", "named unknown", "up", { followedFor: 2 * lag, isAsked: false }, "over"],
    ["restart", "named unknown", "unseen", { followedFor: retention, isLast: true }, "open"],
    ["stop", "named unknown", "down", {}, "over stopped"],
    ["stop", "named unknown", "unseen", { followedFor: retention }, "open"],
    ["stop", "named unknown", "unseen", { isLast: true }, "failed unknown"],
    ["stop", "named unknown", "up", { isLast: true }, "failed"],
    ["stop", "named unknown", "up", { followedFor: lag + settled - 1, isAsked: false }, "open"],
    ["stop", "named unknown", "up", { followedFor: lag + settled, isAsked: false }, "over unknown"],
  ])("%s, %s, component %s, %o: %s", (action, operation, seen, row, verdict) => {
    expect(verdictOf(action, operation, seen, row)).toBe(verdict);
  });
});

describe("an operation that may be that of an action whose answer got lost", () => {
  test.each<[string, string, string, Row, string]>([
    ["restart", "yes open", "up", {}, "open"],
    ["restart", "maybe absent", "up", { followedFor: visible - 1 }, "open"],
    ["restart", "maybe absent", "up", { followedFor: visible }, "stranger"],
    // One with just this content counts as the action's once it has succeeded.
    ["restart", "yes succeeded", "again", {}, "over running"],
    ["restart", "yes succeeded", "mute", {}, "over running"],
    ["restart", "yes succeeded", "unseen", {}, "over running"],
    ["restart", "yes succeeded", "unseen", { configs: "no" }, "over running"],
    ["restart", "yes succeeded", "up", { endedFor: lag - 1 }, "open"],
    ["restart", "yes succeeded", "up", { endedFor: lag }, "stranger"],
    ["stop", "yes succeeded", "up", { endedFor: settled }, "stranger"],
    // Any other has to be proven by the component, with its configuration.
    ["restart", "maybe succeeded", "again", {}, "over running"],
    ["restart", "maybe succeeded", "again", { configs: "no" }, "stranger"],
    ["restart", "maybe succeeded", "again", { configs: "unknown" }, "stranger"],
    ["restart", "maybe succeeded", "mute", {}, "stranger"],
    ["restart", "maybe succeeded", "unseen", {}, "stranger"],
    ["restart", "yes ended", "again", {}, "over running"],
    ["restart", "yes ended", "unseen", {}, "stranger"],
    ["restart", "yes unknown", "again", {}, "over running"],
    ["restart", "yes unknown", "again", { configs: "no" }, "stranger"],
    ["restart", "yes unknown", "unseen", { followedFor: lag - 1, isAsked: false }, "open"],
    ["restart", "yes unknown", "unseen", { followedFor: lag, isAsked: false }, "stranger"],
    // Others' fail, too.
    ["restart", "yes failed", "again", {}, "stranger"],
    ["start", "yes skipped", "up", {}, "stranger"],
  ])("%s, %s, component %s, %o: %s", (action, operation, seen, row, verdict) => {
    const isOthers = isStranger(sent(action), sightOf(seen), factsOf(operation, row));
    expect(isOthers ? "stranger" : verdictOf(action, operation, seen, row)).toBe(verdict);
  });

  test("is never one that the answer has named", () => {
    for (const phase of ["open", "succeeded", "failed", "skipped", "ended", "unknown", "absent"])
      expect(isStranger(sent("restart"), sightOf("down"), factsOf(`named ${phase}`, { endedFor: lag }))).toBe(
        false,
      );
  });
});

const listed = (...ids: string[]) => ({
  items: ids.map((operationId): OperationRecord => of(operationId)),
  gap: "",
});
/** An operation of somebody else. */
const of = (operationId: string, content: unknown = { ComponentNames: ["Other"] }): OperationRecord => ({
  operationId,
  operateId: undefined,
  operationState: "SUCCESS",
  operateState: undefined,
  content,
});
const short = { items: [], gap: "shows 10, and not whether there are more" };
const nameless = { items: [of("op-0"), of("op-9", "xxx")], gap: "" };

describe("no operation to follow", () => {
  const old = { age: lag };
  const before = { operationsBefore: ["op-0"] };
  test.each<[string, string, Row, string]>([
    // Sent, component, and besides.
    ["restart", "again", {}, "over running"],
    ["restart", "again", { configs: "no" }, "open"],
    ["restart", "again", { configs: "no", ...old }, "unclear"],
    ["restart", "up", { age: lag - 1 }, "open"],
    ["restart", "moving", old, "open"],
    ["restart", "again moving", old, "open"],
    ["restart", "up", old, "unclear"],
    ["restart", "up", { ...old, isAsked: false }, "over"],
    ["restart", "unseen", old, "unclear"],
    ["restart", "mute", old, "unclear"],
    // It was accepted, and nothing could show it.
    ["restart", "unseen", { ...old, accepted: true }, "unclear"],
    ["restart", "unseen", { ...old, accepted: true, isAsked: false, said: "running" }, "over running"],
    ["restart", "mute", { ...old, accepted: true }, "over running"],
    ["restart", "up", { ...old, accepted: true }, "unclear"],
    ["restart", "down", { ...old, accepted: true }, "unclear"],
    ["stop", "unseen", { ...old, accepted: true }, "failed unknown"],
    // A start and a stop name where they end, and may be done twice.
    ["stop", "up", { ...old, accepted: true }, "lost"],
    ["stop", "up", { ...old, accepted: true, isAsked: false }, "lost"],
    ["stop", "up", { ...old, accepted: true, attempt: 4 }, "failed"],
    ["start", "up", {}, "over running"],
    ["start", "down", { age: lag - 1 }, "open"],
    ["start", "down", old, "lost"],
    ["start", "down", { ...old, attempt: 3 }, "lost"],
    ["start", "down", { ...old, attempt: 4 }, "failed"],
    ["start", "down", { ...old, attempt: 0 }, "lost"],
    ["start", "unseen", old, "failed unknown"],
    ["start", "unseen", { ...old, attempt: 0 }, "lost unknown"],
    ["start", "unseen", { ...old, isAsked: false }, "over unknown"],
    ["start", "unseen", { ...old, isAsked: false, said: "stopped" }, "over stopped"],
    ["stop", "down", {}, "over stopped"],
    ["stop", "up", old, "lost"],
    ["stop", "none", old, "lost"],
    // The list goes back to before it, and has none that could be its.
    ["restart", "up", { ...old, ...before, list: listed("op-0") }, "lost"],
    ["restart", "up", { ...old, ...before, list: listed("op-0", "op-9") }, "lost"],
    ["restart", "mute", { ...old, ...before, list: listed("op-0") }, "lost"],
    ["restart", "unseen", { ...old, ...before, list: listed("op-0") }, "lost"],
    ["restart", "unseen", { ...old, ...before, list: listed("op-0"), attempt: 4 }, "unclear"],
    ["restart", "up", { ...old, ...before, list: listed() }, "unclear"],
    ["restart", "up", { ...old, ...before, list: listed("op-9") }, "unclear"],
    ["restart", "up", { ...old, ...before, list: nameless }, "unclear"],
    ["restart", "up", { ...old, ...before, list: short }, "unclear"],
    ["restart", "up", { ...old, list: listed("op-0") }, "unclear"],
    ["restart", "up", { ...old, ...before, list: listed("op-0"), accepted: true }, "unclear"],
    // A list that has never shown an operation needs the component's word, before the cloud forgets.
    ["restart", "up", { ...old, operationsBefore: [], list: listed() }, "lost"],
    ["restart", "mute", { ...old, operationsBefore: [], list: listed() }, "unclear"],
    ["restart", "unseen", { ...old, operationsBefore: [], list: listed() }, "unclear"],
    ["restart", "up", { age: retention - 1, operationsBefore: [], list: listed() }, "lost"],
    ["restart", "up", { age: retention, operationsBefore: [], list: listed() }, "unclear"],
  ])("%s, component %s, %o: %s", (action, seen, row, verdict) => {
    expect(verdictOf(action, "", seen, row)).toBe(verdict);
    // As good as none: the cloud does not know the one that it has named.
    const unknown = { ...row, accepted: row.accepted ?? false, followedFor: visible };
    expect(verdictOf(action, "named absent", seen, unknown)).toBe(verdict);
  });
});

describe("which operation may be that of an action whose answer got lost", () => {
  const content = (more: object = {}) =>
    JSON.stringify({ ActionName: "restart", ComponentNames: ["RayOperator"], ActionParams: [], ...more });
  const params = (...keys: string[]) => ({ ActionParams: keys.map((Key) => ({ Key, Value: "batch" })) });
  const release = { releaseName: "batch" };
  const configured = { hasConfigs: true };
  test.each<[string, unknown, Partial<PendingAction>, string]>([
    ["just this", content(), {}, "yes"],
    ["an object", JSON.parse(content()), {}, "yes"],
    ["no params", { ActionName: "restart", ComponentNames: ["RayOperator"] }, {}, "yes"],
    ["no params, of a release", { ActionName: "restart", ComponentNames: ["RayOperator"] }, release, "maybe"],
    [
      "no params, with configs",
      { ActionName: "restart", ComponentNames: ["RayOperator"] },
      configured,
      "maybe",
    ],
    ["no verb", { ComponentNames: ["RayOperator"] }, {}, "maybe"],
    ["another case", content().toUpperCase(), {}, "yes"],
    ["its release", content(params("releaseName")), release, "yes"],
    ["no release", content(), release, "none"],
    ["a release", content(params("releaseName")), {}, "none"],
    ["its configs", content(params("applicationConfigs")), configured, "yes"],
    ["no configs", content(), configured, "none"],
    ["configs", content(params("applicationConfigs")), {}, "none"],
    ["another verb", content({ ActionName: "stop" }), {}, "none"],
    ["another component", content({ ComponentNames: ["Other"] }), {}, "none"],
    ["no component", "xxx", {}, "maybe"],
    ["nothing", null, {}, "maybe"],
  ])("its content is %s: %#", (_name, told, more, match) => {
    const list = { items: [of("op-1", told)], gap: "" };
    const found = candidateIn(list, sent("restart", { operationsBefore: [], ...more }), wanted, []);
    expect(found?.match ?? "none").toBe(match);
  });

  const all = { items: [of("op-0", content()), of("op-1", "xxx"), of("op-2", content()), of("")], gap: "" };
  test.each<[string, string[] | undefined, string[], string]>([
    ["surely before perhaps", [], [], "op-0"],
    ["not what was there before", ["op-0"], [], "op-2"],
    ["nor what is known to be another's", ["op-0"], ["op-2"], "op-1"],
    ["none where all are", ["op-0", "op-1"], ["op-2"], "none"],
    ["none where it is not known what was there", undefined, [], "none"],
  ])("%s", (_name, operationsBefore, known, id) => {
    const pending = sent("restart", operationsBefore ? { operationsBefore } : {});
    expect(candidateIn(all, pending, wanted, known)?.id ?? "none").toBe(id);
    expect(candidateIn(undefined, pending, wanted, known)).toBeUndefined();
  });

  test("by the verb that the edition has for it", () => {
    const list = { items: [of("op-1", content({ ActionName: "reboot" }))], gap: "" };
    const pending = sent("restart", { operationsBefore: [] });
    expect(candidateIn(list, pending, { ...wanted, actionNames: { restart: "Reboot" } }, [])).toMatchObject({
      match: "yes",
    });
  });
});

test.each([
  // Whether it is still open, whether the configuration has to show, and what is waited for.
  ["named open", 0, true, false, "operation op-1 (restart of RayOperator, last seen OPEN)"],
  ["named absent", visible - 1, true, false, "operation op-1 (restart of RayOperator, last seen nothing)"],
  ["named absent", visible, false, true, "a sign of the restart of RayOperator"],
  ["named unknown", 0, false, false, "operation op-1 (restart of RayOperator, last seen UNKNOWN)"],
  ["named succeeded", 0, false, false, "RayOperator to show the restart"],
  ["named skipped", 0, false, true, "RayOperator to show the restart"],
  ["yes open", 0, true, false, "operation op-1 (restart of RayOperator, last seen OPEN)"],
  ["maybe succeeded", 0, false, true, "RayOperator to show the restart"],
] as const)("%s for %i ms: open %s, with configuration %s, %s", (text, followedFor, open, configs, waits) => {
  const operation = operationOf(text, { followedFor }) as Followed;
  expect([isOpen(operation), needsConfigs(operation), waitingFor(sent("restart"), operation)]).toEqual([
    open,
    configs,
    waits,
  ]);
  expect(waitingFor(sent("stop"), undefined)).toBe("a sign of the stop of RayOperator");
});

test.each<[string, Parameters<typeof judge>, RegExp]>([
  ["how it gets on", ["restart", "named open", "up"], /^OPEN \(operation op-1\)$/],
  [
    "what was done",
    ["restart", "named succeeded", "up"],
    /^SUCCEEDED \(operation op-1\); RayOperator: restart done, the component is STARTED$/,
  ],
  [
    "that nothing shows",
    ["restart", "named succeeded", "unseen"],
    /restart of RayOperator is over, as far as can be told$/,
  ],
  [
    "why it failed",
    ["restart", "named failed", "up", { reason: "no image", requestId: "r-1" }],
    /^restart of RayOperator ended FAILED \(no image\), operation op-1, RequestId r-1\. Look at the operation/,
  ],
  [
    "that an earlier one failed",
    ["restart", "named failed", "up", { attempt: 0 }],
    /^restart of RayOperator ended FAILED, operation op-1; it is planned anew$/,
  ],
  [
    "what the component is",
    ["stop", "named succeeded", "up", { endedFor: settled }],
    /ended SUCCEEDED, operation op-1, but the component is STARTED\. /,
  ],
  [
    "that it is not listed",
    ["stop", "named succeeded", "none", { endedFor: settled }],
    /but the component is not listed\. /,
  ],
  [
    "that it cannot be seen",
    ["restart", "named skipped", "unseen"],
    /ended SKIPPED, operation op-1\. .* What it is now cannot be seen here: actualState can tell it\.$/,
  ],
  [
    "an end in doubt",
    ["restart", "named ended", "unseen"],
    /on emr-1 was accepted, but does not show, and is not sent again on a guess; restart of RayOperator ended ENDED, operation op-1\. .*, restartTriggers back to .*, or actualState to what it is/,
  ],
  [
    "a lost answer",
    ["restart", "", "up", { age: lag }],
    /may have been carried out or not, and is not sent again on a guess\. .* to restart it, or restartTriggers back/,
  ],
  [
    "why the list proves nothing",
    ["restart", "", "up", { age: lag, list: short }],
    /on a guess; shows 10, and not whether/,
  ],
  [
    "how a start gets on from there",
    ["start", "", "unseen", { age: lag }],
    /may have been carried out or not\. .*; the next `pulumi up` asks for it again, unless actualState says that it is running\.$/,
  ],
  [
    "that one that can be seen is asked for again",
    ["start", "", "down", { age: lag, attempt: 4 }],
    /the next `pulumi up` asks for it again\.$/,
  ],
  [
    "that an earlier one is planned anew",
    ["stop", "", "unseen", { age: lag, attempt: 0 }],
    /^it is not known what came of the stop of RayOperator; it is planned anew$/,
  ],
  [
    "what somebody has seen",
    ["restart", "", "unseen", { age: lag, isAsked: false, said: "running" }],
    /^leaves it open whether .*: actualState says that it is running$/,
  ],
  [
    "what was left open",
    ["restart", "", "up", { age: lag, isAsked: false }],
    /^leaves it open whether the restart of RayOperator was carried out$/,
  ],
  [
    "that nothing came",
    ["stop", "", "up", { age: lag }],
    /^nothing came of the stop of RayOperator; it is planned anew$/,
  ],
])("people are told %s", (_name, row, text) => {
  const verdict = judge(...row);
  expect("why" in verdict ? verdict.why : verdict.progress).toMatch(text);
});
