package register

import (
	"context"
	"slices"
	"strings"

	"doorstep/domain/casefile"
	"doorstep/domain/region"
	"doorstep/sync/engine"
	"doorstep/sync/policy"
)

// CharityOffer is what somebody gives (慈善供给), to how many, and for whom.
type CharityOffer struct {
	CaseFile
	OfferTerms
	By string `json:"by"`
}

// OfferTerms are what is said of an offer.
type OfferTerms struct {
	Giver      string   `json:"giver" validate:"required,max=80"`
	CreditCode string   `json:"credit_code" validate:"max=18"` // of an organisation; a person has none
	Contact    string   `json:"contact" validate:"max=40"`
	Phone      string   `json:"phone" validate:"max=20"`
	Title      string   `json:"title" validate:"required,max=80"`
	Text       string   `json:"text" validate:"max=2000"`
	Needs      []string `json:"needs" validate:"required,min=1,max=20,unique"`
	Audiences  []string `json:"audiences" validate:"max=10,unique"`
	Categories []string `json:"categories" validate:"max=10,unique"`
	Cases      int      `json:"cases" validate:"min=1,max=100000"`
	Amount     float64  `json:"amount" validate:"gte=0,lte=10000000"` // worth of one case, 元; 0 not in money
	From       string   `json:"from" validate:"required,datetime=2006-01-02"`
	To         string   `json:"to" validate:"omitempty,datetime=2006-01-02"`
}

// NewOffer is an offer as it is entered. ID is the client's.
type NewOffer struct {
	ID   string `json:"id" validate:"required,uuid"`
	Area string `json:"area" validate:"required,numeric,max=12"`
	OfferTerms
}

// OfferStep is what somebody does with an offer.
type OfferStep struct {
	Action string      `json:"action" validate:"required,max=20"`
	Reason string      `json:"reason" validate:"max=500"`
	Terms  *OfferTerms `json:"terms"` // change: the whole of it
}

// EnterOffer takes an offer in.
func (c *Casework) EnterOffer(ctx context.Context, by *engine.Account, origin string, n NewOffer) (map[string]any, error) {
	o, err := begin(ctx, c, by, origin, casefile.Offer, "offer", n.ID, func(h *hand) (*CharityOffer, error) {
		o := &CharityOffer{OfferTerms: n.OfferTerms, By: by.Name}
		o.Area, h.said = n.Area, n.Giver
		if !region.Valid(n.Area) || !seesArea(by, n.Area) {
			return nil, decline("area", "region")
		}
		return o, o.check(h)
	})
	if err != nil {
		return nil, err
	}
	return c.Offer(ctx, by, origin, o.ID)
}

// check wants words that the table knows, and lets an offer end with its last day.
func (o *CharityOffer) check(h *hand) error {
	o.Giver, o.Title, o.CreditCode = strings.TrimSpace(o.Giver), strings.TrimSpace(o.Title), strings.ToUpper(strings.TrimSpace(o.CreditCode))
	for _, n := range o.Needs {
		if !isNeed(n) {
			return decline("needs", "need")
		}
	}
	for _, a := range o.Audiences {
		if !slices.ContainsFunc(casefile.Audiences(), func(c casefile.Choice) bool { return c.Value == a }) {
			return decline("audiences", "audience")
		}
	}
	for _, k := range o.Categories {
		if !isCategory(k) {
			return decline("categories", "order_category")
		}
	}
	switch {
	case o.CreditCode != "" && !casefile.IsCreditCode(o.CreditCode):
		return decline("credit_code", "credit_code")
	case o.Phone != "" && !phoneShape.MatchString(o.Phone):
		return decline("phone", "phone")
	case o.To != "" && (o.To < o.From || o.To < h.tx.Today()):
		return decline("to", "offer_days")
	}
	o.DueOn = o.To
	return nil
}

func isNeed(value string) bool { return isOption("households", "needs", value) }

func isCategory(value string) bool { return isOption("categories", "category", value) }

func isOption(typ, field, value string) bool {
	return slices.ContainsFunc(policy.Lookup(typ).Field(field).Options, func(o policy.Option) bool { return o.Value == value })
}

// TakeOffer changes an offer or closes it. What was promised of it stays promised.
func (c *Casework) TakeOffer(ctx context.Context, by *engine.Account, origin, id string, s OfferStep) (map[string]any, error) {
	_, err := take(ctx, c, by, origin, casefile.Offer, id, s.Action, s.Reason, func(h *hand, o *CharityOffer) error {
		if s.Action != "change" {
			return nil
		}
		if s.Terms == nil {
			return decline("terms", "no_terms")
		}
		promised, err := promisedOf(h.tx, id)
		if err != nil {
			return err
		}
		if s.Terms.Cases < promised {
			return decline("terms.cases", "promised", promised)
		}
		o.OfferTerms, o.RemindedOn = *s.Terms, ""
		return o.check(h)
	})
	if err != nil {
		return nil, err
	}
	return c.Offer(ctx, by, origin, id)
}

// promisedOf is how many cases of an offer are proposed, accepted or delivered.
func promisedOf(q engine.Reader, offer string) (int, error) {
	ids, err := idsOf(q.Query(`SELECT id FROM case_files WHERE kind = 'charity_need' AND state IN ('proposed', 'accepted', 'delivered') AND body ->> '$.offer' = ?`, offer))
	return len(ids), err
}

// terms are an offer as the matching looks at it.
func (o *CharityOffer) terms(q engine.Reader) (casefile.Terms, error) {
	promised, err := promisedOf(q, o.ID)
	return casefile.Terms{ID: o.ID, Needs: o.Needs, Audiences: o.Audiences, Categories: o.Categories, Area: o.Area, From: o.From, To: o.To, Left: o.Cases - promised}, err
}

// Offers is the list: those of the account's areas, and those of the areas above, which
// are for it, too.
func (c *Casework) Offers(ctx context.Context, by *engine.Account, q FileQuery) (Page, error) {
	q.Above = true
	return filesOf(ctx, c, by, casefile.Offer, q, func(v *engine.View, o *CharityOffer) (map[string]any, error) {
		o.Steps = nil
		return o.shown(v, by)
	})
}

func (o *CharityOffer) shown(q engine.Reader, by *engine.Account) (map[string]any, error) {
	out, err := shown(q, by, &o.CaseFile, o)
	if err != nil {
		return nil, err
	}
	t, err := o.terms(q)
	if err != nil {
		return nil, err
	}
	if out["left"] = max(t.Left, 0); !seesArea(by, o.Area) {
		out["open_steps"] = []string{} // another office's to change
	}
	return out, nil
}

// Offer is one offer with the open needs that it is for, who comes first, first; the
// reading is audited, for needs are households'.
func (c *Casework) Offer(ctx context.Context, by *engine.Account, origin, id string) (map[string]any, error) {
	var out map[string]any
	err := c.read(ctx, by, origin, casefile.Offer, id, func(v *engine.View) error {
		o, err := seenOffer(v, by, id)
		if err != nil {
			return err
		}
		if out, err = o.shown(v, by); err != nil {
			return err
		}
		if out["fits"], err = o.fits(v, by); err != nil {
			return err
		}
		return nil
	})
	return out, err
}

// seenOffer reads an offer that is for an account's area: its own, or one above.
func seenOffer(q engine.Reader, by *engine.Account, id string) (*CharityOffer, error) {
	o, err := loadFile[CharityOffer](q, casefile.Offer, id)
	if err == nil && o != nil && slices.ContainsFunc(by.Scope().Areas, func(a string) bool { return strings.HasPrefix(a, o.Area) }) {
		return o, nil
	}
	return seenFile[CharityOffer](q, by, casefile.Offer, id)
}

// maxFits bounds what one page proposes, of the needs or offers looked at.
const (
	maxFits   = 50
	maxLooked = 5000
)

// fits are the open needs that an offer is for.
func (o *CharityOffer) fits(q engine.Reader, by *engine.Account) ([]map[string]any, error) {
	t, err := o.terms(q)
	if err != nil {
		return nil, err
	}
	bodies, err := idsOf(q.Query(`SELECT body FROM case_files WHERE kind = 'charity_need' AND state = 'open' ORDER BY id LIMIT ?`, maxLooked))
	if err != nil {
		return nil, err
	}
	needs := map[string]*CharityNeed{}
	var asked []casefile.Asked
	for _, b := range bodies {
		n := &CharityNeed{}
		if decode(b, n) && seesArea(by, n.Area) {
			needs[n.ID] = n
			asked = append(asked, n.asked())
		}
	}
	out := []map[string]any{}
	for _, a := range casefile.NeedsFor(t, asked, q.Today()) {
		if len(out) == maxFits {
			break
		}
		line, err := shown(q, by, &needs[a.ID].CaseFile, needs[a.ID])
		if err != nil {
			return nil, err
		}
		line["first"] = casefile.ComesFirst(a.Audiences)
		out = append(out, line)
	}
	return out, nil
}

// expireOffers closes those whose last day is over.
func (c *Casework) expireOffers(ctx context.Context) error {
	return c.expire(ctx, casefile.Offer, "open", func(id string) error {
		_, err := take(ctx, c, engine.Server, "", casefile.Offer, id, "expire", "", func(*hand, *CharityOffer) error { return nil })
		return err
	})
}

// CharityOptions are the tables that the forms are made of.
func CharityOptions(by *engine.Account) map[string]any {
	return map[string]any{"needs": policy.Lookup("households").Field("needs").Options, "categories": policy.Lookup("categories").Field("category").Options,
		"audiences": casefile.Audiences(), "offer_states": casefile.Stages(casefile.Offer), "need_states": casefile.Stages(casefile.Need),
		"offer_acts": casefile.Acts(casefile.Offer), "need_acts": casefile.Acts(casefile.Need), "areas": areasOf(by), "places": Places(by)}
}
