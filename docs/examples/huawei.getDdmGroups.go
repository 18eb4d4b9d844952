package main

import (
	"github.com/pulumi-bigdata/pulumi-bigdata/sdk/go/bigdata/huawei"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		groups, err := huawei.GetDdmGroups(ctx, &huawei.GetDdmGroupsArgs{
			InstanceId: "1f5c9fd6cd984056ba89c8c87cc03278in09",
		}, nil)
		if err != nil {
			return err
		}
		ctx.Export("first", pulumi.Sprintf("Flavour %v", groups.Groups[0].FlavorId))
		return nil
	})
}
