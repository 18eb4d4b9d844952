// What became of a call on a DLC engine, by what is seen of the engine. Pure. A switch has no task to follow: it is done when
// the engine is seen with the version.

import { listLag } from "../../../call/pages";
import type { Look, Verdict } from "../../../core/apply";
import type { DataEngine } from "../api";
import { nameOfState } from "../engines";

/** How long an engine may go on with the old version, seemingly untouched, before a change counts as lost. */
const startGrace = 120_000;
/** How long an engine may run again with the old version before a change counts as failed. */
const settleGrace = 60_000;
/** How long an engine may be suspended with the old version after a change was sent. */
const suspendedGrace = 600_000;

export interface EngineSeen {
  engine: Pick<
    DataEngine,
    "state" | "message" | "imageVersionId" | "imageVersionName" | "childImageVersionId"
  >;
}

export interface VersionChange {
  action: string;
  sentAt: number;
  /** Name of the engine, for people. */
  name: string;
  /** The version that it is sent to, and its name; absent where the newest minor version is. */
  imageVersionId?: string;
  imageVersion?: string;
  /** The version before, and the minor version. */
  before: string;
  childBefore: string;
}

export const isWorking = ({ engine }: EngineSeen) => engine.state !== 1 && engine.state !== 2;

/** `hasWorked`: whether the engine was seen at work since. */
export function judgeChange(
  { action, name, imageVersionId, childBefore }: VersionChange,
  { seen, facts: { hasWorked }, rested, doubt, requestId }: Look<EngineSeen, { hasWorked: boolean }>,
): Verdict<VersionChange, boolean> {
  const { engine } = seen;
  const version = engine.imageVersionName ?? engine.imageVersionId;
  const progress = `engine ${nameOfState(engine.state)}, version ${version ?? "?"}`;
  const failed = (why: string) => ({
    is: "failed" as const,
    came: false,
    why: `${action} on ${name} ${why}`,
  });
  if (engine.state === -1)
    return failed(
      `failed: the engine is in the state failed (${engine.message ?? "no reason given"}; RequestId ${requestId}). Look at it in the DLC console.`,
    );
  if (isWorking(seen) || rested === undefined) return { is: "open", progress };
  const isThere = imageVersionId
    ? engine.imageVersionId === imageVersionId
    : (engine.childImageVersionId ?? "") !== childBefore;
  // One that suspends itself when idle may do so before it is looked at.
  if (isThere) return { is: "over", came: true, progress };
  const isLost = doubt !== undefined && rested >= startGrace;
  if (engine.state === 1) {
    if (isLost) return { is: "lost", came: false, progress };
    if (rested < suspendedGrace) return { is: "open", progress };
    return failed(
      `did not take: the engine is suspended, and still has ${version} (RequestId ${requestId}). Only a running engine takes a version: resume it in the DLC console, or set allowSuspended to true, then run \`pulumi up\` again.`,
    );
  }
  // The state can be a moment ahead of the version.
  if (hasWorked && rested >= settleGrace)
    return failed(
      `did not take: the engine runs again with ${version} (RequestId ${requestId}${engine.message ? `; ${engine.message}` : ""}). Look at its events in the DLC console, then run \`pulumi up\` again.`,
    );
  return isLost ? { is: "lost", came: false, progress } : { is: "open", progress };
}

export interface Toggle {
  sentAt: number;
  operate: "resume" | "suspend";
  name: string;
}

export const stateAfter = ({ operate }: Pick<Toggle, "operate">) => (operate === "resume" ? 2 : 1);

/** A resumption or a suspension: both end in the same place, so that they may be asked for again. */
export function judgeToggle(
  toggle: Toggle,
  { seen: { engine }, rested }: Look<EngineSeen>,
): Verdict<Toggle, boolean> {
  if (engine.state === stateAfter(toggle)) return { is: "over", came: true };
  if (engine.state === -1) {
    const why = `Engine ${toggle.name} has failed (${engine.message ?? "no reason given"}): mend it in the DLC console.`;
    return { is: "failed", came: false, why };
  }
  return rested !== undefined && rested >= startGrace ? { is: "lost", came: false } : { is: "open" };
}

/** What an earlier run has sent: it can be seen, or has had time enough to be. */
export function judgeEarlier(
  { imageVersionId }: { imageVersionId?: string | undefined },
  { seen: { engine }, age }: Look<EngineSeen>,
): Verdict<object, boolean> {
  const isThere =
    imageVersionId === undefined ? engine.state !== 1 : engine.imageVersionId === imageVersionId;
  return engine.state !== 0 && (isThere || age >= listLag) ? { is: "over", came: isThere } : { is: "open" };
}
