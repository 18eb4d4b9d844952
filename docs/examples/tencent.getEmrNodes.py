import pulumi
import pulumi_bigdata as bigdata

cores = bigdata.tencent.get_emr_nodes(cluster_id="emr-5n3l5c83",
    role=bigdata.tencent.GetEmrNodesRole.CORE)
pulumi.export("coreIps", cores.private_ips)
