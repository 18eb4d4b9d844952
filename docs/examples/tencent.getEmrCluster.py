import pulumi
import pulumi_bigdata as bigdata

cluster = bigdata.tencent.get_emr_cluster(cluster_id="emr-5n3l5c83")
pulumi.export("size", f"{cluster.node_counts.task} task nodes")
