package main

import (
	"github.com/pulumi-bigdata/pulumi-bigdata/sdk/go/bigdata/tencent"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		clustersVar, err := tencent.GetEmrClusters(ctx, &tencent.GetEmrClustersArgs{
			Status: tencent.GetEmrClustersStatusRunning,
		}, nil)
		if err != nil {
			return err
		}
		ctx.Export("clusters", clustersVar.Clusters)
		return nil
	})
}
