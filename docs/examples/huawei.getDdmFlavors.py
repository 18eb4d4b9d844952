import pulumi
import pulumi_bigdata as bigdata

flavors_var = bigdata.huawei.get_ddm_flavors(engine_version="3.0.8")
pulumi.export("flavors", flavors_var.flavors)
