// The plugin: what Pulumi starts for programs in any language. It prints the port it listens on, and nothing before.
import { readFileSync } from "node:fs";
import { flushCompileCache } from "node:module";
import { join } from "node:path";
import { Server, ServerCredentials } from "@grpc/grpc-js";
import "./doors/endOnOldNode";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { processSession, type Session } from "./base/session";
import { endWithEngine } from "./doors/engineWatch";
import { Messages } from "./doors/plugin/messages";
import { ProviderService } from "./doors/plugin/service";

const root = join(__dirname, "..", "..");

export interface RunningPlugin {
  port: number;
  /** Ends what is under way. */
  cancel(): void;
  stop(): void;
}

/** Serves on a free port of this machine. */
export async function servePlugin(session: Session): Promise<RunningPlugin> {
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
  const messages = new Messages(session.run);
  const service = new ProviderService({
    session,
    version,
    schema: () => readFileSync(join(root, "schema.json"), "utf8"),
    messages,
  });
  const server = new Server({
    "grpc.max_receive_message_length": -1,
    "grpc.max_send_message_length": -1,
  });
  server.addService(ResourceProviderService as never, service.implementation());
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return {
    port,
    cancel: () => service.cancel(),
    stop: () => {
      messages.close();
      server.forceShutdown();
    },
  };
}

/** Whether this module is what was started: by itself, by our executable, or through the SDK's `run-plugin`. */
const isStarted = require.main === module || /run-plugin|pulumi-resource-bigdata/.test(process.argv[1] ?? "");

if (isStarted) {
  // The first line of standard output is the port; what anything else prints goes where it does no harm.
  const print = process.stdout.write.bind(process.stdout);
  console.log = console.error;
  console.info = console.error;
  servePlugin(processSession()).then(
    ({ port, cancel }) => {
      endWithEngine(cancel);
      print(`${port}\n`);
      // Written while nobody waits: Pulumi may kill the process at its end.
      setTimeout(flushCompileCache, 2_000).unref();
    },
    (error: unknown) => {
      console.error(error instanceof Error ? error.message : error);
      process.exit(1);
    },
  );
}
