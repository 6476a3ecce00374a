package photo

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"syscall"
)

// WorkerArg is the hidden first argument with which the program runs itself as
// the child process. main looks for it before anything else:
//
//	if len(os.Args) > 1 && os.Args[1] == photo.WorkerArg {
//		os.Exit(photo.Worker(os.Args[2:], os.Stdin, os.Stdout))
//	}
const WorkerArg = "photo-worker"

// job is what the parent asks, on the child's standard input.
type job struct {
	Source     string `json:"source"`
	HeapBytes  int64  `json:"heap_bytes"`  // the collector works hard beyond this
	AddedBytes uint64 `json:"added_bytes"` // address space it may take beside what it started with
	CPUSeconds uint64 `json:"cpu_seconds"`
}

// answer is what the child says, on its standard output: one line of JSON, and the
// pictures behind it. The child writes no file, so what is personal is sealed before it
// touches the disk.
type answer struct {
	Info    Info   `json:"info"`
	Code    string `json:"code,omitempty"` // a Code, codeBroken or codeFailed
	Reason  string `json:"reason,omitempty"`
	PeakKiB int64  `json:"peak_kib"`        // peak resident memory
	Lengths []int  `json:"bytes,omitempty"` // of the pictures, in the order of sizes

	pictures [][]byte
}

// Codes between child and parent that say nothing about the picture.
const (
	codeBroken = "io_error"
	codeFailed = "failed"
)

// exitTooLong is the exit code of a child whose time was up.
const exitTooLong = 3

// Worker is the child process: one job, one answer, one exit code. It puts the
// limits on itself before it reads a byte of the picture. Exit code 0 means
// that there is an answer, also where the picture is refused.
func Worker(_ []string, stdin io.Reader, stdout io.Writer) int {
	var j job
	if err := json.NewDecoder(stdin).Decode(&j); err != nil {
		return 2
	}
	a := j.run()
	a.PeakKiB = peakKiB()
	for _, b := range a.pictures {
		a.Lengths = append(a.Lengths, len(b))
	}
	if err := json.NewEncoder(stdout).Encode(a); err != nil {
		return 2
	}
	for _, b := range a.pictures {
		if _, err := stdout.Write(b); err != nil {
			return 2
		}
	}
	return 0
}

func (j job) run() (a answer) {
	debug.SetMemoryLimit(j.HeapBytes)
	if err := limitSelf(j.AddedBytes, j.CPUSeconds); err != nil {
		return answer{Code: codeFailed, Reason: err.Error()}
	}
	defer func() {
		if p := recover(); p != nil { // a decoder's panic, met by a hostile file
			a = answer{Code: string(Invalid), Reason: fmt.Sprintf("it cannot be decoded: %v", p)}
		}
	}()
	a, err := j.work()
	var refused *Error
	switch {
	case err == nil:
		return a
	case errors.As(err, &refused):
		return answer{Code: string(refused.Code), Reason: refused.Reason}
	case errors.Is(err, syscall.EIO):
		return answer{Code: codeBroken, Reason: err.Error()}
	}
	return answer{Code: codeFailed, Reason: err.Error()}
}

func (j job) work() (answer, error) {
	f, err := os.Open(j.Source)
	if err != nil {
		return answer{}, err
	}
	defer f.Close()
	h, err := readHeader(f)
	if err != nil {
		return answer{}, err
	}
	made, err := render(f, h)
	return answer{Info: h.Info, pictures: made}, err
}
