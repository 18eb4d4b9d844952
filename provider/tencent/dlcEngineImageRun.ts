// Looks at a DLC engine, plans the way to the wanted version, and goes it. A switch has no task to follow: it is done
// when the engine is seen running the version.
import { z } from "zod";
import type { Context } from "../context";
import { requireTime } from "../durations";
import { CloudError, messageOf, StoppedError } from "../errors";
import { measured, noteDuration } from "../history";
import { type Journal, openJournal } from "../journal";
import { badInput, note, sentences } from "../note";
import { exclusively, type Limited, type Operation, Stopped } from "../operation";
import { type CallStep, describeStep, type Plan, PlanTeller, type Step } from "../plan";
import { backoffMilliseconds } from "../retry";
import { type Deadline, poll } from "../wait";
import type { TencentClient } from "./client";
import { tencentClient } from "./config";
import {
  checkDataEngineImageCanBeUpgrade,
  type DataEngine,
  describeDataEngine,
  describeDataEngineImageVersions,
  describeDataEngines,
  type ImageVersion,
  suspendResumeDataEngine,
  switchDataEngineImage,
  upgradeDataEngineImage,
} from "./dlc";
import type { EngineImageInputs, EngineImageState } from "./dlcEngineImageSchema";

export type EngineRef = { dataEngineId?: string | undefined; dataEngineName?: string | undefined };

const stateNames: Readonly<Record<number, string>> = {
  [-1]: "failed",
  0: "initialising",
  1: "suspended",
  2: "running",
  3: "deleting",
  4: "deleting",
};

export const nameOfState = (state: number) => stateNames[state] ?? "unknown";

/** How long an engine may go on with the old version, seemingly untouched, before a change counts as lost. */
const startGrace = 120_000;
/** How long an engine may run again with the old version before a change counts as failed. */
const settleGrace = 60_000;

/** The engine, or undefined where both ways of asking say that there is none. */
export async function findEngine(client: TencentClient, ref: EngineRef): Promise<DataEngine | undefined> {
  const found = (ref.dataEngineId && (await findById(client, ref.dataEngineId))) || undefined;
  const engine = found ?? (ref.dataEngineName ? await findByName(client, ref.dataEngineName) : undefined);
  // Where an id is known, a new engine of the same name is not the one that is meant.
  if (!engine || engine.state === -2 || (ref.dataEngineId && engine.dataEngineId !== ref.dataEngineId)) {
    return undefined;
  }
  return engine;
}

const native = { engineGeneration: "Native" } as const;
const batch = { engineExecType: "BATCH" } as const;
/** The list leaves out batch and standard engines unless asked for them, whatever else it is asked for. */
const kinds = [{}, batch, native, { ...batch, ...native }];

/** All engines of the region, or the one of this name. */
export async function listEngines(client: TencentClient, name: string | undefined): Promise<DataEngine[]> {
  const found = new Map<string, DataEngine>();
  const filters = name === undefined ? [] : [{ name: "data-engine-name", values: [name] }];
  for (const kind of kinds) {
    for (let offset = 0; ; ) {
      const page = await client.call(describeDataEngines, { filters, offset, limit: 100, ...kind });
      for (const engine of page.dataEngines) found.set(engine.dataEngineId, engine);
      offset += page.dataEngines.length;
      if (page.dataEngines.length === 0 || offset >= (page.totalCount ?? offset)) break;
    }
  }
  return [...found.values()].filter(({ state }) => state !== -2);
}

async function findById(client: TencentClient, id: string): Promise<DataEngine | undefined> {
  for (const kind of kinds) {
    const { dataEngines } = await client.call(describeDataEngines, {
      filters: [{ name: "engine-id", values: [id] }],
      limit: 100,
      ...kind,
    });
    const engine = dataEngines.find(({ dataEngineId }) => dataEngineId === id);
    if (engine) return engine;
  }
  return undefined;
}

async function findByName(client: TencentClient, dataEngineName: string): Promise<DataEngine | undefined> {
  try {
    return (await client.call(describeDataEngine, { dataEngineName })).dataEngine;
  } catch (error) {
    if (error instanceof CloudError && error.kind === "gone") return undefined;
    throw error;
  }
}

/** The type under which the versions of an engine are listed. */
export function engineTypeOf({
  engineTypeDetail,
  engineType = "",
  engineExecType = "",
  engineGeneration,
}: DataEngine): string {
  if (engineTypeDetail) return engineTypeDetail;
  if (engineGeneration === "Native") return /presto/i.test(engineType) ? "StandardPresto" : "StandardSpark";
  if (/presto/i.test(engineType)) return "PrestoSQL";
  return engineExecType.toUpperCase() === "BATCH" ? "SparkBatch" : "SparkSQL";
}

/** An engine and what it can be changed to. */
export interface EngineView {
  engine: Pick<
    DataEngine,
    "dataEngineId" | "dataEngineName" | "state" | "imageVersionId" | "imageVersionName"
  >;
  childImageVersionId: string;
  versions: Pick<ImageVersion, "imageVersionId" | "imageVersion" | "state">[];
  upgradeAvailable: boolean;
  message: string;
  /** Whether it runs only because an earlier change resumed it. */
  resumed?: boolean;
}

/** Whether an engine that runs has a newer minor version, and which; undefined where that cannot be asked. */
export async function checkUpgrade(client: TencentClient, { dataEngineId, state }: DataEngine) {
  if (state !== 2) return undefined;
  return client.call(checkDataEngineImageCanBeUpgrade, { dataEngineId }).catch((error: unknown) => {
    // A version that was withdrawn cannot be checked, and has no newer minor one either.
    if (error instanceof CloudError && ["fixInput", "refused"].includes(error.kind)) return undefined;
    throw error;
  });
}

/** `asksForUpgrade`: whether a newer minor version matters; not every engine lets it be asked. */
export async function viewEngine(
  client: TencentClient,
  engine: DataEngine,
  asksForUpgrade: boolean,
): Promise<EngineView> {
  const { imageParentVersions } = await client.call(describeDataEngineImageVersions, {
    engineType: engineTypeOf(engine),
  });
  const check = asksForUpgrade ? await checkUpgrade(client, engine) : undefined;
  return {
    engine,
    childImageVersionId: engine.childImageVersionId ?? "",
    versions: imageParentVersions,
    upgradeAvailable: check?.isUpgrade ?? false,
    message: engine.message ?? "",
  };
}

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

/** What to do to get an engine from what it runs to what it shall run. Pure. */
export function planImage(wanted: EngineImageInputs, view: EngineView): Plan {
  const { engine, versions } = view;
  const plan: Plan = { steps: [], warnings: [], blocked: [] };
  const target = versionNamed(wanted, versions);
  const online = versions
    .filter(({ state }) => state === 2)
    .map((version) => `${version.imageVersion} (${version.imageVersionId})`);
  const named = wanted.imageVersionId === undefined ? "imageVersion" : "imageVersionId";
  const offer = `Versions on offer for ${engine.dataEngineName}: ${online.join(", ") || "none"}`;
  const isThere =
    wanted.imageVersionId === undefined
      ? engine.imageVersionName === wanted.imageVersion ||
        (target !== undefined && engine.imageVersionId === target.imageVersionId)
      : engine.imageVersionId === wanted.imageVersionId;
  const upgrades = isThere && wanted.childVersion === "latest" && view.upgradeAvailable;
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
  const from = engine.imageVersionName || engine.imageVersionId || "an unknown version";
  const toggle = (operate: "resume" | "suspend", disturbs?: string): Step[] => [
    {
      kind: "call",
      action: "SuspendResumeDataEngine",
      verb: operate,
      target: engine.dataEngineName,
      parameters: { DataEngineName: engine.dataEngineName, Operate: operate },
      summary: operate === "resume" ? "resume the engine, which bills it" : "suspend the engine again",
      ...(disturbs ? { disturbs } : {}),
    },
    { kind: "wait", summary: `wait until the engine ${operate === "resume" ? "runs" : "is suspended"}` },
  ];
  const isSuspended = engine.state === 1;
  if (isThere && !upgrades) {
    const disturbs = `engine ${engine.dataEngineName} is suspended, and takes no tasks until it is resumed`;
    return isSuspended || !view.resumed ? plan : { ...plan, steps: toggle("suspend", disturbs) };
  }
  if (!isThere && !target) {
    plan.blocked.push(badInput(named, `there is no version ${wanted[named]} for this engine. ${offer}`));
  } else if (!isThere && target?.state !== 2) {
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
    plan.steps.push({
      kind: "call",
      action: "UpgradeDataEngineImage",
      target: engine.dataEngineId,
      parameters: { DataEngineId: engine.dataEngineId },
      summary: `upgrade ${from} to its newest minor version; running tasks may be interrupted`,
      disturbs: `engine ${engine.dataEngineName} restarts, and running tasks may be interrupted`,
    });
  } else if (target) {
    plan.steps.push({
      kind: "call",
      action: "SwitchDataEngineImage",
      target: engine.dataEngineId,
      parameters: {
        DataEngineId: engine.dataEngineId,
        ...(target.imageVersionId === "" ? {} : { NewImageVersionId: target.imageVersionId }),
      },
      summary: `switch from ${from} to ${target.imageVersion}; running tasks may be interrupted`,
      disturbs: `engine ${engine.dataEngineName} restarts, and running tasks may be interrupted`,
    });
  }
  plan.steps.push({ kind: "wait", summary: "wait until the engine runs the version" });
  if (isSuspended || view.resumed) plan.steps.push(...toggle("suspend"));
  return plan;
}

// What a run that is killed could not tell afterwards: the version that the engine came from, the one it was sent to, and
// whether it was resumed only for the change.
const journalEntry = z.object({
  previous: z.string().optional(),
  target: z.string().optional(),
  resumed: z.boolean().optional(),
});

/** Makes the engine run what is wanted. `known` is what state recorded. */
export async function applyImage(
  context: Context,
  operation: Operation,
  wanted: EngineImageInputs,
  known: EngineImageState | undefined,
): Promise<EngineImageState> {
  const place = { ...wanted, region: known?.region ?? wanted.region };
  const client = tencentClient(context, place);
  const ref: EngineRef = known
    ? { dataEngineId: known.dataEngineId, dataEngineName: known.dataEngineName }
    : wanted;
  const name = wanted.dataEngineName ?? wanted.dataEngineId ?? "";
  // Locked by its id, whichever way it is named.
  const engine = await findEngine(client, ref);
  if (!engine) throw new StoppedError(missingEngine(name, client));
  const key = `tencent/${client.region}/dlc/${engine.dataEngineId}`;
  const { timeouts } = wanted;
  return exclusively(context, { key, name, operation, timeouts, limit: "30m" }, (limited) =>
    new ImageRun(limited, tencentClient(limited, place), wanted, known, ref, engine.dataEngineId, name).run(),
  );
}

export function missingEngine(name: string, client: TencentClient): string {
  return `DLC engine ${name} does not exist in ${client.region}: check dataEngineId or dataEngineName, and the region.`;
}

class ImageRun {
  private readonly deadline: Deadline;
  private previous: string | undefined;
  private lastRequestId: string;
  private touched = false;
  private view: EngineView | undefined;
  private repeats = 0;
  /** Whether the engine was resumed for a change, and has not been suspended again since. */
  private resumed: boolean;
  private readonly journal: Journal<z.output<typeof journalEntry>>;

  constructor(
    private readonly context: Limited,
    private readonly client: TencentClient,
    private readonly wanted: EngineImageInputs,
    known: EngineImageState | undefined,
    private readonly ref: EngineRef,
    engineId: string,
    private readonly name: string,
  ) {
    this.deadline = context.deadline;
    this.previous = known?.previousImageVersionId;
    this.journal = openJournal(context.journalDirectory, `dlc/${client.region}/${engineId}`, journalEntry);
    // Where this machine has no journal, state tells.
    this.resumed = this.journal.read()?.resumed ?? known?.resumedForChange ?? false;
    this.lastRequestId = known?.lastRequestId ?? "";
  }

  async run(): Promise<EngineImageState> {
    try {
      const teller = new PlanTeller(this.context, this.name);
      for (;;) {
        const view = await this.viewAtRest();
        // Whoever has suspended it since, it is not ours to suspend after it is resumed again.
        if (view.engine.state === 1 && this.resumed) this.forgetResumed();
        const plan = planImage(this.wanted, { ...view, resumed: this.resumed });
        if (plan.steps.length > 0) teller.tell(plan);
        if (plan.blocked.length > 0) throw new StoppedError(sentences(plan.blocked));
        if (plan.steps.length === 0) {
          this.resumed = false;
          const state = this.state(this.view ?? view);
          // What was remembered is in state from now on.
          this.journal.write({});
          return state;
        }
        await this.execute(plan, view);
      }
    } catch (error) {
      const reason = error instanceof Error ? error : new Error(messageOf(error));
      if (this.touched) await this.lookOnceMore();
      if (this.resumed) {
        reason.message += ` The engine was resumed for this, and runs and is billed until the next \`pulumi up\` suspends it again.`;
      }
      throw new Stopped(reason, this.view && this.state(this.view), this.touched);
    }
  }

  /** What is recorded after a failure is what the engine runs then, as far as it can be seen. */
  private async lookOnceMore(): Promise<void> {
    try {
      const engine = await findEngine(this.client, this.ref);
      if (engine) this.view = await viewEngine(this.client, engine, this.wanted.childVersion === "latest");
    } catch (failure) {
      this.say(`could not look at the engine again: ${messageOf(failure)}`);
    }
  }

  private say(message: string): void {
    this.context.progress(`${this.name}: ${message}`);
  }

  private async look(): Promise<DataEngine> {
    const engine = await findEngine(this.client, this.ref);
    if (!engine) throw new StoppedError(missingEngine(this.name, this.client));
    return engine;
  }

  /** Waits until nothing is going on at the engine. */
  private async viewAtRest(): Promise<EngineView> {
    let told = false;
    const engine = await poll(
      this.context.clock,
      this.deadline,
      () => `engine ${this.name} to be ready`,
      async () => {
        const seen = await this.look();
        if (seen.state !== 0) return seen;
        if (!told) this.say("waits for the engine, which is initialising");
        told = true;
        return undefined;
      },
    );
    this.view = await viewEngine(this.client, engine, this.wanted.childVersion === "latest");
    return this.view;
  }

  /** Makes the calls of a plan in order, and after each waits for what it is to bring. */
  private async execute(plan: Plan, view: EngineView): Promise<void> {
    const calls = plan.steps.filter((step): step is CallStep => step.kind === "call");
    for (const [index, step] of calls.entries()) {
      // An engine that is resumed for the change is suspended again in the same run.
      if (index === 0) await requireTime(this.context, step, calls.slice(1));
      this.say(`${describeStep(step)} …`);
      if (step.action === "SuspendResumeDataEngine") {
        const operate = step.parameters["Operate"] as "resume" | "suspend";
        if (operate === "resume") {
          this.journal.write({ ...this.journal.read(), resumed: true });
          this.resumed = true;
        }
        await measured(this.context, step, () => this.toggle(operate));
        continue;
      }
      this.rememberPrevious(view, String(step.parameters["NewImageVersionId"] ?? view.engine.imageVersionId));
      const sentAt = await this.context.clock.now();
      if (!(await this.send(step, view))) return;
      await this.waitForVersion(step, view);
      await noteDuration(this.context, step, sentAt);
      return;
    }
  }

  /** The version to go back to, written down before it is left: a run that is killed now could not tell it later. */
  private rememberPrevious(view: EngineView, target: string): void {
    this.previous = this.recalledPrevious(view);
    this.journal.write({ ...this.journal.read(), previous: this.previous, target });
  }

  private recalledPrevious(view: EngineView): string {
    const current = view.engine.imageVersionId ?? "";
    if (this.previous !== undefined) return this.previous;
    const entry = this.journal.read();
    return entry?.previous !== undefined && entry.target === current ? entry.previous : current;
  }

  /** Sends a change. False where it was refused for now, or may have gone through: then the engine is looked at again. */
  private async send(step: CallStep, view: EngineView): Promise<boolean> {
    const { dataEngineId } = view.engine;
    this.touched = true;
    try {
      const answer =
        step.action === "UpgradeDataEngineImage"
          ? await this.client.call(upgradeDataEngineImage, { dataEngineId })
          : await this.client.call(switchDataEngineImage, {
              dataEngineId,
              newImageVersionId: String(step.parameters["NewImageVersionId"]),
            });
      this.lastRequestId = answer.requestId;
      this.say(`${step.action} accepted, RequestId ${answer.requestId}`);
      return true;
    } catch (error) {
      return this.handle(error);
    }
  }

  private async handle(error: unknown): Promise<boolean> {
    if (!(error instanceof CloudError)) throw error;
    this.repeats += 1;
    if (error.kind === "busy" || error.kind === "network") {
      if ((await this.context.clock.now()) >= this.deadline.at) throw error;
    } else if (!error.mayHaveHappened || this.repeats > 3) {
      throw error;
    }
    // The change ends in the same place however often it is asked for, so after a look it may be asked for again.
    this.say(`${error.message} Looks at the engine`);
    if (error.mayHaveHappened) return true;
    await this.context.clock.sleep(backoffMilliseconds(this.repeats, 5_000, 60_000));
    return false;
  }

  /** Resumes or suspends, and asks again where nothing is seen of it: both end in the same place. */
  private async toggle(operate: "resume" | "suspend"): Promise<void> {
    const wantedState = operate === "resume" ? 2 : 1;
    const { dataEngineName } = (this.view as EngineView).engine;
    this.touched = true;
    let sentAt: number | undefined;
    const engine = await poll(
      this.context.clock,
      this.deadline,
      () => `engine ${this.name} to be ${nameOfState(wantedState)}`,
      async (now) => {
        const seen = await this.look();
        if (seen.state === wantedState) return seen;
        if (seen.state === -1)
          throw new StoppedError(
            `Engine ${this.name} has failed (${seen.message ?? "no reason given"}): mend it in the DLC console.`,
          );
        const isUnchanged = seen.state === (operate === "resume" ? 1 : 2);
        if (isUnchanged && (sentAt === undefined || now - sentAt >= startGrace)) {
          sentAt = now;
          await this.sendToggle(dataEngineName, operate);
        }
        return undefined;
      },
    );
    if (operate === "suspend") {
      this.forgetResumed();
    }
    this.view = await viewEngine(this.client, engine, this.wanted.childVersion === "latest");
  }

  private forgetResumed(): void {
    this.journal.write({ ...this.journal.read(), resumed: undefined });
    this.resumed = false;
  }

  private async sendToggle(dataEngineName: string, operate: "resume" | "suspend"): Promise<void> {
    try {
      this.lastRequestId = (
        await this.client.call(suspendResumeDataEngine, { dataEngineName, operate })
      ).requestId;
    } catch (error) {
      if (!(error instanceof CloudError) || (!error.mayHaveHappened && error.kind !== "busy")) throw error;
      this.say(`${error.message} Looks at the engine`);
    }
  }

  /** Done is: the engine is seen running the version. Tells a change that failed from one that takes its time. */
  private async waitForVersion(step: CallStep, before: EngineView): Promise<void> {
    const target = step.parameters["NewImageVersionId"];
    const startedAt = await this.context.clock.now();
    let seenWorking = false;
    let oldSince: number | undefined;
    let told = "";
    await poll(
      this.context.clock,
      this.deadline,
      () => `engine ${this.name} to run the version (last seen ${told || "unchanged"})`,
      async (now) => {
        const engine = await this.look();
        const state = nameOfState(engine.state);
        if (state !== told)
          this.say(`engine ${state}, version ${engine.imageVersionName ?? engine.imageVersionId ?? "?"}`);
        told = state;
        if (engine.state === -1) {
          throw new StoppedError(
            `${step.action} on ${this.name} failed: the engine is in the state failed (${engine.message ?? "no reason given"}; RequestId ${this.lastRequestId}). Look at it in the DLC console.`,
          );
        }
        if (engine.state !== 2) {
          seenWorking = true;
          oldSince = undefined;
          return undefined;
        }
        const isThere = target
          ? engine.imageVersionId === target
          : engine.childImageVersionId !== before.childImageVersionId;
        if (isThere) return engine;
        oldSince ??= now;
        // The state can be a moment ahead of the version.
        if (seenWorking && now - oldSince >= settleGrace) {
          throw new StoppedError(
            `${step.action} on ${this.name} did not take: the engine runs again with ${engine.imageVersionName ?? engine.imageVersionId} (RequestId ${this.lastRequestId}${engine.message ? `; ${engine.message}` : ""}). Look at its events in the DLC console, then run \`pulumi up\` again.`,
          );
        }
        if (now - startedAt >= startGrace && this.repeats > 0) return engine;
        return undefined;
      },
      true,
    );
  }

  /** What to record: the inputs as wanted, and the engine as last seen. */
  private state(view: EngineView): EngineImageState {
    return {
      ...stateOf(view, this.wanted, this.client.region),
      previousImageVersionId: this.recalledPrevious(view),
      lastRequestId: this.lastRequestId,
      ...(this.resumed ? { resumedForChange: true } : {}),
    };
  }
}

/** The engine as state tells it. */
export function stateOf(
  view: EngineView,
  inputs: EngineImageInputs,
  region: string,
): Omit<EngineImageState, "previousImageVersionId" | "lastRequestId" | "resumedForChange"> {
  const { engine, versions } = view;
  const version = versions.find(({ imageVersionId }) => imageVersionId === engine.imageVersionId);
  return {
    ...inputs,
    dataEngineId: engine.dataEngineId,
    dataEngineName: engine.dataEngineName,
    imageVersionId: engine.imageVersionId ?? "",
    imageVersion: engine.imageVersionName || version?.imageVersion || "",
    childImageVersionId: view.childImageVersionId,
    upgradeAvailable: view.upgradeAvailable,
    engineState: nameOfState(engine.state),
    region,
  };
}
