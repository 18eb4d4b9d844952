import pulumi
import pulumi_bigdata as bigdata

node_managers = bigdata.tencent.EmrServiceState("nodeManagers",
    cluster_id="emr-5n3l5c83",
    service="YARN",
    components=["NodeManager"],
    state=bigdata.RunState.RUNNING,
    restart_triggers={
        "configuration": "v2",
    },
    restart={
        "rolling": True,
        "batch_size": 2,
        "wait_seconds": 30,
        "on_failure": bigdata.tencent.EmrServiceStateRestartOnFailure.BLOCK,
    })
pulumi.export("runState", node_managers.run_state)
