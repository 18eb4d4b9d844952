import pulumi
import pulumi_bigdata as bigdata

workers = bigdata.tencent.EmrNodePool("workers",
    cluster_id="emr-5n3l5c83",
    role=bigdata.tencent.Role.TASK,
    count=5,
    tags=[{
        "tag_key": "team",
        "tag_value": "analytics",
    }],
    scale_in={
        "order": bigdata.tencent.EmrNodePoolScaleInOrder.OLDEST,
        "grace_seconds": 600,
    },
    timeouts={
        "create": "90m",
    })
pulumi.export("workerIps", workers.private_ips)
