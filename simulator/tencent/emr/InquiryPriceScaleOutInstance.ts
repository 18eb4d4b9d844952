import { ApiError } from "../errors";
import { type Call, defineAction } from "./action";
import { checkAvailable, type Order } from "./order";
import { checkBilling } from "./scaleOutRules";

interface Request {
  TimeUnit: string;
  TimeSpan: number;
  ZoneId: number;
  PayMode: number;
  InstanceId: string;
  CoreCount: number;
  TaskCount: number;
  Currency: string;
  RouterCount?: number;
  MasterCount?: number;
  HardwareResourceType?: string;
}

const hoursPerMonth = 720;

export const InquiryPriceScaleOutInstance = defineAction<Request>(
  {
    TimeUnit: { type: "string", required: true },
    TimeSpan: { type: "integer", required: true },
    ZoneId: { type: "integer", required: true },
    PayMode: { type: "integer", required: true },
    InstanceId: { type: "string", required: true },
    CoreCount: { type: "integer", required: true },
    TaskCount: { type: "integer", required: true },
    Currency: { type: "string", required: true },
    RouterCount: { type: "integer" },
    MasterCount: { type: "integer" },
    HardwareResourceType: { type: "string" },
    NodeGroupId: { type: "string", edition: "mainland" },
    ResourceBaseType: { type: "string", edition: "mainland" },
    ComputeResourceId: { type: "string", edition: "mainland" },
  },
  (call) => {
    const { request, region, world } = call;
    const cluster = world.require(request.InstanceId, region);
    checkBilling(request, world.settings);
    if (request.Currency !== "CNY") throw new ApiError("InvalidParameter", "Invalid parameter: Currency.");
    if (!cluster.zones.some((zone) => zone.zoneId === request.ZoneId)) {
      throw new ApiError("InvalidParameter.InvalidZone");
    }
    const orders = ordersOf(request);
    checkAvailable(orders, cluster, world);
    const price = priceOf(orders, call);
    return {
      answer: { ...price, MultipleEmrPrice: [{ ...price, SupportSpotPaid: false }] },
      changed: false,
    };
  },
);

function ordersOf(request: Request): Order[] {
  const hardware = (request.HardwareResourceType ?? "HOST").toUpperCase() === "POD" ? "POD" : "HOST";
  const prepaid = request.PayMode === 1;
  const all: Order[] = [
    { role: "core", count: request.CoreCount, prepaid, hardware },
    { role: "task", count: request.TaskCount, prepaid, hardware },
    { role: "router", count: request.RouterCount ?? 0, prepaid, hardware },
    { role: "master", count: request.MasterCount ?? 0, prepaid, hardware },
  ];
  const orders = all.filter((order) => order.count !== 0);
  if (orders.length === 0 || orders.some((order) => order.count < 0)) {
    throw new ApiError("InvalidParameter.InvalidCount");
  }
  return orders;
}

function priceOf(orders: Order[], { request, world }: Call<Request>): Record<string, unknown> {
  const perHour = orders.reduce(
    (sum, order) => sum + order.count * world.settings.pricePerNodeHour[order.role],
    0,
  );
  const hours = request.PayMode === 0 ? 1 : request.TimeSpan * hoursPerMonth;
  const cost = (perHour * hours).toFixed(2);
  return {
    OriginalCost: cost,
    DiscountCost: cost,
    Unit: request.TimeUnit,
    PriceSpec: {
      Spec: "CVM.S5",
      InstanceType: "S5.2XLARGE16",
      StorageType: 5,
      DiskType: "CLOUD_PREMIUM",
      RootSize: 50,
      MemSize: 16_384,
      Cpu: 8,
      DiskSize: 200,
      DiskCnt: 1,
      DiskNum: 1,
      LocalDiskNum: 0,
      MultiDisks: null,
      Tags: null,
    },
  };
}
