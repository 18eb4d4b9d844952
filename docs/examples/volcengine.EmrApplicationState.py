import pulumi
import pulumi_bigdata as bigdata

ray = bigdata.volcengine.EmrApplicationState("ray",
    cluster_id="emr-0123",
    application="Ray",
    components=["RayOperator"],
    state=bigdata.RunState.RUNNING,
    application_configs=[{
        "file": "ray-operator-values.yaml",
        "key": "resources.cpu",
        "value": "1",
    }])
pulumi.export("runState", ray.run_state)
