package main

import (
	"github.com/pulumi-bigdata/pulumi-bigdata/sdk/go/bigdata/tencent"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		clusters, err := tencent.GetEmrClusters(ctx, &tencent.GetEmrClustersArgs{
			Region: pulumi.StringRef("ap-guangzhou"),
		}, nil)
		if err != nil {
			return err
		}
		ctx.Export("first", pulumi.Sprintf("Cluster %v", clusters.Clusters[0].ClusterId))
		return nil
	})
}
