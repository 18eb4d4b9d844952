// Huawei Cloud and its products.
import { ddm } from "./ddm/product";
import { HuaweiGateway, type Parts } from "./gateway";
import { iam } from "./iam/product";
import { huaweiSettings } from "./settings";

// In the order in which a path finds its action: those of DDM have a variable part where those of IAM have a word.
const products = { iam, ddm };

export const huawei = {
  settings: huaweiSettings,
  products,
  newGateway: (parts: Parts) => new HuaweiGateway(parts, products),
};
