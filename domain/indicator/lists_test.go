package indicator

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// line is one line of a list about a member ("" the household), pairs of field, value.
func line(kind, member string, pairs ...any) func(*Facts) {
	return func(f *Facts) {
		v := map[string]any{}
		for i := 0; i+1 < len(pairs); i += 2 {
			v[pairs[i].(string)] = pairs[i+1]
		}
		f.Reported = append(f.Reported, Reported{ID: fmt.Sprint("row", len(f.Reported)), Source: "medical", Kind: kind, Member: member, AsOf: "2026-11-01", Values: v, Confirmed: true})
	}
}

func holds(categories ...string) func(*Facts) {
	return func(f *Facts) {
		f.Categories = []Category{}
		for i, c := range categories {
			f.Categories = append(f.Categories, Category{ID: fmt.Sprint("c", i), Category: c, From: "2025-01-01"})
		}
	}
}

func cost(yuan float64) func(*Facts) {
	return line("medical_cost", "m1", "amount", yuan, "year", 2026.0)
}

// found is "code:level" of what is found, in the order of the table.
func found(f Facts, p Params) string {
	var out []string
	for _, x := range Evaluate(f, p) {
		out = append(out, x.Code+":"+string(x.Level))
	}
	return strings.Join(out, " ")
}

// Each line: the clause, what is so, and what must be found. Boundary values stand on
// both sides of each threshold.
func TestWhatListsTell(t *testing.T) {
	earner := func(f *Facts) { f.Members[0].Earner = p(true) }
	for _, c := range []struct {
		clause, name string
		given        []func(*Facts)
		want         string
	}{
		{"三(一) E1", "特困, 1,000 is not over it", []func(*Facts){holds("destitute"), rich, cost(1000)}, ""},
		{"三(一) E1", "特困, 1,000.01", []func(*Facts){holds("destitute"), rich, cost(1000.01)}, "E1:orange"},
		{"三(一) E1", "特困, twice that is not red yet", []func(*Facts){holds("destitute"), rich, cost(2000)}, "E1:orange"},
		{"三(一) E1", "特困, over twice that is red", []func(*Facts){holds("destitute"), rich, cost(2000.01)}, "E1:orange E1:red"},
		{"三(一) E1", "低保 at 5,000", []func(*Facts){holds("subsistence"), rich, cost(5000)}, ""},
		{"三(一) E1", "低保 over 5,000", []func(*Facts){holds("subsistence"), rich, cost(5001)}, "E1:orange"},
		{"三(一) E1", "边缘 at 10,000", []func(*Facts){holds("marginal"), rich, cost(10000)}, ""},
		{"三(一) E1", "边缘 over it", []func(*Facts){holds("marginal"), rich, cost(10001)}, "E1:orange"},
		{"三(一) E1", "刚性 over 10,000", []func(*Facts){holds("rigid_expense"), rich, cost(10001)}, "E1:orange"},
		{"三(一) E1", "防返贫 over 10,000", []func(*Facts){holds("relapse_risk"), rich, cost(10001)}, "E1:orange"},
		{"三(一) E1", "others at 15,000", []func(*Facts){holds(), rich, cost(15000)}, ""},
		{"三(一) E1", "others over it", []func(*Facts){holds(), rich, cost(15001)}, "E1:orange"},
		{"三(一) E1", "an ended category counts no more", []func(*Facts){func(f *Facts) {
			f.Categories = []Category{{ID: "c", Category: "destitute", From: "2020-01-01", To: "2026-11-22"}}
		}, rich, cost(15000)}, ""},
		{"三(一) E1", "two members are added up", []func(*Facts){holds("subsistence"), rich, cost(3000), line("medical_cost", "m2", "amount", 2001.0, "year", 2026.0)}, "E1:orange"},
		{"三(一) E1", "last year's cost", []func(*Facts){holds("destitute"), rich, line("medical_cost", "m1", "amount", 90000.0, "year", 2025.0)}, ""},
		{"三(一) E1", "the amount is unknown", []func(*Facts){holds("destitute"), rich, line("medical_cost", "m1", "year", 2026.0)}, ""},
		{"三(一) E2", "half of a year's income per head", []func(*Facts){holds(), cost(6000)}, ""}, // 3,000 × 12 ÷ 3
		{"三(一) E2", "more than half", []func(*Facts){holds(), cost(6001)}, "E2:orange"},
		{"三(一) E2", "the income is unknown", []func(*Facts){holds(), cost(6001), func(f *Facts) { f.Household.MonthlyIncome = Fact[float64]{} }}, ""},
		{"三(一) E3", "on a list of the seriously ill", []func(*Facts){line("serious_illness", "m2", "illness", "尿毒症")}, "E3:orange"},
		{"三(一) E3", "that the town knows of", []func(*Facts){line("serious_illness", "m2", "illness", "尿毒症"), func(f *Facts) { f.Members[1].Health.Confirmed = p("serious") }}, ""},
		{"三(一) I1", "the earner on a list of deaths, who is a guardian by register", []func(*Facts){line("death", "m1", "died_on", "2026-11-01")}, "I1:red"},
		{"三(一) I1", "whose death is recorded", []func(*Facts){line("death", "m1"), func(f *Facts) {
			f.Members[0].Alive = Fact[bool]{p(false), p(false), "op"}
		}}, ""},
		{"三(一) I2", "59 days", []func(*Facts){earner, line("unemployed", "m1", "since", "2026-09-25")}, ""},
		{"三(一) I2", "60 days", []func(*Facts){earner, line("unemployed", "m1", "since", "2026-09-24")}, "I2:yellow"},
		{"三(一) I2", "60 days of one who earns nothing", []func(*Facts){line("unemployed", "m2", "since", "2026-09-24")}, ""},
		{"三(一) I2", "the benefit ends in 31 days", []func(*Facts){line("unemployed", "m1", "since", "2026-11-01", "benefit_ends", "2026-12-24")}, ""},
		{"三(一) I2", "the benefit ends in 30 days", []func(*Facts){line("unemployed", "m1", "since", "2026-11-01", "benefit_ends", "2026-12-23")}, "I2:yellow"},
		{"三(一) I2", "reported on the spot, 60 days ago", []func(*Facts){func(f *Facts) {
			f.Changes = []StatusChange{{ID: "s", Kind: "job_lost", Member: "m1", HappenedOn: "2026-09-24"}}
		}}, "I2:yellow"},
		{"三(一) I2", "reported on the spot, 59 days ago", []func(*Facts){func(f *Facts) {
			f.Changes = []StatusChange{{ID: "s", Kind: "job_lost", Member: "m1", HappenedOn: "2026-09-25"}}
		}}, ""},
		{"三(一) P1", "a fire", []func(*Facts){line("fire", "", "happened_on", "2026-11-02", "amount", 30000.0)}, "P1:red"},
		{"三(一) P2", "graded B", []func(*Facts){line("house_grade", "", "grade", "B")}, ""},
		{"三(一) P2", "graded C", []func(*Facts){line("house_grade", "", "grade", "C")}, "P2:orange"},
		{"三(一) P2", "graded D", []func(*Facts){line("house_grade", "", "grade", "D")}, "P2:orange"},
		{"三(一) P2", "the tenancy lost", []func(*Facts){line("tenancy_lost", "", "lost_on", "2026-11-02")}, "P2:orange"},
		{"四(一) D1", "limb, grade 2", []func(*Facts){line("disability", "m2", "disability_kind", "4", "disability_grade", "2")}, "D1:orange"},
		{"四(一) D1", "limb, grade 3", []func(*Facts){line("disability", "m2", "disability_kind", "4", "disability_grade", "3")}, ""},
		{"四(一) D1", "mind, grade 3", []func(*Facts){line("disability", "m2", "disability_kind", "6", "disability_grade", "3")}, "D1:orange"},
		{"四(一) D1", "intellect, grade 3", []func(*Facts){line("disability", "m2", "disability_kind", "5", "disability_grade", "3")}, "D1:orange"},
		{"四(一) D1", "mind, grade 4", []func(*Facts){line("disability", "m2", "disability_kind", "6", "disability_grade", "4")}, ""},
		{"四(一) D1", "upgraded from 3 to 2", []func(*Facts){line("disability", "m2", "disability_kind", "4", "disability_grade", "2"), disabled("4", "3")}, "D1:orange"},
		{"四(一) D1", "known to the town", []func(*Facts){line("disability", "m2", "disability_kind", "4", "disability_grade", "2"), disabled("4", "1")}, ""},
		{"三(三) G1", "a guardian in prison", []func(*Facts){line("guardian_lost", "m3", "reason", "服刑")}, "G1:red"},
		{"三(三) S1", "a poor student outside the register", []func(*Facts){holds(), line("poor_student", "m3")}, "S1:orange"},
		{"三(三) S1", "a poor student inside it", []func(*Facts){holds("marginal"), line("poor_student", "m3")}, ""},
		{"三(三) S1", "new in senior school", []func(*Facts){holds("marginal"), line("enrolled", "m3", "stage", "senior")}, "S1:yellow"},
		{"三(三) S1", "in junior school", []func(*Facts){holds("marginal"), line("enrolled", "m3", "stage", "junior")}, ""},
		{"三(三) S1", "known to be in senior school", []func(*Facts){holds("marginal"), line("enrolled", "m3", "stage", "senior"), func(f *Facts) { f.Members[2].SchoolStage = "senior" }}, ""},
		{"三(三) S1", "dropped out", []func(*Facts){holds(), line("dropped_out", "m3")}, "S1:orange"},
		{"三(三) M1", "not insured this year", []func(*Facts){holds("marginal"), line("uninsured", "m2", "year", 2026.0)}, "M1:yellow"},
		{"三(三) M1", "not insured last year", []func(*Facts){holds("marginal"), line("uninsured", "m2", "year", 2025.0)}, ""},
		{"三(三) M1", "not in the register", []func(*Facts){holds(), line("uninsured", "m2", "year", 2026.0)}, ""},
		{"三(四) N1", "dead on a list, 低保 goes on", []func(*Facts){holds("subsistence"), line("death", "m2")}, "N1:red"},
		{"三(四) N1", "dead on a list, nothing is paid by the category", []func(*Facts){holds("marginal"), line("death", "m2")}, ""},
		{"三(四) N1", "dead on a list, another member is the one admitted", []func(*Facts){func(f *Facts) {
			f.Categories = []Category{{ID: "c", Category: "subsistence", Member: "m3", From: "2025-01-01"}}
		}, line("death", "m2")}, ""},
		{"三(四) N3", "a vehicle", []func(*Facts){holds("subsistence"), line("vehicle", "m1", "plate", "鲁B1")}, "N3:orange"},
		{"三(四) N3", "a vehicle that is known and confirmed", []func(*Facts){holds("subsistence"), line("vehicle", "m1", "plate", "鲁B1"), owns("vehicle")}, ""},
		{"三(四) N3", "a company, of a household outside", []func(*Facts){holds(), line("company", "m1", "company", "x")}, ""},
		{"三(四) N3", "a second house", []func(*Facts){holds("subsistence"), line("second_house", "m1", "house", "x")}, "N3:orange"},
		{"三(四) N3", "an income at the line", []func(*Facts){holds("subsistence"), standard(1000)}, ""},
		{"三(四) N3", "an income over the line", []func(*Facts){holds("subsistence"), standard(999.99)}, "N3:orange"},
		{"三(四) N3", "the line is unknown", []func(*Facts){holds("subsistence")}, ""},
		{"三(四) N3", "wages on a list, at the line", []func(*Facts){holds("subsistence"), standard(1000), line("income", "m1", "monthly", 3000.0)}, ""},
		{"三(四) N3", "wages on a list over it", []func(*Facts){holds("subsistence"), standard(1000), line("income", "m1", "monthly", 2000.0), line("income", "m2", "monthly", 1000.01)}, "N3:orange"},
		{"三(三) N4", "a marriage", []func(*Facts){holds("subsistence"), line("marriage", "m1", "happened_on", "2026-11-01")}, "N4:yellow"},
		{"三(三) N4", "a birth, reported", []func(*Facts){holds("subsistence"), report("birth", "m3")}, "N4:yellow"},
		{"三(三) N4", "a birth outside the register", []func(*Facts){holds(), report("birth", "m3")}, ""},
		{"五(三) R1", "kin not declared", []func(*Facts){holds("subsistence"), line("staff_kin", "m1", "staff", "王某", "declared", false)}, "R1:red"},
		{"五(三) R1", "kin not declared, as lists say it", []func(*Facts){holds("subsistence"), line("staff_kin", "m1", "staff", "王某", "declared", "no")}, "R1:red"},
		{"五(三) R1", "kin declared, as lists say it", []func(*Facts){holds("subsistence"), line("staff_kin", "m1", "staff", "王某", "declared", "yes")}, ""},
		{"五(三) R1", "kin declared", []func(*Facts){holds("subsistence"), line("staff_kin", "m1", "staff", "王某", "declared", true)}, ""},
		{"五(三) R1", "nothing is said", []func(*Facts){holds("subsistence"), line("staff_kin", "m1", "staff", "王某")}, ""},
		{"三(三)", "a line about somebody who is known to be dead", []func(*Facts){holds("marginal"), line("uninsured", "m2", "year", 2026.0), func(f *Facts) {
			f.Members[1].Alive = Fact[bool]{p(false), p(false), "op"}
		}}, ""},
	} {
		f := family()
		f.Members[2].Guardian = Fact[string]{} // G1 has cases of its own
		f.Household.LastVisited = "2026-11-20"
		for _, g := range c.given {
			g(&f)
		}
		if got := found(f, Defaults()); got != c.want {
			t.Errorf("%s %s: found %q, want %q", c.clause, c.name, got, c.want)
		}
		for _, x := range Evaluate(f, Defaults()) {
			if len(x.Evidence.ID) > 36 || x.Evidence.Text == "" || strings.Contains(x.Evidence.Text, "%!") {
				t.Errorf("%s %s: evidence %+v", c.clause, c.name, x.Evidence)
			}
		}
	}
}

func rich(f *Facts) { f.Household.MonthlyIncome = Fact[float64]{p(90000.0), p(90000.0), "old"} }
func disabled(kind, grade string) func(*Facts) {
	return func(f *Facts) {
		f.Members[1].DisabilityKind, f.Members[1].DisabilityGrade = Fact[string]{&kind, &kind, "op"}, Fact[string]{&grade, &grade, "op"}
	}
}
func owns(what string) func(*Facts) {
	return func(f *Facts) { f.Household.Property = Fact[[]string]{&[]string{what}, &[]string{what}, "op"} }
}
func standard(yuan float64) func(*Facts) { return func(f *Facts) { f.Household.IncomeLine = &yuan } }

// Confirmed and unconfirmed are told apart: a department's strong match, a report that
// the town accepted, a weak match, a report that waits.
func TestAFindingSaysWhetherItRestsOnWhatIsConfirmed(t *testing.T) {
	f := family()
	line("fire", "", "happened_on", "2026-11-02")(&f)
	report("accident", "m2")(&f)
	report("disaster", "")(&f)
	f.Changes[1].Confirmed = true
	line("disaster", "", "happened_on", "2026-11-03")(&f)
	f.Reported[1].Confirmed = false
	var got []string
	for _, x := range Evaluate(f, Defaults()) {
		if x.Confirmed {
			got = append(got, x.Evidence.Text)
		}
	}
	if want := "自然灾害，2026-11-20，现场上报|火灾，2026-11-02(医保，2026-11-01)"; strings.Join(got, "|") != want {
		t.Errorf("confirmed: %q, want %q", strings.Join(got, "|"), want)
	}
}

// No order of lines, no repeat and no further import of the same list makes another
// cause or loses one.
func TestTheSameListAgainIsTheSameCauses(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := ownFacts()
		f.Reported = nil
		kinds := allKinds()
		for range rapid.IntRange(0, 8).Draw(t, "lines") {
			kind := rapid.SampledFrom(kinds).Draw(t, "kind")
			line(kind, rapid.SampledFrom([]string{"m1", "m2", "m3"}).Draw(t, "member"), "amount", float64(rapid.IntRange(0, 30000).Draw(t, "amount")), "year", 2026.0,
				"since", "2026-08-01", "disability_kind", "4", "disability_grade", "1", "stage", "senior", "grade", "D", "happened_on", "2026-11-01", "declared", false,
				"monthly", 100.0, "plate", "x", "item", "heating", "paid_on", "2026-11-01")(&f)
		}
		once := keys(Evaluate(f, Defaults()))
		again := f
		again.Reported = nil
		for _, at := range rapid.Permutation(append(indexes(len(f.Reported)), indexes(len(f.Reported))...)).Draw(t, "order") {
			r := f.Reported[at]
			r.ID = fmt.Sprint("row", len(again.Reported)+100)
			again.Reported = append(again.Reported, r)
		}
		if twice := keys(Evaluate(again, Defaults())); fmt.Sprint(once) != fmt.Sprint(twice) {
			t.Fatalf("once %v, again %v", once, twice)
		}
	})
}

func indexes(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}
