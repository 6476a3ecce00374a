package engine

import (
	"context"
	"database/sql"

	"doorstep/domain/zone"
	"doorstep/sync/atrest"
	"doorstep/sync/policy"
	"doorstep/sync/wire"
)

// Reader reads records as rules do: inside the writer's transaction (Tx), or on a
// snapshot beside it (View), which keeps nobody waiting.
type Reader interface {
	Today() string
	Record(typ, id string) (rec Record, ok bool, err error)
	Records(typ, household string) ([]Record, error)
	Query(query string, args ...any) (*sql.Rows, error)
	Ring() *atrest.Ring
}

var (
	_ Reader = (*Tx)(nil)
	_ Reader = (*View)(nil)
)

// Query reads what belongs to a rule or a desk and is no record: a table of its own.
// The text must be a constant: the writer keeps its statements.
func (tx *Tx) Query(query string, args ...any) (*sql.Rows, error) { return tx.query(query, args...) }

// Exec writes such a table, in the transaction of the deed. Never a synced one: records
// are written by Do. It is carried out behind the writer's back: what SQLite refuses
// ends the Update, and shows itself at the next reading at the earliest.
func (tx *Tx) Exec(query string, args ...any) error { return tx.exec(query, args...) }

// Audit enters a deed in its own transaction.
func (tx *Tx) Audit(by *Account, origin, action, subject, detail string) error {
	return tx.audit(by.ID, "", origin, action, subject, tx.status.Seq, tx.status.Seq, detail)
}

// SeenBy reports whether the record lies in an account's scope.
func (r Record) SeenBy(a *Account) bool { return a.Sees(r.r.at) }

// Area is the region code under which the record is filed.
func (r Record) Area() string { return r.r.at.Area }

// View is one snapshot of the register, for reads that take long or much.
type View struct {
	s     *snapshot
	today string
	kept  map[string]map[string][]Record // type -> household -> records, as read ahead
	ahead map[string]Record              // the same by their ids
	often *oftenAsked
	asked []string // often, and not parsed yet
}

// View runs fn on a snapshot: what it reads is of one moment, and no write waits.
func (e *Engine) View(ctx context.Context, fn func(*View) error) error {
	e.beside.RLock()
	defer e.beside.RUnlock()
	if e.closing.Err() != nil {
		return wire.Err(wire.Busy, "")
	}
	today := zone.Day(e.cfg.Now())
	v := &View{today: today, kept: map[string]map[string][]Record{}, often: &e.often}
	err := e.view(ctx, func(s *snapshot) error {
		v.s = s
		return fn(v)
	})
	e.often.parse(e.read, v.asked)
	return err
}

// Seq is up to where the view's moment reaches.
func (v *View) Seq() (seq int64, err error) {
	return seq, v.s.queryRow(`SELECT seq FROM sync_state`).Scan(&seq)
}

// mostLines bounds what is read of the feed to know where something changed.
const mostLines = 4000

// AreasSince are the areas in which records changed, came or went since; ok is false
// where there is more than one wants to know one by one.
func (v *View) AreasSince(seq int64, most int) (areas []string, ok bool, err error) {
	rows, err := v.s.query(`SELECT area, count(*) FROM (SELECT area FROM sync_feed WHERE seq > ? ORDER BY seq LIMIT ?) GROUP BY area`, seq, mostLines+1)
	if err != nil {
		return nil, false, err
	}
	defer func() { _ = rows.Close() }()
	lines := 0
	for rows.Next() {
		var area string
		var n int
		if err := rows.Scan(&area, &n); err != nil {
			return nil, false, err
		}
		areas, lines = append(areas, area), lines+n
	}
	return areas, lines <= mostLines && len(areas) <= most, rows.Err()
}

// Today is the date in China.
func (v *View) Today() string { return v.today }

// Query reads any table.
func (v *View) Query(query string, args ...any) (*sql.Rows, error) { return v.s.query(query, args...) }

// Record reads one living record; ok is false if it is not there.
func (v *View) Record(typ, id string) (rec Record, ok bool, err error) {
	t := policy.Lookup(typ)
	if kept, ahead := v.kept[typ]; ahead && t.Parent == "" {
		if list := kept[id]; len(list) == 1 {
			return list[0], true, nil
		}
	} else if r, read := v.ahead[id]; read && r.r.typ == t {
		return r, true, nil
	}
	rows, err := v.s.query(tables[typ].load, id)
	if err != nil {
		return Record{}, false, err
	}
	list, err := scanAll(v.s, t, rows)
	if err != nil || len(list) == 0 || list[0].r.deleted != 0 {
		return Record{}, false, err
	}
	return list[0], true, nil
}

// Records reads the living records of one type that belong to a household, oldest first.
func (v *View) Records(typ, household string) ([]Record, error) {
	if kept, ahead := v.kept[typ]; ahead {
		if list, read := kept[household]; read {
			return list, nil
		}
	}
	rows, err := v.s.query("SELECT "+tables[typ].columns+" FROM "+typ+" WHERE home = ? AND deleted = 0 ORDER BY id", household)
	if err != nil {
		return nil, err
	}
	return scanAll(v.s, policy.Lookup(typ), rows)
}

// ReadAhead reads the records of these types for many households, with a query for
// each type; what was read ahead before is forgotten.
func (v *View) ReadAhead(households []string, types ...string) error {
	v.kept, v.ahead = map[string]map[string][]Record{}, map[string]Record{}
	for _, typ := range types {
		kept, err := readOf(v.s, typ, households)
		if err != nil {
			return err
		}
		v.kept[typ] = kept
		for _, list := range kept {
			for _, r := range list {
				v.ahead[r.ID()] = r
			}
		}
	}
	return nil
}

func scanAll(o opener, t *policy.Type, rows *sql.Rows) ([]Record, error) {
	defer func() { _ = rows.Close() }()
	var out []Record
	for rows.Next() {
		r, err := scanRow(o, t, rows)
		if err != nil {
			return nil, err
		}
		out = append(out, Record{r})
	}
	return out, rows.Err()
}

// Pending reports whether a field's value waits for the town.
func (r Record) Pending(field string) bool {
	if len(r.r.unconfirmed) == 0 {
		return false
	}
	_, never := r.r.unconfirmed[neverConfirmed]
	_, pending := r.r.unconfirmed[r.r.typ.Field(field).MergeUnit()]
	return never || pending
}

// Closing ends when the engine does: long reads beside the writer stop then.
func (e *Engine) Closing() context.Context { return e.closing }
