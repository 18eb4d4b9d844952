package main

import (
	"github.com/pulumi-bigdata/pulumi-bigdata/sdk/go/bigdata/huawei"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		instances, err := huawei.GetDdmInstances(ctx, &huawei.GetDdmInstancesArgs{
			Region: pulumi.StringRef("eu-west-101"),
		}, nil)
		if err != nil {
			return err
		}
		ctx.Export("first", pulumi.Sprintf("Instance %v", instances.Instances[0].Name))
		return nil
	})
}
