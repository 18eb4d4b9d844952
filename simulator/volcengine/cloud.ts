// Volcengine and its products.
import { type Parts, VolcengineGateway } from "./gateway";
import { volcengineSettings } from "./settings";
import { vke } from "./vke/product";

const products = { vke };

export const volcengine = {
  settings: volcengineSettings,
  products,
  newGateway: (parts: Parts) => new VolcengineGateway(parts, products),
};
