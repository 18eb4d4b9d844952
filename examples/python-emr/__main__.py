"""A pool of task nodes, and YARN that is restarted on all of them when nodes come or go."""

import pulumi
from pulumi_bigdata import RunState, tencent

config = pulumi.Config()
cluster_id = config.require("clusterId")

workers = tencent.EmrNodePool(
    "workers",
    cluster_id=cluster_id,
    role=tencent.Role.TASK,
    count=config.get_int("taskNodes", 1),
    opts=pulumi.ResourceOptions(custom_timeouts=pulumi.CustomTimeouts(create="90m")),
)

# The pool's addresses are a trigger: when nodes come or go, YARN is restarted two nodes at a time, once they are there.
yarn = tencent.EmrServiceState(
    "yarn",
    cluster_id=cluster_id,
    service="YARN",
    components=["NodeManager"],
    state=RunState.RUNNING,
    restart_triggers={"nodes": workers.private_ips.apply(",".join)},
    restart=tencent.EmrServiceStateRestartArgs(rolling=True, batch_size=2, wait_seconds=30),
)

# A question to the cloud, by the plugin.
cores = tencent.get_emr_nodes_output(cluster_id=cluster_id, role=tencent.GetEmrNodesRole.CORE)

pulumi.export("nodeManagers", yarn.processes.apply(len))
pulumi.export("runState", yarn.run_state)
pulumi.export("coreIps", cores.private_ips)
