// The program that `pulumi up` builds and runs.
package main

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"mlworkbench-go/workbench"
)

func main() {
	pulumi.Run(workbench.Declare)
}
