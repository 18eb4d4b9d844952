import { ApiError } from "../errors";
import { type Call, defineAction, nullIfEmpty } from "./action";
import { type Cluster, type EmrNode, type Process, roleFlags } from "./cluster";
import { checkClusterId } from "./clusterId";
import { page } from "./page";
import { shownHealth } from "./process";
import { requireService } from "./service";
import type { EmrWorld } from "./world";

interface Request {
  InstanceId: string;
  Offset?: number;
  Limit?: number;
  SearchText?: string;
  ConfStatus?: number;
  MaintainStateId?: number;
  OperatorStateId?: number;
  HealthStateId?: string;
  ServiceName?: string;
  NodeTypeName?: string;
  DataNodeMaintenanceId?: number;
  SearchFields?: { SearchType: string; SearchValue: string }[];
}

// The vendor's example asks for 999.
const largestPage = 1000;

interface Placed {
  node: EmrNode;
  process: Process;
}

export const DescribeServiceNodeInfos = defineAction<Request>(
  {
    InstanceId: { type: "string", required: true },
    Offset: { type: "integer" },
    Limit: { type: "integer" },
    SearchText: { type: "string" },
    ConfStatus: { type: "integer" },
    MaintainStateId: { type: "integer" },
    OperatorStateId: { type: "integer" },
    HealthStateId: { type: "string" },
    ServiceName: { type: "string" },
    NodeTypeName: { type: "string" },
    DataNodeMaintenanceId: { type: "integer" },
    SearchFields: {
      type: "objects",
      fields: {
        SearchType: { type: "string", required: true },
        SearchValue: { type: "string", required: true },
      },
    },
  },
  (call) => {
    const { request, region, world } = call;
    checkClusterId(request.InstanceId);
    const cluster = world.require(request.InstanceId, region);
    if (!request.ServiceName) throw invalid("ServiceName");
    requireService(request.ServiceName, cluster, world);
    const ofService = world
      .listedNodes(cluster)
      .flatMap((node) => node.processes.map((process) => ({ node, process })))
      .filter(({ process }) => process.service === request.ServiceName);
    const found = filtered(call, ofService);
    const shown = page(found, call, "DescribeServiceNodeInfos", { maximum: largestPage });
    return {
      answer: {
        TotalCnt: found.length,
        ServiceNodeList: nullIfEmpty(shown.map((placed) => row(placed, world))),
        AliasInfo: aliases(cluster, world),
        SupportNodeFlagFilterList: nullIfEmpty([...new Set(ofService.map(({ node }) => node.role))]),
      },
      changed: false,
    };
  },
);

const anyConf = -99;
const anyHealth = "-99";

function filtered({ request }: Call<Request>, all: Placed[]): Placed[] {
  const {
    ConfStatus = anyConf,
    MaintainStateId = 0,
    OperatorStateId = 0,
    HealthStateId = anyHealth,
    NodeTypeName = "",
    DataNodeMaintenanceId = 0,
    SearchText = "",
    SearchFields = [],
  } = request;
  check("ConfStatus", [anyConf, -2, -1, 1].includes(ConfStatus));
  check("MaintainStateId", [0, 1, 2].includes(MaintainStateId));
  check("OperatorStateId", [0, 1, 2].includes(OperatorStateId));
  check("HealthStateId", [anyHealth, "0", "1", "-2", "-3", "-4"].includes(HealthStateId));
  check("NodeTypeName", NodeTypeName === "" || Object.hasOwn(roleFlags, NodeTypeName));
  check("DataNodeMaintenanceId", [0, 1].includes(DataNodeMaintenanceId));
  check(
    "SearchFields",
    SearchFields.every(({ SearchType }) => SearchType === "ipv4"),
  );
  return all.filter(
    ({ node, process }) =>
      (ConfStatus === anyConf || process.confStatus === ConfStatus) &&
      (MaintainStateId === 0 || process.maintenance === (MaintainStateId === 2)) &&
      (OperatorStateId === 0 || process.started === (OperatorStateId === 1)) &&
      (HealthStateId === anyHealth || String(shownHealth(process)) === HealthStateId) &&
      (NodeTypeName === "" || node.role === NodeTypeName) &&
      (DataNodeMaintenanceId === 0 || process.dataNodeMaintenance === 1) &&
      [process.ip, process.component].some((text) => text.includes(SearchText)) &&
      SearchFields.every(({ SearchValue }) => process.ip === SearchValue),
  );
}

const healthTexts: Record<number, string> = {
  0: "Unavailable",
  1: "Good",
  [-2]: "Unknown",
  [-3]: "At risk",
  [-4]: "Not probed",
};

function row({ node, process }: Placed, world: EmrWorld): Record<string, unknown> {
  const { stateNumbers } = world.settings;
  const health = shownHealth(process);
  const status = process.started ? stateNumbers.started : stateNumbers.stopped;
  return {
    Ip: process.ip,
    NodeType: process.componentId,
    NodeName: process.component,
    ServiceStatus: status,
    MonitorStatus: process.maintenance ? stateNumbers.maintenance : stateNumbers.monitored,
    Status: status,
    PortsInfo: "",
    LastRestartTime: world.timeText(shownRestart(process, world)),
    Flag: roleFlags[node.role],
    ConfGroupId: 1,
    ConfGroupName: `${node.role}-defaultGroup`,
    ConfStatus: process.confStatus,
    ServiceDetectionInfo: null,
    NodeFlagFilter: node.role,
    HealthStatus: { Code: health, Text: healthTexts[health] ?? "", Desc: healthTexts[health] ?? "" },
    IsSupportRoleMonitor: true,
    StopPolicies: null,
    HAState: "",
    NameService: process.nameService,
    IsFederation: false,
    DataNodeMaintenanceState: process.dataNodeMaintenance,
  };
}

function shownRestart({ lastRestartAt, restartBefore }: Process, world: EmrWorld): number | undefined {
  const lag = world.settings.restartTimeLagMilliseconds;
  const isShown = lastRestartAt === undefined || world.clock.now() - lastRestartAt >= lag;
  return isShown ? lastRestartAt : restartBefore;
}

function aliases(cluster: Cluster, world: EmrWorld): string {
  const byIp = world.listedNodes(cluster).map((node) => [node.ip, node.nameTag]);
  return Buffer.from(JSON.stringify(Object.fromEntries(byIp))).toString("base64");
}

function check(name: string, valid: boolean): void {
  if (!valid) throw invalid(name);
}

function invalid(name: string): ApiError {
  return new ApiError("InvalidParameter", `Invalid parameter: ${name}.`);
}
