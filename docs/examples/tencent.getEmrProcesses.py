import pulumi
import pulumi_bigdata as bigdata

yarn_var = bigdata.tencent.get_emr_processes(cluster_id="emr-5n3l5c83",
    service="YARN")
pulumi.export("yarn", f"YARN is {yarn_var.run_state}")
