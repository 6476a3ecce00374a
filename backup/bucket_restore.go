package backup

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"doorstep/durable"

	"github.com/klauspost/compress/zstd"
	"github.com/minio/minio-go/v7"
	"golang.org/x/sync/errgroup"
)

// names are those of which the bucket has anything; half a backup is told by its
// lack of a manifest.
func (b *Bucket) names(ctx context.Context) ([]string, error) {
	under, err := b.keys(ctx, "", false)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, name := range under {
		name, ok := strings.CutSuffix(name, "/")
		if _, stamped := stampOf(name); ok && stamped {
			out = append(out, name)
		}
	}
	return out, nil
}

func (b *Bucket) manifest(ctx context.Context, name string) (*Manifest, error) {
	text, err := b.get(ctx, name+"/"+manifestFile, "")
	if gone(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return parse(text, name)
}

func (b *Bucket) note(ctx context.Context) int64 {
	text, err := b.get(ctx, reachedFile, "")
	if err != nil {
		return 0
	}
	return parseReached(text)
}

func (b *Bucket) setNote(ctx context.Context, seq int64) {
	_ = b.put(ctx, reachedFile, reached{seq}.text()) // as in a folder: best effort
}

// fetch brings the database first, which names the pictures; each picture is held
// against its hash before it is in place, so that what a broken line has brought is
// not brought again by the next attempt.
func (b *Bucket) fetch(ctx context.Context, m *Manifest, stage, to string) error {
	path := filepath.Join(stage, databaseFile)
	if err := b.receive(ctx, m.Name+"/"+packedFile, m.Objects[packedFile], path); err != nil {
		return err
	}
	for _, name := range beside {
		sum, ok := m.Objects[name]
		if !ok {
			continue
		}
		text, err := b.get(ctx, m.Name+"/"+name, sum.SHA256)
		if err != nil {
			return err
		}
		if err := durable.WriteFile(filepath.Join(stage, name), bytes.NewReader(text)); err != nil {
			return err
		}
	}
	found, shas, err := inspect(ctx, path)
	if err != nil {
		return err
	}
	if found.Epoch != m.Epoch || found.Seq != m.Seq || found.Chain != m.Chain || found.Database != m.Database {
		return fmt.Errorf(textChanged, m.Name)
	}
	index, err := b.index(ctx, m)
	if err != nil {
		return err
	}
	return b.fetchPictures(ctx, m, index, shas, to)
}

func (b *Bucket) fetchPictures(ctx context.Context, m *Manifest, index []packedPicture, shas []string, to string) error {
	if len(index) != len(shas) {
		return fmt.Errorf(textChanged, m.Name)
	}
	for i, p := range index {
		if p.sha != shas[i] {
			return fmt.Errorf(textChanged, m.Name)
		}
	}
	group, each := errgroup.WithContext(ctx)
	group.SetLimit(pictureThreads)
	for _, p := range index {
		if each.Err() != nil {
			break
		}
		group.Go(func() error {
			if _, err := readSums(to, p.sha, true); err == nil {
				return nil
			}
			packed, err := b.get(each, p.key(), p.sum)
			if err != nil {
				return err
			}
			return unpack(packed, to, p.sha)
		})
	}
	return cmp.Or(group.Wait(), ctx.Err())
}

// receive brings a packed file from the bucket, held against its hash, and unpacks it.
func (b *Bucket) receive(ctx context.Context, key string, want FileSum, path string) error {
	return b.again(ctx, func() error {
		f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
		if err != nil {
			return err
		}
		defer func() { _ = f.Close() }()
		if err := b.stream(ctx, key, want, f); err != nil {
			return err
		}
		return f.Sync()
	})
}

// stream reads a packed object to its end, unpacked into w; a hash that is another
// is an error.
func (b *Bucket) stream(ctx context.Context, key string, want FileSum, w io.Writer) error {
	o, err := b.client.GetObject(ctx, b.name, b.prefix+key, minio.GetObjectOptions{})
	if err != nil {
		return err
	}
	defer func() { _ = o.Close() }()
	h := sha256.New()
	came := &remembered{r: io.LimitReader(o, want.Bytes+1)}
	in := io.TeeReader(came, h)
	z, err := zstd.NewReader(in, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(64<<20))
	if err != nil {
		return err
	}
	defer z.Close()
	_, err = io.Copy(w, z)
	if _, rest := io.Copy(io.Discard, in); err == nil {
		err = rest
	}
	if fault := came.fault(); fault != nil { // the line's, not the packing's
		return fault
	}
	if err != nil || hex.EncodeToString(h.Sum(nil)) != want.SHA256 {
		return fmt.Errorf(textObjectChanged, b.prefix+key, errBroken)
	}
	return nil
}

// remembered is a reader that keeps the error that ended it.
type remembered struct {
	r   io.Reader
	mu  sync.Mutex
	err error
}

func (r *remembered) Read(p []byte) (int, error) {
	n, err := r.r.Read(p)
	if err != nil && err != io.EOF {
		r.mu.Lock()
		r.err = err
		r.mu.Unlock()
	}
	return n, err
}

func (r *remembered) fault() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.err
}

// unchanged reads all of a backup's database once more, without keeping it.
func (b *Bucket) unchanged(ctx context.Context, m *Manifest) error {
	return b.again(ctx, func() error {
		h := sha256.New()
		if err := b.stream(ctx, m.Name+"/"+packedFile, m.Objects[packedFile], h); err != nil {
			return err
		}
		if hex.EncodeToString(h.Sum(nil)) != m.Database.SHA256 {
			return fmt.Errorf(textChanged, m.Name)
		}
		return nil
	})
}
