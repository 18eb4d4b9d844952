// A pool and a service beside it as a program declares them, and what came of them.
import { clusterId } from "./program";
import type { CliStack, Ended } from "./stack";

export const pool = (count: number, more: object = {}, options: object = {}) => ({
  type: "tencent.EmrNodePool",
  name: "workers",
  properties: { clusterId, role: "task", count, ...more },
  options,
});

export const tasks = ({ sim }: CliStack) =>
  sim.emr
    .nodes(clusterId)
    .filter(({ role }) => role === "task")
    .map(({ emrResourceId }) => emrResourceId)
    .sort();

/** How often a call that changes something was carried out. */
export const acted = ({ sim }: CliStack, action: string) =>
  sim.journal.filter((call) => call.acted && call.action === action).length;

/** What a command wrote, which has to end well. */
export async function fine(command: Promise<Ended>): Promise<string> {
  const { code, text } = await command;
  if (code !== 0) throw new Error(text);
  return text;
}

export const service = (state: string, options: object = {}) => ({
  type: "tencent.EmrServiceState",
  name: "yarn",
  properties: { clusterId, service: "YARN", components: ["NodeManager"], state },
  options,
});

/** On the pool's nodes too: where both come at once, whichever is first decides what there is to start. */
export const running = service("running", { dependsOn: [{ $ref: "workers" }] });

/** Ends the CLI at the next call like this; the cloud answers once that has been done. */
export function endAt(stack: CliStack, action: string, end: () => void): void {
  const stop = stack.sim.onCall(async (call) => {
    if (call.action !== action || call.phase !== "acted") return;
    stop();
    end();
    await new Promise((done) => setTimeout(done, 1500));
  });
}
