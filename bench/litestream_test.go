package bench

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"doorstep/sync/engine"
)

var litestream = flag.String("litestream", "", "a built litestream (make backup-tools); empty: that benchmark is left out")

// handedIn is a push that was answered.
type handedIn struct {
	at time.Time
}

// BenchmarkLitestreamAfterAKill: the server and Litestream beside it are killed in the
// middle of pushes, with the disk. What its replica holds must be a whole history, to
// an op that was answered shortly before; the restored server counts a new epoch.
func BenchmarkLitestreamAfterAKill(b *testing.B) {
	if *litestream == "" {
		return
	}
	dir, out := b.TempDir(), b.TempDir()
	c := openCounty(b, dir)
	who := c.workers(1, village)[0]
	ops := newDrawer(4).households(newWriter(), 100_000, village)
	requests := packedAll(b, briefBodies(b, c.device(who), ops, 5))
	c.close()
	backups := filepath.Join(out, "backups")
	run(b, product(b), "backup", "--dir", dir, "--to", backups, "--same-volume")

	p := serve(b, dir)
	config := filepath.Join(out, "litestream.yml")
	must(b, os.WriteFile(config, fmt.Appendf(nil, "dbs:\n  - path: %s\n    replica:\n      type: file\n      path: %s\n      sync-interval: 1s\n",
		filepath.Join(dir, "data.db"), filepath.Join(out, "replica")), 0o600))
	ls := exec.Command(*litestream, "replicate", "-config", config)
	var said bytes.Buffer
	ls.Stdout, ls.Stderr = &said, &said
	must(b, ls.Start())
	b.Cleanup(func() { _ = ls.Process.Kill(); _ = ls.Wait() })

	answered := pushFor(b, p.url, who.token, requests, 20*time.Second)
	_ = p.cmd.Process.Kill()
	_ = ls.Process.Kill()
	killed := time.Now()
	p.end()
	_ = ls.Wait()

	restored := filepath.Join(out, "restored.db")
	if text, err := exec.Command(*litestream, "restore", "-config", config, "-o", restored, filepath.Join(dir, "data.db")).CombinedOutput(); err != nil {
		b.Fatalf("litestream restore: %v\n%s\n%s", err, text, said.String())
	}
	window := lossWindow(b, restored, answered, killed)
	anew := filepath.Join(b.TempDir(), "anew") // another machine: nothing of the old disk
	text := run(b, product(b), "restore", "--dir", anew, "--from", backups, "--database", restored)
	if !strings.Contains(text, "新的历史") {
		b.Fatal(text)
	}
	old, now := statusOf(b, restored), statusOf(b, filepath.Join(anew, "data.db"))
	if now.Epoch == old.Epoch || len(now.Gaps) != 1 || now.Gaps[0].From != old.Seq {
		b.Fatalf("no epoch was begun: %+v, was %+v", now, old)
	}
	run(b, product(b), "verify", "--dir", anew)
	tell("litestream: answered, and not in the replica after kill -9 of both", "≤ 2 s of pushes", window <= 2*time.Second, "the last %.2f s of %d pushes", window.Seconds(), len(answered))
}

// pushFor sends one request after another for a while.
func pushFor(b *testing.B, url, token string, requests [][]byte, d time.Duration) (out []handedIn) {
	b.Helper()
	client := &http.Client{Timeout: time.Minute}
	defer client.CloseIdleConnections()
	for began, i := time.Now(), 0; time.Since(began) < d; i++ {
		if i == len(requests) {
			b.Fatal("the requests are all sent")
		}
		req, err := http.NewRequest(http.MethodPost, url+"/api/sync/v1/push", bytes.NewReader(requests[i]))
		must(b, err)
		req.Header.Set("Authorization", "Bearer "+token)
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Content-Encoding", "gzip")
		res, err := client.Do(req)
		must(b, err)
		_, err = io.Copy(io.Discard, res.Body)
		must(b, err)
		_ = res.Body.Close()
		if res.StatusCode != http.StatusOK {
			b.Fatalf("push %d: %d", i, res.StatusCode)
		}
		out = append(out, handedIn{at: time.Now()})
	}
	return out
}

// lossWindow verifies the replica whole and answers how long before the kill the
// first push was answered that it lacks. Pushes are in order, and so is the log: how
// many ops of the tablet it has tells which.
func lossWindow(b *testing.B, path string, answered []handedIn, killed time.Time) time.Duration {
	b.Helper()
	c, err := engine.OpenCopy(path, nil)
	must(b, err)
	defer func() { _ = c.Close() }()
	if _, _, err := c.Verify(context.Background()); err != nil {
		b.Fatalf("the replica is no whole history: %v", err)
	}
	newer, err := c.Newer(context.Background(), engine.Cover{Chain: seedOf(b, path)})
	must(b, err)
	whole := int(newer.FromTablets) / 5
	if whole == 0 {
		b.Fatal("the replica has nothing")
	}
	if whole >= len(answered) {
		return 0
	}
	return killed.Sub(answered[whole].at)
}

// seedOf is where the log's chain begins.
func seedOf(b *testing.B, path string) (out [32]byte) {
	b.Helper()
	db, err := engine.Connect(path)
	must(b, err)
	defer func() { _ = db.Close() }()
	var seed []byte
	must(b, db.DB().QueryRow(`SELECT chain_seed FROM sync_state WHERE id = 1`).Scan(&seed))
	copy(out[:], seed)
	return out
}

func statusOf(b *testing.B, path string) *engine.Status {
	b.Helper()
	c, err := engine.OpenCopy(path, nil)
	must(b, err)
	defer func() { _ = c.Close() }()
	s, err := c.Status()
	must(b, err)
	return s
}

func run(b *testing.B, program string, args ...string) string {
	b.Helper()
	text, err := exec.Command(program, args...).CombinedOutput()
	if err != nil {
		b.Fatalf("%s: %v\n%s", strings.Join(args, " "), err, text)
	}
	return string(text)
}
