// The direct door: a provider in the test's own process, asked as the plugin is. It can be killed like a process: what is
// under way goes no further, and what it has written to disk stays.
import { status } from "@grpc/grpc-js";
import type { Clock } from "../../provider/base/clock";
import { Messages } from "../../provider/doors/plugin/messages";
import { ProviderService } from "../../provider/doors/plugin/service";
import type { Simulator } from "../../simulator/index";
import type { ProviderCommand, RunningProvider } from "../engine/providerProcess";
import { sessionOn } from "../session";

type Done = (error: object | null, answer?: unknown) => void;
type Handler = (call: { request: unknown }, done: Done) => void;

/** May end the session before the engine gets to know what a method has answered. */
export type AnswerHook = (method: string) => "drop" | undefined;

const gone = { code: status.UNAVAILABLE, details: "Connection dropped" };

export async function startDirectly(
  { engineAddress, package: name, onStart }: ProviderCommand,
  sim: Pick<Simulator, "clock">,
  journalDirectory: string,
  onAnswer: AnswerHook = () => undefined,
  clock?: Clock,
): Promise<RunningProvider> {
  const session = sessionOn(sim, { journalDirectory, engineAddress, ...(clock ? { clock } : {}) });
  const messages = new Messages(session.run);
  const service = new ProviderService({ session, messages, version: "0.0.0", schema: () => "{}" });
  const waiting = new Set<Done>();
  let isOver = false;
  const end = () => {
    if (isOver) return;
    isOver = true;
    session.end();
    messages.close();
    for (const done of waiting) done(gone);
    waiting.clear();
  };
  const asked =
    (method: string, handler: Handler) =>
    (request: unknown, done: Done): void => {
      waiting.add(done);
      const answered: Done = (error, answer) => {
        if (waiting.has(done) && onAnswer(method) === "drop") end();
        if (waiting.delete(done)) done(error, answer);
      };
      if (isOver) answered(gone);
      else handler({ request }, answered);
    };
  const handlers = Object.entries(service.implementation()) as unknown as [string, Handler][];
  onStart?.({ package: name, pid: process.pid, kill: end });
  return {
    client: Object.fromEntries(handlers.map(([method, handler]) => [method, asked(method, handler)])),
    cancel: async () => service.cancel(),
    stop: async () => end(),
  };
}
