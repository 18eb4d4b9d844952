import * as pulumi from "@pulumi/pulumi";
import * as bigdata from "pulumi-bigdata";

const nodeManagers = new bigdata.tencent.EmrServiceState("nodeManagers", {
    clusterId: "emr-5n3l5c83",
    service: "YARN",
    components: ["NodeManager"],
    state: bigdata.RunState.Running,
    restartTriggers: {
        configuration: "v2",
    },
    restart: {
        rolling: true,
        batchSize: 2,
        waitSeconds: 30,
        onFailure: bigdata.tencent.EmrServiceStateRestartOnFailure.Block,
    },
});
export const runState = nodeManagers.runState;
