import pulumi
import pulumi_bigdata as bigdata

applications_var = bigdata.volcengine.get_vke_applications(cluster_id="emr-0123")
pulumi.export("applications", applications_var.applications)
