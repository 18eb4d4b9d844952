import pulumi
import pulumi_bigdata as bigdata

engines = bigdata.tencent.get_dlc_engines(region="ap-guangzhou")
pulumi.export("first", f"Engine {engines.engines[0].data_engine_name}")
