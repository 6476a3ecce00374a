package register

import (
	"context"

	"doorstep/domain/indicator"
	"doorstep/domain/workflow"
	"doorstep/tables"

	"github.com/go-json-experiment/json"
)

// Effects is what withdrawing a batch would undo, said before somebody does it.
type Effects struct {
	Results    int `json:"results"`    // that count no more
	Decided    int `json:"decided"`    // of them, that a person has decided about
	Households int `json:"households"` // whose warnings are looked at again
	Warnings   int `json:"warnings"`   // open there, resting on lists alone: at most so many are closed
	Created    int `json:"created"`    // of a load: records that are deleted again
}

// Effects counts them.
func (c *Comparisons) Effects(ctx context.Context, id string) (*Effects, error) {
	b, err := c.Batch(ctx, id)
	if err != nil {
		return nil, err
	}
	out := &Effects{}
	if b.Purpose == purposeLoad {
		for _, n := range b.Counts {
			out.Created += n
		}
		return out, nil
	}
	row, err := c.Engine.Query(ctx, `SELECT count(*), count(*) FILTER (WHERE decided <> ''), count(DISTINCT CASE WHEN household <> '' THEN household END) FROM comparison_results WHERE batch = ?`, id)
	if err != nil {
		return nil, err
	}
	for row.Next() {
		err = row.Scan(&out.Results, &out.Decided, &out.Households)
	}
	if e := row.Close(); err == nil {
		err = e
	}
	if err != nil {
		return nil, err
	}
	open := encode(workflow.States(func(s workflow.Stage) bool { return s.Open }))
	return out, c.pairs(ctx, func(evidence, _, _, _ string) {
		var entries []struct{ ID string }
		alone := decodeLoose(evidence, &entries) && len(entries) > 0
		for _, e := range entries {
			alone = alone && indicator.FromList(e.ID)
		}
		if alone {
			out.Warnings++
		}
	}, `SELECT w.evidence, '', '', '' FROM warnings w JOIN (SELECT DISTINCT household FROM comparison_results WHERE batch = ? AND household <> '') r ON w.home = r.household
		WHERE w.deleted = 0 AND w.state IN (SELECT value FROM json_each(?))`, id, open)
}

func decodeLoose(text string, into any) bool {
	return json.Unmarshal([]byte(text), into, json.MatchCaseInsensitiveNames(true)) == nil
}

// BadRow is a row of a file that could not be taken: where and why, not what it said.
type BadRow struct {
	Line   int            `json:"line"`
	Faults []tables.Fault `json:"faults"`
}

// BadRows lists them from a line on.
func (c *Comparisons) BadRows(ctx context.Context, b *Batch, limit int, after int64) (items []BadRow, more bool, err error) {
	rows, err := c.Engine.Query(ctx, `SELECT line, faults FROM comparison_faults WHERE batch = ? AND line > ? ORDER BY line LIMIT ?`, b.ID, after, limit+1)
	if err != nil {
		return nil, false, err
	}
	defer func() { _ = rows.Close() }()
	items = []BadRow{}
	for rows.Next() {
		var r BadRow
		var faults string
		if err := rows.Scan(&r.Line, &faults); err != nil {
			return nil, false, err
		}
		if err := json.Unmarshal([]byte(faults), &r.Faults); err != nil {
			return nil, false, err
		}
		items = append(items, r)
	}
	if more = len(items) > limit; more {
		items = items[:limit]
	}
	return items, more, rows.Err()
}
