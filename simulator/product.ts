// What each simulated product and cloud brings along; `clouds.ts` lists them.
import { z } from "zod";
import type { CallParts, Gateway } from "./call";
import type { Clock } from "./clock";
import type { Credential } from "./credential";
import type { FaultSchemas } from "./faults";
import type { Ids } from "./ids";

/** A product's account with everything in it. */
export interface World {
  reset(): void;
}

export interface WorldParts<Settings> {
  clock: Clock;
  settings: Settings;
  ids: Ids;
  credentials: readonly Credential[];
}

export interface Product<Own extends World> {
  /** Of its control routes, below `/_sim/`: `tencent/emr`. */
  path: string;
  /** What can be done to its world from outside; the key is `POST clusters/*`, and `*` stands for one segment. */
  routes: Record<string, Route<Own>>;
  /** Its part of `GET /_sim/state`. */
  state?(world: Own): Record<string, unknown>;
  settings?: z.ZodObject;
  faults?: FaultSchemas;
  newWorld(parts: WorldParts<never>): Own;
}

export interface Cloud {
  /** What all its products obey. */
  settings?: z.ZodObject;
  products: Record<string, Product<World>>;
  newGateway(parts: GatewayParts<never, never>): Gateway;
}

export interface GatewayParts<Settings, Worlds> extends CallParts {
  settings: Settings;
  ids: Ids;
  credentials: readonly Credential[];
  /** By product. */
  worlds: Worlds;
}

// A method, so that a route of one product's world is a route of some world.
export type Route<Own> = {
  /** `parts`: the variable parts of the path, in order. */
  route(world: Own, request: { body: unknown; query: URLSearchParams; parts: string[] }): unknown;
}["route"];

export const milliseconds = z.object({ milliseconds: z.number().nonnegative() });

export function objectOf(body: unknown): Record<string, never> {
  if (body === null || typeof body !== "object" || Array.isArray(body)) {
    throw new Error("The body must be a JSON object.");
  }
  return body as Record<string, never>;
}
