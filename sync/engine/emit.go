package engine

import (
	"sort"

	"doorstep/sync/wire"
)

// emit turns feed lines into changes: a put for what is shown, a leave for what
// the device may hold and no grant shows any more.
// It says how many rows fitted.
func (p *page) emit(rows []feedRow) (took int, err error) {
	took, err = p.fit(rows, func(r feedRow) bool { return r.kind == wire.ChangePut })
	if err != nil {
		return 0, err
	}
	rows = rows[:took]
	var puts []feedRow
	shown := map[string]bool{}
	for _, r := range rows {
		if r.kind == wire.ChangePut && !shown[r.record] {
			shown[r.record] = true
			puts = append(puts, r)
		}
	}
	p.emitPuts(puts)
	for _, r := range rows {
		if r.kind == wire.ChangePut || shown[r.record] {
			continue
		}
		if held, err := p.mayHold(r); err != nil || !held {
			if err != nil {
				return 0, err
			}
			continue
		}
		shown[r.record] = true
		if err := p.emitLeave(r); err != nil {
			return 0, err
		}
	}
	sort.SliceStable(p.changes, func(i, j int) bool { return p.changes[i].Seq < p.changes[j].Seq })
	return took, nil
}

// mayHold reports whether the device can have been sent the record: it was in
// this place before the page began, and had not gone when the reading began; or
// it was in another place then, whose own leave was not sent because this one
// showed it.
func (p *page) mayHold(r feedRow) (bool, error) {
	if r.kind != wire.ChangePut && r.seq <= p.cursor.Began {
		return false, nil
	}
	if p.sent(r.since, r.record) {
		return true, nil
	}
	rows, err := p.s.query(`SELECT home, area, since FROM sync_feed WHERE record = ?`, r.record)
	if err != nil {
		return false, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var at location
		var since int64
		if err := rows.Scan(&at.Home, &at.Area, &since); err != nil {
			return false, err
		}
		if p.sent(since, r.record) && p.by.saw(at) {
			return true, nil
		}
	}
	return false, rows.Err()
}

// sent reports whether the cursor had passed a place in the feed when the page began.
func (p *page) sent(seq int64, record string) bool {
	return seq < p.from.Seq || seq == p.from.Seq && record <= p.from.Record
}

func (p *page) emitLeave(r feedRow) error {
	visible, err := p.visible(r.record)
	if err != nil || visible {
		return err
	}
	kind := wire.ChangeLeave
	if r.kind == wire.ChangeTombstone {
		kind = wire.ChangeTombstone
	}
	p.changes = append(p.changes, wire.Change{Seq: r.seq, Type: r.typ, ID: r.record, Kind: kind})
	p.bytes += 128
	return nil
}

// visible reports whether any standing grant still shows the record.
func (p *page) visible(record string) (bool, error) {
	rows, err := p.s.query(`SELECT home, area FROM sync_feed WHERE record = ? AND kind = 'put'`, record)
	if err != nil {
		return false, err
	}
	places, err := pairs(rows)
	if err != nil {
		return false, err
	}
	for _, pl := range places {
		if p.by.Sees(location{Home: pl[0], Area: pl[1]}) {
			return true, nil
		}
	}
	return false, nil
}

// emitPuts adds the records that fit has rendered, as they stand now.
func (p *page) emitPuts(rows []feedRow) {
	for _, r := range rows {
		rec, ok := p.rendered[r.record]
		if !ok {
			continue
		}
		c := wire.Change{Seq: r.seq, Type: r.typ, ID: r.record, Kind: wire.ChangePut, Rev: rec.rev, Record: rec.json}
		if p.brief {
			c.Brief()
		}
		p.changes = append(p.changes, c)
		p.bytes += len(rec.json)
	}
}
