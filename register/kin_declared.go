package register

import (
	"context"
	"slices"
	"strings"

	"doorstep/domain/access"
	"doorstep/domain/idnumber"
	"doorstep/domain/supervision"
	"doorstep/sync/engine"
	"doorstep/sync/wire"
)

// Supervision is 监督检查 (policy 五(三)) for the offices that do it.
type Supervision struct {
	Engine   *engine.Engine
	Settings *Settings
	Sums     *FundSums
}

// NewRelative declares one near relative of a member of staff (近亲属备案). ID is the
// client's, so that a request sent twice is one entry.
type NewRelative struct {
	ID        string `json:"id" validate:"required,uuid"`
	Staff     string `json:"staff" validate:"max=40"`      // the account; "" somebody without one
	StaffName string `json:"staff_name" validate:"max=40"` // with an account its name stands
	Office    string `json:"office" validate:"max=12"`     // region of the office; with an account its own stands
	Relation  string `json:"relation" validate:"required,max=20"`
	Name      string `json:"name" validate:"required,max=40"`
	IDNumber  string `json:"id_number" validate:"required,max=24"`
	Note      string `json:"note" validate:"max=500"`
}

// Relative is one declared relative. The ID number is masked: who it is stands there.
type Relative struct {
	ID            string `json:"id"`
	Staff         string `json:"staff"`
	StaffName     string `json:"staff_name"`
	Office        string `json:"office"`
	Relation      string `json:"relation"`
	RelationLabel string `json:"relation_label"`
	Name          string `json:"name"`
	IDNumber      string `json:"id_number"`
	Note          string `json:"note"`
	DeclaredOn    string `json:"declared_on"`
	EndedOn       string `json:"ended_on"`
	EndReason     string `json:"end_reason"`
}

// Declare enters a relative. From then on that member of staff takes no part in what
// concerns a household in which this person is.
func (s *Supervision) Declare(ctx context.Context, by *engine.Account, origin string, n NewRelative) (*Relative, error) {
	if !wire.IsUUIDv7(n.ID) {
		return nil, wire.Err(wire.Invalid, "id")
	}
	number, err := idnumber.Parse(n.IDNumber)
	if err != nil {
		said := err.Error()
		if fault, ok := err.(idnumber.Fault); ok {
			said = fault.Label()
		}
		return nil, wire.InvalidField("id_number", supervisionWords("number", said))
	}
	if !supervision.IsRelation(n.Relation) {
		return nil, wire.InvalidField("relation", supervisionWords("relation"))
	}
	if err := s.staffOf(ctx, &n); err != nil {
		return nil, err
	}
	if !seesArea(by, n.Office) {
		return nil, wire.InvalidField("staff", supervisionWords("no_staff"))
	}
	var out *Relative
	err = s.Engine.Update(ctx, func(tx *engine.Tx) error {
		known, err := relativesOf(tx, `WHERE id = ?1 OR ended_on = '' AND staff = ?2 AND staff_name = ?3 AND id_number_blind IN (SELECT value FROM json_each(?4))`, n.ID, n.Staff, n.StaffName, encode(tx.Ring().Blinds(string(number))))
		if err != nil {
			return err
		}
		if out, err = declaredBefore(by, n, string(number), known); err != nil || out != nil {
			return err
		}
		sealed, err := tx.Ring().SealText(n.ID, string(number))
		if err != nil {
			return err
		}
		if err := tx.Exec(`INSERT INTO staff_relatives (id, staff, staff_name, office, relation, name, id_number, id_number_blind, note, declared_on, declared_by, ended_on, ended_by, end_reason)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', '', '')`, n.ID, n.Staff, n.StaffName, n.Office, n.Relation, n.Name, sealed, tx.Ring().Blind(string(number)), n.Note, tx.Today(), by.ID); err != nil {
			return err
		}
		return tx.Audit(by, origin, "relative.declare", n.ID, n.StaffName+" "+n.Relation+" "+n.Name+" "+idnumber.Mask(string(number)))
	})
	if err != nil || out != nil {
		return out, err
	}
	return s.relative(ctx, n.ID)
}

// declaredBefore is the entry that a request sent twice has made; the same relative under
// another id is refused.
func declaredBefore(by *engine.Account, n NewRelative, number string, known []Relative) (*Relative, error) {
	i := slices.IndexFunc(known, func(k Relative) bool { return k.ID == n.ID })
	switch {
	case i < 0 && len(known) > 0:
		return nil, wire.InvalidField("id_number", supervisionWords("known"))
	case i < 0:
		return nil, nil
	}
	k := known[i]
	if !seesArea(by, k.Office) || k.Staff != n.Staff || k.StaffName != n.StaffName || k.Relation != n.Relation || k.Name != n.Name || k.IDNumber != idnumber.Mask(number) {
		return nil, wire.Err(wire.IDTaken, "id")
	}
	return &k, nil
}

// staffOf takes name and office from the account, where there is one.
func (s *Supervision) staffOf(ctx context.Context, n *NewRelative) error {
	n.StaffName, n.Name, n.Office = strings.TrimSpace(n.StaffName), strings.TrimSpace(n.Name), strings.TrimSpace(n.Office)
	if n.Staff == "" {
		if n.StaffName == "" {
			return wire.InvalidField("staff_name", supervisionWords("who"))
		}
		return nil
	}
	account, err := s.Engine.Account(ctx, n.Staff)
	if err != nil {
		return err
	}
	if account == nil || account.Role.Circle() == access.NoCircle {
		return wire.InvalidField("staff", supervisionWords("no_staff"))
	}
	n.StaffName, n.Office = account.Name, account.Office
	return nil
}

// EndRelative ends a declaration, with the reason; it stays to be read.
func (s *Supervision) EndRelative(ctx context.Context, by *engine.Account, origin, id, reason string) (*Relative, error) {
	err := s.Engine.Update(ctx, func(tx *engine.Tx) error {
		known, err := relativesOf(tx, `WHERE id = ?`, id)
		if err != nil {
			return err
		}
		if len(known) == 0 || !seesArea(by, known[0].Office) {
			return wire.Err(wire.NotFound, "relative")
		}
		if known[0].Staff == by.ID {
			return &wire.Error{Code: wire.Forbidden, Field: "staff", Message: supervisionWords("recused", by.Name, known[0].Name)}
		}
		if known[0].EndedOn != "" {
			return &wire.Error{Code: wire.Decided, Field: "ended_on", Message: supervisionWords("ended")}
		}
		if err := tx.Exec(`UPDATE staff_relatives SET ended_on = ?, ended_by = ?, end_reason = ? WHERE id = ?`, tx.Today(), by.ID, reason, id); err != nil {
			return err
		}
		return tx.Audit(by, origin, "relative.end", id, reason)
	})
	if err != nil {
		return nil, err
	}
	return s.relative(ctx, id)
}

// Relatives lists the declared relatives of the staff of the account's area, the newest
// first; that they were read is audited.
func (s *Supervision) Relatives(ctx context.Context, by *engine.Account, origin string, ended bool, limit int, after int64) (out []Relative, next string, err error) {
	out = []Relative{}
	err = s.Engine.View(ctx, func(v *engine.View) error {
		out, err = relativesOf(v, `WHERE (ended_on <> '') = ?1 AND EXISTS (SELECT 1 FROM json_each(?2) WHERE office >= value AND office < value || '~') ORDER BY id DESC LIMIT ?3 OFFSET ?4`,
			ended, encode(by.Scope().Areas), limit+1, after)
		return err
	})
	if err != nil {
		return nil, "", err
	}
	if len(out) > limit {
		out, next = out[:limit], engine.NextPage(after+int64(limit))
	}
	return out, next, s.Engine.Audit(ctx, by.ID, "", origin, "relative.list", "", "")
}

// Ties lists who of the staff keeps out of a household's affairs; audited.
func (s *Supervision) Ties(ctx context.Context, by *engine.Account, origin, household string) (map[string]any, error) {
	out := []supervision.Tie{}
	err := s.Engine.View(ctx, func(v *engine.View) error {
		if _, err := visible(v, by, "households", household, "household"); err != nil {
			return err
		}
		ties, err := tiesOf(v, household)
		out = append(out, ties...)
		return err
	})
	if err != nil {
		return nil, err
	}
	_, mine := supervision.Bound(out, by.ID, by.Name)
	return map[string]any{"household": household, "ties": out, "recused": mine}, s.Engine.Audit(ctx, by.ID, "", origin, "relative.ties", household, "")
}

func (s *Supervision) relative(ctx context.Context, id string) (*Relative, error) {
	var found []Relative
	err := s.Engine.View(ctx, func(v *engine.View) (err error) {
		found, err = relativesOf(v, `WHERE id = ?`, id)
		return err
	})
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return &found[0], nil
}

func relativesOf(q engine.Reader, where string, args ...any) ([]Relative, error) {
	rows, err := q.Query(`SELECT id, staff, staff_name, office, relation, name, id_number, note, declared_on, ended_on, end_reason FROM staff_relatives `+where, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	out := []Relative{}
	for rows.Next() {
		var r Relative
		if err := rows.Scan(&r.ID, &r.Staff, &r.StaffName, &r.Office, &r.Relation, &r.Name, &r.IDNumber, &r.Note, &r.DeclaredOn, &r.EndedOn, &r.EndReason); err != nil {
			return nil, err
		}
		if r.IDNumber, err = q.Ring().OpenText(r.ID, r.IDNumber); err != nil {
			return nil, err
		}
		r.RelationLabel, r.IDNumber = supervision.RelationLabel(r.Relation), idnumber.Mask(r.IDNumber)
		out = append(out, r)
	}
	return out, rows.Err()
}
