import pulumi
import pulumi_bigdata as bigdata

flavors = bigdata.huawei.get_ddm_flavors(engine_version="3.0.8")
pulumi.export("first", f"Flavour {flavors.flavors[0].code}")
