package main

import (
	"github.com/pulumi-bigdata/pulumi-bigdata/sdk/go/bigdata/tencent"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		engines, err := tencent.GetDlcEngines(ctx, &tencent.GetDlcEnginesArgs{
			Region: pulumi.StringRef("ap-guangzhou"),
		}, nil)
		if err != nil {
			return err
		}
		ctx.Export("first", pulumi.Sprintf("Engine %v", engines.Engines[0].DataEngineName))
		return nil
	})
}
