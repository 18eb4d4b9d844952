// The DDM actions by name, and those of the orders that DDM makes.
import { ListOrderResources } from "../bss/ListOrderResources";
import { PayOrder } from "../bss/PayOrder";
import { ShowOrder } from "../bss/ShowOrder";
import { AddNodes } from "./AddNodes";
import type { Action } from "./action";
import { BatchDeleteNodes } from "./BatchDeleteNodes";
import { ChangeFlavor } from "./ChangeFlavor";
import { CreateGroup } from "./CreateGroup";
import { DeleteGroup } from "./DeleteGroup";
import { DeleteNodes } from "./DeleteNodes";
import { EnlargeInstance } from "./EnlargeInstance";
import { ListEngines } from "./ListEngines";
import { ListFlavors } from "./ListFlavors";
import { ListFlavorsV3 } from "./ListFlavorsV3";
import { ListGroups } from "./ListGroups";
import { ListInstances } from "./ListInstances";
import { ListInstancesV3 } from "./ListInstancesV3";
import { ListJobs } from "./ListJobs";
import { ListNodes } from "./ListNodes";
import { ReduceInstance } from "./ReduceInstance";
import { RestartInstance } from "./RestartInstance";
import { ShowInstance } from "./ShowInstance";
import { ShowInstanceV3 } from "./ShowInstanceV3";
import { ShowJob } from "./ShowJob";
import { ShowNode } from "./ShowNode";
import { ShowNodeV3 } from "./ShowNodeV3";

export const ddmActions: Record<string, Action> = {
  // First: the paths of DDM have a variable part where these have a word.
  ShowOrder,
  PayOrder,
  ListOrderResources,

  AddNodes,
  BatchDeleteNodes,
  ChangeFlavor,
  CreateGroup,
  DeleteGroup,
  DeleteNodes,
  EnlargeInstance,
  ListEngines,
  ListFlavors,
  ListFlavorsV3,
  ListGroups,
  ListInstances,
  ListInstancesV3,
  ListJobs,
  ListNodes,
  ReduceInstance,
  RestartInstance,
  ShowInstance,
  ShowInstanceV3,
  ShowJob,
  ShowNode,
  ShowNodeV3,
};
