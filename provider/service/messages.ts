// Tells people what goes on, through the engine: with the resource's URN, and steps on the way as passing lines.
import { credentials } from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";

export type Severity = "info" | "warning" | "error";

const severities = {
  info: LogSeverity.INFO,
  warning: LogSeverity.WARNING,
  error: LogSeverity.ERROR,
};
const patience = 2_000;

export class Messages {
  private client: EngineClient | undefined;
  private last: Promise<void> = Promise.resolve();

  constructor(address: string | undefined) {
    if (address) this.attach(address);
  }

  attach(address: string): void {
    this.client?.close();
    this.client = new EngineClient(address, credentials.createInsecure());
  }

  /** `isPassing`: a step on the way, which the next one takes the place of. */
  send(urn: string, severity: Severity, message: string, isPassing = false): void {
    const { client } = this;
    if (!client) return;
    const request = new LogRequest();
    request.setUrn(urn);
    request.setSeverity(severities[severity]);
    request.setMessage(message);
    request.setEphemeral(isPassing);
    // In order, and without holding anything up where the engine is gone.
    this.last = this.last.then(
      () =>
        new Promise<void>((resolve) =>
          client.log(request, { deadline: Date.now() + patience } as never, () => resolve()),
        ),
    );
  }

  /** Waits until everything has been told. */
  flush(): Promise<void> {
    return this.last;
  }

  close(): void {
    this.client?.close();
  }
}
