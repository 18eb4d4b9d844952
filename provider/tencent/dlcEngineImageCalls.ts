// Makes a DLC engine run the wanted version: what each call sends, and what is remembered of it. The changes end in the same
// place however often they are asked for, so that after a look they may be asked for again.
import { apply, type Call, neverSent, type Work } from "../apply";
import { type Context, warn } from "../context";
import { type CloudError, StoppedError } from "../errors";
import { exclusively, type Limited, limitedNow, type Operation } from "../operation";
import { type CallStep, requestOf } from "../plan";
import type { DataEngine } from "./dlc";
import { suspendResumeDataEngine, switchDataEngineImage, upgradeDataEngineImage } from "./dlc";
import {
  isWorking,
  judgeChange,
  judgeEarlier,
  judgeToggle,
  stateAfter,
  type Toggle,
  type VersionChange,
} from "./dlcEngineImageEvidence";
import { EngineMemory, isWantedVersion, usualLimit } from "./dlcEngineImageMemory";
import { type EngineView, stateOf, viewEngine } from "./dlcEngineImageObserve";
import { planImage } from "./dlcEngineImagePlan";
import type { EngineImageInputs, EngineImageState } from "./dlcEngineImageSchema";
import {
  type DlcClient,
  dlcClient,
  type EngineRef,
  findEngine,
  missingEngine,
  nameOfState,
  unlessBusy,
} from "./dlcEngines";
import { notThere } from "./errors";

/** Makes the engine run what is wanted. `known` is what state recorded. */
export async function applyImage(
  context: Context,
  operation: Operation,
  wanted: EngineImageInputs,
  known: EngineImageState | undefined,
): Promise<EngineImageState> {
  const place = { ...wanted, region: known?.region ?? wanted.region };
  const limit = { operation, timeouts: wanted.timeouts, limit: usualLimit };
  const client = dlcClient(await limitedNow(context, limit), place);
  const ref: EngineRef = known
    ? { dataEngineId: known.dataEngineId, dataEngineName: known.dataEngineName }
    : wanted;
  const name = wanted.dataEngineName ?? wanted.dataEngineId ?? "";
  // Locked by its id, whichever way it is named.
  const engine = await findEngine(client, ref);
  if (!engine) throw missingFor(name, client);
  const key = `tencent/${client.region}/dlc/${engine.dataEngineId}`;
  return exclusively(context, { key, name, ...limit }, (limited) =>
    apply(
      limited,
      imageWork(limited, dlcClient(limited, place), { operation, wanted, known, engine, name }),
      known?.lastRequestId,
    ),
  );
}

const missingFor = (name: string, client: DlcClient) =>
  new StoppedError(notThere(missingEngine(name, client)));

/** The engine, and what it can be changed to, as far as it has been asked. */
type Seen = EngineView & {
  /** Whether another operation holds it, so that it cannot be asked. */
  isHeld: boolean;
};

/** The cloud says that a version exists no longer, or is not online. */
const withdrawnCodes: readonly string[] = [
  "ResourceNotFound.ImageVersionNotFound",
  "ResourceNotFound.ImageVersionNotActivity",
  "InvalidParameter.ImageStateNotMatch",
];

interface Subject {
  operation: Operation;
  wanted: EngineImageInputs;
  known: EngineImageState | undefined;
  engine: DataEngine;
  name: string;
}

function imageWork(
  context: Limited,
  client: DlcClient,
  { operation, wanted, known, engine: { dataEngineId, dataEngineName }, name }: Subject,
): Work<EngineImageState, Seen> {
  // From now on another engine of the same name is not the one that is meant.
  const ref: EngineRef = { dataEngineId, dataEngineName };
  const memory = new EngineMemory(context, { region: client.region, dataEngineId }, known);
  const announcement = announcementOf(operation, wanted, known);
  // What is sent to the same version again ends in the same place.
  let earlierSwitch = memory.pending && !isWantedVersion(wanted, memory.pending) ? memory.pending : undefined;
  let earlierResume = memory.resumedAt;
  /** How the cloud has refused to go back to a version that is withdrawn. */
  let refusal: string | undefined;
  let last: Seen | undefined;
  /** Whether a resumption was sent of which nothing is seen yet. */
  let isResuming = false;
  let mustRecord = false;

  const isWithdrawn = ({ action, code, requestId }: CloudError) => {
    if (operation !== "delete" || !withdrawnCodes.includes(code)) return false;
    refusal = `${action} refuses it (code ${code}, RequestId ${requestId})`;
    return true;
  };

  function changing(
    send: (step: CallStep) => Promise<{ requestId: string }>,
  ): Call<Seen, VersionChange, boolean, { hasWorked: boolean }> {
    let hasWorked = false;
    return {
      repeats: 3,
      intend({ action, request }, { engine, versions, childImageVersionId: childBefore }, sentAt) {
        hasWorked = false;
        const imageVersionId = "newImageVersionId" in request ? String(request.newImageVersionId) : undefined;
        const version = versions.find((each) => each.imageVersionId === imageVersionId);
        const target = imageVersionId && { imageVersionId, imageVersion: version?.imageVersion ?? "" };
        const before = engine.imageVersionId ?? "";
        return { action, sentAt, name, before, childBefore, ...target };
      },
      remember: (change) => memory.rememberChange(change),
      send,
      facts: async (_, seen) => {
        hasWorked ||= isWorking(seen);
        return { hasWorked };
      },
      isMoving: isWorking,
      signature: ({ engine: { state, imageVersionId } }) => `${state} ${imageVersionId}`,
      judge: judgeChange,
      waitingFor: () =>
        `engine ${name} to run the version (last seen ${last ? nameOfState(last.engine.state) : "nothing"})`,
      forget(_, came) {
        if (came === undefined) memory.changeRefused();
      },
      refused: (error) => (isWithdrawn(error) ? "plan" : undefined),
    };
  }

  const toggling: Call<Seen, Toggle, boolean> = {
    repeats: Number.POSITIVE_INFINITY,
    intend: ({ verb }, _, sentAt) => ({ sentAt, name, operate: verb === "resume" ? "resume" : "suspend" }),
    remember({ operate, sentAt }) {
      if (operate === "resume") memory.rememberResumed(sentAt);
    },
    send: (step) => client.call(suspendResumeDataEngine, requestOf(suspendResumeDataEngine, step)),
    isMoving: ({ engine }) => engine.state === 0,
    signature: ({ engine }) => String(engine.state),
    judge: judgeToggle,
    waitingFor: (toggle) => `engine ${name} to be ${nameOfState(stateAfter(toggle))}`,
    forget({ operate }, came) {
      if (operate === "suspend") {
        if (came) memory.forgetResumed();
        return;
      }
      // What nobody has acted on is no resumption of ours: whoever makes one keeps it.
      if (came === undefined && !isResuming) memory.forgetResumed();
      if (came !== undefined) isResuming = !came;
    },
  };

  const earlier: Call<Seen, { sentAt: number; imageVersionId?: string }, boolean> = {
    ...neverSent,
    isMoving: isWorking,
    judge: judgeEarlier,
    waitingFor: () => `the outcome of what an earlier run has sent to ${name}`,
    forget({ imageVersionId }) {
      if (imageVersionId === undefined) earlierResume = undefined;
      else {
        earlierSwitch = undefined;
        memory.switchSettled();
      }
    },
  };

  return {
    name: `engine ${name}`,
    async look(isClose) {
      const engine = await findEngine(client, ref);
      if (!engine) throw missingFor(name, client);
      const mayAsk = !isClose && engine.state !== 0;
      const view = mayAsk
        ? await unlessBusy(viewEngine(client, engine, wanted.childVersion === "latest"))
        : undefined;
      last = {
        ...{ versions: [], upgradeAvailable: false },
        ...last,
        ...{ engine, childImageVersionId: engine.childImageVersionId ?? "", message: engine.message ?? "" },
        ...view,
        isHeld: mayAsk && view === undefined,
      };
      return last;
    },
    busy({ engine, isHeld }) {
      if (engine.state === 0) return "the engine: it is initialising";
      return isHeld ? "the engine: another operation holds it" : undefined;
    },
    open() {
      const version = earlierSwitch && (earlierSwitch.imageVersion || earlierSwitch.imageVersionId);
      if (earlierSwitch)
        return { call: "earlier", sent: earlierSwitch, what: `the switch to ${version} of an earlier run` };
      if (earlierResume === undefined) return undefined;
      return { call: "earlier", sent: { sentAt: earlierResume }, what: "the resumption of an earlier run" };
    },
    plan(view) {
      // Whoever has suspended it since, it is not ours to suspend after it is resumed again.
      if (view.engine.state === 1 && memory.isResumed && !isResuming) {
        memory.forgetResumed();
        // Nor is it what state says, from now on.
        mustRecord ||= known?.resumedForChange ?? false;
      }
      const restores = operation === "delete" ? { refusal } : undefined;
      const asked = announcedOf(wanted, announcement, view);
      return planImage(asked, { ...view, resumed: memory.isResumed }, restores);
    },
    calls: {
      earlier,
      SuspendResumeDataEngine: toggling,
      UpgradeDataEngineImage: changing((step) =>
        client.call(upgradeDataEngineImage, requestOf(upgradeDataEngineImage, step)),
      ),
      SwitchDataEngineImage: changing((step) =>
        client.call(switchDataEngineImage, requestOf(switchDataEngineImage, step)),
      ),
    },
    state: (view, lastRequestId) => ({
      ...stateOf(view, wanted, client.region),
      previousImageVersionId: memory.previousOf(view.engine.imageVersionId ?? ""),
      lastRequestId,
      ...(memory.isResumed ? { resumedForChange: true } : {}),
      ...(memory.pending && memory.pending.imageVersionId !== view.engine.imageVersionId
        ? { pendingSwitch: memory.pending }
        : {}),
    }),
    finish(view) {
      memory.isResumed = false;
      const notice = unannounced(wanted, announcement, view, known);
      if (notice) warn(context, notice);
      memory.keepUntilSaved(operation, view);
    },
    mustRecord: () => mustRecord,
    endedEarly: () =>
      memory.isResumed
        ? "The engine was resumed for this, and runs and is billed until the next `pulumi up` suspends it again."
        : undefined,
  };
}

interface Announcement {
  switches: boolean;
  upgrades: boolean;
}

/** What of an update its diff has announced, judged by what state recorded; anything else announces all. */
function announcementOf(
  operation: Operation,
  wanted: EngineImageInputs,
  known: EngineImageState | undefined,
): Announcement {
  if (operation !== "update" || !known) return { switches: true, upgrades: true };
  const switches = !isWantedVersion(wanted, known) || known.pendingSwitch !== undefined;
  return { switches, upgrades: switches || known.upgradeAvailable || known.childVersion !== "latest" };
}

/** The inputs as far as they are announced: the rest is as the engine has it. */
function announcedOf(
  wanted: EngineImageInputs,
  { switches, upgrades }: Announcement,
  { engine }: EngineView,
): EngineImageInputs {
  return {
    ...wanted,
    ...(switches
      ? {}
      : { imageVersionId: engine.imageVersionId, imageVersion: engine.imageVersionName ?? "" }),
    ...(upgrades ? {} : { childVersion: "track" as const }),
  };
}

/** What is seen and was not announced is told, and recorded for the next preview to show. */
function unannounced(
  wanted: EngineImageInputs,
  { switches, upgrades }: Announcement,
  { engine, upgradeAvailable }: EngineView,
  known: EngineImageState | undefined,
): string | undefined {
  const { imageVersionId, imageVersionName: imageVersion } = engine;
  if (!switches && !isWantedVersion(wanted, { imageVersionId, imageVersion }))
    return `the engine runs ${imageVersion || imageVersionId || "an unknown version"}, not ${known?.imageVersion || known?.imageVersionId}: somebody else has switched it. This was not announced, and the engine is left as it is. Run \`pulumi refresh\` and \`pulumi up\` to have it switched back`;
  if (!upgrades && wanted.childVersion === "latest" && upgradeAvailable)
    return "a newer minor version has come out. This was not announced, and it is not installed. Run `pulumi refresh` and `pulumi up` to install it";
  return undefined;
}
