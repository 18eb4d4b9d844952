// What every action file exports: its route, its table of fields and its handler.
import type { Faults } from "../faults";
import type { Fields } from "./shape";

export interface Call<Request, World> {
  /** Checked. */
  request: Request;
  /** Variable parts of the path by name. */
  path: Record<string, string>;
  /** Empty for calls without a project in their path. */
  projectId: string;
  /** The action's name. */
  action: string;
  /** The product's world. */
  world: World;
  faults: Faults;
}

export interface Outcome {
  /** Default 200. */
  status?: number;
  /** Undefined: no body. */
  answer: unknown;
  headers?: Record<string, string>;
  /** Whether the world changed. */
  changed: boolean;
}

export interface Action {
  service: "ddm" | "iam" | "bss";
  /** `POST /v2/{project_id}/…` */
  route: string;
  fields: Fields;
  /** Default true. */
  authenticated?: false;
  /** Whether the fault "busy" strikes it. */
  takesLock?: true;
  handle(call: Call<unknown, unknown>): Outcome;
}

/**
 * The shape check guarantees that the request is what the handler's type says, and the gateway that the world is
 * the product's; this is where both are believed.
 */
export function newAction<Request, World>(
  action: Omit<Action, "handle"> & { handle: (call: Call<Request, World>) => Outcome },
): Action {
  return { ...action, handle: (call) => action.handle(call as Call<Request, World>) };
}
