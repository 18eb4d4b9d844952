// Loaded before everything else where an error is told by others.
import { nodeProblem } from "./nodeVersion";

if (nodeProblem) throw new Error(nodeProblem);
