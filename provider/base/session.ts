// What a provider knows beside its inputs and the cloud: its clock, where it remembers things, and which run of the engine it
// serves. Several can live in one process, and each can end without the others.
import { readFileSync } from "node:fs";
import { homedir, hostname } from "node:os";
import { join } from "node:path";
import { type Clock, clockFromEnvironment, wallTime } from "./clock";

export interface SessionOptions {
  clock?: Clock;
  /** Where this machine remembers what was begun. */
  journalDirectory?: string;
  /** Where the engine of this run listens. */
  engineAddress?: string | undefined;
  /** As which process it is known to others, where it is to outlive or to end before the one that it runs in. */
  processId?: number;
}

/** What a clock may differ from the cloud's without that it counts: answers take their time, and tell whole seconds. */
const usualDifference = 60_000;

/** Names of the sessions of this process that have not ended. */
const living = new Set<string>();
let sessions = 0;

export class Session {
  /** No other session is ever called the same. */
  readonly name: string;
  readonly clock: Clock;
  readonly journalDirectory: string;
  private engineAddress: string | undefined;
  /** How far the cloud's clock is ahead of ours, in milliseconds. */
  private ahead = 0;

  constructor(options: SessionOptions = {}) {
    const { processId = process.pid } = options;
    this.name = `${hostname()}/${processId}/${startOf(processId)}/${++sessions}`;
    living.add(this.name);
    this.journalDirectory = options.journalDirectory ?? journalDirectory();
    this.engineAddress = options.engineAddress;
    const clock = options.clock ?? clockFromEnvironment();
    this.clock = {
      now: async () => this.alive(await clock.now()),
      wall: async () => this.alive(await wallTime(clock)),
      cloud: async () => this.alive((await clock.now()) + this.ahead),
      sleep: async (milliseconds) => this.alive(await clock.sleep(milliseconds)),
    };
  }

  /** An answer of a cloud tells its time: machines can be hours off, and what one remembers another may go on with. */
  async hear(cloudTime: number): Promise<void> {
    const ahead = cloudTime - (await this.clock.now());
    if (Math.abs(ahead - this.ahead) >= usualDifference)
      this.ahead = Math.abs(ahead) < usualDifference ? 0 : ahead;
  }

  /**
   * The name of the engine's run; undefined where nothing says it. A run has one address for all of its provider processes, and
   * what runs at the same time has others.
   */
  get run(): string | undefined {
    return this.engineAddress?.includes(":") ? this.engineAddress : undefined;
  }

  /** The engine has attached itself: a provider that is started beforehand serves many, one by one. */
  join(engineAddress: string): void {
    this.engineAddress = engineAddress;
  }

  /** From now on nothing that is under way goes on, as if the process had been killed. */
  end(): void {
    living.delete(this.name);
  }

  /** The value, unless the session has ended: then nothing, for ever. */
  alive<T>(value: T): T | Promise<never> {
    return living.has(this.name) ? value : new Promise<never>(() => {});
  }
}

/** Whether a session of this machine that is called so goes on, beside the one that asks. */
export function runsStill(name: string, own?: Session): boolean {
  if (living.has(name)) return name !== own?.name;
  const [host, pid, start] = name.split("/");
  if (host !== hostname() || Number(pid) === process.pid) return false;
  try {
    process.kill(Number(pid), 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return false;
  }
  return startOf(Number(pid)) === start;
}

/** When a process was started, by the system's own count; empty where it does not tell: then its number has to do. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
  } catch {
    return "";
  }
}

/** Where journals live: PULUMI_BIGDATA_STATE_DIR, or pulumi-bigdata in the user's state directory. */
function journalDirectory(environment: NodeJS.ProcessEnv = process.env): string {
  const chosen = environment["PULUMI_BIGDATA_STATE_DIR"];
  if (chosen) return chosen;
  return join(environment["XDG_STATE_HOME"] || join(homedir(), ".local", "state"), "pulumi-bigdata");
}

/** Something that each session has of its own, made when it is first asked for. */
export function perSession<T>(make: () => T): (owner: object) => T {
  const all = new WeakMap<object, { value: T }>();
  return (owner) => {
    const known = all.get(owner) ?? { value: make() };
    all.set(owner, known);
    return known.value;
  };
}

/** The engine's address: what is left of a process's arguments besides the engine's own switches. */
export function engineAddressIn(args: readonly string[]): string | undefined {
  const rest: string[] = [];
  for (let index = 0; index < args.length; index++) {
    const argument = args[index] ?? "";
    if (argument === "--tracing") index += 1;
    else if (!argument.startsWith("-")) rest.push(argument);
  }
  return rest.at(-1);
}

let ofThisProcess: Session | undefined;

/** The session of a process that serves one engine, by its arguments and environment. */
export function processSession(): Session {
  ofThisProcess ??= new Session({ engineAddress: engineAddressIn(process.argv.slice(2)) });
  return ofThisProcess;
}
