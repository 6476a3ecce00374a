package supervision

import (
	"fmt"
	"strings"
	"testing"

	"doorstep/domain/parameter"
)

func TestWhatWasDeclaredOtherwiseThanFound(t *testing.T) {
	yuan := func(v float64) *float64 { return &v }
	car := Found{Source: "vehicle", Kind: "vehicle", Detail: "鲁B1"}
	for _, c := range []struct {
		name     string
		declared Declared
		found    []Found
		want     string
	}{
		{"nothing found", Declared{yuan(1000), []string{}}, nil, ""},
		{"a car that was declared", Declared{nil, []string{"vehicle"}}, []Found{car}, ""},
		{"a car that was not", Declared{nil, []string{}}, []Found{car}, "property vehicle vehicle true"},
		{"property not asked", Declared{yuan(1000), nil}, []Found{car}, ""},
		{"a car that nobody finds", Declared{nil, []string{"vehicle"}}, nil, "property vehicle declared false"},
		{"the same income", Declared{yuan(1000), nil}, []Found{{Source: "register", Income: yuan(1000)}}, ""},
		{"a tenth more", Declared{yuan(900), nil}, []Found{{Source: "register", Income: yuan(1000)}}, ""},
		{"more than a tenth more", Declared{yuan(899), nil}, []Found{{Source: "register", Income: yuan(1000)}}, "income  register true"},
		{"less than declared", Declared{yuan(2000), nil}, []Found{{Source: "income", Income: yuan(1000)}}, "income  income false"},
		{"something of nothing", Declared{yuan(0), nil}, []Found{{Source: "income", Income: yuan(1)}}, "income  income true"},
		{"nothing of nothing", Declared{yuan(0), nil}, []Found{{Source: "income", Income: yuan(0)}}, ""},
		{"income not said", Declared{nil, []string{}}, []Found{{Source: "income", Income: yuan(1000)}}, ""},
	} {
		var got []string
		for _, d := range Differences(c.declared, c.found, Defaults().Number(IncomeTolerance, "2026-11-26")) {
			got = append(got, fmt.Sprint(d.What, " ", d.Kind, " ", d.Source, " ", d.Against))
		}
		if strings.Join(got, "; ") != c.want {
			t.Errorf("%s: %v, want %s", c.name, got, c.want)
		}
	}
}

// 五(三): how far incomes may differ is the county's, from its day on [C].
func TestHowFarIncomesMayDifferIsTheCountys(t *testing.T) {
	set, err := Defaults().With([]parameter.Setting{{Name: IncomeTolerance, From: "2026-11-01", Value: 0}})
	if err != nil {
		t.Fatal(err)
	}
	said, has := 999.0, 1000.0
	for day, want := range map[string]int{"2026-10-31": 0, "2026-11-01": 1} {
		if got := Differences(Declared{&said, nil}, []Found{{Source: "register", Income: &has}}, set.Number(IncomeTolerance, day)); len(got) != want {
			t.Errorf("%s: %+v", day, got)
		}
	}
}

// 五(三): excused only where each of the four holds.
func TestAnErrorIsExcusedWhereAllHolds(t *testing.T) {
	all := map[string]bool{}
	for _, c := range Conditions() {
		all[c.Code] = true
	}
	if len(all) != 4 || !Excused(all) || Excused(nil) {
		t.Error("all, or none")
	}
	for code := range all {
		all[code] = false
		if Excused(all) {
			t.Errorf("excused without %s", code)
		}
		all[code] = true
	}
	for _, o := range Outcomes() {
		if got, ok := OutcomeOf(o.Code); !ok || got != o || o.Label == "" || o.Clause == "" {
			t.Errorf("%+v", o)
		}
	}
	if _, ok := OutcomeOf("fine"); ok || IsSource("rumour") || !IsSource(Sources()[0].Code) {
		t.Error("codes that are none")
	}
}
