package main

import (
	"github.com/pulumi-bigdata/pulumi-bigdata/sdk/go/bigdata/tencent"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		services, err := tencent.GetEmrServices(ctx, &tencent.GetEmrServicesArgs{
			ClusterId: "emr-5n3l5c83",
		}, nil)
		if err != nil {
			return err
		}
		ctx.Export("first", pulumi.Sprintf("Service %v", services.Services[0].Name))
		return nil
	})
}
