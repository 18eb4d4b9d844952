import pulumi
import pulumi_bigdata as bigdata

instances = bigdata.huawei.get_ddm_instances(region="eu-west-101")
pulumi.export("first", f"Instance {instances.instances[0].name}")
