import pulumi
import pulumi_bigdata as bigdata

services = bigdata.tencent.get_emr_services(cluster_id="emr-5n3l5c83")
pulumi.export("first", f"Service {services.services[0].name}")
