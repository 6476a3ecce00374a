package register

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"

	"doorstep/sync/engine"
	"doorstep/sync/wire"
	"doorstep/tables"
)

// What is no household's comes in a county's first load, too: divisions, accounts, the
// staff's relatives (近亲属备案). Each row is an order to the desk that keeps such
// things, so that its rules, its history and its audit hold; a file is looked through
// first, what is there already is passed over, and what a file made can be taken back.

// DeskLoads loads such files.
type DeskLoads struct {
	Lists       *Comparisons
	Regions     *Regions
	Accounts    *Accounts
	Supervision *Supervision
}

// mostDeskRows is what one file may hold: a county's villages and staff are some hundreds.
const mostDeskRows = 5000

// deskColumn is one column of such a file.
type deskColumn struct {
	key, label string
	names      []string // other headings
	required   bool
}

// deskKind is one kind of file. weigh makes the order of a row, or an error of the wire's
// if it cannot be; first says which rows go before others, whatever their line.
type deskKind struct {
	code    string
	columns []deskColumn
	first   func(row map[string]string) int
	weigh   func(*deskLoading, context.Context, map[string]string) (deskOrder, error)
	undo    func(*DeskLoads, context.Context, *engine.Account, string, string, string) (kept bool, err error)
}

// deskOrder does what a row asks for, and answers what it made; nil: it is there already.
type deskOrder func(context.Context) (made string, err error)

func lookupDeskLoad(code string) *deskKind {
	for i := range deskKinds {
		if deskKinds[i].code == code {
			return &deskKinds[i]
		}
	}
	return nil
}

// IsDeskLoad reports whether a kind of file is one of these.
func IsDeskLoad(code string) bool { return lookupDeskLoad(code) != nil }

// deskLoading is one file being loaded.
type deskLoading struct {
	*DeskLoads
	by     *engine.Account
	kind   *deskKind
	origin string
	report LoadReport
	batch  Batch
	orders []deskOrder
	seen   map[string]bool // what the file has named
}

// Load takes any first load in: households' files as Comparisons.Load does. Of the others
// it looks through a file (dry), or carries it out, all rows in their order; with skip
// those that are well. If one fails on the way, what was made before is taken back.
func (d *DeskLoads) Load(ctx context.Context, by *engine.Account, kind string, in Incoming, dry, skip bool, origin string) (*LoadReport, error) {
	k := lookupDeskLoad(kind)
	if k == nil {
		return d.Lists.Load(ctx, by, kind, in, dry, skip)
	}
	if !d.Lists.busy.TryLock() {
		return nil, wire.Err(wire.Busy, "")
	}
	defer d.Lists.busy.Unlock()
	if known, err := d.Lists.knownLoad(ctx, kind, in); known != nil || err != nil {
		return known, err
	}
	l := &deskLoading{DeskLoads: d, by: by, kind: k, origin: origin, seen: map[string]bool{}, report: LoadReport{Kind: kind, State: "dry", Created: map[string]int{}}}
	if err := l.read(ctx, in.Path); err != nil {
		return nil, refusedFile(err)
	}
	if dry || l.report.Bad > 0 && !skip {
		if !dry {
			l.report.State = "failed"
		}
		return &l.report, nil
	}
	return &l.report, l.write(ctx, in)
}

// read weighs every row.
func (l *deskLoading) read(ctx context.Context, path string) error {
	r, err := tables.Open(path, l.Lists.Limits, l.kind.score)
	if err != nil {
		return err
	}
	at, _ := l.kind.lay(r.Header)
	l.batch.Format, l.batch.Header = string(r.Format), r.Header
	var rows []deskRow
	for {
		row, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil && len(rows) == mostDeskRows {
			err = wire.InvalidField("file", deskTooLong)
		}
		if err != nil {
			return errors.Join(err, r.Close())
		}
		rows = append(rows, l.kind.cells(row, at))
	}
	if err := r.Close(); err != nil {
		return err
	}
	l.report.Rows = len(rows)
	if l.kind.first != nil {
		slices.SortStableFunc(rows, func(a, b deskRow) int { return l.kind.first(a.cells) - l.kind.first(b.cells) })
	}
	for _, row := range rows {
		if err := l.weigh(ctx, row); err != nil {
			return err
		}
	}
	slices.SortStableFunc(l.report.Faults, func(a, b tables.Fault) int { return a.Line - b.Line })
	return nil
}

// deskRow is one row, its cells by column.
type deskRow struct {
	line   int
	cells  map[string]string
	faults []tables.Fault
}

func (k *deskKind) cells(row tables.Row, at []int) deskRow {
	out := deskRow{row.Line, map[string]string{}, row.Faults}
	for i, c := range k.columns {
		if at[i] >= 0 {
			out.cells[c.key] = strings.TrimSpace(row.Cells[at[i]])
		}
		if c.required && out.cells[c.key] == "" {
			out.faults = append(out.faults, tables.Fault{Line: row.Line, Column: c.label, Code: "cell_missing", Reason: deskMissing})
		}
	}
	return out
}

func (l *deskLoading) weigh(ctx context.Context, row deskRow) error {
	faults := row.faults
	if len(faults) == 0 {
		order, err := l.kind.weigh(l, ctx, row.cells)
		coded := new(wire.Error)
		switch {
		case errors.As(err, &coded):
			faults = append(faults, tables.Fault{Line: row.line, Column: l.kind.heading(coded.Field), Code: string(coded.Code), Reason: coded.Message})
		case err != nil:
			return err
		case order != nil:
			l.orders = append(l.orders, order)
		}
	}
	l.report.tell(faults)
	return nil
}

// twice notes what a row names; a file that names it again has it wrong.
func (l *deskLoading) twice(name, field string) error {
	if l.seen[name] {
		return wire.InvalidField(field, deskTwice)
	}
	l.seen[name] = true
	return nil
}

// write carries the orders out.
func (l *deskLoading) write(ctx context.Context, in Incoming) error {
	if err := l.Lists.beginLoad(ctx, l.by, l.origin, l.kind.code, in, &l.report, &l.batch); err != nil {
		return err
	}
	var failed error
	for n, order := range l.orders {
		made, err := order(ctx)
		if err == nil {
			err = l.Lists.Engine.Update(ctx, func(tx *engine.Tx) error {
				return tx.Exec(`INSERT INTO firstload_writes (batch, n, type, record, kind, "values", was) VALUES (?, ?, ?, ?, ?, '[]', '')`, l.batch.ID, n+1, l.kind.code, made, wire.KindCreate)
			})
		}
		if failed = err; failed != nil {
			break
		}
		l.report.Created[l.kind.code]++
	}
	l.report.State, l.batch.State = "done", "done"
	if failed != nil {
		l.report.State, l.report.Error, l.batch.State, l.batch.Error = "failed", unexpected, "withdrawing", unexpected
	}
	l.batch.Counts, l.batch.Share, l.batch.Finished = l.report.Created, 1, wire.Format(l.Lists.Engine.Now())
	if err := l.Lists.Engine.Update(ctx, func(tx *engine.Tx) error { return l.batch.update(tx) }); err != nil {
		return err
	}
	if failed != nil {
		if _, err := l.takeBack(ctx, l.by, &l.batch, unexpected, l.origin); err != nil {
			return err
		}
	}
	return failed
}

// TakeBack withdraws any batch, a department's list too. Of the files here, divisions in which nobody lives are closed, accounts
// whose passphrase was not handed out are stopped, declarations end. How many stay,
// because they are in use, is told.
func (d *DeskLoads) TakeBack(ctx context.Context, by *engine.Account, id, reason, origin string) (kept int, err error) {
	b, err := d.Lists.Batch(ctx, id)
	if err != nil {
		return 0, err
	}
	if !IsDeskLoad(b.Kind) {
		return d.Lists.TakeAnyBack(ctx, by, id, reason, origin)
	}
	if b.State != "done" && b.State != "withdrawing" {
		return 0, wire.Err(wire.Decided, "")
	}
	if err := d.Lists.withdraws(ctx, by, b, "firstload.withdraw", reason, origin); err != nil {
		return 0, err
	}
	return d.takeBack(ctx, by, b, reason, origin)
}

func (d *DeskLoads) takeBack(ctx context.Context, by *engine.Account, b *Batch, reason, origin string) (kept int, err error) {
	k := lookupDeskLoad(b.Kind)
	writes, err := d.Lists.writesOf(ctx, b.ID)
	if err != nil || k == nil {
		return 0, err
	}
	for _, w := range slices.Backward(writes) {
		stays, err := k.undo(d, ctx, by, w.record, reason, origin)
		if err != nil {
			return kept, err
		}
		if stays {
			kept++
		}
	}
	b.State, b.Finished = "withdrawn", wire.Format(d.Lists.Engine.Now())
	if b.Error != "" {
		b.State = "failed"
	}
	return kept, d.Lists.Engine.Update(ctx, func(tx *engine.Tx) error { return b.update(tx) })
}

// lay lays the columns over a header: where each stands, -1 where it does not.
func (k *deskKind) lay(header []string) (at []int, found int) {
	at = make([]int, len(k.columns))
	taken := map[int]bool{}
	for i, c := range k.columns {
		at[i] = -1
		for j, h := range header {
			if at[i] < 0 && !taken[j] && sameHeading(h, append([]string{c.label}, c.names...)) {
				at[i], taken[j] = j, true
				found++
			}
		}
	}
	return at, found
}

// score finds the header: no required column may lack.
func (k *deskKind) score(cells []string) int {
	at, found := k.lay(cells)
	for i, c := range k.columns {
		if c.required && at[i] < 0 {
			return 0
		}
	}
	return found
}

// heading is the column of a field that an error names.
func (k *deskKind) heading(field string) string {
	for _, c := range k.columns {
		if c.key == field {
			return c.label
		}
	}
	return ""
}
