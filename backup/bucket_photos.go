package backup

import (
	"archive/tar"
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"

	"doorstep/durable"
	"doorstep/photo"

	"golang.org/x/sync/errgroup"
)

// A picture in the bucket is one tar of its sizes and their SHA256SUMS, at the paths
// that they have below the data directory. Its key holds the picture's hash and the
// tar's: what is kept is never written over, and a listing tells what is there.

// packedPicture is a picture as the bucket keeps it.
type packedPicture struct{ sha, sum string }

func (p packedPicture) key() string {
	return "photos/" + p.sha[:2] + "/" + p.sha + "-" + p.sum[:16] + ".tar"
}

// line is its line of the index, which sha256sum -c reads.
func (p packedPicture) line() string { return p.sum + "  " + p.key() + "\n" }

// parseIndex reads an index that line wrote.
func parseIndex(text []byte) ([]packedPicture, error) {
	var out []packedPicture
	for line := range strings.Lines(string(text)) {
		sum, key, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "  ")
		_, file, _ := strings.Cut(strings.TrimPrefix(key, "photos/"), "/")
		sha, _, _ := strings.Cut(file, "-")
		p := packedPicture{sha, sum}
		if !photo.IsSHA256(sha) || !photo.IsSHA256(sum) || p.line() != line {
			return nil, fmt.Errorf("%w: %.200q", errBroken, line)
		}
		out = append(out, p)
	}
	return out, nil
}

// pictures brings those that the bucket lacks, reads them back, reads a part of the
// old ones again, and answers the index of all.
func (b *Bucket) pictures(ctx context.Context, dataDir string, shas []string, last *Manifest) ([]byte, PhotoSums, error) {
	known, err := b.known(ctx, last)
	if err != nil {
		return nil, PhotoSums{}, err
	}
	turn := 0
	if last != nil {
		turn = (last.Photos.Turn + 1) % photoTurns
	}
	all := make([]packedPicture, len(shas))
	var copied, checked atomic.Int64
	group, each := errgroup.WithContext(ctx)
	group.SetLimit(pictureThreads)
	for i, sha := range shas {
		if each.Err() != nil {
			break
		}
		group.Go(func() error {
			p, ok := known[sha]
			if ok && i%photoTurns == turn {
				if _, err := b.get(each, p.key(), p.sum); err == nil {
					checked.Add(1)
				} else if ok = !errors.Is(err, errBroken) && !gone(err); ok {
					return err
				}
			}
			if !ok {
				var err error
				if p, err = b.bring(each, dataDir, sha); err != nil {
					return err
				}
				copied.Add(1)
			}
			all[i] = p
			return nil
		})
	}
	if err := cmp.Or(group.Wait(), ctx.Err()); err != nil {
		return nil, PhotoSums{}, err
	}
	var index bytes.Buffer
	for _, p := range all {
		index.WriteString(p.line())
	}
	return index.Bytes(), PhotoSums{Count: len(shas), Copied: int(copied.Load()), Checked: int(checked.Load()), Turn: turn}, nil
}

// known are the pictures that the last backup names and the bucket still has.
func (b *Bucket) known(ctx context.Context, last *Manifest) (map[string]packedPicture, error) {
	if last == nil {
		return nil, nil
	}
	list, err := b.index(ctx, last)
	if errors.Is(err, errBroken) || gone(err) {
		return nil, nil // then every picture is looked at anew
	}
	if err != nil {
		return nil, err
	}
	there := map[string]bool{}
	keys, err := b.keys(ctx, "photos/", true)
	if err != nil {
		return nil, err
	}
	for _, key := range keys {
		there["photos/"+key] = true
	}
	out := make(map[string]packedPicture, len(list))
	for _, p := range list {
		if there[p.key()] {
			out[p.sha] = p
		}
	}
	return out, nil
}

func (b *Bucket) index(ctx context.Context, m *Manifest) ([]packedPicture, error) {
	text, err := b.get(ctx, m.Name+"/"+indexFile, m.Objects[indexFile].SHA256)
	if err != nil {
		return nil, err
	}
	if m.Objects[indexFile].SHA256 != m.Photos.SHA256 {
		return nil, fmt.Errorf(textObjectChanged, m.Name+"/"+manifestFile, errBroken)
	}
	return parseIndex(text)
}

// bring packs a picture, keeps it in the bucket and reads it back.
func (b *Bucket) bring(ctx context.Context, dataDir, sha string) (packedPicture, error) {
	if !photo.IsSHA256(sha) {
		return packedPicture{}, fs.ErrInvalid
	}
	packed, err := pack(dataDir, sha)
	if err != nil {
		return packedPicture{}, fmt.Errorf(textPhotoMissing, sha, err)
	}
	p := packedPicture{sha, sumOf(packed)}
	_, err = b.putChecked(ctx, p.key(), packed)
	return p, err
}

// pack is the same bytes for the same files. Where the source tells sums, they must agree.
func pack(dataDir, sha string) ([]byte, error) {
	var sums strings.Builder
	var out bytes.Buffer
	w := tar.NewWriter(&out)
	place := photo.Place(dataDir, sha)
	at, err := filepath.Rel(dataDir, place)
	if err != nil {
		return nil, err
	}
	write := func(name string, body []byte) error {
		h := &tar.Header{Name: filepath.ToSlash(filepath.Join(at, name)), Mode: 0o600, Size: int64(len(body)), Format: tar.FormatUSTAR}
		if err := w.WriteHeader(h); err != nil {
			return err
		}
		_, err := w.Write(body)
		return err
	}
	for _, size := range photo.Sizes() {
		body, err := os.ReadFile(filepath.Join(place, size.File()))
		if err != nil {
			return nil, err
		}
		if len(body) == 0 {
			return nil, fs.ErrInvalid
		}
		fmt.Fprintf(&sums, "%s  %s\n", sumOf(body), size.File())
		if err := write(size.File(), body); err != nil {
			return nil, err
		}
	}
	if told, err := os.ReadFile(filepath.Join(place, sumsFile)); err == nil && string(told) != sums.String() {
		return nil, fmt.Errorf(textPhotoDamaged, sha)
	}
	if err := errors.Join(write(sumsFile, []byte(sums.String())), w.Close()); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// unpack puts a picture's files in place, all or none. Nothing of a name in the tar
// but its end is used.
func unpack(packed []byte, to, sha string) error {
	place := photo.Place(to, sha)
	making := place + ".part"
	if err := errors.Join(os.RemoveAll(making), durable.MkdirAll(making)); err != nil {
		return err
	}
	r := tar.NewReader(bytes.NewReader(packed))
	for range len(photo.Sizes()) + 1 {
		h, err := r.Next()
		if err != nil {
			return err
		}
		if err := durable.WriteFile(filepath.Join(making, filepath.Base(filepath.FromSlash(h.Name))), io.LimitReader(r, smallObject)); err != nil {
			return err
		}
	}
	if err := os.RemoveAll(place); err != nil {
		return err
	}
	if err := durable.Rename(making, place); err != nil {
		return err
	}
	_, err := readSums(to, sha, true)
	return err
}
