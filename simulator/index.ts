// A stateful local stand-in for the clouds, written from their API reference only. It shares no code with
// what it checks.
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { Clock } from "./clock";
import type { Credential } from "./credential";
import { Faults } from "./faults";
import { type CallHook, Hooks } from "./hooks";
import { DdmWorld } from "./huawei/ddm/world";
import { HuaweiGateway } from "./huawei/gateway";
import { IamAccount } from "./huawei/iam/account";
import { Ids } from "./ids";
import type { JournalEntry } from "./journal";
import { createSimulatorServer } from "./server";
import { defaultSettings } from "./settings";
import type { Simulator } from "./simulator";
import { DlcWorld } from "./tencent/dlc/world";
import { EmrWorld } from "./tencent/emr/world";
import { TencentGateway } from "./tencent/gateway";
import { VolcengineGateway } from "./volcengine/gateway";
import { VkeWorld } from "./volcengine/vke/world";

export type { Fault } from "./faults";
export type { CallEvent } from "./hooks";
export { defaultFlavorId } from "./huawei/ddm/flavor";
export { defaultProjectId } from "./huawei/settings";
export type { JournalEntry } from "./journal";
export type { Settings } from "./settings";
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
  const timeScale = options.timeScale ?? 1;
  const settings = defaultSettings(timeScale);
  const credentials = options.credentials ?? defaultCredentials;
  const ids = new Ids();
  const faults = new Faults();
  const hooks = new Hooks();
  const journal: JournalEntry[] = [];
  const emr = new EmrWorld(clock, settings, ids);
  const dlc = new DlcWorld(clock, settings, ids);
  const parts = { clock, settings, faults, hooks, ids, journal, emr, dlc, credentials };
  const gateway = new TencentGateway(parts);
  const ddm = new DdmWorld(clock, settings, ids);
  const iam = new IamAccount(clock, settings, ids, credentials);
  const huawei = new HuaweiGateway({ ...parts, ddm, iam });

  const vke = new VkeWorld(clock, settings, ids);
  const volcengine = new VolcengineGateway({ ...parts, vke });

  const simulator = {
    url: "http://127.0.0.1",
    clockMode: clock.mode,
    clock,
    credentials,
    emr,
    dlc,
    ddm,
    iam,
    vke,
    settings,
    faults,
    journal,
    onCall: (hook: CallHook) => hooks.add(hook),
    reset: () => {
      clock.clearEvents();
      emr.reset();
      dlc.reset();
      ddm.reset();
      iam.reset();
      vke.reset();
      gateway.reset();
      huawei.reset();
      volcengine.reset();
      ids.reset();
      faults.clear();
      hooks.clear();
      journal.length = 0;
      Object.assign(settings, defaultSettings(timeScale));
    },
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
  const server = createSimulatorServer(simulator, [gateway, volcengine, huawei]);
  server.listen(options.port ?? 0, "127.0.0.1");
  await once(server, "listening");
  simulator.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return simulator;
}
