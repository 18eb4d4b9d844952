// Libraries that need a newer Node fail with texts that do not say so: what the one that runs is told instead.
const needed = [22, 19] as const;

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
const isOlder = major < needed[0] || (major === needed[0] && minor < needed[1]);

/** What is wrong with the Node that runs, if anything is. */
export const nodeProblem = isOlder
  ? `pulumi-bigdata needs Node ${needed.join(".")} or later, but Node ${process.versions.node} is running: put a newer one first on PATH.`
  : undefined;
