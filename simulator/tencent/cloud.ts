// Tencent Cloud and its products.
import { dlc } from "./dlc/product";
import { emr } from "./emr/product";
import { type Parts, TencentGateway } from "./gateway";
import { tencentSettings } from "./settings";

const products = { emr, dlc };

export const tencent = {
  settings: tencentSettings,
  products,
  newGateway: (parts: Parts) => new TencentGateway(parts, products),
};
