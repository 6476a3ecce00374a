package photo

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sync/semaphore"
)

const mib = 1 << 20

// class is how much one child may take.
type class struct {
	slots  int64
	memory int64 // header.memory that still fits
	heap   int64 // for the garbage collector
	added  uint64
}

// Two small ones run at a time, or one large one: all children together stay within
// 256 MiB. What a tablet sends is small, what any camera of one makes (13 megapixels) is
// accepted at the latest alone; what takes more than a large one may is refused: 40
// megapixels of 16 bits, progressive or lossless WebP, which no tablet sends.
//
// The address space is counted in the runtime's 64 MiB arenas, so the hard limit stands
// that much above the working limit; resident memory stays near the latter.
var (
	small   = class{slots: 1, memory: 56 * mib, heap: 96 * mib, added: 224 * mib}
	large   = class{slots: 2, memory: 208 * mib, heap: 224 * mib, added: 352 * mib}
	classes = []class{small, large}
)

// classOf is the smallest class that a picture fits in.
func classOf(h header) (class, error) {
	for _, c := range classes {
		if h.memory <= c.memory {
			return c, nil
		}
	}
	return class{}, tooLarge("decoding it takes %d MiB, at most %d are allowed: save it smaller, or as an ordinary JPEG", h.memory/mib, large.memory/mib)
}

// workshop is where children are started: the slots of this process and the
// limits of time.
type workshop struct {
	slots      *semaphore.Weighted
	waiting    atomic.Int64
	maxWaiting int64
	wait       time.Duration // for a slot
	wall       time.Duration // for one child: beyond it, the machine is to blame
	cpuSeconds uint64        // for one child: beyond it, the picture is to blame
	program    func() (string, error)
}

func newWorkshop() *workshop {
	return &workshop{slots: semaphore.NewWeighted(2), maxWaiting: 256, wait: 20 * time.Second, wall: 60 * time.Second, cpuSeconds: 20, program: executable}
}

var theWorkshop = newWorkshop()

// process makes the three pictures of the one at src and lets keep have them. At most two
// are in work at a time, to the end of keep: that bounds what is in memory.
//
// Errors: *Error if the picture is refused for good, ErrBusy if it should be tried again,
// those of keep; anything else is a fault of the server.
func (w *workshop) process(ctx context.Context, src string, keep func(pictures [][]byte) error) (a answer, err error) {
	h, err := checkHeader(src)
	if err != nil {
		return a, err
	}
	c, err := classOf(h)
	if err != nil {
		return a, err
	}
	if err := w.acquire(ctx, c.slots); err != nil {
		return a, err
	}
	defer w.slots.Release(c.slots)

	a, err = w.runChild(ctx, job{Source: src, HeapBytes: c.heap, AddedBytes: c.added, CPUSeconds: w.cpuSeconds})
	if err != nil {
		return a, err
	}
	return a, keep(a.pictures)
}

func checkHeader(src string) (header, error) {
	f, err := os.Open(src)
	if err != nil {
		return header{}, err
	}
	defer f.Close()
	return readHeader(f)
}

func (w *workshop) acquire(ctx context.Context, slots int64) error {
	if w.waiting.Add(1) > w.maxWaiting {
		w.waiting.Add(-1)
		return ErrBusy
	}
	defer w.waiting.Add(-1)
	ctx, cancel := context.WithTimeout(ctx, w.wait)
	defer cancel()
	if w.slots.Acquire(ctx, slots) != nil {
		return ErrBusy
	}
	return nil
}

// runChild runs one job in a process of its own.
func (w *workshop) runChild(ctx context.Context, j job) (answer, error) {
	input, err := json.Marshal(j)
	if err != nil {
		return answer{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, w.wall)
	defer cancel()
	exe, err := w.program()
	if err != nil {
		return answer{}, err
	}
	cmd := exec.CommandContext(ctx, exe, WorkerArg)
	// Nothing of the server's environment: it may hold keys. One thread for
	// Go code is enough, and keeps the other core for syncing.
	cmd.Env = []string{"GOMAXPROCS=1"}
	cmd.Stdin = bytes.NewReader(input)
	stdout, stderr := boundedBuffer{most: maxPictures}, boundedBuffer{most: maxOutput}
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	cmd.WaitDelay = 2 * time.Second
	dieWithParent(cmd)
	runtime.LockOSThread() // the kernel means the thread by "parent"
	defer runtime.UnlockOSThread()
	if err := cmd.Start(); err != nil {
		return answer{}, fmt.Errorf("photo: start the worker: %w", err)
	}
	if err := cmd.Wait(); err != nil {
		return answer{}, w.verdict(ctx, cmd, stderr.String(), err)
	}
	a, err := readAnswer(stdout.Bytes())
	if err != nil {
		return answer{}, fmt.Errorf("photo: the worker's answer: %w", err)
	}
	return a, a.err()
}

// readAnswer takes apart what a child has written.
func readAnswer(b []byte) (a answer, err error) {
	line, rest, _ := bytes.Cut(b, []byte("\n"))
	if err := json.Unmarshal(line, &a); err != nil {
		return a, err
	}
	for _, n := range a.Lengths {
		if n < 0 || n > len(rest) {
			return a, io.ErrUnexpectedEOF
		}
		a.pictures, rest = append(a.pictures, rest[:n:n]), rest[n:]
	}
	if len(rest) > 0 || a.Code == "" && len(a.pictures) != len(sizes) {
		return a, fmt.Errorf("%d pictures and %d bytes more", len(a.pictures), len(rest))
	}
	return a, nil
}

// verdict says who is to blame that the child died: the picture (it is
// refused), or the machine (it is tried again).
func (w *workshop) verdict(ctx context.Context, cmd *exec.Cmd, stderr string, err error) error {
	state := cmd.ProcessState
	if state == nil {
		return fmt.Errorf("photo: the worker: %w", err)
	}
	switch {
	case state.ExitCode() == exitTooLong:
		return invalid("decoding it takes more than %d seconds", w.cpuSeconds)
	case ctx.Err() != nil, killed(state):
		return ErrBusy
	}
	first, _, _ := strings.Cut(strings.TrimSpace(stderr), "\n")
	return invalid("decoding it breaks its limits (%s)", first)
}

// err turns the child's codes back into errors.
func (a answer) err() error {
	switch a.Code {
	case "":
		return nil
	case string(Invalid), string(TooLarge):
		return &Error{Code: Code(a.Code), Reason: a.Reason}
	case codeBroken:
		return fmt.Errorf("photo: %s: %w", a.Reason, syscall.EIO)
	}
	return errors.New("photo: the worker: " + a.Reason)
}

// boundedBuffer keeps the first bytes that a child writes and drops the rest.
type boundedBuffer struct {
	bytes.Buffer
	most int
}

// maxPictures bounds a child's answer: three JPEGs of at most 6.5, 1.6 and 0.1 megapixels.
// Noise of that size was seen to take 6 MB.
const (
	maxOutput   = 16 << 10
	maxPictures = 32 * mib
)

func (b *boundedBuffer) Write(p []byte) (int, error) {
	b.Buffer.Write(p[:min(len(p), b.most-b.Len())])
	return len(p), nil
}
