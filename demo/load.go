package demo

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"doorstep/photo"
	"doorstep/sync/engine"
	"doorstep/sync/wire"

	"github.com/pocketbase/pocketbase/core"
)

// MaxHouseholds bounds a demo county.
const MaxHouseholds = 200_000

// ErrForeign refuses a directory that holds records which are no demo: invented
// people must never mix with real ones.
var ErrForeign = errors.New("demo: the directory holds a register that is no demo county; name another one with --dir")

// errSize refuses a county of a size that makes no sense.
var errSize = fmt.Errorf("demo: between 1 and %d households can be built", MaxHouseholds)

// A batch is one transaction of about so many operations.
const batchOperations = 2000

// Office is where a county is loaded: an app whose migrations have run, an engine on
// it, and the store of photos. The demo brings its warnings itself, with the evidence
// that rules would name, so that the engine's rules find nothing to add.
type Office struct {
	App    core.App
	Engine *engine.Engine
	Photos Pictures
}

// Pictures keeps a picture by the hash of its bytes; photo.Store does.
type Pictures interface {
	// Put checks and keeps the file at src; errors are those of photo.Store.Put.
	Put(ctx context.Context, src, sha string) (photo.Info, error)
}

// Load writes the county and its accounts through the engine's one write path, and
// calls progress after each batch with the households done and all. A directory
// that holds a demo county already is left as it is; a load that was cut off goes
// on with the county it had begun, whatever c says.
func Load(ctx context.Context, o Office, c Config, progress func(done, total int)) error {
	c, finished, err := resume(o.App, c)
	if err != nil || finished {
		return err
	}
	l := &loader{Office: o, ctx: ctx, stored: map[string]photo.Info{}}
	if err := l.households(c, progress); err != nil {
		return err
	}
	return l.accounts()
}

// resume finds out what the directory holds, and which county is to be written.
func resume(app core.App, c Config) (_ Config, finished bool, err error) {
	if c.Households < 1 || c.Households > MaxHouseholds {
		return c, false, errSize
	}
	last := Accounts()[len(Accounts())-1]
	if _, err := app.FindAuthRecordByEmail("users", last.Email); err == nil {
		return c, true, nil
	}
	var filled bool
	err = app.DB().NewQuery(`SELECT EXISTS (SELECT 1 FROM households) OR EXISTS (SELECT 1 FROM users)`).Row(&filled)
	if err != nil {
		return c, false, fmt.Errorf("demo: look into the database: %w", err)
	}
	begun, found, err := readState(app.DataDir())
	if err != nil {
		return c, false, err
	}
	if filled && !found {
		return c, false, ErrForeign
	}
	if filled {
		return begun, false, nil
	}
	return c, false, writeState(app.DataDir(), c)
}

// loader is one run.
type loader struct {
	Office
	ctx      context.Context
	stored   map[string]photo.Info // by hash
	assigned []string              // households of the social worker
}

// batch is what one transaction takes.
type batch struct {
	drafts     []engine.Draft
	photos     []Photo
	assigned   []string
	households int
}

// households builds and writes at the same time: one goroutine draws people while
// the engine writes those before.
func (l *loader) households(c Config, progress func(done, total int)) error {
	ctx, stop := context.WithCancel(l.ctx)
	defer stop()
	batches := make(chan batch, 1)
	go func() {
		defer close(batches)
		var b batch
		send := func() bool {
			select {
			case batches <- b:
				b = batch{}
				return true
			case <-ctx.Done():
				return false
			}
		}
		for bundle := range Build(c) {
			b.add(bundle)
			if len(b.drafts) >= batchOperations && !send() {
				return
			}
		}
		send()
	}()
	done := 0
	for b := range batches {
		if err := l.write(b); err != nil {
			return err
		}
		l.assigned = append(l.assigned, b.assigned...)
		done += b.households
		progress(done, c.Households)
	}
	return ctx.Err()
}

func (b *batch) add(bundle Bundle) {
	for _, op := range bundle.Operations {
		b.drafts = append(b.drafts, engine.Draft{Type: op.Type, Record: op.Record, Kind: wire.KindCreate, Set: op.Set})
	}
	b.photos = append(b.photos, bundle.Photos...)
	if bundle.Assigned {
		b.assigned = append(b.assigned, bundle.Household)
	}
	b.households++
}

// write stores the batch's pictures first, so that their records find the bytes on
// disk, then all of its records in one transaction.
func (l *loader) write(b batch) error {
	for _, p := range b.photos {
		if err := l.picture(p); err != nil {
			return fmt.Errorf("demo: picture of %s: %w", p.Record, err)
		}
	}
	results, err := l.Engine.Do(l.ctx, engine.Server, b.drafts)
	if err != nil {
		return fmt.Errorf("demo: write a batch: %w", err)
	}
	for i, r := range results {
		// A batch that a cut-off load had committed already is there as it should be.
		if r.Error != nil && r.Error.Code != wire.IDTaken {
			return fmt.Errorf("demo: %s %s was refused: %w", b.drafts[i].Type, b.drafts[i].Record, r.Error)
		}
	}
	return nil
}

func (l *loader) picture(p Photo) error {
	info, ok := l.stored[p.SHA256]
	if !ok {
		file := filepath.Join(l.App.DataDir(), "demo-"+p.SHA256[:16]+".jpg")
		if err := os.WriteFile(file, p.JPEG, 0o600); err != nil {
			return err
		}
		defer func() { _ = os.Remove(file) }()
		var err error
		if info, err = l.Photos.Put(l.ctx, file, p.SHA256); err != nil {
			return err
		}
		l.stored[p.SHA256] = info
	}
	return l.Engine.PhotoStored(l.ctx, engine.Server.ID, engine.File{Photo: p.Record, SHA256: p.SHA256, Bytes: info.Bytes, Width: info.Width, Height: info.Height})
}
