package determination

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// whole draws a household of which everything is known, and which does not contradict
// itself: a certificate goes with its health, a member owns no more than the family.
func whole(t *rapid.T) Facts {
	pick := func(name string, of ...string) string { return rapid.SampledFrom(of).Draw(t, name) }
	f := Facts{Urban: Known(rapid.Bool().Draw(t, "urban")), MonthlyIncome: Known(rapid.Float64Range(0, 16000).Draw(t, "income")),
		RigidCost: Known(rapid.Float64Range(0, 200000).Draw(t, "rigid")), Supporter: Known(rapid.Bool().Draw(t, "supporter")),
		Deposit: Known(rapid.Float64Range(0, 200000).Draw(t, "deposit")), OtherWithin: Known(rapid.Bool().Draw(t, "other")),
		Property: Known(rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"vehicle", "second_house", "company", "machinery", "deposit", "other"}), 0, 2, rapid.ID).Draw(t, "property"))}
	for i := range rapid.IntRange(1, 4).Draw(t, "members") {
		m := Member{ID: fmt.Sprintf("m%d", i+1), Name: fmt.Sprintf("成员%d", i+1), Alive: Known(i == 0 || rapid.IntRange(0, 9).Draw(t, "alive") > 0),
			BirthDate: Known(fmt.Sprintf("%d-11-2%d", rapid.IntRange(1940, 2024).Draw(t, "year"), rapid.IntRange(5, 7).Draw(t, "day"))),
			Capacity:  Known(pick("capacity", "full", "partial", "none")), Health: Known(pick("health", "healthy", "chronic", "serious", "disabled")),
			SelfCareFailed: Known([]string{}), WorkState: Known(pick("work", "employed", "farming", "unemployed", "unable", "at_home")),
			OwnIncome: Known(rapid.Float64Range(0, 3000).Draw(t, "own"))}
		if *m.Health.Value == "disabled" {
			m.Disability, m.Grade = Known(pick("kind", "1", "2", "3", "4", "5", "6")), Known(pick("grade", "1", "2", "3", "4"))
		}
		f.Members = append(f.Members, m)
	}
	return f
}

func copied(t *rapid.T, f Facts) Facts {
	b, err := json.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	var out Facts
	if err := json.Unmarshal(b, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// The answer is a function of facts, parameters and day: asked twice it is the same,
// the facts are left alone, and in which order the members stand counts for nothing.
func TestATestIsAPureFunction(t *testing.T) {
	p := county(t)
	rapid.Check(t, func(t *rapid.T) {
		f := whole(t)
		before := copied(t, f)
		first := Test(current(), f, p, today, "")
		if again := Test(current(), f, p, today, ""); !reflect.DeepEqual(first, again) {
			t.Fatalf("twice: %s, %s", brief(first), brief(again))
		}
		if after := copied(t, f); !reflect.DeepEqual(before, after) {
			t.Fatal("the facts were changed")
		}
		turned := copied(t, f)
		slices.Reverse(turned.Members)
		other := Test(current(), turned, p, today, "")
		if other.Status != first.Status || other.Category != first.Category || len(other.Awards) != len(first.Awards) {
			t.Fatalf("%s; turned round %s", brief(first), brief(other))
		}
	})
}

// rank: the lower the better for the family; a member's own admission is no family's.
func rank(r Result) int {
	for _, a := range r.Awards {
		if a.Member == "" {
			return slices.Index(Categories(), a.Category)
		}
	}
	return len(Categories())
}

// Who earns less, has spent more or owns less is never put behind.
func TestMoreHardshipIsNeverPutBehind(t *testing.T) {
	p := county(t)
	rapid.Check(t, func(t *rapid.T) {
		f := whole(t)
		harder := copied(t, f)
		switch rapid.IntRange(0, 2).Draw(t, "what") {
		case 0:
			*harder.MonthlyIncome.Value *= rapid.Float64Range(0, 1).Draw(t, "share")
		case 1:
			*harder.RigidCost.Value += rapid.Float64Range(0, 1e5).Draw(t, "more")
		case 2:
			*harder.Property.Value = (*harder.Property.Value)[:0]
		}
		before, after := Test(current(), f, p, today, ""), Test(current(), harder, p, today, "")
		if rank(after) > rank(before) {
			t.Fatalf("%s, then %s", brief(before), brief(after))
		}
	})
}

// erased forgets some facts. What is forgotten of a person's health is forgotten with
// the certificate.
func erased(t *rapid.T, f Facts) Facts {
	out := copied(t, f)
	gone := func(name string) bool { return rapid.IntRange(0, 2).Draw(t, "forget "+name) == 0 }
	type loss struct {
		name   string
		forget func()
	}
	losses := []loss{{"urban", func() { out.Urban = Fact[bool]{} }}, {"income", func() { out.MonthlyIncome = Fact[float64]{} }},
		{"rigid", func() { out.RigidCost = Fact[float64]{} }}, {"property", func() { out.Property = Fact[[]string]{} }}, {"supporter", func() { out.Supporter = Fact[bool]{} }},
		{"deposit", func() { out.Deposit = Fact[float64]{} }}, {"other", func() { out.OtherWithin = Fact[bool]{} }}}
	for i := range out.Members {
		m := &out.Members[i]
		losses = append(losses, loss{"birth", func() { m.BirthDate = Fact[string]{} }}, loss{"capacity", func() { m.Capacity = Fact[string]{} }},
			loss{"health", func() { m.Health, m.Disability, m.Grade = Fact[string]{}, Fact[string]{}, Fact[string]{} }}, loss{"grade", func() { m.Grade = Fact[string]{} }},
			loss{"kind", func() { m.Disability = Fact[string]{} }}, loss{"work", func() { m.WorkState = Fact[string]{} }}, loss{"own", func() { m.OwnIncome = Fact[float64]{} }})
	}
	for _, l := range losses {
		if gone(l.name) {
			l.forget()
		}
	}
	return out
}

// What is said without a fact stays said when the fact is known: never a silent no,
// never a yes by luck. And where something is open a question stands.
func TestWhatIsSaidWithoutAFactStaysSaidWithIt(t *testing.T) {
	p := county(t)
	rapid.Check(t, func(t *rapid.T) {
		f := whole(t)
		less := erased(t, f)
		all, part := Test(current(), f, p, today, ""), Test(current(), less, p, today, "")
		if part.Status != ToVerify {
			if brief(all) != brief(part) && !ownPropertyOpen(all) {
				t.Fatalf("without some facts %s, with them %s", brief(part), brief(all))
			}
		} else if len(part.Questions) == 0 {
			t.Fatal("to verify, and nothing to ask")
		}
		for i, s := range part.Steps {
			if s.Outcome == Unknown && part.Status != ToVerify {
				t.Fatalf("step %s is open, the test is not", s.Code)
			}
			full := all.Steps[i].Outcome
			if s.Code == "one_person" && stepOf(t, all, "single").Outcome == Yes {
				continue // who is admitted by the step before is not tested by this one
			}
			if (s.Outcome == Yes || s.Outcome == No) && full != NotTested && full != Unknown && full != s.Outcome {
				t.Fatalf("%s: %s without, %s with all facts", s.Code, s.Outcome, full)
			}
		}
	})
}

// A member's own property is in nobody's register: it is asked also of full facts.
func ownPropertyOpen(r Result) bool {
	return slices.ContainsFunc(r.Questions, func(q Question) bool { return q.Fact == "own_property_within" })
}

// A trace can be stored and read again without a loss.
func TestATraceSurvivesItsStorage(t *testing.T) {
	p := county(t)
	rapid.Check(t, func(t *rapid.T) {
		f := erased(t, whole(t))
		b, err := json.Marshal(Test(current(), f, p, today, ""))
		if err != nil {
			t.Fatal(err)
		}
		kept, err := json.Marshal(p.Freeze(today))
		if err != nil {
			t.Fatal(err)
		}
		var numbers []Measured
		if err := json.Unmarshal(kept, &numbers); err != nil {
			t.Fatal(err)
		}
		again, err := json.Marshal(Test(current(), copied(t, f), Frozen(numbers), today, ""))
		if err != nil || string(again) != string(b) {
			t.Fatalf("%v\n%s\n%s", err, b, again)
		}
	})
}
