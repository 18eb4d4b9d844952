// The switches of simulated DDM. Durations are multiplied by the common timeScale.
import { z } from "zod";
import { flag, group, limit, number, oneOf, text } from "../../setting";
import type { HuaweiSettings } from "../settings";

const parameterError = "DBS.280001";

const ddm = z.strictObject({
  /**
   * "payPerUseOnly" is the edition of the older documents: no yearly instances, `available_zones` and `orderId`
   * unknown, no v3 show, nodes without `group_id`.
   */
  edition: oneOf("mainland", "payPerUseOnly"),

  /** What the offset of a list counts: records, by the text of 2024, or pages ("which page"), by that of 2022. */
  offsetCounts: oneOf("records", "pages"),
  /** The most records that a list ever shows, whatever its total says; null = all. Of flavors: for each architecture. */
  shownAtMost: group({
    ListFlavorsV3: limit(),
    ListGroups: limit(),
    ListInstances: limit(),
    ListJobs: limit(),
    ListNodes: limit(),
  }),
  /** How long after the end of their job new nodes are in no list yet; not scaled. */
  nodeListLagMilliseconds: number(0),
  /** How long status, nodes and groups still show the old state after a change was accepted. */
  statusLagMilliseconds: number(0),
  /** How long after its start a job cannot be found yet. */
  jobLagMilliseconds: number(0),
  /** Whether `GET /v3/{project_id}/jobs/{job_id}` knows the jobs of v2 calls. */
  v2JobsShown: flag(true),
  missingJobStatus: oneOf(400, 404),
  missingInstanceCode: text("DBS.200002"),
  /** Answer while another operation is running, or the instance is not in state RUNNING. */
  busyCode: oneOf("DBS.200019", "DBS.212033", "DBS.200011", "DBS.200047"),
  busyStatus: oneOf(409, 403, 400),
  /** Codes of refusals (400; tooManyForAccount is a 413) that no document gives. */
  codes: group({
    /** More than maximumNodes in the instance. */
    tooManyNodes: text(parameterError),
    tooFewNodes: text(parameterError),
    groupRequired: text(parameterError),
    unknownGroup: text(parameterError),
    unknownNode: text(parameterError),
    flavor: text(parameterError),
    soldOut: text(parameterError),
    zones: text(parameterError),
    prepaid: text(parameterError),
    tooManyForAccount: text(parameterError),
  }),
  /** Code while the data nodes (RDS) are not well. */
  rdsCode: text("DBS.300323"),

  /** A flavor_id other than the group's. "ignored": the new nodes are of the group's class all the same. */
  otherFlavor: oneOf("refused", "ignored"),
  /** `group_id` while there is one group. */
  groupIdOfOnlyGroup: oneOf("accepted", "refused"),
  /** A yearly instance enlarged without `available_zones`. */
  prepaidWithoutZones: oneOf("refused", "accepted"),
  /** Greatest number of nodes of an instance, over all groups. */
  maximumNodes: number(32),
  /** Smallest number of nodes a scale-in leaves in a group. */
  minimumNodesPerGroup: number(1),
  /** Greatest number of nodes of all instances (413); null = no limit. */
  quota: limit(),
  /** Zones of nodes added without a choice. */
  placement: oneOf("spread", "firstZone"),
  /** Which nodes a reduce by number takes. */
  reduceTakes: oneOf("newest", "oldest"),
  /** A yearly instance reduced through v2. "accepted": at once, with a job. */
  prepaidReduce: oneOf("refused", "accepted"),
  /** Deleting a node or group that does not exist. */
  missingOnDelete: oneOf(404, 400),
  /** `DELETE …/nodes` with a body: whether the body arrives. */
  deleteBodyArrives: flag(true),

  /** Status of an instance with an order that is not paid. */
  unpaidOrderStatus: oneOf("RUNNING", "PERIOD_RESOURCE_SPEC_CHG"),
  /** Whether the balance suffices for automatic payment; if not the order stays unpaid. */
  balanceSuffices: flag(true),

  /** Whether nodes are listed while they are being created. */
  creatingNodesListed: flag(true),
  /** Whether nodes that could not be made stay in the list, as `enlargefail`. */
  failedNodesListed: flag(true),
  /** Status of an instance after a failed job. */
  statusAfterFailure: oneOf("RUNNING", "ERROR"),
  /** Whether the v1 answers show `group_id` and `node_id` of nodes. */
  nodeGroupsShown: flag(true),
  /** How the default group is marked. */
  defaultGroupFlag: flag(true),
  architectureWords: oneOf("upper", "mixed"),

  durations: group({
    enlarge: number(240_000),
    /** When nodes are listed as `creating`, as a share of the enlarging. */
    nodesAppearShare: number(0.25),
    reduce: number(120_000),
    createGroup: number(300_000),
    deleteGroup: number(120_000),
    resize: number(300_000),
    restart: number(60_000),
    /** How long the instance keeps its state after the job has ended. */
    afterJob: number(5_000),
    /** From payment to the beginning of work. */
    order: number(10_000),
  }),
});
export const ddmSettings = z.strictObject({ huawei: ddm.prefault({}) });
export type DdmSettings = z.output<typeof ddmSettings> & HuaweiSettings;

export type ListAction = keyof DdmSettings["huawei"]["shownAtMost"];
