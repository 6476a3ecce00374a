package register

import (
	"time"

	"doorstep/domain/indicator"
	"doorstep/sync/engine"
)

// gather reads what these indicators need of a household; nil if it is not there.
func gather(tx *engine.Tx, id string, rows []indicator.Indicator) (*indicator.Facts, error) {
	h, ok, err := tx.Record("households", id)
	if err != nil || !ok {
		return nil, err
	}
	today, err := time.Parse(time.DateOnly, tx.Today()) // deadlines count from China's day, not from UTC's
	if err != nil {
		return nil, err
	}
	f := &indicator.Facts{Today: today, Household: indicator.Household{MonthlyIncome: fact[float64](h, "monthly_income")}}
	for typ, add := range map[string]func(engine.Record){
		"members": func(m engine.Record) { f.Members = append(f.Members, member(m)) },
		"status_changes": func(c engine.Record) {
			if !c.Returned() {
				f.Changes = append(f.Changes, change(c))
			}
		},
	} {
		if !indicator.LookAt(rows, typ) {
			continue
		}
		records, err := tx.Records(typ, id)
		if err != nil {
			return nil, err
		}
		for _, r := range records {
			add(r)
		}
	}
	if indicator.AskReach(rows) {
		categories, err := tx.Records("categories", id)
		if err != nil {
			return nil, err
		}
		registered := inRegister(categories, tx.Today())
		f.Household.InRegister = &registered
	}
	return f, nil
}

// inRegister reports whether a category stands on a day.
func inRegister(categories []engine.Record, today string) bool {
	for _, c := range categories {
		from, to := c.Text("from"), c.Text("to")
		if from <= today && (to == "" || to >= today) {
			return true
		}
	}
	return false
}

func member(m engine.Record) indicator.Member {
	out := indicator.Member{ID: m.ID(), Name: m.Text("name"), BirthDate: m.Text("birth_date"), Earner: pointer[bool](m.Value("earner")),
		Alive: fact[bool](m, "alive"), DeathDate: m.Text("death_date"), Health: fact[string](m, "health"), Illness: m.Text("illness"),
		Guardian: fact[string](m, "guardian"), SelfCareFailed: items(m, "self_care_failed")}
	if m.Confirmed("name") == nil {
		out.Joined = m.Cause("name")
	}
	return out
}

func change(c engine.Record) indicator.StatusChange {
	return indicator.StatusChange{ID: c.ID(), Kind: c.Text("kind"), Member: c.Text("member"), HappenedOn: c.Text("happened_on"),
		Amount: pointer[float64](c.Value("amount"))}
}

// fact is a field with the value that was confirmed before it.
func fact[T any](r engine.Record, field string) indicator.Fact[T] {
	return indicator.Fact[T]{Now: pointer[T](r.Value(field)), Confirmed: pointer[T](r.Confirmed(field)), Cause: r.Cause(field)}
}

func items(r engine.Record, field string) indicator.Fact[[]string] {
	return indicator.Fact[[]string]{Now: texts(r.Value(field)), Confirmed: texts(r.Confirmed(field)), Cause: r.Cause(field)}
}

func pointer[T any](v any) *T {
	x, ok := v.(T)
	if !ok {
		return nil
	}
	return &x
}

func texts(v any) *[]string {
	list, ok := v.([]any)
	if !ok {
		return nil
	}
	out := make([]string, 0, len(list))
	for _, x := range list {
		if s, ok := x.(string); ok {
			out = append(out, s)
		}
	}
	return &out
}
