package register

import (
	"context"
	"errors"
	"io"

	"doorstep/sync/engine"
	"doorstep/sync/wire"
	"doorstep/tables"
)

// LoadReport is what a dry run found, or a load did.
type LoadReport struct {
	Batch   string         `json:"batch"` // "" of a dry run
	Kind    string         `json:"kind"`
	State   string         `json:"state"` // dry, done, failed, known (the same file was loaded before)
	Rows    int            `json:"rows"`
	Bad     int            `json:"bad"`
	Created map[string]int `json:"created"` // by record type
	Filled  int            `json:"filled"`  // values that were unknown before
	Differs int            `json:"differs"` // values that the register has otherwise; left as they are
	Faults  []tables.Fault `json:"faults"`  // the first of them
	Error   string         `json:"error"`
}

const (
	shownFaults = 200
	loadRows    = 100 // rows in one transaction: some 300 operations
)

// Load takes a provincial export in (首次导入). It looks through the whole file first,
// and writes only if every row is well (or, with skip, leaves out whole households of
// which a row is not): nothing is half imported. All goes through operations, so that
// history, feed and audit hold. Who is there already, by ID number, is filled where
// nothing was known and changed nowhere. dry writes nothing.
func (c *Comparisons) Load(ctx context.Context, by *engine.Account, kind string, in Incoming, dry, skip bool) (*LoadReport, error) {
	k := lookupLoad(kind)
	if k == nil {
		return nil, wire.Err(wire.NotFound, "kind")
	}
	if !c.busy.TryLock() {
		return nil, wire.Err(wire.Busy, "")
	}
	defer c.busy.Unlock()
	if known, err := c.knownLoad(ctx, kind, in); known != nil || err != nil {
		return known, err
	}
	l := &loading{c: c, by: by, kind: k, in: in, skip: skip, report: LoadReport{Kind: kind, State: "dry", Created: map[string]int{}}, homes: map[string]*loadHome{}, persons: map[string]string{}}
	if err := l.each(func(r loadRow, faults []tables.Fault) error { return l.look(ctx, r, faults) }); err != nil {
		return nil, refusedFile(err)
	}
	l.settleBad()
	if dry || l.report.Bad > 0 && !skip {
		if !dry {
			l.report.State = "failed"
		}
		return &l.report, nil
	}
	return &l.report, l.write(ctx)
}

// knownLoad is the report of the same file loaded before; nil if it never was.
func (c *Comparisons) knownLoad(ctx context.Context, kind string, in Incoming) (*LoadReport, error) {
	known, err := c.batches(ctx, `WHERE purpose = ? AND source = ? AND sha256 = ? AND state = 'done' ORDER BY id DESC LIMIT 1`, purposeLoad, kind, in.SHA256)
	if err != nil || len(known) == 0 {
		return nil, err
	}
	return &LoadReport{Batch: known[0].ID, Kind: kind, State: "known", Rows: known[0].Rows, Created: known[0].Counts}, nil
}

// beginLoad enters a load's batch, of whose file format and header are known, in log and audit.
func (c *Comparisons) beginLoad(ctx context.Context, by *engine.Account, origin, kind string, in Incoming, r *LoadReport, b *Batch) error {
	*b = Batch{ID: c.Engine.NewID(), Purpose: purposeLoad, Source: kind, Kind: kind, Period: in.Period, File: in.Name, SHA256: in.SHA256, Bytes: in.Bytes,
		Format: b.Format, Header: b.Header, Rows: r.Rows, Bad: r.Bad, Counts: map[string]int{}, State: "loading", By: by.ID, Received: wire.Format(c.Engine.Now())}
	r.Batch = b.ID
	return c.Engine.Update(ctx, func(tx *engine.Tx) error {
		if err := b.insert(tx); err != nil {
			return err
		}
		return tx.Audit(by, origin, "firstload", b.ID, kind+" "+in.SHA256)
	})
}

// tell enters a row's faults, of which the first are shown.
func (r *LoadReport) tell(faults []tables.Fault) {
	if len(faults) == 0 {
		return
	}
	r.Bad++
	r.Faults = append(r.Faults, faults[:min(len(faults), shownFaults-len(r.Faults))]...)
}

// each reads the file from its beginning.
func (l *loading) each(row func(loadRow, []tables.Fault) error) error {
	r, err := tables.Open(l.in.Path, l.c.Limits, l.kind.score)
	if err != nil {
		return err
	}
	layout, _ := l.kind.lay(r.Header)
	l.batch.Format, l.batch.Header = string(r.Format), r.Header
	for {
		line, err := r.Next()
		if errors.Is(err, io.EOF) {
			return r.Close()
		}
		if err == nil {
			read, faults := layout.read(line)
			err = row(read, faults)
		}
		if err != nil {
			return errors.Join(err, r.Close())
		}
	}
}
