// Loaded before everything else where an error is told by others.
import { nodeProblem } from "../base/nodeVersion";

if (nodeProblem) throw new Error(nodeProblem);
