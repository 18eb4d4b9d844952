package main

import (
	"github.com/pulumi-bigdata/pulumi-bigdata/sdk/go/bigdata/tencent"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		versions, err := tencent.GetDlcImageVersions(ctx, &tencent.GetDlcImageVersionsArgs{
			DataEngineName: pulumi.StringRef("spark-prod"),
		}, nil)
		if err != nil {
			return err
		}
		ctx.Export("first", pulumi.Sprintf("Version %v", versions.Versions[0].Name))
		return nil
	})
}
