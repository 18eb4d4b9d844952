// The changes that resources make, each with a stand of its own, for scenarios that hold for all of them.
import type { UpdateResult } from "../drivers/driver";
import { declare, makeKillableStand, pool, type Stand } from "./stand";
import { bought, newVersion, withApplication, withEngine, withInstance, withService } from "./subjects";

export interface Change {
  stand: Stand;
  /** The call that makes it, and the way to kill the provider at a call. */
  call: string;
  killAt(call: string, phase: "received" | "acted"): void;
  up(): Promise<UpdateResult>;
  /** How often the change was made. */
  done(): number;
}

/** Whether a call changes nothing. */
export const isLook = (action: string) =>
  /^(Describe|Inquiry|Check|Get|List|Show|Create ?Token)/i.test(action);

const made = ({ sim }: Stand, action: string) =>
  sim.journal.filter((call) => call.action === action && call.acted).length;

/** One of each kind, by the call that makes it. */
export const changes: [string, string, () => Promise<Change>][] = [
  [
    "a purchase of nodes",
    " ScaleOutInstance",
    async () => {
      const { stand, killAt } = await makeKillableStand();
      const up = () => {
        declare(stand, pool(stand, 2));
        return stand.stack.up();
      };
      return {
        stand,
        call: "ScaleOutInstance",
        killAt,
        up,
        done: () => stand.sim.emr.purchases(stand.clusterId).length,
      };
    },
  ],
  [
    "a service's stop",
    "StartStopServiceOrMonitor",
    async () => {
      const { stand, killAt, deploy } = await withService();
      return {
        stand,
        call: "StartStopServiceOrMonitor",
        killAt,
        up: () => deploy({ state: "stopped" }),
        done: () => made(stand, "StartStopServiceOrMonitor"),
      };
    },
  ],
  [
    "an engine's switch",
    "SwitchDataEngineImage",
    async () => {
      const { stand, killAt, deploy } = await withEngine();
      return {
        stand,
        call: "SwitchDataEngineImage",
        killAt,
        up: () => deploy({ imageVersion: newVersion }),
        done: () => made(stand, "SwitchDataEngineImage"),
      };
    },
  ],
  [
    "an enlargement",
    "enlarge",
    async () => {
      const { stand, killAt, deploy } = await withInstance();
      return { stand, call: "EnlargeInstance", killAt, up: () => deploy(4), done: () => bought(stand) / 2 };
    },
  ],
  [
    "a removal of nodes",
    "batch-delete",
    async () => {
      const { stand, killAt, deploy, nodes } = await withInstance();
      await deploy(3);
      return {
        stand,
        call: "BatchDeleteNodes",
        killAt,
        up: () => deploy(2, { scaleIn: { allowed: true } }),
        done: () => 3 - nodes().length,
      };
    },
  ],
  [
    "an application's stop",
    "RunApplicationAction",
    async () => {
      const { stand, killAt, deploy, actions } = await withApplication();
      return {
        stand,
        call: "RunApplicationAction",
        killAt,
        up: () => deploy({ state: "stopped" }),
        done: () => actions().length,
      };
    },
  ],
  [
    "a service's restart",
    "StartStopServiceOrMonitor",
    async () => {
      const { stand, killAt, deploy } = await withService();
      const to = (config: string) => deploy({ state: "running", restartTriggers: { config } });
      await to("1");
      const call = "StartStopServiceOrMonitor";
      return { stand, call, killAt, up: () => to("2"), done: () => made(stand, call) };
    },
  ],
  [
    "an application's restart",
    "RunApplicationAction",
    async () => {
      const { stand, killAt, deploy, actions } = await withApplication();
      const to = (config: string) => deploy({ restartTriggers: { config } });
      await to("1");
      return { stand, call: "RunApplicationAction", killAt, up: () => to("2"), done: () => actions().length };
    },
  ],
];
