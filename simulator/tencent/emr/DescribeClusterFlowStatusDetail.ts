import { ApiError } from "../errors";
import { defineAction } from "./action";
import { checkClusterId } from "./clusterId";
import { type Flow, flowProgress, flowStatus, type Stage, stageStatus } from "./flow";
import type { EmrWorld } from "./world";

interface Request {
  InstanceId: string;
  FlowParam: { FKey: string; FValue: string };
  NeedExtraDetail?: boolean;
}

export const DescribeClusterFlowStatusDetail = defineAction<Request>(
  {
    InstanceId: { type: "string", required: true },
    FlowParam: {
      type: "object",
      required: true,
      fields: { FKey: { type: "string", required: true }, FValue: { type: "string", required: true } },
    },
    NeedExtraDetail: { type: "boolean" },
  },
  ({ request, region, world }) => {
    checkClusterId(request.InstanceId);
    const cluster = world.require(request.InstanceId, region);
    const now = world.clock.now();
    const { FKey, FValue } = request.FlowParam;
    if (FKey !== "TraceId" && FKey !== "FlowId") {
      throw new ApiError("FailedOperation", `Operation failed: FKey ${FKey} is not supported.`);
    }
    const flow = cluster.flows.find(
      (one) => (FKey === "TraceId" ? one.traceId : String(one.flowId)) === FValue,
    );
    if (!flow || now < flow.startedAt + world.scaled(world.settings.flowLagMilliseconds)) {
      throw new ApiError("FailedOperation", `Operation failed: flow ${FValue} was not found.`);
    }
    return {
      answer: {
        FlowName: flow.name,
        FlowInfo: "",
        FlowTotalStatus: flowStatus(flow, now),
        FlowTotalProgress: flowProgress(flow, now),
        FlowDesc: flow.description,
        FlowExtraDetail: request.NeedExtraDetail ? [{ Title: flow.name, Detail: flow.description }] : null,
        StageDetails: flow.stages.map((stage, index) => stageRow(flow, stage, index, world)),
      },
      changed: false,
    };
  },
);

function stageRow(flow: Flow, stage: Stage, index: number, world: EmrWorld): Record<string, unknown> {
  const now = world.clock.now();
  const { notStartedStageStatus } = world.settings;
  const status = stageStatus(flow, stage, now, notStartedStageStatus);
  const started = status !== notStartedStageStatus;
  const ended = [2, 3, -1].includes(status);
  const reason = stage.reason ?? "";
  const blocked = stage.ends === "blocked" && started && now >= stage.to;
  return {
    Id: index + 1,
    Stage: stage.stage,
    Name: stage.name,
    Desc: blocked ? reason : stage.name,
    IsShow: true,
    IsSubFlow: false,
    SubFlowFlag: "",
    Status: status,
    Progress: ended ? 1 : started ? 0.5 : 0,
    Starttime: world.timeText(started ? stage.from : undefined),
    Endtime: world.timeText(ended ? stage.to : undefined),
    HadWoodDetail: false,
    WoodJobId: 0,
    LanguageKey: stage.stage,
    FailedReason: status === -1 || blocked ? reason : "",
    TimeConsuming: ended ? `takes ${Math.round((stage.to - stage.from) / 1000)}s` : "",
  };
}
