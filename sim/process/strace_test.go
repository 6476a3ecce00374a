//go:build linux

package process

import (
	"bufio"
	"errors"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"
)

// strace is attached to a running server, to watch its system calls or to make
// some fail. A static Go program is out of reach for LD_PRELOAD; it is not for this.
type strace struct {
	t    *testing.T
	cmd  *exec.Cmd
	done chan struct{}
}

// attach returns when every thread of the server is watched.
func attach(t *testing.T, s *server, args ...string) *strace {
	t.Helper()
	cmd := exec.Command("strace", append([]string{"-f", "-p", strconv.Itoa(s.cmd.Process.Pid)}, args...)...)
	said, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatalf("strace is needed: %v", err)
	}
	x := &strace{t: t, cmd: cmd, done: make(chan struct{})}
	attached, text := make(chan struct{}), ""
	go func() {
		defer close(x.done)
		once := false
		for lines := bufio.NewScanner(said); lines.Scan(); {
			if !once && strings.Contains(lines.Text(), " attached") {
				once = true
				close(attached)
			} else if !once {
				text += lines.Text() + "\n"
			}
		}
		_ = cmd.Wait()
	}()
	t.Cleanup(x.detach)
	select {
	case <-attached:
	case <-x.done:
		t.Fatalf("strace cannot attach: %s", text)
	case <-time.After(20 * time.Second):
		t.Fatal("strace did not attach")
	}
	return x
}

// detach lets the server go on untouched; a server that was killed has ended it.
func (x *strace) detach() {
	select {
	case <-x.done:
		return
	default:
	}
	if err := x.cmd.Process.Signal(os.Interrupt); err != nil && !errors.Is(err, os.ErrProcessDone) {
		x.t.Errorf("detach: %v", err)
	}
	select {
	case <-x.done:
	case <-time.After(20 * time.Second):
		x.t.Error("strace did not let go")
		_ = x.cmd.Process.Kill()
	}
}
