import pulumi
import pulumi_bigdata as bigdata

services_var = bigdata.tencent.get_emr_services(cluster_id="emr-5n3l5c83")
pulumi.export("services", services_var.services)
