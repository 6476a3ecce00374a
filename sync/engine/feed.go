package engine

import (
	"sort"

	"doorstep/sync/policy"
)

// feedRow is one line of the feed's table.
type feedRow struct {
	record, typ, kind string
	seq, since        int64
	at                location
}

// merged is the next n lines of the feed that any grant shows.
func (p *page) merged(n int) (rows []feedRow, exhausted bool, err error) {
	grants := append([]Grant{{Kind: GrantHome, Value: "@" + p.by.ID}}, p.by.Grants...)
	for _, g := range grants {
		more, err := p.rows(g, p.cursor.At, n+1)
		if err != nil {
			return nil, false, err
		}
		rows = append(rows, more...)
	}
	sort.Slice(rows, func(i, j int) bool {
		a, b := rows[i], rows[j]
		if a.seq != b.seq {
			return a.seq < b.seq
		}
		return a.record < b.record
	})
	return whole(rows, n), len(rows) <= n, nil
}

// whole is the first n rows, and one more where that belongs to the nth: a record
// that went from one place to another at one seq is one change, and a cursor
// cannot stand between the two.
func whole(rows []feedRow, n int) []feedRow {
	if len(rows) <= n {
		return rows
	}
	for n < len(rows) && rows[n].seq == rows[n-1].seq && rows[n].record == rows[n-1].record {
		n++
	}
	return rows[:n]
}

const feedColumns = `SELECT record, type, kind, seq, since, home, area FROM sync_feed `

// notOthers leaves out what an area does not show to tablets: what waits with its
// author, and what only the office still reads.
func (p *page) notOthers() string {
	if p.by.Circle() == policy.Tablet {
		return ` AND (home < '@' OR home >= 'A')`
	}
	return ""
}

// rows reads the feed through one grant.
func (p *page) rows(g Grant, at position, n int) ([]feedRow, error) {
	own := p.notOthers()
	query, args := feedColumns+`WHERE home = ? AND (seq, record) > (?, ?) ORDER BY seq, record LIMIT ?`, []any{g.Value, at.Seq, at.Record, n}
	if g.Kind == GrantArea {
		query = feedColumns + `WHERE area = ? AND (seq, record) > (?, ?)` + own + ` ORDER BY seq, record LIMIT ?`
		if len(g.Value) < 12 {
			query = feedColumns + `INDEXED BY sync_feed_seq WHERE (seq, record) > (?, ?) AND area >= ? AND area < ?` + own + ` ORDER BY seq, record LIMIT ?`
			args = []any{at.Seq, at.Record, g.Value, g.Value + "~", n}
		}
	}
	res, err := p.s.query(query, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = res.Close() }()
	var out []feedRow
	for res.Next() {
		var r feedRow
		if err := res.Scan(&r.record, &r.typ, &r.kind, &r.seq, &r.since, &r.at.Home, &r.at.Area); err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, res.Err()
}
