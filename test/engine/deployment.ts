// One operation: what a program or a list declares is compared with the state, and the difference is carried out by
// providers; what fails half way is kept as far as it exists. It goes about it as the Pulumi CLI's engine does, as far as
// the demo and the scenarios need: no targets, aliases or protection, components without inputs, no replacements that create
// first, nor of dependents.
import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type { Message, ResourceV3, StackConfig, Step } from "../drivers/driver";
import { isDefaultProvider, isProviderType, makeUrn, parseUrn, stackType } from "../drivers/urn";
import { type Difference, type Provider, ProviderError } from "./provider";
import type { StackState } from "./state";
import { blindSecrets, markSecretKeys, type Properties, secret } from "./values";

/** What an operation throws once it has failed and said why. */
export class Cancelled extends Error {}

/** What a program declares. */
export interface Goal
  extends Pick<
    ResourceV3,
    | "urn"
    | "type"
    | "custom"
    | "parent"
    | "dependencies"
    | "ignoreChanges"
    | "additionalSecretOutputs"
    | "customTimeouts"
  > {
  inputs: Properties;
  /** `<urn>::<id>`; the package's default provider unless given. */
  provider?: string;
  deleteBeforeReplace?: boolean;
}

interface Planned {
  op: Step["op"];
  urn: string;
  old?: ResourceV3;
  next?: ResourceV3;
  diff?: Difference;
}

export interface DeploymentOptions {
  kind: "preview" | "up" | "refresh" | "destroy" | "import";
  project: string;
  stack: string;
  config: StackConfig;
  state: StackState;
  startProvider(packageName: string): Promise<Provider>;
  onMessage(message: Message): void;
}

export class Deployment {
  readonly steps: Step[] = [];
  readonly messages: Message[] = [];
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
    this.isStopped = true;
    if (error instanceof Cancelled) return;
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

  /** Takes over what exists under an id. */
  async import(type: string, name: string, id: string): Promise<void> {
    const urn = this.urnOf(type, name);
    const reference = await this.defaultProvider(type);
    const read = await (await this.providerOf(reference)).read(urn, id);
    if (read.id === "") throw new Error(`resource '${id}' does not exist`);
    const next = { urn, type, custom: true, ...read, inputs: read.inputs ?? {}, provider: reference };
    await this.apply({ op: "import", urn, next });
  }

  private async plan(goal: Goal): Promise<Planned[]> {
    const { urn, type, inputs: wanted, ignoreChanges = [], deleteBeforeReplace, ...declared } = goal;
    this.seen.add(urn);
    const old = this.options.state.find(urn);
    if (isProviderType(type)) return [await this.planProvider(urn, wanted)];
    const next: ResourceV3 = { ...declared, urn, type, ignoreChanges, inputs: wanted, outputs: {} };
    if (!goal.custom) return [{ op: old ? "same" : "create", urn, ...(old && { old }), next }];
    next.provider ??= await this.defaultProvider(type);
    const provider = await this.providerOf(next.provider);
    const kept = Object.entries(old?.inputs ?? {}).filter(([key]) => ignoreChanges.includes(key));
    next.inputs = await provider.check(urn, old?.inputs, { ...wanted, ...Object.fromEntries(kept) });
    if (!old) return [{ op: "create", urn, next }];
    const diff = await provider.diff(old, next.inputs, ignoreChanges);
    const changed = { urn, old, next, diff };
    if ((diff.changes && diff.replaceKeys.length > 0) || old.pendingReplacement) {
      next.inputs = await provider.check(urn, undefined, wanted);
      if (!(deleteBeforeReplace ?? diff.deleteBeforeReplace))
        throw new Error("the test engine has no replacements that create first");
      const again: Planned[] = [
        { op: "replace", ...changed },
        { op: "create-replacement", ...changed },
      ];
      return old.pendingReplacement ? again : [{ op: "delete-replaced", urn, old }, ...again];
    }
    if (diff.changes || old.initErrors) return [{ op: "update", ...changed }];
    const { id = "", outputs = {} } = old;
    return [{ op: "same", urn, old, next: { ...next, id, outputs } }];
  }

  private async planProvider(urn: string, wanted: Properties): Promise<Planned> {
    const { type } = parseUrn(urn);
    const old = this.options.state.find(urn);
    const provider = await this.options.startProvider(packageOf(urn));
    const inputs = await provider.checkConfig(urn, old?.inputs, wanted);
    const id = old?.id ?? randomUUID();
    await provider.configure(urn, id, inputs);
    this.providers.set(`${urn}::${id}`, Promise.resolve(provider));
    const next = { urn, type, custom: true, id, inputs, outputs: inputs };
    if (!old) return { op: "create", urn, next };
    return { op: isDeepStrictEqual(old.inputs, inputs) ? "same" : "update", urn, old, next };
  }

  /** The reference of the provider that a resource gets if the program names none; it is registered on first use. */
  private defaultProvider(token: string): Promise<string> {
    const [packageName = ""] = token.split(":");
    const urn = this.urnOf(`pulumi:providers:${packageName}`, "default");
    const registered =
      this.defaults.get(urn) ??
      (async () => {
        this.seen.add(urn);
        const step = await this.planProvider(urn, this.configOf(packageName));
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
    const started = this.options.startProvider(packageOf(state.urn)).then(async (provider) => {
      await provider.configure(state.urn, state.id ?? "", state.inputs ?? {});
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
    } catch (error) {
      step.failed = true;
      this.fail(error, planned.urn);
      throw new Cancelled();
    } finally {
      if (planned.next) step.newState = shown(planned.next);
    }
  }

  private async carryOut({ op, old, next }: Planned): Promise<void> {
    const { state } = this.options;
    if (op === "replace") return;
    if ((op === "create" || op === "create-replacement") && next) {
      await this.change(next, next.inputs, () => state.put(next, old));
    } else if (op === "update" && old && next) {
      if (old.id !== undefined) next.id = old.id;
      await this.change(next, old.inputs, () => state.put(next, old), old);
    } else if (next) {
      next.outputs = markSecretKeys(next.outputs ?? {}, next.additionalSecretOutputs);
      state.put(next, old);
    } else if (old) {
      const isReal = old.custom && !isProviderType(old.type) && !old.pendingReplacement;
      if (isReal && !this.preview) await (await this.providerOf(old.provider)).delete(old);
      // Deleted before it is made anew: it stays, marked, until that has happened.
      if (op === "delete-replaced") old.pendingReplacement = true;
      else state.drop(old);
    }
  }

  /** Creates or updates; what exists after a failure is kept, with the inputs that it was made from. */
  private async change(next: ResourceV3, madeFrom: Properties = {}, save: () => void, old?: ResourceV3) {
    if (!next.custom || isProviderType(next.type)) return save();
    const provider = await this.providerOf(next.provider);
    const keep = (outputs: Properties) => {
      next.outputs = markSecretKeys(outputs, next.additionalSecretOutputs);
      save();
    };
    try {
      if (old) return keep(await provider.update(old, next));
      const { id, outputs } = await provider.create(next);
      if (id === "" && !this.preview) throw new Error("the provider returned an empty id");
      if (id !== "") next.id = id;
      keep(outputs);
    } catch (error) {
      if (!(error instanceof ProviderError) || !error.partial) throw error;
      const { id, outputs, reasons } = error.partial;
      Object.assign(next, { id, inputs: madeFrom, initErrors: reasons });
      keep(outputs);
      throw error;
    }
  }

  /** Reads every resource again, and shows what has changed. */
  async refresh(): Promise<void> {
    const known = this.options.state.resources.filter(
      ({ custom, type, pendingReplacement }) => custom && !isProviderType(type) && !pendingReplacement,
    );
    await Promise.all(
      known.map((old) => this.refreshResource(old).catch((error: unknown) => this.fail(error, old.urn))),
    );
  }

  private async refreshResource(old: ResourceV3): Promise<void> {
    const { urn } = old;
    const provider = await this.providerOf(old.provider);
    const next = await this.readAgain(provider, old);
    if (!next) {
      this.options.state.drop(old);
      this.record({ op: "delete", urn, old });
      return;
    }
    const diff = await provider.diff(next, old.inputs ?? {}, old.ignoreChanges);
    this.options.state.put(next, old);
    if (diff.changes) this.record({ op: "update", urn, old, diff: inverted(diff) }).newState = shown(next);
  }

  private async readAgain(provider: Provider, old: ResourceV3): Promise<ResourceV3 | undefined> {
    try {
      const { id, outputs, inputs = old.inputs ?? {} } = await provider.read(old.urn, old.id ?? "", old);
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

  /** Deletes what is no longer declared, dependents first. */
  async deleteUndeclared(): Promise<void> {
    let doomed = this.options.state.resources.filter(({ urn }) => !this.seen.has(urn));
    while (doomed.length > 0 && !this.isStopped) {
      const needed = new Set(doomed.flatMap(dependenciesOf));
      const free = doomed.filter(({ urn }) => !needed.has(urn));
      await Promise.allSettled(free.map((old) => this.apply({ op: "delete", urn: old.urn, old })));
      doomed = doomed.filter((each) => !free.includes(each));
    }
  }

  private record({ op, urn, old, next, diff }: Planned): Step {
    const provider = next?.provider ?? old?.provider;
    const replaceReasons = op === "replace" || op === "create-replacement" ? (diff?.replaceKeys ?? []) : [];
    const step: Step = {
      op,
      urn,
      ...parseUrn(urn),
      detailedDiff: diff?.detailed ?? null,
      ...(provider !== undefined && { provider }),
      ...(diff && diff.changedKeys.length > 0 && { diffReasons: diff.changedKeys }),
      ...(replaceReasons.length > 0 && { replaceReasons }),
      ...(old && { oldState: shown(old) }),
    };
    if (!isDefaultProvider(urn)) this.steps.push(step);
    return step;
  }
}

const packageOf = (providerUrn: string) => parseUrn(providerUrn).type.replace("pulumi:providers:", "");

/** Refresh asks for the way from the world to the program; people want to see what the world did. */
function inverted(diff: Difference): Difference {
  const turned: Record<string, "add" | "delete"> = { add: "delete", delete: "add" };
  const entries = Object.entries(diff.detailed ?? {}).map(
    ([path, entry]) => [path, { ...entry, kind: turned[entry.kind] ?? entry.kind }] as const,
  );
  return { ...diff, detailed: diff.detailed && Object.fromEntries(entries) };
}

function dependenciesOf({ parent, provider, dependencies = [] }: ResourceV3): string[] {
  const providerUrn = provider?.slice(0, provider.lastIndexOf("::"));
  return [...dependencies, ...(parent ? [parent] : []), ...(providerUrn ? [providerUrn] : [])];
}

/** A state as it may be shown. */
function shown(resource: ResourceV3): ResourceV3 {
  const { inputs = {}, outputs = {} } = resource;
  return { ...resource, inputs: blindSecrets(inputs), outputs: blindSecrets(outputs) };
}
