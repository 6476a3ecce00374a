package hooks

import (
	"bytes"
	"context"
	"errors"
	"hash/crc32"
	"slices"

	"doorstep/sync/engine"

	"github.com/go-json-experiment/json"
	"github.com/klauspost/compress/flate"
)

// build reads a whole scope into a volume; one that is too large has no parts. The
// scope must have the name from first to last: what is built under it is sent to
// others, so a grant that came or went meanwhile spoils it.
func (s *Server) build(ctx context.Context, name, account string, r engine.PullRequest) (*volume, error) {
	leave, err := s.snapshots.enter(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	by, err := s.Engine.Account(ctx, account)
	if err != nil || by == nil {
		return nil, errors.Join(err, errSpoiled)
	}
	if now, err := s.Engine.ScopeOf(ctx, by, r); err != nil || now != name {
		return nil, errors.Join(err, errSpoiled)
	}
	v, err := s.bindAll(ctx, by, r)
	if err != nil {
		return nil, err
	}
	after, err := s.Engine.Account(ctx, account)
	if err != nil || after == nil || after.Role != by.Role || !slices.Equal(after.Grants, by.Grants) || !slices.Equal(after.Withdrawn, by.Withdrawn) {
		return nil, errors.Join(err, errSpoiled)
	}
	return v, nil
}

var errSpoiled = errors.New("hooks: the scope changed while a snapshot of it was built")

func (s *Server) bindAll(ctx context.Context, by *engine.Account, r engine.PullRequest) (*volume, error) {
	v, b := &volume{}, &binder{}
	z, err := flate.NewWriter(&b.deflated, 8)
	if err != nil {
		return nil, err
	}
	for sent := 0; ; {
		page, err := s.Engine.Pull(ctx, by, r)
		if err != nil {
			return nil, err
		}
		for i := range page.Changes {
			if err := b.line(z, page.Changes[i]); err != nil {
				return nil, err
			}
		}
		sent, v.epoch = sent+len(page.Changes), page.Epoch
		if sent >= marks || !page.More {
			sent = 0
			part, err := b.bind(z, page.Cursor)
			if err != nil {
				return nil, err
			}
			if _, err := s.Engine.Readdress(page.Cursor, by); err != nil {
				return nil, err
			}
			v.parts, v.size = append(v.parts, part), v.size+len(part.deflated)
		}
		if v.size > volumeBytes {
			return &volume{}, nil
		}
		if !page.More {
			return v, nil
		}
		r.Cursor = page.Cursor
	}
}

// binder collects the lines of a part.
type binder struct {
	deflated bytes.Buffer
	text     bytes.Buffer
	sum      uint32
	length   int64
}

func (b *binder) line(z *flate.Writer, v any) error {
	b.text.Reset()
	if err := json.MarshalWrite(&b.text, v, json.Deterministic(true)); err != nil {
		return err
	}
	b.text.WriteByte('\n')
	b.sum, b.length = crc32.Update(b.sum, crc32.IEEETable, b.text.Bytes()), b.length+int64(b.text.Len())
	_, err := z.Write(b.text.Bytes())
	return err
}

// bind ends a part at a byte's edge and begins the next with an empty window.
func (b *binder) bind(z *flate.Writer, cursor string) (volumePart, error) {
	if err := z.Flush(); err != nil {
		return volumePart{}, err
	}
	p := volumePart{deflated: bytes.Clone(b.deflated.Bytes()), sum: b.sum, length: b.length, cursor: cursor}
	b.deflated.Reset()
	b.sum, b.length = 0, 0
	z.Reset(&b.deflated)
	return p, nil
}

// sendVolume writes one gzip stream: the parts as they are, between them this
// account's own marks, stored as they stand.
func (s *Server) sendVolume(c *call, v *volume) error {
	snapshotHead(c)
	c.Response.Header().Set("Content-Encoding", "gzip")
	out := gzipJoin{w: c.Response}
	out.begin()
	for i, p := range v.parts {
		cursor, err := s.Engine.Readdress(p.cursor, c.by)
		if err != nil {
			return nil // the stream ends without its end
		}
		out.deflated(p.deflated, p.sum, p.length)
		line := map[string]any{"kind": "mark", "resume": cursor}
		if i == len(v.parts)-1 {
			line = map[string]any{"kind": "end", "cursor": cursor, "epoch": v.epoch, "durable_seq": s.Engine.Status().DurableSeq}
		}
		text, err := json.Marshal(line, json.Deterministic(true))
		if err != nil {
			return nil
		}
		out.stored(append(text, '\n'))
	}
	out.end()
	return nil
}
