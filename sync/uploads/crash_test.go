package uploads

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"doorstep/photo"
)

// crashServer is the first argument with which the test binary serves a
// directory, to be killed. Its Stored never returns: the kill comes when the
// pictures are on disk and the record is not marked.
const crashServer = "uploads-crash-server"

func serveUntilKilled(dir string) int {
	photos, err := photo.OpenStore(dir)
	if err != nil {
		fmt.Println(err)
		return 1
	}
	h, err := New(Config{
		Dir: dir, Photos: photos, MinFree: 1,
		Account: func(r *http.Request) (string, bool) {
			return strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		},
		Accept: func(context.Context, Meta) error { return nil },
		Stored: func(context.Context, Stored) error {
			fmt.Println("storing")
			select {}
		},
		Refused: func(context.Context, Meta, string) error { return nil },
	})
	if err != nil {
		fmt.Println(err)
		return 1
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Println(err)
		return 1
	}
	fmt.Println("http://" + l.Addr().String())
	mux := http.NewServeMux()
	mux.Handle(BasePath, h)
	fmt.Println(http.Serve(l, mux))
	return 1
}

// startCrashServer runs the server that is to be killed and returns its address and what
// it prints.
func startCrashServer(t *testing.T, dir string) (*exec.Cmd, string, *bufio.Scanner) {
	t.Helper()
	cmd := exec.Command(os.Args[0], crashServer, dir)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	lines := bufio.NewScanner(out)
	if !lines.Scan() || !strings.HasPrefix(lines.Text(), "http://") {
		t.Fatalf("the server says %q", lines.Text())
	}
	return cmd, lines.Text(), lines
}

func TestTheServerIsKilledInMidTransferAndInMidStoring(t *testing.T) {
	dir := t.TempDir()
	data := picture(t, 30)
	half := len(data) / 2

	first, address, _ := startCrashServer(t, dir)
	o := &office{t: t, config: Config{Dir: dir}}
	created := o.do("wang", http.MethodPost, address+BasePath, map[string]string{
		"Upload-Length": fmt.Sprint(len(data)), "Upload-Metadata": metadata(data),
	}, nil)
	url := created.header.Get("Location")
	if a := o.do("wang", http.MethodPatch, address+url, patchHeader(0), bytes.NewReader(data[:half])); a.status != http.StatusNoContent {
		t.Fatalf("%d %s", a.status, a.body)
	}
	first.Process.Kill()
	first.Wait()

	second, address, lines := startCrashServer(t, dir)
	if a := o.do("wang", http.MethodHead, address+url, nil, nil); a.header.Get("Upload-Offset") != fmt.Sprint(half) {
		t.Fatalf("after the first kill: %d, offset %q", a.status, a.header.Get("Upload-Offset"))
	}
	answered := make(chan struct{})
	go func() {
		defer close(answered)
		if a, err := o.try("wang", http.MethodPatch, address+url, patchHeader(half), bytes.NewReader(data[half:])); err == nil {
			t.Errorf("the last PATCH was answered with %d, but nothing was marked", a.status)
		}
	}()
	if !lines.Scan() || lines.Text() != "storing" {
		t.Fatalf("the server says %q", lines.Text())
	}
	second.Process.Kill()
	second.Wait()
	<-answered

	third := open(t, dir)
	if got := third.offset("wang", url); got != len(data) {
		t.Errorf("after the second kill the offset is %d", got)
	}
	if len(third.stored) != 1 || third.stored[0].SHA256 != shaOf(data) || !third.photos.Has(shaOf(data)) {
		t.Errorf("stored %+v", third.stored)
	}
	if left, _ := os.ReadDir(filepath.Join(dir, "photos", ".work")); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestAFullDiskIsSaidAndKeepsWhatCame(t *testing.T) {
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Fatalf("this test writes to /dev/full: %v", err)
	}
	o := open(t, t.TempDir())
	data := picture(t, 31)
	url := o.create("wang", data)
	part := o.handler.ledger.path(strings.TrimPrefix(url, BasePath), partSuffix)
	if err := os.Remove(part); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("/dev/full", part); err != nil {
		t.Fatal(err)
	}
	if a := o.patch("wang", url, 0, data); a.status != http.StatusInsufficientStorage || a.code() != "storage_full" || a.header.Get("Retry-After") == "" {
		t.Errorf("%d %s", a.status, a.body)
	}
	// There is room again.
	if err := os.Remove(part); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(part, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if a := o.patch("wang", url, 0, data); a.status != http.StatusNoContent || len(o.stored) != 1 {
		t.Errorf("%d %s", a.status, a.body)
	}
}

func TestPhotosArriveFromManyAtOnce(t *testing.T) {
	o := open(t, t.TempDir())
	const tablets = 12
	var wg sync.WaitGroup
	for i := range tablets {
		account, data := fmt.Sprint("tablet", i), picture(t, uint32(100+i))
		url := o.create(account, data)
		wg.Go(func() {
			if err := o.send(account, url, data); err != nil {
				t.Error(err)
			}
			if !o.photos.Has(shaOf(data)) {
				t.Errorf("%s is not there", account)
			}
		})
	}
	wg.Wait()
	if len(o.stored) != tablets {
		t.Errorf("stored %d", len(o.stored))
	}
}

// send is a client that goes on until the photo is stored.
func (o *office) send(account, url string, data []byte) error {
	for at := 0; at < len(data); {
		chunk := data[at:min(at+20_000, len(data))]
		a, err := o.try(account, http.MethodPatch, url, patchHeader(at), bytes.NewReader(chunk))
		switch {
		case err != nil:
			return err
		case a.status == http.StatusNoContent:
			at += len(chunk)
		case a.status == http.StatusServiceUnavailable: // all there, but no slot to finish it
			for a.status != http.StatusOK {
				time.Sleep(50 * time.Millisecond)
				if a, err = o.try(account, http.MethodHead, url, nil, nil); err != nil {
					return err
				}
			}
			return nil
		default:
			return fmt.Errorf("%d %s", a.status, a.body)
		}
	}
	return nil
}
