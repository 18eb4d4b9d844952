import pulumi
import pulumi_bigdata as bigdata

nodes = bigdata.tencent.get_emr_nodes(cluster_id="emr-5n3l5c83")
pulumi.export("first", f"Node {nodes.nodes[0].ip}")
