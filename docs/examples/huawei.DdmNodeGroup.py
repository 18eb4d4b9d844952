import pulumi
import pulumi_bigdata as bigdata

groups = bigdata.huawei.get_ddm_groups(instance_id="1f5c9fd6cd984056ba89c8c87cc03278in09")
readers = bigdata.huawei.DdmNodeGroup("readers",
    instance_id="1f5c9fd6cd984056ba89c8c87cc03278in09",
    group_id=groups.groups[0].id,
    flavor_id=groups.groups[0].flavor_id,
    node_count=4,
    scale_in={
        "allowed": True,
    },
    on_delete=bigdata.huawei.DdmNodeGroupOnDelete.SHRINK_TO_INITIAL)
pulumi.export("addresses", readers.private_ips)
