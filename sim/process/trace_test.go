//go:build linux

package process

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// traceCuts is how many cuts are tried on one recording.
const traceCuts = 10

// traced are the calls that change files or make them durable, with their data.
const traced = "trace=open,openat,write,pwrite64,ftruncate,lseek,fsync,fdatasync,renameat,unlink,unlinkat,mkdirat," +
	// None of these is used; one that appears fails the test, because the replay does not know it.
	"creat,splice,writev,pwritev,pwritev2,fallocate,sync_file_range,rename,renameat2,link,linkat,mkdir,rmdir,copy_file_range,truncate"

// cutTrace records what the server asks of the kernel, from its first breath on,
// and replays it into an empty directory up to a moment. What was not synced by
// then is kept, torn or dropped, as the dice say.
func cutTrace(t *testing.T, bin string, n int, r *rand.Rand, loses bool) (all tally) {
	for n > 0 {
		some := min(n, traceCuts)
		all.add(cutRecording(t, bin, some, r, loses))
		n -= some
	}
	return all
}

func cutRecording(t *testing.T, bin string, n int, r *rand.Rand, loses bool) (all tally) {
	dir, log := t.TempDir(), t.TempDir()
	s := newServerOn(t, bin, dir, "strace", "-D", "-f", "-ff", "--seccomp-bpf", "-qq", "-y", "-xx", "-s", "16777216",
		"--absolute-timestamps=format:unix,precision:ns", "--syscall-times=ns", "--signal=none", "-e", traced, "-o", filepath.Join(log, "thread"))
	tablets := newTablets(t, s)
	from := time.Now()
	halt := busy(tablets, r)
	time.Sleep(2500 * time.Millisecond)
	to := time.Now()
	s.kill() // and strace with it: Wait returns when both are gone
	halt()
	var moments []time.Time
	for range n {
		moments = append(moments, from.Add(time.Duration(r.Int64N(int64(to.Sub(from))))))
	}
	slices.SortFunc(moments, time.Time.Compare)
	d, events := newReplay(dir), readTrace(t, log, dir)
	for i, moment := range moments {
		events = d.run(t, events, moment.UnixNano())
		after := filepath.Join(t.TempDir(), "county")
		lost := d.dump(t, after, r)
		y := look(t, bin, after, tablets, moment, loses)
		if err := os.RemoveAll(after); err != nil {
			t.Fatal(err)
		}
		t.Logf("cut %d, %v into the recording: %d of %d unsynced changes dropped; %s", i+1, moment.Sub(from).Round(time.Millisecond), lost[0], lost[1], y)
		if !loses && y.lost+y.duplicated+y.photosLost > 0 {
			t.Fatalf("cut %d: %s", i+1, y)
		}
		all.add(y)
	}
	return all
}

// look starts the program on what a cut left, and compares.
func look(t *testing.T, bin, dir string, tablets []*tablet, moment time.Time, loses bool) tally {
	t.Helper()
	s := newServerOn(t, bin, dir)
	var then []*tablet
	for _, w := range tablets {
		then = append(then, w.asOf(moment, "http://"+s.addr))
	}
	y := count(t, then)
	for _, w := range newTablets(t, s) { // and it works on
		w.visit()
		w.settle(t, nil)
	}
	s.verify()
	if !loses {
		y.duplicated += doubled(t, dir, then)
	}
	return y
}

// event is one call as strace saw it; times are nanoseconds of the wall clock.
type event struct {
	enter, exit int64
	name        string
	args        []string
	result      string
}

// readTrace reads the files of all threads and sorts by the end of each call.
func readTrace(t *testing.T, log, dir string) (list []event) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(log, "thread.*"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no trace: %v", err)
	}
	mark := []byte(`\x` + strings.Join(strings.Split(hexOf(dir), " "), `\x`))
	for _, path := range files {
		f, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		in := bufio.NewScanner(f)
		in.Buffer(make([]byte, 1<<20), 128<<20)
		for in.Scan() {
			if !bytes.Contains(in.Bytes(), mark) {
				continue // sockets, pipes, other places
			}
			if e, ok := parse(t, in.Text()); ok {
				list = append(list, e)
			}
		}
		if err := in.Err(); err != nil {
			t.Fatal(err)
		}
		_ = f.Close()
	}
	slices.SortStableFunc(list, func(a, b event) int {
		if a.exit != b.exit {
			return int(max(-1, min(1, a.exit-b.exit)))
		}
		return int(max(-1, min(1, a.enter-b.enter)))
	})
	return list
}

func hexOf(s string) string {
	var out []string
	for i := range len(s) {
		out = append(out, hex.EncodeToString([]byte{s[i]}))
	}
	return strings.Join(out, " ")
}

// parse reads `1795450917.946321056 write(9</path>, "…", 12) = 12 <0.000123044>`.
// A call that failed, or never ended, changed nothing that may be relied on.
func parse(t *testing.T, line string) (e event, ok bool) {
	t.Helper()
	stamp, rest, _ := strings.Cut(line, " ")
	name, rest, found := strings.Cut(rest, "(")
	end := strings.LastIndex(rest, ") = ")
	took := strings.LastIndex(rest, " <")
	if !found || end < 0 {
		return e, false
	}
	result := rest[end+4:]
	if strings.HasPrefix(result, "?") || strings.HasPrefix(result, "-1 ") {
		return e, false
	}
	if took < end {
		t.Fatalf("a line of the trace without its duration: %.200s", line)
	}
	seconds, nanos, _ := strings.Cut(stamp, ".")
	whole, err1 := strconv.ParseInt(seconds, 10, 64)
	part, err2 := strconv.ParseInt(nanos, 10, 64)
	duration, err3 := strconv.ParseFloat(strings.TrimSuffix(rest[took+2:], ">"), 64)
	if err1 != nil || err2 != nil || err3 != nil {
		t.Fatalf("a line of the trace without its times: %.200s", line)
	}
	enter := whole*1e9 + part
	return event{enter: enter, exit: enter + int64(duration*1e9), name: name,
		args: strings.Split(rest[:end], ", "), result: strings.TrimSpace(rest[end+4 : took])}, true
}

// unquote reads "\x41\x42" or <\x41\x42>.
func unquote(t *testing.T, s string) []byte {
	t.Helper()
	out, err := hex.DecodeString(strings.ReplaceAll(strings.Trim(s, `"<>`), `\x`, ""))
	if err != nil {
		t.Fatalf("not hexadecimal: %.200s", s)
	}
	return out
}

func number(t *testing.T, s string) int64 {
	t.Helper()
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		t.Fatalf("not a number: %.200s", fmt.Sprint(s))
	}
	return n
}
