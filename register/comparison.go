package register

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"sync"

	"doorstep/domain/matching"
	"doorstep/sync/engine"
	"doorstep/sync/wire"
	"doorstep/tables"

	"github.com/go-json-experiment/json"
)

// Comparisons takes departments' lists in (大数据比对, 三(三)). One file is read at a
// time: it is written in transactions of chunkRows, between which tablets push.
type Comparisons struct {
	Engine *engine.Engine
	Limits tables.Limits
	// Withdrawn closes what rested on a household's lists alone and is found no longer;
	// nil where no rule raises anything from lists.
	Withdrawn func(tx *engine.Tx, household string) error

	busy sync.Mutex
	work sync.WaitGroup
}

const (
	chunkRows = 500
	maxFaults = 20_000 // rows that cannot be taken, before the file is the wrong one
)

// Incoming is a file on disk with what its sender says of it.
type Incoming struct {
	Source string
	Period string // 2026-06, 2026年第二季度: words for people
	AsOf   string // the day that the list speaks of
	Name   string
	Path   string
	SHA256 string
	Bytes  int64
	// Mapping is how its sender says that the columns lie; nil: as is remembered.
	Mapping matching.Mapping
}

// Start takes a file. What refuses it as a whole is told at once; the rest goes on
// in the background, and the batch tells how far. The same file of a source again
// changes nothing: its batch is returned, and fresh is false. clean is called when
// the file is no longer needed.
func (c *Comparisons) Start(ctx context.Context, by *engine.Account, in Incoming, clean func()) (b *Batch, fresh bool, err error) {
	run, b, err := c.begin(ctx, by, in)
	if run == nil {
		clean()
		return b, false, err
	}
	c.work.Add(1)
	go func() {
		defer c.work.Done()
		defer c.busy.Unlock()
		defer clean()
		run.whole(context.WithoutCancel(ctx))
	}()
	return b, true, nil
}

// Take does the same and waits for the end.
func (c *Comparisons) Take(ctx context.Context, by *engine.Account, in Incoming) (*Batch, error) {
	run, b, err := c.begin(ctx, by, in)
	if run == nil {
		return b, err
	}
	defer c.busy.Unlock()
	run.whole(ctx)
	return c.Batch(ctx, run.batch.ID)
}

// Compare does the same and leaves the rules for later: what is measured beside
// parsing and bare inserts.
func (c *Comparisons) Compare(ctx context.Context, by *engine.Account, in Incoming) (*Batch, error) {
	run, b, err := c.begin(ctx, by, in)
	if run == nil {
		return b, err
	}
	defer c.busy.Unlock()
	err = run.chunks(ctx)
	return &run.batch, errors.Join(err, run.reader.Close(), run.finish(ctx))
}

// Wait returns when nothing is being read.
func (c *Comparisons) Wait() { c.work.Wait() }

// begin opens the file and enters its batch. With a run it leaves busy locked.
func (c *Comparisons) begin(ctx context.Context, by *engine.Account, in Incoming) (*comparing, *Batch, error) {
	source, err := c.source(ctx, in.Source)
	if err != nil {
		return nil, nil, err
	}
	if _, code := matching.ReadDate(in.AsOf); code != "" {
		return nil, nil, wire.InvalidField("as_of", matching.Reason(code))
	}
	if len([]rune(in.Period)) > 40 || len([]rune(in.Name)) > 200 {
		return nil, nil, wire.InvalidField("period", matching.Reason("too_long"))
	}
	if known, err := c.same(ctx, in); known != nil || err != nil {
		return nil, known, err
	}
	if !c.busy.TryLock() {
		return nil, nil, wire.Err(wire.Busy, "")
	}
	run, err := c.open(ctx, by, source, in)
	if err != nil {
		c.busy.Unlock()
		return nil, nil, err
	}
	begun := run.batch // the run counts on; its caller reads what was when it began
	begun.Counts = maps.Clone(begun.Counts)
	return run, &begun, nil
}

func (c *Comparisons) open(ctx context.Context, by *engine.Account, source *Source, in Incoming) (*comparing, error) {
	kind, mapping, err := in.mapping(source)
	if err != nil {
		return nil, err
	}
	r, err := tables.Open(in.Path, c.Limits, func(cells []string) int { return kind.Score(cells, mapping) })
	if err != nil {
		return nil, refusedFile(err)
	}
	run := &comparing{c: c, by: by, kind: kind, source: source, reader: r, seen: map[string]int{}, touched: map[string]bool{}}
	run.layout, _ = kind.Match(r.Header, mapping)
	run.mapping = mapping
	now := c.Engine.Now()
	run.batch = Batch{ID: c.Engine.NewID(), Purpose: purposeCompare, Source: source.Code, SourceLabel: source.Label, Kind: kind.Code, Period: in.Period, AsOf: in.AsOf, File: in.Name, SHA256: in.SHA256, Bytes: in.Bytes,
		Format: string(r.Format), Header: r.Header, Counts: map[string]int{}, State: "loading", By: by.ID, Received: wire.Format(now)}
	err = c.Engine.Update(ctx, func(tx *engine.Tx) error {
		if err := run.batch.insert(tx); err != nil {
			return err
		}
		return tx.Audit(by, "", "comparison.import", run.batch.ID, source.Code+" "+in.SHA256)
	})
	if err != nil {
		return nil, errors.Join(err, r.Close())
	}
	return run, nil
}

// refusedFile turns what a file is refused for into the wire's words.
func refusedFile(err error) error {
	var refused *tables.Error
	if errors.As(err, &refused) {
		return wire.InvalidField("file", refused.Text)
	}
	return err
}

// same is the batch of this very file, if it counts or is being read. Where another list
// of the source came between and this one speaks of another day it is news: what
// was so once is so again.
func (c *Comparisons) same(ctx context.Context, in Incoming) (*Batch, error) {
	list, err := c.batches(ctx, `WHERE purpose = ?1 AND source = ?2 AND sha256 = ?3 AND state IN ('loading', 'done') AND (as_of = ?4 OR NOT EXISTS (
		SELECT 1 FROM comparison_batches o WHERE o.purpose = ?1 AND o.source = ?2 AND o.sha256 <> ?3 AND o.state IN ('loading', 'done') AND o.id > comparison_batches.id))
		ORDER BY as_of = ?4 DESC, id DESC LIMIT 1`, purposeCompare, in.Source, in.SHA256, in.AsOf)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return &list[0], nil
}

func encode(v any) string {
	b, err := json.Marshal(v, json.Deterministic(true))
	if err != nil {
		panic(fmt.Sprintf("register: %T as JSON: %v", v, err)) // texts, numbers and maps of them
	}
	return string(b)
}

func decode(text string, into any) bool { return json.Unmarshal([]byte(text), into) == nil }
