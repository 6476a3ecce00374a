package register

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"doorstep/sync/engine"
	"doorstep/sync/wire"
)

// Entry is one thing that was entered in supervision, for good: what is wrong with it is
// said by a later entry about it. Its digest stands in the audit log.
type Entry struct {
	ID        string         `json:"id"`
	Kind      string         `json:"kind"`
	Area      string         `json:"area"`
	Household string         `json:"household"`
	About     string         `json:"about"` // a sample, or the entry that this one is about
	At        string         `json:"at"`
	By        string         `json:"by"`
	Account   string         `json:"account"`
	Digest    string         `json:"digest"`
	Intact    bool           `json:"intact"` // it is what its digest stands for
	Body      map[string]any `json:"body"`
	raw       string
}

// Kinds of entries.
const (
	entryInspection  = "inspection"
	entryDeclaration = "declaration"
	entryFinding     = "finding"
	entryCorrection  = "correction"
	entryRuling      = "ruling"
)

func (e *Entry) digest() string {
	sum := sha256.Sum256([]byte(strings.Join([]string{e.ID, e.Kind, e.Area, e.Household, e.About, e.At, e.Account, e.By, e.raw}, "\x00")))
	return hex.EncodeToString(sum[:])
}

// enterFor adds an entry. Sent twice by the same account it is one.
func enterFor(tx *engine.Tx, by *engine.Account, origin string, e Entry, body any) error {
	if !wire.IsUUIDv7(e.ID) {
		return wire.Err(wire.Invalid, "id")
	}
	e.At, e.By, e.Account, e.raw = wire.Format(tx.Now()), by.Name, by.ID, encode(body)
	known, err := entriesOf(tx, `WHERE id = ?`, e.ID)
	if err != nil {
		return err
	}
	if len(known) > 0 {
		if k := known[0]; k.Kind != e.Kind || k.Account != e.Account || k.Household != e.Household || k.About != e.About || k.raw != e.raw {
			return wire.Err(wire.IDTaken, "id")
		}
		return nil
	}
	e.Digest = e.digest()
	if err := tx.Exec(`INSERT INTO supervision_entries (id, kind, area, household, about, at, account, name, digest, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		e.ID, e.Kind, e.Area, e.Household, e.About, e.At, e.Account, e.By, e.Digest, e.raw); err != nil {
		return err
	}
	return tx.Audit(by, origin, "supervision."+e.Kind, e.ID, e.Digest)
}

func entriesOf(q engine.Reader, where string, args ...any) ([]Entry, error) {
	rows, err := q.Query(`SELECT id, kind, area, household, about, at, account, name, digest, body FROM supervision_entries `+where, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	out := []Entry{}
	for rows.Next() {
		var e Entry
		if err := rows.Scan(&e.ID, &e.Kind, &e.Area, &e.Household, &e.About, &e.At, &e.Account, &e.By, &e.Digest, &e.raw); err != nil {
			return nil, err
		}
		e.Intact = decode(e.raw, &e.Body) && e.Digest == e.digest()
		out = append(out, e)
	}
	return out, rows.Err()
}

// seenEntry reads one of a kind that lies in the account's areas.
func seenEntry(q engine.Reader, by *engine.Account, kind, id string) (Entry, error) {
	found, err := entriesOf(q, `WHERE id = ? AND kind = ?`, id, kind)
	if err != nil {
		return Entry{}, err
	}
	if len(found) == 0 || !seesArea(by, found[0].Area) {
		return Entry{}, wire.Err(wire.NotFound, kind)
	}
	return found[0], nil
}

// entryPage is a page of a kind in the account's areas, or of one household there.
func entryPage(q engine.Reader, by *engine.Account, kind, household string, limit int, after int64) (found []Entry, next string, err error) {
	found, err = entriesOf(q, `WHERE kind = ?1 AND (?2 = '' OR household = ?2) AND EXISTS (SELECT 1 FROM json_each(?3) WHERE area >= value AND area < value || '~') ORDER BY id DESC LIMIT ?4 OFFSET ?5`,
		kind, household, encode(by.Scope().Areas), limit+1, after)
	if len(found) > limit {
		found, next = found[:limit], engine.NextPage(after+int64(limit))
	}
	return found, next, err
}
