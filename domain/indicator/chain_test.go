package indicator

import (
	"testing"
	"time"
)

func seen(on string) func(*Facts) { return func(f *Facts) { f.Household.LastVisited = on } }

func given(id, item, member, state, period, on string, amount float64) func(*Facts) {
	return func(f *Facts) { f.Given = append(f.Given, Given{id, item, member, state, period, on, &amount}) }
}

func category(c Category) func(*Facts) {
	return func(f *Facts) { f.Categories = append(f.Categories, c) }
}

// Today is 2026-11-23. Each line: the clause, what is so, what must be found.
func TestWhatTheChainAndTheCalendarTell(t *testing.T) {
	alone := func(f *Facts) {
		f.Household.LivesAlone = p(true)
		f.Categories = []Category{{ID: "c", Category: "destitute", SupportForm: "home", From: "2025-01-01"}}
	}
	class := func(c string) func(*Facts) {
		return func(f *Facts) { holds("subsistence")(f); f.Household.ReviewClass = c }
	}
	dead := func(f *Facts) {
		f.Members[1].Alive, f.Members[1].DeathDate = Fact[bool]{p(false), p(false), "op"}, "2026-10-15"
	}
	for _, c := range []struct {
		clause, name string
		given        []func(*Facts)
		want         string
	}{
		{"三(三) V1", "分散供养 alone, 14 days", []func(*Facts){alone, seen("2026-11-09")}, ""},
		{"三(三) V1", "分散供养 alone, 15 days", []func(*Facts){alone, seen("2026-11-08")}, "V1:orange"},
		{"三(三) V1", "集中供养, 15 days", []func(*Facts){alone, seen("2026-11-08"), func(f *Facts) { f.Categories[0].SupportForm = "central" }}, ""},
		{"三(三) V1", "not known to live alone, 15 days", []func(*Facts){alone, seen("2026-11-08"), func(f *Facts) { f.Household.LivesAlone = nil }}, ""},
		{"三(三) V1", "A, 183 days", []func(*Facts){class("A"), seen("2026-05-24")}, ""},
		{"三(三) V1", "A, 184 days", []func(*Facts){class("A"), seen("2026-05-23")}, "V1:orange"},
		{"三(三) V1", "B, 91 days", []func(*Facts){class("B"), seen("2026-08-24")}, ""},
		{"三(三) V1", "B, 92 days", []func(*Facts){class("B"), seen("2026-08-23")}, "V1:orange"},
		{"三(三) V1", "C, 30 days", []func(*Facts){class("C"), seen("2026-10-24")}, ""},
		{"三(三) V1", "C, 31 days", []func(*Facts){class("C"), seen("2026-10-23")}, "V1:orange"},
		{"三(三) V1", "others, half a year", []func(*Facts){holds(), seen("2026-05-24")}, ""},
		{"三(三) V1", "others, a day more", []func(*Facts){holds(), seen("2026-05-23")}, "V1:orange"},
		{"三(三) V1", "never seen since it began", []func(*Facts){holds("marginal")}, "V1:orange"},
		{"三(三) V1", "never seen, nothing known", []func(*Facts){holds()}, ""},
		{"三(三) V1", "closed", []func(*Facts){holds(), seen("2020-01-01"), func(f *Facts) { f.Household.State = "closed" }}, ""},
		{"三(四) A1", "not delivered", []func(*Facts){lacks("not_delivered")}, "A1:orange"},
		{"三(四) A1", "in progress", []func(*Facts){lacks("in_progress")}, ""},
		{"三(四) A1", "to verify is a question, no warning", []func(*Facts){lacks("to_verify")}, ""},
		{"三(四) A1", "declined", []func(*Facts){lacks("declined")}, ""},
		{"三(四) A2", "in 31 days", []func(*Facts){category(Category{ID: "c", Category: "marginal", From: "2026-06-01", To: "2026-12-24"})}, ""},
		{"三(四) A2", "in 30 days", []func(*Facts){category(Category{ID: "c", Category: "marginal", From: "2026-06-01", To: "2026-12-23"})}, "A2:yellow"},
		{"三(四) A2", "today", []func(*Facts){category(Category{ID: "c", Category: "marginal", From: "2026-06-01", To: "2026-11-23"})}, "A2:yellow"},
		{"三(四) A2", "yesterday: whoever ended it knew", []func(*Facts){category(Category{ID: "c", Category: "marginal", From: "2026-06-01", To: "2026-11-22"})}, ""},
		{"三(四) A2", "of a household that is in the register no more", []func(*Facts){category(Category{ID: "c", Category: "marginal", From: "2026-06-01", To: "2026-12-01"}), func(f *Facts) { f.Household.State = "closed" }}, ""},
		{"三(四) A2", "something follows", []func(*Facts){category(Category{ID: "c", Category: "marginal", From: "2026-06-01", To: "2026-12-01"}), category(Category{ID: "d", Category: "subsistence", From: "2026-12-02"})}, ""},
		{"三(四) A3", "a payment came back", []func(*Facts){given("g", "basic_living", "", "returned", "2026-10", "2026-10-10", 800)}, "A3:orange"},
		{"三(四) A3", "and was given later", []func(*Facts){given("g", "basic_living", "", "returned", "2026-10", "2026-10-10", 800), given("h", "basic_living", "", "given", "2026-11", "2026-11-10", 800)}, ""},
		{"三(四) A3", "the bank's list says so", []func(*Facts){line("payment_returned", "m1", "item", "heating", "paid_on", "2026-11-01", "reason", "户名不符")}, "A3:orange"},
		{"三(四) A3", "and the household's own later payment went through", []func(*Facts){line("payment_returned", "m1", "item", "heating", "paid_on", "2026-11-01"), given("h", "heating", "", "given", "", "2026-11-02", 800)}, ""},
		{"三(四) A3", "of that day it says nothing", []func(*Facts){line("payment_returned", "m1", "item", "heating", "paid_on", "2026-11-01"), given("h", "heating", "", "given", "", "2026-11-01", 800)}, "A3:orange"},
		{"三(四) A3", "the bank names the item in words", []func(*Facts){line("payment_returned", "m1", "item", "取暖补助", "paid_on", "2026-11-01"), given("h", "heating", "m1", "given", "", "2026-11-02", 800)}, ""},
		{"三(四) A3", "another item was given", []func(*Facts){line("payment_returned", "m1", "item", "heating", "paid_on", "2026-11-01"), given("h", "temporary_aid", "", "given", "", "2026-11-02", 800)}, "A3:orange"},
		{"三(四) A3", "another member was paid", []func(*Facts){line("payment_returned", "m1", "item", "heating", "paid_on", "2026-11-01"), given("h", "heating", "m2", "given", "", "2026-11-02", 800)}, "A3:orange"},
		{"三(四) A3", "the household's came back, one member was paid", []func(*Facts){given("g", "heating", "", "returned", "", "2026-11-01", 800), given("h", "heating", "m1", "given", "", "2026-11-02", 800)}, "A3:orange"},
		{"三(四) A3", "the later payment is on its way", []func(*Facts){line("payment_returned", "m1", "item", "heating", "paid_on", "2026-11-01"), given("h", "heating", "", "in_progress", "", "2026-11-02", 800)}, "A3:orange"},
		{"三(四) N1", "paid the day after a recorded death", []func(*Facts){dead, given("g", "basic_living", "m2", "given", "", "2026-10-16", 800)}, "N1:red"},
		{"三(四) N1", "paid on the day", []func(*Facts){dead, given("g", "basic_living", "m2", "given", "", "2026-10-15", 800)}, ""},
		{"三(四) N1", "the funeral", []func(*Facts){dead, given("g", "funeral", "m2", "given", "", "2026-10-16", 800)}, ""},
		{"三(四) N1", "to the household of which others live", []func(*Facts){dead, given("g", "basic_living", "", "given", "", "2026-10-16", 800)}, ""},
		{"三(四) N1", "to a household of nobody", []func(*Facts){dead, func(f *Facts) { f.Members = f.Members[1:2] }, given("g", "basic_living", "", "given", "", "2026-10-16", 800)}, "N1:red"},
		{"三(二) N2", "the same month twice", []func(*Facts){given("g", "heating", "", "given", "2026-10", "2026-10-10", 800), given("h", "heating", "", "given", "2026-10", "2026-10-20", 700)}, "N2:red"},
		{"三(二) N2", "two months", []func(*Facts){given("g", "heating", "", "given", "2026-10", "2026-10-10", 800), given("h", "heating", "", "given", "2026-11", "2026-10-10", 800)}, ""},
		{"三(二) N2", "two members", []func(*Facts){given("g", "heating", "m1", "given", "2026-10", "", 800), given("h", "heating", "m2", "given", "2026-10", "", 800)}, ""},
		{"三(二) N2", "one of them came back", []func(*Facts){given("g", "heating", "", "given", "2026-10", "2026-10-10", 800), given("h", "heating", "", "ended", "2026-10", "2026-10-10", 800)}, ""},
		{"三(二) N2", "no period: one day, one amount", []func(*Facts){given("g", "heating", "", "given", "", "2026-10-10", 800), given("h", "heating", "", "given", "", "2026-10-10", 800)}, "N2:red"},
		{"三(二) N2", "no period: two amounts", []func(*Facts){given("g", "heating", "", "given", "", "2026-10-10", 800), given("h", "heating", "", "given", "", "2026-10-10", 801)}, ""},
		{"三(二) N2", "the same record read twice", []func(*Facts){given("g", "heating", "", "given", "2026-10", "", 800), given("g", "heating", "", "given", "2026-10", "", 800)}, ""},
	} {
		f := family()
		f.Members[2].Guardian = Fact[string]{}
		f.Categories = []Category{}
		f.Household.LastVisited = "2026-11-20"
		if c.name[:5] == "never" {
			f.Household.LastVisited = ""
		}
		for _, g := range c.given {
			g(&f)
		}
		if got := found(f, Defaults()); got != c.want {
			t.Errorf("%s %s: found %q, want %q", c.clause, c.name, got, c.want)
		}
	}
}

func lacks(state string) func(*Facts) {
	return func(f *Facts) { f.Entitlements = []Entitlement{{"basic_living", "", state, "op-9"}} }
}

// What is over settles by itself, where the row says so; all else waits for a person.
func TestAWarningSettlesItselfWhenWhatItRestsOnIsOver(t *testing.T) {
	open := func(code string, f Facts) []string {
		var ids []string
		for _, x := range Evaluate(f, Defaults()) {
			if x.Code == code {
				ids = append(ids, x.Evidence.ID)
			}
		}
		return ids
	}
	ending := Category{ID: "c", Category: "marginal", From: "2026-06-01", To: "2026-12-01"}
	for _, c := range []struct {
		name, code    string
		before, after []func(*Facts)
		want          bool
	}{
		{"a visit was made", "V1", []func(*Facts){holds(), seen("2026-01-01")}, []func(*Facts){holds(), seen("2026-11-22")}, true},
		{"no visit was made", "V1", []func(*Facts){holds(), seen("2026-01-01")}, []func(*Facts){holds(), seen("2026-01-01")}, false},
		{"the item was given", "A1", []func(*Facts){lacks("not_delivered")}, []func(*Facts){lacks("delivered")}, true},
		{"the household's later payment went through", "A3", []func(*Facts){line("payment_returned", "m1", "item", "heating", "paid_on", "2026-11-01")}, []func(*Facts){line("payment_returned", "m1", "item", "heating", "paid_on", "2026-11-01"), given("h", "heating", "", "given", "", "2026-11-20", 800)}, true},
		{"the later payment came back, too", "A3", []func(*Facts){line("payment_returned", "m1", "item", "heating", "paid_on", "2026-11-01")}, []func(*Facts){line("payment_returned", "m1", "item", "heating", "paid_on", "2026-11-01"), given("h", "heating", "", "returned", "", "2026-11-20", 800)}, false},
		{"the item was not", "A1", []func(*Facts){lacks("not_delivered")}, []func(*Facts){lacks("not_delivered")}, false},
		{"something follows", "A2", []func(*Facts){category(ending)}, []func(*Facts){category(ending), category(Category{ID: "d", Category: "marginal", From: "2026-12-02"})}, true},
		{"the household left the register", "A2", []func(*Facts){category(ending)}, []func(*Facts){category(ending), func(f *Facts) { f.Household.State = "closed" }}, true},
		{"the day went by", "A2", []func(*Facts){category(ending)}, []func(*Facts){category(ending), func(f *Facts) { f.Today = time.Date(2027, 1, 20, 0, 0, 0, 0, time.UTC) }}, false},
		{"another list without the name", "M1", []func(*Facts){holds("marginal"), line("uninsured", "m2", "year", 2026.0)}, []func(*Facts){holds("marginal")}, true},
		{"an illness ends by nobody's list", "E3", []func(*Facts){line("serious_illness", "m2")}, []func(*Facts){}, false},
	} {
		before, after := family(), family()
		before.Categories, after.Categories = []Category{}, []Category{}
		for _, g := range c.before {
			g(&before)
		}
		for _, g := range c.after {
			g(&after)
		}
		ids := open(c.code, before)
		if len(ids) == 0 {
			t.Fatalf("%s: nothing was found", c.name)
		}
		if got := Cleared(c.code, ids, after, Defaults()); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
	if Cleared("V1", nil, family(), Defaults()) || Cleared("Z9", []string{"x"}, family(), Defaults()) {
		t.Error("what rests on nothing, or is no indicator, was settled")
	}
}
