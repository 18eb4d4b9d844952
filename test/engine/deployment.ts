// One operation under way: its state, what it reported so far, and whether it has failed.
import type { ResourceDiff } from "./diff";
import type { Provider } from "./provider";
import type { Providers } from "./providers";
import { ProviderError } from "./rpc";
import type { Snapshot } from "./snapshot";
import type { Message, Op, OperationKind, ResourceV3, StackConfig, Step } from "./types";
import { isDefaultProvider, isProviderType, makeUrn, matchesAny, parseUrn, stackType } from "./urn";
import { blindSecrets, type Properties } from "./values";

/** What an operation throws once it has failed and said why; programs see it as UNAVAILABLE. */
export class Cancelled extends Error {
  constructor() {
    super("resource monitor shut down while the operation was failing");
  }
}

export interface PlannedStep {
  op: Op;
  urn: string;
  old?: ResourceV3;
  next?: ResourceV3;
  diff?: ResourceDiff;
  replaceReasons?: string[];
  /** Delete before replace: the state stays, marked, until the new resource exists. */
  keepAsPendingReplacement?: boolean;
}

export interface DeploymentOptions {
  kind: OperationKind;
  project: string;
  stack: string;
  organization: string;
  config: StackConfig;
  parallel: number;
  snapshot: Snapshot;
  providers: Providers;
  target: string[];
  replace: string[];
  debug: boolean;
  onMessage: (message: Message) => void;
}

// Steps that the CLI counts; the rest are parts of a replacement or of a refresh before an update.
const counted = new Set<Op>(["same", "create", "update", "delete", "replace", "read", "import"]);

export class Deployment {
  readonly steps: Step[] = [];
  readonly messages: Message[] = [];
  readonly changeSummary: Record<string, number> = {};
  readonly seen = new Set<string>();
  readonly deletedToReplace = new Set<string>();
  readonly skippedCreates = new Set<string>();
  /** URNs that this run deletes, for `deletedWith`. */
  readonly deletions = new Set<string>();
  /** References of default providers, by URN, once they are registered. */
  readonly defaultProviders = new Map<string, Promise<string>>();
  /** Provider resources as they were before this run. */
  readonly oldProviders: ReadonlyMap<string, ResourceV3>;
  readonly cancelled: Promise<never>;
  stackOutputs: Properties | undefined;
  private readonly underWay = new Set<Promise<unknown>>();
  private readonly waiting: (() => void)[] = [];
  private busy = 0;
  private hasStopped = false;
  private planning: Promise<unknown> = Promise.resolve();
  private errors: string[] = [];
  private cancel: (error: Cancelled) => void = () => {};

  constructor(readonly options: DeploymentOptions) {
    this.cancelled = new Promise((_, reject) => {
      this.cancel = reject;
    });
    this.cancelled.catch(() => {});
    const providers = options.snapshot.untouched.filter(
      ({ type, delete: old }) => isProviderType(type) && !old,
    );
    this.oldProviders = new Map(providers.map((state) => [state.urn, { ...state }]));
  }

  get preview(): boolean {
    return this.options.kind === "preview";
  }

  get snapshot(): Snapshot {
    return this.options.snapshot;
  }

  get failed(): boolean {
    return this.errors.length > 0;
  }

  get error(): string | undefined {
    return this.failed ? this.errors.join("\n") : undefined;
  }

  get stackUrn(): string {
    const { stack, project } = this.options;
    return makeUrn({ stack, project, type: stackType, name: `${project}-${stack}` });
  }

  log(heard: Message): void {
    if (heard.severity === "debug" && !this.options.debug) return;
    const message = { ...heard, message: this.withoutSecrets(heard.message) };
    this.messages.push(message);
    this.options.onMessage(message);
  }

  // As the CLI does it: secret configuration values are hidden wherever they turn up in a message.
  private withoutSecrets(text: string): string {
    const secrets = Object.values(this.options.config).filter(
      (entry) => entry.secret && entry.value.length > 2,
    );
    return secrets.reduce((hidden, entry) => hidden.replaceAll(entry.value, "[secret]"), text);
  }

  /** Records an error without stopping what is under way. */
  reportError(error: unknown, urn?: string): void {
    const text = this.withoutSecrets(error instanceof Error ? error.message : String(error));
    this.log({ severity: "error", message: text, ...(urn !== undefined && { urn }) });
    this.errors.push(urn === undefined ? text : `${parseUrn(urn).name}: ${text}`);
  }

  /** The program failed and has told people why itself. */
  failSilently(text: string): void {
    this.errors.push(text);
    this.stop();
  }

  fail(error: unknown, urn?: string): void {
    if (!(error instanceof Cancelled)) this.reportError(error, urn);
    this.stop();
  }

  private stop(): void {
    this.hasStopped = true;
    this.cancel(new Cancelled());
  }

  /** True once nothing new may start. Errors alone do not stop a refresh, or a preview of what is protected. */
  get stopped(): boolean {
    return this.hasStopped;
  }

  throwIfStopped(): void {
    if (this.stopped) throw new Cancelled();
  }

  /** Plans one resource at a time, as the real engine does. */
  async serially<T>(plan: () => Promise<T>): Promise<T> {
    const turn = this.planning.then(() => {
      this.throwIfStopped();
      return plan();
    });
    this.planning = turn.catch(() => {});
    return turn;
  }

  /** Carries out work on one of the `parallel` workers. */
  async onWorker<T>(work: () => Promise<T>): Promise<T> {
    if (this.busy >= this.options.parallel) await new Promise<void>((resolve) => this.waiting.push(resolve));
    else this.busy++;
    const running = (async () => work())();
    this.underWay.add(running);
    try {
      return await running;
    } finally {
      this.underWay.delete(running);
      const next = this.waiting.shift();
      if (next) next();
      else this.busy--;
    }
  }

  async settle(): Promise<void> {
    await Promise.allSettled([this.planning, ...this.underWay]);
    if (this.underWay.size > 0) await this.settle();
  }

  isTarget(urn: string, type: string): boolean {
    const { target } = this.options;
    return target.length === 0 || type === stackType || isProviderType(type) || matchesAny(urn, target);
  }

  /** A step as people see it; reported when it starts and filled in when it ends. */
  report(planned: PlannedStep): Step {
    const { urn, type, name } = { urn: planned.urn, ...parseUrn(planned.urn) };
    const provider = planned.next?.provider ?? planned.old?.provider;
    const step: Step = {
      op: planned.op,
      urn,
      name,
      type,
      detailedDiff: planned.diff?.detailed ?? null,
      ...(provider !== undefined && { provider }),
      ...(planned.diff && planned.diff.changedKeys.length > 0 && { diffReasons: planned.diff.changedKeys }),
      ...(planned.replaceReasons &&
        planned.replaceReasons.length > 0 && { replaceReasons: planned.replaceReasons }),
      ...(planned.old && { oldState: shown(planned.old) }),
    };
    if (!this.isInternal(planned)) this.steps.push(step);
    return step;
  }

  count(planned: PlannedStep): void {
    if (this.isInternal(planned) || !counted.has(planned.op)) return;
    this.changeSummary[planned.op] = (this.changeSummary[planned.op] ?? 0) + 1;
  }

  private isInternal({ op, urn }: PlannedStep): boolean {
    return op === "remove-pending-replace" || isDefaultProvider(urn);
  }

  async providerOf(resource: ResourceV3): Promise<Provider> {
    if (resource.provider === undefined) throw new ProviderError(`${resource.urn} names no provider`, 2);
    return this.providerByReference(resource.provider);
  }

  providerByReference(reference: string): Promise<Provider> {
    return this.options.providers.get(reference, () => {
      const state = this.snapshot.resources.find(({ urn, id }) => `${urn}::${id}` === reference);
      if (!state) throw new Error(`unknown provider '${reference}'`);
      return state;
    });
  }
}

/** A state as it may be shown: secrets hidden. */
export function shown(resource: ResourceV3): ResourceV3 {
  return {
    ...resource,
    ...(resource.inputs && { inputs: blindSecrets(resource.inputs) }),
    ...(resource.outputs && { outputs: blindSecrets(resource.outputs) }),
  };
}
