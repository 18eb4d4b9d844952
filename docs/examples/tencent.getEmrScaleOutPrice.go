package main

import (
	"github.com/pulumi-bigdata/pulumi-bigdata/sdk/go/bigdata/tencent"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		price, err := tencent.GetEmrScaleOutPrice(ctx, &tencent.GetEmrScaleOutPriceArgs{
			ClusterId: "emr-5n3l5c83",
			Role:      tencent.RoleTask,
			Count:     10,
			PayMode:   tencent.PayModeHourly,
		}, nil)
		if err != nil {
			return err
		}
		ctx.Export("pricePerHour", price.DiscountedPrice)
		return nil
	})
}
