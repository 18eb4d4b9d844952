// The switches of simulated Huawei Cloud, with their defaults. Durations are multiplied by the common timeScale.

export type ListAction = "ListFlavorsV3" | "ListGroups" | "ListInstances" | "ListJobs" | "ListNodes";

export interface HuaweiSettings {
  /**
   * "payPerUseOnly" is the edition of the older documents: no yearly instances, `available_zones` and `orderId`
   * unknown, no v3 show, nodes without `group_id`.
   */
  edition: "mainland" | "payPerUseOnly";
  /** The account's projects; a token can be got for each by id or name (the region). The first is the default. */
  projects: { id: string; name: string }[];
  /** Who can get a token by password. */
  users: { domain: string; name: string; password: string }[];
  /** How long a token is valid, in simulator time; not scaled. */
  tokenLifetimeMilliseconds: number;
  /** Greatest distance between X-Sdk-Date and simulator time. */
  clockSkewSeconds: number;
  /** That many wrong signatures in a row lock the key; 0 = never. */
  lockAfterFailures: number;
  /** Not scaled. */
  keyLockMilliseconds: number;
  /** Calls per second and action in simulator time; null = no limit. */
  rateLimitPerSecond: number | null;
  gatewayCodePrefix: "APIGW" | "APIG";
  /** How v3 calls spell their errors: error_code and error_msg (schema), or errCode and externalMessage. */
  v3ErrorShape: "schema" | "example";
  /** Fields of a body that the API does not have. "refused": 400. */
  unknownFields: "ignored" | "refused";

  /** What the offset of a list counts: records, by the text of 2024, or pages ("which page"), by that of 2022. */
  offsetCounts: "records" | "pages";
  /** The most records that a list ever shows, whatever its total says; null = all. Of flavors: for each architecture. */
  shownAtMost: Record<ListAction, number | null>;
  /** How long after the end of their job new nodes are in no list yet; not scaled. */
  nodeListLagMilliseconds: number;
  /** How long status, nodes and groups still show the old state after a change was accepted. */
  statusLagMilliseconds: number;
  /** How long after its start a job cannot be found yet. */
  jobLagMilliseconds: number;
  /** Whether `GET /v3/{project_id}/jobs/{job_id}` knows the jobs of v2 calls. */
  v2JobsShown: boolean;
  missingJobStatus: 400 | 404;
  missingInstanceCode: string;
  /** Answer while another operation is running, or the instance is not in state RUNNING. */
  busyCode: "DBS.200019" | "DBS.212033" | "DBS.200011" | "DBS.200047";
  busyStatus: 409 | 403 | 400;
  /** Codes of refusals (400; tooManyForAccount is a 413) that no document gives. */
  codes: {
    /** More than maximumNodes in the instance. */
    tooManyNodes: string;
    tooFewNodes: string;
    groupRequired: string;
    unknownGroup: string;
    unknownNode: string;
    flavor: string;
    soldOut: string;
    zones: string;
    prepaid: string;
    tooManyForAccount: string;
  };
  /** Code while the data nodes (RDS) are not well. */
  rdsCode: string;

  /** A flavor_id other than the group's. "ignored": the new nodes are of the group's class all the same. */
  otherFlavor: "refused" | "ignored";
  /** `group_id` while there is one group. */
  groupIdOfOnlyGroup: "accepted" | "refused";
  /** A yearly instance enlarged without `available_zones`. */
  prepaidWithoutZones: "refused" | "accepted";
  /** Greatest number of nodes of an instance, over all groups. */
  maximumNodes: number;
  /** Smallest number of nodes a scale-in leaves in a group. */
  minimumNodesPerGroup: number;
  /** Greatest number of nodes of all instances (413); null = no limit. */
  quota: number | null;
  /** Zones of nodes added without a choice. */
  placement: "spread" | "firstZone";
  /** Which nodes a reduce by number takes. */
  reduceTakes: "newest" | "oldest";
  /** A yearly instance reduced through v2. "accepted": at once, with a job. */
  prepaidReduce: "refused" | "accepted";
  /** Deleting a node or group that does not exist. */
  missingOnDelete: 404 | 400;
  /** `DELETE …/nodes` with a body: whether the body arrives. */
  deleteBodyArrives: boolean;

  /** Status of an instance with an order that is not paid. */
  unpaidOrderStatus: "RUNNING" | "PERIOD_RESOURCE_SPEC_CHG";
  /** Whether the balance suffices for automatic payment; if not the order stays unpaid. */
  balanceSuffices: boolean;

  /** Whether nodes are listed while they are being created. */
  creatingNodesListed: boolean;
  /** Whether nodes that could not be made stay in the list, as `enlargefail`. */
  failedNodesListed: boolean;
  /** Status of an instance after a failed job. */
  statusAfterFailure: "RUNNING" | "ERROR";
  /** Whether the v1 answers show `group_id` and `node_id` of nodes. */
  nodeGroupsShown: boolean;
  /** How the default group is marked. */
  defaultGroupFlag: boolean;
  architectureWords: "upper" | "mixed";

  durations: {
    enlarge: number;
    /** When nodes are listed as `creating`, as a share of the enlarging. */
    nodesAppearShare: number;
    reduce: number;
    createGroup: number;
    deleteGroup: number;
    resize: number;
    restart: number;
    /** How long the instance keeps its state after the job has ended. */
    afterJob: number;
    /** From payment to the beginning of work. */
    order: number;
  };
}

export const defaultProjectId = "0123456789abcdef0123456789abcdef";

export function defaultHuaweiSettings(): HuaweiSettings {
  const parameterError = "DBS.280001";
  return {
    edition: "mainland",
    projects: [{ id: defaultProjectId, name: "eu-west-101" }],
    users: [{ domain: "simulated-account", name: "simulated-user", password: "simulatorPassword0001" }],
    tokenLifetimeMilliseconds: 86_400_000,
    clockSkewSeconds: 900,
    lockAfterFailures: 5,
    keyLockMilliseconds: 300_000,
    rateLimitPerSecond: null,
    gatewayCodePrefix: "APIGW",
    v3ErrorShape: "schema",
    unknownFields: "ignored",

    offsetCounts: "records",
    shownAtMost: {
      ListFlavorsV3: null,
      ListGroups: null,
      ListInstances: null,
      ListJobs: null,
      ListNodes: null,
    },
    nodeListLagMilliseconds: 0,
    statusLagMilliseconds: 0,
    jobLagMilliseconds: 0,
    v2JobsShown: true,
    missingJobStatus: 400,
    missingInstanceCode: "DBS.200002",
    busyCode: "DBS.200019",
    busyStatus: 409,
    codes: {
      tooManyNodes: parameterError,
      tooFewNodes: parameterError,
      groupRequired: parameterError,
      unknownGroup: parameterError,
      unknownNode: parameterError,
      flavor: parameterError,
      soldOut: parameterError,
      zones: parameterError,
      prepaid: parameterError,
      tooManyForAccount: parameterError,
    },
    rdsCode: "DBS.300323",

    otherFlavor: "refused",
    groupIdOfOnlyGroup: "accepted",
    prepaidWithoutZones: "refused",
    maximumNodes: 32,
    minimumNodesPerGroup: 1,
    quota: null,
    placement: "spread",
    reduceTakes: "newest",
    prepaidReduce: "refused",
    missingOnDelete: 404,
    deleteBodyArrives: true,

    unpaidOrderStatus: "RUNNING",
    balanceSuffices: true,

    creatingNodesListed: true,
    failedNodesListed: true,
    statusAfterFailure: "RUNNING",
    nodeGroupsShown: true,
    defaultGroupFlag: true,
    architectureWords: "upper",

    durations: {
      enlarge: 240_000,
      nodesAppearShare: 0.25,
      reduce: 120_000,
      createGroup: 300_000,
      deleteGroup: 120_000,
      resize: 300_000,
      restart: 60_000,
      afterJob: 5_000,
      order: 10_000,
    },
  };
}
