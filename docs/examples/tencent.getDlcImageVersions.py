import pulumi
import pulumi_bigdata as bigdata

versions = bigdata.tencent.get_dlc_image_versions(data_engine_name="spark-prod")
pulumi.export("first", f"Version {versions.versions[0].name}")
