import pulumi
import pulumi_bigdata as bigdata

price = bigdata.tencent.get_emr_scale_out_price(cluster_id="emr-5n3l5c83",
    role=bigdata.tencent.Role.TASK,
    count=10,
    pay_mode=bigdata.tencent.PayMode.HOURLY)
pulumi.export("pricePerHour", price.discounted_price)
