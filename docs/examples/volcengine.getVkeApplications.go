package main

import (
	"github.com/pulumi-bigdata/pulumi-bigdata/sdk/go/bigdata/volcengine"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		applications, err := volcengine.GetVkeApplications(ctx, &volcengine.GetVkeApplicationsArgs{
			ClusterId: "emr-0123",
		}, nil)
		if err != nil {
			return err
		}
		ctx.Export("first", pulumi.Sprintf("Application %v", applications.Applications[0].Name))
		return nil
	})
}
