package main

import (
	"github.com/pulumi-bigdata/pulumi-bigdata/sdk/go/bigdata/tencent"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		nodes, err := tencent.GetEmrNodes(ctx, &tencent.GetEmrNodesArgs{
			ClusterId: "emr-5n3l5c83",
		}, nil)
		if err != nil {
			return err
		}
		ctx.Export("first", pulumi.Sprintf("Node %v", nodes.Nodes[0].Ip))
		return nil
	})
}
