package register

import (
	"context"
	"crypto/sha256"
	"slices"
	"strings"

	"doorstep/domain/handover"
	"doorstep/domain/region"
	"doorstep/sync/engine"
	"doorstep/sync/wire"

	"github.com/google/uuid"
)

// TakeHandover is how a county takes a household in.
type TakeHandover struct {
	Region  string `json:"region" validate:"omitempty,numeric,len=12"` // the village; not needed with into
	Address string `json:"address" validate:"max=120"`
	Begins  string `json:"begins" validate:"required,datetime=2006-01-02"` // from which day this county helps
	GoesOn  bool   `json:"goes_on"`                                        // the categories in force go on here without a new determination
	Into    string `json:"into" validate:"omitempty,uuid"`                 // a household of this register that they are of already
	Despite bool   `json:"despite"`                                        // it is another household, though an ID number is the same
}

// taking is the same as the transaction needs it.
type taking struct {
	region, address, begins, into string
	goesOn                        bool
}

// Accept takes a household in: it stands in this register from now on, and the other
// county closes its own when it hears of it.
func (d *Handovers) Accept(ctx context.Context, by *engine.Account, origin, id string, in TakeHandover) (map[string]any, error) {
	return d.step(ctx, by, origin, id, handover.Accept, "", func(tx *engine.Tx, h *handoverFile, _ string) error {
		if in.Begins < daysBefore(tx.Today(), handover.BeginsBack) || in.Begins > daysBefore(tx.Today(), -handover.BeginsAhead) {
			return refuseHandover("begins", "begins")
		}
		alike, err := d.alike(tx, by, &h.Body.Dossier)
		if err != nil {
			return err
		}
		t := taking{region: in.Region, address: strings.TrimSpace(in.Address), begins: in.Begins, into: in.Into, goesOn: in.GoesOn}
		switch {
		case in.Into != "":
			if !slices.ContainsFunc(alike, func(a LookAlike) bool { return a.Household == in.Into }) {
				return refuseHandover("into", "into")
			}
		case len(in.Region) != 12 || !region.Valid(in.Region) || region.Name(in.Region) == "" || !seesArea(by, in.Region):
			return refuseHandover("region", "region")
		case len(alike) > 0 && !in.Despite:
			return refuseHandover("despite", "alike", alike[0].HeadName+"，"+alike[0].RegionName)
		}
		if err := d.takeIn(tx, by, h, t); err != nil {
			return err
		}
		if err := recused(tx, by, h.Household); err != nil {
			return err
		}
		return d.sayAnswer(tx, h, saidBy(by, ""))
	})
}

// alike are households of this register with one of the same people.
func (d *Handovers) alike(q engine.Reader, by *engine.Account, dossier *Dossier) ([]LookAlike, error) {
	out := []LookAlike{}
	for _, m := range dossier.Records["members"] {
		number, _ := m.Values["id_number"].(string)
		if number == "" {
			continue
		}
		forms := []string{number}
		if len(number) == 18 {
			forms = append(forms, before1999(number))
		}
		homes, err := idsOf(q.Query(`SELECT home FROM members WHERE id_number_blind IN (SELECT value FROM json_each(?)) AND deleted = 0 AND home NOT LIKE '@%' LIMIT 20`, encode(q.Ring().Blinds(forms...))))
		if err != nil {
			return nil, err
		}
		for _, id := range homes {
			home, ok, err := q.Record("households", id)
			if err != nil {
				return nil, err
			}
			if !ok || !home.SeenBy(by) || len(out) >= maxLookAlikes || slices.ContainsFunc(out, func(a LookAlike) bool { return a.Household == id }) {
				continue
			}
			name, _ := m.Values["name"].(string)
			out = append(out, LookAlike{id, home.Text("head_name"), region.FullName(home.Area()), name})
		}
	}
	return out, nil
}

// recordOf is the id that a record of a handover has in the county that takes it: the same
// for ever, so that one that is taken in again after a restore is the same household.
func recordOf(handed, theirs string) string {
	sum := sha256.Sum256([]byte(handed + "\x00" + theirs))
	u := uuid.UUID(sum[:16])
	if id, err := uuid.Parse(handed); err == nil {
		copy(u[:6], id[:6]) // when it was offered
	}
	u[6], u[8] = u[6]&0x0f|0x70, u[8]&0x3f|0x80
	return u.String()
}

// takeIn makes the household a record of this register, in the step's transaction.
func (d *Handovers) takeIn(tx *engine.Tx, by *engine.Account, h *handoverFile, t taking) error {
	dossier := &h.Body.Dossier
	from, err := countyName(tx, h.Other)
	if err != nil {
		return err
	}
	own := recordOf(h.ID, h.Theirs)
	if t.into == "" {
		t.into = own
	}
	home, there, err := tx.Record("households", t.into)
	if err == nil && !there && t.into != own { // what it went into before a restore may have been deleted since
		var was bool
		if was, err = tx.Taken(t.into); was {
			t.into = own
		}
	}
	if err != nil {
		return err
	}
	h.Body.Anew = !t.goesOn
	if h.Household, h.Begins, h.Area = t.into, t.begins, t.region; there {
		h.Area = home.Area()
	}
	var drafts []engine.Draft
	draft := func(kind, typ, id string, set map[string]any) {
		drafts = append(drafts, engine.Draft{Type: typ, Record: id, Kind: kind, Set: set})
	}
	remark := []any{lineBy(tx, by.Name, handoverWords("came", from, dossier.MovedOn))}
	if there {
		set := map[string]any{"remarks": remark}
		if home.Text("state") == "closed" {
			set["state"], set["state_reason"] = "active", nil
		}
		draft(wire.KindPatch, "households", t.into, set)
	} else {
		set := holdable("households", dossier.home())
		set["region"], set["remarks"], set["state"] = t.region, remark, "active"
		if set["head_name"] == nil {
			set["head_name"] = handoverWords("unnamed")
		}
		if t.address != "" {
			set["address"] = t.address
		}
		draft(wire.KindCreate, "households", t.into, set)
	}
	people, err := d.people(tx, h, t.into, draft)
	if err != nil {
		return err
	}
	if t.goesOn {
		if err := d.goOn(tx, h, from, people, draft); err != nil {
			return err
		}
	}
	first, err := firstVisit(tx, h, from)
	if err != nil {
		return err
	}
	return tx.Do(handoverDevice, append(drafts, first...))
}

// people are the members here, by the ids that the other county has for them. Whoever is
// of the household already, by ID number, is not entered twice.
func (d *Handovers) people(tx *engine.Tx, h *handoverFile, household string, draft func(kind, typ, id string, set map[string]any)) (map[string]string, error) {
	known, err := tx.Records("members", household)
	if err != nil {
		return nil, err
	}
	out := map[string]string{}
	for _, m := range h.Body.Dossier.Records["members"] {
		set := holdable("members", m.Values)
		number, _ := set["id_number"].(string)
		id := recordOf(h.ID, m.ID)
		i := slices.IndexFunc(known, func(k engine.Record) bool {
			return k.ID() == id || number != "" && strings.EqualFold(k.Text("id_number"), number)
		})
		if i >= 0 {
			out[m.ID] = known[i].ID()
			continue
		}
		if out[m.ID] = id; set["name"] == nil {
			set["name"] = handoverWords("unnamed")
		}
		set["household"] = household
		draft(wire.KindCreate, "members", id, set)
	}
	return out, nil
}

// goOn lets the categories that are in force go on from the day on which this county
// begins, to the day that they were given to.
func (d *Handovers) goOn(tx *engine.Tx, h *handoverFile, from string, people map[string]string, draft func(kind, typ, id string, set map[string]any)) error {
	known, err := tx.Records("categories", h.Household)
	if err != nil {
		return err
	}
	for _, c := range h.Body.Dossier.Records["categories"] {
		if !c.stands(h.Begins) {
			continue
		}
		set, id := holdable("categories", c.Values), recordOf(h.ID, c.ID)
		member, _ := c.Values["member"].(string)
		if set["category"] == nil || member != "" && people[member] == "" || slices.ContainsFunc(known, func(k engine.Record) bool {
			return k.ID() == id || k.Text("category") == set["category"] && k.Text("member") == people[member] && stands(k, h.Begins)
		}) {
			continue
		}
		since, _ := c.Values["from"].(string)
		set["household"], set["from"], set["basis"] = h.Household, h.Begins, cut(handoverWords("basis", from, since), 200)
		if member != "" {
			set["member"] = people[member]
		}
		draft(wire.KindCreate, "categories", id, set)
	}
	return nil
}

// stands: a category was in force on a day, as far as the dossier knows.
func (c *Handed) stands(day string) bool {
	from, _ := c.Values["from"].(string)
	to, _ := c.Values["to"].(string)
	return from <= day && (to == "" || to >= day)
}
