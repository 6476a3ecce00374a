package register

import (
	"slices"
	"sync/atomic"

	"doorstep/domain/indicator"
	"doorstep/domain/workflow"
	"doorstep/sync/engine"
	"doorstep/sync/wire"
)

// Warnings is the rule that raises and joins warnings inside a push's transaction, and
// settles those whose cause is over.
type Warnings struct {
	Params indicator.Params // as shipped; SetParams puts the county's in their place
	Lists  Lists            // what departments' lists tell; nil: none are kept
	Lines  Lines            // the income lines; nil: not known

	current atomic.Pointer[indicator.Params]
}

// Lists reads the lines of departments' lists that stand and are matched, for many
// households with one query.
type Lists interface {
	Of(r engine.Reader, households []string) (map[string][]indicator.Reported, error)
}

// Lines tells over which income a head and month a category does not stand; nil where
// the county's standard is not known.
type Lines interface {
	Of(category string, urban bool, day string) *float64
}

var _ interface {
	engine.Rule
	engine.Acceptor
} = (*Warnings)(nil)

// Name is the device under which the rule writes.
func (w *Warnings) Name() string { return "rule:warnings" }

// InForce are the parameters that the rule reads by.
func (w *Warnings) InForce() indicator.Params {
	if p := w.current.Load(); p != nil {
		return *p
	}
	return w.Params
}

// SetParams puts others in force, from the next transaction on.
func (w *Warnings) SetParams(p indicator.Params) { w.current.Store(&p) }

// React evaluates the households whose facts changed, by the indicators that what
// changed concerns. No household's warnings say anything of another's: all are planned
// on what was read at once, then all is written.
func (w *Warnings) React(tx *engine.Tx, touched []engine.Touched) error {
	looks := make([]look, len(touched))
	for i, t := range touched {
		looks[i] = look{t.Household, w.InForce().Concerned(changesOf(t.Ops))}
	}
	read, err := w.batchAhead(tx, looks)
	if err != nil {
		return err
	}
	var drafts []engine.Draft
	found := make([][]indicator.Finding, len(touched))
	for i, l := range looks {
		planned, findings, err := read.plan(tx, l.household, l.rows, tx.NewID, wire.Format(tx.Now()))
		if err != nil {
			return err
		}
		if len(planned) > 0 {
			drafts, found[i] = append(drafts, planned...), findings
		}
	}
	if len(drafts) == 0 {
		return nil
	}
	if err := tx.Do(w.Name(), drafts); err != nil {
		return err
	}
	for i, t := range touched {
		if err := markReviews(tx, t.Ops, found[i]); err != nil {
			return err
		}
	}
	return nil
}

// Look evaluates a household for changes that came by no operation: a list, a report
// that the town decided about.
func (w *Warnings) Look(tx *engine.Tx, household string, changes []indicator.Change) error {
	_, err := w.settle(tx, household, w.InForce().Concerned(changes))
	return err
}

// changesOf is what a batch did to a household, as the indicators see it. A new
// household has nothing to be compared with. What the matrix looks at may have changed
// the entitlements, which their rule has written by now.
func changesOf(ops []engine.Applied) []indicator.Change {
	out := make([]indicator.Change, 0, len(ops)+1)
	for _, o := range ops {
		switch {
		case o.Kind == wire.KindPatch:
			out = append(out, indicator.Change{Type: o.Type, Fields: o.Set})
		case o.Type != "households":
			out = append(out, indicator.Change{Type: o.Type})
		}
	}
	if looksAt(ops) {
		out = append(out, entitlementsChanged)
	}
	return out
}

var entitlementsChanged = indicator.Change{Type: "entitlements"}

// settle brings a household's warnings to what the rows find.
func (w *Warnings) settle(tx *engine.Tx, household string, rows []indicator.Indicator) ([]indicator.Finding, error) {
	drafts, findings, err := w.plan(tx, household, rows, tx.NewID, wire.Format(tx.Now()))
	if err != nil || len(drafts) == 0 {
		return nil, err
	}
	return findings, tx.Do(w.Name(), drafts)
}

// plan reads a household and says what would have to be written.
func (w *Warnings) plan(r engine.Reader, household string, rows []indicator.Indicator, newID func() string, at string) ([]engine.Draft, []indicator.Finding, error) {
	if len(rows) == 0 {
		return nil, nil, nil
	}
	params := w.InForce()
	facts, err := w.gather(r, household, rows)
	if err != nil || facts == nil {
		return nil, nil, err
	}
	findings := indicator.EvaluateOf(rows, *facts, params)
	if len(findings) == 0 && !slices.ContainsFunc(rows, indicator.Indicator.ClearsItself) {
		return nil, nil, nil
	}
	known, err := r.Records("warnings", household)
	if err != nil {
		return nil, nil, err
	}
	drafts := join(household, findings, known, newID, at)
	return append(drafts, over(rows, known, *facts, params)...), findings, nil
}

// join makes the drafts that bring new findings into the warnings: one open warning
// per indicator, evidence joining; what a warning already rests on is nothing new, be it
// open or settled by somebody. What settled by itself had lost its cause: where that is
// there again, it is told again.
func join(household string, findings []indicator.Finding, known []engine.Record, newID func() string, at string) []engine.Draft {
	held := map[string]bool{}
	open := map[string]engine.Record{}
	for _, k := range known {
		code := k.Text("indicator")
		if workflow.IsOpen(k.Text("state")) {
			open[code] = k
		} else if r := k.Text("reason"); r == clearedReason || r == unconfirmedReason {
			continue
		}
		for _, id := range restsOn(k) {
			held[code+" "+id] = true
		}
	}
	var drafts []engine.Draft
	var was []engine.Record // of each draft the warning that it joins; the zero Record: a new one
	made := map[string]int{}
	for _, f := range findings {
		if held[f.Code+" "+f.Evidence.ID] {
			continue
		}
		i, ok := made[f.Code]
		if !ok {
			i, made[f.Code] = len(drafts), len(drafts)
			k, there := open[f.Code]
			was = append(was, k)
			if there {
				drafts = append(drafts, engine.Draft{Type: "warnings", Record: k.ID(), Kind: wire.KindPatch, Set: joining(k)})
			} else {
				drafts = append(drafts, engine.Draft{Type: "warnings", Record: newID(), Kind: wire.KindCreate, Set: newWarning(household, f)})
			}
		}
		add(drafts[i].Set, f, map[string]any{"id": f.Evidence.ID, "at": at, "by": "", "text": f.Evidence.Text})
	}
	for i, d := range drafts {
		if d.Kind == wire.KindPatch {
			leaveAlone(d.Set, was[i])
		}
	}
	return drafts
}

// restsOn are the ids of a warning's evidence.
func restsOn(k engine.Record) []string {
	var out []string
	for _, e := range k.List("evidence") {
		if m, ok := e.(map[string]any); ok {
			if id, _ := m["id"].(string); id != "" {
				out = append(out, id)
			}
		}
	}
	return out
}

// joining begins a patch with what may get graver by new evidence.
func joining(k engine.Record) map[string]any {
	return map[string]any{"level": k.Text("level"), "due_on": k.Text("due_on"), "confirmed": k.Value("confirmed")}
}

// add puts one finding into a warning that is being made or joined: a graver one makes
// it graver and due earlier, one that is confirmed makes it rest on something sure.
func add(set map[string]any, f indicator.Finding, entry map[string]any) {
	list, _ := set["evidence"].([]any)
	set["evidence"] = append(list, entry)
	if level, _ := set["level"].(string); gravity[string(f.Level)] > gravity[level] {
		set["level"] = string(f.Level)
		if due, _ := set["due_on"].(string); due == "" || f.Due < due {
			set["due_on"] = f.Due
		}
	}
	if f.Confirmed {
		set["confirmed"] = true
	}
}

var gravity = map[string]int{"yellow": 1, "orange": 2, "red": 3}

// leaveAlone takes out of a patch what stands already.
func leaveAlone(set map[string]any, k engine.Record) {
	for _, name := range []string{"level", "due_on", "confirmed"} {
		if v := k.Value(name); v == set[name] || v == nil && set[name] == "" {
			delete(set, name)
		}
	}
}

func newWarning(household string, f indicator.Finding) map[string]any {
	set := map[string]any{"household": household, "indicator": f.Code, "level": string(f.Level), "title": f.Title, "confirmed": false,
		"state": "open", "office": "town", "due_on": f.Due, "settle_by": f.Dispose}
	if row := indicator.Lookup(f.Code); row != nil && row.Begins != "" {
		stage, _ := workflow.StageOf(row.Begins)
		set["state"], set["office"] = stage.State, stage.Office
	}
	if f.Member != "" {
		set["member"] = f.Member
	}
	return set
}

// over makes the drafts that settle open warnings whose causes are all over.
func over(rows []indicator.Indicator, known []engine.Record, f indicator.Facts, p indicator.Params) []engine.Draft {
	var out []engine.Draft
	for _, k := range known {
		code := k.Text("indicator")
		looked := slices.ContainsFunc(rows, func(row indicator.Indicator) bool { return row.Code == code })
		if looked && workflow.IsOpen(k.Text("state")) && indicator.Cleared(code, restsOn(k), f, p) {
			out = append(out, engine.Draft{Type: "warnings", Record: k.ID(), Kind: wire.KindPatch,
				Set: map[string]any{"state": "delivered", "reason": clearedReason, "handled_on": f.Today.Format("2006-01-02"), "office": nil, "due_on": nil}})
		}
	}
	return out
}

// clearedReason is said where a warning settles by itself.
const clearedReason = "引发预警的情况已消除，系统自动办结"

// markReviews tells the town, on the review of an op, what the op raised.
func markReviews(tx *engine.Tx, ops []engine.Applied, findings []indicator.Finding) error {
	for _, f := range findings {
		for _, o := range ops {
			if o.OpID == "" || o.Record != f.Evidence.ID && engine.CauseOf(o.Seq) != f.Evidence.ID {
				continue
			}
			if err := tx.MarkReviews([]string{o.OpID}, f.Title); err != nil {
				return err
			}
		}
	}
	return nil
}
