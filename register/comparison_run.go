package register

import (
	"context"
	"errors"
	"fmt"
	"io"

	"doorstep/domain/matching"
	"doorstep/sync/engine"
	"doorstep/sync/wire"
	"doorstep/tables"
)

// comparing is one file being compared.
type comparing struct {
	c       *Comparisons
	by      *engine.Account
	kind    *matching.Kind
	source  *Source
	reader  *tables.Reader
	layout  matching.Layout
	mapping matching.Mapping // what the layout was asked of
	batch   Batch
	seen    map[string]int  // cause -> the line of this file that told it
	touched map[string]bool // households that results name
}

// lined is a record with the line that it stood in.
type lined struct {
	line     int
	rec      matching.Record
	repeated bool
}

type badRow struct {
	line   int
	cells  []string
	faults []tables.Fault
}

// whole reads the file to its end. A file that breaks off in the middle leaves
// nothing: until the last chunk its results do not count, and then they go.
func (r *comparing) whole(ctx context.Context) {
	err := r.chunks(ctx)
	if e := r.reader.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = r.finish(ctx)
	}
	if err == nil {
		err = r.c.raise(ctx, r.kind.Code, r.touched)
	}
	if err != nil {
		r.c.fail(ctx, r.batch, refusedFile(err))
	}
}

func (r *comparing) chunks(ctx context.Context) error {
	for {
		good, bad, err := r.read()
		end := errors.Is(err, io.EOF)
		if err != nil && !end {
			return err
		}
		if r.batch.Bad > maxFaults {
			return wire.InvalidField("file", tooManyFaults)
		}
		if len(good)+len(bad) > 0 {
			if err := r.take(ctx, good, bad); err != nil {
				return err
			}
		}
		if end {
			return nil
		}
	}
}

// repeatedRow is a fault, not silence: of a person's costs in two rows nobody knows
// here whether they are one or to be added.
const repeatedRow = "与第%d行是同一人同一事由，已按第一行计；如应相加请合并成一行"

const tooManyFaults = "无法识别的行太多，请检查列对应关系和文件内容；整个文件未导入。"

// read takes the next rows from the file.
func (r *comparing) read() (good []lined, bad []badRow, err error) {
	for range chunkRows {
		row, err := r.reader.Next()
		if err != nil {
			return good, bad, err
		}
		r.batch.Rows++
		faults := row.Faults
		var rec matching.Record
		if len(faults) == 0 {
			var wrong []matching.Fault
			rec, wrong = r.layout.Read(row.Cells, r.reader.Header, villageOf)
			for _, f := range wrong {
				faults = append(faults, tables.Fault{Line: row.Line, Column: f.Column, Code: f.Code, Reason: f.Reason})
			}
		}
		if len(faults) > 0 {
			r.batch.Bad++
			bad = append(bad, badRow{row.Line, row.Cells, faults})
			continue
		}
		r.kind.Complete(&rec, r.batch.AsOf)
		cause := r.kind.CauseOf(rec, rec.Who())
		first, repeated := r.seen[cause]
		if repeated && !r.kind.AsksRepeats() {
			r.batch.Bad++
			bad = append(bad, badRow{row.Line, row.Cells, []tables.Fault{{Line: row.Line, Code: "repeated_row", Reason: fmt.Sprintf(repeatedRow, first)}}})
			continue
		}
		if !repeated {
			r.seen[cause] = row.Line
		}
		good = append(good, lined{row.Line, rec, repeated})
	}
	return good, bad, nil
}

// take matches a chunk on what is committed, and writes it in one transaction.
func (r *comparing) take(ctx context.Context, good []lined, bad []badRow) error {
	found, err := r.c.lookUp(ctx, r.kind, r.batch.AsOf, good)
	if err != nil {
		return err
	}
	results := make([]result, 0, len(good))
	for i, g := range good {
		res := r.judge(g, found[i])
		r.batch.Counts[string(res.Result)]++
		switch {
		case res.household == "":
			r.batch.Counts["unmatched"]++
		default:
			r.batch.Counts["matched"]++
			r.touched[res.household] = true
		}
		if res.household == "" && res.Result == matching.Nothing {
			continue // of people that the register does not know only the number is kept
		}
		results = append(results, res)
	}
	r.batch.Share = r.reader.Share()
	return r.c.Engine.Update(ctx, func(tx *engine.Tx) error {
		if err := storeResults(tx, &r.batch, results); err != nil {
			return err
		}
		if err := storeFaults(tx, r.batch.ID, bad); err != nil {
			return err
		}
		return r.batch.update(tx)
	})
}

// finish lets the batch count, and remembers how its columns were laid.
func (r *comparing) finish(ctx context.Context) error {
	r.batch.State, r.batch.Share, r.batch.Finished = "done", 1, wire.Format(r.c.Engine.Now())
	return r.c.Engine.Update(ctx, func(tx *engine.Tx) error {
		if err := r.batch.update(tx); err != nil {
			return err
		}
		return r.source.remember(tx, r.layout.Mapping(r.reader.Header), r.mapping)
	})
}
