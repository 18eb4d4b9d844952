package main

import (
	"github.com/pulumi-bigdata/pulumi-bigdata/sdk/go/bigdata"
	"github.com/pulumi-bigdata/pulumi-bigdata/sdk/go/bigdata/tencent"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		nodeManagers, err := tencent.NewEmrServiceState(ctx, "nodeManagers", &tencent.EmrServiceStateArgs{
			ClusterId: pulumi.String("emr-5n3l5c83"),
			Service:   pulumi.String("YARN"),
			Components: pulumi.StringArray{
				pulumi.String("NodeManager"),
			},
			State: bigdata.RunStateRunning,
			RestartTriggers: pulumi.StringMap{
				"configuration": pulumi.String("v2"),
			},
			Restart: &tencent.EmrServiceStateRestartArgs{
				Rolling:     pulumi.Bool(true),
				BatchSize:   pulumi.Int(2),
				WaitSeconds: pulumi.Int(30),
				OnFailure:   tencent.EmrServiceStateRestartOnFailureBlock,
			},
		})
		if err != nil {
			return err
		}
		ctx.Export("runState", nodeManagers.RunState)
		return nil
	})
}
