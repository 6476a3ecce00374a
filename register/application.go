package register

import (
	"context"
	"slices"
	"strings"

	"doorstep/domain/assistance"
	"doorstep/domain/determination"
	"doorstep/sync/engine"
	"doorstep/sync/policy"
	"doorstep/sync/wire"
)

// Determinations is what people at a desk do with an application (一次申请、分类审核认定,
// policy 二(二)): from its acceptance by the test, the opinion and the publicity to the
// decision that writes the category. A step is one transaction: the server writes, and
// the audit log names the person.
type Determinations struct {
	Engine *engine.Engine
	Aid    assistance.Params // the hotline that a notice names
	Lines  *IncomeLines      // that follow from the county's figures; nil: nobody goes by them
	Days   *Settings         // by whose days applications are due; nil: as shipped
}

// deskDevice is the device under which the decisions of a desk are written.
const deskDevice = "desk:determination"

// Application is a new application from the desk; a tablet pushes its own.
type Application struct {
	Household     string   `json:"household" validate:"required,uuid"`
	Applicant     string   `json:"applicant" validate:"omitempty,uuid"`
	Way           string   `json:"way" validate:"required,oneof=own assisted found"`
	Consents      []string `json:"consents" validate:"max=20,unique"`
	Proxy         string   `json:"proxy" validate:"max=40"`
	ProxyRelation string   `json:"proxy_relation" validate:"max=40"`
	Reason        string   `json:"reason" validate:"max=2000"`
}

// Apply enters an application as the person who takes it down.
func (d *Determinations) Apply(ctx context.Context, by *engine.Account, origin string, a Application) (*ApplicationView, error) {
	var today string
	err := d.Engine.View(ctx, func(v *engine.View) error {
		h, ok, err := readHome(v, by, a.Household)
		if err != nil {
			return err
		}
		if today = v.Today(); !ok {
			return wire.Err(wire.NotFound, "household")
		}
		if err := recused(v, by, a.Household); err != nil {
			return err
		}
		if a.Applicant != "" && !slices.ContainsFunc(h.members, func(m engine.Record) bool { return m.ID() == a.Applicant }) {
			return refuse("applicant", "members")
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if len(a.Consents) > 0 && policy.Lookup("applications").Field("consents").CheckValue(listed(a.Consents)) != nil {
		return nil, refuse("consents", "consent_wording")
	}
	set := map[string]any{"household": a.Household, "way": a.Way, "applied_on": today, "consents": listed(a.Consents)}
	for field, v := range map[string]string{"applicant": a.Applicant, "proxy": a.Proxy, "proxy_relation": a.ProxyRelation, "reason": a.Reason} {
		if v != "" {
			set[field] = v
		}
	}
	id := d.Engine.NewID()
	results, err := d.Engine.Do(ctx, by, []engine.Draft{{Type: "applications", Record: id, Kind: wire.KindCreate, Set: set}})
	if err != nil {
		return nil, err
	}
	if r := results[0]; r.Error != nil {
		return nil, r.Error
	}
	if err := d.Engine.Audit(ctx, by.ID, "", origin, "application.apply", id, a.Way); err != nil {
		return nil, err
	}
	return d.Application(ctx, by, id)
}

// file is an application in hand, inside the transaction of a deed.
type file struct {
	tx     *engine.Tx
	by     *engine.Account
	record engine.Record
	home   home
	to     string // the state that the act leads to
	drafts []engine.Draft
	detail string
}

// act runs one act of the procedure on an application: what the table does not leave
// open is refused, what the account does not see is not there.
func (d *Determinations) act(ctx context.Context, by *engine.Account, origin, id string, act determination.Act, do func(*file) error) error {
	return d.Engine.Update(ctx, func(tx *engine.Tx) error { return d.actIn(tx, by, origin, id, act, do) })
}

func (d *Determinations) actIn(tx *engine.Tx, by *engine.Account, origin, id string, act determination.Act, do func(*file) error) error {
	f, err := openFile(tx, by, id)
	if err != nil {
		return err
	}
	state := f.record.Text("state")
	to, ok := determination.Next(state, act)
	if !ok {
		return moved("state", "not_open", label("applications", "state", state))
	}
	f.to = to
	if err := do(f); err != nil {
		return err
	}
	if state != f.to {
		f.patch("applications", id, map[string]any{"state": f.to})
	}
	if err := tx.Do(deskDevice, f.drafts); err != nil {
		return err
	}
	return tx.Audit(by, origin, "application."+string(act), id, f.detail)
}

func openFile(tx *engine.Tx, by *engine.Account, id string) (*file, error) {
	app, err := visible(tx, by, "applications", id, "application")
	if err != nil {
		return nil, err
	}
	if strings.HasPrefix(app.Household(), "@") {
		return nil, moved("household", "waiting_home")
	}
	h, ok, err := readHome(tx, by, app.Household())
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, wire.Err(wire.NotFound, "application")
	}
	if err := recused(tx, by, app.Household()); err != nil {
		return nil, err
	}
	return &file{tx: tx, by: by, record: app, home: h}, nil
}

// patch adds to what the deed writes; of one record all in one operation.
func (f *file) patch(typ, id string, set map[string]any) {
	for i := range f.drafts {
		if f.drafts[i].Record == id {
			for k, v := range set {
				f.drafts[i].Set[k] = v
			}
			return
		}
	}
	f.drafts = append(f.drafts, engine.Draft{Type: typ, Record: id, Kind: wire.KindPatch, Set: set})
}

func (f *file) create(typ, id string, set map[string]any) {
	for k, v := range set {
		if v == nil || v == "" {
			delete(set, k)
		}
	}
	f.drafts = append(f.drafts, engine.Draft{Type: typ, Record: id, Kind: wire.KindCreate, Set: set})
}

// consents are the wordings without which nothing is tested, by the beginning of their
// values: a changed wording has a new value.
var consentsNeeded = []string{"classify_", "verification_"}

func consented(given []string) bool {
	for _, needed := range consentsNeeded {
		if !slices.ContainsFunc(given, func(c string) bool { return strings.HasPrefix(c, needed) }) {
			return false
		}
	}
	return true
}

// Accept takes an application in (受理).
func (d *Determinations) Accept(ctx context.Context, by *engine.Account, origin, id string) (*ApplicationView, error) {
	if err := d.act(ctx, by, origin, id, determination.Accept, func(f *file) error {
		f.patch("applications", id, map[string]any{"accepted_on": f.tx.Today()})
		return nil
	}); err != nil {
		return nil, err
	}
	return d.Application(ctx, by, id)
}

// Withdraw ends an application at the applicant's wish.
func (d *Determinations) Withdraw(ctx context.Context, by *engine.Account, origin, id, reason string) (*ApplicationView, error) {
	err := d.act(ctx, by, origin, id, determination.Withdraw, func(f *file) error {
		f.detail = reason
		return f.close("dropped", "stopped")
	})
	if err != nil {
		return nil, err
	}
	return d.Application(ctx, by, id)
}

// close ends what of an application is still open: its determination and its notices.
func (f *file) close(determinationState, publicityState string) error {
	for _, end := range []struct{ typ, state string }{{"determinations", determinationState}, {"publicity", publicityState}} {
		records, err := f.tx.Records(end.typ, f.record.Household())
		if err != nil {
			return err
		}
		for _, r := range records {
			if r.Text("application") == f.record.ID() && slices.Contains([]string{"proposed", "confirmed", "open"}, r.Text("state")) {
				f.patch(end.typ, r.ID(), map[string]any{"state": end.state})
			}
		}
	}
	return nil
}

// Label is label for those who print.
func Label(typ, field, value string) string { return label(typ, field, value) }

// label is the official word of an option; the value itself where there is none.
func label(typ, field, value string) string {
	for _, o := range policy.Lookup(typ).Field(field).Options {
		if o.Value == value {
			return o.Label
		}
	}
	return value
}
