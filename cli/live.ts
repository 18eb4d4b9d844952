// What the clouds show now of the resources that a preview changes: what has drifted since the last refresh, and what holds
// a cluster. The calls look, and change nothing.
import type { Context } from "../provider/context";
import { messageOf } from "../provider/errors";
import { callFunction } from "../provider/functions";
import { type Note, note } from "../provider/note";
import type { Resource } from "../provider/resource";
import { containsUnknown, isUnknown } from "../provider/schema";
import type { Change } from "./change";
import { driftBetween } from "./drift";
import { containsHidden, visible } from "./hidden";
import { importIdOf } from "./importId";

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
async function foundOf(change: Change, context: Context): Promise<Seen> {
  const id = importIdOf(change);
  const found = id === undefined ? undefined : await change.resource.find(context, id, change.inputs);
  if (!found) return { warnings: [] };
  if (change.type === "tencent:EmrNodePool") return foundPool(change, found.state);
  // To take charge of something restarts nothing.
  const { restartTriggers } = change.inputs;
  const state = { ...found.state, ...(restartTriggers === undefined ? {} : { restartTriggers }) };
  return { state, warnings: [] };
}

/** What carries a new pool's name: taken over where `adopt` says so, and else a reason to stop. */
function foundPool({ resource, inputs }: Change, state: Record<string, unknown>): Seen {
  const nodes = state["nodes"] as { resourceId: string; orderNo: string }[];
  const idsOf = (some: typeof nodes) => some.map(({ resourceId }) => resourceId);
  if (resource.diff(state, inputs).properties.some(({ replace }) => replace)) {
    const warning = `${idsOf(nodes).join(", ")} carry the pool's tag, but were bought with other settings: it goes on where adopt or exclude names them, or deletionPolicy is leave, and else stops`;
    return { warnings: [note("leftAlone", warning)] };
  }
  const isIn = (input: string) => (node: (typeof nodes)[number]) => {
    const ids = inputs[input];
    return Array.isArray(ids) && (ids.includes(node.resourceId) || ids.includes(node.orderNo));
  };
  const adopted = nodes.filter(isIn("adopt"));
  const open = nodes.filter((node) => !isIn("adopt")(node) && !isIn("exclude")(node));
  const warnings =
    open.length === 0
      ? []
      : [
          note(
            "askFirst",
            `${idsOf(open).join(", ")} carry the name of this pool: \`up\` stops and asks whose they are, unless a run on this machine bought them for it`,
          ),
        ];
  if (adopted.length === 0) return { warnings };
  // The new pool puts its own mark on what it takes over.
  return {
    state: { ...state, nodes: adopted, nodeCount: adopted.length, untagged: idsOf(adopted) },
    warnings,
  };
}

async function driftOf(
  resource: Resource,
  id: string,
  olds: Record<string, unknown>,
  context: Context,
): Promise<Seen> {
  const shown = visible(olds);
  const hidden = Object.entries(olds).filter(
    ([name, value]) => value !== undefined && !(name in shown) && !resource.secrets.includes(name),
  );
  const names = hidden.map(([name]) => name);
  names.push(...Object.keys(shown).filter((name) => containsUnknown(shown[name])));
  if (names.length > 0)
    return { warnings: [note("notSeen", `could not be looked at: ${names.join(", ")} cannot be read here`)] };
  const read = await resource.read(context, id, shown);
  if (!read)
    return {
      warnings: [note("gone", "it is gone since the last refresh: run `pulumi refresh` and preview again")],
    };
  // What the preview always hides is as recorded.
  const secret = Object.entries(olds).filter(([name]) => !(name in shown));
  return {
    state: { ...Object.fromEntries(secret), ...read.state },
    warnings: driftBetween(resource, shown, read.state).map((text) => note("drift", text)),
  };
}

/** What holds a cluster, an engine or an instance, so that a change would wait for it; undefined where it rests. */
async function holding({ type, inputs, olds }: Change, context: Context): Promise<Note | undefined> {
  // What exists is where it was made, whatever the program leaves open.
  const { region, profile, projectId, clusterId, instanceId } = { ...inputs, ...placeOf(olds) };
  const isOpen = (value: unknown) => isUnknown(value) || containsHidden(value);
  if ([region, profile, projectId, clusterId, instanceId].some(isOpen)) return undefined;
  const ask = (token: string, given: Record<string, unknown>) =>
    callFunction(token, withoutAbsent({ region, profile, ...given }), context);
  switch (type) {
    case "tencent:EmrNodePool":
    case "tencent:EmrServiceState":
      return notResting(
        `cluster ${clusterId}`,
        (await ask("tencent:getEmrCluster", { clusterId }))["status"],
      );
    case "tencent:DlcEngineImage": {
      // Some editions find an engine by its name alone.
      const isSame = [undefined, olds?.["dataEngineId"]].includes(inputs["dataEngineId"]);
      const name = inputs["dataEngineName"] ?? (isSame ? olds?.["dataEngineName"] : undefined);
      const { engines } = (await ask("tencent:getDlcEngines", isUnknown(name) ? {} : { name })) as {
        engines: Record<string, unknown>[];
      };
      const engine = engines.find(
        ({ dataEngineId, dataEngineName }) =>
          dataEngineId === inputs["dataEngineId"] || dataEngineName === inputs["dataEngineName"],
      );
      return engine && notResting(`engine ${engine["dataEngineName"]}`, engine["state"]);
    }
    case "huawei:DdmNodeGroup": {
      const { instanceStatus } = await ask("huawei:getDdmGroups", { projectId, instanceId });
      return notResting(`instance ${instanceId}`, instanceStatus);
    }
    default: {
      const { clusterState } = await ask("volcengine:getVkeApplications", { clusterId });
      return notResting(`cluster ${clusterId}`, clusterState);
    }
  }
}

const placeOf = (olds: Record<string, unknown> | undefined) =>
  withoutAbsent({ region: olds?.["region"], projectId: olds?.["projectId"] });

function notResting(what: string, status: unknown): Note | undefined {
  const text = String(status);
  if (text.toLowerCase() === "running") return undefined;
  return note("busy", `${what} is ${text} now: a change waits for it, or is refused`);
}

const withoutAbsent = (values: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
