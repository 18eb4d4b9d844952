// Says in one line when the Node that runs is older than package.json's engines allow. Plain old syntax on purpose.
const wanted = require("../package.json").engines.node.replace(">=", "").split(".").map(Number);
const have = process.versions.node.split(".").map(Number);
const older = have[0] < wanted[0] || (have[0] === wanted[0] && have[1] < wanted[1]);
if (older) {
  console.error(
    `pulumi-bigdata needs Node ${wanted.join(".")} or later, but Node ${process.versions.node} is running. ` +
      "Run through npm (its dev dependency `node` brings a current one; approve its install script if npm asks) or install a newer Node.",
  );
  process.exit(1);
}
