// One operation: what a program or a list declares is compared with the state, and the difference is carried out by
// providers; what fails half way is kept as far as it exists. It goes about it as the Pulumi CLI's engine does, as far as
// this project's resources need: no targets, components without inputs, no replacement of dependents.
import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { dependenciesOf, found, type Goal, inverted, markOutputs, refuse, shown, stateOf } from "./goal";
import type { Difference, Provider } from "./provider";
import { ProviderError } from "./rpc";
import type { StackState } from "./state";
import type { Message, Op, OperationKind, ResourceV3, StackConfig, Step } from "./types";
import { isDefaultProvider, isProviderType, makeUrn, parseUrn, stackType } from "./urn";
import { markSecretKeys, type Properties, secret } from "./values";

/** What an operation throws once it has failed and said why. */
export class Cancelled extends Error {}

interface Planned {
  op: Op;
  urn: string;
  old?: ResourceV3;
  next?: ResourceV3;
  diff?: Difference;
  /** Deleted before it is made anew: it stays, marked, until that has happened. */
  keep?: boolean;
}

export interface DeploymentOptions {
  kind: OperationKind;
  project: string;
  stack: string;
  config: StackConfig;
  state: StackState;
  startProvider(packageName: string): Promise<Provider>;
  onMessage(message: Message): void;
}

// The rest are parts of a replacement or of a refresh before an update.
const counted = new Set<Op>(["same", "create", "update", "delete", "replace", "read", "import"]);

export class Deployment {
  readonly steps: Step[] = [];
  readonly messages: Message[] = [];
  readonly changeSummary: Record<string, number> = {};
  readonly stackUrn: string;
  private readonly seen = new Set<string>();
  private readonly providers = new Map<string, Promise<Provider>>();
  private readonly defaults = new Map<string, Promise<string>>();
  private planning: Promise<unknown> = Promise.resolve();
  private readonly errors: string[] = [];
  private isStopped = false;

  constructor(private readonly options: DeploymentOptions) {
    this.stackUrn = this.urnOf(stackType, `${options.project}-${options.stack}`);
  }

  urnOf(type: string, name: string, parent?: string): string {
    return makeUrn(this.options.stack, this.options.project, type, name, parent);
  }

  get preview(): boolean {
    return this.options.kind === "preview";
  }

  get error(): string | undefined {
    return this.errors.length > 0 ? this.errors.join("\n") : undefined;
  }

  log(message: Message): void {
    if (message.severity === "debug") return;
    this.messages.push(message);
    this.options.onMessage(message);
  }

  /** Says what went wrong; nothing new is begun from here on. */
  fail(error: unknown, urn?: string): void {
    if (!(error instanceof Cancelled)) this.report(error, urn);
    this.isStopped = true;
  }

  private report(error: unknown, urn?: string): void {
    const message = error instanceof Error ? error.message : String(error);
    this.log({ severity: "error", message, ...(urn !== undefined && { urn }) });
    this.errors.push(urn === undefined ? message : `${parseUrn(urn).name}: ${message}`);
  }

  throwIfStopped(): void {
    if (this.isStopped) throw new Cancelled();
  }

  /** A registration from start to end: planned in turn, then carried out beside others. */
  async register(goal: Goal): Promise<ResourceV3> {
    const turn = this.planning.then(async () => {
      this.throwIfStopped();
      try {
        return await this.plan(goal);
      } catch (error) {
        this.fail(error, goal.urn);
        throw new Cancelled();
      }
    });
    this.planning = turn.catch(() => {});
    const steps = await turn;
    for (const step of steps) await this.apply(step);
    this.throwIfStopped();
    return steps.findLast(({ next }) => next)?.next as ResourceV3;
  }

  private async plan(goal: Goal): Promise<Planned[]> {
    const { urn, type } = goal;
    if (this.seen.has(urn)) throw new Error(`Duplicate resource URN '${urn}'; try giving it a unique name`);
    this.seen.add(urn);
    const old = this.options.state.find(urn) ?? this.renamed(goal);
    if (isProviderType(type)) return [await this.planProvider(goal, old)];
    if (!goal.custom) {
      const next = { ...stateOf(goal, goal.inputs ?? {}), outputs: old?.outputs ?? {} };
      return [{ op: old ? "same" : "create", urn, ...(old && { old }), next }];
    }
    const reference = goal.provider ?? (await this.defaultProvider(type, goal.version));
    const provider = await this.providerOf(reference);
    if (goal.get !== undefined) {
      const next = { ...(await found(provider, goal, goal.get)), provider: reference, external: true };
      return [{ op: "read", urn, ...(old && { old }), next }];
    }
    if (goal.import === undefined || old) return this.planCustom(goal, reference, provider, old);
    const existing = { ...(await found(provider, goal, goal.import)), provider: reference };
    const [step, ...more] = await this.planCustom(goal, reference, provider, existing);
    // What is as wanted takes no second step.
    if (step?.op === "same" && step.next) return [{ op: "import", urn, next: step.next }];
    return [{ op: "import", urn, next: existing }, ...(step ? [step] : []), ...more];
  }

  private async planCustom(goal: Goal, reference: string, provider: Provider, old: ResourceV3 | undefined) {
    const { urn, inputs: wanted = old?.inputs ?? {}, ignoreChanges = [] } = goal;
    const ignored = ignoreChanges.filter((key) => old?.inputs && key in old.inputs);
    const news = {
      ...wanted,
      ...Object.fromEntries(ignored.map((key) => [key, old?.inputs?.[key] ?? null])),
    };
    const next = stateOf(goal, refuse(await provider.check(urn, old?.inputs, news)), reference);
    if (!old) return [{ op: "create", urn, next } satisfies Planned];
    const diff = await provider.diff({ ...old, urn }, next.inputs ?? {}, ignoreChanges);
    const isReplaced =
      diff.replaceKeys.length > 0 ||
      Object.values(diff.detailed ?? {}).some(({ kind }) => kind.endsWith("-replace"));
    if ((diff.changes && isReplaced) || old.pendingReplacement) {
      next.inputs = refuse(await provider.check(urn, undefined, wanted));
      const common = { urn, old, next, diff };
      const create: Planned = { op: "create-replacement", ...common };
      const replace: Planned = { op: "replace", ...common };
      const deleteFirst = goal.deleteBeforeReplace ?? diff.deleteBeforeReplace;
      if (old.pendingReplacement) return [replace, create];
      if (!deleteFirst) return [create, replace];
      return [{ op: "delete-replaced", urn, old, keep: true } satisfies Planned, replace, create];
    }
    if (diff.changes || old.initErrors) return [{ op: "update", urn, old, next, diff } satisfies Planned];
    const { id, created, modified, outputs = {} } = old;
    const same = {
      ...next,
      outputs,
      ...(id && { id }),
      ...(created && { created }),
      ...(modified && { modified }),
    };
    return [{ op: "same", urn, old, next: same } satisfies Planned];
  }

  /** An alias was found: whatever refers to the old URN now refers to the new one. */
  private renamed({ urn, aliases = [] }: Goal): ResourceV3 | undefined {
    const old = aliases.map((alias) => this.options.state.find(alias)).find((each) => each);
    if (!old) return undefined;
    for (const resource of this.options.state.resources)
      resource.dependencies = resource.dependencies?.map((each) => (each === old.urn ? urn : each)) ?? [];
    old.urn = urn;
    return old;
  }

  private async planProvider(goal: Goal, old: ResourceV3 | undefined): Promise<Planned> {
    const { urn, inputs: wanted = {} } = goal;
    const provider = await this.options.startProvider(packageOf(urn));
    const { inputs, failures } = await provider.checkConfig(urn, old?.inputs, wanted);
    for (const { property, reason } of failures)
      this.report(
        new Error(`${goal.type} '${parseUrn(urn).name}': property ${property} has a problem: ${reason}`),
      );
    if (failures.length > 0) throw new Cancelled();
    const id = old?.id ?? randomUUID();
    provider.configure(urn, id, inputs);
    this.providers.set(`${urn}::${id}`, Promise.resolve(provider));
    const next = { ...stateOf(goal, inputs), id, outputs: inputs };
    if (!old) return { op: "create", urn, next };
    return { op: isDeepStrictEqual(old.inputs, inputs) ? "same" : "update", urn, old, next };
  }

  /** The reference of the provider that a resource gets if the program names none; it is registered on first use. */
  private defaultProvider(token: string, version: string | undefined): Promise<string> {
    const [packageName = ""] = token.split(":");
    const name = version ? `default_${version.replaceAll(".", "_")}` : "default";
    const type = `pulumi:providers:${packageName}`;
    const urn = this.urnOf(type, name);
    const registered =
      this.defaults.get(urn) ??
      (async () => {
        this.seen.add(urn);
        const inputs = { ...this.configOf(packageName), ...(version && { version }) };
        const step = await this.planProvider(
          { urn, type, custom: true, inputs },
          this.options.state.find(urn),
        );
        await this.apply(step);
        return `${urn}::${step.next?.id}`;
      })();
    registered.catch(() => {});
    this.defaults.set(urn, registered);
    return registered;
  }

  /** Dynamic providers are given the whole configuration, others their own namespace; all of it as text. */
  private configOf(packageName: string): Properties {
    const isDynamic = packageName === "pulumi-nodejs";
    const own = Object.entries(this.options.config).flatMap(([key, { value, secret: isHidden }]) => {
      const [namespace, name = ""] = key.split(":");
      if (!isDynamic && namespace !== packageName) return [];
      return [[isDynamic ? key : name, isHidden ? secret(value) : value] as const];
    });
    return Object.fromEntries(own);
  }

  /** The provider behind a reference; one that this run has not registered is as the state has it. */
  private providerOf(reference = ""): Promise<Provider> {
    const known = this.providers.get(reference);
    if (known) return known;
    const state = this.options.state.resources.find(({ urn, id }) => `${urn}::${id}` === reference);
    if (!state) throw new Error(`unknown provider '${reference}'`);
    const started = this.options.startProvider(packageOf(state.urn)).then((provider) => {
      provider.configure(state.urn, state.id ?? "", state.inputs ?? {});
      return provider;
    });
    this.providers.set(reference, started);
    return started;
  }

  private async apply(planned: Planned): Promise<void> {
    this.throwIfStopped();
    const step = this.record(planned);
    try {
      await this.carryOut(planned);
      this.count(planned.op, planned.urn);
    } catch (error) {
      step.failed = true;
      this.fail(error, planned.urn);
      throw new Cancelled();
    } finally {
      if (planned.next) step.newState = shown(planned.next);
    }
  }

  private async carryOut({ op, old, next, keep }: Planned): Promise<void> {
    const { state } = this.options;
    if (op === "replace") return;
    if ((op === "create" || op === "create-replacement") && next) {
      await this.change(next, next.inputs, () => {
        const isAlive = old && !old.pendingReplacement;
        if (isAlive) old.delete = true;
        state.put(next, isAlive ? undefined : old);
        next.created = next.modified ?? "";
      });
    } else if (op === "update" && old && next) {
      if (old.id !== undefined) next.id = old.id;
      if (old.created !== undefined) next.created = old.created;
      await this.change(next, old.inputs, () => state.put(next, old), old);
    } else if (next) {
      next.outputs = markOutputs(next, next.outputs);
      state.put(next, old);
    } else if (old) {
      if (old.protect && op === "delete") throw new Error("the resource is protected");
      const isReal = old.custom && !isProviderType(old.type) && !old.external && !old.pendingReplacement;
      if (isReal && !this.preview) await (await this.providerOf(old.provider)).delete(old);
      if (keep) old.pendingReplacement = true;
      else state.drop(old);
    }
  }

  /** Creates or updates; what exists after a failure is kept, with the inputs that it was made from. */
  private async change(next: ResourceV3, madeFrom: Properties = {}, save: () => void, old?: ResourceV3) {
    next.modified = new Date().toISOString();
    if (!next.custom || isProviderType(next.type)) return save();
    const provider = await this.providerOf(next.provider);
    try {
      if (old) next.outputs = markOutputs(next, await provider.update(old, next));
      else {
        const { id, outputs } = await provider.create(next);
        if (id === "" && !this.preview) throw new Error("the provider returned an empty id");
        if (id !== "") next.id = id;
        next.outputs = markOutputs(next, outputs);
      }
    } catch (error) {
      if (!(error instanceof ProviderError) || !error.partial) throw error;
      const { id, outputs, reasons } = error.partial;
      const kept = { id, outputs: markOutputs(next, outputs), inputs: madeFrom, initErrors: reasons };
      Object.assign(next, kept);
      save();
      throw error;
    }
    save();
  }

  /** Reads every resource again. `pulumi refresh` itself shows what that came to. */
  async refresh(): Promise<void> {
    const known = this.options.state.resources.filter(
      ({ custom, type, pendingReplacement }) => custom && !isProviderType(type) && !pendingReplacement,
    );
    const refreshOne = async (old: ResourceV3) => {
      if (this.isStopped) return;
      try {
        await this.refreshResource(old);
      } catch (error) {
        this.report(error, old.urn);
      }
    };
    await Promise.all(known.map(refreshOne));
    if (this.error !== undefined) this.isStopped = true;
  }

  private async refreshResource(old: ResourceV3): Promise<void> {
    const { state, kind } = this.options;
    const provider = await this.providerOf(old.provider);
    const next = await this.readAgain(provider, old);
    const diff =
      next && !old.external ? await provider.diff(next, old.inputs ?? {}, old.ignoreChanges) : undefined;
    if (next) state.put(next, old);
    else state.drop(old);
    const outcome = next ? (diff?.changes ? "update" : "same") : "delete";
    const op = kind === "refresh" ? outcome : "refresh";
    const step = this.record({ op, urn: old.urn, old, ...(diff && { diff: inverted(diff) }) });
    if (next) step.newState = shown(next);
    this.count(op, old.urn);
  }

  private async readAgain(provider: Provider, old: ResourceV3): Promise<ResourceV3 | undefined> {
    try {
      const { id, outputs = {}, inputs = old.inputs ?? {} } = await provider.read(old.urn, old.id ?? "", old);
      if (id === "") return undefined;
      const { initErrors: _, ...kept } = old;
      return { ...kept, id, outputs: markSecretKeys(outputs, old.additionalSecretOutputs), inputs };
    } catch (error) {
      if (!(error instanceof ProviderError) || !error.partial) throw error;
      this.log({ severity: "warning", message: error.message, urn: old.urn });
      const { reasons, ...read } = error.partial;
      return { ...old, ...read, initErrors: reasons };
    }
  }

  /** Deletes what was replaced or is no longer declared, dependents first. */
  async deleteUndeclared(): Promise<void> {
    let doomed = this.options.state.resources.filter((each) => each.delete || !this.seen.has(each.urn));
    while (doomed.length > 0 && !this.isStopped) {
      const needed = new Set(doomed.flatMap(dependenciesOf));
      const free = doomed.filter(({ urn }) => !needed.has(urn));
      const steps = free.map((old) =>
        this.apply({ op: old.delete ? "delete-replaced" : "delete", urn: old.urn, old }),
      );
      await Promise.allSettled(steps);
      doomed = doomed.filter((each) => !free.includes(each));
    }
  }

  private record({ op, urn, old, next, diff }: Planned): Step {
    const provider = next?.provider ?? old?.provider;
    const replaceReasons = op === "replace" || op === "create-replacement" ? (diff?.replaceKeys ?? []) : [];
    const { type, name } = parseUrn(urn);
    const step: Step = {
      op,
      urn,
      name,
      type,
      detailedDiff: diff?.detailed ?? null,
      ...(provider !== undefined && { provider }),
      ...(diff && diff.changedKeys.length > 0 && { diffReasons: diff.changedKeys }),
      ...(replaceReasons.length > 0 && { replaceReasons }),
      ...(old && { oldState: shown(old) }),
    };
    if (!isDefaultProvider(urn)) this.steps.push(step);
    return step;
  }

  private count(op: Op, urn: string): void {
    if (counted.has(op) && !isDefaultProvider(urn))
      this.changeSummary[op] = (this.changeSummary[op] ?? 0) + 1;
  }
}

const packageOf = (providerUrn: string) => parseUrn(providerUrn).type.replace("pulumi:providers:", "");
