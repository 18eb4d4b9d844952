// What was announced against what the clouds then received, change by change.
import type { Change } from "../../cli/change";
import { hiddenText } from "../../cli/preview";
import type { Summary } from "../../cli/summary";
import { renamed, upperFirst } from "../../provider/call/wire";
import { containsUnknown, isUnknown, mentionsUnknown, sameValue } from "../../provider/core/schema";
import { encode } from "../../provider/tencent/client";
import { ownerTag, poolTag, specTag } from "../../provider/tencent/emr/nodePool/schema";
import type { JournalEntry, Simulator } from "../../simulator/index";
import type { UpdateResult } from "../drivers/driver";
import { everyType } from "../everyType";
import type { Compared } from "../tally";

/** All that a stack works on; the first has the clock. */
export type Clouds = readonly [Simulator, ...Simulator[]];

/** Names of the same call, as the plan and as the cloud calls it. */
const alias: Record<string, string> = { enlarge: "EnlargeInstance", "batch-delete": "BatchDeleteNodes" };

/** What each resource may do. */
const actionsOf = new Map(
  everyType<readonly string[]>({
    "tencent:EmrNodePool": [
      "ScaleOutInstance",
      "TerminateTasks",
      "TerminateClusterNodes",
      "ModifyResourcesTags",
    ],
    "tencent:EmrServiceState": ["StartStopServiceOrMonitor"],
    "tencent:DlcEngineImage": ["SuspendResumeDataEngine", "UpgradeDataEngineImage", "SwitchDataEngineImage"],
    "huawei:DdmNodeGroup": ["EnlargeInstance", "BatchDeleteNodes"],
    "volcengine:EmrApplicationState": ["RunApplicationAction"],
  }),
);

export interface Told {
  action: string;
  request: unknown;
  /** The tags that nodes are to have, by their keys, and those that they had. */
  tags?: { wanted: Tags; before: Tags };
}

type Tags = Record<string, string> | "unknown";

const tagsIn = (tags: unknown): Tags => {
  const list = tags ?? [];
  if (!Array.isArray(list) || containsUnknown(list) || JSON.stringify(list).includes(hiddenText))
    return "unknown";
  return Object.fromEntries(list.map(({ tagKey, tagValue }) => [tagKey, tagValue]));
};

/** The calls of a plan as they go over the wire. */
export const announcedBy = (changes: readonly Change[]): Told[] => changes.flatMap(toldOf);

const toldOf = ({ type, calls, inputs, olds }: Change): Told[] =>
  calls.map(({ action, request }) => ({
    action: alias[action] ?? action,
    request: onTheWire(type, request),
    ...(type === "tencent:EmrNodePool"
      ? { tags: { wanted: tagsIn(inputs["tags"]), before: tagsIn(olds?.["tags"]) } }
      : {}),
  }));

function onTheWire(type: string, request: object): unknown {
  if (type.startsWith("tencent:")) return encode(request);
  if (type.startsWith("huawei:")) return (request as { body: unknown }).body;
  return renamed(request, upperFirst);
}

/** What no plan can know of some `up`s, and why. */
export interface Unforeseen {
  because: string;
  /** The one action that may come unannounced, or otherwise than it was announced. */
  action?: string;
  /** Why the cloud could not be looked at for the plan, although the `up` could go on. */
  notSeen?: RegExp;
}

export interface Happened {
  clouds: Clouds;
  calls: readonly JournalEntry[];
  result: UpdateResult;
  exemption: (Unforeseen & { isMet: boolean }) | undefined;
  /** Calls that something was arranged to befall; "any" where that is not known. */
  mishaps: readonly string[];
}

/** A change, and why not all of it has to come as announced. */
interface Held {
  change: Change;
  told: (Told & { isDone: boolean })[];
  excuse: "open" | "misfortune" | undefined;
  /** How far it has come in its own order. */
  at: number;
}

/** Fails where what happened is not what was announced. A change that is open, or befallen by misfortune, excuses itself alone. */
export function compare({ changes }: Summary, happened: Happened): Compared {
  const { clouds, calls, result, exemption } = happened;
  refuseUnseen(changes, happened);
  const held = changes.map(
    (change): Held => ({
      change,
      told: toldOf(change).map((each) => ({ ...each, isDone: false })),
      excuse: excuseOf(change, happened),
      at: -1,
    }),
  );
  const faults: string[] = [];
  const show = ({ action, request }: Told) => JSON.stringify({ action, request });
  let count = 0;
  for (const entry of calls) {
    if (!entry.acted || entry.action === "CreateToken") continue;
    const is = (told: Told) => isSame(entry, told, clouds);
    const own = held.find(({ told }) => told.some((each) => !each.isDone && is(each)));
    if (own) {
      const index = own.told.findIndex((each) => !each.isDone && is(each));
      if (index < own.at && !own.excuse) faults.push(`Out of its order: ${show(entry)}`);
      own.at = index;
      Object.assign(own.told[index] ?? {}, { isDone: true });
      count += 1;
      continue;
    }
    if (held.some((each) => mayComeToo(each, entry, clouds))) continue;
    if (exemption?.action === entry.action) exemption.isMet = true;
    else faults.push(`Not announced: ${show(entry)}`);
  }
  // What was asked for and had been done before, such as a purchase that is repeated with its token, was asked for.
  const asked = calls.filter(({ acted }) => !acted);
  for (const { change, told, excuse } of held) {
    const hasEnded = !result.error || result.steps.some(({ urn, failed }) => urn === change.urn && !failed);
    if (excuse === "open" || !hasEnded) continue;
    const missing = told.filter(
      (each) =>
        !each.isDone &&
        each.action !== exemption?.action &&
        !asked.some((entry) => isSame(entry, each, clouds)),
    );
    faults.push(...missing.map((each) => `Did not happen: ${show(each)}`));
  }
  if (faults.length > 0) {
    const plans = changes.map(({ name, plan }) => JSON.stringify({ name, plan }));
    throw new Error(
      `What happened is not what was announced.\n${faults.join("\n")}\nPlan: ${plans.join("\n  ")}`,
    );
  }
  const excused = held.flatMap(({ excuse }) => excuse ?? []);
  return { calls: count, changes: held.length - excused.length, excused };
}

const notSeenBy = ({ plan }: Change): string[] =>
  plan.warnings.filter(({ code }) => code === "notSeen").map(({ text }) => text);

/** What could be changed could be looked at. */
function refuseUnseen(changes: readonly Change[], { result, exemption }: Happened): void {
  const unseen = changes.flatMap(notSeenBy);
  if (exemption && unseen.length > 0 && unseen.every((text) => exemption.notSeen?.test(text)))
    exemption.isMet = true;
  else if (unseen.length > 0 && !result.error)
    throw new Error(`What could be changed could not be looked at: ${unseen.join("; ")}`);
}

function excuseOf(change: Change, { mishaps }: Happened): Held["excuse"] {
  const { isOpen, plan, type } = change;
  // What is not decided before the cloud is asked, and what waits for a busy cluster or an earlier run, is said to be so.
  if (isOpen || plan.warnings.some(({ code }) => code === "busy" || code === "earlierRun")) return "open";
  const isAnothers = (action: string) =>
    [...actionsOf].some(([other, actions]) => other !== type && actions.includes(action));
  return mishaps.some((action) => !isAnothers(action)) ? "misfortune" : undefined;
}

/** Whether a call beyond those that were announced may come of a change. */
function mayComeToo({ change, told, excuse }: Held, entry: JournalEntry, clouds: Clouds): boolean {
  const isTagging = entry.action === "ModifyResourcesTags";
  // Where tags cannot be seen, whether a key is to be added or changed is found out by a second try.
  const isAgain = (excuse || isTagging) && told.some((each) => isSame(entry, each, clouds));
  if (isAgain || (excuse === "open" && mayDo(change, entry, clouds))) return true;
  // What was bought gets its tags, where the purchase did not bring them.
  const bought = told.find(({ action }) => action === "ScaleOutInstance");
  return Boolean(
    excuse && isTagging && bought && taggedIn(entry).every((node) => isToBeTagged(node, bought)),
  );
}

function mayDo(
  { type, cluster }: Change,
  { action, request, target }: JournalEntry,
  clouds: Clouds,
): boolean {
  const actions = actionsOf.get(type) ?? [];
  const nodes = clouds.flatMap(({ emr }) =>
    emr.clusters().some(({ clusterId }) => clusterId === cluster) ? emr.nodes(cluster) : [],
  );
  const names = [cluster, ...nodes.map(({ emrResourceId }) => emrResourceId)];
  const said = JSON.stringify([request, target]);
  // An engine has a name beside its id.
  const isThere = type === "tencent:DlcEngineImage" || names.some((name) => said.includes(name));
  return actions.includes(action) && isThere;
}

/** Whether a cloud has received what was told; its token only the sending knows. */
export function isSame(received: Told, told: Told, clouds: Clouds): boolean {
  if (received.action !== told.action) return false;
  const { ClientToken: _, Tags: tags, ...given } = received.request as Record<string, unknown>;
  const [got, expected] = [comparable(given, clouds), comparable(told.request, clouds)];
  if (told.action === "ScaleOutInstance" && !areSent(tags as WireTag[], told)) return false;
  if (told.action !== "ModifyResourcesTags") return isLike(got, expected);
  const ids = taggedIn({ request: expected }).map(({ ResourceId }) => ResourceId);
  return taggedIn({ request: got }).every(
    (node) => ids.includes(node.ResourceId) && isToBeTagged(node, told),
  );
}

const taggedIn = ({ request }: { request: unknown }): TagChange[] =>
  (request as { ModifyResourceTagsInfoList: TagChange[] }).ModifyResourceTagsInfoList;

interface WireTag {
  TagKey: string;
  TagValue: string;
}

interface TagChange {
  ResourceId: string;
  AddTags?: WireTag[];
  ModifyTags?: WireTag[];
  DeleteTags?: WireTag[];
}

const marks = [poolTag, specTag, ownerTag];
const withoutMarks = (tags: readonly WireTag[]) => tags.filter(({ TagKey }) => !marks.includes(TagKey));

/** Whether nodes are born with the pool's marks and the tags that are wanted, and no others. */
function areSent(sent: readonly WireTag[], { tags }: Told): boolean {
  if (!tags || tags.wanted === "unknown") return true;
  const own = Object.fromEntries(withoutMarks(sent).map(({ TagKey, TagValue }) => [TagKey, TagValue]));
  return sameValue(own, tags.wanted) && marks.every((mark) => sent.some(({ TagKey }) => TagKey === mark));
}

/** Whether a node gets tags that are wanted, and loses those that no longer are. */
function isToBeTagged(
  { AddTags = [], ModifyTags = [], DeleteTags = [] }: TagChange,
  { tags }: Told,
): boolean {
  if (!tags) return false;
  const { wanted, before } = tags;
  const isWanted = ({ TagKey, TagValue }: WireTag) => wanted === "unknown" || wanted[TagKey] === TagValue;
  const isDropped = ({ TagKey }: WireTag) =>
    wanted === "unknown" || before === "unknown" || (TagKey in before && !(TagKey in wanted));
  return withoutMarks([...AddTags, ...ModifyTags]).every(isWanted) && DeleteTags.every(isDropped);
}

/** Configuration is secret as a whole, so that a preview does not show whether there is any. */
const hiddenWhole = "ActionParams";

/** The same, where a preview hides nothing. */
function isLike(got: unknown, expected: unknown): boolean {
  const isOpen = expected === hiddenText || isUnknown(expected);
  if (isOpen || (typeof expected === "string" && mentionsUnknown(expected))) return true;
  if (typeof got !== "object" || got === null || typeof expected !== "object" || expected === null)
    return got === expected;
  const [left, right] = [got as Record<string, unknown>, expected as Record<string, unknown>];
  return [...new Set([...Object.keys(left), ...Object.keys(right)])].every(
    (name) => (name === hiddenWhole && right[name] === undefined) || isLike(left[name], right[name]),
  );
}

/** The same in one spelling: lists mean the same in any order, nodes have two names, applications any case. */
function comparable(request: unknown, clouds: Clouds): unknown {
  const nodes = clouds.flatMap(({ emr }) => emr.clusters().flatMap(({ clusterId }) => emr.nodes(clusterId)));
  const named = (text: string) => nodes.find(({ orderNo }) => orderNo === text)?.emrResourceId ?? text;
  const spelled = (key: string, value: unknown): unknown => {
    if (Array.isArray(value)) return [...value].sort();
    if (typeof value !== "string") return value;
    return key === "ApplicationName" ? value.toLowerCase() : named(value);
  };
  return JSON.parse(JSON.stringify(request ?? {}, spelled));
}
