package register

import (
	"context"
	"slices"
	"strings"

	"doorstep/domain/casefile"
	"doorstep/domain/idnumber"
	"doorstep/domain/referral"
	"doorstep/domain/region"
	"doorstep/sync/engine"
	"doorstep/sync/wire"
)

// UrgentAid is help given before the papers (先行救助): the entry in the chain is made at
// once, what is missing has a deadline.
type UrgentAid struct {
	CaseFile
	Member     string   `json:"member"`
	About      Somebody `json:"about"`
	Opened     bool     `json:"opened"` // the household was made for it
	Emergency  string   `json:"emergency"`
	Text       string   `json:"text"`
	Item       string   `json:"item"`
	Amount     float64  `json:"amount"`
	GivenOn    string   `json:"given_on"`
	Missing    []string `json:"missing"`
	Filed      []string `json:"filed"`
	Assistance string   `json:"assistance"`
	Task       string   `json:"task"`
	Warning    string   `json:"warning"` // raised when the papers did not come
	By         string   `json:"by"`
}

// NewUrgentAid is help as it is entered. ID is the client's.
type NewUrgentAid struct {
	ID        string   `json:"id" validate:"required,uuid"`
	Household string   `json:"household" validate:"omitempty,uuid"`
	Member    string   `json:"member" validate:"omitempty,uuid"`
	About     Somebody `json:"about"`                                      // who is in no register, or another town's
	Region    string   `json:"region" validate:"omitempty,numeric,max=12"` // where the emergency is; else where the household lives
	Distinct  bool     `json:"distinct"`
	Emergency string   `json:"emergency" validate:"required,max=20"`
	Text      string   `json:"text" validate:"required,max=2000"`
	Item      string   `json:"item" validate:"required,max=40"`
	Amount    float64  `json:"amount" validate:"gte=0,lte=1000000"`
	GivenOn   string   `json:"given_on" validate:"omitempty,datetime=2006-01-02"`
	Missing   []string `json:"missing" validate:"required,min=1,max=10,unique"`
	Again     bool     `json:"again"` // somebody has seen what was given already
}

const (
	urgentSource    = "urgent_aid:" // begins the source of its entry in the chain
	urgentOrigin    = "urgent_aid:" // begins the origin of its task
	urgentIndicator = "F1"          // of the warning when papers did not come
	givenWithinDays = 30
	civilAffairs    = "civil_affairs"
	collectTask     = "collect"
)

// GiveUrgentAid enters help that was given at once.
func (c *Casework) GiveUrgentAid(ctx context.Context, by *engine.Account, origin string, n NewUrgentAid) (map[string]any, error) {
	u, err := begin(ctx, c, by, origin, casefile.UrgentAid, "give", n.ID, func(h *hand) (*UrgentAid, error) {
		u := &UrgentAid{Member: n.Member, About: n.About, Emergency: n.Emergency, Text: strings.TrimSpace(n.Text), Item: n.Item, Amount: n.Amount,
			GivenOn: n.GivenOn, Missing: n.Missing, Filed: []string{}, By: by.Name}
		u.ID, u.Household, u.Area = n.ID, n.Household, n.Region
		if err := c.checkUrgent(h, u); err != nil {
			return nil, err
		}
		if err := u.settleHome(h, n.Distinct); err != nil {
			return nil, err
		}
		if err := u.notAgain(h, n.Again); err != nil {
			return nil, err
		}
		return u, c.enterUrgent(h, u)
	})
	if err != nil {
		return nil, err
	}
	return c.UrgentAid(ctx, by, origin, u.ID)
}

func (c *Casework) checkUrgent(h *hand, u *UrgentAid) error {
	label, ok := casefile.EmergencyLabel(u.Emergency)
	if !ok {
		return decline("emergency", "emergency")
	}
	if h.said = label; !slices.Contains(casefile.UrgentItems(), u.Item) {
		return decline("item", "urgent_item")
	}
	if u.GivenOn == "" {
		u.GivenOn = h.tx.Today()
	}
	if u.GivenOn > h.tx.Today() || u.GivenOn < daysBefore(h.tx.Today(), givenWithinDays) {
		return decline("given_on", "given_on")
	}
	if limit := c.Settings.Casework().Number("urgent_town_limit", u.GivenOn); u.Amount > limit && !isCounty(h.by) {
		return decline("amount", "urgent_limit", yuan(limit))
	}
	if u.Area != "" && (!region.Valid(u.Area) || region.Name(u.Area) == "" || !seesArea(h.by, u.Area)) {
		return decline("region", "region")
	}
	for _, p := range u.Missing {
		if _, ok := casefile.PaperLabel(p); !ok {
			return decline("missing", "paper")
		}
	}
	return u.About.check("about")
}

// settleHome finds into whose chain the help goes: the household named; the one of the
// person, by ID number and name, wherever in the county they live; else one that is
// opened where the emergency is.
func (u *UrgentAid) settleHome(h *hand, distinct bool) error {
	if u.Household != "" {
		home, err := visible(h.tx, h.by, "households", u.Household, "household")
		if err != nil {
			return err
		}
		if u.Area == "" {
			u.Area = home.Area()
		}
		u.Member, err = memberOf(h.tx, home, u.Member)
		return err
	}
	if u.Area == "" {
		u.Area = u.About.Region
	}
	if u.Area == "" || !seesArea(h.by, u.Area) {
		return decline("region", "region")
	}
	member, found, err := byNumber(h.tx, u.About)
	if err != nil {
		return err
	}
	if found {
		u.Household, u.Member = member.Household(), member.ID()
		return nil
	}
	if u.About.Region == "" {
		u.About.Region = u.Area
	}
	if !distinct {
		if err := notYetThere(h.tx, h.by, u.About); err != nil {
			return err
		}
	}
	u.Opened = true
	u.Household, u.Member, err = h.openHome(u.About, caseText("opened_urgent"))
	return err
}

// byNumber finds the one member of the county with somebody's ID number and name.
func byNumber(q engine.Reader, p Somebody) (m engine.Record, ok bool, err error) {
	if p.IDNumber == "" {
		return m, false, nil
	}
	ids, err := membersNumbered(q, p.IDNumber)
	if err != nil {
		return m, false, err
	}
	for _, id := range ids {
		r, there, err := q.Record("members", id)
		if err != nil {
			return m, false, err
		}
		if there && !strings.HasPrefix(r.Household(), "@") && referral.SameName(r.Text("name"), p.Name) {
			return r, true, nil
		}
	}
	return m, false, nil
}

// Given is one entry of a chain that something new may repeat (避免…重复救助, 三(二)).
type Given struct {
	Assistance string `json:"assistance"`
	Item       string `json:"item"`
	Department string `json:"department"`
	Amount     any    `json:"amount"`
	GivenOn    string `json:"given_on"`
	Text       string `json:"text"`
}

// givenSince lists what a household was given of some items since a day, the newest
// first; except the entry of one's own.
func givenSince(q engine.Reader, household, since, except string, items ...string) ([]Given, error) {
	list, err := q.Records("assistance", household)
	out := []Given{}
	for _, r := range slices.Backward(list) {
		if r.ID() == except || !slices.Contains(items, r.Text("item")) || !slices.Contains([]string{"given", "planned"}, r.Text("state")) || r.Text("given_on") != "" && r.Text("given_on") < since {
			continue
		}
		g := Given{Assistance: r.ID(), Item: r.Text("item"), Department: r.Text("department"), Amount: r.Value("amount"), GivenOn: r.Text("given_on")}
		g.Text = strings.TrimSpace(g.GivenOn + " " + optionLabel("assistance", "item", g.Item))
		if n, ok := g.Amount.(float64); ok {
			g.Text += " " + yuan(n) + "元"
		}
		out = append(out, g)
	}
	return out, err
}

// notAgain refuses to give what was given lately, until somebody says that it is meant.
func (u *UrgentAid) notAgain(h *hand, again bool) error {
	if u.Opened || again {
		return nil
	}
	known, err := givenSince(h.tx, u.Household, daysBefore(u.GivenOn, freshDays(u.Item)), "", casefile.UrgentItems()...)
	if err != nil || len(known) == 0 {
		return err
	}
	texts := make([]string, 0, len(known))
	for _, k := range known[:min(len(known), 5)] {
		texts = append(texts, k.Text)
	}
	return decline("again", "given_already", strings.Join(texts, "；"))
}

// enterUrgent adds the entry in the chain, and the task to bring what is missing, where
// the office sees the household.
func (c *Casework) enterUrgent(h *hand, u *UrgentAid) (err error) {
	if u.DueOn, err = c.Settings.Casework().After("urgent_papers_days", u.GivenOn); err != nil {
		return err
	}
	u.Assistance = h.tx.NewID()
	h.draft(wire.KindCreate, "assistance", u.Assistance, map[string]any{"household": u.Household, "member": u.Member, "item": u.Item, "department": civilAffairs,
		"amount": u.Amount, "given_on": u.GivenOn, "state": "given", "source": urgentSource + u.ID})
	if !u.Opened {
		home, ok, err := h.tx.Record("households", u.Household)
		if err != nil || !ok || !home.SeenBy(h.by) {
			return err
		}
	}
	u.Task = h.tx.NewID()
	h.draft(wire.KindCreate, "tasks", u.Task, map[string]any{"household": u.Household, "kind": collectTask, "origin": urgentOrigin + u.ID,
		"title": caseText("urgent_task"), "detail": caseText("urgent_missing", paperWords(u.Missing)), "due_on": max(u.DueOn, h.tx.Today())})
	return nil
}

func paperWords(list []string) string {
	words := make([]string, 0, len(list))
	for _, p := range list {
		label, _ := casefile.PaperLabel(p)
		words = append(words, label)
	}
	return strings.Join(words, "、")
}

// UrgentAids is the office's list.
func (c *Casework) UrgentAids(ctx context.Context, by *engine.Account, q FileQuery) (Page, error) {
	return filesOf(ctx, c, by, casefile.UrgentAid, q, func(v *engine.View, u *UrgentAid) (map[string]any, error) {
		u.About.IDNumber, u.Steps = idnumber.Mask(u.About.IDNumber), nil
		return shown(v, by, &u.CaseFile, u)
	})
}

// UrgentAid is one, whole, with what the chain had already; the reading is audited.
func (c *Casework) UrgentAid(ctx context.Context, by *engine.Account, origin, id string) (map[string]any, error) {
	var out map[string]any
	err := c.read(ctx, by, origin, casefile.UrgentAid, id, func(v *engine.View) error {
		u, err := seenFile[UrgentAid](v, by, casefile.UrgentAid, id)
		if err != nil {
			return err
		}
		if out, err = shown(v, by, &u.CaseFile, u); err != nil {
			return err
		}
		if out["duplicates"], err = givenSince(v, u.Household, daysBefore(u.GivenOn, freshDays(u.Item)), u.Assistance, casefile.UrgentItems()...); err != nil {
			return err
		}
		return nil
	})
	return out, err
}

// UrgentOptions are the tables that the form is made of.
func (c *Casework) UrgentOptions(by *engine.Account) map[string]any {
	return map[string]any{"emergencies": casefile.Emergencies(), "papers": casefile.Papers(), "items": casefile.UrgentItems(),
		"town_limit": c.Settings.Casework().Number("urgent_town_limit", today(c.Engine)), "states": casefile.Stages(casefile.UrgentAid), "acts": casefile.Acts(casefile.UrgentAid),
		"areas": areasOf(by), "places": Places(by)}
}
