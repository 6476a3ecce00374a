package photo

import (
	"os"
	"testing"
)

// The test binary is its own worker, as the server is.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == WorkerArg {
		os.Exit(Worker(os.Args[2:], os.Stdin, os.Stdout))
	}
	os.Exit(m.Run())
}
