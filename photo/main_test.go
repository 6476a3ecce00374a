package photo

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// The test binary is its own worker, as the server is; under the race detector
// a plain build of the same worker stands in for it.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == WorkerArg {
		os.Exit(Worker(os.Args[2:], os.Stdin, os.Stdout))
	}
	os.Exit(run(m))
}

func run(m *testing.M) int {
	if raceDetector {
		dir, err := os.MkdirTemp("", "photo-worker")
		if err != nil {
			panic(err)
		}
		defer os.RemoveAll(dir)
		exe := filepath.Join(dir, "worker")
		build := exec.Command("go", "build", "-o", exe, "./testdata/worker")
		build.Env = append(os.Environ(), "CGO_ENABLED=0")
		if out, err := build.CombinedOutput(); err != nil {
			fmt.Fprintf(os.Stderr, "build the worker: %v\n%s", err, out)
			return 1
		}
		theWorkshop.program = func() (string, error) { return exe, nil }
	}
	return m.Run()
}

// newTestWorkshop has slots of its own, and the tests' worker.
func newTestWorkshop() *workshop {
	w := newWorkshop()
	w.program = theWorkshop.program
	return w
}
