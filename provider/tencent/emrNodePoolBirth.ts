// What a pool's nodes are born with: the settings of a purchase, their fingerprint and their tags. Pure.

import { createHash } from "node:crypto";
import type { z } from "zod";
import { normal } from "../diff";
import { type inquiryPriceScaleOutInstance, nodePurchase, pricedSettings } from "./emr";
import { birthProperties, type NodePoolInputs, ownerTag, poolTag, specTag } from "./emrNodePoolSchema";

export const flags = { master: 1, core: 2, task: 3, router: 4 } as const;

/** The settings that nodes are born with, as given. */
export function birthSettings(inputs: NodePoolInputs): Partial<NodePoolInputs> {
  return Object.fromEntries(birthProperties.map((name) => [name, inputs[name]]));
}

/** A fingerprint of the settings that nodes are born with. */
export function specHash(inputs: NodePoolInputs): string {
  const birth = birthProperties
    .map((name) => [name, normal(nodePurchase.shape[name], inputs[name], true)] as const)
    .filter(([, value]) => value !== undefined);
  return createHash("sha256").update(JSON.stringify(birth)).digest("hex").slice(0, 12);
}

/** The pool's own tags and the user's, as new nodes get them. */
export function tagsFor(inputs: NodePoolInputs, owner: string): { tagKey: string; tagValue: string }[] {
  return [
    { tagKey: poolTag, tagValue: inputs.poolId },
    { tagKey: specTag, tagValue: specHash(inputs) },
    { tagKey: ownerTag, tagValue: owner },
    ...(inputs.tags ?? []),
  ];
}

/** The settings of a purchase, as given: every one that the API's schema has. */
export const purchaseSettings = (inputs: NodePoolInputs) => settingsIn(nodePurchase, inputs);

function settingsIn<Settings extends z.ZodObject>(
  { shape }: Settings,
  inputs: z.output<Settings>,
): z.output<Settings> {
  const names = Object.keys(shape) as (keyof typeof inputs)[];
  return Object.fromEntries(names.map((name) => [name, inputs[name]])) as z.output<Settings>;
}

/** Asks what `count` nodes cost, with every setting that the price depends on. */
export function priceRequest(
  inputs: z.output<typeof pricedSettings> & Pick<NodePoolInputs, "clusterId" | "role">,
  count: number,
  zoneId: number,
): z.input<typeof inquiryPriceScaleOutInstance.request> {
  return {
    ...settingsIn(pricedSettings, inputs),
    instanceId: inputs.clusterId,
    timeUnit: inputs.payMode === 1 ? "m" : "s",
    timeSpan: timeSpanOf(inputs),
    zoneId,
    currency: "CNY",
    coreCount: 0,
    taskCount: 0,
    [countFields[inputs.role]]: count,
  };
}

/** The field of ScaleOutInstance that counts the nodes of a role, in our spelling. */
const countFields = {
  task: "taskCount",
  core: "coreCount",
  router: "routerCount",
  master: "masterCount",
} as const;

export function timeSpanOf(wanted: Pick<NodePoolInputs, "payMode" | "timeSpan">): number {
  if (wanted.payMode !== 1) return 3600;
  if (wanted.timeSpan === undefined) throw new Error("monthly nodes without a number of months");
  return wanted.timeSpan;
}

/** A purchase but for what makes it this one. `hasMembers`: "new" makes a server group; once the pool has nodes it exists. */
export function purchaseOf(wanted: NodePoolInputs, count: number, hasMembers: boolean) {
  const start = wanted.startServiceAfterScaleOut;
  const { tags: _, clickHouseClusterType, ...settings } = purchaseSettings(wanted);
  return {
    ...settings,
    clickHouseClusterType: clickHouseClusterType === "new" && hasMembers ? "old" : clickHouseClusterType,
    instanceId: wanted.clusterId,
    timeUnit: wanted.payMode === 1 ? "m" : "s",
    timeSpan: timeSpanOf(wanted),
    autoRenew: wanted.autoRenew === undefined ? undefined : Number(wanted.autoRenew),
    startServiceAfterScaleOut: start === undefined ? undefined : start ? "true" : "false",
    [countFields[wanted.role]]: count,
  } as const;
}
