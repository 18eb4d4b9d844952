// tencent.getEmrScaleOutPrice: what more nodes of an EMR cluster would cost.
import { z } from "zod";
import { choice } from "../../choice";
import { StoppedError } from "../../errors";
import { defineFunction } from "../../function";
import { askedPlace } from "../../placeInputs";
import { tencentClient } from "../config";
import { priceRequest, timeSpanOf } from "../emrNodePoolBirth";
import { billingRules, podRule } from "../emrNodePoolSchema";
import { emrClusterId, inquiryPriceScaleOutInstance, pricedSettings, purchasedRole } from "../emrPurchase";
import { orMissingCluster, requireCluster } from "./emrCommon";

export const getEmrScaleOutPrice = defineFunction({
  token: "tencent:getEmrScaleOutPrice",
  description: `What more nodes of one role of a Tencent Cloud EMR cluster would cost. Nothing is bought.

The nodes are of the machine type that is registered in the cluster as the role's default. It is also a test: where there
is no such default, or no stock, the function fails with the cloud's word for it.`,
  inputs: z.strictObject({
    ...askedPlace,
    clusterId: emrClusterId.describe("Id of the cluster, such as `emr-5n3l5c83`. API: `InstanceId`."),
    role: purchasedRole.describe("What the nodes are for. API: `TaskCount` and its like."),
    count: z.int().min(1).max(2000).describe("How many nodes, 1 to 2000. API: `TaskCount` and its like."),
    ...pricedSettings.shape,
    payMode: pricedSettings.shape.payMode.describe(
      "Billing: `0` hourly, `1` monthly. Default `0`. API: `PayMode`.",
    ),
  }),
  rules: [...billingRules, podRule],
  outputs: z.object({
    originalPrice: z
      .number()
      .describe(
        "Price of all `count` nodes without discounts, in `currency`, for the time that `span` and `unit` tell. API: `OriginalCost`.",
      ),
    discountedPrice: z
      .number()
      .describe("What they would cost: the same with the account's discounts. API: `DiscountCost`."),
    currency: z.string().describe("Currency of the prices: `CNY`. API: `Currency`."),
    unit: choice({ hour: "Prices are per hour.", month: "Prices are for months." }).describe(
      "Unit of `span`. API: `TimeUnit` `s` is priced per hour, `m` is months.",
    ),
    span: z
      .int()
      .describe(
        "How many hours or months the prices are for: 1 hour, or the months in `timeSpan`. API: `TimeSpan`.",
      ),
    count: z.int().describe("How many nodes the prices are for."),
    zoneId: z.int().describe("Number of the zone that the prices are for. API: `ZoneId`."),
    region: z.string().describe("Region of the cluster."),
  }),
  async call(context, { region, profile, ...inputs }) {
    const { clusterId, role, count, payMode } = inputs;
    const client = tencentClient(context, { region, profile });
    const zoneId = inputs.zoneId ?? (await requireCluster(client, clusterId)).zoneId;
    if (zoneId === undefined) {
      throw new StoppedError(
        `EMR does not tell the main zone of ${clusterId}: say which zone is meant, in zoneId.`,
      );
    }
    const timeSpan = timeSpanOf(inputs);
    const asked = client.call(inquiryPriceScaleOutInstance, priceRequest(inputs, count, zoneId));
    const { originalCost, discountCost, requestId } = await orMissingCluster(client, clusterId, asked);
    const priceOf = (text: string | undefined): number => {
      const price = text?.trim() ? Number(text) : Number.NaN;
      if (Number.isFinite(price)) return price;
      throw new StoppedError(
        `EMR gives no price for ${count} ${role} nodes of ${clusterId} (InquiryPriceScaleOutInstance, RequestId ${requestId}).`,
      );
    };
    return {
      originalPrice: priceOf(originalCost ?? discountCost),
      discountedPrice: priceOf(discountCost ?? originalCost),
      currency: "CNY",
      unit: payMode === 1 ? ("month" as const) : ("hour" as const),
      span: payMode === 1 ? timeSpan : 1,
      count,
      zoneId,
      region: client.region,
    };
  },
});
