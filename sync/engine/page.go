package engine

import (
	"errors"
	"maps"

	"doorstep/sync/policy"
	"doorstep/sync/wire"
)

// page collects the changes of one answer. Work that grants ask for comes
// first, then the feed from the cursor on.
type page struct {
	e       *Engine
	s       *snapshot
	by      *Account
	limit   int
	from    position // where the cursor stood when the page began
	first   bool
	quiet   bool // no results: they wait for a pull that carries them
	brief   bool // a record does not repeat what its line says
	cursor  cursor
	changes []wire.Change
	bytes   int
	more    bool

	rendered map[string]rendered // what fit has read of the rows in hand
}

func (p *page) fill(status *Status) error {
	for len(p.cursor.Tasks) > 0 {
		t := &p.cursor.Tasks[0]
		done, err := p.work(t)
		if err != nil {
			return err
		}
		if !done {
			p.more = true
			return nil
		}
		p.cursor.Tasks = p.cursor.Tasks[1:]
	}
	if p.cursor.Grants < status.Seq { // more grants than a cursor holds
		p.more = true
		return nil
	}
	return p.scan(status)
}

func (p *page) room() int { return p.limit - len(p.changes) }

// work goes on with a grant that came (its records up to the cursor) or went
// (leaves for what the device may hold of it and nothing else shows).
func (p *page) work(t *task) (done bool, err error) {
	g := p.grant(t.Grant)
	if g == nil || !t.Leave && g.UntilSeq != 0 {
		return true, nil
	}
	for p.room() > 0 && p.bytes < pageBytes {
		rows, err := p.rows(*g, t.At, p.room()+1)
		if err != nil {
			return false, err
		}
		rows = whole(rows, p.room())
		if len(rows) == 0 {
			return true, nil
		}
		took, err := p.emitGrant(rows, *g, t.Leave)
		if err != nil || took == 0 {
			return false, err
		}
		t.At = position{rows[took-1].seq, rows[took-1].record}
	}
	return false, nil
}

// emitGrant adds what a grant's rows ask for and says how many of them fitted.
func (p *page) emitGrant(rows []feedRow, g Grant, leaving bool) (took int, err error) {
	took = len(rows)
	if !leaving {
		wanted := func(r feedRow) bool { return r.kind == wire.ChangePut && r.seq <= p.cursor.At.Seq }
		if took, err = p.fit(rows, wanted); err != nil {
			return 0, err
		}
	}
	var puts []feedRow
	for _, r := range rows[:took] {
		switch {
		case leaving:
			held, err := p.mayHold(r)
			if err != nil {
				return 0, err
			}
			if r.since > g.UntilSeq || !held {
				continue
			}
			if err := p.emitLeave(r); err != nil {
				return 0, err
			}
		case r.kind == wire.ChangePut && r.seq <= p.cursor.At.Seq:
			puts = append(puts, r)
		}
	}
	p.emitPuts(puts)
	return took, nil
}

// fit renders the records that the wanted rows name, and says how many rows the
// page has room for: an answer is bounded in bytes, whatever records hold. An
// empty page takes one record, however large.
func (p *page) fit(rows []feedRow, wanted func(feedRow) bool) (took int, err error) {
	took = len(rows)
	for {
		p.rendered, err = p.renderAll(rows[:took], wanted)
		if !errors.Is(err, errTooMuch) {
			break
		}
		took = max(1, took/4)
	}
	if err != nil {
		return 0, err
	}
	room := pageBytes - p.bytes
	for i, r := range rows[:took] {
		if !wanted(r) {
			continue
		}
		room -= len(p.rendered[r.record].json)
		if room < 0 && len(p.changes)+i > 0 {
			for i > 0 && rows[i-1].seq == r.seq && rows[i-1].record == r.record {
				i-- // one record in two places at one seq is one change
			}
			if len(p.changes)+i > 0 {
				return i, nil
			}
		}
	}
	return took, nil
}

func (p *page) renderAll(rows []feedRow, wanted func(feedRow) bool) (map[string]rendered, error) {
	byType := map[string][]feedRow{}
	for _, r := range rows {
		if wanted(r) {
			byType[r.typ] = append(byType[r.typ], r)
		}
	}
	out := map[string]rendered{}
	for _, t := range policy.Types() {
		if len(byType[t.Name]) == 0 {
			continue
		}
		some, err := render(p.s, t, byType[t.Name], manner{masked: p.by.Circle() == policy.Tablet, brief: p.brief}, pageBytes)
		if err != nil {
			return nil, err
		}
		maps.Copy(out, some)
	}
	return out, nil
}

func (p *page) grant(id int64) *Grant {
	for _, list := range [][]Grant{p.by.Grants, p.by.Withdrawn} {
		for i := range list {
			if list[i].ID == id {
				return &list[i]
			}
		}
	}
	return nil
}

// scan reads the feed on from the cursor, through all grants at once, in order.
func (p *page) scan(status *Status) error {
	for p.room() > 0 && p.bytes < pageBytes {
		rows, exhausted, err := p.merged(p.room())
		if err != nil {
			return err
		}
		took, err := p.emit(rows)
		if err != nil {
			return err
		}
		if exhausted && took == len(rows) {
			// The mark was read in this same snapshot, before any row.
			p.cursor.At = position{Seq: max(status.Seq, p.cursor.At.Seq), Record: atEnd}
			return nil
		}
		if took == 0 {
			break
		}
		p.cursor.At = position{rows[took-1].seq, rows[took-1].record}
	}
	p.more = true
	return nil
}

// answer seals the page.
func (p *page) answer(d *device, status *Status) (*wire.PullAnswer, error) {
	results, last, err := p.results(d)
	if err != nil {
		return nil, err
	}
	p.cursor.Results = last
	if p.cursor.Trail, err = p.e.trails.at(p.s, status); err != nil {
		return nil, err
	}
	text, err := p.e.seal(&p.cursor)
	if err != nil {
		return nil, err
	}
	out := &wire.PullAnswer{Epoch: status.Epoch, Cursor: text, More: p.more || len(results) == maxResults, Changes: p.changes, Results: results,
		DurableSeq: status.DurableSeq, ServerTime: wire.Format(p.e.cfg.Now())}
	if out.Changes == nil {
		out.Changes = []wire.Change{}
	}
	if p.first {
		out.Total, err = p.total()
	}
	return out, err
}

// total is about how many records the account will be sent, for a progress bar.
func (p *page) total() (int64, error) {
	var n int64
	for _, g := range p.by.Grants {
		query, args := `SELECT count(*) FROM sync_feed WHERE home = ? AND kind = 'put'`, []any{g.Value}
		if g.Kind == GrantArea {
			query, args = `SELECT count(*) FROM sync_feed WHERE area >= ? AND area < ? AND kind = 'put'`+p.notOthers(), []any{g.Value, g.Value + "~"}
		}
		var k int64
		if err := p.s.queryRow(query, args...).Scan(&k); err != nil {
			return 0, err
		}
		n += k
	}
	return n, nil
}
