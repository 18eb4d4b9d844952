// A provider plugin as a child process: started with the engine's address, it answers with its port on the first line of
// standard output, and is stopped with Cancel, SIGINT and SIGKILL.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { credentials } from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";

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
  script: string;
  engineAddress: string;
  cwd: string;
  env: Record<string, string>;
  onLine(line: string, stream: "stdout" | "stderr"): void;
  onStart: ((started: ProviderStarted) => void) | undefined;
}

export async function startProcess(command: ProviderCommand): Promise<RunningProvider> {
  const { script, engineAddress, cwd, onLine } = command;
  const child = spawn(process.execPath, [script, engineAddress], {
    cwd,
    env: { ...process.env, ...command.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const lines: string[] = [];
  createInterface({ input: child.stderr }).on("line", (line) => {
    lines.push(line);
    onLine(line, "stderr");
  });
  const output = createInterface({ input: child.stdout });
  const [port] = await Promise.race([once(output, "line"), once(child, "exit").then(() => [""])]);
  if (!/^\d+$/.test(port)) {
    child.kill("SIGKILL");
    throw new Error([`provider ${command.package} printed no port but ${port}`, ...lines].join("\n"));
  }
  output.on("line", (line) => onLine(line, "stdout"));
  const kill = (signal: NodeJS.Signals) => void child.kill(signal);
  command.onStart?.({ package: command.package, pid: child.pid ?? 0, kill });
  const client = new ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure(), {
    "grpc.max_receive_message_length": -1,
    "grpc.max_send_message_length": -1,
  });
  const cancel = () =>
    new Promise<void>((resolve) => {
      client.cancel(new Empty(), { deadline: Date.now() + 1000 } as never, () => resolve());
    });
  return {
    client,
    cancel,
    stop: () =>
      cancel()
        .then(() => end(child))
        .finally(() => client.close()),
  };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "close");
  child.kill("SIGINT");
  const timer = setTimeout(() => child.kill("SIGKILL"), 5000);
  await exited;
  clearTimeout(timer);
}
