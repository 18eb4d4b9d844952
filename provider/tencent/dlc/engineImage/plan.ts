// What to do to bring a DLC engine to the wanted version. Pure.
import { badInput, type Note, note } from "../../../core/note";
import type { Plan, Step } from "../../../core/plan";
import { type CallStep, callStep } from "../../../core/plan";
import type { ImageVersion } from "../api";
import { suspendResumeDataEngine, switchDataEngineImage, upgradeDataEngineImage } from "../api";
import type { EngineView } from "./observe";
import type { EngineImageInputs } from "./schema";

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

/** A step that resumes or suspends an engine. One that is resumed for the change is suspended again in the same run. */
function toggle(
  { dataEngineName }: EngineView["engine"],
  operate: "resume" | "suspend",
  disturbs?: string,
): Step[] {
  return [
    callStep(
      suspendResumeDataEngine,
      { dataEngineName, operate },
      {
        verb: operate,
        target: dataEngineName,
        summary: operate === "resume" ? "resume the engine, which bills it" : "suspend the engine again",
        ...(disturbs ? { disturbs } : {}),
        isBinding: operate === "resume",
      },
    ),
    { kind: "wait", summary: `wait until the engine ${operate === "resume" ? "runs" : "is suspended"}` },
  ];
}

/** Suspends an engine that runs only because an earlier change has resumed it. */
function suspendAgain({ engine, resumed }: EngineView): Step[] {
  if (engine.state === 1 || !resumed) return [];
  const { dataEngineName } = engine;
  return toggle(
    engine,
    "suspend",
    `engine ${dataEngineName} is suspended, and takes no tasks until it is resumed`,
  );
}

/** Why an engine cannot be brought to a version. */
function obstaclesOf(wanted: EngineImageInputs, { engine, versions, message }: EngineView): Note[] {
  const { dataEngineName, state } = engine;
  const obstacles: Note[] = [];
  if (state === -1) {
    const why = message ? ` (${message})` : "";
    obstacles.push(note("unusable", `engine ${dataEngineName} has failed${why}: mend it in the DLC console`));
  }
  if (state === 3 || state === 4)
    obstacles.push(note("unusable", `engine ${dataEngineName} is being deleted`));
  if (isThere(wanted, { engine, versions })) return obstacles;
  const target = versionNamed(wanted, versions);
  if (target && isOnline(target)) return obstacles;
  const named = wanted.imageVersionId === undefined ? "imageVersion" : "imageVersionId";
  const online = versions
    .filter(isOnline)
    .map((version) => `${version.imageVersion} (${version.imageVersionId})`);
  const offer = `Versions on offer for ${dataEngineName}: ${online.join(", ") || "none"}`;
  const text = target
    ? `version ${wanted[named]} is not online. ${offer}`
    : `there is no version ${wanted[named]} for this engine. ${offer}`;
  return [...obstacles, badInput(named, text)];
}

/** Whether the engine runs the version. */
function isThere(
  wanted: EngineImageInputs,
  { engine, versions }: Pick<EngineView, "engine" | "versions">,
): boolean {
  if (wanted.imageVersionId !== undefined) return engine.imageVersionId === wanted.imageVersionId;
  const target = versionNamed(wanted, versions);
  return (
    engine.imageVersionName === wanted.imageVersion ||
    (target !== undefined && engine.imageVersionId === target.imageVersionId)
  );
}

/** The call that brings the engine to the version, or to the newest minor one. */
function changeStep(
  { engine, resumed }: EngineView,
  target: EngineView["versions"][number] | undefined,
): CallStep {
  const { dataEngineId, dataEngineName } = engine;
  const from = nameOf(engine);
  const more = {
    target: dataEngineId,
    isBinding: engine.state === 1 || resumed === true,
    detail: "; running tasks may be interrupted",
    disturbs: `engine ${dataEngineName} restarts, and running tasks may be interrupted`,
  };
  if (!target) {
    const summary = `upgrade ${from} to its newest minor version`;
    return callStep(upgradeDataEngineImage, { dataEngineId }, { ...more, summary });
  }
  const summary = `switch from ${from} to ${target.imageVersion}`;
  const request = { dataEngineId, newImageVersionId: target.imageVersionId };
  return callStep(switchDataEngineImage, request, { ...more, summary });
}

const nameOf = ({ imageVersionName, imageVersionId }: EngineView["engine"]) =>
  imageVersionName || imageVersionId || "an unknown version";

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
  const runsIt = isThere(wanted, view);
  const upgrades = runsIt && wanted.childVersion === "latest" && view.upgradeAvailable;
  const withdrawn = runsIt ? undefined : (restores?.refusal ?? whyWithdrawn(target));
  if (restores && withdrawn !== undefined) {
    const version = target?.imageVersion || (wanted.imageVersionId ?? wanted.imageVersion);
    const text = `version ${version} cannot be restored: ${withdrawn}. Engine ${engine.dataEngineName} keeps ${nameOf(engine)}`;
    plan.warnings.push(note("leftAlone", text));
    return engine.state === 2 ? { ...plan, steps: suspendAgain(view) } : plan;
  }
  plan.blocked.push(...obstaclesOf(wanted, view));
  if (runsIt && !upgrades) return { ...plan, steps: suspendAgain(view) };
  const isSuspended = engine.state === 1;
  if (isSuspended && !wanted.allowSuspended) {
    plan.blocked.push(
      note(
        "notAllowed",
        `engine ${engine.dataEngineName} is suspended, and only a running engine takes a version: resume it, or set allowSuspended to true to have it resumed (and billed) for the change`,
        "allowSuspended",
      ),
    );
  }
  if (isSuspended) plan.steps.push(...toggle(engine, "resume"));
  if (upgrades || target) plan.steps.push(changeStep(view, upgrades ? undefined : target));
  plan.steps.push({ kind: "wait", summary: "wait until the engine runs the version" });
  if (isSuspended || view.resumed) plan.steps.push(...toggle(engine, "suspend"));
  return plan;
}
