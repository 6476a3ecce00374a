package engine

import (
	"context"
	"database/sql"
	"errors"
	"maps"
	"slices"

	"doorstep/sync/merge"
	"doorstep/sync/policy"
	"doorstep/sync/wire"
)

// FieldChange is one op in the history of one field: what it made of it, and what became
// of that.
type FieldChange struct {
	Seq        int64            `json:"seq"`
	Op         string           `json:"op"`
	Kind       string           `json:"kind"`
	At         string           `json:"at"`
	Received   string           `json:"received"`
	SkewMillis int64            `json:"skew_ms"`
	Author     wire.Person      `json:"author"`
	Device     DeviceName       `json:"device"`
	Set        map[string]any   `json:"set"` // the unit's fields alone
	Was        map[string]any   `json:"was"`
	Became     string           `json:"became"` // applied, merged, kept, case, taken, overruled, returned, held, rejected, lost
	Reason     string           `json:"reason"` // why it was refused or given back
	Case       *string          `json:"case"`
	Review     *FieldVerdict    `json:"review"`
	Resolution *wire.Resolution `json:"resolution"`
}

// What becomes of a field's change that was a side of a conflict, beside the outcomes of
// ops and merge's labels; and of one that the town gave back.
const (
	becameTaken     = "taken"
	becameOverruled = "overruled"
	becameReturned  = "returned"
)

// FieldStory is a page of a field's history. Type is the record's.
type FieldStory struct {
	Type  string
	Items []FieldChange
	Next  string
}

// FieldVerdict is what the town said of a change that waits for it.
type FieldVerdict struct {
	State string      `json:"state"` // open, accepted, returned, resolved
	By    wire.Person `json:"by"`
	At    string      `json:"at"`
}

// scannedOps bounds how many of a record's ops one page looks through.
const scannedOps = 400

// FieldHistory reads who set a field of a household's record to what, the newest first,
// also from archived ops; of a group all its fields. It answers wire.NotFound for what is
// not the household's, or not the account's.
func (e *Engine) FieldHistory(ctx context.Context, by *Account, household, record, field string, limit int, before int64) (*FieldStory, error) {
	out := &FieldStory{Items: []FieldChange{}}
	if before == 0 {
		before = 1 << 62
	}
	err := e.view(ctx, func(s *snapshot) error {
		t, unit, err := s.unitOf(by, household, record, field)
		if err != nil {
			return err
		}
		ops, err := s.opsOf(household, record, before)
		if err != nil {
			return err
		}
		out.Type = t.Name
		old, last := newArchive(s), before
		for _, o := range ops {
			if len(out.Items) == limit {
				out.Next = NextPage(last)
				return nil
			}
			last = o.Seq
			sets, err := o.open(old, e.cfg.Schemas, t, unit)
			if err != nil {
				return err
			}
			if sets && o.Became == merge.InCase {
				err = s.settled(&o.FieldChange, t, unit)
			}
			if err != nil {
				return err
			}
			if sets {
				out.Items = append(out.Items, o.FieldChange)
			}
		}
		if len(ops) == scannedOps {
			out.Next = NextPage(last)
		}
		return nil
	})
	return out, err
}

// unitOf finds with what a field is merged, if the record is the household's and the
// account may see it.
func (s *snapshot) unitOf(by *Account, household, record, field string) (*policy.Type, string, error) {
	var typ string
	var at location
	err := s.queryRow(`SELECT f.type, h.area, h.home FROM sync_feed f JOIN households h ON h.id = ?1 AND h.deleted = 0
		WHERE f.record = ?2 AND f.home IN (?1, '@office:' || ?1) LIMIT 1`, household, record).Scan(&typ, &at.Area, &at.Home)
	if errors.Is(err, sql.ErrNoRows) || err == nil && !by.Sees(at) {
		return nil, "", wire.Err(wire.NotFound, "household")
	}
	if err != nil {
		return nil, "", err
	}
	t := policy.Lookup(typ)
	f := t.Field(field)
	if f == nil {
		return nil, "", wire.Err(wire.NotFound, "field")
	}
	return t, f.MergeUnit(), nil
}

// loggedOp is an op's line of the log with its body.
type loggedOp struct {
	FieldChange
	schema int
	pack   int64
	body   []byte
	result string
}

// opsOf reads a record's ops as far as the household may know them: of what went to
// another household, those until then.
func (s *snapshot) opsOf(household, record string, before int64) ([]loggedOp, error) {
	rows, err := s.query(`SELECT o.seq, o.id, o.kind, o.at, o.received, d.skew_ms, o.author, coalesce(u.name, ''), coalesce(u.role, ''), d.id, d.name, d.platform, o.schema, o.body, o.archive,
			coalesce((SELECT n.body FROM sync_results n WHERE n.device = o.device AND n.seq = o.final_seq AND n.op = o.seq), o.result),
			coalesce(v.state, ''), coalesce(v.decided_by, ''), coalesce(w.name, ''), coalesce(w.role, ''), coalesce(v.decided_at, '')
		FROM sync_ops o JOIN sync_devices d ON d.num = o.device LEFT JOIN users u ON u.id = o.author LEFT JOIN sync_reviews v ON v.op = o.seq LEFT JOIN users w ON w.id = v.decided_by
		WHERE o.record = ?2 AND o.seq < ?3 AND EXISTS (SELECT 1 FROM sync_feed f WHERE f.record = o.record AND f.home IN (?1, '@office:' || ?1) AND (f.kind <> 'leave' OR o.seq <= f.seq))
		ORDER BY o.seq DESC LIMIT ?4`, household, record, before, scannedOps)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var out []loggedOp
	for rows.Next() {
		var o loggedOp
		var v FieldVerdict
		if err := rows.Scan(&o.Seq, &o.Op, &o.Kind, &o.At, &o.Received, &o.SkewMillis, &o.Author.ID, &o.Author.Name, &o.Author.Role, &o.Device.ID, &o.Device.Name, &o.Device.Platform,
			&o.schema, &o.body, &o.pack, &o.result, &v.State, &v.By.ID, &v.By.Name, &v.By.Role, &v.At); err != nil {
			return nil, err
		}
		if v.State != "" {
			o.Review = &v
		}
		out = append(out, o)
	}
	return out, rows.Err()
}

// open reads what an op says of a unit; false where that is nothing, or was so already.
func (o *loggedOp) open(old *archive, schemas *policy.Schemas, t *policy.Type, unit string) (bool, error) {
	if o.Kind != wire.KindCreate && o.Kind != wire.KindPatch {
		return false, nil
	}
	body, err := old.body(o.Seq, o.pack, o.body)
	if err != nil {
		return false, err
	}
	op, err := reread(schemas, body, o.schema)
	var res wire.Result
	if err := errors.Join(err, decodeText(o.result, &res)); err != nil {
		return false, err
	}
	o.Set, o.Was, o.Case = unitPart(t, unit, op.Set), unitPart(t, unit, op.Was), res.Case
	if o.Kind == wire.KindCreate {
		maps.DeleteFunc(o.Set, func(_ string, v any) bool { return v == nil })
	}
	if len(o.Set) == 0 || res.Fields[unit] == merge.Same {
		return false, nil
	}
	if o.Review != nil && !slices.ContainsFunc(slices.Collect(maps.Keys(o.Set)), func(name string) bool { return t.Field(name).Rule == merge.Review || t.Evidence }) {
		o.Review = nil // the town looks at other fields of this op
	}
	o.conclude(res, unit)
	return true, nil
}

// conclude says what became of the unit's change.
func (o *loggedOp) conclude(res wire.Result, unit string) {
	o.Became = res.Outcome
	if res.Error != nil {
		o.Reason = res.Error.Message
		return
	}
	switch label := res.Fields[unit]; label {
	case merge.Kept, merge.InCase:
		o.Became = label
	case merge.Replaced, merge.Joined:
		o.Became = string(merge.Merged)
	case "":
		if res.Outcome == string(merge.Conflict) || res.Outcome == string(merge.Merged) {
			o.Became = string(merge.Applied) // that was about another field of this op
		}
	}
	if o.Review != nil && o.Review.State == "returned" {
		o.Became, o.Reason = becameReturned, res.Returned
	}
}

// settled says how the conflict was decided that a change of the unit is a side of.
func (s *snapshot) settled(c *FieldChange, t *policy.Type, unit string) error {
	var id, decision string
	err := s.queryRow(`SELECT c.id, c.decision FROM sync_case_ops o JOIN sync_cases c ON c.id = o."case" WHERE o.op = ? AND c.unit = ? ORDER BY c.opened_seq DESC LIMIT 1`, c.Seq, unit).Scan(&id, &decision)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if c.Case = &id; err != nil || decision == "" {
		return err
	}
	c.Resolution, c.Became = new(wire.Resolution), becameOverruled
	if err := openText(s, id, decision, c.Resolution); err != nil {
		return err
	}
	if c.Resolution.Choice != "server" && sameValue(c.Resolution.Value, unitValue(t, unit, c.Set)) {
		c.Became = becameTaken
	}
	return nil
}

// unitPart is what a set of values says of one unit.
func unitPart(t *policy.Type, unit string, values map[string]any) map[string]any {
	out := map[string]any{}
	for name, v := range values {
		if f := t.Field(name); f != nil && f.MergeUnit() == unit {
			out[name] = v
		}
	}
	return out
}

func sameValue(a, b any) bool {
	x, err := encodeText(a)
	y, err2 := encodeText(b)
	return err == nil && err2 == nil && x == y
}
