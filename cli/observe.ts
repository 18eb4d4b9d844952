// What the clouds show now of the resources that a preview changes: what has drifted since the last refresh, and what holds
// a cluster. The calls look, and change nothing.
import type { Context } from "../provider/base/context";
import { messageOf } from "../provider/base/errors";
import { callFunction } from "../provider/byName";
import { type Note, note } from "../provider/core/note";
import type { Resource } from "../provider/core/resource";
import { containsUnknown } from "../provider/core/schema";
import type { Change } from "./change";
import { driftBetween } from "./drift";
import { type Values, visible } from "./hidden";
import { importIdsOf, isReadable } from "./subject";

interface Seen {
  /** The state as it is now; undefined where it is gone, or could not be seen. */
  state?: Record<string, unknown> | undefined;
  warnings: Note[];
}

/** By URN. */
export type Live = ReadonlyMap<string, Seen>;

export async function lookAt(changes: readonly Change[], context: Context): Promise<Live> {
  const holders = new Map<string, Promise<Note | undefined>>();
  const holderOf = (change: Change) => {
    const key = `${change.type} ${change.cluster}`;
    if (!holders.has(key)) holders.set(key, holding(change, context));
    return holders.get(key);
  };
  const seen = changes.map(async (change): Promise<[string, Seen]> => {
    const { resource, olds, id } = change;
    try {
      const holder = await holderOf(change);
      const warnings = holder ? [holder] : [];
      const present = olds && id ? driftOf(resource, id, olds, context) : foundOf(change, context);
      const { state, warnings: more } = await present;
      return [change.urn, { state, warnings: [...warnings, ...more] }];
    } catch (error) {
      return [change.urn, { warnings: [note("notSeen", `could not be looked at: ${messageOf(error)}`)] }];
    }
  });
  return new Map(await Promise.all(seen));
}

/** What a resource that is to be created would take charge of. */
async function foundOf({ resource, inputs, ...change }: Change, context: Context): Promise<Seen> {
  if (!resource.takeOver) {
    const text = `what it would take over is unknown: ${change.type} does not say what it starts from`;
    return { warnings: [note("notSeen", text)] };
  }
  const [id] = importIdsOf({ resource, inputs });
  const found = id === undefined ? undefined : await resource.find(context, id, inputs);
  return found ? resource.takeOver(found.state, inputs) : { warnings: [] };
}

async function driftOf(
  resource: Resource,
  id: string,
  olds: Record<string, unknown>,
  context: Context,
): Promise<Seen> {
  const inFull = ([, value]: [string, unknown]) => !containsUnknown(value);
  const shown = Object.fromEntries(Object.entries(visible(olds)).filter(inFull));
  const hidden = Object.entries(olds).filter(([name, value]) => value !== undefined && !(name in shown));
  // What a preview always hides is not asked for.
  const names = hidden.map(([name]) => name).filter((name) => !resource.secrets.includes(name));
  if (names.length > 0)
    return { warnings: [note("notSeen", `could not be looked at: ${names.join(", ")} cannot be read here`)] };
  const read = await resource.read(context, id, shown);
  if (!read)
    return {
      warnings: [note("gone", "it is gone since the last refresh: run `pulumi refresh` and preview again")],
    };
  return {
    state: { ...Object.fromEntries(hidden), ...read.state },
    warnings: driftBetween(resource, shown, read.state).map((text) => note("drift", text)),
  };
}

/** What holds a cluster, an engine or an instance, so that a change would wait for it; undefined where it rests. */
async function holding(
  { type, resource, inputs, olds, cluster }: Change,
  context: Context,
): Promise<Note | undefined> {
  const { kind, id, name, status } = resource.subject;
  // What exists is where it was made, whatever the program leaves open.
  const { region, projectId } = olds ?? {};
  const present: Values = { ...inputs, ...withoutAbsent({ region, projectId }) };
  const isOpen = (property: string | undefined) => property !== undefined && !isReadable(present[property]);
  if (["region", "profile", "projectId", id, name].some(isOpen)) return undefined;
  if (!status) {
    const text = `whether ${kind} ${cluster} is busy is unknown: ${type} has no call that tells it`;
    return note("driftUnseen", text);
  }
  const place = { region: present["region"], profile: present["profile"] };
  const asked = withoutAbsent({ ...place, ...status.asked(present, olds) });
  const seen = status.told(await callFunction(status.token, asked, context), present);
  if (!seen || seen.status.toLowerCase() === "running") return undefined;
  return note("busy", `${kind} ${seen.name} is ${seen.status} now: a change waits for it, or is refused`);
}

const withoutAbsent = (values: Values) =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
