package determination

import (
	"fmt"
	"strings"
	"testing"

	"doorstep/domain/parameter"
)

const today = "2026-11-26"

// grown is a healthy person with work, of whom everything is known.
func grown(id, name, born string) Member {
	return Member{ID: id, Name: name, Alive: Known(true), BirthDate: Known(born), Capacity: Known("full"), Health: Known("healthy"),
		SelfCareFailed: Known([]string{}), WorkState: Known("employed"), OwnIncome: Known(1000.0)}
}

// family is a rural couple with a child: income 6,000 for three, nothing owned.
func family() Facts {
	child := grown("m3", "匡晨", "2015-09-01")
	child.Capacity, child.WorkState, child.OwnIncome = Known("none"), Known("student"), Known(0.0)
	return Facts{Urban: Known(false), MonthlyIncome: Known(6000.0), RigidCost: Known(10000.0), Property: Known([]string{}), Supporter: Known(true),
		Members: []Member{grown("m1", "匡树林", "1975-03-01"), grown("m2", "李秀英", "1976-05-06"), child}}
}

// alone is a rural person of seventy without income and without anybody.
func alone() Facts {
	m := grown("m1", "匡树林", "1956-03-01")
	m.Capacity, m.WorkState, m.OwnIncome = Known("none"), Known("unable"), Known(0.0)
	return Facts{Urban: Known(false), MonthlyIncome: Known(0.0), RigidCost: Known(0.0), Property: Known([]string{}), Supporter: Known(false), Members: []Member{m}}
}

// county is a county's own figures, so that no test rests on the examples.
func county(t testing.TB, more ...parameter.Setting) Params {
	t.Helper()
	p, err := NewParams(append([]parameter.Setting{{Name: "standard_rural", From: "2026-01-01", Value: 800}, {Name: "standard_urban", From: "2026-01-01", Value: 1000},
		{Name: "disposable_income", From: "2026-01-01", Value: 48000}}, more...))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// brief is a result in one line: status, then what each award is and by which step.
func brief(r Result) string {
	out := []string{r.Status}
	for _, a := range r.Awards {
		says := a.Category + " by " + a.Way
		if a.Member != "" {
			says += " for " + a.Member
		}
		out = append(out, says)
	}
	for _, q := range r.Questions {
		out = append(out, strings.TrimSuffix(fmt.Sprintf("? %s %s", q.Fact, q.Member), " "))
	}
	return strings.Join(out, "; ")
}

func stepOf(t interface {
	Helper()
	Fatalf(string, ...any)
}, r Result, code string) Step {
	t.Helper()
	for _, s := range r.Steps {
		if s.Code == code {
			return s
		}
	}
	t.Fatalf("no step %s in %v", code, r.Steps)
	return Step{}
}

func current() *Rules { return RulesOn(today) }

type change = func(*Facts)

func of(base Facts, changes ...change) Facts {
	for _, c := range changes {
		c(&base)
	}
	return base
}

func income(v float64) change { return func(f *Facts) { f.MonthlyIncome = Known(v) } }
func rigidCost(v float64) change {
	return func(f *Facts) { f.RigidCost = Known(v) }
}
func owns(kinds ...string) change { return func(f *Facts) { f.Property = Known(kinds) } }
func who(i int, c func(*Member)) change {
	return func(f *Facts) { c(&f.Members[i]) }
}
