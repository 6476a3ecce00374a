package determination

import (
	"slices"
	"testing"

	"doorstep/domain/parameter"
)

// 二(一), 三(四): whoever has the line, or more, is not taken into the category by the order
// itself; a hundredth below it is, where nothing else speaks against it.
func TestTheIncomeLineIsTheOrdersOwn(t *testing.T) {
	for _, c := range []struct {
		category string
		urban    bool
		base     Facts
		heads    float64
		want     float64
	}{
		{"destitute", false, alone(), 1, 800}, {"subsistence", false, family(), 3, 800}, {"subsistence", true, family(), 3, 1000},
		{"marginal", false, family(), 3, 1200}, {"marginal", true, family(), 3, 1500}, {"rigid_expense", false, of(family(), rigidCost(1e6)), 3, 4000},
	} {
		line := IncomeLine(county(t), c.category, c.urban, today)
		if line == nil || *line != c.want {
			t.Errorf("%s, urban %v: %v, want %v", c.category, c.urban, line, c.want)
			continue
		}
		takes := func(a float64) bool {
			r := Test(current(), of(c.base, income(a*c.heads), func(f *Facts) { f.Urban = Known(c.urban) }), county(t), today, "")
			return slices.ContainsFunc(r.Awards, func(w Award) bool { return w.Category == c.category && w.Member == "" })
		}
		if takes(*line) || !takes(*line-.01) {
			t.Errorf("%s, urban %v: the order draws another line than %v", c.category, c.urban, *line)
		}
	}
}

func TestAnExampleIsNobodysLine(t *testing.T) {
	for _, category := range append(Categories(), "relapse_risk", "other") {
		if line := IncomeLine(Params{}, category, true, today); line != nil {
			t.Errorf("%s: %v", category, *line)
		}
	}
	set, err := NewParams([]parameter.Setting{{Name: "standard_rural", From: "2026-12-01", Value: 900}})
	if err != nil {
		t.Fatal(err)
	}
	if IncomeLine(set, "marginal", false, "2026-11-30") != nil || *IncomeLine(set, "marginal", false, "2026-12-01") != 1350 || IncomeLine(set, "marginal", true, "2026-12-01") != nil {
		t.Error("the line does not stand from the figure's day on, where it was set")
	}
}
