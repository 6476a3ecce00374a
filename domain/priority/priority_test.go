package priority

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"doorstep/domain/indicator"

	"pgregory.net/rapid"
)

func p[T any](v T) *T { return &v }

func fact[T any](v T) indicator.Fact[T] { return indicator.Fact[T]{Now: &v, Confirmed: &v} }

// calm is a couple of forty with work, seen yesterday: no row is met but that they are two.
func calm() Facts {
	grown := func(id string) indicator.Member {
		return indicator.Member{ID: id, BirthDate: "1986-03-01", Earner: p(true), Alive: fact(true), Health: fact("healthy")}
	}
	f := Facts{VisitDays: 90}
	f.Today = time.Date(2026, 11, 26, 0, 0, 0, 0, time.UTC)
	f.Members = []indicator.Member{grown("a"), grown("b")}
	f.Household.MonthlyIncome = fact(4000.0)
	f.Household.LastVisited = "2026-11-25"
	return f
}

// beside is what a score says beside how many they are.
func beside(s Score) (codes string, points int) {
	var out []string
	for _, r := range s.Reasons {
		if r.Code != "members" {
			out, points = append(out, r.Code), points+r.Points
		}
	}
	slices.Sort(out)
	return strings.Join(out, " "), points
}

// Each row on both sides of its line.
func TestEachRowGivesItsPoints(t *testing.T) {
	first := func(change func(*indicator.Member)) func(*Facts) { return func(f *Facts) { change(&f.Members[0]) } }
	born := func(day string) func(*Facts) { return first(func(m *indicator.Member) { m.BirthDate = day }) }
	cost := func(member, asOf string, year, yuan float64) func(*Facts) {
		return func(f *Facts) {
			f.Reported = append(f.Reported, indicator.Reported{Kind: "medical_cost", Member: member, AsOf: asOf, Values: map[string]any{"amount": yuan, "year": year}})
		}
	}
	for _, c := range []struct {
		name   string
		change []func(*Facts)
		want   string
		points int
	}{
		{"nothing", nil, "", 0},
		{"one open warning", []func(*Facts){func(f *Facts) { f.OpenWarnings = 1 }}, "open_warning", 2},
		{"four: no more than six", []func(*Facts){func(f *Facts) { f.OpenWarnings = 4 }}, "open_warning", 6},
		{"a report 180 days ago", []func(*Facts){func(f *Facts) { f.Changes = []indicator.StatusChange{{HappenedOn: "2026-05-30"}} }}, "recent_report", 2},
		{"181 days ago", []func(*Facts){func(f *Facts) { f.Changes = []indicator.StatusChange{{HappenedOn: "2026-05-29"}} }}, "", 0},
		{"fifty-nine", []func(*Facts){born("1966-11-27")}, "", 0},
		{"sixty today", []func(*Facts){born("1966-11-26")}, "old", 2},
		{"seventy-four", []func(*Facts){born("1951-11-27")}, "old", 2},
		{"seventy-five today", []func(*Facts){born("1951-11-26")}, "very_old", 4},
		{"dead at eighty", []func(*Facts){born("1946-01-01"), first(func(m *indicator.Member) { m.Alive = fact(false) })}, "", 0},
		{"old and alone", []func(*Facts){born("1960-01-01"), func(f *Facts) { f.Household.LivesAlone = p(true) }}, "lives_alone old", 5},
		{"young and alone", []func(*Facts){func(f *Facts) { f.Household.LivesAlone = p(true) }}, "", 0},
		{"seriously ill", []func(*Facts){first(func(m *indicator.Member) { m.Health = fact("serious") })}, "serious_illness", 3},
		{"chronically ill", []func(*Facts){first(func(m *indicator.Member) { m.Health = fact("chronic") })}, "chronic_illness", 2},
		{"grade 2", []func(*Facts){first(func(m *indicator.Member) { m.DisabilityGrade = fact("2") })}, "severe_disability", 3},
		{"grade 3", []func(*Facts){first(func(m *indicator.Member) { m.DisabilityGrade = fact("3") })}, "", 0},
		{"self-care failed", []func(*Facts){first(func(m *indicator.Member) { m.SelfCareFailed = fact([]string{"bathing"}) })}, "self_care", 4},
		{"self-care assessed, nothing failed", []func(*Facts){first(func(m *indicator.Member) { m.SelfCareFailed = fact([]string{}) })}, "", 0},
		{"seventeen", []func(*Facts){born("2008-11-27")}, "minor", 1},
		{"eighteen today", []func(*Facts){born("2008-11-26")}, "", 0},
		{"one earner of three", []func(*Facts){func(f *Facts) {
			f.Members[1].Earner = p(false)
			f.Members = append(f.Members, indicator.Member{BirthDate: "2000-01-01"})
		}}, "one_earner", 3},
		{"one earner of two", []func(*Facts){func(f *Facts) { f.Members[1].Earner = p(false) }}, "", 0},
		{"a tenth less", []func(*Facts){func(f *Facts) { f.Household.MonthlyIncome.Now = p(3600.0) }}, "income_fell", 4},
		{"a little less", []func(*Facts){func(f *Facts) { f.Household.MonthlyIncome.Now = p(3600.01) }}, "", 0},
		{"cost at a quarter of 24,000 a head", []func(*Facts){cost("a", "2026-10-31", 2026, 6000)}, "", 0},
		{"above it, of two members", []func(*Facts){cost("a", "2026-10-31", 2026, 3000), cost("b", "2026-10-31", 2026, 3001)}, "costs_rise", 5},
		{"the older of two figures", []func(*Facts){cost("a", "2026-10-31", 2026, 100), cost("a", "2026-09-30", 2026, 9000)}, "", 0},
		{"last year's", []func(*Facts){cost("a", "2025-12-31", 2025, 9000)}, "", 0},
		{"cost, income unknown", []func(*Facts){cost("a", "2026-10-31", 2026, 9000), func(f *Facts) { f.Household.MonthlyIncome = indicator.Fact[float64]{} }}, "", 0},
		{"an item not delivered", []func(*Facts){func(f *Facts) {
			f.Entitlements = []indicator.Entitlement{{State: "not_delivered"}, {State: "to_verify"}}
		}}, "undelivered", 2},
		{"grade C", []func(*Facts){func(f *Facts) { f.Household.HousingGrade = "C" }}, "unsafe_house", 2},
		{"grade B", []func(*Facts){func(f *Facts) { f.Household.HousingGrade = "B" }}, "", 0},
		{"22 of 90 days", []func(*Facts){func(f *Facts) { f.Household.LastVisited = "2026-11-04" }}, "", 0},
		{"23 of 90 days", []func(*Facts){func(f *Facts) { f.Household.LastVisited = "2026-11-03" }}, "visit_due", 1},
		{"a year: no more than four", []func(*Facts){func(f *Facts) { f.Household.LastVisited = "2025-11-03" }}, "visit_due", 4},
		{"never seen", []func(*Facts){func(f *Facts) { f.Household.LastVisited = "" }}, "", 0},
	} {
		f := calm()
		for _, change := range c.change {
			change(&f)
		}
		if codes, points := beside(Of(f)); codes != c.want || points != c.points {
			t.Errorf("%s: %q %d, want %q %d", c.name, codes, points, c.want, c.points)
		}
	}
}

func TestMoreToFeedIsMorePointsUpToSix(t *testing.T) {
	for n, want := range []int{0, 0, 2, 4, 6, 6} {
		f := Facts{}
		for range n {
			f.Members = append(f.Members, indicator.Member{})
		}
		f.Members = append(f.Members, indicator.Member{Alive: fact(false)})
		if got := Of(f).Points; got != want {
			t.Errorf("%d living: %d, want %d", n, got, want)
		}
	}
}

func TestTheTableIsWhole(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range Table() {
		if r.Code == "" || seen[r.Code] || r.Label == "" || r.Clause == "" || r.Each < 1 || r.Most < r.Each || r.Most > 9 {
			t.Errorf("%+v", r)
		}
		seen[r.Code] = true
	}
}

// A score is the sum of its reasons, the same whenever it is asked, whatever the order
// of the members, and changes no fact; of whom nothing is known has none.
func TestAScoreIsTheSumOfItsReasons(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := calm()
		f.OpenWarnings = rapid.IntRange(0, 5).Draw(t, "warnings")
		f.Members = nil
		for range rapid.IntRange(0, 6).Draw(t, "members") {
			f.Members = append(f.Members, indicator.Member{BirthDate: rapid.SampledFrom([]string{"", "1940-01-01", "1960-01-01", "2015-01-01"}).Draw(t, "born"),
				Health: fact(rapid.SampledFrom([]string{"healthy", "serious", "chronic"}).Draw(t, "health")), DisabilityGrade: fact(rapid.SampledFrom([]string{"", "1", "4"}).Draw(t, "grade"))})
		}
		once := Of(f)
		sum := 0
		for _, r := range once.Reasons {
			sum += r.Points
		}
		turned := f
		turned.Members = slices.Clone(f.Members)
		slices.Reverse(turned.Members)
		if sum != once.Points || !reflect.DeepEqual(once, Of(f)) || !reflect.DeepEqual(once, Of(turned)) {
			t.Fatalf("%+v, turned %+v", once, Of(turned))
		}
	})
	if s := Of(Facts{}); s.Points != 0 || len(s.Reasons) != 0 {
		t.Errorf("of nobody: %+v", s)
	}
}
