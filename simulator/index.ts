// A stateful local stand-in for the clouds, written from their API reference only. It shares no code with
// what it checks.
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { Clock } from "./clock";
import {
  clouds,
  faultKinds,
  type PendingFault,
  products,
  type Settings,
  settingsSchema,
  type Worlds,
} from "./clouds";
import type { Credential } from "./credential";
import { Faults } from "./faults";
import { type CallHook, Hooks } from "./hooks";
import { Ids } from "./ids";
import type { JournalEntry } from "./journal";
import { createSimulatorServer } from "./server";
import type { Simulator } from "./simulator";

export type { Fault, Settings } from "./clouds";
export type { CallEvent } from "./hooks";
export { defaultFlavorId } from "./huawei/ddm/flavor";
export { defaultProjectId } from "./huawei/settings";
export type { JournalEntry } from "./journal";
export type { Simulator } from "./simulator";
export type { Engine, EngineFixture } from "./tencent/dlc/engine";
export type { ParentImage } from "./tencent/dlc/image";
export type { EmrNode, Process } from "./tencent/emr/cluster";
export type { ClusterFixture } from "./tencent/emr/fixture";
export type { ProcessSelector } from "./tencent/emr/process";
export type { VolcengineSettings } from "./volcengine/settings";
export { defaultVkeCluster, defaultVkeClusterId } from "./volcengine/vke/cluster";

export interface SimulatorOptions {
  /** Default 0: any free port. Always bound to 127.0.0.1. */
  port?: number;
  /** Default "stepped": time stands still unless advanced. */
  clock?: "real" | "stepped";
  /** Stepped clock only. Default: now. */
  startTime?: Date;
  /** Multiplies every simulated duration. 1 = realistic minutes (default), 0.02 = compressed for a demo. */
  timeScale?: number;
  /** Key pairs that all clouds accept; with a token they are temporary and the request's security token must equal it. */
  credentials?: Credential[];
}

const defaultCredentials: readonly Credential[] = [
  { secretId: "AKIDsimulator", secretKey: "simulatorSecretKey0001" },
];

export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const clock = new Clock({ mode: options.clock ?? "stepped", startTime: options.startTime });
  const newSettings = () => settingsSchema.parse({ timeScale: options.timeScale ?? 1 }) as Settings;
  const settings = newSettings();
  const credentials = options.credentials ?? defaultCredentials;
  const ids = new Ids();
  const faults = new Faults<PendingFault>(faultKinds);
  const hooks = new Hooks();
  const journal: JournalEntry[] = [];
  const parts = { clock, settings, faults, hooks, ids, journal, credentials };
  const worlds = Object.fromEntries(
    Object.entries(products).map(([name, product]) => [name, product.newWorld(parts as never)]),
  ) as unknown as Worlds;
  const gateways = clouds.map((cloud) => cloud.newGateway({ ...parts, worlds: { ...worlds } }));

  const simulator = {
    url: "http://127.0.0.1",
    clockMode: clock.mode,
    clock,
    credentials,
    ...worlds,
    settings,
    faults,
    journal,
    onCall: (hook: CallHook) => hooks.add(hook),
    reset: () => {
      clock.clearEvents();
      for (const part of [...Object.values(worlds), ...gateways]) part.reset();
      ids.reset();
      faults.clear();
      hooks.clear();
      journal.length = 0;
      Object.assign(settings, newSettings());
    },
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
  const server = createSimulatorServer(simulator, gateways);
  server.listen(options.port ?? 0, "127.0.0.1");
  await once(server, "listening");
  simulator.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return simulator;
}
