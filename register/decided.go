package register

import (
	"strings"

	"doorstep/sync/engine"
	"doorstep/sync/wire"
)

// ruleRegister is the device under which a confirmed report writes the register.
const ruleRegister = "rule:register"

// Accepted lets a confirmed status change write the register: reporting a death
// does not set `alive`, confirming it does (domain §5).
func (w *Warnings) Accepted(tx *engine.Tx, typ, record string) error {
	if typ != "status_changes" {
		return nil
	}
	c, ok, err := tx.Record(typ, record)
	if err != nil || !ok || c.Text("kind") != "death" || c.Text("member") == "" {
		return err
	}
	m, ok, err := tx.Record("members", c.Text("member"))
	if err != nil || !ok || m.Household() != c.Household() {
		return err // somebody else's member, or one that has not arrived: a person looks at it
	}
	return tx.Do(ruleRegister, []engine.Draft{{Type: "members", Record: m.ID(), Kind: wire.KindPatch,
		Set: map[string]any{"alive": false, "death_date": c.Value("happened_on")}}})
}

// Returned gives the author a task with the town's reason, and closes the
// warnings that rested on the returned report alone as not confirmed.
func (w *Warnings) Returned(tx *engine.Tx, typ, record, _ string, reason string) error {
	rec, ok, err := tx.Record(typ, record)
	if err != nil || !ok {
		return err
	}
	// Where the record is, not what it names: a report on a household that is not
	// its author's waits with the author, and gives that household no task.
	household := rec.Household()
	if strings.HasPrefix(household, "@") {
		return nil
	}
	drafts := []engine.Draft{{Type: "tasks", Record: tx.NewID(), Kind: wire.KindCreate, Set: map[string]any{
		"household": household, "kind": "returned", "origin": typ + ":" + record, "title": returnedTitle, "detail": reason}}}
	if typ == "status_changes" {
		closing, err := restingOn(tx, household, record)
		if err != nil {
			return err
		}
		drafts = append(drafts, closing...)
	}
	return tx.Do(ruleRegister, drafts)
}

// returnedTitle is the title of the task that a returned entry becomes.
const returnedTitle = "镇(街道)退回，请补正"

// restingOn closes the open warnings whose only evidence is this report.
func restingOn(tx *engine.Tx, household, report string) ([]engine.Draft, error) {
	known, err := tx.Records("warnings", household)
	if err != nil {
		return nil, err
	}
	var out []engine.Draft
	for _, k := range known {
		evidence := k.List("evidence")
		if s := k.Text("state"); s != "open" && s != "verifying" || len(evidence) != 1 {
			continue
		}
		if m, ok := evidence[0].(map[string]any); ok && m["id"] == report {
			out = append(out, engine.Draft{Type: "warnings", Record: k.ID(), Kind: wire.KindPatch, Set: map[string]any{"state": "unconfirmed"}})
		}
	}
	return out, nil
}
