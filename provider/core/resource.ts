// What a resource is: its inputs and outputs as schemas, and its life as handlers. Both front doors serve these.

import type { Context } from "../base/context";
import type { CheckFailure } from "../base/errors";
import type { WrittenJournal } from "../base/journal";
import type { ResourceName } from "../base/urn";
import type { ProjectRef } from "../call/account";
import type { Fields } from "./fields";
import type { ProviderFunction } from "./function";
import type { Note } from "./note";
import type { Planner } from "./plan";

export interface PropertyDiff {
  /** Property path. */
  property: string;
  kind: "add" | "delete" | "update";
  replace: boolean;
  /** What is recorded or seen, and what is wanted; absent where there is no such value. */
  before?: unknown;
  after?: unknown;
}

export interface Diff {
  changes: boolean;
  properties: PropertyDiff[];
}

export interface Found<Inputs, State> {
  id: string;
  state: State;
  /** The inputs that lead to this state, without what is a default or is found. */
  inputs: Partial<Inputs>;
}

/** One thing that a resource takes charge of, or a part of it. */
export interface Claim {
  /** The input that says which it is. */
  property: string;
  /** For people, and the same for the same thing: `pool a of cluster b`. */
  thing: string;
  /** Which part of it, in several respects; what is left out in one is all. */
  part?: Readonly<Record<string, readonly string[] | undefined>>;
  /** What is wanted of it, where others may have an equal wish for a part of theirs. */
  wish?: string;
}

/** Something that a run on this machine has begun, and that this machine still remembers. Nothing in it is secret. */
export interface Open {
  /** The cluster, instance or engine. */
  on: string;
  /** Name of the resource that it is for, where it tells one: by default it is `<project>/<stack>/<name>`. */
  name?: string;
  /** `2 task nodes`. */
  what: string;
  /** Whether the outcome is not known; else it is not known to be in any state. */
  outcome: "unknown" | "unsaved";
  /** Whether no state can hold it yet: the run ended before it handed over anything. */
  isLost: boolean;
  /** When it was sent, milliseconds since the epoch, where that is remembered. */
  since?: number;
  /** By which the cloud can be asked for it: `token`, `order`, `job`, `operation`. */
  ids: Readonly<Record<string, string>>;
  /** What to do. */
  advice: string;
}

/** What a resource is about. The command that reads previews goes by this, and knows no type. */
interface Subject<Inputs, State> {
  kind: "cluster" | "engine" | "instance";
  /** The input that is its id, as `Open.on` has it. */
  id: keyof Inputs & string;
  /** The input that is its name, where people know it by that. */
  name?: keyof Inputs & string;
  /** The input that is the name of the resource's own part of it, as `Open.name` has it. */
  part?: keyof Inputs & string;
  /** The input that counts the nodes that are billed; undefined where it is about no number of nodes. */
  size: (keyof Inputs & string) | undefined;
  /** The ids by which it can be imported, the exact one first; none where the inputs do not tell. */
  importIds(inputs: Partial<Inputs>): string[];
  /** How the cloud is asked what it is doing. */
  status?: StatusQuestion<Inputs, State>;
  /** How the cloud is asked what its nodes cost. */
  prices?: PriceQuestion<Inputs>;
}

interface StatusQuestion<Inputs, State> {
  /** The token of the function that is asked. */
  token: string;
  /** What the function is asked beside region and profile. */
  asked(inputs: Inputs, olds: State | undefined): Record<string, unknown>;
  /** `running` in any case is at rest; undefined where the answer does not tell. */
  told(answer: Record<string, unknown>, inputs: Inputs): { name: string; status: string } | undefined;
}

export interface PriceQuestion<Inputs> {
  /** What is asked, by the resource's inputs and a `count`; it answers as `tencent.getEmrScaleOutPrice` does. */
  asked: Pick<ProviderFunction, "token" | "inputs" | "outputs">;
  /** Whether nodes are paid by the month, so that to remove one frees nothing before its month ends. */
  isMonthly(inputs: Inputs): boolean;
}

export interface Resource<Inputs = Record<string, unknown>, State = Record<string, unknown>>
  extends Fields,
    Planner<Inputs, State> {
  /** `<cloud>:<Name>`. */
  type: string;
  /** What it is, for people, in Markdown. */
  description: string;
  /** Whether the old one has to go before a new one comes, since both would own the same. */
  deleteBeforeReplace: boolean;
  /** Why a program may not ask for the old one to stay until the new one is there. */
  neverBesideOld?: string;
  /** The form of the id with which what exists is imported, such as `<clusterId>/<service>`. */
  importId: string;
  subject: Subject<Inputs, State>;
  /** What the resource's name proposes for inputs that the program leaves out. */
  defaultsFromName?(name: ResourceName): Record<string, unknown>;
  /** `olds` are the inputs before; empty for something new. */
  check(
    news: Record<string, unknown>,
    olds: Record<string, unknown>,
  ): { inputs: Inputs; failures: CheckFailure[] };
  /** What it takes charge of: no other resource of a program may have the same. */
  claims?(inputs: Inputs): Claim[];
  /**
   * What is recorded with what this machine remembers beyond it: of calls whose outcome no state holds yet. For something
   * new (`olds` is absent) it is what an earlier run has begun, where there is something.
   */
  recall?(context: Context, olds: State | undefined, news: Inputs | undefined): State | undefined;
  /** What runs on this machine have left open, by their journals. */
  openOn(journals: readonly WrittenJournal[]): Open[];
  /** A state is known to be saved: what was remembered only until then is forgotten. */
  forgetSaved?(context: Context, saved: State): void;
  diff(olds: State, news: Inputs): Diff;
  create(context: Context, news: Inputs): Promise<{ id: string; state: State }>;
  /** The present state, or undefined when it is proven to be gone. `inputs` where drift changes them. */
  read(
    context: Context,
    id: string,
    state: State,
  ): Promise<{ id: string; state: State; inputs?: Inputs } | undefined>;
  /**
   * What exists under an id, for an import; undefined where there is nothing. Throws where the id has another form.
   * `place` is where to look, where that is not the configured place.
   */
  find(context: Context, id: string, place?: ProjectRef): Promise<Found<Inputs, State> | undefined>;
  /**
   * What the creation of something new starts from where this is found under its import id; without a state it starts
   * from nothing. Default: it is not known.
   */
  takeOver?(found: State, news: Inputs): { state?: State; warnings: Note[] };
  /** Outputs that a preview can tell, beyond those that stay. May ask the cloud; changes nothing. */
  previewOutputs?(context: Context, olds: State | undefined, news: Inputs): Promise<Partial<State>>;
  update(context: Context, id: string, olds: State, news: Inputs): Promise<State>;
  delete(context: Context, id: string, olds: State): Promise<void>;
  /** What makes it the same as another, where its id may have had another form when it was recorded. Default: its id. */
  keyOf?(state: State): string;
  /** What it is made of, where another resource can take charge of some of it and leave the rest. */
  partsOf?(state: State): string[];
}
