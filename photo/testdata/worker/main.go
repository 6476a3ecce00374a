// The worker alone, for tests under the race detector: its shadow memory does
// not fit the child's limits, and would falsify their figures.
package main

import (
	"os"

	"doorstep/photo"
)

func main() {
	if len(os.Args) < 2 || os.Args[1] != photo.WorkerArg {
		os.Exit(64)
	}
	os.Exit(photo.Worker(os.Args[2:], os.Stdin, os.Stdout))
}
