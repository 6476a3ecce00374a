package register

import (
	"context"
	"time"

	"doorstep/domain/access"
	"doorstep/domain/referral"
	"doorstep/sync/engine"
	"doorstep/sync/policy"
	"doorstep/sync/wire"

	"github.com/go-json-experiment/json"
)

// ruleReferrals is the device under which the steps of a referral are written; the
// audit log says who took them.
const ruleReferrals = "desk:referrals"

// Referrals is 一门受理、协同办理 for those who do it: it takes the steps that
// domain/referral allows, each in one transaction with what follows from it.
type Referrals struct {
	Engine   *engine.Engine
	Settings *Settings
}

// NewReferral is what a town, or the county, asks of a department. ID is the
// client's, so that a request sent twice is one referral.
type NewReferral struct {
	ID         string `json:"id" validate:"required,uuid"`
	Household  string `json:"household" validate:"required,uuid"`
	Member     string `json:"member" validate:"omitempty,uuid"`
	Warning    string `json:"warning" validate:"omitempty,uuid"`
	Kind       string `json:"kind" validate:"required,oneof=deliver verify"`
	Department string `json:"department" validate:"required,max=20"`
	Item       string `json:"item" validate:"max=40"`
	Purpose    string `json:"purpose" validate:"required,max=500"`
	DueOn      string `json:"due_on" validate:"omitempty,datetime=2006-01-02"`
}

// Send makes a referral and hands it to the department. Sent twice it is one.
func (d *Referrals) Send(ctx context.Context, by *engine.Account, origin string, n NewReferral) (map[string]any, error) {
	if !wire.IsUUIDv7(n.ID) {
		return nil, wire.Err(wire.Invalid, "id")
	}
	var out map[string]any
	err := d.Engine.Update(ctx, func(tx *engine.Tx) error {
		known, there, err := tx.Record("referrals", n.ID)
		if err != nil {
			return err
		}
		if there {
			if !known.SeenBy(by) || known.Text("household") != n.Household || known.Text("department") != n.Department {
				return wire.Err(wire.IDTaken, "id")
			}
			out = told("referrals", known)
			return nil
		}
		set, err := d.compose(tx, by, n)
		if err != nil {
			return err
		}
		step, _ := referral.Take(referral.Send, referral.Sender, referral.None)
		set["state"], set["steps"] = string(step.To), []any{entry(tx, by, step.Label, n.Purpose)}
		drafts := []engine.Draft{{Type: "referrals", Record: n.ID, Kind: wire.KindCreate, Set: set}}
		drafts, err = warningWhile(tx, by, drafts, n.Warning, referral.Kind(n.Kind), n.Department, set["due_on"].(string))
		if err != nil {
			return err
		}
		out, err = d.write(tx, by, origin, n.ID, n.Department, step, drafts)
		return err
	})
	return out, err
}

// compose checks what is asked, and of whom, and says by when.
func (d *Referrals) compose(tx *engine.Tx, by *engine.Account, n NewReferral) (map[string]any, error) {
	home, err := visible(tx, by, "households", n.Household, "household")
	if err != nil {
		return nil, err
	}
	kind := referral.Kind(n.Kind)
	if _, ok := referral.PurposeOf(kind, n.Department, n.Item); !ok {
		return nil, wire.InvalidField("item", "这项请求不由该部门办理，请核对部门与救助事项。")
	}
	member, err := memberOf(tx, home, n.Member)
	if err != nil {
		return nil, err
	}
	if err := belongs(tx, home, "warnings", n.Warning, "warning"); err != nil {
		return nil, err
	}
	if err := notTwice(tx, home, n, member); err != nil {
		return nil, err
	}
	due, err := d.due(kind, tx.Today(), n.DueOn)
	if err != nil {
		return nil, err
	}
	set := map[string]any{"household": n.Household, "kind": n.Kind, "department": n.Department, "purpose": n.Purpose, "sent_on": tx.Today(), "due_on": due}
	for field, v := range map[string]string{"member": member, "warning": n.Warning, "item": n.Item} {
		if v != "" {
			set[field] = v
		}
	}
	return set, nil
}

// furthestDueDays bounds a deadline that somebody sets by hand.
const furthestDueDays = 366

func (d *Referrals) due(kind referral.Kind, today, wished string) (string, error) {
	if wished == "" {
		return d.Settings.Referrals().Due(kind, today)
	}
	day, err := time.Parse(time.DateOnly, today)
	if err != nil {
		return "", err
	}
	if wished < today || wished > day.AddDate(0, 0, furthestDueDays).Format(time.DateOnly) {
		return "", wire.InvalidField("due_on", "办理期限应在今天以后、一年以内。")
	}
	return wished, nil
}

// notTwice refuses to ask a department of the same what it is still asked.
func notTwice(tx *engine.Tx, home engine.Record, n NewReferral, member string) error {
	known, err := tx.Records("referrals", home.ID())
	if err != nil {
		return err
	}
	for _, k := range known {
		if referral.State(k.Text("state")).IsOpen() && k.Text("kind") == n.Kind && k.Text("department") == n.Department && k.Text("item") == n.Item && k.Text("member") == member {
			return wire.InvalidField("department", "这户已有一件相同的转办在办理中，请先查看那一件。")
		}
	}
	return nil
}

// memberOf is the member whom something is about: the one named, else the head.
func memberOf(tx *engine.Tx, home engine.Record, named string) (string, error) {
	members, err := tx.Records("members", home.ID())
	if err != nil {
		return "", err
	}
	best := ""
	for _, m := range members {
		switch {
		case named != "" && m.ID() == named:
			return named, nil
		case named != "" || m.Value("alive") == false:
		case best == "" || m.Text("relation") == "02" || m.Text("relation") == "01":
			best = m.ID()
		}
	}
	if named != "" {
		return "", wire.Err(wire.NotFound, "member")
	}
	return best, nil
}

// belongs wants a record, where one is named, to be the household's.
func belongs(tx *engine.Tx, home engine.Record, typ, id, field string) error {
	if id == "" {
		return nil
	}
	r, ok, err := tx.Record(typ, id)
	if err == nil && (!ok || r.Household() != home.ID()) {
		err = wire.Err(wire.NotFound, field)
	}
	return err
}

// sideOf is on which side of a referral an account stands; "" it is none of its.
func sideOf(by *engine.Account, r engine.Record) []referral.Side {
	switch by.Role {
	case access.Department:
		if by.Department != "" && by.Department == r.Text("department") && by.Scope().Shows("", r.Area()) {
			return []referral.Side{referral.Receiver}
		}
	case access.Town:
		if r.SeenBy(by) {
			return []referral.Side{referral.Sender}
		}
	case access.County:
		if r.SeenBy(by) {
			return []referral.Side{referral.Above, referral.Sender}
		}
	}
	return nil
}

// write enters a step with its effects, tells the department's system, and says how
// the referral stands now.
func (d *Referrals) write(tx *engine.Tx, by *engine.Account, origin, id, department string, step referral.Step, drafts []engine.Draft) (map[string]any, error) {
	if err := tx.Do(ruleReferrals, drafts); err != nil {
		return nil, err
	}
	detail, err := json.Marshal(map[string]any{"department": department, "to": step.To}, json.Deterministic(true))
	if err != nil {
		return nil, err
	}
	if err := tx.Audit(by, origin, "referral."+string(step.Act), id, string(detail)); err != nil {
		return nil, err
	}
	r, _, err := tx.Record("referrals", id)
	if err != nil {
		return nil, err
	}
	if step.Tells != "" {
		if err := notify(tx, step.Tells, r); err != nil {
			return nil, err
		}
	}
	return told("referrals", r), nil
}

// entry is one line of the way that something took (办理经过): when, who, what.
func entry(tx *engine.Tx, by *engine.Account, label, text string) map[string]any {
	if text != "" {
		label += "：" + text
	}
	return lineBy(tx, by.Name, label)
}

// lineBy is one line of a list that only grows: somebody's, or a county's.
func lineBy(tx *engine.Tx, who, text string) map[string]any {
	return map[string]any{"id": tx.NewID(), "at": wire.Format(tx.Now()), "by": who, "text": text}
}

// told is a record as a desk is told it: every field of its type, null where nothing stands.
func told(typ string, r engine.Record) map[string]any {
	out := map[string]any{"id": r.ID()}
	for _, f := range policy.Lookup(typ).Fields {
		out[f.Name] = r.Value(f.Name)
	}
	return out
}
