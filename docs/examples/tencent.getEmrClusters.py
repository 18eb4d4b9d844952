import pulumi
import pulumi_bigdata as bigdata

clusters = bigdata.tencent.get_emr_clusters(region="ap-guangzhou")
pulumi.export("first", f"Cluster {clusters.clusters[0].cluster_id}")
