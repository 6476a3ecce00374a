package register

import (
	"context"
	"strings"

	"doorstep/domain/supervision"
	"doorstep/sync/engine"
	"doorstep/sync/wire"
)

// 容错纠错 (policy 五(三)): what went wrong and was put right, with the reason; and
// whether who did it is excused. Nothing that was wrong is erased.

// NewCorrection is one error, put right. Concerned is the account of who made it; "" is
// somebody without one, by name.
type NewCorrection struct {
	ID            string `json:"id" validate:"required,uuid"`
	Household     string `json:"household" validate:"required,uuid"`
	Record        string `json:"record" validate:"omitempty,uuid"` // what was wrong: a determination, help given, an inspection
	Concerned     string `json:"concerned" validate:"max=40"`
	ConcernedName string `json:"concerned_name" validate:"max=40"`
	Error         string `json:"error" validate:"required,max=2000"`
	Cause         string `json:"cause" validate:"required,max=2000"`
	Source        string `json:"source" validate:"required,max=20"`
	OccurredOn    string `json:"occurred_on" validate:"required,datetime=2006-01-02"`
	FoundOn       string `json:"found_on" validate:"required,datetime=2006-01-02"`
	CorrectedOn   string `json:"corrected_on" validate:"required,datetime=2006-01-02"`
	Correction    string `json:"correction" validate:"required,max=2000"`
}

// CorrectionView is an error with what was ruled about it; the newest ruling stands.
type CorrectionView struct {
	Entry
	HeadName string  `json:"head_name"`
	Region   string  `json:"region"`
	Rulings  []Entry `json:"rulings"`
	Excused  *bool   `json:"excused"` // null: nobody has ruled
}

// EnterCorrection takes an error down.
func (s *Supervision) EnterCorrection(ctx context.Context, by *engine.Account, origin string, n NewCorrection) (*CorrectionView, error) {
	n.ConcernedName, n.Error, n.Cause, n.Correction = strings.TrimSpace(n.ConcernedName), strings.TrimSpace(n.Error), strings.TrimSpace(n.Cause), strings.TrimSpace(n.Correction)
	switch {
	case !supervision.IsSource(n.Source):
		return nil, wire.InvalidField("source", supervisionWords("source"))
	case n.Error == "" || n.Cause == "" || n.Correction == "":
		return nil, wire.InvalidField("error", supervisionWords("correction"))
	case n.OccurredOn > n.FoundOn || n.FoundOn > n.CorrectedOn:
		return nil, wire.InvalidField("corrected_on", supervisionWords("order"))
	}
	if n.Concerned != "" {
		account, err := s.Engine.Account(ctx, n.Concerned)
		if err != nil {
			return nil, err
		}
		if account == nil {
			return nil, wire.InvalidField("concerned", supervisionWords("no_staff"))
		}
		n.ConcernedName = account.Name
	}
	if n.ConcernedName == "" {
		return nil, wire.InvalidField("concerned_name", supervisionWords("who"))
	}
	err := s.Engine.Update(ctx, func(tx *engine.Tx) error {
		home, err := s.homeFor(tx, by, n.Household)
		if err != nil {
			return err
		}
		if n.CorrectedOn > tx.Today() {
			return wire.InvalidField("corrected_on", supervisionWords("order"))
		}
		body := map[string]any{"record": n.Record, "concerned": n.Concerned, "concerned_name": n.ConcernedName, "error": n.Error, "cause": n.Cause, "source": n.Source,
			"occurred_on": n.OccurredOn, "found_on": n.FoundOn, "corrected_on": n.CorrectedOn, "correction": n.Correction}
		return enterFor(tx, by, origin, Entry{ID: n.ID, Kind: entryCorrection, Area: home.Area(), Household: n.Household}, body)
	})
	if err != nil {
		return nil, err
	}
	return s.correction(ctx, by, n.ID)
}

// NewRuling says which of the policy's conditions hold, and why.
type NewRuling struct {
	ID    string          `json:"id" validate:"required,uuid"`
	Holds map[string]bool `json:"holds" validate:"required,max=10"`
	Text  string          `json:"text" validate:"required,max=2000"`
}

// Rule enters a ruling: not by who is concerned, nor by who entered the error.
func (s *Supervision) Rule(ctx context.Context, by *engine.Account, origin, correction string, n NewRuling) (*CorrectionView, error) {
	holds := map[string]bool{}
	for _, c := range supervision.Conditions() {
		said, ok := n.Holds[c.Code]
		if !ok {
			return nil, wire.InvalidField("holds", supervisionWords("condition", c.Label))
		}
		holds[c.Code] = said
	}
	if n.Text = strings.TrimSpace(n.Text); n.Text == "" || len(n.Holds) != len(holds) {
		return nil, wire.InvalidField("text", supervisionWords("why"))
	}
	err := s.Engine.Update(ctx, func(tx *engine.Tx) error {
		e, err := seenEntry(tx, by, entryCorrection, correction)
		if err != nil {
			return err
		}
		tie := supervision.Tie{}
		tie.Staff, _ = e.Body["concerned"].(string)
		tie.StaffName, _ = e.Body["concerned_name"].(string)
		if e.Account == by.ID || tie.Binds(by.ID, by.Name) {
			return &wire.Error{Code: wire.Forbidden, Field: "account", Message: supervisionWords("own_case")}
		}
		return enterFor(tx, by, origin, Entry{ID: n.ID, Kind: entryRuling, Area: e.Area, Household: e.Household, About: e.ID},
			map[string]any{"holds": holds, "excused": supervision.Excused(holds), "text": n.Text})
	})
	if err != nil {
		return nil, err
	}
	return s.correction(ctx, by, correction)
}

// Corrections lists those of the account's areas, or of one household, the newest first; that
// they were read is audited.
func (s *Supervision) Corrections(ctx context.Context, by *engine.Account, origin, household string, limit int, after int64) (out []CorrectionView, next string, err error) {
	out = []CorrectionView{}
	err = s.Engine.View(ctx, func(v *engine.View) error {
		found, more, err := entryPage(v, by, entryCorrection, household, limit, after)
		if err != nil {
			return err
		}
		next = more
		for _, e := range found {
			view, err := correctionView(v, e)
			if err != nil {
				return err
			}
			out = append(out, *view)
		}
		return nil
	})
	if err == nil {
		err = s.Engine.Audit(ctx, by.ID, "", origin, "supervision.list", household, "corrections")
	}
	return out, next, err
}

// Correction reads one; that it was read is audited.
func (s *Supervision) Correction(ctx context.Context, by *engine.Account, origin, id string) (*CorrectionView, error) {
	out, err := s.correction(ctx, by, id)
	if err == nil {
		err = s.Engine.Audit(ctx, by.ID, "", origin, "supervision.read", id, "")
	}
	return out, err
}

func (s *Supervision) correction(ctx context.Context, by *engine.Account, id string) (out *CorrectionView, err error) {
	err = s.Engine.View(ctx, func(v *engine.View) error {
		e, err := seenEntry(v, by, entryCorrection, id)
		if err == nil {
			out, err = correctionView(v, e)
		}
		return err
	})
	return out, err
}

func correctionView(v engine.Reader, e Entry) (*CorrectionView, error) {
	out := &CorrectionView{Entry: e, Region: e.Area}
	var err error
	if out.Rulings, err = entriesOf(v, `WHERE about = ? AND kind = ? ORDER BY id`, e.ID, entryRuling); err != nil {
		return nil, err
	}
	if n := len(out.Rulings); n > 0 {
		out.Excused = pointer[bool](out.Rulings[n-1].Body["excused"])
	}
	h, ok, err := v.Record("households", e.Household)
	if ok {
		out.HeadName = h.Text("head_name")
	}
	return out, err
}
