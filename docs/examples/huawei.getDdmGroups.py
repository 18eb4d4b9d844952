import pulumi
import pulumi_bigdata as bigdata

groups = bigdata.huawei.get_ddm_groups(instance_id="1f5c9fd6cd984056ba89c8c87cc03278in09")
pulumi.export("first", f"Flavour {groups.groups[0].flavor_id}")
