// A DLC engine with the versions that it can be brought to, and how state tells of it.
import type { DataEngine, ImageVersion } from "../api";
import { checkUpgrade, type DlcClient, listVersions, nameOfState } from "../engines";
import type { EngineImageInputs, EngineImageState } from "./schema";

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
