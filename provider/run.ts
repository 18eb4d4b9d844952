// Which run of the engine this process serves. A run has one address for all of its provider processes, and what runs at
// the same time has others.

let attached: string | undefined;

/** The engine that has attached itself to this process: one that is started beforehand serves many, one by one. */
export function joinRun(engineAddress: string): void {
  attached = engineAddress;
}

/** The name of the run; undefined where nothing says it. */
export function presentRun(): string | undefined {
  const address = attached ?? engineAddressIn(process.argv.slice(2));
  return address?.includes(":") ? address : undefined;
}

/** The engine's address: what is left of the arguments besides the engine's own switches. */
export function engineAddressIn(args: readonly string[]): string | undefined {
  const rest: string[] = [];
  for (let index = 0; index < args.length; index++) {
    const argument = args[index] ?? "";
    if (argument === "--tracing") index += 1;
    else if (!argument.startsWith("-")) rest.push(argument);
  }
  return rest.at(-1);
}
