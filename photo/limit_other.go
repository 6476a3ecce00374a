//go:build !linux

package photo

import (
	"os"
	"os/exec"
)

// limitSelf has only the collector's soft limit here: the demo runs on any
// system, production on Linux.
func limitSelf(_, _ uint64) error { return nil }

func peakKiB() int64 { return 0 }

func executable() (string, error) { return os.Executable() }

func dieWithParent(*exec.Cmd) {}

func killed(*os.ProcessState) bool { return false }
