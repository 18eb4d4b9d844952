// The EMR actions by name.
import type { Action } from "./action";
import { DescribeClusterFlowStatusDetail } from "./DescribeClusterFlowStatusDetail";
import { DescribeClusterNodes } from "./DescribeClusterNodes";
import { DescribeInstances } from "./DescribeInstances";
import { DescribeServiceNodeInfos } from "./DescribeServiceNodeInfos";
import { InquiryPriceScaleOutInstance } from "./InquiryPriceScaleOutInstance";
import { ModifyResourcesTags } from "./ModifyResourcesTags";
import { ScaleOutInstance } from "./ScaleOutInstance";
import { StartStopServiceOrMonitor } from "./StartStopServiceOrMonitor";
import { TerminateClusterNodes } from "./TerminateClusterNodes";
import { TerminateTasks } from "./TerminateTasks";

export const emrActions: Record<string, Action> = {
  DescribeClusterFlowStatusDetail,
  DescribeClusterNodes,
  DescribeInstances,
  DescribeServiceNodeInfos,
  InquiryPriceScaleOutInstance,
  ModifyResourcesTags,
  ScaleOutInstance,
  StartStopServiceOrMonitor,
  TerminateClusterNodes,
  TerminateTasks,
};
