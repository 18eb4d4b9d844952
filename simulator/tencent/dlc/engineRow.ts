// An engine as both describing calls show it.
import { nullIfEmpty } from "./action";
import type { Engine } from "./engine";
import { loosened } from "./loose";
import type { DlcWorld } from "./world";

// What a caller cannot do without.
const kept = [
  "DataEngineId",
  "DataEngineName",
  "State",
  "ImageVersionId",
  "ChildImageVersionId",
  "EngineType",
  "EngineExecType",
  "EngineGeneration",
  "EngineTypeDetail",
];

export function engineRow(engine: Engine, world: DlcWorld): Record<string, unknown> {
  const image = world.findImage(engine.imageVersionId);
  const row = {
    DataEngineName: engine.dataEngineName,
    EngineType: engine.engineType,
    ClusterType: engine.clusterType,
    QuotaId: "",
    State: engine.state,
    CreateTime: unixSeconds(engine.createdAt),
    UpdateTime: unixSeconds(engine.updatedAt),
    Size: engine.size,
    Mode: engine.mode,
    MinClusters: 1,
    MaxClusters: 1,
    AutoResume: engine.autoResume,
    SpendAfter: 0,
    CidrBlock: "10.255.0.0/16",
    DefaultDataEngine: false,
    Message: engine.message,
    DataEngineId: engine.dataEngineId,
    SubAccountUin: engine.uin,
    ExpireTime: "0",
    IsolatedTime: "0",
    ReversalTime: "0",
    UserAlias: "",
    TagList: nullIfEmpty(engine.tags),
    Permissions: nullIfEmpty(engine.permissions),
    AutoSuspend: engine.autoSuspend,
    CrontabResumeSuspend: 0,
    CrontabResumeSuspendStrategy: null,
    EngineExecType: engine.engineExecType,
    RenewFlag: 0,
    AutoSuspendTime: 0,
    NetworkConnectionSet: null,
    UiURL: "",
    ResourceType: "Standard_CU",
    ImageVersionId: engine.imageVersionId,
    ChildImageVersionId: engine.childImageVersionId,
    ImageVersionName: image?.imageVersion ?? null,
    StartStandbyCluster: false,
    UserAppId: engine.appId,
    UserUin: engine.uin,
    EngineGeneration: engine.engineGeneration,
    EngineTypeDetail: engine.engineTypeDetail,
    EngineNetworkId: engine.networkId,
  };
  return world.settings.looseTypes ? loosened(row, kept) : row;
}

function unixSeconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1000);
}
