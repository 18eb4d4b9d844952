// What to do to bring a DLC engine to the wanted version. Pure.
import { badInput, note } from "../note";
import type { Plan, Step } from "../plan";
import { callStep } from "../plan";
import type { ImageVersion } from "./dlc";
import { suspendResumeDataEngine, switchDataEngineImage, upgradeDataEngineImage } from "./dlc";
import type { EngineView } from "./dlcEngineImageObserve";
import type { EngineImageInputs } from "./dlcEngineImageSchema";

/** The version that is wanted, by id or by name. */
export function versionNamed<Version extends EngineView["versions"][number]>(
  wanted: Pick<EngineImageInputs, "imageVersionId" | "imageVersion">,
  versions: readonly Version[],
): Version | undefined {
  return versions.find(({ imageVersionId, imageVersion }) =>
    wanted.imageVersionId === undefined
      ? imageVersion === wanted.imageVersion
      : imageVersionId === wanted.imageVersionId,
  );
}

/** Why a version cannot be switched to, or undefined where it can. */
const whyWithdrawn = (version: Pick<ImageVersion, "state"> | undefined) =>
  version ? (isOnline(version) ? undefined : "it is not online") : "it is no longer on offer";

/** An unknown state is left to the cloud to judge. */
const isOnline = ({ state }: Pick<ImageVersion, "state">) => state === undefined || state === 2;

/**
 * What to do to get an engine from what it runs to what it shall run. Pure. `restores`: a delete wants the version back that
 * was there before, and goes without where that is withdrawn; `refusal` is how the cloud has said so.
 */
export function planImage(
  wanted: EngineImageInputs,
  view: EngineView,
  restores?: { refusal?: string | undefined },
): Plan {
  const { engine, versions } = view;
  const plan: Plan = { steps: [], warnings: [], blocked: [] };
  const target = versionNamed(wanted, versions);
  const online = versions
    .filter(isOnline)
    .map((version) => `${version.imageVersion} (${version.imageVersionId})`);
  const named = wanted.imageVersionId === undefined ? "imageVersion" : "imageVersionId";
  const offer = `Versions on offer for ${engine.dataEngineName}: ${online.join(", ") || "none"}`;
  const isThere =
    wanted.imageVersionId === undefined
      ? engine.imageVersionName === wanted.imageVersion ||
        (target !== undefined && engine.imageVersionId === target.imageVersionId)
      : engine.imageVersionId === wanted.imageVersionId;
  const upgrades = isThere && wanted.childVersion === "latest" && view.upgradeAvailable;
  const from = engine.imageVersionName || engine.imageVersionId || "an unknown version";
  // An engine that is resumed for the change is suspended again in the same run.
  const toggle = (operate: "resume" | "suspend", disturbs?: string): Step[] => [
    callStep(
      suspendResumeDataEngine,
      { dataEngineName: engine.dataEngineName, operate },
      {
        verb: operate,
        target: engine.dataEngineName,
        summary: operate === "resume" ? "resume the engine, which bills it" : "suspend the engine again",
        ...(disturbs ? { disturbs } : {}),
        isBinding: operate === "resume",
      },
    ),
    { kind: "wait", summary: `wait until the engine ${operate === "resume" ? "runs" : "is suspended"}` },
  ];
  const isSuspended = engine.state === 1;
  const suspendAgain = () =>
    toggle("suspend", `engine ${engine.dataEngineName} is suspended, and takes no tasks until it is resumed`);
  const withdrawn = isThere ? undefined : (restores?.refusal ?? whyWithdrawn(target));
  if (restores && withdrawn !== undefined) {
    plan.warnings.push(
      note(
        "leftAlone",
        `version ${target?.imageVersion || wanted[named]} cannot be restored: ${withdrawn}. Engine ${engine.dataEngineName} keeps ${from}`,
      ),
    );
    return engine.state === 2 && view.resumed ? { ...plan, steps: suspendAgain() } : plan;
  }
  if (engine.state === -1) {
    plan.blocked.push(
      note(
        "unusable",
        `engine ${engine.dataEngineName} has failed (${view.message || "no reason given"}): mend it in the DLC console`,
      ),
    );
  }
  if (engine.state === 3 || engine.state === 4)
    plan.blocked.push(note("unusable", `engine ${engine.dataEngineName} is being deleted`));
  if (isThere && !upgrades) return isSuspended || !view.resumed ? plan : { ...plan, steps: suspendAgain() };
  if (!isThere && !target) {
    plan.blocked.push(badInput(named, `there is no version ${wanted[named]} for this engine. ${offer}`));
  } else if (!isThere && target && !isOnline(target)) {
    plan.blocked.push(badInput(named, `version ${wanted[named]} is not online. ${offer}`));
  }
  if (isSuspended && !wanted.allowSuspended) {
    plan.blocked.push(
      note(
        "notAllowed",
        `engine ${engine.dataEngineName} is suspended, and only a running engine takes a version: resume it, or set allowSuspended to true to have it resumed (and billed) for the change`,
        "allowSuspended",
      ),
    );
  }
  if (isSuspended) plan.steps.push(...toggle("resume"));
  if (upgrades) {
    plan.steps.push(
      callStep(
        upgradeDataEngineImage,
        { dataEngineId: engine.dataEngineId },
        {
          target: engine.dataEngineId,
          isBinding: isSuspended || view.resumed === true,
          summary: `upgrade ${from} to its newest minor version; running tasks may be interrupted`,
          disturbs: `engine ${engine.dataEngineName} restarts, and running tasks may be interrupted`,
        },
      ),
    );
  } else if (target) {
    plan.steps.push(
      callStep(
        switchDataEngineImage,
        {
          dataEngineId: engine.dataEngineId,
          newImageVersionId: target.imageVersionId,
        },
        {
          target: engine.dataEngineId,
          isBinding: isSuspended || view.resumed === true,
          summary: `switch from ${from} to ${target.imageVersion}; running tasks may be interrupted`,
          disturbs: `engine ${engine.dataEngineName} restarts, and running tasks may be interrupted`,
        },
      ),
    );
  }
  plan.steps.push({ kind: "wait", summary: "wait until the engine runs the version" });
  if (isSuspended || view.resumed) plan.steps.push(...toggle("suspend"));
  return plan;
}
