package register

import (
	"context"
	"strings"

	"doorstep/domain/casefile"
	"doorstep/domain/idnumber"
	"doorstep/domain/region"
	"doorstep/sync/engine"
)

// Lead is a word from outside about somebody who may be in need (线索), on its way to
// a look on the spot and an answer to whoever gave it.
type Lead struct {
	CaseFile
	Channel    string   `json:"channel"`
	Number     string   `json:"number"` // the hotline's own (工单号)
	Urgency    string   `json:"urgency"`
	Reporter   Reporter `json:"reporter"`
	About      Somebody `json:"about"`
	Text       string   `json:"text"`
	ReceivedOn string   `json:"received_on"`
	AnswerBy   string   `json:"answer_by"`
	Complaint  string   `json:"complaint"` // the worker's word that it came from
	Opened     bool     `json:"opened"`    // the household was made for it
	Task       string   `json:"task"`
	Visit      string   `json:"visit"`
	Findings   string   `json:"findings"`
	Conclusion string   `json:"conclusion"`
	Answer     string   `json:"answer"`
	Reply      string   `json:"reply"`
}

// Reporter is who gave the word. No tablet is told, and no list.
type Reporter struct {
	Name  string `json:"name" validate:"max=40"`
	Phone string `json:"phone" validate:"max=20"`
}

// NewLead is a lead as it is taken down. ID is the client's, so that a request sent
// twice is one lead.
type NewLead struct {
	ID         string   `json:"id" validate:"required,uuid"`
	Channel    string   `json:"channel" validate:"required,max=20"`
	Number     string   `json:"number" validate:"max=40"`
	Urgency    string   `json:"urgency" validate:"required,max=20"`
	Reporter   Reporter `json:"reporter"`
	About      Somebody `json:"about"`
	Text       string   `json:"text" validate:"required,max=2000"`
	ReceivedOn string   `json:"received_on" validate:"omitempty,datetime=2006-01-02"`
	Household  string   `json:"household" validate:"omitempty,uuid"`
	Complaint  string   `json:"complaint" validate:"omitempty,uuid"`
}

// leadOrigin begins the origin of a task that asks to look into a lead.
const leadOrigin = "leads:"

// receivedWithinDays is how old a word may be when it is taken down.
const receivedWithinDays = 60

// ReceiveLead takes a lead down.
func (c *Casework) ReceiveLead(ctx context.Context, by *engine.Account, origin string, n NewLead) (map[string]any, error) {
	l, err := begin(ctx, c, by, origin, casefile.Lead, "receive", n.ID, func(h *hand) (*Lead, error) {
		l := &Lead{Channel: n.Channel, Number: strings.TrimSpace(n.Number), Urgency: n.Urgency, Reporter: n.Reporter, About: n.About,
			Text: strings.TrimSpace(n.Text), ReceivedOn: n.ReceivedOn, Complaint: n.Complaint}
		l.Household = n.Household
		return l, c.takeDown(h, l)
	})
	if err != nil {
		return nil, err
	}
	return c.Lead(ctx, by, origin, l.ID)
}

func (c *Casework) takeDown(h *hand, l *Lead) (err error) {
	label, ok := casefile.ChannelLabel(l.Channel)
	if !ok {
		return decline("channel", "channel")
	}
	h.said = label
	if _, ok := casefile.UrgencyLabel(l.Urgency); !ok {
		return decline("urgency", "urgency")
	}
	if l.ReceivedOn == "" {
		l.ReceivedOn = h.tx.Today()
	}
	if l.ReceivedOn > h.tx.Today() || l.ReceivedOn < daysBefore(h.tx.Today(), receivedWithinDays) {
		return decline("received_on", "received_on")
	}
	if l.Reporter.Phone != "" && !phoneShape.MatchString(l.Reporter.Phone) {
		return decline("reporter.phone", "phone")
	}
	if err := l.About.check("about"); err != nil {
		return err
	}
	if err := l.ofComplaint(h); err != nil {
		return err
	}
	if err := l.place(h.tx, h.by); err != nil {
		return err
	}
	l.AnswerBy, err = c.Settings.Casework().After("lead_answer_"+l.Urgency+"_days", l.ReceivedOn)
	l.DueOn = max(l.AnswerBy, h.tx.Today())
	return err
}

// ofComplaint ties a lead to the word of a worker (投诉建议) that it came from; whose
// household that names is the lead's.
func (l *Lead) ofComplaint(h *hand) error {
	if l.Complaint == "" {
		return nil
	}
	k, ok, err := h.tx.Record("complaints", l.Complaint)
	if err != nil {
		return err
	}
	if !ok || !k.SeenBy(h.by) || k.Text("state") != "open" {
		return decline("complaint", "complaint")
	}
	if l.Household == "" {
		l.Household = k.Text("household")
	}
	return nil
}

// place says whose desk a lead is on: where the household lives, else where the
// person is said to be.
func (l *Lead) place(q engine.Reader, by *engine.Account) error {
	if l.Household != "" {
		home, err := visible(q, by, "households", l.Household, "household")
		if err != nil {
			return err
		}
		l.Area = home.Area()
		return nil
	}
	if l.About.Name == "" && l.About.Address == "" && l.About.Phone == "" {
		return decline("about", "nobody")
	}
	if l.About.Region == "" || !seesArea(by, l.About.Region) {
		return decline("about.region", "region")
	}
	l.Area = l.About.Region
	return nil
}

// Lead is one lead, whole; that it was looked at is audited, for it names people.
func (c *Casework) Lead(ctx context.Context, by *engine.Account, origin, id string) (map[string]any, error) {
	var out map[string]any
	err := c.read(ctx, by, origin, casefile.Lead, id, func(v *engine.View) error {
		l, err := seenFile[Lead](v, by, casefile.Lead, id)
		if err != nil {
			return err
		}
		if out, err = shown(v, by, &l.CaseFile, l); err != nil {
			return err
		}
		if casefile.IsOpen(casefile.Lead, l.State) {
			if out["look_alikes"], err = l.lookAlikes(v, by); err != nil {
				return err
			}
			if out["same"], err = l.same(v, by); err != nil {
				return err
			}
		}
		return nil
	})
	return out, err
}

// lookAlikes are the households that a lead without one may be about.
func (l *Lead) lookAlikes(q engine.Reader, by *engine.Account) ([]LookAlike, error) {
	if l.Household != "" {
		return []LookAlike{}, nil
	}
	return lookAlikes(q, by, l.About)
}

// same are other open leads about the same person or household: one look and one
// visit may answer them all.
func (l *Lead) same(q engine.Reader, by *engine.Account) ([]string, error) {
	bodies, err := idsOf(q.Query(`SELECT body FROM case_files WHERE kind = 'lead' AND id <> ?1 AND state IN ('received', 'dispatched', 'verified')
		AND area >= ?2 AND area < ?2 || '~' AND (?3 <> '' AND household = ?3 OR about_blind IN (SELECT value FROM json_each(?4))
			OR ?5 <> '' AND body ->> '$.about.name' = ?5) ORDER BY id LIMIT 20`, l.ID, town(l.Area), l.Household, encode(q.Ring().Blinds(l.About.IDNumber)), l.About.Name))
	out := []string{}
	for _, b := range bodies {
		var o Lead
		if decode(b, &o) && seesArea(by, o.Area) {
			out = append(out, o.ID)
		}
	}
	return out, err
}

// Leads is the office's list: neither who reported nor a number in the clear.
func (c *Casework) Leads(ctx context.Context, by *engine.Account, q FileQuery) (Page, error) {
	return filesOf(ctx, c, by, casefile.Lead, q, func(v *engine.View, l *Lead) (map[string]any, error) {
		l.Reporter, l.Answer, l.Findings, l.Steps = Reporter{}, "", "", nil
		l.About.IDNumber = idnumber.Mask(l.About.IDNumber)
		out, err := shown(v, by, &l.CaseFile, l)
		delete(out, "reporter")
		return out, err
	})
}

// LeadOptions are the tables that the office's form is made of.
func LeadOptions(by *engine.Account) map[string]any {
	return map[string]any{"channels": casefile.Channels(), "urgencies": casefile.Urgencies(), "conclusions": casefile.Conclusions(),
		"replies": casefile.Replies(), "states": casefile.Stages(casefile.Lead), "acts": casefile.Acts(casefile.Lead), "areas": areasOf(by), "places": Places(by)}
}

// Places are the areas of an account and all places in them, with their short names: of
// these a form lets choose.
func Places(by *engine.Account) []casefile.Choice {
	out := []casefile.Choice{}
	for _, a := range by.Scope().Areas {
		for _, r := range region.Within(a) {
			out = append(out, casefile.Choice{Value: r.Code, Label: r.Short()})
		}
	}
	return out
}

// areasOf are the areas of an account, with their names.
func areasOf(by *engine.Account) []casefile.Choice {
	out := []casefile.Choice{}
	for _, a := range by.Scope().Areas {
		out = append(out, casefile.Choice{Value: a, Label: region.FullName(a)})
	}
	return out
}
