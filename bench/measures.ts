// Every measure, in the order of the table.
import { client } from "./client";
import { handlers } from "./handlers";
import type { Measure } from "./measure";
import { memory } from "./memory";
import { noChange } from "./noChange";
import { growth, reads } from "./pools";
import { size } from "./size";
import { start } from "./start";

export const measures: readonly Measure[] = [start, handlers, client, reads, growth, noChange, memory, size];
