package main

import (
	"github.com/pulumi-bigdata/pulumi-bigdata/sdk/go/bigdata"
	"github.com/pulumi-bigdata/pulumi-bigdata/sdk/go/bigdata/tencent"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		workers, err := tencent.NewEmrNodePool(ctx, "workers", &tencent.EmrNodePoolArgs{
			ClusterId: pulumi.String("emr-5n3l5c83"),
			Role:      tencent.RoleTask,
			Count:     pulumi.Int(5),
			Tags: tencent.TagArray{
				&tencent.TagArgs{
					TagKey:   pulumi.String("team"),
					TagValue: pulumi.String("analytics"),
				},
			},
			ScaleIn: &tencent.EmrNodePoolScaleInArgs{
				Order:        tencent.EmrNodePoolScaleInOrderOldest,
				GraceSeconds: pulumi.Int(600),
			},
			Timeouts: &bigdata.TimeoutsArgs{
				Create: pulumi.String("90m"),
			},
		})
		if err != nil {
			return err
		}
		ctx.Export("workerIps", workers.PrivateIps)
		return nil
	})
}
