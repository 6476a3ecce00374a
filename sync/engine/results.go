package engine

import (
	"doorstep/sync/policy"
	"doorstep/sync/wire"
)

const maxResults = 500

// results are the later news about the ops that this account made or handed in
// on this device. What a decision made of a record that the account may no longer
// see, or reads masked, is left out.
func (p *page) results(d *device) ([]wire.Result, int64, error) {
	last := p.cursor.Results
	out := []wire.Result{}
	if p.quiet {
		return out, last, nil
	}
	rows, err := p.s.query(`SELECT n.seq, n.body, o.type, o.record FROM sync_results n JOIN sync_ops o ON o.seq = n.op
		WHERE n.device = ? AND n.seq > ? AND (o.author = ? OR o.uploader = ?) ORDER BY n.seq, n.op LIMIT ?`, d.num, last, p.by.ID, p.by.ID, maxResults)
	if err != nil {
		return nil, 0, err
	}
	defer func() { _ = rows.Close() }()
	var types, records []string
	for rows.Next() {
		var body, typ, record string
		var res wire.Result
		if err := rows.Scan(&last, &body, &typ, &record); err != nil {
			return nil, 0, err
		}
		if err := decodeText(body, &res); err != nil {
			return nil, 0, err
		}
		out, types, records = append(out, res), append(types, typ), append(records, record)
	}
	if err := rows.Err(); err != nil {
		return nil, 0, err
	}
	for i := range out {
		if r := out[i].Resolution; r != nil {
			visible, err := p.visible(records[i])
			if err != nil {
				return nil, 0, err
			}
			if !visible || p.by.Circle() == policy.Tablet && masks(policy.Lookup(types[i]), r.Field) {
				r.Value = nil
			}
		}
	}
	return out, last, nil
}

// masks reports whether a unit has a field that tablets read masked.
func masks(t *policy.Type, unit string) bool {
	if t == nil {
		return false
	}
	for i := range t.Fields {
		if t.Fields[i].Masked && t.Fields[i].MergeUnit() == unit {
			return true
		}
	}
	return false
}
