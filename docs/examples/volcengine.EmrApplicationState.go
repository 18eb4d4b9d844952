package main

import (
	"github.com/pulumi-bigdata/pulumi-bigdata/sdk/go/bigdata"
	"github.com/pulumi-bigdata/pulumi-bigdata/sdk/go/bigdata/volcengine"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		ray, err := volcengine.NewEmrApplicationState(ctx, "ray", &volcengine.EmrApplicationStateArgs{
			ClusterId:   pulumi.String("emr-0123"),
			Application: pulumi.String("Ray"),
			Components: pulumi.StringArray{
				pulumi.String("RayOperator"),
			},
			State: bigdata.RunStateRunning,
			ApplicationConfigs: volcengine.EmrApplicationStateApplicationConfigArray{
				&volcengine.EmrApplicationStateApplicationConfigArgs{
					File:  pulumi.String("ray-operator-values.yaml"),
					Key:   pulumi.String("resources.cpu"),
					Value: pulumi.String("1"),
				},
			},
		})
		if err != nil {
			return err
		}
		ctx.Export("runState", ray.RunState)
		return nil
	})
}
