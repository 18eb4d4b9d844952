// What a measure is, and what measures share. A measure is a file of its own and a line in `measures.ts`.

export interface Row {
  /** What is measured. */
  what: string;
  /** The figure, with its unit. */
  figure: string;
  /** What it stands against, with its figure: a peer in the same run, or a lower bound. */
  against: string;
  /** The figure divided by the other; of a rate the larger one is better. */
  ratio: number;
  target?: { atMost: number } | { atLeast: number };
  /** How it was measured: rounds, medians. */
  how: string;
  /** Why the target is not met, in one line. */
  reason?: string;
}

export interface Measure {
  name: string;
  run(): Promise<Row[]>;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** The median of each of several figures, taken one after the other in every round. */
export async function interleaved<Name extends string>(
  rounds: number,
  takes: Readonly<Record<Name, () => Promise<number>>>,
): Promise<Record<Name, number>> {
  const names = Object.keys(takes) as Name[];
  const taken = new Map(names.map((name) => [name, [] as number[]]));
  for (let round = 0; round < rounds; round++)
    for (const name of names) taken.get(name)?.push(await takes[name]());
  return Object.fromEntries(names.map((name) => [name, median(taken.get(name) ?? [])])) as Record<
    Name,
    number
  >;
}

/** Milliseconds of CPU that some work takes in this process. */
export async function cpuMilliseconds(work: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
