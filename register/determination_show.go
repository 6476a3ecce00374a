package register

import (
	"context"
	"slices"

	"doorstep/domain/determination"
	"doorstep/domain/publicity"
	"doorstep/sync/engine"
)

// ApplicationView is an application as a desk reads it: with what was determined, what
// hung on the wall, and what can be done now.
type ApplicationView struct {
	ID             string              `json:"id"`
	Household      string              `json:"household"`
	HeadName       string              `json:"head_name"`
	Region         string              `json:"region"`
	Applicant      string              `json:"applicant"`
	ApplicantName  string              `json:"applicant_name"`
	Way            string              `json:"way"`
	AppliedOn      string              `json:"applied_on"`
	AcceptedOn     string              `json:"accepted_on"`
	DueOn          string              `json:"due_on"` // the office's next day; "" nothing is to be done any more
	Received       string              `json:"received"`
	Consents       []string            `json:"consents"`
	Consented      bool                `json:"consented"`
	Reason         string              `json:"reason"`
	State          string              `json:"state"`
	Procedure      string              `json:"procedure"`
	Continues      string              `json:"continues"`
	Determination  string              `json:"determination"`
	Acts           []determination.Act `json:"acts"`
	Determinations []DeterminationView `json:"determinations"` // newest first; none in a list
	Notices        []NoticeView        `json:"notices"`
}

// DeterminationView is a determination with its trace.
type DeterminationView struct {
	ID          string                 `json:"id"`
	Application string                 `json:"application"`
	Household   string                 `json:"household"`
	HeadName    string                 `json:"head_name"`
	Region      string                 `json:"region"`
	State       string                 `json:"state"`
	Opinion     *opined                `json:"opinion"`
	Reviewer    string                 `json:"reviewer"`
	ReviewedOn  string                 `json:"reviewed_on"`
	Decider     string                 `json:"decider"`
	DecidedOn   string                 `json:"decided_on"`
	Decision    string                 `json:"decision"`
	NextReview  string                 `json:"next_review"`
	Answers     []determination.Answer `json:"answers"`
	Trace       determination.Result   `json:"trace"`
	MemberNames map[string]string      `json:"member_names"`
}

// NoticeView is a publicity with its objections.
type NoticeView struct {
	ID            string   `json:"id"`
	Household     string   `json:"household"`
	Application   string   `json:"application"`
	Determination string   `json:"determination"`
	Number        string   `json:"number"` // as it stands on the wall
	Region        string   `json:"region"`
	Name          string   `json:"name"`
	Village       string   `json:"village"`
	Category      string   `json:"category"`
	Headcount     any      `json:"headcount"`
	Amount        any      `json:"amount"`
	Period        string   `json:"period"`
	Hotline       string   `json:"hotline"`
	From          string   `json:"from"`
	To            string   `json:"to"`
	Place         string   `json:"place"`
	State         string   `json:"state"`
	Objections    []any    `json:"objections"`
	Findings      []any    `json:"findings"`
	Upheld        []string `json:"upheld"`
}

// Applications lists those of the scope in some states, the newest first.
func (d *Determinations) Applications(ctx context.Context, by *engine.Account, states []string, limit int, after int64) (out []ApplicationView, next string, err error) {
	out = []ApplicationView{}
	err = d.Engine.View(ctx, func(v *engine.View) error {
		var found []engine.Record
		var err error
		if found, next, err = v.Queue(by, "applications", "state", states, limit, after); err != nil {
			return err
		}
		homes := make([]string, len(found))
		for i, a := range found {
			homes[i] = a.Household()
		}
		if err := v.ReadAhead(homes, "households", "members"); err != nil {
			return err
		}
		for _, a := range found {
			view, err := d.applicationView(v, a)
			if err != nil {
				return err
			}
			out = append(out, *view)
		}
		return nil
	})
	return out, next, err
}

// Application reads one with all that belongs to it; wire.NotFound if it is not there
// or not the account's.
func (d *Determinations) Application(ctx context.Context, by *engine.Account, id string) (*ApplicationView, error) {
	var out *ApplicationView
	err := d.Engine.View(ctx, func(v *engine.View) error {
		a, err := visible(v, by, "applications", id, "application")
		if err != nil {
			return err
		}
		if out, err = d.applicationView(v, a); err != nil {
			return err
		}
		tests, err := v.Records("determinations", a.Household())
		if err != nil {
			return err
		}
		for _, r := range slices.Backward(tests) {
			if r.Text("application") == id {
				one, err := determinationView(v, r)
				if err != nil {
					return err
				}
				out.Determinations = append(out.Determinations, *one)
			}
		}
		notices, err := v.Records("publicity", a.Household())
		for _, p := range slices.Backward(notices) {
			if p.Text("application") == id {
				out.Notices = append(out.Notices, noticeView(p))
			}
		}
		return err
	})
	return out, err
}

// Determination reads one.
func (d *Determinations) Determination(ctx context.Context, by *engine.Account, id string) (*DeterminationView, error) {
	var out *DeterminationView
	err := d.Engine.View(ctx, func(v *engine.View) error {
		r, err := visible(v, by, "determinations", id, "determination")
		if err != nil {
			return err
		}
		out, err = determinationView(v, r)
		return err
	})
	return out, err
}

// Notices lists publicities of the scope in some states, the newest first.
func (d *Determinations) Notices(ctx context.Context, by *engine.Account, states []string, limit int, after int64) (out []NoticeView, next string, err error) {
	out = []NoticeView{}
	err = d.Engine.View(ctx, func(v *engine.View) error {
		var found []engine.Record
		var err error
		found, next, err = v.Queue(by, "publicity", "state", states, limit, after)
		for _, p := range found {
			out = append(out, noticeView(p))
		}
		return err
	})
	return out, next, err
}

// Notice reads one publicity.
func (d *Determinations) Notice(ctx context.Context, by *engine.Account, id string) (*NoticeView, error) {
	var out NoticeView
	err := d.Engine.View(ctx, func(v *engine.View) error {
		p, err := visible(v, by, "publicity", id, "publicity")
		if err == nil {
			out = noticeView(p)
		}
		return err
	})
	return &out, err
}

func (d *Determinations) applicationView(v *engine.View, a engine.Record) (*ApplicationView, error) {
	out := &ApplicationView{ID: a.ID(), Household: a.Household(), Region: a.Area(), Applicant: a.Text("applicant"), Way: a.Text("way"), AppliedOn: a.Text("applied_on"), AcceptedOn: a.Text("accepted_on"),
		DueOn:    determination.DueOn(a.Text("state"), a.Text("applied_on"), a.Text("accepted_on"), d.Days.Deadlines()),
		Received: a.Created(), Consents: words(a.List("consents")), Reason: a.Text("reason"), State: a.Text("state"), Procedure: a.Text("procedure"),
		Continues: a.Text("continues"), Determination: a.Text("determination"), Acts: determination.Open(a.Text("state")),
		Determinations: []DeterminationView{}, Notices: []NoticeView{}}
	out.Consented = consented(out.Consents)
	h, ok, err := v.Record("households", a.Household())
	if err != nil || !ok {
		return out, err
	}
	out.HeadName = h.Text("head_name")
	if m, ok, err := v.Record("members", out.Applicant); err != nil {
		return out, err
	} else if ok {
		out.ApplicantName = m.Text("name")
	}
	return out, nil
}

func determinationView(v *engine.View, r engine.Record) (*DeterminationView, error) {
	out := &DeterminationView{ID: r.ID(), Application: r.Text("application"), Household: r.Household(), Region: r.Area(), State: r.Text("state"),
		Reviewer: r.Text("reviewer"), ReviewedOn: r.Text("reviewed_on"), Decider: r.Text("decider"), DecidedOn: r.Text("decided_on"),
		Decision: r.Text("decision"), NextReview: r.Text("next_review"), MemberNames: map[string]string{}}
	var k kept
	if err := fromObject(r.Value("basis"), &k); err != nil {
		return nil, err
	}
	if err := fromObject(r.Value("trace"), &out.Trace); err != nil {
		return nil, err
	}
	if r.Value("opinion") != nil {
		out.Opinion = &opined{}
		if err := fromObject(r.Value("opinion"), out.Opinion); err != nil {
			return nil, err
		}
	}
	out.Answers = k.Answers
	for _, m := range k.Facts.Members {
		out.MemberNames[m.ID] = m.Name
	}
	h, ok, err := v.Record("households", r.Household())
	if err == nil && ok {
		out.HeadName = h.Text("head_name")
	}
	return out, err
}

func noticeView(p engine.Record) NoticeView {
	return NoticeView{ID: p.ID(), Number: publicity.Number(p.Text("from"), p.ID()), Region: p.Area(), Household: p.Household(), Application: p.Text("application"), Determination: p.Text("determination"), Name: p.Text("name"),
		Village: p.Text("village"), Category: p.Text("category"), Headcount: p.Value("headcount"), Amount: p.Value("amount"), Period: p.Text("period"),
		Hotline: p.Text("hotline"), From: p.Text("from"), To: p.Text("to"), Place: p.Text("place"), State: p.Text("state"),
		Objections: p.List("objections"), Findings: p.List("findings"), Upheld: words(p.List("upheld"))}
}
