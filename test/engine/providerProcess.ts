// A provider plugin as a child process: started with the engine's address, it answers with its port on the
// first line of standard output, and is stopped with Cancel, SIGINT and SIGKILL.
import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { credentials } from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";

const startSeconds = 10;
const stopMilliseconds = 5000;

export interface ProviderCommand {
  command: string;
  args: string[];
  cwd: string;
  env: NodeJS.ProcessEnv;
}

export interface ProviderOutput {
  stdout(line: string): void;
  stderr(line: string): void;
}

export interface ProviderStarted {
  package: string;
  pid: number;
  kill(signal: NodeJS.Signals): void;
}

export class ProviderProcess {
  private constructor(
    private readonly child: ChildProcess,
    private readonly exited: Promise<void>,
    readonly client: ResourceProviderClient,
  ) {}

  static async start(
    packageName: string,
    command: ProviderCommand,
    output: ProviderOutput,
    onStart?: (started: ProviderStarted) => void,
  ): Promise<ProviderProcess> {
    const child = spawn(command.command, command.args, {
      cwd: command.cwd,
      env: command.env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const exited = new Promise<void>((resolve) => {
      child.once("close", () => resolve());
      child.once("error", () => resolve());
    });
    createInterface({ input: child.stderr }).on("line", (line) => output.stderr(line));
    try {
      const port = await readPort(child, packageName, output);
      const { pid } = child;
      if (pid !== undefined) {
        onStart?.({ package: packageName, pid, kill: (signal) => void child.kill(signal) });
      }
      const client = new ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure(), {
        "grpc.max_receive_message_length": -1,
        "grpc.max_send_message_length": -1,
      });
      await ready(client, packageName);
      return new ProviderProcess(child, exited, client);
    } catch (error) {
      child.kill("SIGKILL");
      throw error;
    }
  }

  cancel(): Promise<void> {
    return new Promise((resolve) => {
      this.client.cancel(new Empty(), { deadline: Date.now() + 1000 } as never, () => resolve());
    });
  }

  kill(): void {
    this.child.kill("SIGKILL");
    this.client.close();
  }

  async stop(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      await this.cancel();
      this.child.kill("SIGINT");
      const timer = setTimeout(() => this.child.kill("SIGKILL"), stopMilliseconds);
      await this.exited;
      clearTimeout(timer);
    }
    this.client.close();
  }
}

function ready(client: ResourceProviderClient, packageName: string): Promise<void> {
  return new Promise((resolve, reject) => {
    client.waitForReady(Date.now() + startSeconds * 1000, (error) => {
      if (error) reject(new Error(`provider ${packageName} did not become ready: ${error.message}`));
      else resolve();
    });
  });
}

/** Strict, as the real engine is: the first line is a port and nothing else. */
function readPort(child: ChildProcess, packageName: string, output: ProviderOutput): Promise<number> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`provider ${packageName} printed no port within ${startSeconds} seconds`)),
      startSeconds * 1000,
    );
    const settle = (settled: () => void) => {
      clearTimeout(timer);
      settled();
    };
    let first = true;
    if (!child.stdout) throw new Error("the provider's standard output is not piped");
    createInterface({ input: child.stdout }).on("line", (line) => {
      if (!first) {
        output.stdout(line);
        return;
      }
      first = false;
      const port = /^\d{1,5}$/.test(line.trim()) ? Number(line.trim()) : 0;
      if (port >= 1 && port <= 65535) settle(() => resolve(port));
      else
        settle(() =>
          reject(new Error(`provider ${packageName} printed ${JSON.stringify(line)}, not its port`)),
        );
    });
    child.once("error", (error) => settle(() => reject(error)));
    child.once("exit", (code, signal) =>
      settle(() =>
        reject(new Error(`provider ${packageName} ended at start (${signal ?? `exit code ${code}`})`)),
      ),
    );
  });
}
