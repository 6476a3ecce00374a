package register

import (
	"context"
	"slices"
	"strings"
	"time"

	"doorstep/domain/casefile"
	"doorstep/sync/engine"
	"doorstep/sync/wire"
)

// CharityNeed is what a low-income household asks of charity (救助需求), and how it was
// met: one offer at a time, accepted by both sides, delivered into the chain of help.
type CharityNeed struct {
	CaseFile
	Member     string   `json:"member"`
	Need       string   `json:"need"`
	Text       string   `json:"text"`
	Audiences  []string `json:"audiences"`
	Categories []string `json:"categories"`
	Consent    bool     `json:"consent"`
	Offer      string   `json:"offer"`
	Giver      string   `json:"giver"`
	Assistance string   `json:"assistance"`
	Amount     float64  `json:"amount"`
	GivenOn    string   `json:"given_on"`
	By         string   `json:"by"`
}

// NewNeed is a need as it is entered. ID is the client's.
type NewNeed struct {
	ID        string `json:"id" validate:"required,uuid"`
	Household string `json:"household" validate:"required,uuid"`
	Member    string `json:"member" validate:"omitempty,uuid"`
	Need      string `json:"need" validate:"required,max=20"`
	Text      string `json:"text" validate:"required,max=2000"`
	Consent   bool   `json:"consent"` // the person agrees that a giver is told
}

// NeedStep is what somebody does with a need; what must be said depends on the action.
type NeedStep struct {
	Action  string  `json:"action" validate:"required,max=20"`
	Reason  string  `json:"reason" validate:"max=500"`
	Offer   string  `json:"offer" validate:"omitempty,uuid"`
	Giver   bool    `json:"giver"`  // accept: the giver says yes
	Family  bool    `json:"family"` // accept: the household says yes
	Amount  float64 `json:"amount" validate:"gte=0,lte=10000000"`
	GivenOn string  `json:"given_on" validate:"omitempty,datetime=2006-01-02"`
	Seen    bool    `json:"seen"` // deliver: somebody has seen what was given already
}

const (
	charityItem   = "charity"
	charitySource = "charity_need:" // begins the source of its entry in the chain
)

// AskCharity enters a need.
func (c *Casework) AskCharity(ctx context.Context, by *engine.Account, origin string, n NewNeed) (map[string]any, error) {
	k, err := begin(ctx, c, by, origin, casefile.Need, "ask", n.ID, func(h *hand) (*CharityNeed, error) {
		k := &CharityNeed{Need: n.Need, Text: strings.TrimSpace(n.Text), Consent: n.Consent, By: by.Name}
		home, err := visible(h.tx, by, "households", n.Household, "household")
		if err != nil {
			return nil, err
		}
		if k.Household, k.Area = home.ID(), home.Area(); !isNeed(n.Need) {
			return nil, decline("need", "need")
		}
		if !n.Consent {
			return nil, decline("consent", "charity_consent")
		}
		if k.Member, err = memberOf(h.tx, home, n.Member); err != nil {
			return nil, err
		}
		if err := k.look(h.tx); err != nil {
			return nil, err
		}
		h.said = optionLabel("households", "needs", n.Need)
		k.DueOn, err = c.Settings.Casework().After("charity_match_days", h.tx.Today())
		return k, err
	})
	if err != nil {
		return nil, err
	}
	return c.Need(ctx, by, origin, k.ID)
}

// look notes of whom the need is as of today: any low-income person (四(五)); and that it
// is not asked for twice.
func (k *CharityNeed) look(q engine.Reader) error {
	held, err := heldBy(q, k.Household)
	if err != nil {
		return err
	}
	k.Categories = []string{}
	for _, c := range held {
		if c.From <= q.Today() && (c.To == "" || c.To >= q.Today()) && (c.Member == "" || c.Member == k.Member) && !slices.Contains(k.Categories, c.Category) {
			k.Categories = append(k.Categories, c.Category)
		}
	}
	if len(k.Categories) == 0 {
		return decline("household", "not_low_income")
	}
	m, ok, err := q.Record("members", k.Member)
	if err != nil {
		return err
	}
	p := casefile.Person{Age: -1}
	if ok {
		p = casefile.Person{Age: ageOn(m.Text("birth_date"), q.Today()), Health: m.Text("health"), DisabilityKind: m.Text("disability_kind"), DisabilityGrade: m.Text("disability_grade")}
	}
	k.Audiences = casefile.AudiencesOf(p)
	same, err := idsOf(q.Query(`SELECT id FROM case_files WHERE household = ?1 AND kind = 'charity_need' AND state IN ('open', 'proposed', 'accepted') AND body ->> '$.need' = ?2 AND body ->> '$.member' = ?3`, k.Household, k.Need, k.Member))
	if err == nil && len(same) > 0 {
		err = decline("need", "asked_already")
	}
	return err
}

// ageOn is a person's age in full years; -1 where the birth date is not known.
func ageOn(born, day string) int {
	from, err1 := time.Parse(time.DateOnly, born)
	to, err2 := time.Parse(time.DateOnly, day)
	if err1 != nil || err2 != nil {
		return -1
	}
	years := to.Year() - from.Year()
	if to.Format("01-02") < from.Format("01-02") {
		years--
	}
	return years
}

func (k *CharityNeed) asked() casefile.Asked {
	return casefile.Asked{ID: k.ID, Need: k.Need, Area: k.Area, Audiences: k.Audiences, Categories: k.Categories, MadeOn: k.MadeOn}
}

var needActs = map[string]func(c *Casework, h *hand, k *CharityNeed, s NeedStep) error{
	"propose": proposeOffer, "accept": acceptOffer, "decline": dropOffer, "deliver": deliverCharity,
	"withdraw": func(*Casework, *hand, *CharityNeed, NeedStep) error { return nil },
}

// TakeNeed takes one step of a need.
func (c *Casework) TakeNeed(ctx context.Context, by *engine.Account, origin, id string, s NeedStep) (map[string]any, error) {
	_, err := take(ctx, c, by, origin, casefile.Need, id, s.Action, s.Reason, func(h *hand, k *CharityNeed) error { return needActs[s.Action](c, h, k, s) })
	if err != nil {
		return nil, err
	}
	return c.Need(ctx, by, origin, id)
}

// proposeOffer matches a need to an offer that fits it, and holds a case of it.
func proposeOffer(c *Casework, h *hand, k *CharityNeed, s NeedStep) error {
	o, err := seenOffer(h.tx, h.by, s.Offer)
	if err != nil {
		return err
	}
	t, err := o.terms(h.tx)
	if err != nil {
		return err
	}
	why := casefile.Misfits(t, k.asked(), h.tx.Today())
	if o.State != "open" {
		why = append(why, casefile.LabelOf(casefile.Offer, o.State))
	}
	if len(why) > 0 {
		return decline("offer", "misfit", strings.Join(why, "、"))
	}
	k.Offer, k.Giver, h.said = o.ID, o.Giver, o.Giver+"，"+o.Title
	return nil
}

// acceptOffer wants both sides' word: the giver's, and the household's.
func acceptOffer(c *Casework, h *hand, k *CharityNeed, s NeedStep) (err error) {
	if !s.Giver || !s.Family {
		return decline("giver", "both_accept")
	}
	k.DueOn, err = c.Settings.Casework().After("charity_deliver_days", h.tx.Today())
	return err
}

// dropOffer frees the case again, and the need looks for another.
func dropOffer(c *Casework, h *hand, k *CharityNeed, _ NeedStep) (err error) {
	h.said = k.Giver + "，" + h.said
	k.Offer, k.Giver = "", ""
	k.DueOn, err = c.Settings.Casework().After("charity_match_days", h.tx.Today())
	return err
}

// deliverCharity makes the entry in the household's chain of help.
func deliverCharity(_ *Casework, h *hand, k *CharityNeed, s NeedStep) error {
	if s.GivenOn == "" {
		s.GivenOn = h.tx.Today()
	}
	if s.GivenOn > h.tx.Today() || s.GivenOn < daysBefore(h.tx.Today(), givenWithinDays) {
		return decline("given_on", "given_on")
	}
	known, err := k.duplicates(h.tx)
	if err != nil {
		return err
	}
	if len(known) > 0 && !s.Seen {
		return decline("seen", "given_already", known[0].Text)
	}
	k.Assistance, k.Amount, k.GivenOn = h.tx.NewID(), s.Amount, s.GivenOn
	set := map[string]any{"household": k.Household, "member": k.Member, "item": charityItem, "department": charityItem, "given_on": s.GivenOn, "state": "given", "source": charitySource + k.ID}
	if s.Amount > 0 {
		set["amount"] = s.Amount
		h.said = yuan(s.Amount) + "元"
	}
	h.draft(wire.KindCreate, "assistance", k.Assistance, set)
	return nil
}

// duplicates are what the chain has already that meets the same need, by charity or by
// a department (避免救助遗漏或重复救助, 三(二)).
func (k *CharityNeed) duplicates(q engine.Reader) ([]Given, error) {
	return givenSince(q, k.Household, daysBefore(q.Today(), freshDays(charityItem)), k.Assistance, casefile.ServedBy(k.Need)...)
}

// Needs is the office's list.
func (c *Casework) Needs(ctx context.Context, by *engine.Account, q FileQuery) (Page, error) {
	return filesOf(ctx, c, by, casefile.Need, q, func(v *engine.View, k *CharityNeed) (map[string]any, error) {
		k.Steps = nil
		out, err := shown(v, by, &k.CaseFile, k)
		if err == nil {
			out["first"] = casefile.ComesFirst(k.Audiences)
		}
		return out, err
	})
}

// Need is one need with the offers that fit it and what was given already; the reading
// is audited.
func (c *Casework) Need(ctx context.Context, by *engine.Account, origin, id string) (map[string]any, error) {
	var out map[string]any
	err := c.read(ctx, by, origin, casefile.Need, id, func(v *engine.View) error {
		k, err := seenFile[CharityNeed](v, by, casefile.Need, id)
		if err != nil {
			return err
		}
		if out, err = shown(v, by, &k.CaseFile, k); err != nil {
			return err
		}
		out["first"] = casefile.ComesFirst(k.Audiences)
		if out["duplicates"], err = k.duplicates(v); err != nil {
			return err
		}
		if out["fits"], err = k.fits(v, by); err != nil {
			return err
		}
		return nil
	})
	return out, err
}

// fits are the open offers that are for a need which has none.
func (k *CharityNeed) fits(q engine.Reader, by *engine.Account) ([]map[string]any, error) {
	out := []map[string]any{}
	if k.State != "open" {
		return out, nil
	}
	bodies, err := idsOf(q.Query(`SELECT body FROM case_files WHERE kind = 'charity_offer' AND state = 'open' AND ?1 >= area AND ?1 < area || '~' ORDER BY id LIMIT ?2`, k.Area, maxLooked))
	if err != nil {
		return nil, err
	}
	offers := map[string]*CharityOffer{}
	var terms []casefile.Terms
	for _, b := range bodies {
		o := &CharityOffer{}
		if !decode(b, o) {
			return nil, errBadFile
		}
		t, err := o.terms(q)
		if err != nil {
			return nil, err
		}
		offers[o.ID], terms = o, append(terms, t)
	}
	for _, t := range casefile.OffersFor(k.asked(), terms, q.Today()) {
		if len(out) == maxFits {
			break
		}
		offers[t.ID].Steps = nil
		line, err := offers[t.ID].shown(q, by)
		if err != nil {
			return nil, err
		}
		out = append(out, line)
	}
	return out, nil
}
