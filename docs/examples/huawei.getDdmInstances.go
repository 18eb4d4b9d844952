package main

import (
	"github.com/pulumi-bigdata/pulumi-bigdata/sdk/go/bigdata/huawei"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		instancesVar, err := huawei.GetDdmInstances(ctx, &huawei.GetDdmInstancesArgs{
			Region: pulumi.StringRef("eu-west-101"),
		}, nil)
		if err != nil {
			return err
		}
		ctx.Export("instances", instancesVar.Instances)
		return nil
	})
}
