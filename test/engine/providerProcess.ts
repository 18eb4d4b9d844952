// A provider plugin as a child process: started with the engine's address, it answers with its port on the
// first line of standard output, and is stopped with Cancel, SIGINT and SIGKILL.
import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { credentials, status } from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";

export const startSeconds = 10;
const stopMilliseconds = 5000;
const goneMilliseconds = 1000;

export interface ProviderCommand {
  command: string;
  args: string[];
  cwd: string;
  env: NodeJS.ProcessEnv;
}

export interface ProviderOutput {
  stdout(line: string): void;
  stderr(line: string): void;
  /** The process ended although nobody had asked it to. */
  died?(): void;
}

export interface ProviderStarted {
  package: string;
  pid: number;
  kill(signal: NodeJS.Signals): void;
}

export class ProviderProcess {
  private cancelling: Promise<void> | undefined;
  private stopping = false;

  private constructor(
    private readonly child: ChildProcess,
    private readonly exited: Promise<void>,
    readonly client: ResourceProviderClient,
    output: ProviderOutput,
  ) {
    exited.then(() => {
      if (!this.stopping) output.died?.();
    });
  }

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
      return new ProviderProcess(child, exited, client, output);
    } catch (error) {
      child.kill("SIGKILL");
      throw error;
    }
  }

  /** Sent once, however often it is asked for. */
  cancel(): Promise<void> {
    this.cancelling ??= new Promise((resolve) => {
      this.client.cancel(new Empty(), { deadline: Date.now() + 1000 } as never, (error) => {
        // From its answer on the process may end when it likes.
        if (error?.code !== status.UNAVAILABLE) this.stopping = true;
        resolve();
      });
    });
    return this.cancelling;
  }

  kill(): void {
    this.stopping = true;
    this.child.kill("SIGKILL");
    this.client.close();
  }

  async stop(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      await this.cancel();
      // Nobody answered: if the process is gone, its end is still to be heard of.
      if (!this.stopping) await Promise.race([this.exited, delay(goneMilliseconds)]);
      this.stopping = true;
      this.child.kill("SIGINT");
      const timer = setTimeout(() => this.child.kill("SIGKILL"), stopMilliseconds);
      await this.exited;
      clearTimeout(timer);
    }
    // Of one that had ended before, what it last printed is waited for, but not for what it left running.
    await Promise.race([this.exited, delay(goneMilliseconds)]);
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
