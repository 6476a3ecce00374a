package bench

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"flag"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"doorstep/photo"
	"doorstep/sync/engine"
)

var (
	backupData   = flag.Int("backupdata", 0, "MB of the database that is backed up under pushes, e.g. 500; 0: that benchmark is left out")
	backupPhotos = flag.Int("backupphotos", 1024, "MB of its photos")
	backupTo     = flag.String("backupto", "", "a place for the backups other than a folder of its own: s3://…")
	backupKeys   = flag.String("backupkeys", "", "the file of its keys")
)

// stallGoal: nobody who sends waits longer than this because a backup runs.
const stallGoal = 500 * time.Millisecond

// BenchmarkPushWhileABackupRuns: the longest that a tablet waits for an answer while
// its server backs up a county's database and all its photos for the first time, the
// heaviest backup that there is; and the same without one.
func BenchmarkPushWhileABackupRuns(b *testing.B) {
	if *backupData == 0 {
		return
	}
	dir := b.TempDir()
	c := openCounty(b, dir)
	who := c.workers(1, village)[0]
	size := c.fillBackup(who)
	c.storePhotos(who)
	quiet := packedAll(b, briefBodies(b, c.device(who), newDrawer(2).households(newWriter(), 20_000, village), 5))
	busy := packedAll(b, briefBodies(b, c.device(who), newDrawer(3).households(newWriter(), 200_000, village), 5))
	c.close()

	p := serve(b, dir)
	without := pushUntil(b, p.url, who.token, quiet, func(n int) bool { return n >= 2000 })
	p.end()

	to, addr := *backupTo, freeAddr(b)
	args := []string{"serve", "--dir", dir, "--http", addr, "--backup-every", "24h", "--same-volume"}
	if to == "" {
		to = filepath.Join(b.TempDir(), "backups")
	} else {
		args = append(args, "--s3-keys", *backupKeys)
	}
	began := time.Now()
	p = startServer(b, exec.Command(product(b), append(args, "--backup", to)...), addr)
	with := pushUntil(b, p.url, who.token, busy, func(int) bool { return durableSeq(b, dir) > 0 })
	took := time.Since(began)
	p.end()
	note("backup: database and photos", "%d MB and %d MB, verified after %.0f s", size>>20, *backupPhotos, took.Seconds())
	note("backup: pushes without one", "%d, p99 %v, longest %v", len(without), at(without, 0.99), without[len(without)-1])
	tell("backup: longest push meanwhile", "≤ 500 ms", with[len(with)-1] <= stallGoal, "%v (%d pushes of 5 ops, p99 %v)", with[len(with)-1], len(with), at(with, 0.99))
}

// fillBackup pushes households with long remarks until the database is as large as told.
func (c *county) fillBackup(who account) (size int64) {
	d, w, device := newDrawer(1), newWriter(), c.device(who)
	for size < int64(*backupData)<<20 {
		ops := d.households(w, 500, village)
		for _, o := range ops {
			remark := o.Set["remarks"].([]map[string]any)[0]
			var long strings.Builder
			for long.Len() < 2500 {
				long.WriteString(d.sentence())
			}
			remark["text"] = long.String()
		}
		for _, body := range briefBodies(c.b, device, ops, 500) {
			c.push(who, body)
		}
		info, err := os.Stat(filepath.Join(c.dir, "data.db"))
		must(c.b, err)
		size = info.Size()
	}
	return size
}

// storePhotos puts pictures of noise, which no packing makes smaller, on disk and on record.
func (c *county) storePhotos(who account) {
	full := make([]byte, 400<<10)
	noise := rand.NewChaCha8([32]byte{1})
	for stored := 0; stored < *backupPhotos<<20; stored += len(full) * 5 / 4 {
		_, err := noise.Read(full)
		must(c.b, err)
		sum := sha256.Sum256(full)
		sha := hex.EncodeToString(sum[:])
		place := photo.Place(c.dir, sha)
		must(c.b, os.MkdirAll(place, 0o700))
		for size, n := range map[photo.Size]int{photo.Full: len(full), photo.Screen: len(full) / 5, photo.Thumb: len(full) / 20} {
			must(c.b, os.WriteFile(filepath.Join(place, size.File()), full[:n], 0o600))
		}
		must(c.b, c.engine.PhotoStored(context.Background(), who.id, engine.File{Photo: newID(), SHA256: sha, Bytes: int64(len(full))}))
	}
}

// pushUntil sends one request after another, as fast as they are answered, and
// answers how long each took, sorted.
func pushUntil(b *testing.B, url, token string, requests [][]byte, enough func(sent int) bool) []time.Duration {
	b.Helper()
	client := &http.Client{Timeout: time.Minute}
	defer client.CloseIdleConnections()
	var took []time.Duration
	for i, body := range requests {
		if i%100 == 0 && enough(i) {
			slices.Sort(took)
			return took
		}
		took = append(took, timedPush(b, client, url, token, body))
	}
	b.Fatal("the requests are all sent and it is not over: " + strconv.Itoa(len(requests)))
	return nil
}

// timedPush is how long one request took, its answer read.
func timedPush(b *testing.B, client *http.Client, url, token string, body []byte) time.Duration {
	b.Helper()
	req, err := http.NewRequest(http.MethodPost, url+"/api/sync/v1/push", bytes.NewReader(body))
	must(b, err)
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Content-Encoding", "gzip")
	began := time.Now()
	res, err := client.Do(req)
	must(b, err)
	defer func() { _ = res.Body.Close() }()
	_, err = io.Copy(io.Discard, res.Body)
	must(b, err)
	took := time.Since(began)
	if res.StatusCode != http.StatusOK {
		b.Fatalf("a push: %d", res.StatusCode)
	}
	return took
}

func at(sorted []time.Duration, quantile float64) time.Duration {
	return sorted[int(float64(len(sorted)-1)*quantile)]
}

// durableSeq is what the server's database says of verified backups.
func durableSeq(b *testing.B, dir string) (seq int64) {
	b.Helper()
	db, err := engine.Connect(filepath.Join(dir, "data.db"))
	must(b, err)
	defer func() { _ = db.Close() }()
	must(b, db.DB().QueryRow(`SELECT durable_seq FROM sync_state WHERE id = 1`).Scan(&seq))
	return seq
}
