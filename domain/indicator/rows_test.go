package indicator

import (
	"slices"
	"testing"
)

// rowCases are one case in which each row of the table is found, and its nearest one in
// which it is not, with the clause it stands on, written down a second time on purpose.
var rowCases = map[string]struct {
	clause       string
	raised, calm []func(*Facts)
}{
	"I1": {"三(一)", []func(*Facts){report("death", "m1")}, []func(*Facts){report("death", "m2")}},
	"P1": {"三(一)", []func(*Facts){report("disaster", "")}, []func(*Facts){report("birth", "")}},
	"G1": {"三(三)", []func(*Facts){line("guardian_lost", "m3", "reason", "服刑")}, []func(*Facts){report("death", "m2")}},
	"I3": {"三(一)", []func(*Facts){income(1000, 700)}, []func(*Facts){income(1000, 701)}},
	"E3": {"三(一)", []func(*Facts){report("serious_illness", "m2")}, []func(*Facts){func(f *Facts) { f.Members[1].Health = Fact[string]{p("chronic"), p("healthy"), "op-h"} }}},
	"D2": {"三(三)", []func(*Facts){care([]string{"bathing", "eating"}, []string{"bathing"})}, []func(*Facts){care([]string{"bathing"}, []string{"bathing"})}},
	"N4": {"三(三)", []func(*Facts){holds("subsistence"), report("birth", "m3")}, []func(*Facts){holds(), report("birth", "m3")}},
	"E1": {"三(一)", []func(*Facts){holds("destitute"), cost(1000.01)}, []func(*Facts){holds("destitute"), cost(1000)}},
	"E2": {"三(一)", []func(*Facts){holds(), cost(6001)}, []func(*Facts){holds(), cost(6000)}},
	"I2": {"三(一)", []func(*Facts){line("unemployed", "m1", "since", "2026-09-24")}, []func(*Facts){line("unemployed", "m1", "since", "2026-09-25")}},
	"P2": {"三(一)", []func(*Facts){line("house_grade", "", "grade", "C")}, []func(*Facts){line("house_grade", "", "grade", "B")}},
	"D1": {"三(三)", []func(*Facts){line("disability", "m2", "disability_kind", "6", "disability_grade", "3")}, []func(*Facts){line("disability", "m2", "disability_kind", "4", "disability_grade", "3")}},
	"S1": {"三(三)", []func(*Facts){holds("marginal"), line("enrolled", "m3", "stage", "senior")}, []func(*Facts){holds("marginal"), line("enrolled", "m3", "stage", "junior")}},
	"M1": {"三(三)", []func(*Facts){holds("marginal"), line("uninsured", "m2", "year", 2026.0)}, []func(*Facts){holds("marginal"), line("uninsured", "m2", "year", 2025.0)}},
	"V1": {"三(三)", []func(*Facts){holds(), seen("2026-05-23")}, []func(*Facts){holds(), seen("2026-05-24")}},
	"A1": {"三(四)", []func(*Facts){lacks("not_delivered")}, []func(*Facts){lacks("to_verify")}},
	"A2": {"三(四)", []func(*Facts){category(Category{ID: "c", Category: "marginal", From: "2026-06-01", To: "2026-12-23"})}, []func(*Facts){category(Category{ID: "c", Category: "marginal", From: "2026-06-01", To: "2026-12-24"})}},
	"A3": {"三(四)", []func(*Facts){given("g", "heating", "", "returned", "2026-10", "2026-10-10", 800)}, []func(*Facts){given("g", "heating", "", "given", "2026-10", "2026-10-10", 800)}},
	"N1": {"三(四)", []func(*Facts){holds("subsistence"), line("death", "m2")}, []func(*Facts){holds("marginal"), line("death", "m2")}},
	"N2": {"三(二)", []func(*Facts){given("g", "heating", "", "given", "2026-10", "", 800), given("h", "heating", "", "given", "2026-10", "", 800)},
		[]func(*Facts){given("g", "heating", "", "given", "2026-10", "", 800), given("h", "heating", "", "given", "2026-11", "", 800)}},
	"N3": {"三(四)", []func(*Facts){holds("subsistence"), standard(999.99)}, []func(*Facts){holds("subsistence"), standard(1000)}},
	"R1": {"五(三)", []func(*Facts){holds("subsistence"), line("staff_kin", "m1", "staff", "王某", "declared", "no")}, []func(*Facts){holds("subsistence"), line("staff_kin", "m1", "staff", "王某", "declared", "yes")}},
}

// A row of the table without its cases here fails, and so does a case of no row.
func TestEveryRowHasACaseOnEitherSideOfItsCondition(t *testing.T) {
	finds := func(code string, given []func(*Facts)) bool {
		f := family()
		f.Categories = []Category{}
		for _, g := range given {
			g(&f)
		}
		return slices.ContainsFunc(Evaluate(f, Defaults()), func(x Finding) bool { return x.Code == code })
	}
	for _, row := range All() {
		c, there := rowCases[row.Code]
		if !there {
			t.Errorf("%s %s has no case", row.Code, row.Title)
			continue
		}
		if c.clause != row.Clause {
			t.Errorf("%s stands on %s, its case on %s", row.Code, row.Clause, c.clause)
		}
		if !finds(row.Code, c.raised) {
			t.Errorf("%s is not found", row.Code)
		}
		if finds(row.Code, c.calm) {
			t.Errorf("%s is found where its condition does not hold", row.Code)
		}
	}
	for code := range rowCases {
		if Lookup(code) == nil {
			t.Errorf("a case of %s, which is no row", code)
		}
	}
}
