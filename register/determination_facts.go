package register

import (
	"reflect"
	"slices"
	"strings"
	"time"

	"doorstep/domain/determination"
	"doorstep/sync/engine"
	"doorstep/sync/policy"

	"github.com/go-json-experiment/json"
)

// home is a household as a determination reads it.
type home struct {
	record  engine.Record
	members []engine.Record
	facts   determination.Facts
}

// readHome gathers the facts of a household that the account sees; ok is false if it is
// not there, or waits with its author.
func readHome(r engine.Reader, by *engine.Account, id string) (h home, ok bool, err error) {
	if h.record, ok, err = r.Record("households", id); err != nil || !ok || !h.record.SeenBy(by) {
		return h, false, err
	}
	if h.members, err = r.Records("members", id); err != nil {
		return h, false, err
	}
	f := &h.facts
	f.Urban, f.MonthlyIncome = sure[bool](h.record, "urban"), sure[float64](h.record, "monthly_income")
	f.RigidCost, f.Property = sure[float64](h.record, "rigid_cost_12m"), sureList(h.record, "property")
	f.Members = make([]determination.Member, 0, len(h.members))
	for _, m := range h.members {
		f.Members = append(f.Members, determination.Member{ID: m.ID(), Name: m.Text("name"), Alive: sure[bool](m, "alive"), BirthDate: sure[string](m, "birth_date"),
			Capacity: sure[string](m, "capacity_to_work"), Health: sure[string](m, "health"), Disability: sure[string](m, "disability_kind"), Grade: sure[string](m, "disability_grade"),
			SelfCareFailed: sureList(m, "self_care_failed"), WorkState: sure[string](m, "work_state"), OwnIncome: sure[float64](m, "monthly_income")})
	}
	return h, true, nil
}

// sure is a value with whether the town has confirmed it as it stands.
func sure[T any](r engine.Record, field string) determination.Fact[T] {
	return determination.Fact[T]{Value: pointer[T](r.Value(field)), Confirmed: confirmed(r, field)}
}

func sureList(r engine.Record, field string) determination.Fact[[]string] {
	return determination.Fact[[]string]{Value: texts(r.Value(field)), Confirmed: confirmed(r, field)}
}

func confirmed(r engine.Record, field string) bool {
	return r.Value(field) != nil && reflect.DeepEqual(r.Value(field), r.Confirmed(field))
}

// kept is what a determination rests on, beside it for good: the facts with the answers
// in them, the answers as given, every number as it stood.
type kept struct {
	Facts   determination.Facts      `json:"facts"`
	Answers []determination.Answer   `json:"answers"`
	Numbers []determination.Measured `json:"numbers"`
}

// answersFor adds to what the desk answered now what it answered before: to questions
// that the register has no answer to, not longer ago than the county lets it stand.
func answersFor(r engine.Reader, h home, now []determination.Answer, p determination.Params) ([]determination.Answer, error) {
	past, err := r.Records("determinations", h.record.ID())
	if err != nil {
		return nil, err
	}
	today := r.Today()
	oldest := daysBefore(today, int(p.At("answer_days", today).Value.Value))
	out := slices.Clone(now)
	for _, d := range slices.Backward(past) {
		var k kept
		if err := fromObject(d.Value("basis"), &k); err != nil {
			return nil, err
		}
		for _, a := range k.Answers {
			if a.On >= oldest && open(h, a) && !slices.ContainsFunc(out, func(o determination.Answer) bool { return o.Fact == a.Fact && o.Member == a.Member }) {
				out = append(out, a)
			}
		}
	}
	return out, nil
}

// open reports whether the register itself does not answer what an answer was given to,
// and whether its member is still there.
func open(h home, a determination.Answer) bool {
	for _, row := range determination.FactTable() {
		if row.Code != a.Fact {
			continue
		}
		of := h.record
		if row.Member {
			at := slices.IndexFunc(h.members, func(m engine.Record) bool { return m.ID() == a.Member })
			if at < 0 {
				return false
			}
			of = h.members[at]
		}
		return row.Type == "" || of.Value(row.Field) == nil
	}
	return false
}

// laidOver lays answers over the facts, each checked as the register would.
func laidOver(f determination.Facts, answers []determination.Answer, evidence bool) (determination.Facts, error) {
	for i, a := range answers {
		if evidence && strings.TrimSpace(a.Note) == "" {
			return f, refuse("answers", "answer_note", i+1)
		}
		for _, row := range determination.FactTable() {
			if row.Code != a.Fact || row.Type == "" || a.Value == nil {
				continue
			}
			if err := policy.Lookup(row.Type).Field(row.Field).CheckValue(a.Value); err != nil {
				return f, refuse("answers", "answer_value", i+1, row.Label)
			}
		}
	}
	out, err := f.With(answers)
	if fault, ok := err.(*determination.FaultyAnswer); ok {
		return f, refuse("answers", "answer_value", fault.Index+1, fault.Why)
	}
	return out, err
}

func daysBefore(day string, n int) string {
	d, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return d.AddDate(0, 0, -n).Format(time.DateOnly)
}

// object and fromObject are a value as an object field keeps it.
func object(v any) (map[string]any, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	var out map[string]any
	return out, json.Unmarshal(b, &out)
}

func fromObject(v, into any) error {
	if v == nil {
		return nil
	}
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return json.Unmarshal(b, into)
}
