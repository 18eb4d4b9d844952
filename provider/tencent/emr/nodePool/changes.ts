// What a pool's program may ask for, and what of it differs from what there is. Pure.
import { createHash } from "node:crypto";
import { type CheckFailure, StoppedError } from "../../../base/errors";
import { compare, isSameInput } from "../../../core/diff";
import { inputsThat } from "../../../core/fields";
import { inputsIn } from "../../../core/operation";
import type { Diff, PropertyDiff } from "../../../core/resource";
import { checkInputs, containsUnknown, isUnknown } from "../../../core/schema";
import { birthSettings, specHash } from "./birth";
import {
  birthProperties,
  longestPoolId,
  type NodeOutput,
  type NodePoolInputs,
  type NodePoolState,
  nodePoolInputs,
  nodePoolRules,
  notInPoolId,
} from "./schema";

const isBirthProperty = (property: string) => (birthProperties as string[]).includes(property);

/** The fingerprint, where a preview knows everything that it is made of. */
export const knownSpecHash = (inputs: NodePoolInputs) =>
  containsUnknown(birthSettings(inputs)) ? undefined : specHash(inputs);

/** A name that the program has chosen may hold what a tag cannot: it is replaced, and a fingerprint keeps it apart. */
function proposedId(name: unknown): unknown {
  if (typeof name !== "string") return name;
  const taggable = name.replace(notInPoolId, "-").slice(0, longestPoolId);
  if (taggable === name) return name;
  const print = createHash("sha256").update(name).digest("hex").slice(0, 8);
  return `${taggable.slice(0, longestPoolId - print.length - 1)}-${print}`;
}

/** `defaultPoolId` is what the SDK proposes; a pool that has an id keeps it, whatever its resource is called later. */
export function check(given: Record<string, unknown>, olds: Record<string, unknown>) {
  const { defaultPoolId, ...news } = given;
  const hardware = news["hardwareResourceType"];
  const completed = {
    ...news,
    poolId: news["poolId"] ?? olds["poolId"] ?? proposedId(defaultPoolId),
    ...(typeof hardware === "string" && !isUnknown(hardware)
      ? { hardwareResourceType: hardware.toUpperCase() }
      : {}),
  };
  const { inputs, failures } = checkInputs(nodePoolInputs, nodePoolRules, completed);
  if (failures.length === 0 && Object.keys(olds).length > 0)
    failures.push(...checkChange(olds as NodePoolInputs, inputs));
  return { inputs, failures };
}

const coreStays =
  "cannot be changed on a core pool: its nodes and the HDFS data on them would go before new ones come. Make a second pool beside it, move the data, then delete this one";

/** What an existing pool refuses, as far as its inputs tell. */
function checkChange(olds: NodePoolInputs, news: NodePoolInputs): CheckFailure[] {
  if (olds.role !== news.role || isUnknown(news.count)) return [];
  const failures: CheckFailure[] = [];
  if (news.role === "core") {
    for (const property of inputsThat(nodePoolInputs, "replaces")) {
      // What is only now given may be what the pool has, found or imported: `diff` knows.
      if (olds[property] === undefined || containsUnknown(news[property])) continue;
      if (!isSameInput(nodePoolInputs, property, olds[property], news[property], true))
        failures.push({ property, reason: coreStays });
    }
    const mayShrink = isUnknown(news.scaleIn) || news.scaleIn?.allowCoreScaleIn;
    if (news.count < olds.count && !mayShrink) {
      failures.push({
        property: "count",
        reason: `cannot shrink from ${olds.count} to ${news.count}: core nodes lose their HDFS data. Set scaleIn.allowCoreScaleIn to true if that is wanted`,
      });
    }
  }
  if (news.role === "master" && news.count < olds.count) {
    failures.push({
      property: "count",
      reason: `cannot shrink from ${olds.count} to ${news.count}: masters are never removed`,
    });
  }
  return failures;
}

export function diff(olds: NodePoolState, news: NodePoolInputs): Diff {
  // Of an imported pool only the fingerprint of what its nodes were born with is known.
  const isImported = (property: string, before: unknown) =>
    before === undefined && isBirthProperty(property) && olds.specHash === knownSpecHash(news);
  const properties = compare<NodePoolState, NodePoolInputs>(
    {
      inputs: nodePoolInputs,
      recorded: (property) =>
        property === "count" ? (olds.nodes?.length ?? olds.count) : olds[property as keyof NodePoolInputs],
      isExcused: isImported,
    },
    olds,
    news,
  );
  refuseCoreReplacement(olds, news, properties);
  // What an earlier run left to do is done even where the inputs ask for nothing that needs the cloud: people see what it is about.
  if (olds.pendingOrder || olds.untagged || (olds as Recalled).unsaved)
    properties.push({ property: "nodes", kind: "update", replace: false });
  return { changes: properties.length > 0, properties };
}

/** What `checkChange` cannot see: the new value differs from one that was found or imported. */
function refuseCoreReplacement(
  olds: NodePoolState,
  news: NodePoolInputs,
  properties: readonly PropertyDiff[],
): void {
  if (olds.role !== "core" || news.role !== "core") return;
  const refused = properties.filter(
    ({ property, replace, before, after }) =>
      replace &&
      (property === "region" || isBirthProperty(property)) &&
      after !== undefined &&
      !containsUnknown(after) &&
      // The fingerprint tells only once everything is known.
      (before !== undefined || knownSpecHash(news) !== undefined),
  );
  if (refused.length === 0) return;
  const isImported = olds.specHash !== specHash(olds);
  throw new StoppedError(
    `${refused.map(({ property }) => property).join(", ")}: ${coreStays}.${isImported ? " The pool was imported, and its nodes were born with other settings than these." : ""}`,
  );
}

/** A pool's state with what this machine remembers beyond it. */
export interface Recalled extends NodePoolState {
  /** Nodes that an earlier run bought, and could not record; they may have gone since. */
  unsaved?: NodeOutput[];
}

export function inputsOf(state: NodePoolState): NodePoolInputs {
  return inputsIn(nodePoolInputs, state);
}
