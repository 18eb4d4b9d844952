package main

import (
	"github.com/pulumi-bigdata/pulumi-bigdata/sdk/go/bigdata/tencent"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		cluster, err := tencent.GetEmrCluster(ctx, &tencent.GetEmrClusterArgs{
			ClusterId: "emr-5n3l5c83",
		}, nil)
		if err != nil {
			return err
		}
		ctx.Export("size", pulumi.Sprintf("%v task nodes", cluster.NodeCounts.Task))
		return nil
	})
}
