import pulumi
import pulumi_bigdata as bigdata

versions_var = bigdata.tencent.get_dlc_image_versions(data_engine_name="spark-prod")
pulumi.export("versions", versions_var.versions)
