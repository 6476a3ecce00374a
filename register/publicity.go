package register

import (
	"context"
	"strconv"
	"strings"

	"doorstep/domain/determination"
	"doorstep/domain/publicity"
	"doorstep/domain/region"
	"doorstep/sync/engine"
	"doorstep/sync/wire"
)

// Posting is where and with which amounts a publicity (公示) hangs. Amounts are 元 a
// month, by member ("" the household).
type Posting struct {
	Place   string             `json:"place" validate:"required,max=120"`
	Period  string             `json:"period" validate:"max=40"`
	Amounts map[string]float64 `json:"amounts" validate:"max=20,dive,gte=0,lte=1000000"`
}

// Publish hangs the opinion out, masked: a notice for each category, and a task for the
// village to put it on the wall.
func (d *Determinations) Publish(ctx context.Context, by *engine.Account, origin, id string, in Posting) (*DeterminationView, error) {
	return d.on(ctx, by, origin, id, determination.Publish, func(f *file, r engine.Record) error {
		if r.Text("state") != "confirmed" {
			return moved("determination", "no_opinion")
		}
		var o opined
		if err := fromObject(r.Value("opinion"), &o); err != nil {
			return err
		}
		if len(o.Awards) == 0 {
			return refuse("awards", "no_award")
		}
		params, err := settingsIn(f.tx)
		if err != nil {
			return err
		}
		for _, a := range o.Awards {
			f.post(r, a, in, params, d.Aid.Hotline(f.home.record.Area(), f.tx.Today()))
		}
		f.detail = id + " " + in.Place
		return nil
	})
}

func (f *file) post(r engine.Record, a Chosen, in Posting, params determination.Params, hotline string) {
	today := f.tx.Today()
	c := publicity.Case{Head: f.person(""), Village: region.FullName(f.home.record.Area()), Category: determination.Title(a.Category),
		Headcount: f.heads(), Period: in.Period, Hotline: hotline, From: today, To: determination.PublicityEnd(today, params)}
	if a.Member != "" {
		p := f.person(a.Member)
		c.Subject = &p
	}
	if v, ok := in.Amounts[a.Member]; ok {
		c.Amount = &v
	}
	n := publicity.NoticeOf(c, today)
	set := map[string]any{"household": f.record.Household(), "application": f.record.ID(), "determination": r.ID(), "from": n.From, "to": n.To, "place": in.Place,
		"name": n.Name, "village": n.Village, "category": n.Category, "headcount": float64(n.Headcount), "period": n.Period, "hotline": n.Hotline, "state": "open"}
	amount := ""
	if n.Amount != nil {
		set["amount"] = *n.Amount
		amount = worded("task_amount", yuan(*n.Amount))
	}
	f.create("publicity", f.tx.NewID(), set)
	period := ""
	if n.Period != "" {
		period = "，" + n.Period
	}
	f.create("tasks", f.tx.NewID(), map[string]any{"household": f.record.Household(), "kind": "other", "origin": "publicity:" + r.ID(), "title": worded("task_title"), "due_on": n.From,
		"detail": worded("task_detail", n.From, n.To, in.Place, n.Name, n.Category, strconv.Itoa(n.Headcount), amount, period, n.Hotline)})
}

// person is a member, or the head: the one who is called so, else whoever bears the
// head's name, else the name alone.
func (f *file) person(member string) publicity.Person {
	head := f.home.record.Text("head_name")
	out := publicity.Person{Name: head}
	for _, m := range f.home.members {
		switch {
		case member != "" && m.ID() == member:
			return publicity.Person{Name: m.Text("name"), BirthDate: m.Text("birth_date")}
		case member == "" && m.Text("name") == head:
			out.BirthDate = m.Text("birth_date")
		}
	}
	return out
}

func (f *file) heads() int {
	n := 0
	for _, m := range f.home.members {
		if alive := m.Value("alive"); alive != false {
			n++
		}
	}
	return n
}

// Objection is what somebody says against a notice; who it was is the office's alone.
type Objection struct {
	Text string `json:"text" validate:"required,max=2000"`
	By   string `json:"by" validate:"max=60"`
}

// Object enters an objection (异议).
func (d *Determinations) Object(ctx context.Context, by *engine.Account, origin, notice string, in Objection) (*NoticeView, error) {
	return d.onNotice(ctx, by, origin, notice, determination.Object, func(f *file, p engine.Record) error {
		id := f.tx.NewID()
		f.detail = notice + " " + id
		f.patch("publicity", notice, map[string]any{"objections": []any{map[string]any{"id": id, "at": wire.Format(f.tx.Now()), "by": in.By, "text": in.Text}}})
		return nil
	})
}

// Finding settles an objection: it stands, and the case goes back to the test; or not.
type Finding struct {
	Objection string `json:"objection" validate:"required,uuid"`
	Upheld    bool   `json:"upheld"`
	Reason    string `json:"reason" validate:"required,max=2000"`
}

// Settle enters what was found about an objection.
func (d *Determinations) Settle(ctx context.Context, by *engine.Account, origin, notice string, in Finding) (*NoticeView, error) {
	act := determination.Dismiss
	if in.Upheld {
		act = determination.Uphold
	}
	return d.onNotice(ctx, by, origin, notice, act, func(f *file, p engine.Record) error {
		if !entered(p, "objections", in.Objection) || entered(p, "findings", in.Objection) {
			return refuse("objection", "no_objection")
		}
		f.detail = notice + " " + in.Objection
		set := map[string]any{"findings": []any{map[string]any{"id": in.Objection, "at": wire.Format(f.tx.Now()), "by": by.Name, "text": in.Reason}}}
		if in.Upheld {
			set["upheld"] = append(append([]any{}, p.List("upheld")...), in.Objection)
		}
		f.patch("publicity", notice, set)
		if in.Upheld {
			return f.close("proposed", "stopped")
		}
		return nil
	})
}

func (d *Determinations) onNotice(ctx context.Context, by *engine.Account, origin, notice string, act determination.Act, do func(*file, engine.Record) error) (*NoticeView, error) {
	err := d.Engine.Update(ctx, func(tx *engine.Tx) error {
		p, err := visible(tx, by, "publicity", notice, "publicity")
		if err != nil {
			return err
		}
		return d.actIn(tx, by, origin, p.Text("application"), act, func(f *file) error {
			if p.Text("state") != "open" {
				return moved("publicity", "not_current")
			}
			return do(f, p)
		})
	})
	if err != nil {
		return nil, err
	}
	return d.Notice(ctx, by, notice)
}

// publicityOver: every notice of the determination hung its days, and every objection
// to it is settled.
func (f *file) publicityOver(id string) error {
	notices, err := f.tx.Records("publicity", f.record.Household())
	if err != nil {
		return err
	}
	unsettled := 0
	for _, p := range notices {
		if p.Text("determination") != id || p.Text("state") != "open" {
			continue
		}
		if p.Text("to") >= f.tx.Today() {
			return refuse("publicity", "not_ended", p.Text("to"))
		}
		unsettled += len(p.List("objections")) - len(p.List("findings"))
	}
	if unsettled > 0 {
		return refuse("publicity", "objections", unsettled)
	}
	return nil
}

func entered(r engine.Record, list, id string) bool {
	for _, e := range r.List(list) {
		if m, ok := e.(map[string]any); ok && strings.EqualFold(m["id"].(string), id) {
			return true
		}
	}
	return false
}
