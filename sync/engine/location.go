package engine

import (
	"errors"
	"strings"

	"database/sql"

	"doorstep/sync/policy"
	"doorstep/sync/wire"
)

// location is where a record is seen from: the region code of its household and
// the household itself. What has no household yet, or one that is not its
// author's, is at its author's office and at home with the author alone
// ("@" + account): seen by that office and by that author, by nobody else.
type location struct{ Area, Home string }

func withAuthor(a *Account) location { return location{Area: a.Office, Home: "@" + a.ID} }

// officeOnly stands before the household in the feed where a record is at home in
// it and no tablet reads it any more (policy.Open). Like every home that begins
// with "@" it is seen by the office's areas alone.
const officeOnly = "@office:"

// shown is where the feed shows the record: to tablets, too, or to the office alone.
func (r *row) shown() location {
	if r.typ.OfficeOnly(r.values) {
		return location{r.at.Area, officeOnly + r.at.Home}
	}
	return r.at
}

// in reports whether a grant shows the location.
func (g Grant) shows(l location) bool {
	if g.Kind == GrantArea {
		return g.Value != "" && strings.HasPrefix(l.Area, g.Value)
	}
	return l.Home == g.Value
}

// Sees reports whether the account's present scope shows the location.
func (a *Account) Sees(l location) bool {
	if a.everything || l.Home == "@"+a.ID {
		return true
	}
	if strings.HasPrefix(l.Home, "@") && !a.Reviewer() {
		return false // what waits with its author is no colleague's
	}
	for _, g := range a.Grants {
		if g.shows(l) {
			return true
		}
	}
	return false
}

// saw reports whether the account's scope, as it is or was, shows the location.
func (a *Account) saw(l location) bool {
	for _, g := range a.Withdrawn {
		if g.shows(l) {
			return true
		}
	}
	return a.Sees(l)
}

// locate says where a record belongs that the author creates: with its parent,
// if that is there and in the author's scope, else with the author. missing
// names the parent that it waits for.
func (tx *Tx) locate(r *row, author *actor) (at location, missing string, err error) {
	if r.typ.Parent == "" {
		region, _ := r.values["region"].(string)
		return location{Area: region, Home: r.id}, "", nil
	}
	parent, _ := r.values[r.typ.Parent].(string)
	p, err := tx.parent(r, parent)
	if err != nil {
		return at, "", err
	}
	makers := actor{author: author.author, uploader: author.uploader} // a release opens the op's own record, no foreign parent
	if p == nil || p.deleted != 0 || !makers.sees(p.at) {
		return withAuthor(author.author), parent, nil
	}
	if strings.HasPrefix(p.at.Home, "@") {
		return p.at, parent, nil // its parent waits, too: it follows when that one is joined
	}
	return p.at, "", nil
}

func (tx *Tx) parent(r *row, id string) (*row, error) {
	f := r.typ.Field(r.typ.Parent)
	to := f.To
	if to == "" { // a photo names its owner's type beside the owner
		to, _ = r.values["owner_type"].(string)
	}
	t := policy.Lookup(to)
	if t == nil {
		return nil, nil
	}
	return tx.load(t, id)
}

// put enters a record's change into the feed of the place it is at. since is the
// first time that it came there: a device that slept through comings and goings
// holds it from the first, and must hear of the last leave.
//
// What is deleted keeps its tombstone: a decision about it (a review, a case)
// changes nothing for those who show it no more.
func (tx *Tx) put(r *row, seq int64) error {
	if came := tx.born[r.at.Home]; came != nil {
		came[r.typ.Name] = true
	}
	if r.deleted != 0 {
		return nil
	}
	at := r.shown()
	if err := tx.leaveOther(r, at, seq); err != nil {
		return err
	}
	tx.signals = append(tx.signals, signal{seq, r.at})
	return tx.exec(`INSERT INTO sync_feed (record, home, area, type, seq, since, kind) VALUES (?, ?, ?, ?, ?, ?, 'put')
		ON CONFLICT (record, home, area) DO UPDATE SET
			seq = excluded.seq, kind = 'put'`,
		r.id, at.Home, at.Area, r.typ.Name, seq, seq)
}

// leaveOther takes a record that tablets read no more, or again, out of the other
// of its two places: a leave for them, for the office one change.
func (tx *Tx) leaveOther(r *row, at location, seq int64) error {
	if r.typ.Open.Field == "" {
		return nil
	}
	other := location{r.at.Area, officeOnly + r.at.Home}
	if at == other {
		other = r.at
	}
	return tx.leave(r.id, other, seq)
}

// move takes a record from one place to another: a leave there and a put here,
// at one seq. What belongs to a household follows it.
func (tx *Tx) move(r *row, to location, seq int64) error {
	if r.at == to {
		return nil
	}
	from := r.at
	if err := tx.leave(r.id, from, seq); err != nil {
		return err
	}
	if err := tx.leaveOther(r, from, seq); err != nil { // what it is shown as may have changed with it
		return err
	}
	r.at = to
	if err := tx.put(r, seq); err != nil {
		return err
	}
	if r.typ.Parent == "" {
		return tx.moveChildren(from, to, seq)
	}
	return tx.moveOwned(r, from, to, seq)
}

func (tx *Tx) leave(record string, from location, seq int64) error {
	tx.signals = append(tx.signals, signal{seq, from})
	return tx.exec(`UPDATE sync_feed SET kind = 'leave', seq = ? WHERE record = ? AND home = ? AND area = ? AND kind = 'put'`,
		seq, record, from.Home, from.Area)
}

// moveChildren moves all that belongs to a household from one area to another.
func (tx *Tx) moveChildren(from, to location, seq int64) error {
	for _, t := range policy.Types() {
		if t.Parent == "" {
			continue
		}
		if err := tx.exec("UPDATE "+t.Name+" SET area = ? WHERE home = ? AND area = ?", to.Area, from.Home, from.Area); err != nil {
			return err
		}
	}
	for id, r := range tx.rows {
		if r != nil && r.at == from {
			delete(tx.rows, id)
		}
	}
	if err := tx.exec(`INSERT INTO sync_feed (record, home, area, type, seq, since, kind)
		SELECT record, home, ?, type, ?, ?, kind FROM sync_feed WHERE home IN (?, ?) AND area = ? AND kind = 'put'
		ON CONFLICT (record, home, area) DO UPDATE SET seq = excluded.seq, kind = excluded.kind`,
		to.Area, seq, seq, from.Home, officeOnly+from.Home, from.Area); err != nil {
		return err
	}
	if err := tx.exec(`UPDATE sync_feed SET kind = 'leave', seq = ? WHERE home IN (?, ?) AND area = ? AND kind = 'put'`,
		seq, from.Home, officeOnly+from.Home, from.Area); err != nil {
		return err
	}
	for _, table := range []string{"sync_cases", "sync_reviews", "sync_kept"} {
		if err := tx.exec("UPDATE "+table+" SET area = ? WHERE home = ?", to.Area, from.Home); err != nil {
			return err
		}
	}
	return nil
}

// moveOwned moves the photos that a record owns.
func (tx *Tx) moveOwned(r *row, from, to location, seq int64) error {
	if err := tx.relabel(r.id, to); err != nil {
		return err
	}
	rows, err := tx.query(`SELECT id, '' FROM photos WHERE owner = ? AND home = ? AND area = ?`, r.id, from.Home, from.Area)
	if err != nil {
		return err
	}
	owned, err := pairs(rows)
	if err != nil {
		return err
	}
	for _, p := range owned {
		photo, err := tx.load(policy.Lookup("photos"), p[0])
		if err != nil {
			return err
		}
		if err := tx.move(photo, to, seq); err != nil {
			return err
		}
		if err := tx.store(photo, false); err != nil {
			return err
		}
	}
	return nil
}

// relabel lets the queues follow a record to another place.
func (tx *Tx) relabel(record string, to location) error {
	for _, table := range []string{"sync_cases", "sync_reviews", "sync_kept"} {
		if err := tx.exec("UPDATE "+table+" SET area = ?, home = ? WHERE record = ?", to.Area, to.Home, record); err != nil {
			return err
		}
	}
	return nil
}

// tombstone ends a record in every place that shows it.
func (tx *Tx) tombstone(r *row, seq int64) error {
	tx.signals = append(tx.signals, signal{seq, r.at})
	return tx.exec(`UPDATE sync_feed SET kind = 'tombstone', seq = ? WHERE record = ? AND kind = 'put'`, seq, r.id)
}

// Taken reports whether an id is in use by any record that is or ever was.
func (tx *Tx) Taken(id string) (bool, error) { return tx.taken(id) }

// taken reports whether an id is in use by any record that is or ever was: the
// log remembers what the feed may have forgotten.
func (tx *Tx) taken(id string) (bool, error) {
	if tx.fresh[id] {
		return false, nil
	}
	var one int
	err := tx.queryRow(`SELECT 1 FROM sync_ops WHERE record = ? AND kind = 'create'
		AND (outcome NOT IN ('rejected', 'held') OR final NOT IN ('', 'rejected', 'held')) LIMIT 1`, id).Scan(&one)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

// adopt joins what waited for a parent that has now arrived, if it is in the
// scope of the child's author.
func (tx *Tx) adopt(p *row, seq int64) error {
	if some, err := tx.anyWaits(); !some || err != nil {
		return err
	}
	rows, err := tx.query(`SELECT record, type FROM sync_dangling WHERE parent = ?`, p.id)
	if err != nil {
		return err
	}
	children, err := pairs(rows)
	if err != nil {
		return err
	}
	for _, c := range children {
		if err := tx.join(c[0], c[1], p, seq); err != nil {
			return err
		}
	}
	return nil
}

func (tx *Tx) join(record, typ string, p *row, seq int64) error {
	child, err := tx.load(policy.Lookup(typ), record)
	if err != nil || child == nil || child.deleted != 0 {
		return err
	}
	sees, err := tx.makerSees(child, p.at)
	if err != nil || !sees {
		return err
	}
	if !strings.HasPrefix(p.at.Home, "@") {
		if err := tx.exec(`DELETE FROM sync_dangling WHERE parent = ? AND record = ?`, p.id, record); err != nil {
			return err
		}
	}
	if child.at == p.at {
		return tx.adopt(child, seq)
	}
	if err := tx.move(child, p.at, seq); err != nil {
		return err
	}
	if err := tx.store(child, false); err != nil {
		return err
	}
	tx.touch(child, Applied{Seq: seq, Type: typ, Record: record, Kind: wire.KindCreate, Set: child.values})
	if err := tx.adopt(child, seq); err != nil {
		return err
	}
	tx.retryHeldFor(record)
	return nil
}

// makerSees reports whether those who made a record, its author and who handed
// it in, may see a place.
func (tx *Tx) makerSees(r *row, l location) (bool, error) {
	who := [][2]string{{r.author, r.author}}
	rows, err := tx.query(`SELECT author, uploader FROM sync_ops WHERE record = ? AND kind = 'create' AND author = ? ORDER BY seq LIMIT 1`, r.id, r.author)
	if err != nil {
		return false, err
	}
	if made, err := pairs(rows); err != nil {
		return false, err
	} else if len(made) > 0 {
		who = made
	}
	author, err := tx.account(who[0][0])
	if err != nil {
		return false, err
	}
	uploader, err := tx.account(who[0][1])
	if err != nil || author == nil || uploader == nil {
		return false, err
	}
	return (&actor{author: author, uploader: uploader}).sees(l), nil
}

func pairs(rows *sql.Rows) ([][2]string, error) {
	defer func() { _ = rows.Close() }()
	var out [][2]string
	for rows.Next() {
		var p [2]string
		if err := rows.Scan(&p[0], &p[1]); err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, rows.Err()
}
