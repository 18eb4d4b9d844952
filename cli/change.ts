// What a preview means for one of our resources.
import type { CallStep, Plan } from "../provider/core/plan";
import type { Resource } from "../provider/core/resource";
import type { Op, Verdict } from "./plans";

export interface Change {
  urn: string;
  resource: Resource;
  /** The id of what exists. */
  id: string | undefined;
  /** What is recorded of what exists, as the preview shows it. */
  olds: Record<string, unknown> | undefined;
  name: string;
  /** `<cloud>:<Name>`. */
  type: string;
  op: Op;
  /** The cluster, engine or instance that it is about. */
  cluster: string;
  plan: Plan;
  calls: CallStep[];
  buys: number;
  removes: string[];
  /** How many nodes there are afterwards; undefined while that is not known. */
  nodesAfter: number | undefined;
  disturbs: string[];
  irreversible: string[];
  replaceReasons: string[];
  /** What differs, by property path. */
  paths: string[];
  verdict: Verdict;
  /** Whether it decides only when the cloud is asked, or hangs on values that are not known yet. */
  isOpen: boolean;
  /** The inputs as the preview has them. */
  inputs: Record<string, unknown>;
}
