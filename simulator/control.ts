// The control API under /_sim/: what the library offers, for callers in other processes.
import { setTimeout as realDelay } from "node:timers/promises";
import { z } from "zod";
import { type Fault, products, settingsSchema, type Worlds } from "./clouds";
import { milliseconds, type Route, type World } from "./product";
import { patchSettings } from "./settings";
import type { Simulator } from "./simulator";

export interface ControlAnswer {
  status: number;
  body: unknown;
}

/** `*` stands for one path segment. */
const ownRoutes: Record<string, Route<Simulator>> = {
  "GET /_sim/clock": ({ clock }) => ({ now: clock.now() }),
  "POST /_sim/clock/sleep": async ({ clock, clockMode }, { body }) => {
    const wanted = milliseconds.parse(body).milliseconds;
    if (clockMode === "stepped") clock.advance(wanted);
    else await realDelay(wanted);
    return { now: clock.now() };
  },
  "POST /_sim/clock/advance": ({ clock }, { body }) => {
    clock.advance(milliseconds.parse(body).milliseconds);
    return { now: clock.now() };
  },

  "GET /_sim/state": (simulator) => {
    const { clock, settings, faults } = simulator;
    const states = Object.entries(products).map(([name, { state }]) => state?.(worldOf(simulator, name)));
    return { now: clock.now(), ...Object.assign({}, ...states), settings, faults: faults.pending };
  },
  "GET /_sim/journal": ({ journal }, { query }) => {
    const since = Number(query.get("since") ?? 0);
    return journal.filter((entry) => entry.sequence > since);
  },
  "GET /_sim/settings": ({ settings }) => settings,
  "PATCH /_sim/settings": ({ settings }, { body }) => {
    patchSettings(settingsSchema, settings, body);
    return settings;
  },
  "POST /_sim/faults": ({ faults }, { body }) => {
    faults.add(...((Array.isArray(body) ? body : [body]) as Fault[]));
    return faults.pending;
  },
  "DELETE /_sim/faults": ({ faults }) => {
    faults.clear();
    return [];
  },
  "POST /_sim/reset": (simulator) => {
    simulator.reset();
    return {};
  },
};

/** The simulator's own and every product's. */
const routes: Record<string, Route<Simulator>> = { ...ownRoutes };
for (const [name, product] of Object.entries(products)) {
  for (const [pattern, route] of Object.entries(product.routes)) {
    const [method, path] = pattern.split(" ");
    routes[`${method} /_sim/${product.path}/${path}`] = (simulator, request) =>
      route(worldOf(simulator, name), request);
  }
}

function worldOf(simulator: Simulator, product: string): World {
  return simulator[product as keyof Worlds];
}

export async function control(
  simulator: Simulator,
  method: string,
  url: URL,
  bodyText: string,
): Promise<ControlAnswer> {
  const path = `${method} ${url.pathname}`.split("/");
  for (const [pattern, route] of Object.entries(routes)) {
    const parts = match(pattern.split("/"), path);
    if (!parts) continue;
    try {
      const body = bodyText === "" ? {} : JSON.parse(bodyText);
      return { status: 200, body: await route(simulator, { body, query: url.searchParams, parts }) };
    } catch (error) {
      const text = error instanceof z.ZodError ? z.prettifyError(error) : String((error as Error).message);
      return { status: 400, body: { error: text } };
    }
  }
  return {
    status: 404,
    body: { error: `The simulator has no ${method} ${url.pathname}.`, known: Object.keys(routes) },
  };
}

function match(pattern: string[], path: string[]): string[] | undefined {
  if (pattern.length !== path.length) return undefined;
  const parts: string[] = [];
  for (const [index, wanted] of pattern.entries()) {
    const given = path[index] ?? "";
    if (wanted === "*") parts.push(decodeURIComponent(given));
    else if (wanted !== given) return undefined;
  }
  return parts;
}
