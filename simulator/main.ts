#!/usr/bin/env node
// The simulator as a command, on the real clock.
import { parseArgs } from "node:util";
import { defaultVkeCluster, startSimulator } from "./index";

const usage = `usage: simulator [--port N] [--time-scale X] [--cluster ID] [--engine NAME] [--virtual-cluster ID]
  --port N        port on 127.0.0.1 (default: any free one)
  --time-scale X  multiplies every simulated duration; 0.02 turns minutes into seconds (default 1)
  --cluster ID    creates a cluster that is ready for use, for instance emr-demo0001
  --engine NAME   creates a DLC engine that is ready for use
  --virtual-cluster ID
                  creates another virtual cluster of Volcengine EMR with Ray and Spark`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: "string", default: "0" },
      "time-scale": { type: "string", default: "1" },
      cluster: { type: "string" },
      engine: { type: "string" },
      "virtual-cluster": { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(usage);
    return;
  }
  const simulator = await startSimulator({
    clock: "real",
    port: numberOf("--port", values.port),
    timeScale: numberOf("--time-scale", values["time-scale"]),
  });
  console.log(
    `Simulator of Tencent Cloud EMR and DLC, Huawei Cloud DDM and Volcengine EMR on VKE: ${simulator.url}`,
  );
  for (const { secretId, secretKey } of simulator.credentials) {
    console.log(`Credentials: secretId ${secretId}, secretKey ${secretKey}`);
  }
  if (values.cluster !== undefined) {
    const { clusterId, region } = simulator.emr.createCluster({ clusterId: values.cluster });
    console.log(`Cluster: ${clusterId} in ${region}`);
  }
  if (values.engine !== undefined) {
    const { dataEngineId, region } = simulator.dlc.createEngine({ dataEngineName: values.engine });
    console.log(`Engine: ${dataEngineId} in ${region}`);
  }
  const virtualCluster = values["virtual-cluster"];
  if (virtualCluster !== undefined) {
    simulator.vke.createCluster({ ...defaultVkeCluster, clusterId: virtualCluster });
  }
  for (const { clusterId, region } of simulator.vke.clusters()) {
    console.log(`Virtual cluster: ${clusterId} in ${region}`);
  }
  console.log(`Use it as the endpoint of these calls; look inside with: curl ${simulator.url}/_sim/state`);
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => void simulator.close());
  }
}

function numberOf(flag: string, text: string): number {
  const number = Number(text);
  if (text === "" || !Number.isFinite(number) || number < 0) {
    throw new Error(`${flag} needs a number, not "${text}".`);
  }
  return number;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  console.error(usage);
  process.exitCode = 1;
});
