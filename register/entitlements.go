package register

import (
	"slices"

	"doorstep/domain/assistance"
	"doorstep/sync/engine"
	"doorstep/sync/wire"
)

// Entitlements is the rule that keeps, for each household, what it is entitled to by
// the matrix (policy 四) and how that stands: delivered, in progress, not delivered,
// to verify. What somebody declined stays declined. Time alone changes it, too
// (a delivery grows old, a child goes to school): that is the nightly run's.
type Entitlements struct {
	Params assistance.Params
}

var _ interface {
	engine.Rule
	engine.Acceptor
} = (*Entitlements)(nil)

// Name is the device under which the rule writes.
func (e *Entitlements) Name() string { return "rule:entitlements" }

// entitlementFields is what the matrix looks at: an edit of anything else asks
// nothing. A type without a list counts whole.
var entitlementFields = map[string][]string{
	"households":     {"urban", "housing_kind", "housing_grade", "needs"},
	"members":        {"household", "sex", "birth_date", "alive", "health", "disability_kind", "capacity_to_work", "self_care_failed", "work_state", "school_stage", "insured"},
	"status_changes": {"kind"},
	"categories":     nil,
	"assistance":     nil,
}

// looksAt reports whether any op touched what the matrix looks at.
func looksAt(ops []engine.Applied) bool {
	for _, o := range ops {
		fields, watched := entitlementFields[o.Type]
		if !watched {
			continue
		}
		if fields == nil || o.Kind == wire.KindDelete || slices.ContainsFunc(fields, func(f string) bool { _, set := o.Set[f]; return set }) {
			return true
		}
	}
	return false
}

// React settles the households whose facts changed.
func (e *Entitlements) React(tx *engine.Tx, touched []engine.Touched) error {
	for _, t := range touched {
		if !looksAt(t.Ops) {
			continue
		}
		if err := e.settle(tx, t.Household); err != nil {
			return err
		}
	}
	return nil
}

// Accepted: a confirmed report of a disaster or an accident is a fact now.
func (e *Entitlements) Accepted(tx *engine.Tx, typ, record string) error {
	return e.reported(tx, typ, record)
}

// Returned: a report that the town gave back counts for nothing.
func (e *Entitlements) Returned(tx *engine.Tx, typ, record, _, _ string) error {
	return e.reported(tx, typ, record)
}

func (e *Entitlements) reported(tx *engine.Tx, typ, record string) error {
	if typ != "status_changes" {
		return nil
	}
	r, ok, err := tx.Record(typ, record)
	if err != nil || !ok {
		return err
	}
	return e.settle(tx, r.Household())
}

func (e *Entitlements) settle(tx *engine.Tx, household string) error {
	drafts, err := e.plan(tx, household, tx.NewID)
	if err != nil || len(drafts) == 0 {
		return err
	}
	return tx.Do(e.Name(), drafts)
}

// plan reads a household and says what would have to be written.
func (e *Entitlements) plan(r engine.Reader, household string, newID func() string) ([]engine.Draft, error) {
	facts, chain, err := gatherAssistance(r, household)
	if err != nil || facts == nil {
		return nil, err
	}
	known, err := r.Records("entitlements", household)
	if err != nil {
		return nil, err
	}
	wanted := assistance.Settle(assistance.Evaluate(*facts, e.Params), chain, facts.Today, e.Params)
	return align(newID, household, wanted, known), nil
}

// align makes the drafts that bring the kept entitlements to those wanted; what is
// so already is left alone.
func align(newID func() string, household string, wanted []assistance.Entitlement, known []engine.Record) []engine.Draft {
	kept := make(map[[2]string]engine.Record, len(known))
	for _, k := range known {
		kept[[2]string{k.Text("item"), k.Text("member")}] = k
	}
	var drafts []engine.Draft
	for _, w := range wanted {
		key := [2]string{w.Item, w.Member}
		k, there := kept[key]
		delete(kept, key)
		switch {
		case !there:
			set := map[string]any{"household": household, "item": w.Item, "state": w.State, "reason": w.Reason, "questions": listed(w.Ask)}
			if w.Member != "" {
				set["member"] = w.Member
			}
			drafts = append(drafts, engine.Draft{Type: "entitlements", Record: newID(), Kind: wire.KindCreate, Set: set})
		case k.Text("state") != "declined" && !same(k, w):
			drafts = append(drafts, engine.Draft{Type: "entitlements", Record: k.ID(), Kind: wire.KindPatch,
				Set: map[string]any{"state": w.State, "reason": w.Reason, "questions": listed(w.Ask)}})
		}
	}
	for _, k := range known { // in the order of the register, so that a replay writes the same
		if _, over := kept[[2]string{k.Text("item"), k.Text("member")}]; over {
			drafts = append(drafts, engine.Draft{Type: "entitlements", Record: k.ID(), Kind: wire.KindDelete})
		}
	}
	return drafts
}

func same(k engine.Record, w assistance.Entitlement) bool {
	return k.Text("state") == w.State && k.Text("reason") == w.Reason && slices.Equal(words(k.List("questions")), w.Ask)
}

// listed is a list as JSON knows it; nil where it is empty.
func listed(items []string) any {
	if len(items) == 0 {
		return nil
	}
	out := make([]any, len(items))
	for i, v := range items {
		out[i] = v
	}
	return out
}
