package backup

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"doorstep/interop"
	"doorstep/photo"
	"doorstep/sync/engine/enginetest"
)

// inBucket lets an office keep its backups at an address.
func (o *office) inBucket(address string) *Bucket {
	o.t.Helper()
	b, err := openBucket(address, Options{Keep: 3, KeysFile: keysFile(o.t), Now: o.folder.Now})
	if err != nil {
		o.t.Fatal(err)
	}
	b.pause = func(ctx context.Context, _ time.Duration) error { return ctx.Err() }
	o.place = b
	return b
}

// onEveryServer runs a test on the server for faults, and on the real one where the
// flag names its program.
func onEveryServer(t *testing.T, test func(t *testing.T, address string)) {
	t.Run("shelf", func(t *testing.T) { test(t, newShelf(t).address("backups")) })
	if *versitygw != "" {
		t.Run("versitygw", func(t *testing.T) { test(t, newVersitygw(t)) })
	}
}

func TestABucketKeepsPicturesOnceAndVouches(t *testing.T) {
	onEveryServer(t, func(t *testing.T, address string) {
		o := newOffice(t)
		b := o.inBucket(address)
		o.durable(0)
		for i, digit := range []string{"a", "b", "c", "d", "e"} {
			o.write(3)
			o.picture(digit)
			m := o.good()
			if m.Photos.Copied != 1 || m.Photos.Count != i+1 || m.Seq != o.engine.Status().Seq {
				t.Fatalf("backup %d: %+v at %d", i, m, o.engine.Status().Seq)
			}
			o.durable(m.Seq)
			o.write(2)
		}
		all, err := list(ctx, b)
		if err != nil || len(all) != b.keep {
			t.Fatalf("kept %d, want %d: %v", len(all), b.keep, err)
		}
		names, err := b.names(ctx)
		if err != nil || len(names) != b.keep {
			t.Fatalf("of old backups, something is left: %q %v", names, err)
		}
		if left, err := filepath.Glob(filepath.Join(o.dir, working, "*")); err != nil || len(left) > 0 {
			t.Fatalf("the working copy is left: %q %v", left, err)
		}
		if _, err := o.engine.Verify(ctx); err != nil {
			t.Fatal(err)
		}
	})
}

func TestADirectoryRestoredFromABucketIsTheBackupInANewEpoch(t *testing.T) {
	onEveryServer(t, func(t *testing.T, address string) {
		o := newOffice(t)
		o.inBucket(address)
		key := o.sealingKey()
		o.write(20)
		sha := o.picture("a")
		o.good()
		o.write(5)
		journal := []byte(`{"device":"x","at":"2026-11-23T00:00:00.000Z"}` + "\n")
		if err := os.WriteFile(filepath.Join(o.dir, journalFile), journal, 0o600); err != nil {
			t.Fatal(err)
		}
		own := []byte("how other registries know this one")
		if err := os.WriteFile(filepath.Join(o.dir, interop.KeyFile), own, 0o600); err != nil {
			t.Fatal(err)
		}
		m := o.good()
		before := o.engine.Status()
		o.write(7)
		o.shut()
		if err := os.RemoveAll(o.dir); err != nil {
			t.Fatal(err)
		}
		if _, err := o.restoreInto(o.dir, false); err != nil {
			t.Fatal(err)
		}
		if o.sealingKey() != key {
			t.Fatal("the key is another")
		}
		if kept, err := os.ReadFile(filepath.Join(o.dir, journalFile)); err != nil || !bytes.Equal(kept, journal) {
			t.Fatalf("the journal is %q %v", kept, err)
		}
		if kept, err := os.ReadFile(filepath.Join(o.dir, interop.KeyFile)); err != nil || !bytes.Equal(kept, own) {
			t.Fatalf("the registry's own key is %q %v", kept, err)
		}
		o.open()
		now := o.engine.Status()
		if now.Epoch == before.Epoch || len(now.Gaps) != 1 || now.Gaps[0].From != m.Seq || now.Seq <= m.Seq+1<<32 {
			t.Fatalf("restored to %+v, the backup is %+v", now, m)
		}
		if _, err := o.engine.Verify(ctx); err != nil {
			t.Fatal(err)
		}
		if text, err := os.ReadFile(filepath.Join(photo.Place(o.dir, sha), photo.Full.File())); err != nil || string(text) != "afull.jpg" {
			t.Fatalf("the photo: %q %v", text, err)
		}
		used := now.Seq
		o.shut()
		if err := os.RemoveAll(o.dir); err != nil {
			t.Fatal(err)
		}
		if _, _, err := Restore(ctx, o.place, m.Name, o.dir, false, o.folder.Now(), o.begin); err != nil {
			t.Fatal(err)
		}
		o.open()
		if again := o.engine.Status(); again.Seq <= used {
			t.Fatalf("the second restore numbers again what the first has: %d, %d", again.Seq, used)
		}
		o.write(3)
		o.good() // and the new history is backed up in turn
		o.durable(o.engine.Status().Seq)
	})
}

func TestABucketThatLosesOrSpoilsSomethingVouchesForNothing(t *testing.T) {
	spoil := func(b []byte) []byte { b = bytes.Clone(b); b[len(b)/2] ^= 0x20; return b }
	onPut := func(o *office, s *shelf, what string, change func([]byte) []byte) {
		s.fault = func(w http.ResponseWriter, r *http.Request, key string) bool {
			if r.Method != http.MethodGet || kind(key) != what {
				return false
			}
			s.mu.Lock()
			defer s.mu.Unlock()
			body, ok := s.objects[key]
			if ok {
				w.Header().Set("ETag", etag(body))
				w.Header().Set("Last-Modified", "Thu, 01 Jan 2026 00:00:00 GMT")
				_, _ = w.Write(change(body))
			}
			return ok
		}
	}
	for name, harm := range map[string]func(o *office, s *shelf){
		"a bit of the database flips":   func(o *office, s *shelf) { onPut(o, s, "database", spoil) },
		"half of the database is there": func(o *office, s *shelf) { onPut(o, s, "database", func(b []byte) []byte { return b[:len(b)/2] }) },
		"a bit of a photo flips":        func(o *office, s *shelf) { onPut(o, s, "photo", spoil) },
		"the photo is gone from the data": func(o *office, s *shelf) {
			if err := os.Remove(filepath.Join(photo.Place(o.dir, strings.Repeat("a", 64)), photo.Full.File())); err != nil {
				t.Fatal(err)
			}
		},
		"an op was changed": func(o *office, s *shelf) {
			if _, err := o.app.NonconcurrentDB().NewQuery(`UPDATE sync_ops SET body = ` + enginetest.Flipped("body") + ` WHERE seq = (SELECT max(seq) FROM sync_ops)`).Execute(); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			o, s := newOffice(t), newShelf(t)
			b := o.inBucket(s.address(""))
			o.write(10)
			o.picture("a")
			harm(o, s)
			if _, err := o.backup(); err == nil {
				t.Fatal("nothing was found")
			}
			o.durable(0)
			s.mu.Lock()
			s.fault = nil
			s.mu.Unlock()
			if m, err := find(ctx, b, ""); m != nil || err != nil {
				t.Fatalf("it counts as a backup: %+v %v", m, err)
			}
			if left, err := filepath.Glob(filepath.Join(o.dir, working, "*")); err != nil || len(left) > 0 {
				t.Fatalf("the working copy is left: %q %v", left, err)
			}
		})
	}
}

// A line that breaks now and then, and a server that is busy now and then, cost a
// try and nothing else; one that stays away ends the backup after a bounded number.
func TestABucketIsTriedAgainAndNotForEver(t *testing.T) {
	o, s := newOffice(t), newShelf(t)
	o.inBucket(s.address("x"))
	o.write(10)
	for _, digit := range []string{"a", "b", "c"} {
		o.picture(digit)
	}
	var asked atomic.Int64
	s.fault = func(w http.ResponseWriter, r *http.Request, key string) bool {
		switch n := asked.Add(1); {
		case n%5 == 0:
			refuse(w, http.StatusServiceUnavailable, "SlowDown")
			return true
		case n%7 == 0:
			panic(http.ErrAbortHandler) // the line breaks
		}
		return false
	}
	m := o.good()
	o.durable(m.Seq)
	o.write(1)
	asked.Store(0)
	s.fault = func(w http.ResponseWriter, r *http.Request, key string) bool {
		asked.Add(1)
		refuse(w, http.StatusServiceUnavailable, "SlowDown")
		return true
	}
	if _, err := o.backup(); err == nil || !strings.Contains(err.Error(), "暂时无法服务") {
		t.Fatal(err)
	}
	if n := asked.Load(); n < 2 || n > attempts*attempts {
		t.Fatalf("asked %d times", n)
	}
	o.durable(m.Seq)
}

func TestWhatTheBucketRefusesIsSaidWithWhatToDo(t *testing.T) {
	for code, want := range map[string]string{
		"NoSuchBucket": "请先建立", "AccessDenied": "权限", "InvalidAccessKeyId": "访问密钥", "SignatureDoesNotMatch": "私有密钥",
		"RequestTimeTooSkewed": "校准时钟", "QuotaExceeded": "扩容", "AuthorizationHeaderMalformed": "region=", "SomethingNew": "返回了错误",
	} {
		o, s := newOffice(t), newShelf(t)
		o.inBucket(s.address(""))
		o.write(1)
		var asked atomic.Int64
		s.fault = func(w http.ResponseWriter, r *http.Request, _ string) bool {
			asked.Add(1)
			refuse(w, http.StatusForbidden, code)
			return true
		}
		_, err := o.backup()
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "county") || strings.Contains(err.Error(), testKeys.secret) {
			t.Errorf("%s: %v", code, err)
		}
		if n := asked.Load(); n > 3 {
			t.Errorf("%s is asked for %d times, and would not change", code, n)
		}
	}
}

func TestAnAddressThatWouldDoHarmIsRefused(t *testing.T) {
	keys := Options{KeysFile: keysFile(t), Now: time.Now}
	for address, want := range map[string]string{
		"s3://county":                            "无法识别",
		"s3://?endpoint=https://x":               "无法识别",
		"s3://county?endpoint=http://10.0.0.9":   "https",
		"s3://a:b@county?endpoint=https://x":     "无法识别",
		"s3://county?endpoint=https://x&style=y": "无法识别",
		"s3://county?endpoint=ftp://x":           "https",
	} {
		if _, err := Open(address, keys); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "a:b") {
			t.Errorf("%s: %v", address, err)
		}
	}
	if _, err := Open("s3://county?endpoint=https://x", Options{Now: time.Now}); err == nil || !strings.Contains(err.Error(), "--s3-keys") {
		t.Error(err)
	}
	if err := os.Chmod(keys.KeysFile, 0o640); err != nil {
		t.Fatal(err)
	}
	if _, err := Open("s3://county?endpoint=https://x", keys); err == nil || !strings.Contains(err.Error(), "chmod 600") {
		t.Error("a key that others may read is taken:", err)
	}
	keys.KeysFile = keysFile(t)
	if p, err := Open("s3://county/a/../b/?endpoint=https://x&region=cn-1&style=host", keys); err != nil || p.String() != "s3://county/b/ (x)" {
		t.Error(p, err)
	}
}

// backedUp is an office whose backup in a bucket has one picture, and that picture's key.
func backedUp(t *testing.T) (o *office, s *shelf, m *Manifest, picture string) {
	t.Helper()
	o, s = newOffice(t), newShelf(t)
	b := o.inBucket(s.address(""))
	o.write(5)
	o.picture("a")
	m = o.good()
	index, err := b.index(ctx, m)
	if err != nil {
		t.Fatal(err)
	}
	return o, s, m, index[0].key()
}

func TestAPictureThatWentBadInTheBucketIsBroughtAgain(t *testing.T) {
	o, s, _, picture := backedUp(t)
	whole := bytes.Clone(s.objects[picture])
	s.objects[picture] = []byte("rotten")
	healed := false
	for range photoTurns + 1 {
		o.write(1)
		healed = healed || o.good().Photos.Copied == 1
	}
	if !healed || !bytes.Equal(s.objects[picture], whole) {
		t.Fatalf("healed %v", healed)
	}
	delete(s.objects, picture)
	if m := o.good(); m.Photos.Copied != 1 {
		t.Fatal("a photo that is gone from the bucket is not missed")
	}
}

func TestASpoiledBucketIsNotRestored(t *testing.T) {
	o, s, m, picture := backedUp(t)
	o.shut()
	for key, body := range s.objects {
		if strings.HasPrefix(key, m.Name) && !strings.HasSuffix(key, manifestFile) || key == picture {
			s.objects[key] = append(bytes.Clone(body[:len(body)-1]), body[len(body)-1]^1)
			empty := filepath.Join(t.TempDir(), "new")
			if err := os.MkdirAll(empty, 0o700); err != nil {
				t.Fatal(err)
			}
			if _, err := o.restoreInto(empty, false); err == nil || !errors.Is(err, errBroken) {
				t.Fatalf("%s: %v", key, err)
			}
			if _, err := os.Stat(filepath.Join(empty, databaseFile)); err == nil {
				t.Fatal("a database is in place")
			}
			s.objects[key] = body
		}
	}
}
