import pulumi
import pulumi_bigdata as bigdata

yarn = bigdata.tencent.get_emr_processes(cluster_id="emr-5n3l5c83",
    service="YARN")
pulumi.export("yarnIs", yarn.run_state)
