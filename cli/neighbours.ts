// Resources of the clouds' own providers that act on what ours act on: the cluster, the instance, the engine. What a preview does
// to them says more of our nodes than our own steps do, and what they lack shows before it happens.

import { counted } from "../provider/base/counted";
import { namesIn, typeIn } from "../provider/base/urn";
import { type Note, note } from "../provider/core/note";
import { isUnknown } from "../provider/core/schema";
import { resources } from "../provider/resources";
import type { Verdict } from "./plans";
import type { Preview, PreviewState, PreviewStep } from "./preview";

type Values = Record<string, unknown>;

interface Effect {
  verdict: Exclude<Verdict, "safe">;
  /** For people: what it does. */
  text: string;
}

/** What a preview means for a resource of another provider. */
export interface Neighbour {
  name: string;
  /** As its provider calls it. */
  type: string;
  op: string;
  /** The cluster, instance or engine, by its id. */
  subject: string;
  effects: Effect[];
  /** What is to be written so that both can live beside each other. */
  warnings: Note[];
  blocked: Note[];
  paths: string[];
}

/** One of our resources in the same preview. */
export interface Own {
  name: string;
  type: string;
  inputs: Values;
  /** By input, the URNs of what it hangs on. */
  dependencies: Record<string, readonly string[]>;
}

interface Judged {
  effects?: Effect[];
  warnings?: Note[];
  blocked?: Note[];
}

interface Kind {
  /** What it is, for people. */
  what: string;
  /** The ids that it has for ours; none for what only acts once. */
  idsOf(state: PreviewState): string[];
  /** What is lost with it. Absent: nothing. */
  loses?: string;
  judge(vendor: Vendor, own: readonly Own[]): Judged;
}

/** A step of such a resource, as its kind reads it. */
interface Vendor {
  step: PreviewStep;
  /** What there is. */
  live: Values;
  /** What the program wants. */
  wanted: Values;
  /** Whether the preview changes this property. */
  changes(path: string): boolean;
  /** Whether the program ignores changes of it; undefined where the preview does not show that. */
  ignores(path: string): boolean | undefined;
  isProtected: boolean;
}

const roles = ["master", "core", "task"] as const;

const emrCluster: Kind = {
  what: "cluster",
  idsOf: ({ id, outputs }) => textsIn([id, outputs?.["instanceId"]]),
  loses: "all its data",
  judge(vendor, own) {
    const wanted = new Map(specsOf(vendor.wanted));
    const effects = specsOf(vendor.live).flatMap(([path, live]) =>
      roles.flatMap((role): Effect[] => {
        const [from, to] = [live[`${role}Count`], wanted.get(path)?.[`${role}Count`]];
        const isBought = typeof from === "number" && typeof to === "number" && to > from;
        if (!isBought || !vendor.changes(`${path}.${role}Count`)) return [];
        return [{ verdict: "spends", text: `buys ${nodes(to - from)} of the role ${role}` }];
      }),
    );
    const doomed = listIn(vendor.wanted["terminateNodeInfos"]).flatMap((each) =>
      listIn(each["cvmInstanceIds"]),
    );
    if (vendor.step.op === "update" && doomed.length > 0)
      effects.push({
        verdict: "destroys",
        text: `terminates ${doomed.join(", ")}, as terminateNodeInfos says`,
      });
    const poolRoles = rolesOf(own);
    const missing = poolRoles
      .flatMap((role) => [`resourceSpec.${role}Count`, `resourceSpec.${role}ResourceSpec`])
      .filter((path) => vendor.ignores(path) === false);
    const warnings =
      missing.length > 0 ? [lacks(own, missing, "the next refresh wants to replace the cluster")] : [];
    if (poolRoles.length > 0 && doomed.length > 0)
      warnings.push(
        note(
          "neighbour",
          "terminateNodeInfos terminates its ids again with every change of a count: take it out",
        ),
      );
    return { effects, warnings: [...warnings, ...protection(vendor, own)] };
  },
};

const emrClusterV2: Kind = {
  what: "cluster",
  idsOf: ({ id, outputs }) => textsIn([id, outputs?.["instanceId"]]),
  loses: "all its data",
  judge(vendor, own) {
    const [live, wanted] = [namedNodes(vendor.live), namedNodes(vendor.wanted)];
    const pools = own.filter(({ type }) => type === "tencent:EmrNodePool");
    const effects: Effect[] = [];
    if (vendor.changes("zoneResourceConfigurations")) {
      for (const [name, node] of live) {
        const next = wanted.get(name);
        const id = String(node["orderNo"] ?? node["emrResourceId"] ?? name);
        const owner = pools.find(({ inputs }) =>
          JSON.stringify(inputs).includes(String(node["emrResourceId"] ?? "?")),
        );
        const whose = owner ? `, which is a node of ${owner.name}` : "";
        if (!next) effects.push({ verdict: "destroys", text: `terminates ${id}${whose}` });
        else if (next["instanceType"] !== undefined && node["instanceType"] !== next["instanceType"])
          effects.push({ verdict: "disturbs", text: `changes the machine type of ${id}${whose}` });
      }
      const added = [...wanted.keys()].filter((name) => !live.has(name));
      if (added.length > 0) effects.push({ verdict: "spends", text: `buys ${nodes(added.length)}` });
    }
    const blocks = rolesOf(own).filter((role) => [...wanted.values()].some((node) => node["role"] === role));
    const warnings = blocks.map((role) =>
      note(
        "neighbour",
        `it has ${role} nodes of its own beside ${namesOf(own)}: names of its blocks move onto the pool's nodes, and taking a block out terminates them. Take the ${role} blocks out`,
      ),
    );
    return { effects, warnings: [...warnings, ...protection(vendor, own)] };
  },
};

const ddmInstance: Kind = {
  what: "DDM instance",
  idsOf: ({ id }) => textsIn([id]),
  loses: "all its nodes",
  judge(vendor, own) {
    const [from, to] = [vendor.live["nodeNum"], vendor.wanted["nodeNum"]];
    const effects: Effect[] = [];
    const warnings: Note[] = [];
    if (vendor.changes("nodeNum") && isUnknown(to))
      warnings.push(note("neighbour", "nodeNum is not known yet: it may add or remove nodes"));
    if (vendor.changes("nodeNum") && typeof from === "number" && typeof to === "number" && from !== to)
      effects.push(
        to < from
          ? { verdict: "destroys", text: `removes ${nodes(from - to)} of the instance; which is not known` }
          : { verdict: "spends", text: `adds ${nodes(to - from)}, paid automatically` },
      );
    if (own.length > 0 && vendor.ignores("nodeNum") === false)
      warnings.push(lacks(own, ["nodeNum"], "both add and remove nodes in turn"));
    return { effects, warnings };
  },
};

const ddmGroup: Kind = {
  what: "DDM node group",
  idsOf: ({ inputs, outputs }) => textsIn([outputs?.["instanceId"] ?? inputs?.["instanceId"]]),
  loses: "all its nodes",
  judge: (vendor, own) =>
    own.length > 0 && vendor.ignores("nodes") === false
      ? { warnings: [lacks(own, ["nodes"], "a difference fails each update, or replaces the group")] }
      : {},
};

const dlcEngine: Kind = {
  what: "engine",
  idsOf: ({ id, inputs }) => textsIn([...(id?.split("#") ?? []), inputs?.["dataEngineName"]]),
  loses: "its configuration",
  judge(vendor, own) {
    const [from, to] = [vendor.live["imageVersionName"], vendor.wanted["imageVersionName"]];
    const isStuck =
      vendor.changes("imageVersionName") && to !== undefined && from !== undefined && from !== to;
    return {
      blocked: isStuck
        ? [
            note(
              "neighbourFails",
              "its provider cannot change imageVersionName, so that each of its updates fails: take it out",
            ),
          ]
        : [],
      warnings:
        own.length > 0 && to !== undefined && vendor.ignores("imageVersionName") === false
          ? [lacks(own, ["imageVersionName"], "later updates of the engine fail")]
          : [],
    };
  },
};

/** What acts when it is made, and does nothing afterwards. */
const once = (what: string, text: string, idNames: readonly string[]): Kind => ({
  what,
  idsOf: ({ inputs, outputs }) => textsIn(idNames.map((name) => inputs?.[name] ?? outputs?.[name])),
  judge: ({ step }, own) => ({
    effects: step.op === "create" || step.op === "replace" ? [{ verdict: "disturbs", text }] : [],
    warnings:
      own.length > 0
        ? [
            note(
              "neighbour",
              `it does the same as ${namesOf(own)}: take it out, else each undoes what the other does`,
            ),
          ]
        : [],
  }),
});

const engineIds = ["dataEngineId", "dataEngineName"];
const switching = once("engine operation", "changes the engine's image and restarts it", engineIds);
const suspending = once("engine operation", "suspends or resumes the engine", engineIds);
const restarting = once("engine operation", "restarts the engine", engineIds);
const instanceWork = once("instance operation", "restarts or changes the whole instance", ["instanceId"]);

/** By type, in the forms of Pulumi's bridges and of "Any Terraform Provider". */
const kinds: Readonly<Record<string, Kind>> = {
  "tencentcloud:Emr/cluster:Cluster": emrCluster,
  "tencentcloud:index/emrCluster:EmrCluster": emrCluster,
  "tencentcloud:index/emrClusterV2:EmrClusterV2": emrClusterV2,
  "tencentcloud:Dlc/dataEngine:DataEngine": dlcEngine,
  "tencentcloud:index/dlcDataEngine:DlcDataEngine": dlcEngine,
  "tencentcloud:Dlc/switchDataEngineImageOperation:SwitchDataEngineImageOperation": switching,
  "tencentcloud:index/dlcSwitchDataEngineImageOperation:DlcSwitchDataEngineImageOperation": switching,
  "tencentcloud:Dlc/upgradeDataEngineImageOperation:UpgradeDataEngineImageOperation": switching,
  "tencentcloud:index/dlcUpgradeDataEngineImageOperation:DlcUpgradeDataEngineImageOperation": switching,
  "tencentcloud:Dlc/rollbackDataEngineImageOperation:RollbackDataEngineImageOperation": switching,
  "tencentcloud:index/dlcRollbackDataEngineImageOperation:DlcRollbackDataEngineImageOperation": switching,
  "tencentcloud:Dlc/suspendResumeDataEngine:SuspendResumeDataEngine": suspending,
  "tencentcloud:index/dlcSuspendResumeDataEngine:DlcSuspendResumeDataEngine": suspending,
  "tencentcloud:Dlc/restartDataEngineOperation:RestartDataEngineOperation": restarting,
  "tencentcloud:index/dlcRestartDataEngineOperation:DlcRestartDataEngineOperation": restarting,
  "huaweicloud:index/ddmInstance:DdmInstance": ddmInstance,
  "huaweicloud:index/ddmInstanceGroup:DdmInstanceGroup": ddmGroup,
  "huaweicloud:index/ddmInstanceRestart:DdmInstanceRestart": instanceWork,
  "huaweicloud:index/ddmInstanceUpgrade:DdmInstanceUpgrade": instanceWork,
  "huaweicloud:index/ddmInstanceRollback:DdmInstanceRollback": instanceWork,
};

/** Neighbours of which there is something to say, by the URN of their step. */
export function neighboursIn(preview: Preview, own: readonly Own[]): Map<string, Neighbour> {
  const found = new Map<string, Neighbour>();
  for (const step of preview.steps) {
    const type = typeIn(step.urn);
    const kind = kinds[type];
    if (!kind || step.op === "create-replacement" || step.op === "delete-replaced") continue;
    const ids = [step.oldState, step.newState].flatMap((state) => (state ? kind.idsOf(state) : []));
    const mine = own.filter((each) => isAbout(each, ids, step.urn));
    const { name } = namesIn(step.urn);
    const judged = kind.judge(vendorOf(step), mine);
    const { effects = [], warnings = [], blocked = [] } = judged;
    const lost = loss(kind, step, ids[0] ?? name, mine);
    const neighbour: Neighbour = {
      ...{ name, type, op: step.op, subject: ids[0] ?? name, paths: step.paths, blocked },
      effects: lost ? [lost] : step.op === "delete" ? [] : effects,
      warnings: step.op === "delete" ? [] : warnings,
    };
    if (neighbour.effects.length + neighbour.warnings.length + blocked.length > 0)
      found.set(step.urn, neighbour);
  }
  return found;
}

/** Whether one of ours is about one of these ids, or, where its own is not known yet, hangs on that resource. */
function isAbout({ type, inputs, dependencies }: Own, ids: readonly string[], urn: string): boolean {
  const subject = resources.get(type)?.subject;
  if (!subject) return false;
  const names = [subject.id, ...(subject.name ? [subject.name] : [])];
  return names.some((name) => {
    const value = inputs[name];
    if (typeof value === "string" && ids.includes(value)) return true;
    return (dependencies[name] ?? []).includes(urn);
  });
}

function loss({ what, loses }: Kind, step: PreviewStep, id: string, own: readonly Own[]): Effect | undefined {
  const isKept = step.oldState?.retainOnDelete === true;
  if (!loses || isKept || (step.op !== "replace" && step.op !== "delete")) return undefined;
  const withOurs =
    own.length > 0 ? `, and what ${namesOf(own)} ${own.length === 1 ? "has" : "have"} there` : "";
  const does = step.op === "replace" ? "replaces" : "deletes";
  return { verdict: "destroys", text: `${does} ${what} ${id} with ${loses}${withOurs}` };
}

function vendorOf(step: PreviewStep): Vendor {
  const { oldState, newState } = step;
  const live = oldState?.outputs ?? {};
  const wanted = newState?.inputs ?? oldState?.inputs ?? {};
  const ignored = newState?.ignoreChanges ?? oldState?.ignoreChanges;
  const isUnder = (path: string, parent: string) =>
    path === parent || path.startsWith(`${parent}.`) || path.startsWith(`${parent}[`);
  const ignores = (path: string) => ignored?.some((parent) => isUnder(path, parent));
  return {
    ...{ step, live, wanted, ignores },
    isProtected: newState?.protect ?? oldState?.protect ?? false,
    changes: (path) =>
      step.op === "update" &&
      ignores(path) !== true &&
      // Some bridges name only the property that it is in.
      (step.paths.length === 0 ||
        step.paths.some((changed) => isUnder(changed, path) || isUnder(path, changed))),
  };
}

const lacks = (own: readonly Own[], paths: readonly string[], otherwise: string): Note =>
  note(
    "neighbour",
    `beside ${namesOf(own)} it needs ignoreChanges: ${JSON.stringify(paths)}. Without that ${otherwise}`,
  );

function protection({ isProtected, ignores }: Vendor, own: readonly Own[]): Note[] {
  // Where options are shown, so is this one.
  const isShown = ignores("") !== undefined;
  return own.length > 0 && isShown && !isProtected
    ? [note("neighbour", "protect: true keeps it from being replaced with its data")]
    : [];
}

const rolesOf = (own: readonly Own[]) =>
  roles.filter((role) =>
    own.some(({ type, inputs }) => type === "tencent:EmrNodePool" && inputs["role"] === role),
  );

const namesOf = (own: readonly Own[]) => own.map(({ name }) => name).join(", ");

const nodes = (count: number) => counted(count, "node");

const textsIn = (values: readonly unknown[]): string[] =>
  values.filter((value): value is string => typeof value === "string" && value !== "" && !isUnknown(value));

const objectIn = (value: unknown): Values =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Values) : {};

const listIn = (value: unknown): Values[] => (Array.isArray(value) ? value : []) as Values[];

/** The counts and machine types of a cluster by their paths: its own, or those of each of its zones. */
const specsOf = (values: Values): [string, Values][] => [
  ["resourceSpec", objectIn(values["resourceSpec"])],
  ...listIn(values["multiZoneSettings"]).map((zone, index): [string, Values] => [
    `multiZoneSettings[${index}].resourceSpec`,
    objectIn(zone["resourceSpec"]),
  ]),
];

/** Nodes that a cluster names, by zone, role and name. */
function namedNodes(values: Values): Map<string, Values> {
  const found = new Map<string, Values>();
  for (const [zone, { allNodeResourceSpec }] of listIn(values["zoneResourceConfigurations"]).entries())
    for (const role of roles)
      for (const [index, node] of listIn(objectIn(allNodeResourceSpec)[`${role}ResourceSpecs`]).entries()) {
        const name = node["_nodeIndex"] ?? node["nodeIndex"] ?? index;
        if (name !== "") found.set(`${zone}/${role}/${name}`, { ...node, role });
      }
  return found;
}
