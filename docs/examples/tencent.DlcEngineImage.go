package main

import (
	"github.com/pulumi-bigdata/pulumi-bigdata/sdk/go/bigdata/tencent"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		spark, err := tencent.NewDlcEngineImage(ctx, "spark", &tencent.DlcEngineImageArgs{
			DataEngineName: pulumi.String("spark-prod"),
			ImageVersion:   pulumi.String("SuperSQL-S 1.0"),
			ChildVersion:   tencent.DlcEngineImageChildVersionLatest,
			OnDelete:       tencent.DlcEngineImageOnDeleteRestorePrevious,
		})
		if err != nil {
			return err
		}
		ctx.Export("engineState", spark.EngineState)
		return nil
	})
}
