// What became of an action on an application's component, by its operation and by what the component shows. Pure.

import { listLag } from "../../../call/pages";
import type { Look, Verdict } from "../../../core/apply";
import { instancePhase, type OperationPhase, type OperationRecord, operationIdOf } from "../api";
import type { ApplicationView, ComponentInstance } from "../applications";
import type { Pages } from "../pages";
import type { Outcome } from "./memory";
import { instancesOfTarget, targetOf } from "./plan";
import type { ApplicationStateInputs, PendingAction } from "./schema";

/** How long the cloud may not know an operation that it has just made. */
const visibleLimit = 30_000;
/** How long a component may take to show what an operation did. */
const settleLimit = 300_000;
/** How long a cloud surely remembers its operations. */
const retention = 1_800_000;
/** How often an action of which nothing came is planned anew. */
export const mostRepeats = 3;

/** An operation that is an action's, or may be. */
export interface Followed {
  id: string;
  /** "named": the answer to the action has named it; else whether its content is that of the action. */
  match: "named" | "yes" | "maybe";
  /** Undefined where the cloud does not know it. */
  phase: OperationPhase | undefined;
  state: string;
  reason: string;
  /** For how many milliseconds it has been followed. */
  followedFor: number;
  /** Likewise since its end. */
  endedFor: number;
}

export interface ActionFacts {
  operation: Followed | undefined;
  /** The cluster's operations, where the answer has named none and they can be listed. */
  list: Pages<OperationRecord> | undefined;
  /** Whether the cluster shows the configuration that came with the action. Without any there is nothing to show. */
  configs: "yes" | "no" | "unknown";
  /** Whether the program asks for what the action was for; other triggers, or none any more, are its word on that. */
  isAsked: boolean;
  /** What a person says that the component is, since the action was sent. */
  said: ApplicationStateInputs["actualState"];
  /** Whether this is the last look within the limit. */
  isLast: boolean;
}

/** What has come of an action, where something has, and by which operation. */
export interface Came {
  made?: Outcome["made"];
  operationId?: string;
}

type Seen = Pick<ApplicationView, "instances">;
type Asked = Pick<ApplicationStateInputs, "clusterId" | "actionNames">;
type Sighting = "yes" | "no" | "unseen";

export function judgeAction(
  wanted: Asked,
  pending: PendingAction,
  look: Look<Seen, ActionFacts>,
): Verdict<PendingAction, Came> {
  const { operation } = look.facts;
  if (!operation || isUnknown(operation)) return judgeBySight(wanted, pending, look);
  const end = endOf(pending, look.seen, look.facts, operation);
  if (end) return judgeEnd(wanted, pending, look, operation, end);
  const { id, phase, state } = operation;
  return { is: "open", ...(phase ? { progress: `${state} (operation ${id})` } : {}) };
}

/** Whether an operation that was not named by an answer is not that of the action. */
export function isStranger(pending: PendingAction, seen: Seen, facts: ActionFacts): boolean {
  const { operation } = facts;
  if (!operation || operation.match === "named") return false;
  if (isUnknown(operation)) return true;
  const end = endOf(pending, seen, facts, operation);
  return end !== undefined && !end.isProven;
}

const isUnknown = ({ phase, followedFor }: Followed) => phase === undefined && followedFor >= visibleLimit;

/** Whether doing it twice does no harm. */
const isHarmless = ({ action }: PendingAction) => action !== "restart";

/** Where the component cannot be seen, nobody knows what it is after this. */
const leavesUnknown = ({ instances }: Seen): Came => (instances ? {} : { made: "unknown" });
const sayWhatItIs = ({ instances }: Seen) =>
  instances ? "" : " What it is now cannot be seen here: actualState can tell it.";

/** Whether an operation is on its way, or may only not be known yet. */
export const isOpen = (operation: Followed) =>
  operation.phase === "open" || (operation.phase === undefined && !isUnknown(operation));

/** Whether it matters if the configuration shows: an operation that the answer has named tells that it was carried out. */
export const needsConfigs = (operation: Followed) =>
  operation.match === "named" ? operation.phase === "skipped" || isUnknown(operation) : !isOpen(operation);

interface End {
  shows: Sighting;
  /** Whether the action was carried out, and by this operation. */
  isProven: boolean;
}

/** What an operation that is over says, once the component has had its time to show it; undefined before. */
function endOf(
  pending: PendingAction,
  seen: Seen,
  { configs, isAsked, isLast }: ActionFacts,
  operation: Followed,
): End | undefined {
  const { match, phase } = operation;
  if (phase === undefined || phase === "open") return undefined;
  // Failed, or for others; it was not carried out by this one.
  if (phase === "failed" || (phase === "skipped" && match !== "named"))
    return { shows: "no", isProven: false };
  const waited = overFor(pending, seen, { isAsked, isLast }, operation);
  if (waited === undefined) return undefined;
  const isTold = match === "named" && phase === "succeeded";
  const shows = effectOf(pending, seen, { isTold, waited, isLast });
  return shows && { shows, isProven: isProof(pending, operation, shows, configs) };
}

/** For how many milliseconds an operation has been over, as far as can be told. */
function overFor(
  pending: PendingAction,
  seen: Seen,
  { isAsked, isLast }: Pick<ActionFacts, "isAsked" | "isLast">,
  { phase, followedFor, endedFor }: Followed,
): number | undefined {
  if (phase !== "unknown") return endedFor;
  // On its way or over: the component tells, or the program does not ask for it any more.
  if (followedFor >= listLag && !isAsked) return followedFor - listLag;
  if (isLast && isHarmless(pending)) return settleLimit;
  return isShown(ownOf(seen, pending), pending) ? 0 : undefined;
}

/** Whether an operation that is over, and what shows, prove that the action was carried out. */
function isProof(
  { action }: PendingAction,
  { match, phase }: Followed,
  shows: Sighting,
  configs: ActionFacts["configs"],
): boolean {
  const isOurs = match === "named" || (match === "yes" && phase === "succeeded");
  if (!isOurs) return shows === "yes" && configs === "yes";
  if (phase === "skipped") return configs === "yes" && (shows === "yes" || action !== "restart");
  return shows === "yes" || (shows === "unseen" && phase === "succeeded");
}

/**
 * Whether the component shows what the action is for; undefined while that may still come. `isTold`: the operation itself has
 * said that a restart happened, so that nothing else has to prove it. "unseen": it cannot be seen.
 */
function effectOf(
  pending: PendingAction,
  seen: Seen,
  { isTold, waited, isLast }: { isTold: boolean; waited: number; isLast: boolean },
): Sighting | undefined {
  if (!seen.instances) return "unseen";
  const own = ownOf(seen, pending);
  if (!isAsWanted(own, pending)) return waited >= settleLimit || isLast ? "no" : undefined;
  if (pending.action !== "restart" || isTold) return "yes";
  const isProven = startedSince(own, pending);
  if (isProven === undefined) return "unseen";
  // Where the work's limit comes first it stays open: a start may show late.
  return isProven ? "yes" : waited >= listLag ? "no" : undefined;
}

/** Draws the conclusion from an operation that is over: one that was named by the answer, or proves the action. */
function judgeEnd(
  wanted: Asked,
  pending: PendingAction,
  look: Look<Seen, ActionFacts>,
  { id, phase, state, reason }: Followed,
  { shows, isProven }: End,
): Verdict<PendingAction, Came> {
  const { seen, attempt } = look;
  const why = reason ? ` (${reason})` : "";
  const request = pending.requestId ? `, RequestId ${pending.requestId}` : "";
  const facts = `${pending.action} of ${nameOf(pending)} ended ${state}${why}, operation ${id}${request}`;
  const came = { operationId: id };
  if (phase === "failed") {
    const left = { ...came, ...leavesUnknown(seen) };
    // What an earlier run asked for is known to have failed: it may be asked for again.
    return attempt === 0
      ? { is: "lost", came: left, progress: `${facts}; it is planned anew` }
      : {
          is: "failed",
          came: left,
          why: `${facts}. Look at the operation in the EMR console.${sayWhatItIs(seen)}`,
        };
  }
  if (isProven) {
    const progress = `${state} (operation ${id}); ${doneText(pending, seen, shows)}`;
    return { is: "over", came: { ...came, made: madeBy(pending) }, progress };
  }
  const isMoving = isOnItsWay(pending, seen);
  if (phase === "unknown" || (phase === "ended" && (shows === "unseen" || isMoving)))
    return leftOpen(wanted, pending, look, came, `; ${facts}`);
  // The operation is done, whatever the component makes of it: asking again would do it twice.
  return {
    is: "failed",
    came: { ...came, ...(phase === "succeeded" ? { made: madeBy(pending) } : leavesUnknown(seen)) },
    why: `${facts}${seen.instances ? `, but ${seenText(pending, seen)}` : ""}. Look at the component in the EMR console, then run \`pulumi up\` again.${sayWhatItIs(seen)}`,
  };
}

/** Without an operation to follow: what the component shows, for as long as a request may take to show. */
function judgeBySight(
  wanted: Asked,
  pending: PendingAction,
  look: Look<Seen, ActionFacts>,
): Verdict<PendingAction, Came> {
  const { seen, facts, age, attempt } = look;
  const { list, configs } = facts;
  const over = (shows: Sighting): Verdict<PendingAction, Came> => ({
    is: "over",
    came: { made: madeBy(pending) },
    progress: doneText(pending, seen, shows),
  });
  const own = ownOf(seen, pending);
  if (isShown(own, pending) && configs === "yes") return over("yes");
  if (age < listLag || isOnItsWay(pending, seen)) return { is: "open" };
  const isUnseen = !seen.instances || (isAsWanted(own, pending) && startedSince(own, pending) === undefined);
  // It runs, and does not say since when.
  if (pending.accepted && seen.instances && isUnseen) return over("unseen");
  const isAbsent =
    isAbsentFrom(list, pending, wanted, !isUnseen && age < retention) ||
    // Where the component is seen, a start and a stop name where they end.
    (isHarmless(pending) && !isUnseen);
  const mayRepeat = !pending.accepted || isHarmless(pending);
  if (mayRepeat && attempt <= mostRepeats && isAbsent) {
    const progress = `nothing came of the ${pending.action} of ${nameOf(pending)}; it is planned anew`;
    return { is: "lost", came: {}, progress };
  }
  return leftOpen(wanted, pending, look, {}, list?.gap ? `; ${list.gap}` : "");
}

/**
 * It cannot be told what came of an action: what does no harm is asked for again, now where an earlier run has sent it, or by the
 * next one; anything else waits for a person's word.
 */
function leftOpen(
  wanted: Asked,
  pending: PendingAction,
  { seen, facts: { isAsked, said }, attempt }: Look<Seen, ActionFacts>,
  came: Came,
  facts: string,
): Verdict<PendingAction, Came> {
  const what = `the ${pending.action} of ${nameOf(pending)}`;
  if (isAsked && !isHarmless(pending)) return { is: "unclear", why: doubtText(wanted, pending, seen, facts) };
  if (isAsked) {
    const left = { ...came, ...leavesUnknown(seen) };
    return attempt === 0
      ? { is: "lost", came: left, progress: `it is not known what came of ${what}; it is planned anew` }
      : { is: "failed", came: left, why: doubtText(wanted, pending, seen, facts) };
  }
  const made = said ?? (isHarmless(pending) ? "unknown" : undefined);
  return {
    is: "over",
    came: { ...came, ...(made ? { made } : {}) },
    progress: `leaves it open whether ${what} was carried out${said ? `: actualState says that it is ${said}` : ""}`,
  };
}

function doubtText({ clusterId }: Asked, pending: PendingAction, { instances }: Seen, facts: string): string {
  const { action, accepted, hasConfigs } = pending;
  const what = accepted ? "was accepted, but does not show" : "may have been carried out or not";
  const start = `The ${action} of ${nameOf(pending)} on ${clusterId} ${what}`;
  const look = "Look at the component in the EMR console";
  if (isHarmless(pending)) {
    const but = instances ? "" : `, unless actualState says that it is ${madeBy(pending)}`;
    return `${start}${facts}. ${look}; the next \`pulumi up\` asks for it again${but}.`;
  }
  const back = `${hasConfigs ? "restartTriggers and applicationConfigs" : "restartTriggers"} back to what they were to leave it as it is`;
  const ways = instances ? `or ${back}` : `${back}, or actualState to what it is to count it as restarted`;
  return `${start}, and is not sent again on a guess${facts}. ${look}; then change restartTriggers to another value to restart it, ${ways}.`;
}

function doneText(pending: PendingAction, seen: Seen, shows: Sighting): string {
  const name = nameOf(pending);
  if (shows !== "yes") return `${pending.action} of ${name} is over, as far as can be told`;
  return `${name}: ${pending.action} done, ${seenText(pending, seen)}`;
}

function seenText(pending: PendingAction, seen: Seen): string {
  const own = ownOf(seen, pending);
  const states = [...new Set(own.map(({ state }) => state))].join(", ");
  return own.length > 0 ? `the component is ${states}` : "the component is not listed";
}

/**
 * Whether it is known that a request never arrived: the list of operations reaches back to before it, and has none for it.
 * A list that has never shown an operation may show none at all, so that the component has to agree: `isUnchanged`.
 */
function isAbsentFrom(
  list: Pages<OperationRecord> | undefined,
  pending: PendingAction,
  wanted: Asked,
  isUnchanged: boolean,
): boolean {
  const before = pending.operationsBefore;
  if (!list || list.gap || !before) return false;
  const isOld = (record: OperationRecord) => before.includes(operationIdOf(record));
  const reachesBack = before.length > 0 ? list.items.some(isOld) : isUnchanged;
  return (
    reachesBack && list.items.every((record) => isOld(record) || matchOf(record, pending, wanted) === "no")
  );
}

/** The operation that may be that of an action whose answer got lost: one that was not there before. `known`: those of others. */
export function candidateIn(
  list: Pages<OperationRecord> | undefined,
  pending: PendingAction,
  wanted: Asked,
  known: readonly string[],
): Pick<Followed, "id" | "match"> | undefined {
  const before = pending.operationsBefore;
  if (!list || !before) return undefined;
  const fresh = list.items
    .map((record) => ({ id: operationIdOf(record), match: matchOf(record, pending, wanted) }))
    .filter(({ id }) => id !== "" && !known.includes(id) && !before.includes(id));
  const found = fresh.find(({ match }) => match === "yes") ?? fresh.find(({ match }) => match === "maybe");
  return found && { id: found.id, match: found.match === "yes" ? "yes" : "maybe" };
}

/** Whether an operation is for what an action asked for, by what its content says; "maybe" where that does not say it. */
function matchOf(
  { content }: OperationRecord,
  { component, releaseName, action, hasConfigs }: PendingAction,
  { actionNames }: Asked,
): "yes" | "maybe" | "no" {
  const text = textOf(content);
  const says = (word: string) => text.includes(word.toLowerCase());
  const verb = /"actionname"\s*:\s*"([^"]*)"/.exec(text)?.[1];
  if (verb !== undefined && verb !== (actionNames?.[action] ?? action).toLowerCase()) return "no";
  // What names no component at all may be for any.
  if (!says(component)) return says("componentnames") ? "no" : "maybe";
  const tellsParams = says("actionparams");
  const isOfRelease = releaseName === "" ? !says("releasename") : says(releaseName);
  const isWithConfigs = says("applicationconfigs") === hasConfigs;
  if (tellsParams && (!isOfRelease || !isWithConfigs)) return "no";
  const isWhole = verb !== undefined && (tellsParams || (releaseName === "" && !hasConfigs));
  return isWhole ? "yes" : "maybe";
}

const textOf = (content: unknown) =>
  (typeof content === "string" ? content : (JSON.stringify(content) ?? "")).toLowerCase();

/** For people. */
export function waitingFor(pending: PendingAction, operation: Followed | undefined): string {
  const what = `${pending.action} of ${nameOf(pending)}`;
  if (!operation || isUnknown(operation)) return `a sign of the ${what}`;
  const { id, phase, state } = operation;
  if (isOpen(operation) || phase === "unknown")
    return `operation ${id} (${what}, last seen ${state || "nothing"})`;
  return `${nameOf(pending)} to show the ${pending.action}`;
}

export const madeBy = ({ action }: PendingAction) => (action === "stop" ? "stopped" : "running");

export const nameOf = ({ component, releaseName }: PendingAction) =>
  `${component}${releaseName ? ` ${releaseName}` : ""}`;

const ownOf = ({ instances = [] }: Seen, pending: PendingAction) =>
  instancesOfTarget(instances, targetOf(pending));

/** Whether some of the action's instances are neither here nor there. */
export const isOnItsWay = (pending: PendingAction, seen: Seen) =>
  ownOf(seen, pending).some(({ state }) => instancePhase(state) === "moving");

/** Whether all instances are what a start, a restart or a stop makes them. */
function isAsWanted(own: readonly ComponentInstance[], { action }: PendingAction): boolean {
  const phase = action === "stop" ? "stopped" : "running";
  return own.length > 0 && own.every(({ state }) => instancePhase(state) === phase);
}

/** Whether the instances show for certain what an action is for. */
const isShown = (own: readonly ComponentInstance[], pending: PendingAction) =>
  isAsWanted(own, pending) && (pending.action !== "restart" || startedSince(own, pending) === true);

/** Whether all of these were started since; undefined where that is not told. */
function startedSince(own: readonly ComponentInstance[], { startTimes }: PendingAction): boolean | undefined {
  if (startTimes.length === 0 || own.some(({ startTime }) => startTime === "")) return undefined;
  return own.every(({ startTime }) => !startTimes.includes(startTime));
}
