// A stateful local stand-in for the clouds, written from their API reference only. It shares no code with
// what it checks.
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { Clock } from "./clock";
import type { Credential } from "./credential";
import { type Fault, Faults, type PendingFault } from "./faults";
import { type CallHook, Hooks } from "./hooks";
import { DdmWorld } from "./huawei/ddm/world";
import { HuaweiGateway } from "./huawei/gateway";
import { IamAccount } from "./huawei/iam/account";
import { Ids } from "./ids";
import type { JournalEntry } from "./journal";
import { createSimulatorServer } from "./server";
import { defaultSettings, type Settings } from "./settings";
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
export type { Engine, EngineFixture } from "./tencent/dlc/engine";
export type { ParentImage } from "./tencent/dlc/image";
export type { EmrNode } from "./tencent/emr/cluster";
export type { ClusterFixture } from "./tencent/emr/fixture";
export type { Process, ProcessSelector } from "./tencent/emr/process";
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

export interface Simulator {
  /** For instance http://127.0.0.1:41234 */
  readonly url: string;
  readonly clockMode: "real" | "stepped";
  readonly clock: {
    /** Milliseconds since 1970. */
    now(): number;
    /** Stepped clock only: moves on and runs everything due, in time order. */
    advance(milliseconds: number): void;
  };
  readonly credentials: readonly Credential[];
  readonly emr: EmrWorld;
  readonly dlc: DlcWorld;
  readonly ddm: DdmWorld;
  /** Tokens and temporary keys of Huawei Cloud. */
  readonly iam: IamAccount;
  readonly vke: VkeWorld;
  readonly settings: Settings;
  readonly faults: { add(fault: Fault): void; clear(): void; readonly pending: readonly PendingFault[] };
  /** Every API call received, in order. */
  readonly journal: JournalEntry[];
  onCall(hook: CallHook): () => void;
  /** World, journal, faults, hooks and settings back to the beginning. The clock keeps its time. */
  reset(): void;
  close(): Promise<void>;
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
