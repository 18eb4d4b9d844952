// Looks at a DLC engine, plans the way to the wanted version, and goes it. A switch has no task to follow: it is done
// when the engine is seen running the version.
import { type Context, warn } from "../context";
import { requireTime } from "../durations";
import { CloudError, messageOf, StoppedError } from "../errors";
import { measured, noteDuration } from "../history";
import type { Journal } from "../journal";
import { badInput, note, sentences } from "../note";
import { exclusively, type Limited, limitedNow, type Operation, Stopped } from "../operation";
import { listLag } from "../pages";
import { type CallStep, type Plan, PlanTeller, type Step } from "../plan";
import { backoffMilliseconds } from "../retry";
import { Status } from "../status";
import { type Deadline, poll } from "../wait";
import {
  type DataEngine,
  type ImageVersion,
  suspendResumeDataEngine,
  switchDataEngineImage,
  upgradeDataEngineImage,
} from "./dlc";
import { type EngineEntry, engineJournal, isWantedVersion, usualLimit } from "./dlcEngineImageMemory";
import type { EngineImageInputs, EngineImageState } from "./dlcEngineImageSchema";
import {
  checkUpgrade,
  type DlcClient,
  dlcClient,
  type EngineRef,
  findEngine,
  listVersions,
  missingEngine,
  nameOfState,
  unlessBusy,
} from "./dlcEngines";
import { notThere } from "./errors";

/** How long an engine may go on with the old version, seemingly untouched, before a change counts as lost. */
const startGrace = 120_000;
/** How long an engine may run again with the old version before a change counts as failed. */
const settleGrace = 60_000;
/** How long an engine may be suspended with the old version after a change was sent. */
const suspendedGrace = 600_000;

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

/** `asksForUpgrade`: whether a newer minor version matters; not every engine lets it be asked. */
export async function viewEngine(
  client: DlcClient,
  engine: DataEngine,
  asksForUpgrade: boolean,
): Promise<EngineView> {
  const versions = await listVersions(client, engine);
  const check = asksForUpgrade ? await checkUpgrade(client, engine) : undefined;
  return {
    engine,
    childImageVersionId: engine.childImageVersionId ?? "",
    versions,
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

/** Nobody looks after the engine any more: what is remembered of it is forgotten. */
export function forgetEngine(context: Context, state: EngineImageState): void {
  const journal = engineJournal(context, state);
  if (journal.read()) journal.write({});
}

/** What nobody suspends any more. */
export function leftRunning(dataEngineName: string): string {
  return `engine ${dataEngineName} was resumed for a change that did not finish, and runs and is billed: suspend it in the DLC console`;
}

/** The cloud says that a version exists no longer, or is not online. */
const withdrawnCodes: readonly string[] = [
  "ResourceNotFound.ImageVersionNotFound",
  "ResourceNotFound.ImageVersionNotActivity",
  "InvalidParameter.ImageStateNotMatch",
];

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
    new ImageRun(limited, dlcClient(limited, place), operation, wanted, known, engine, name).run(),
  );
}

const missingFor = (name: string, client: DlcClient) =>
  new StoppedError(notThere(missingEngine(name, client)));

class ImageRun {
  private readonly deadline: Deadline;
  private readonly status: Status;
  private previous: string | undefined;
  private lastRequestId: string;
  private touched = false;
  private view: EngineView | undefined;
  /** How often a change was refused for now since one was accepted. */
  private waits = 0;
  /** Why the latest change was refused for now. */
  private obstacle = "";
  /** How many changes in a row may or may not have gone through. */
  private doubts = 0;
  /** How the cloud has refused to go back to a version that is withdrawn. */
  private refusal: string | undefined;
  private readonly ref: EngineRef;
  /** Whether the engine was resumed for a change, and has not been suspended again since. */
  private resumed: boolean;
  /** The switch that was sent, and that the engine has not been seen with yet. */
  private pending: EngineImageState["pendingSwitch"];
  private readonly journal: Journal<EngineEntry>;

  constructor(
    private readonly context: Limited,
    private readonly client: DlcClient,
    private readonly operation: Operation,
    private readonly wanted: EngineImageInputs,
    private readonly known: EngineImageState | undefined,
    { dataEngineId, dataEngineName }: DataEngine,
    private readonly name: string,
  ) {
    this.deadline = context.deadline;
    this.status = new Status(context);
    // From now on another engine of the same name is not the one that is meant.
    this.ref = { dataEngineId, dataEngineName };
    this.previous = known?.previousImageVersionId;
    this.journal = engineJournal(context, { region: client.region, dataEngineId });
    // A recorded state comes with what this machine remembers beyond it.
    const entry = this.journal.read();
    this.resumed = (known ? known.resumedForChange : entry?.resumed) ?? false;
    this.pending = known ? known.pendingSwitch : entry?.sent;
    this.lastRequestId = known?.lastRequestId ?? "";
  }

  async run(): Promise<EngineImageState> {
    try {
      const teller = new PlanTeller(this.context);
      await this.settle();
      for (;;) {
        const view = await this.viewAtRest();
        // Whoever has suspended it since, it is not ours to suspend after it is resumed again.
        if (view.engine.state === 1 && this.resumed) {
          this.forgetResumed();
          // Nor is it what state says, from now on.
          this.touched ||= this.known?.resumedForChange ?? false;
        }
        const restores = this.operation === "delete" ? { refusal: this.refusal } : undefined;
        const plan = planImage(this.announced(view), { ...view, resumed: this.resumed }, restores);
        teller.tell(plan);
        if (plan.blocked.length > 0) throw new StoppedError(sentences(plan.blocked));
        if (plan.steps.length === 0) {
          this.resumed = false;
          this.tellUnannounced(view);
          const state = this.state(this.view ?? view);
          this.keepUntilSaved(state);
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

  /** What of an update its diff has announced, judged by what state recorded; anything else announces all. */
  private get announcement(): { switches: boolean; upgrades: boolean } {
    const { known, wanted } = this;
    if (this.operation !== "update" || !known) return { switches: true, upgrades: true };
    const switches = !isWantedVersion(wanted, known) || known.pendingSwitch !== undefined;
    return { switches, upgrades: switches || known.upgradeAvailable || known.childVersion !== "latest" };
  }

  /** The inputs as far as they are announced: the rest is as the engine has it. */
  private announced({ engine }: EngineView): EngineImageInputs {
    const { switches, upgrades } = this.announcement;
    return {
      ...this.wanted,
      ...(switches
        ? {}
        : { imageVersionId: engine.imageVersionId, imageVersion: engine.imageVersionName ?? "" }),
      ...(upgrades ? {} : { childVersion: "track" as const }),
    };
  }

  /** What is seen and was not announced is told, and recorded for the next preview to show. */
  private tellUnannounced(view: EngineView): void {
    const { switches, upgrades } = this.announcement;
    const { imageVersionId, imageVersionName: imageVersion } = view.engine;
    if (!switches && !isWantedVersion(this.wanted, { imageVersionId, imageVersion })) {
      warn(
        this.context,
        `the engine runs ${imageVersion || imageVersionId || "an unknown version"}, not ${this.known?.imageVersion || this.known?.imageVersionId}: somebody else has switched it. This was not announced, and the engine is left as it is. Run \`pulumi refresh\` and \`pulumi up\` to have it switched back`,
      );
    } else if (!upgrades && this.wanted.childVersion === "latest" && view.upgradeAvailable) {
      warn(
        this.context,
        "a newer minor version has come out. This was not announced, and it is not installed. Run `pulumi refresh` and `pulumi up` to install it",
      );
    }
  }

  /** The version that it was brought to, and the one before, are remembered until a saved state has them. */
  private keepUntilSaved({ imageVersionId }: EngineImageState): void {
    const entry = this.journal.read();
    const isKept = this.operation !== "delete" && entry?.target === imageVersionId;
    this.journal.write(isKept ? { ...entry, resumed: undefined, resumedAt: undefined } : {});
  }

  private remember(changes: Partial<EngineEntry>): void {
    const basis = this.known?.lastRequestId ?? null;
    this.journal.write({ ...this.journal.read(), ...changes, basis });
  }

  /** Waits until what an earlier run has sent can be seen, or has had time enough to be. */
  private async settle(): Promise<void> {
    // What is sent to the same version again ends in the same place.
    const sent = this.pending && !isWantedVersion(this.wanted, this.pending) ? this.pending : undefined;
    const resumedAt = this.resumed ? this.journal.read()?.resumedAt : undefined;
    if (!sent && resumedAt === undefined) return;
    const version = sent && (sent.imageVersion || sent.imageVersionId);
    this.say(
      `looks what became of ${version ? `the switch to ${version}` : "the resumption"} of an earlier run`,
    );
    const hadTime = (at: number, now: number) => now - Math.min(at, now) >= listLag;
    await poll(
      this.context.clock,
      this.deadline,
      () => `the outcome of what an earlier run has sent to ${this.name}`,
      async (now) => {
        const { state, imageVersionId } = await this.look();
        if (state === 0) return undefined;
        if (sent && imageVersionId !== sent.imageVersionId && !hadTime(sent.sentAt, now)) return undefined;
        if (resumedAt !== undefined && state === 1 && !hadTime(resumedAt, now)) return undefined;
        return true;
      },
    );
    if (!sent) return;
    this.pending = undefined;
    this.remember({ sent: undefined });
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
    this.status.say(message);
  }

  private async look(): Promise<DataEngine> {
    const engine = await findEngine(this.client, this.ref);
    if (!engine) throw missingFor(this.name, this.client);
    return engine;
  }

  /** Waits until nothing is going on at the engine. */
  private async viewAtRest(): Promise<EngineView> {
    let told = "";
    this.view = await poll(
      this.context.clock,
      this.deadline,
      () => `engine ${this.name} to be ready${told && ` (${told})`}`,
      async () => {
        const engine = await this.look();
        const isReady = engine.state !== 0;
        const view =
          isReady &&
          (await unlessBusy(viewEngine(this.client, engine, this.wanted.childVersion === "latest")));
        if (view) return view;
        const why = isReady ? "another operation holds it" : "it is initialising";
        if (why !== told) this.say(`waits for the engine: ${why}`);
        told = why;
        return undefined;
      },
    );
    return this.view;
  }

  /** Makes the calls of a plan in order, and after each waits for what it is to bring. */
  private async execute(plan: Plan, view: EngineView): Promise<void> {
    const calls = plan.steps.filter((step): step is CallStep => step.kind === "call");
    for (const [index, step] of calls.entries()) {
      // An engine that is resumed for the change is suspended again in the same run.
      if (index === 0) await requireTime(this.context, step, calls.slice(1), this.obstacle);
      if (step.action === "SuspendResumeDataEngine") {
        const operate = step.parameters["Operate"] as "resume" | "suspend";
        await this.status.during(step, () => measured(this.context, step, () => this.toggle(operate)));
        continue;
      }
      return this.status.during(step, () => this.changeVersion(step, view));
    }
  }

  private async changeVersion(step: CallStep, view: EngineView): Promise<void> {
    const sentAt = await this.context.clock.now();
    if (!(await this.send(step, view, sentAt))) return;
    await this.waitForVersion(step, view);
    await noteDuration(this.context, step, sentAt);
  }

  /** Written down before it is sent: a run that is killed now could not tell it later. */
  private rememberSwitch(step: CallStep, view: EngineView, sentAt: number): void {
    this.previous = this.recalledPrevious(view);
    const imageVersionId = step.parameters["NewImageVersionId"] as string | undefined;
    // A minor version that comes later than a run is nobody's difference.
    if (imageVersionId !== undefined) {
      const version = view.versions.find((each) => each.imageVersionId === imageVersionId);
      this.pending = { imageVersionId, imageVersion: version?.imageVersion ?? "", sentAt };
    }
    const target = imageVersionId ?? view.engine.imageVersionId ?? "";
    this.remember({ previous: this.previous, target, sent: this.pending });
  }

  private recalledPrevious(view: EngineView): string {
    const current = view.engine.imageVersionId ?? "";
    if (this.previous !== undefined) return this.previous;
    const entry = this.journal.read();
    return entry?.previous !== undefined && entry.target === current ? entry.previous : current;
  }

  /** Sends a change. False where it was refused for now: then the engine is looked at again. */
  private async send(step: CallStep, view: EngineView, sentAt: number): Promise<boolean> {
    const { dataEngineId } = view.engine;
    const before = this.pending;
    this.rememberSwitch(step, view, sentAt);
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
      this.waits = 0;
      this.doubts = 0;
      this.say(`accepted, RequestId ${answer.requestId}`);
      return true;
    } catch (error) {
      if (error instanceof CloudError && !error.mayHaveHappened) {
        this.pending = before;
        this.remember({ sent: before });
      }
      return this.handle(error);
    }
  }

  private async handle(error: unknown): Promise<boolean> {
    if (!(error instanceof CloudError)) throw error;
    if (this.operation === "delete" && withdrawnCodes.includes(error.code)) {
      const { action, code, requestId } = error;
      this.refusal = `${action} refuses it (code ${code}, RequestId ${requestId})`;
      return false;
    }
    if (error.kind === "busy" || error.kind === "network") {
      if ((await this.context.clock.now()) >= this.deadline.at)
        throw new StoppedError(`${error.message} ${this.deadline.hint}`);
    } else if (!error.mayHaveHappened || this.doubts >= 3) {
      throw error;
    }
    // The change ends in the same place however often it is asked for, so after a look it may be asked for again.
    this.say(`${error.message} Looks at the engine`);
    if (error.mayHaveHappened) {
      this.doubts += 1;
      return true;
    }
    this.waits += 1;
    this.obstacle = error.message;
    await this.context.clock.sleep(backoffMilliseconds(this.waits, 5_000, 60_000));
    return false;
  }

  /** Resumes or suspends, and asks again where nothing is seen of it: both end in the same place. */
  private async toggle(operate: "resume" | "suspend"): Promise<void> {
    const wantedState = operate === "resume" ? 2 : 1;
    const view = this.view as EngineView;
    let sentAt: number | undefined;
    let refusal = "";
    let isOurs = false;
    if (operate === "resume") {
      // Written down before it is asked for: a run that is killed then could not tell it.
      this.remember({ resumed: true, resumedAt: await this.context.clock.now() });
      this.resumed = true;
    }
    try {
      const engine = await poll(
        this.context.clock,
        this.deadline,
        () => `engine ${this.name} to be ${nameOfState(wantedState)}${refusal && ` (${refusal})`}`,
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
            const error = await this.sendToggle(view.engine.dataEngineName, operate);
            refusal = error?.message ?? "";
            if (!error || error.mayHaveHappened) {
              isOurs = true;
              this.touched = true;
            }
          }
          return undefined;
        },
      );
      this.view = { ...view, engine };
    } finally {
      // What nobody has acted on is no resumption of ours: whoever makes one keeps it.
      if (operate === "resume" && !isOurs) this.forgetResumed();
    }
    if (operate === "suspend") this.forgetResumed();
  }

  private forgetResumed(): void {
    this.remember({ resumed: undefined, resumedAt: undefined });
    this.resumed = false;
  }

  /** Sends it. Gives back the error where it was refused for now, or may have gone through. */
  private async sendToggle(
    dataEngineName: string,
    operate: "resume" | "suspend",
  ): Promise<CloudError | undefined> {
    try {
      const answer = await this.client.call(suspendResumeDataEngine, { dataEngineName, operate });
      this.lastRequestId = answer.requestId;
      return undefined;
    } catch (error) {
      if (!(error instanceof CloudError) || (!error.mayHaveHappened && error.kind !== "busy")) throw error;
      this.say(`${error.message} Looks at the engine`);
      return error;
    }
  }

  /** Done is: the engine is seen with the version, and at rest. Tells a change that failed from one that takes its time. */
  private async waitForVersion(step: CallStep, before: EngineView): Promise<void> {
    const target = step.parameters["NewImageVersionId"];
    const startedAt = await this.context.clock.now();
    let seenWorking = false;
    let oldSince: number | undefined;
    let suspendedSince: number | undefined;
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
        const isThere = target
          ? engine.imageVersionId === target
          : engine.childImageVersionId !== before.childImageVersionId;
        const isSuspended = engine.state === 1;
        if (!isSuspended) suspendedSince = undefined;
        if (!isSuspended && engine.state !== 2) {
          seenWorking = true;
          oldSince = undefined;
          return undefined;
        }
        // One that suspends itself when idle may do so before it is looked at.
        if (isThere) return engine;
        const isLost = now - startedAt >= startGrace && this.doubts > 0;
        if (isSuspended) {
          if (isLost) return engine;
          oldSince = undefined;
          suspendedSince ??= now;
          if (now - suspendedSince < suspendedGrace) return undefined;
          throw new StoppedError(
            `${step.action} on ${this.name} did not take: the engine is suspended, and still has ${engine.imageVersionName ?? engine.imageVersionId} (RequestId ${this.lastRequestId}). Only a running engine takes a version: resume it in the DLC console, or set allowSuspended to true, then run \`pulumi up\` again.`,
          );
        }
        oldSince ??= now;
        // The state can be a moment ahead of the version.
        if (seenWorking && now - oldSince >= settleGrace) {
          throw new StoppedError(
            `${step.action} on ${this.name} did not take: the engine runs again with ${engine.imageVersionName ?? engine.imageVersionId} (RequestId ${this.lastRequestId}${engine.message ? `; ${engine.message}` : ""}). Look at its events in the DLC console, then run \`pulumi up\` again.`,
          );
        }
        return isLost ? engine : undefined;
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
      ...(this.pending && this.pending.imageVersionId !== view.engine.imageVersionId
        ? { pendingSwitch: this.pending }
        : {}),
    };
  }
}

/** The engine as state tells it. */
export function stateOf(
  view: EngineView,
  inputs: EngineImageInputs,
  region: string,
): Omit<EngineImageState, "previousImageVersionId" | "lastRequestId" | "resumedForChange" | "pendingSwitch"> {
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
