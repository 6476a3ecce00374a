package indicator

import (
	"errors"
	"strings"
	"testing"
	"time"
)

// A household as an expression sees it: what is nil is unknown.
func ownFacts() Facts {
	f := family()
	f.Categories = []Category{{ID: "c1", Category: "subsistence", From: "2025-01-01"}}
	f.Household.HousingGrade, f.Household.LastVisited = "C", "2026-08-01"
	f.Members[1].Health = Fact[string]{Now: p("serious"), Confirmed: p("chronic"), Cause: "op-h"}
	f.Reported = []Reported{{ID: "1", Source: "police", Kind: "vehicle", Member: "m1", AsOf: "2026-11-01", Values: map[string]any{"plate": "鲁B12345"}}}
	return f
}

func TestWhatAnExpressionOfTheCountyFinds(t *testing.T) {
	for expression, want := range map[string]bool{
		`household.income_per_head < 1500`:                                      true,
		`household.income_per_head < 1000`:                                      false, // it is 1,000
		`household.income_per_head <= 1000 and "subsistence" in held`:           true,
		`any(members, .health == "serious" and .health_confirmed != "serious")`: true,
		`count(members, .age != nil and .age < 18) >= 1`:                        true,
		`household.housing_grade in ["C", "D"] and household.days_unseen > 90`:  true,
		`any(lines, .kind == "vehicle" and .source == "police")`:                true,
		`any(lines, .values.plate == "鲁B12345")`:                                true,
		`len(lacking) > 0`:                                 false,
		`household.heads == 3`:                             true,
		`any(reports, .kind == "job_lost")`:                false,
		`household.medical_cost > 100`:                     false, // unknown
		`household.medical_cost < 100`:                     false, // unknown
		`household.medical_cost != 100`:                    false, // unknown
		`not (household.medical_cost == 100)`:              false, // unknown
		`household.housing_kind != "owned"`:                false, // unknown
		`not (household.urban)`:                            false, // unknown
		`household.medical_cost == nil`:                    true,  // that is what it asks
		`(household.medical_cost ?? 0) < 100`:              true,
		`any(members, .insured == false)`:                  false, // unknown
		`not ("orphan" in household.tags)`:                 false, // unknown
		`household.income_confirmed == 3000`:               true,
		`household.income != 3000`:                         false,
		`any(members, .earner == true) and len(held) == 1`: true,
	} {
		row, err := Own{Code: "C1", Title: "试", Level: Orange, Reach: Both, Expression: expression}.row()
		if err != nil {
			t.Errorf("%s: %v", expression, err)
			continue
		}
		f := ownFacts()
		if got := len(row.find(&search{f, Defaults(), row})) == 1; got != want {
			t.Errorf("%s: %v", expression, got)
		}
	}
}

func TestAnExpressionThatMayNotRunIsRefusedWithAReason(t *testing.T) {
	for expression, why := range map[string]string{
		``:                             "unexpected",
		`household.income`:             "expected bool",
		`household.wealth > 1`:         "no field wealth",
		`household.housing_grade > 3`:  "invalid operation",
		`household.housing_grade == 3`: "invalid operation",
		`len(1..1000000) > 3`:          "range",
		`any(members, any(members, .earner == true))`:        "inside one another",
		`now().Year() > 2000`:                                "unknown name now",
		`repeat("x", 100000) == ""`:                          "unknown name repeat",
		`let x = 1; x > 0`:                                   "not allowed",
		strings.Repeat("household.heads + ", 60) + "1 > 0":   "longer",
		strings.Repeat("1+", 120) + "1 > 0":                  "node",
		`household.housing_grade matches "` + `(a+)+$` + `"`: "",
	} {
		err := CheckOwn(Own{Code: "C1", Title: "试", Level: Orange, Reach: Both, Expression: expression})
		if why == "" {
			if err != nil {
				t.Errorf("%s: %v", expression, err)
			}
			continue
		}
		if !errors.Is(err, ErrExpression) || !strings.Contains(err.Error(), why) {
			t.Errorf("%q: %v, want %q", expression, err, why)
		}
	}
	for _, o := range []Own{{Code: "E1"}, {Code: "C0"}, {Code: "C1"}, {Code: "C1", Title: "试", Level: "green", Reach: Both}, {Code: "C1", Title: "试", Level: Red}} {
		o.Expression = "true"
		if CheckOwn(o) == nil {
			t.Errorf("%+v", o)
		}
	}
}

// Off until switched on; its own codes; the same facts are the same cause, other facts
// another, and a day more is neither.
func TestAnOwnIndicatorIsOffUntilItIsSwitchedOnAndNamesItsCauseByItsFacts(t *testing.T) {
	own := Own{Code: "C7", Title: "低收入重病", Level: Yellow, Reach: Both, Expression: `household.income_per_head < 1500 and household.days_unseen > 30`}
	off, err := NewParams(nil, Defaults().Calendar, own)
	if err != nil {
		t.Fatal(err)
	}
	on, err := NewParams([]Setting{{"C7.on", "2026-11-01", "true"}}, Defaults().Calendar, own)
	if err != nil {
		t.Fatal(err)
	}
	ids := func(p Params, change func(*Facts)) (out []string) {
		f := ownFacts()
		change(&f)
		for _, x := range Evaluate(f, p) {
			if x.Code == "C7" {
				out = append(out, x.Evidence.ID)
			}
		}
		return out
	}
	same := func(*Facts) {}
	if got := ids(off, same); got != nil {
		t.Errorf("off: %v", got)
	}
	first := ids(on, same)
	later := ids(on, func(f *Facts) { f.Today = f.Today.AddDate(0, 0, 1) })
	poorer := ids(on, func(f *Facts) { f.Household.MonthlyIncome.Now = p(2000.0) })
	if len(first) != 1 || len(first[0]) > 36 || len(later) != 1 || later[0] != first[0] || len(poorer) != 1 || poorer[0] == first[0] {
		t.Errorf("%v, a day later %v, poorer %v", first, later, poorer)
	}
	var concerned []string
	for _, row := range on.Concerned([]Change{{Type: "households", Fields: map[string]any{"last_visited": nil}}}) {
		concerned = append(concerned, row.Code)
	}
	if strings.Join(concerned, " ") != "V1 C7" {
		t.Errorf("a visit concerns %v", concerned)
	}
	if _, err := NewParams(nil, Defaults().Calendar, own, own); err == nil {
		t.Error("one code twice")
	}
	many := make([]Own, MaxOwn+1)
	if _, err := NewParams(nil, Defaults().Calendar, many...); err == nil {
		t.Error("more than allowed")
	}
}

// The worst that the limits allow on a household of a hundred is done in time.
func TestTheCostliestExpressionEnds(t *testing.T) {
	f := ownFacts()
	for range 200 {
		f.Members = append(f.Members, f.Members[0])
	}
	expression := `any(members, (.age ?? 0) > 200)` + strings.Repeat(` or any(members, (.age ?? 0) > 200)`, 8)
	row, err := Own{Code: "C1", Title: "试", Level: Orange, Reach: Both, Expression: expression}.row()
	if err != nil {
		t.Fatal(err)
	}
	begun := time.Now()
	for range 100 {
		if row.find(&search{f, Defaults(), row}) != nil {
			t.Fatal("nobody is 200")
		}
	}
	if each := time.Since(begun) / 100; each > time.Second {
		t.Errorf("%s an evaluation", each)
	}
}
