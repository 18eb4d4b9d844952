package main

import (
	"github.com/pulumi-bigdata/pulumi-bigdata/sdk/go/bigdata/huawei"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		flavors, err := huawei.GetDdmFlavors(ctx, &huawei.GetDdmFlavorsArgs{
			EngineVersion: pulumi.StringRef("3.0.8"),
		}, nil)
		if err != nil {
			return err
		}
		ctx.Export("first", pulumi.Sprintf("Flavour %v", flavors.Flavors[0].Code))
		return nil
	})
}
