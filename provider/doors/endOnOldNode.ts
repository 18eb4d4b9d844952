// Loaded before everything else in a process of our own: one line, and no trace.
import { nodeProblem } from "../base/nodeVersion";

if (nodeProblem) {
  console.error(nodeProblem);
  process.exit(1);
}
