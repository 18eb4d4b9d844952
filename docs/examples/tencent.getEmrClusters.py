import pulumi
import pulumi_bigdata as bigdata

clusters_var = bigdata.tencent.get_emr_clusters(status=bigdata.tencent.GetEmrClustersStatus.RUNNING)
pulumi.export("clusters", clusters_var.clusters)
