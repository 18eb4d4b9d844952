// A provider must not outlive the engine that started it: nobody would hear of what it does, or end it.
import { createConnection } from "node:net";
import { engineAddressIn } from "../base/session";

export interface WatchOptions {
  /** How often the engine is looked for, in milliseconds. */
  every?: number;
  /** How long what is under way has to end and to be recorded, in milliseconds. */
  grace?: number;
  exit?: () => void;
  /** What the engine reads. */
  streams?: NodeJS.EventEmitter[];
}

/**
 * Ends this process when the engine that started it has gone. `cancel` comes first: what is under way then writes down what it
 * knows. A process that was started without an engine's address serves engines that come and go, and stays.
 */
export function endWithEngine(
  cancel: () => void,
  args = process.argv.slice(2),
  options: WatchOptions = {},
): void {
  const address = engineAddressIn(args);
  const [host, port] = address?.split(/:(?=\d+$)/) ?? [];
  if (!host || !port) return;
  const { every = 5000, grace = 8000, exit = () => process.exit(1) } = options;
  const { streams = [process.stdout, process.stderr] } = options;
  let isEnding = false;
  const end = () => {
    if (isEnding) return;
    isEnding = true;
    clearInterval(timer);
    cancel();
    setTimeout(exit, grace);
  };
  let wasThere = false;
  const look = () => {
    const socket = createConnection({ host, port: Number(port) }, () => {
      wasThere = true;
      socket.destroy();
    });
    // Only a refusal says that nobody listens there any more.
    socket.on("error", (error: NodeJS.ErrnoException) => {
      if (wasThere && error.code === "ECONNREFUSED") end();
    });
    socket.unref();
  };
  look();
  const timer = setInterval(look, every);
  timer.unref();
  // Nobody reads what is written here: without a listener the error would be written to where nobody reads, for ever.
  for (const stream of streams) stream.on("error", end);
}
