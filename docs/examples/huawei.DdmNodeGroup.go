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
		readers, err := huawei.NewDdmNodeGroup(ctx, "readers", &huawei.DdmNodeGroupArgs{
			InstanceId: pulumi.String("1f5c9fd6cd984056ba89c8c87cc03278in09"),
			GroupId:    pulumi.String(groups.Groups[0].Id),
			FlavorId:   pulumi.String(groups.Groups[0].FlavorId),
			NodeCount:  pulumi.Int(4),
			ScaleIn: &huawei.DdmNodeGroupScaleInArgs{
				Allowed: pulumi.Bool(true),
			},
			OnDelete: huawei.DdmNodeGroupOnDeleteShrinkToInitial,
		})
		if err != nil {
			return err
		}
		ctx.Export("addresses", readers.PrivateIps)
		return nil
	})
}
