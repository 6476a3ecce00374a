package photo

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"syscall"
)

// childNiceness lets syncing go before pictures.
const childNiceness = 5

// limitSelf puts hard limits on this process. Address space, not RLIMIT_DATA:
// at the latter Go's runtime was seen to crash, at the former it says "out of
// memory". It counts from what the runtime has reserved by now (over 1 GiB
// that is never touched), so it is put on by the child itself, not before it.
func limitSelf(addedBytes, cpuSeconds uint64) error {
	statm, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return err
	}
	pages, _, _ := bytes.Cut(statm, []byte(" "))
	n, err := strconv.ParseUint(string(pages), 10, 64)
	if err != nil {
		return err
	}
	space := n*uint64(os.Getpagesize()) + addedBytes
	// At the soft limit the kernel sends SIGXCPU, by which the child says
	// itself that the picture is to blame; the hard one kills what cannot.
	stopAtSignal(syscall.SIGXCPU)
	for _, l := range []struct {
		what       int
		soft, hard uint64
	}{
		{syscall.RLIMIT_AS, space, space},
		{syscall.RLIMIT_CPU, cpuSeconds, cpuSeconds + 5},
		{syscall.RLIMIT_FSIZE, 0, 0}, // it answers through a pipe
		{syscall.RLIMIT_CORE, 0, 0},
	} {
		if err := syscall.Setrlimit(l.what, &syscall.Rlimit{Cur: l.soft, Max: l.hard}); err != nil {
			return fmt.Errorf("set limit %d: %w", l.what, err)
		}
	}
	return syscall.Setpriority(syscall.PRIO_PROCESS, 0, childNiceness)
}

// stopAtSignal ends this process with exitTooLong; left alone, Go's runtime
// takes no notice of SIGXCPU.
func stopAtSignal(s os.Signal) {
	c := make(chan os.Signal, 1)
	signal.Notify(c, s)
	go func() {
		<-c
		os.Exit(exitTooLong)
	}()
}

// peakKiB is the most memory this process had resident at once, or 0.
func peakKiB() int64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	_, after, _ := bytes.Cut(status, []byte("VmHWM:"))
	fields := bytes.Fields(after)
	if len(fields) == 0 {
		return 0
	}
	n, _ := strconv.ParseInt(string(fields[0]), 10, 64)
	return n
}

// executable is the running program, also after its file was replaced.
func executable() (string, error) { return "/proc/self/exe", nil }

// dieWithParent ends the child when the server dies.
func dieWithParent(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
}

// killed reports a death by SIGKILL: by us, or by the kernel short of memory.
func killed(state *os.ProcessState) bool {
	status, ok := state.Sys().(syscall.WaitStatus)
	return ok && status.Signaled() && status.Signal() == syscall.SIGKILL
}
