package life

import (
	"context"
	"fmt"
	"math"

	"doorstep/demo"
	"doorstep/register"
	"doorstep/sync/engine"
	"doorstep/sync/wire"
)

// person is somebody of the register, as the story keeps book of him.
type person struct {
	id, name, number, birth, sex, marriage, health, disability, grade, guardian, stage string
	age                                                                                int
	earner, dead                                                                       bool // dead: in truth
	buried                                                                             bool // dead by the register
	home                                                                               *home
	cost                                                                               float64         // own medical cost a month
	costs                                                                              map[int]float64 // so far, by year
}

// home is a household: what the register says of it, and what nobody knows.
type home struct {
	id, region string
	people     []*person
	held       []holding
	income     float64 // a month, as the register has it
	confirmed  float64
	owns       map[string]bool
	class      string
	alone      bool
	visited    int     // day of the last visit
	next       int     // day of the next
	frail      float64 // how much more often things happen here than the facts say
	waiting    []*news // what the next visit will find
	ill        bool    // somebody fell ill, and needs help for it

	expected map[string]int  // by indicator: causes that the data have shown
	once     map[string]bool // what is shown once only
	needed   map[string]bool // by indicator: whether an open warning is for something
}

type holding struct {
	id, category, form, member, from, to string
}

func (h *home) heads() int {
	n := 0
	for _, p := range h.people {
		if !p.dead {
			n++
		}
	}
	return n
}

// holds reports whether some category stands on a day; of is what to ask of it.
func (h *home) holds(day string, of func(holding) bool) bool {
	for _, c := range h.held {
		if c.from <= day && (c.to == "" || c.to >= day) && of(c) {
			return true
		}
	}
	return false
}

func anyOf(holding) bool { return true }

// staff are those who write.
type staff struct{ village, county *engine.Account }

// settle loads the demo county, without its open troubles and with everybody visited in
// time, and engages the people who will work in it.
func (w *world) settle() error {
	var drafts []engine.Draft
	flush := func() error {
		results, err := w.Engine.Do(w.ctx, engine.Server, drafts)
		drafts = drafts[:0]
		return refused(results, err)
	}
	for b := range demo.Build(w.build()) {
		h := w.move(b)
		for _, op := range b.Operations {
			switch op.Type {
			case "warnings", "photos", "tasks", "followups", "status_changes", "visits", "applications":
				continue // nothing is open when the story begins
			case "households":
				op.Set["last_visited"] = w.date(h.visited)
			}
			drafts = append(drafts, engine.Draft{Type: op.Type, Record: op.Record, Kind: wire.KindCreate, Set: op.Set})
		}
		if len(drafts) >= 2000 {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	if err := flush(); err != nil {
		return err
	}
	return w.engage()
}

func refused(results []wire.Result, err error) error {
	if err != nil {
		return err
	}
	for _, r := range results {
		if r.Error != nil {
			return r.Error
		}
	}
	return nil
}

func (w *world) engage() error {
	for _, one := range []struct {
		role, office, email string
		into                **engine.Account
	}{{"worker", "370281102200", "village@life.test", &w.staff.village}, {"county", "370281", "county@life.test", &w.staff.county}} {
		if _, err := register.SetAccount(w.ctx, w.App, w.Engine, register.NewAccount{Email: one.email, Name: one.role, Role: one.role, Office: one.office, Areas: []string{one.office}}); err != nil {
			return err
		}
		rec, err := w.App.FindAuthRecordByEmail("users", one.email)
		if err != nil {
			return err
		}
		// One account stands for all villages' workers: what it writes waits for the town like theirs.
		err = w.Engine.Update(w.ctx, func(tx *engine.Tx) error {
			return tx.SetGrants(rec.Id, []engine.Grant{{Kind: engine.GrantArea, Value: "370281"}}, engine.Server)
		})
		if err != nil {
			return err
		}
		if *one.into, err = w.Engine.Account(context.WithoutCancel(w.ctx), rec.Id); err != nil {
			return err
		}
	}
	return nil
}

// move reads a bundle of the demo into the book.
func (w *world) move(b demo.Bundle) *home {
	h := &home{id: b.Household, region: b.Region, owns: map[string]bool{}, expected: map[string]int{}, once: map[string]bool{}, needed: map[string]bool{},
		frail: math.Exp(.8*w.rng.NormFloat64() - .32)}
	for _, op := range b.Operations {
		said := func(field string) string { s, _ := op.Set[field].(string); return s }
		switch op.Type {
		case "households":
			h.income, _ = op.Set["monthly_income"].(float64)
			h.confirmed, h.class = h.income, said("review_class")
			h.alone, _ = op.Set["lives_alone"].(bool)
			list, _ := op.Set["property"].([]any)
			for _, p := range list {
				h.owns[fmt.Sprint(p)] = true
			}
		case "members":
			h.people = append(h.people, w.born(h, op))
		case "categories":
			h.held = append(h.held, holding{op.Record, said("category"), said("support_form"), said("member"), said("from"), said("to")})
		}
	}
	w.tally.People += len(h.people)
	limit := h.limit(w.today())
	h.visited = -w.rng.IntN(max(limit-3, 1))
	w.plan(h)
	w.homes = append(w.homes, h)
	w.by[h.id] = h
	return h
}

func (w *world) born(h *home, op demo.Operation) *person {
	said := func(field string) string { s, _ := op.Set[field].(string); return s }
	p := &person{home: h, id: op.Record, name: said("name"), number: said("id_number"), birth: said("birth_date"), sex: said("sex"), marriage: said("marriage"), health: said("health"),
		disability: said("disability_kind"), grade: said("disability_grade"), guardian: said("guardian"), stage: said("school_stage"), costs: map[int]float64{}}
	p.earner, _ = op.Set["earner"].(bool)
	alive, known := op.Set["alive"].(bool)
	p.dead = known && !alive
	p.buried = p.dead
	p.age = p.ageOn(w.today())
	switch p.health {
	case "serious":
		p.cost = 100 + 400*w.rng.Float64()
	case "chronic":
		p.cost = 10 + 60*w.rng.Float64()
	}
	return p
}

// limit is after how many days without a visit the house is overdue (V1), by domain §4.
func (h *home) limit(day string) int {
	limit := 183
	for _, c := range h.held {
		if c.from > day || c.to != "" && c.to < day {
			continue
		}
		switch {
		case c.category == "destitute" && c.form == "home" && h.alone:
			limit = min(limit, 14)
		case c.category == "subsistence" && h.class != "":
			limit = min(limit, map[string]int{"A": 183, "B": 91, "C": 30}[h.class])
		}
	}
	return limit
}

// plan fixes the next visit: mostly in time, at times too late.
func (w *world) plan(h *home) {
	limit := h.limit(w.today())
	h.next = h.visited + limit - w.rng.IntN(limit/4+1)
	if w.rng.Float64() < .06 {
		h.next += 1 + w.rng.IntN(limit/3+3)
	}
	h.next = max(h.next, w.day+1)
}
