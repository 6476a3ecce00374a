package backup

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/minio/minio-go/v7"
)

// What the bucket is asked for: whole objects, listed, put, read and removed. The
// client tries a request again; a body that broke off or came back wrong is asked
// for again here.

// smallObject is the most that is held in memory: a picture's sizes, a list of pictures.
const smallObject = 256 << 20

// errBroken: what came is not what was sent.
var errBroken = errors.New("backup: the object came back wrong")

// again tries what may fail by chance, a bounded number of times.
func (b *Bucket) again(ctx context.Context, try func() error) (err error) {
	wait := attemptPause
	for i := range attempts {
		if i > 0 {
			if err := b.pause(ctx, wait); err != nil {
				return err
			}
			wait *= 2
		}
		if err = try(); err == nil || ctx.Err() != nil || !worthAnother(err) {
			break
		}
	}
	return b.explain(err)
}

// put keeps bytes under a key.
func (b *Bucket) put(ctx context.Context, key string, body []byte) error {
	return b.again(ctx, func() error {
		_, err := b.client.PutObject(ctx, b.name, b.prefix+key, bytes.NewReader(body), int64(len(body)), minio.PutObjectOptions{ContentType: "application/octet-stream"})
		return err
	})
}

// get reads a small object whole. Where sum is given, it must be that of what came.
func (b *Bucket) get(ctx context.Context, key, sum string) (body []byte, err error) {
	err = b.again(ctx, func() error {
		o, err := b.client.GetObject(ctx, b.name, b.prefix+key, minio.GetObjectOptions{})
		if err != nil {
			return err
		}
		defer func() { _ = o.Close() }()
		body, err = io.ReadAll(io.LimitReader(o, smallObject+1))
		if err != nil {
			return err
		}
		if len(body) > smallObject || sum != "" && sumOf(body) != sum {
			return fmt.Errorf(textObjectChanged, b.prefix+key, errBroken)
		}
		return nil
	})
	return body, err
}

// putChecked keeps bytes and reads them back.
func (b *Bucket) putChecked(ctx context.Context, key string, body []byte) (FileSum, error) {
	sum := FileSum{int64(len(body)), sumOf(body)}
	if err := b.put(ctx, key, body); err != nil {
		return sum, err
	}
	_, err := b.get(ctx, key, sum.SHA256)
	return sum, err
}

// keys are the objects under a prefix, without it; deep goes below the next slash,
// otherwise what lies there is one name that ends with it.
func (b *Bucket) keys(ctx context.Context, under string, deep bool) (out []string, err error) {
	err = b.again(ctx, func() error {
		ctx, stop := context.WithCancel(ctx) // a listing given up in the middle ends
		defer stop()
		out = nil
		for o := range b.client.ListObjects(ctx, b.name, minio.ListObjectsOptions{Prefix: b.prefix + under, Recursive: deep}) {
			if o.Err != nil {
				return o.Err
			}
			out = append(out, strings.TrimPrefix(o.Key, b.prefix+under))
		}
		return nil
	})
	return out, err
}

func (b *Bucket) remove(ctx context.Context, key string) error {
	return b.again(ctx, func() error {
		return b.client.RemoveObject(ctx, b.name, b.prefix+key, minio.RemoveObjectOptions{})
	})
}

func sumOf(body []byte) string {
	s := sha256.Sum256(body)
	return hex.EncodeToString(s[:])
}
