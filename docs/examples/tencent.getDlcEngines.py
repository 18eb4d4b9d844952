import pulumi
import pulumi_bigdata as bigdata

engines_var = bigdata.tencent.get_dlc_engines(region="ap-guangzhou")
pulumi.export("engines", engines_var.engines)
