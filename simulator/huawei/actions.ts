// The action that a method and path mean.
import type { World } from "../product";
import type { Action } from "./action";
import type { HuaweiProduct } from "./product";

export type Products = Record<string, HuaweiProduct<World>>;

export interface Match {
  product: string;
  name: string;
  action: Action;
  /** `v2` */
  version: string;
  path: Record<string, string>;
}

export function findAction(products: Products, method: string, pathname: string): Match | undefined {
  const given = `${method} ${pathname}`.split("/");
  for (const [product, { actions }] of Object.entries(products)) {
    for (const [name, action] of Object.entries(actions)) {
      const path = match(action.route.split("/"), given);
      if (path) return { product, name, action, version: given[1] ?? "", path };
    }
  }
  return undefined;
}

function match(pattern: string[], given: string[]): Record<string, string> | undefined {
  if (pattern.length !== given.length) return undefined;
  const path: Record<string, string> = {};
  for (const [index, wanted] of pattern.entries()) {
    const segment = given[index] ?? "";
    const name = /^\{(.+)\}$/.exec(wanted)?.[1];
    if (name === undefined) {
      if (wanted !== segment) return undefined;
    } else {
      if (segment === "") return undefined;
      try {
        path[name] = decodeURIComponent(segment);
      } catch {
        return undefined;
      }
    }
  }
  return path;
}
