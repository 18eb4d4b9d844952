// A provider plugin as a child process: started with the engine's address, it answers with its port on the first line of
// standard output, and is stopped with Cancel, SIGINT and SIGKILL.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { credentials } from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { childEnvironment } from "./children";

const stopMilliseconds = 5000;

export interface ProviderStarted {
  package: string;
  pid: number;
  kill(signal: NodeJS.Signals): void;
}

/** A provider that runs, wherever. */
export interface RunningProvider {
  /** Its methods as gRPC has them. */
  client: object;
  cancel(): Promise<void>;
  stop(): Promise<void>;
}

export interface ProviderCommand {
  package: string;
  /** Arguments of Node. */
  args: string[];
  cwd: string;
  env: Record<string, string>;
  onLine(line: string, stream: "stdout" | "stderr"): void;
  onStart: ((started: ProviderStarted) => void) | undefined;
}

export class ProviderProcess implements RunningProvider {
  private constructor(
    private readonly child: ChildProcess,
    readonly client: ResourceProviderClient,
  ) {}

  static async start(command: ProviderCommand): Promise<ProviderProcess> {
    const env = { ...childEnvironment("provider"), ...command.env };
    const child = spawn(process.execPath, command.args, {
      cwd: command.cwd,
      env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const lines: string[] = [];
    createInterface({ input: child.stderr }).on("line", (line) => {
      lines.push(line);
      command.onLine(line, "stderr");
    });
    const output = createInterface({ input: child.stdout });
    const [port] = await Promise.race([once(output, "line"), once(child, "exit").then(() => [""])]);
    if (!/^\d+$/.test(port)) {
      child.kill("SIGKILL");
      throw new Error([`provider ${command.package} printed no port but ${port}`, ...lines].join("\n"));
    }
    output.on("line", (line) => command.onLine(line, "stdout"));
    command.onStart?.({
      package: command.package,
      pid: child.pid ?? 0,
      kill: (signal) => void child.kill(signal),
    });
    const client = new ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure(), {
      "grpc.max_receive_message_length": -1,
      "grpc.max_send_message_length": -1,
    });
    return new ProviderProcess(child, client);
  }

  cancel(): Promise<void> {
    return new Promise((resolve) => {
      this.client.cancel(new Empty(), { deadline: Date.now() + 1000 } as never, () => resolve());
    });
  }

  async stop(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const exited = once(this.child, "close");
      await this.cancel();
      this.child.kill("SIGINT");
      const timer = setTimeout(() => this.child.kill("SIGKILL"), stopMilliseconds);
      await exited;
      clearTimeout(timer);
    }
    this.client.close();
  }
}
