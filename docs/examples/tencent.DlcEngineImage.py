import pulumi
import pulumi_bigdata as bigdata

spark = bigdata.tencent.DlcEngineImage("spark",
    data_engine_name="spark-prod",
    image_version="SuperSQL-S 1.0",
    child_version=bigdata.tencent.DlcEngineImageChildVersion.LATEST,
    on_delete=bigdata.tencent.DlcEngineImageOnDelete.RESTORE_PREVIOUS)
pulumi.export("engineState", spark.engine_state)
