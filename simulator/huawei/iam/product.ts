// IAM as the simulator's core and the cloud's gateway know it.
import type { WorldParts } from "../../product";
import type { HuaweiProduct } from "../product";
import type { HuaweiSettings } from "../settings";
import { IamAccount } from "./account";
import { iamActions } from "./actions";

export const iam = {
  path: "huawei/iam",
  actions: iamActions,
  newWorld: ({ clock, settings, ids, credentials }: WorldParts<HuaweiSettings>) =>
    new IamAccount(clock, settings, ids, credentials),
  routes: {
    "POST revoke": (iam) => {
      iam.revokeTokens();
      return {};
    },
  },
} satisfies HuaweiProduct<IamAccount>;
