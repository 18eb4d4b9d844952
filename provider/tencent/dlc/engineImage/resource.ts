// tencent.DlcEngineImage: the image version that a DLC engine runs.
import type { z } from "zod";
import { cloudTime } from "../../../base/clock";
import type { Context } from "../../../base/context";
import type { AccountRef } from "../../../call/account";
import { changesOf } from "../../../core/define";
import { compare } from "../../../core/diff";
import { warnedOfTimeout } from "../../../core/durations";
import { fieldsOf } from "../../../core/fields";
import { type Note, note } from "../../../core/note";
import { inputsIn } from "../../../core/operation";
import { joined, nothing, type Plan, planBeforeLook } from "../../../core/plan";
import type { Diff, Found, Resource } from "../../../core/resource";
import { checkInputs, containsUnknown, isUnknown, unknownValue } from "../../../core/schema";
import { dlcClient, findEngine, findEngineCalled, nameOfState, unlessBusy } from "../engines";
import { getDlcEngines } from "../functions";
import { applyImage } from "./calls";
import {
  forgetEngine,
  forgetSavedEngine,
  isWantedVersion,
  openEngines,
  recallEngine,
  stillOpen,
  usualLimit,
} from "./memory";
import { type EngineView, stateOf, viewEngine } from "./observe";
import { planImage, versionNamed } from "./plan";
import {
  type EngineImageInputs,
  type EngineImageState,
  engineImageInputs,
  engineImageOutputs,
  engineImageRules,
} from "./schema";

const description = `The image version that a Tencent Cloud DLC engine runs.

The version is named by id or by name, and must be among those on offer for the engine's type; where it is not, the
error says which are. A version that somebody else has moved shows as a difference after a refresh, and the next \`up\`
moves it back. The minor version moves by itself with a switch; with \`childVersion\` \`latest\` it is kept at the newest.

A switch restarts the engine, and running tasks may be interrupted. Everything changes in place, but another engine
replaces the resource. Deleting it does nothing to the engine unless \`onDelete\` says otherwise.

Beside the cloud's own provider: leave \`imageVersionName\` out of a data engine that it has made, or ignore its changes, since each
update of the engine fails once the version is another; and have no operation that switches, upgrades or rolls back the same
engine. \`pulumi-bigdata plan\` tells of both.`;

const failed = nameOfState(-1);

function diff(olds: EngineImageState, news: EngineImageInputs): Diff {
  const properties = compare<EngineImageState, EngineImageInputs>({ inputs: engineImageInputs }, olds, news);
  if (news.childVersion === "latest" && olds.upgradeAvailable && properties.length === 0) {
    properties.push({ property: "childImageVersionId", kind: "update", replace: false });
  }
  // What an earlier run left to do is done even where the inputs ask for nothing; and a failed engine is told until it is mended.
  const isOpen = olds.pendingSwitch !== undefined || olds.resumedForChange;
  if ((isOpen || olds.engineState === failed) && properties.length === 0)
    properties.push({ property: "engineState", kind: "update", replace: false });
  return { changes: properties.length > 0, properties };
}

/** The plan as far as state tells it: which versions are on offer is only known when it is carried out. */
function planFromState(olds: EngineImageState | undefined, news: EngineImageInputs | undefined): Plan {
  if (!olds) return planBeforeLook();
  const plan = joined(planToSettle(olds, news), planAfterwards(olds, news));
  return warnedOfTimeout(plan, (news ?? olds).timeouts, news ? "update" : "delete", usualLimit);
}

/** What an interrupted run has sent may have gone through. */
function planToSettle(olds: EngineImageState, news: EngineImageInputs | undefined): Plan {
  const { pendingSwitch: sent, dataEngineName } = olds;
  const wanted = news ?? wantedOnDelete(olds);
  if (!sent || !wanted) return nothing();
  const version = sent.imageVersion || sent.imageVersionId;
  if (isWantedVersion(wanted, sent)) {
    const text = `an interrupted run has sent engine ${dataEngineName} to ${version} already: if it runs that by now, it is not switched again`;
    return nothing(note("earlierRun", text));
  }
  const back = isWantedVersion(wanted, olds) ? "switched back" : "switched";
  return {
    steps: [
      {
        kind: "settle",
        summary: `look what became of the switch to ${version} that an interrupted run sent`,
      },
    ],
    warnings: [
      note(
        "settleFirst",
        `if engine ${dataEngineName} runs ${version} then, it is ${back} to ${wanted.imageVersion ?? wanted.imageVersionId}, and running tasks may be interrupted`,
      ),
    ],
    blocked: [],
  };
}

function planAfterwards(olds: EngineImageState, news: EngineImageInputs | undefined): Plan {
  const wanted = news ?? wantedOnDelete(olds);
  if (!wanted) return nothing(...leaves(olds));
  const target = wanted.imageVersionId ?? wanted.imageVersion ?? "";
  if (isUnknown(target)) {
    const some = "a version that is not known yet";
    const plan = planAfterwards(olds, { ...wanted, imageVersionId: undefined, imageVersion: some });
    const property = isUnknown(wanted.imageVersionId ?? "") ? "imageVersionId" : "imageVersion";
    plan.warnings.push(
      note(
        "unknownInput",
        `${property} is not known yet: nothing is switched if it turns out to be the present one`,
        property,
      ),
    );
    return plan;
  }
  const view: EngineView = {
    engine: {
      dataEngineId: olds?.dataEngineId ?? wanted.dataEngineId ?? "",
      dataEngineName: olds?.dataEngineName ?? wanted.dataEngineName ?? wanted.dataEngineId ?? "",
      state:
        olds.engineState === failed ? -1 : olds.engineState === "suspended" && !olds.resumedForChange ? 1 : 2,
      imageVersionId: olds?.imageVersionId,
      imageVersionName: olds?.imageVersion,
    },
    childImageVersionId: olds?.childImageVersionId ?? "",
    // The id of a version that is named is only known once the cloud is asked.
    versions: [
      {
        imageVersionId: wanted.imageVersionId ?? unknownValue,
        imageVersion: wanted.imageVersion ?? target,
        state: 2,
      },
    ],
    upgradeAvailable: olds?.upgradeAvailable ?? false,
    message: "",
    resumed: olds.resumedForChange ?? false,
  };
  const plan = planImage(wanted, view, news ? undefined : {});
  if (!news && olds.imageVersionId !== wanted.imageVersionId) {
    plan.warnings.push(
      note(
        "leftAlone",
        `if version ${target} is no longer on offer by then, engine ${olds.dataEngineName} keeps ${olds.imageVersion || olds.imageVersionId}, and a warning says so`,
      ),
    );
  }
  // While the minor version is only tracked, nobody looks for a newer one.
  if (wanted.childVersion === "latest" && olds.childVersion !== "latest") {
    plan.steps.push({
      kind: "ask",
      action: "CheckDataEngineImageCanBeUpgrade",
      target: olds.dataEngineId,
      summary: "ask whether there is a newer minor version",
    });
    plan.warnings.push(
      note(
        "askFirst",
        "whether there is one is only known once the cloud is asked; if so, the engine is upgraded, and running tasks may be interrupted",
      ),
    );
  }
  return plan;
}

/** What deleting asks for, or undefined where the engine is left alone. */
function wantedOnDelete(state: EngineImageState): EngineImageInputs | undefined {
  if (state.onDelete !== "restorePrevious" || !state.previousImageVersionId) return undefined;
  return {
    ...inputsOf(state),
    imageVersion: undefined,
    imageVersionId: state.previousImageVersionId,
    childVersion: "track",
  };
}

function leaves({ resumedForChange, pendingSwitch: sent, dataEngineName }: EngineImageState): Note[] {
  return [
    ...(resumedForChange
      ? [
          note(
            "staysBilled",
            `engine ${dataEngineName} was resumed for a change that did not finish, and runs and is billed: suspend it in the DLC console`,
          ),
        ]
      : []),
    ...(sent
      ? [
          note(
            "leftAlone",
            `an interrupted run has sent engine ${dataEngineName} to ${sent.imageVersion || sent.imageVersionId}, which may still come: look at it in the DLC console`,
          ),
        ]
      : []),
  ];
}

function inputsOf(state: EngineImageState): EngineImageInputs {
  return inputsIn(engineImageInputs, state);
}

async function read(context: Context, id: string, state: EngineImageState) {
  const client = dlcClient(context, state);
  const engine = await findEngine(client, state);
  if (!engine) return undefined;
  const asked =
    state.childVersion === "latest" ? await unlessBusy(viewEngine(client, engine, true)) : undefined;
  // An engine that is busy cannot be asked for a newer minor version: what was known of it stays.
  const view = asked ?? {
    ...(await viewEngine(client, engine, false)),
    upgradeAvailable: state.childVersion === "latest" && state.upgradeAvailable,
  };
  const seen: EngineImageState = {
    ...stateOf(view, inputsOf(state), client.region),
    previousImageVersionId: state.previousImageVersionId,
    lastRequestId: state.lastRequestId,
    ...stillOpen(context, state, engine, await cloudTime(context.clock)),
  };
  const hasDrifted = seen.imageVersionId !== state.imageVersionId;
  return { id, state: seen, ...(hasDrifted ? { inputs: inputsOf(seen) } : {}) };
}

const importId = "<dataEngineId>";

async function find(
  context: Context,
  id: string,
  place: AccountRef = {},
): Promise<Found<EngineImageInputs, EngineImageState> | undefined> {
  const client = dlcClient(context, place);
  const engine = await findEngineCalled(client, id);
  if (!engine) return undefined;
  const { dataEngineId, dataEngineName } = engine;
  const ref = client.edition.lacksEngineList ? { dataEngineName } : { dataEngineId };
  const view = await viewEngine(client, engine, false);
  const defaults = engineImageInputs.parse({ ...ref, imageVersionId: "unknown" });
  const state = {
    ...stateOf(view, defaults, client.region),
    previousImageVersionId: engine.imageVersionId ?? "",
    lastRequestId: "",
  };
  return { id: dataEngineId, state, inputs: { ...ref, imageVersionId: state.imageVersionId } };
}

/** The version that the inputs mean, as far as the cloud can be asked for it. */
async function previewOutputs(context: Context, olds: EngineImageState | undefined, news: EngineImageInputs) {
  const named = { ...news, region: olds?.region ?? news.region };
  if (containsUnknown(named)) return {};
  const client = dlcClient(context, named);
  const engine = await findEngine(client, olds ?? news);
  if (!engine) return {};
  const view = await viewEngine(client, engine, false);
  const version = versionNamed(news, view.versions);
  return {
    dataEngineId: engine.dataEngineId,
    dataEngineName: engine.dataEngineName,
    region: client.region,
    ...(version ? { imageVersionId: version.imageVersionId, imageVersion: version.imageVersion ?? "" } : {}),
    previousImageVersionId: olds?.previousImageVersionId ?? engine.imageVersionId ?? "",
  };
}

export const dlcEngineImage: Resource<EngineImageInputs, EngineImageState> = {
  type: "tencent:DlcEngineImage",
  description,
  ...fieldsOf(engineImageInputs, engineImageOutputs),
  deleteBeforeReplace: true,
  importId,
  subject: {
    kind: "engine",
    id: "dataEngineId",
    name: "dataEngineName",
    size: undefined,
    importIds: ({ dataEngineId, dataEngineName }) => {
      const id = dataEngineId ?? dataEngineName;
      return id === undefined ? [] : [id];
    },
    status: {
      token: getDlcEngines.token,
      asked: ({ dataEngineId, dataEngineName }, olds) => {
        // Some editions find an engine by its name alone.
        const isSame = [undefined, olds?.dataEngineId].includes(dataEngineId);
        const name = dataEngineName ?? (isSame ? olds?.dataEngineName : undefined);
        return name === undefined ? {} : { name };
      },
      told: ({ engines }, { dataEngineId, dataEngineName }) => {
        const found = (engines as z.output<typeof getDlcEngines.outputs>["engines"]).find(
          (engine) => engine.dataEngineId === dataEngineId || engine.dataEngineName === dataEngineName,
        );
        return found && { name: found.dataEngineName, status: found.state };
      },
    },
  },
  takeOver: (found) => ({ state: found, warnings: [] }),
  find,
  previewOutputs,
  claims: ({ dataEngineId, dataEngineName }) => [
    ...(dataEngineId ? [{ property: "dataEngineId", thing: `engine ${dataEngineId}` }] : []),
    ...(dataEngineName ? [{ property: "dataEngineName", thing: `engine ${dataEngineName}` }] : []),
  ],
  check: (news) => checkInputs(engineImageInputs, engineImageRules, news),
  recall: (context, olds) => olds && recallEngine(context, olds),
  forgetSaved: forgetSavedEngine,
  diff,
  planFromState,
  openOn: openEngines,
  read,
  ...changesOf<EngineImageInputs, EngineImageState>({
    idOf: ({ dataEngineId }) => dataEngineId,
    apply: applyImage,
    wantedOnDelete,
    leaves,
    forget: forgetEngine,
    limit: usualLimit,
    exists: async (context, state) => (await findEngine(dlcClient(context, state), state)) !== undefined,
  }),
};
