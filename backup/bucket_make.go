package backup

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"doorstep/durable"
	"doorstep/sync/engine"

	"github.com/gofrs/flock"
	"github.com/klauspost/compress/zstd"
	"github.com/minio/minio-go/v7"
)

// Names inside the bucket, and the directory inside the data in which the copy of
// the database is made: it is of this disk for some minutes only.
const (
	packedFile = databaseFile + ".zst"
	indexFile  = "photos.sha256"
	working    = ".backup-work"

	spareFactor   = 1.2            // of the database's size must be free: the copy, and some growth meanwhile
	unfinishedAge = 24 * time.Hour // after which a backup without a manifest is nobody's any longer
)

// Make copies the database beside the data, brings it and the new pictures to the
// bucket, reads them back from there, verifies what came back, and writes the
// manifest last.
func (b *Bucket) Make(ctx context.Context, dataDir string) (*Manifest, error) {
	work, release, err := b.take(dataDir)
	if err != nil {
		return nil, err
	}
	defer release()
	began := b.now().UTC()
	kept, err := b.sweep(ctx, began)
	if err != nil {
		return nil, err
	}
	small, err := readBeside(dataDir) // before the database, as in a folder
	if err != nil {
		return nil, err
	}
	if err := pointToKeys(dataDir, work); err != nil {
		return nil, err
	}
	copied := filepath.Join(work, databaseFile)
	if err := copyDatabase(ctx, dataDir, copied); err != nil {
		return nil, fmt.Errorf(textCopyFailed, err)
	}
	name := fmt.Sprintf("%s-%d", began.Format(stampLayout), engine.Reached(ctx, work))
	m, shas, err := b.database(ctx, copied, name)
	if err != nil {
		return nil, err
	}
	m.Made, m.Name = began.Format(time.RFC3339), name
	for file, text := range small {
		if m.Objects[file], err = b.putChecked(ctx, name+"/"+file, text); err != nil {
			return nil, err
		}
	}
	var last *Manifest
	if len(kept) > 0 {
		last = kept[len(kept)-1]
	}
	index, sums, err := b.pictures(ctx, dataDir, shas, last)
	if err != nil {
		return nil, err
	}
	if m.Objects[indexFile], err = b.putChecked(ctx, name+"/"+indexFile, index); err != nil {
		return nil, err
	}
	m.Photos = sums
	m.Photos.SHA256 = m.Objects[indexFile].SHA256
	return m, b.publish(ctx, m, kept)
}

func readBeside(dataDir string) (map[string][]byte, error) {
	out := map[string][]byte{}
	for _, name := range carried(dataDir) {
		text, err := os.ReadFile(filepath.Join(dataDir, name))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		out[name] = text
	}
	return out, nil
}

// publish writes the manifest, after which it is a backup, and lets the oldest go:
// their manifests first, so that half of one is none. Pictures stay.
func (b *Bucket) publish(ctx context.Context, m *Manifest, kept []*Manifest) error {
	text, err := m.text()
	if err != nil {
		return err
	}
	if _, err := b.putChecked(ctx, m.Name+"/"+manifestFile, text); err != nil {
		return err
	}
	b.vouched.Store(&m.Name)
	for _, old := range kept[:max(0, len(kept)+1-max(b.keep, 1))] {
		if err := b.remove(ctx, old.Name+"/"+manifestFile); err != nil {
			return err
		}
		if err := b.drop(ctx, old.Name); err != nil {
			return err
		}
	}
	return nil
}

// take makes the working directory and holds it. What a crash left in it goes.
func (b *Bucket) take(dataDir string) (work string, release func(), err error) {
	lock := flock.New(filepath.Join(dataDir, working+".lock"))
	ok, err := lock.TryLock()
	if err != nil {
		return "", nil, err
	}
	if !ok {
		return "", nil, fmt.Errorf(textBucketTaken, dataDir)
	}
	work = filepath.Join(dataDir, working)
	end := func() { _ = errors.Join(os.RemoveAll(work), lock.Unlock()) }
	if err = errors.Join(os.RemoveAll(work), durable.MkdirAll(work)); err == nil {
		err = room(dataDir, work)
	}
	if err != nil {
		end()
		return "", nil, err
	}
	return work, end, nil
}

// room: a copy must not fill the disk that the server writes to.
func room(dataDir, work string) error {
	info, err := os.Stat(filepath.Join(dataDir, databaseFile))
	if err != nil {
		return err
	}
	need := int64(float64(info.Size()) * spareFactor)
	free, err := freeBytes(work)
	if err == nil && free < need {
		err = fmt.Errorf(textNoRoom, dataDir, need>>20, free>>20)
	}
	return err
}

// database sends a copy, lets it go, and verifies what comes back from the bucket.
func (b *Bucket) database(ctx context.Context, path, name string) (*Manifest, []string, error) {
	sum, size, err := hashFile(path)
	if err != nil {
		return nil, nil, err
	}
	key := name + "/" + packedFile
	var packed FileSum
	if err := b.again(ctx, func() (err error) { packed, err = b.send(ctx, path, key); return err }); err != nil {
		return nil, nil, err
	}
	if err := os.Remove(path); err != nil {
		return nil, nil, err
	}
	if err := b.receive(ctx, key, packed, path); err != nil {
		return nil, nil, err
	}
	m, shas, err := inspect(ctx, path)
	if err != nil {
		return nil, nil, err
	}
	if m.Database != (FileSum{size, sum}) || !strings.HasSuffix(name, fmt.Sprintf("-%d", m.Seq)) {
		return nil, nil, fmt.Errorf(textObjectChanged, key, errBroken)
	}
	m.Objects = map[string]FileSum{packedFile: packed}
	return m, shas, nil
}

// send brings a file to the bucket, compressed on the way, in parts that are each
// tried again; memory holds one part.
func (b *Bucket) send(ctx context.Context, path, key string) (FileSum, error) {
	f, err := os.Open(path)
	if err != nil {
		return FileSum{}, err
	}
	defer func() { _ = f.Close() }()
	r, w := io.Pipe()
	packing := make(chan error, 1)
	go func() {
		z, err := zstd.NewWriter(w, zstd.WithEncoderConcurrency(1), zstd.WithEncoderLevel(zstd.SpeedFastest))
		if err == nil {
			_, err = io.Copy(z, f)
			err = errors.Join(err, z.Close())
		}
		packing <- err
		_ = w.CloseWithError(err)
	}()
	h := sha256.New()
	n := &counted{}
	_, err = b.client.PutObject(ctx, b.name, b.prefix+key, io.TeeReader(r, io.MultiWriter(h, n)), -1,
		minio.PutObjectOptions{ContentType: "application/zstd", PartSize: partBytes, NumThreads: 1})
	_ = r.CloseWithError(errBroken)
	if packed := <-packing; err == nil {
		err = packed
	}
	return FileSum{n.bytes, hex.EncodeToString(h.Sum(nil))}, err
}

type counted struct{ bytes int64 }

func (c *counted) Write(p []byte) (int, error) { c.bytes += int64(len(p)); return len(p), nil }

// sweep answers the backups that there are, oldest first, and removes what others
// left that came to nothing: a day later, when none can still be under way.
func (b *Bucket) sweep(ctx context.Context, now time.Time) ([]*Manifest, error) {
	names, err := b.names(ctx)
	if err != nil {
		return nil, err
	}
	slices.Sort(names)
	var kept []*Manifest
	for _, name := range names {
		m, err := b.manifest(ctx, name)
		if err != nil {
			return nil, err
		}
		if m != nil {
			kept = append(kept, m)
		} else if at, _ := stampOf(name); now.Sub(at) > unfinishedAge {
			if err := b.drop(ctx, name); err != nil {
				return nil, err
			}
		}
	}
	return kept, nil
}

// stampOf reads the time in a backup's name; false for what is no backup's.
func stampOf(name string) (time.Time, bool) {
	stamp, _, ok := strings.Cut(name, "-")
	at, err := time.Parse(stampLayout, stamp)
	return at, ok && err == nil
}

func (b *Bucket) drop(ctx context.Context, name string) error {
	files, err := b.keys(ctx, name+"/", true)
	for _, file := range files {
		err = errors.Join(err, b.remove(ctx, name+"/"+file))
	}
	return err
}
