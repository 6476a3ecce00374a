package register

import (
	"context"
	"slices"
	"strings"

	"doorstep/domain/supervision"
	"doorstep/sync/engine"
	"doorstep/sync/policy"
	"doorstep/sync/wire"
)

// 诚信申报 (policy 五(三)): what a family declares of income and property, beside what is
// found, and what a person makes of the difference.

// NewDeclaration is one declaration. It is corrected by a later one.
type NewDeclaration struct {
	ID            string   `json:"id" validate:"required,uuid"`
	Household     string   `json:"household" validate:"required,uuid"`
	Declarant     string   `json:"declarant" validate:"required,uuid"` // the member who signed
	DeclaredOn    string   `json:"declared_on" validate:"required,datetime=2006-01-02"`
	MonthlyIncome *float64 `json:"monthly_income" validate:"omitempty,gte=0,lte=10000000"`
	Property      []string `json:"property" validate:"max=20,unique"` // null: not said, []: none
	Note          string   `json:"note" validate:"max=2000"`
}

// DeclarationView is a declaration with what is found today.
type DeclarationView struct {
	Entry
	HeadName    string                   `json:"head_name"`
	Region      string                   `json:"region"`
	Differences []supervision.Difference `json:"differences"`
	Findings    []Entry                  `json:"findings"` // what people made of it, the newest last
}

// EnterDeclaration takes a declaration down.
func (s *Supervision) EnterDeclaration(ctx context.Context, by *engine.Account, origin string, n NewDeclaration) (*DeclarationView, error) {
	if n.MonthlyIncome == nil && n.Property == nil {
		return nil, wire.InvalidField("monthly_income", supervisionWords("declared_nothing"))
	}
	if len(n.Property) > 0 && policy.Lookup("households").Field("property").CheckValue(listed(n.Property)) != nil {
		return nil, wire.InvalidField("property", supervisionWords("property"))
	}
	err := s.Engine.Update(ctx, func(tx *engine.Tx) error {
		home, err := s.homeFor(tx, by, n.Household)
		if err != nil {
			return err
		}
		if err := belongs(tx, home, "members", n.Declarant, "declarant"); err != nil {
			return err
		}
		if n.DeclaredOn > tx.Today() {
			return wire.InvalidField("declared_on", supervisionWords("declared_on"))
		}
		body := map[string]any{"declarant": n.Declarant, "declared_on": n.DeclaredOn, "monthly_income": n.MonthlyIncome, "property": nil, "note": strings.TrimSpace(n.Note)}
		if n.Property != nil {
			body["property"] = n.Property // none is not the same as not said
		}
		return enterFor(tx, by, origin, Entry{ID: n.ID, Kind: entryDeclaration, Area: home.Area(), Household: n.Household}, body)
	})
	if err != nil {
		return nil, err
	}
	return s.declaration(ctx, by, n.ID)
}

// homeFor is a household about which the account may enter something.
func (s *Supervision) homeFor(tx *engine.Tx, by *engine.Account, household string) (engine.Record, error) {
	home, err := visible(tx, by, "households", household, "household")
	if err == nil {
		err = recused(tx, by, household)
	}
	return home, err
}

// NewFinding is what a person makes of a declaration after hearing the family.
type NewFinding struct {
	ID      string `json:"id" validate:"required,uuid"`
	Outcome string `json:"outcome" validate:"required,max=20"`
	Text    string `json:"text" validate:"max=2000"`
}

// FindDeclaration enters it, beside what was said before.
func (s *Supervision) FindDeclaration(ctx context.Context, by *engine.Account, origin, declaration string, n NewFinding) (*DeclarationView, error) {
	outcome, ok := supervision.OutcomeOf(n.Outcome)
	if !ok {
		return nil, wire.InvalidField("outcome", supervisionWords("outcome"))
	}
	if n.Text = strings.TrimSpace(n.Text); outcome.Reason && n.Text == "" {
		return nil, wire.InvalidField("text", supervisionWords("why"))
	}
	err := s.Engine.Update(ctx, func(tx *engine.Tx) error {
		d, err := seenEntry(tx, by, entryDeclaration, declaration)
		if err != nil {
			return err
		}
		if err := recused(tx, by, d.Household); err != nil {
			return err
		}
		return enterFor(tx, by, origin, Entry{ID: n.ID, Kind: entryFinding, Area: d.Area, Household: d.Household, About: d.ID}, map[string]any{"outcome": n.Outcome, "text": n.Text})
	})
	if err != nil {
		return nil, err
	}
	return s.declaration(ctx, by, declaration)
}

// Declarations lists those of the account's areas, or of one household, the newest first; that
// they were read is audited.
func (s *Supervision) Declarations(ctx context.Context, by *engine.Account, origin, household string, limit int, after int64) (out []DeclarationView, next string, err error) {
	out = []DeclarationView{}
	err = s.Engine.View(ctx, func(v *engine.View) error {
		found, more, err := entryPage(v, by, entryDeclaration, household, limit, after)
		if err != nil {
			return err
		}
		next = more
		for _, e := range found {
			view, err := s.declarationView(v, e)
			if err != nil {
				return err
			}
			out = append(out, *view)
		}
		return nil
	})
	if err == nil {
		err = s.Engine.Audit(ctx, by.ID, "", origin, "supervision.list", household, "declarations")
	}
	return out, next, err
}

// Declaration reads one; that it was read is audited.
func (s *Supervision) Declaration(ctx context.Context, by *engine.Account, origin, id string) (*DeclarationView, error) {
	out, err := s.declaration(ctx, by, id)
	if err == nil {
		err = s.Engine.Audit(ctx, by.ID, "", origin, "supervision.read", id, "")
	}
	return out, err
}

func (s *Supervision) declaration(ctx context.Context, by *engine.Account, id string) (out *DeclarationView, err error) {
	err = s.Engine.View(ctx, func(v *engine.View) error {
		e, err := seenEntry(v, by, entryDeclaration, id)
		if err == nil {
			out, err = s.declarationView(v, e)
		}
		return err
	})
	return out, err
}

func (s *Supervision) declarationView(v engine.Reader, e Entry) (*DeclarationView, error) {
	out := &DeclarationView{Entry: e, Region: e.Area}
	var declared supervision.Declared
	if !decode(e.raw, &declared) {
		return nil, errBadFile
	}
	found, err := foundOf(v, e.Household)
	if err != nil {
		return nil, err
	}
	out.Differences = supervision.Differences(declared, found, s.Settings.Supervision().Number(supervision.IncomeTolerance, v.Today()))
	if out.Findings, err = entriesOf(v, `WHERE about = ? AND kind = ? ORDER BY id`, e.ID, entryFinding); err != nil {
		return nil, err
	}
	h, ok, err := v.Record("households", e.Household)
	if ok {
		out.HeadName = h.Text("head_name")
	}
	return out, err
}

// foundOf is what the register, as the town confirmed it, and departments' lists say of
// a household's income and property.
func foundOf(v engine.Reader, household string) ([]supervision.Found, error) {
	h, ok, err := v.Record("households", household)
	if err != nil || !ok {
		return nil, err
	}
	out := []supervision.Found{{Source: "register", Income: pointer[float64](h.Confirmed("monthly_income"))}}
	if property, ok := h.Confirmed("property").([]any); ok {
		for _, kind := range words(property) {
			out = append(out, supervision.Found{Source: "register", Kind: kind})
		}
	}
	lines, err := ListedOf(v, []string{household})
	if err != nil {
		return nil, err
	}
	income := supervision.Found{Source: "income"}
	for _, l := range lines[household] {
		if i := slices.IndexFunc(listedProperty, func(p [2]string) bool { return p[0] == l.Kind }); i >= 0 {
			detail, _ := l.Values[listedProperty[i][1]].(string)
			out = append(out, supervision.Found{Source: l.Kind, Kind: l.Kind, Detail: detail})
		}
		if monthly, ok := l.Values["monthly"].(float64); ok && l.Kind == "income" {
			sum := monthly
			if income.Income != nil {
				sum += *income.Income
			}
			income.Income = &sum
		}
	}
	return append(out, income), nil
}

// listedProperty are the lists that tell of property, kinds as the register has them, and
// the column that says which.
var listedProperty = [][2]string{{"vehicle", "plate"}, {"company", "company"}, {"second_house", "house"}}
