// Every simulated action of Huawei Cloud, and the one that a method and path mean.
import type { Action } from "./action";
import { ListOrderResources } from "./bss/ListOrderResources";
import { PayOrder } from "./bss/PayOrder";
import { ShowOrder } from "./bss/ShowOrder";
import { ddmActions } from "./ddm/actions";
import { CreateTemporaryKey } from "./iam/CreateTemporaryKey";
import { CreateToken } from "./iam/CreateToken";
import { ListProjects } from "./iam/ListProjects";

const actions: Record<string, Action> = {
  // Before DDM, whose paths have a variable part where these have a word.
  CreateToken,
  ListProjects,
  CreateTemporaryKey,
  ShowOrder,
  PayOrder,
  ListOrderResources,
  ...ddmActions,
};

export interface Match {
  name: string;
  action: Action;
  /** `v2` */
  version: string;
  path: Record<string, string>;
}

export function findAction(method: string, pathname: string): Match | undefined {
  const given = `${method} ${pathname}`.split("/");
  for (const [name, action] of Object.entries(actions)) {
    const path = match(action.route.split("/"), given);
    if (path) return { name, action, version: given[1] ?? "", path };
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
