package main

import (
	"github.com/pulumi-bigdata/pulumi-bigdata/sdk/go/bigdata/tencent"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		yarnVar, err := tencent.GetEmrProcesses(ctx, &tencent.GetEmrProcessesArgs{
			ClusterId: "emr-5n3l5c83",
			Service:   "YARN",
		}, nil)
		if err != nil {
			return err
		}
		ctx.Export("yarn", pulumi.Sprintf("YARN is %v", yarnVar.RunState))
		return nil
	})
}
