// Tells people what goes on, through the engine: with the resource's URN, and steps on the way as passing lines.
import { setTimeout as delay } from "node:timers/promises";
import { credentials } from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";
import type { MessageKind } from "../../base/context";
import { printableLines } from "../../base/printable";

export type Severity = "info" | "warning" | "error";

const severities = {
  info: LogSeverity.INFO,
  warning: LogSeverity.WARNING,
  error: LogSeverity.ERROR,
};
/** How long one line may take, and all those for which somebody waits. */
const patience = 2_000;

export class Messages {
  private client: EngineClient | undefined;
  private waiting: LogRequest[] = [];
  private sending: Promise<void> | undefined;

  constructor(address: string | undefined) {
    if (address) this.attach(address);
  }

  attach(address: string): void {
    const before = this.client;
    // The engine is on this machine, and no proxy's business.
    const direct = { "grpc.enable_http_proxy": 0 };
    this.client = new EngineClient(address, credentials.createInsecure(), direct);
    // A line on its way to the one before is not cut off.
    if (before) void (this.sending ?? Promise.resolve()).then(() => before.close());
  }

  /** What the work on a resource tells. */
  report(urn: string, message: string, kind: MessageKind = "step"): void {
    this.send(urn, kind === "warning" ? "warning" : "info", message, kind === "step");
  }

  /** `isPassing`: a step on the way, which the next one takes the place of. */
  send(urn: string, severity: Severity, message: string, isPassing = false): void {
    if (!this.client) return;
    const request = new LogRequest();
    request.setUrn(urn);
    request.setSeverity(severities[severity]);
    request.setMessage(printableLines(message));
    request.setEphemeral(isPassing);
    this.waiting.push(request);
    this.sending ??= this.sendAll();
  }

  /** Waits until everything has been told, or the engine shows that it does not listen. */
  async flush(): Promise<void> {
    if (!this.sending) return;
    const enough = new AbortController();
    const giveUp = delay(patience, "given up" as const, { signal: enough.signal }).catch(() => undefined);
    const end = await Promise.race([this.sending, giveUp]);
    enough.abort();
    if (end === "given up") this.waiting = this.waiting.filter((request) => !request.getEphemeral());
  }

  close(): void {
    this.client?.close();
    this.client = undefined;
  }

  /** One after the other, so that they come in order. */
  private async sendAll(): Promise<void> {
    for (let next = this.waiting.shift(); next; next = this.waiting.shift()) await this.sendOne(next);
    this.sending = undefined;
  }

  private sendOne(request: LogRequest): Promise<void> {
    const { client } = this;
    if (!client) return Promise.resolve();
    return new Promise((resolve) =>
      client.log(request, { deadline: Date.now() + patience } as never, () => resolve()),
    );
  }
}
