package main

import (
	"github.com/pulumi-bigdata/pulumi-bigdata/sdk/go/bigdata/tencent"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		yarn, err := tencent.GetEmrProcesses(ctx, &tencent.GetEmrProcessesArgs{
			ClusterId: "emr-5n3l5c83",
			Service:   "YARN",
		}, nil)
		if err != nil {
			return err
		}
		ctx.Export("yarnIs", yarn.RunState)
		return nil
	})
}
