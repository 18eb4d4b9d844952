// Loaded before everything else: libraries that need a newer Node fail with texts that do not say so.
const needed = [22, 19] as const;

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < needed[0] || (major === needed[0] && minor < needed[1])) {
  throw new Error(
    `pulumi-bigdata needs Node ${needed.join(".")} or later, but Node ${process.versions.node} is running: put a newer one first on PATH.`,
  );
}

export const minimumNodeVersion = `${needed.join(".")}.0`;
