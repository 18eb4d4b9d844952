import pulumi
import pulumi_bigdata as bigdata

ten_more = bigdata.tencent.get_emr_scale_out_price(cluster_id="emr-5n3l5c83",
    role=bigdata.tencent.Role.TASK,
    count=10)
pulumi.export("price", f"{ten_more.discounted_price} CNY per hour")
