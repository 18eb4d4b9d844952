import pulumi
import pulumi_bigdata as bigdata

ray = bigdata.volcengine.get_vke_components(cluster_id="emr-0123",
    application="Ray")
pulumi.export("first", f"Ray is {ray.instances[0].state}")
