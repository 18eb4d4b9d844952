import pulumi
import pulumi_bigdata as bigdata

applications = bigdata.volcengine.get_vke_applications(cluster_id="emr-0123")
pulumi.export("first", f"Application {applications.applications[0].name}")
