package determination

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"testing"

	"doorstep/domain/parameter"
)

// A trace says what was tested, on which figures, by which clause and parameter since
// when, and why not.
func TestATraceSaysWhatItRestsOn(t *testing.T) {
	r := Test(current(), of(family(), income(3000), who(1, health("serious"))), county(t), today, "")
	if r.Rules != "2024-61" || r.Day != today || len(r.Steps) != 6 {
		t.Fatalf("%s %s, %d steps", r.Rules, r.Day, len(r.Steps))
	}
	for _, s := range r.Steps {
		if s.Clause == "" || s.Title == "" || s.Why == "" || s.Outcome != NotTested && len(s.Checks) == 0 {
			t.Errorf("step %+v", s)
		}
		for _, c := range s.Checks {
			if c.Clause == "" || c.Title == "" || c.Why == "" || strings.Contains(c.Why, "%") || len(c.Figures) == 0 {
				t.Errorf("%s: check %+v", s.Code, c)
			}
		}
	}
	low := stepOf(t, r, "subsistence").Checks[0]
	if low.Outcome != No || low.Why != "家庭月收入3000元÷3人=人均1000元，不低于低保标准800元" {
		t.Errorf("%+v", low)
	}
	if len(low.Params) != 1 || low.Params[0].Name != "standard_rural" || low.Params[0].From != "2026-01-01" || low.Params[0].Example {
		t.Errorf("measured by %+v", low.Params)
	}
	if s := stepOf(t, r, "rigid_expense"); s.Outcome != NotTested {
		t.Errorf("behind the one that holds: %+v", s)
	}
}

// Nobody's figure is taken for the county's: an example says that it is one.
func TestAnExampleIsLabelledInTheTrace(t *testing.T) {
	r := Test(current(), of(family(), income(1000)), Params{}, today, "")
	m := stepOf(t, r, "subsistence").Checks[0].Params[0]
	if !m.Example || m.From != "" || m.Value.Value != 800 {
		t.Errorf("%+v", m)
	}
	for _, n := range Numbers() {
		if n.Example && n.Origin != "C" || n.Label == "" || n.Default < n.Low || n.Default > n.High {
			t.Errorf("%+v", n)
		}
	}
	for name, want := range map[string]float64{"marginal_multiple": 1.5, "rigid_share": .8, "elderly_age": 60, "minor_age": 16, "rigid_months": 12} {
		if got := (Params{}).At(name, today); got.Value.Value != want || got.Example {
			t.Errorf("%s is %v", name, got)
		}
	}
}

func TestWhatTheTownHasNotConfirmedIsUsedAndTold(t *testing.T) {
	f := of(family(), func(f *Facts) { f.MonthlyIncome = Reported(2000.0) })
	r := Test(current(), f, county(t), today, "")
	if brief(r) != "determined; subsistence by household" || len(r.Unconfirmed) != 1 || r.Unconfirmed[0].Fact != "monthly_income" {
		t.Errorf("%s, unconfirmed %+v", brief(r), r.Unconfirmed)
	}
	answered, err := f.With([]Answer{{Fact: "monthly_income", Value: 2000.0, Note: "核对报告"}})
	if err != nil {
		t.Fatal(err)
	}
	if r := Test(current(), answered, county(t), today, ""); len(r.Unconfirmed) != 0 {
		t.Errorf("answered at the desk, and still %+v", r.Unconfirmed)
	}
}

func TestAnswersFillWhatIsUnknownAndLeaveTheFactsAlone(t *testing.T) {
	f := of(alone(), func(f *Facts) { f.Supporter, f.Property = Fact[bool]{}, Fact[[]string]{} })
	with, err := f.With([]Answer{{Fact: "supporter_able", Value: true}, {Fact: "supporter_able", Value: false, Note: "村委会证明"}, {Fact: "property", Value: []any{}},
		{Fact: "self_care_failed", Member: "m1", Value: []any{"eating", "bathing"}}})
	if err != nil {
		t.Fatal(err)
	}
	r := Test(current(), with, county(t), today, "")
	if brief(r) != "determined; destitute by household" || len(r.SelfCare) != 1 || r.SelfCare[0].Grade != "partly" {
		t.Errorf("%s %+v", brief(r), r.SelfCare)
	}
	if f.Supporter.Value != nil || len(*f.Members[0].SelfCareFailed.Value) != 0 {
		t.Error("the facts themselves were changed")
	}
}

func TestAnAnswerThatCannotBeOneIsNamed(t *testing.T) {
	for name, a := range map[string]Answer{
		"no such fact":            {Fact: "shoe_size", Value: 1.0},
		"another type":            {Fact: "urban", Value: "yes"},
		"a number for a text":     {Fact: "health", Member: "m1", Value: 1.0},
		"a list of numbers":       {Fact: "property", Value: []any{1.0}},
		"below nothing":           {Fact: "monthly_income", Value: -1.0},
		"no member":               {Fact: "health", Value: "serious"},
		"somebody else's member":  {Fact: "health", Member: "m9", Value: "serious"},
		"a day that is no day":    {Fact: "birth_date", Member: "m1", Value: "1950-02-30"},
		"more than anybody earns": {Fact: "monthly_income", Value: 1e12},
	} {
		_, err := alone().With([]Answer{{Fact: "supporter_able", Value: false}, a})
		if fault, ok := err.(*FaultyAnswer); !ok || fault.Index != 1 || fault.Why == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// 特困: 0 of six failed is able, 1–3 partly, 4 and more dependent.
func TestSelfCareByTheSixItems(t *testing.T) {
	for failed, want := range []string{"able", "partly", "partly", "partly", "dependent", "dependent", "dependent"} {
		if got := SelfCareGrade(failed); got != want {
			t.Errorf("%d failed: %s", failed, got)
		}
	}
	r := Test(current(), of(alone(), who(0, func(m *Member) { m.SelfCareFailed = Fact[[]string]{} })), county(t), today, "")
	if len(r.SelfCare) != 1 || r.SelfCare[0].Grade != "" {
		t.Errorf("not assessed: %+v", r.SelfCare)
	}
}

// Versions stay as they are for good: a determination of 2023 is tested again as it
// was. The older order knew no 刚性支出困难 and no one-person household.
func TestAnOldVersionStillGivesItsOldAnswer(t *testing.T) {
	if RulesOn("2024-11-11").Version != "2021-57" || RulesOn("2024-11-12").Version != "2024-61" || RulesOn("1999-01-01").Version != "2021-57" {
		t.Error("a version is in force from its day on")
	}
	spent := of(family(), income(4000), rigidCost(40000))
	for version, want := range map[string]string{"2021-57": "none", "2024-61": "determined; rigid_expense by household"} {
		if got := brief(Test(Lookup(version), spent, county(t), today, "")); got != want {
			t.Errorf("%s: %s", version, got)
		}
	}
}

// The digests of what each version answers to a row of households. A change of a
// version that was used changes one: it must be a further version instead.
func TestAVersionThatWasUsedIsNotChanged(t *testing.T) {
	cases := []Facts{alone(), family(), of(family(), income(2000)), of(family(), income(3000), who(1, health("serious"))), of(family(), income(3000), owns("deposit", "other")),
		of(family(), income(9000), owns("vehicle"), who(1, certificate("4", "1")), who(1, func(m *Member) { m.WorkState, m.OwnIncome = Known("unable"), Known(0.0) })),
		of(family(), income(4000), rigidCost(40000)), of(alone(), func(f *Facts) { *f = Facts{Members: []Member{{ID: "m1", Name: "无名"}}} })}
	for version, want := range map[string]string{"2021-57": "7cb53f22695fb486", "2024-61": "ce9faeb228b98ef5"} {
		all := ""
		for _, f := range cases {
			all += Test(Lookup(version), f, county(t), today, "").Skeleton()
		}
		sum := sha256.Sum256([]byte(all))
		if got := hex.EncodeToString(sum[:8]); got != want {
			t.Errorf("version %s answers %s, not %s: a version that was used is not changed, add another", version, got, want)
		}
	}
}

func TestATermEndsOnTheDayBeforeAYear(t *testing.T) {
	p := county(t, parameter.Setting{Name: "review_months_C", From: "2026-01-01", Value: 1})
	for _, c := range []struct {
		category, class, from, to, review string
	}{
		{"rigid_expense", "A", "2026-11-26", "2027-11-25", "2027-11-25"},
		{"rigid_expense", "", "2028-02-29", "2029-02-27", "2029-02-27"},
		{"subsistence", "A", "2026-11-26", "", "2027-11-26"},
		{"subsistence", "B", "2026-08-31", "", "2027-02-28"},
		{"subsistence", "", "2026-11-26", "", "2027-05-26"},
		{"destitute", "C", "2027-01-31", "", "2027-02-28"},
		{"marginal", "C", "2026-11-26", "", "2027-11-26"},
	} {
		if got := TermOf(c.category, c.class, c.from, p); got != (Term{c.from, c.to, c.review}) {
			t.Errorf("%s %s: %+v", c.category, c.class, got)
		}
	}
	if got := PublicityEnd("2026-11-26", p); got != "2026-12-02" {
		t.Errorf("seven days end on %s", got)
	}
}

// The procedure once more, by state, so that a slip in one of the two is seen.
func TestTheProcedure(t *testing.T) {
	for state, want := range map[string][]Act{
		"submitted":     {Accept, Refuse, Withdraw},
		"accepted":      {Determine, Withdraw},
		"investigating": {Determine, Confirm, Publish, Refuse, Withdraw},
		"publicity":     {Object, Dismiss, Uphold, Determine, Approve, Refuse, Withdraw},
		"approved":      {}, "refused": {}, "withdrawn": {}, "draft": {}, "": {},
	} {
		if got := Open(state); !slices.Equal(got, want) || Ended(state) != (len(want) == 0) {
			t.Errorf("%s: %v", state, got)
		}
	}
	if to, ok := Next("publicity", Uphold); !ok || to != "investigating" {
		t.Error("an objection that is upheld leads back to the test")
	}
	if _, ok := Next("submitted", Approve); ok {
		t.Error("an application is approved without a test")
	}
}
