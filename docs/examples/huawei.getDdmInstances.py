import pulumi
import pulumi_bigdata as bigdata

instances_var = bigdata.huawei.get_ddm_instances(region="eu-west-101")
pulumi.export("instances", instances_var.instances)
