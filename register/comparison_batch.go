package register

import (
	"context"

	"doorstep/sync/engine"
	"doorstep/sync/wire"

	"github.com/go-json-experiment/json"
)

// What a batch was for.
const (
	purposeCompare = "compare"
	purposeLoad    = "load"
)

// Batch is one file that was taken in, and what came of it.
type Batch struct {
	ID          string         `json:"batch"`
	Purpose     string         `json:"purpose"`
	Source      string         `json:"source"`
	SourceLabel string         `json:"source_label"`
	Kind        string         `json:"kind"`
	Period      string         `json:"period"`
	AsOf        string         `json:"as_of"`
	File        string         `json:"file"`
	SHA256      string         `json:"sha256"`
	Bytes       int64          `json:"bytes"`
	Format      string         `json:"format"`
	Header      []string       `json:"header"`
	Rows        int            `json:"rows"`
	Bad         int            `json:"bad"`
	Counts      map[string]int `json:"counts"` // by class; matched, unmatched, repeated beside them
	Share       float64        `json:"share"`  // how much has been read, 0 to 1
	State       string         `json:"state"`
	Error       string         `json:"error"`
	By          string         `json:"by"`
	ByName      string         `json:"by_name"`
	Received    string         `json:"received"`
	Finished    string         `json:"finished"`
	Reason      string         `json:"reason"`
}

const batchColumns = `id, purpose, source, kind, period, as_of, file, sha256, bytes, format, header, rows, bad, counts, share, state, error, by, received, finished, reason`

func (b *Batch) insert(tx *engine.Tx) error {
	return tx.Exec(`INSERT INTO comparison_batches (`+batchColumns+`) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		b.ID, b.Purpose, b.Source, b.Kind, b.Period, b.AsOf, b.File, b.SHA256, b.Bytes, b.Format, encode(b.Header), b.Rows, b.Bad, encode(b.Counts), b.Share, b.State, b.Error, b.By, b.Received, b.Finished, b.Reason)
}

// update writes what changes while a batch is read.
func (b *Batch) update(tx *engine.Tx) error {
	return tx.Exec(`UPDATE comparison_batches SET rows = ?, bad = ?, counts = ?, share = ?, state = ?, error = ?, finished = ?, reason = ? WHERE id = ?`,
		b.Rows, b.Bad, encode(b.Counts), b.Share, b.State, b.Error, b.Finished, b.Reason, b.ID)
}

// batches reads those of a condition; its text is a constant.
func (c *Comparisons) batches(ctx context.Context, where string, args ...any) ([]Batch, error) {
	rows, err := c.Engine.Query(ctx, `SELECT `+batchColumns+`, coalesce((SELECT u.name FROM users u WHERE u.id = comparison_batches.by), '') FROM comparison_batches `+where, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	out := []Batch{}
	for rows.Next() {
		var b Batch
		var header, counts string
		if err := rows.Scan(&b.ID, &b.Purpose, &b.Source, &b.Kind, &b.Period, &b.AsOf, &b.File, &b.SHA256, &b.Bytes, &b.Format, &header, &b.Rows, &b.Bad, &counts, &b.Share, &b.State, &b.Error, &b.By, &b.Received, &b.Finished, &b.Reason, &b.ByName); err != nil {
			return nil, err
		}
		if err := json.Unmarshal([]byte(header), &b.Header); err != nil {
			return nil, err
		}
		if err := json.Unmarshal([]byte(counts), &b.Counts); err != nil {
			return nil, err
		}
		b.SourceLabel = labelOfSource(b.Source)
		out = append(out, b)
	}
	return out, rows.Err()
}

// Batch reads one. Errors: wire.NotFound.
func (c *Comparisons) Batch(ctx context.Context, id string) (*Batch, error) {
	list, err := c.batches(ctx, `WHERE id = ?`, id)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, wire.Err(wire.NotFound, "")
	}
	return &list[0], nil
}

// BatchQuery is what a desk looks for; "" is all.
type BatchQuery struct {
	Purpose, Source string
	Limit           int
	After           int64
}

// Batches lists them, the newest first.
func (c *Comparisons) Batches(ctx context.Context, q BatchQuery) (items []Batch, next string, err error) {
	limit, after := q.Limit, q.After
	items, err = c.batches(ctx, `WHERE (? = '' OR purpose = ?) AND (? = '' OR source = ?) ORDER BY id DESC LIMIT ? OFFSET ?`, q.Purpose, q.Purpose, q.Source, q.Source, limit+1, after)
	if len(items) > limit {
		items, next = items[:limit], engine.NextPage(after+int64(limit))
	}
	return items, next, err
}
