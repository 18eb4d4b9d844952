package main

import (
	"github.com/pulumi-bigdata/pulumi-bigdata/sdk/go/bigdata/volcengine"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		ray, err := volcengine.GetVkeComponents(ctx, &volcengine.GetVkeComponentsArgs{
			ClusterId:   "emr-0123",
			Application: "Ray",
		}, nil)
		if err != nil {
			return err
		}
		ctx.Export("first", pulumi.Sprintf("Ray is %v", ray.Instances[0].State))
		return nil
	})
}
