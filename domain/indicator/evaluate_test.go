package indicator

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func p[T any](v T) *T { return &v }

var monday = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

// family is a household in which nothing has changed: income 3,000 for three.
func family() Facts {
	calm := func(id, name, born string, earner bool) Member {
		return Member{ID: id, Name: name, BirthDate: born, Earner: p(earner),
			Alive:  Fact[bool]{Now: p(true), Confirmed: p(true), Cause: "old"},
			Health: Fact[string]{Now: p("healthy"), Confirmed: p("healthy"), Cause: "old"}}
	}
	f := Facts{Today: monday, Members: []Member{
		calm("m1", "张建国", "1970-03-02", true), calm("m2", "李秀英", "1972-05-06", false), calm("m3", "张晨", "2015-09-01", false)}}
	f.Household.MonthlyIncome = Fact[float64]{Now: p(3000.0), Confirmed: p(3000.0), Cause: "old"}
	f.Members[2].Guardian = Fact[string]{Now: p("张建国"), Confirmed: p("张建国"), Cause: "old"}
	return f
}

func report(kind, member string) func(*Facts) {
	return func(f *Facts) {
		f.Changes = append(f.Changes, StatusChange{ID: "s-" + kind + member, Kind: kind, Member: member, HappenedOn: "2026-11-20"})
	}
}

func income(before, now float64) func(*Facts) {
	return func(f *Facts) {
		f.Household.MonthlyIncome = Fact[float64]{Now: p(now), Confirmed: p(before), Cause: "op-income"}
	}
}

// Each line: what happened, and "code evidence member" of what must be found.
func TestWhatIsFound(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*Facts)
		want   string
	}{
		{"nothing happened", func(*Facts) {}, ""},
		// I1, 三(一) 家庭主要劳动力死亡
		{"the earner died; he was a child's guardian, too", report("death", "m1"), "I1 s-deathm1 m1|G1 s-deathm1 m3"},
		{"somebody died who does not earn", report("death", "m2"), ""},
		{"a death that names nobody", report("death", ""), ""},
		{"a death of somebody unknown here", report("death", "m9"), ""},
		{"nobody knows whether he earned", func(f *Facts) {
			report("death", "m1")(f)
			f.Members[0].Earner = nil
			f.Members[2].Guardian = Fact[string]{}
		}, ""},
		{"the earner is recorded as dead", func(f *Facts) { f.Members[0].Alive = Fact[bool]{p(false), p(true), "op-life"} }, "I1 op-life m1|G1 op-life m3"},
		{"recorded, where nothing was recorded before", func(f *Facts) { f.Members[0].Alive = Fact[bool]{p(false), nil, "op-life"} }, "I1 op-life m1|G1 op-life m3"},
		{"long dead, confirmed", func(f *Facts) { f.Members[0].Alive = Fact[bool]{p(false), p(false), "op-life"} }, ""},
		// P1, 三(一) 财产遭受重大损失
		{"a flood", report("disaster", ""), "P1 s-disaster "},
		{"an accident", report("accident", "m2"), "P1 s-accidentm2 m2"},
		{"both, two causes of one indicator", func(f *Facts) { report("disaster", "")(f); report("accident", "m2")(f) }, "P1 s-disaster |P1 s-accidentm2 m2"},
		// G1
		{"guardian lost", report("guardian_lost", "m3"), "G1 s-guardian_lostm3 m3"},
		{"guardian lost, the child not named", report("guardian_lost", ""), "G1 s-guardian_lost "},
		{"a minor's guardian was struck out", func(f *Facts) { f.Members[2].Guardian = Fact[string]{nil, p("张建国"), "op-g"} }, "G1 op-g m3"},
		{"a guardian was changed", func(f *Facts) { f.Members[2].Guardian = Fact[string]{p("李秀英"), p("张建国"), "op-g"} }, ""},
		{"no guardian was ever recorded", func(f *Facts) { f.Members[2].Guardian = Fact[string]{nil, nil, ""} }, ""},
		{"struck out on the 18th birthday", func(f *Facts) {
			f.Members[2].Guardian = Fact[string]{nil, p("张建国"), "op-g"}
			f.Members[2].BirthDate = "2008-11-23"
		}, ""},
		{"struck out on the day before it", func(f *Facts) {
			f.Members[2].Guardian = Fact[string]{nil, p("张建国"), "op-g"}
			f.Members[2].BirthDate = "2008-11-24"
		}, "G1 op-g m3"},
		{"struck out, the birth date unknown", func(f *Facts) {
			f.Members[2].Guardian = Fact[string]{nil, p("张建国"), "op-g"}
			f.Members[2].BirthDate = ""
		}, ""},
		// I3
		{"income fell by 29.9 %", income(1000, 701), ""},
		{"income fell by 30 %", income(1000, 700), "I3 op-income "},
		{"income fell by 30 % in odd fractions", income(1234.55, 864.185), "I3 op-income "},
		{"income fell by a hair less", income(1234.55, 864.19), ""},
		{"income fell to one yuan", income(3000, 1), "I3 op-income "},
		{"income fell to nothing", income(3000, 0), "I3 op-income "},
		{"income rose", income(1000, 5000), ""},
		{"there was none before", income(0, 0), ""},
		{"the income before is unknown", func(f *Facts) { income(1000, 1)(f); f.Household.MonthlyIncome.Confirmed = nil }, ""},
		{"the income now is unknown", func(f *Facts) { income(1000, 1)(f); f.Household.MonthlyIncome.Now = nil }, ""},
		{"nobody lives there", func(f *Facts) { income(1000, 1)(f); f.Members = nil }, ""},
		{"one more at the table is no fall of 30 %", joined(1), ""},
		{"two more are", joined(2), "I3 op-m5 "},
		// E3
		{"a serious illness", report("serious_illness", "m2"), "E3 s-serious_illnessm2 m2"},
		{"health became serious", func(f *Facts) { f.Members[1].Health = Fact[string]{p("serious"), p("chronic"), "op-h"} }, "E3 op-h m2"},
		{"serious where nothing was recorded", func(f *Facts) { f.Members[1].Health = Fact[string]{p("serious"), nil, "op-h"} }, "E3 op-h m2"},
		{"serious all along", func(f *Facts) { f.Members[1].Health = Fact[string]{p("serious"), p("serious"), "op-h"} }, ""},
		{"serious, but nothing made it so just now", func(f *Facts) { f.Members[1].Health = Fact[string]{p("serious"), nil, ""} }, ""},
		{"a chronic illness", func(f *Facts) { f.Members[1].Health = Fact[string]{p("chronic"), p("healthy"), "op-h"} }, ""},
		// D2
		{"self-care was reported lost", report("self_care", "m2"), "D2 s-self_carem2 m2"},
		{"an item newly failed", care([]string{"bathing", "eating"}, []string{"bathing"}), "D2 op-c m2"},
		{"items failed where none was recorded", care([]string{"toilet"}, nil), "D2 op-c m2"},
		{"the same items", care([]string{"bathing"}, []string{"bathing"}), ""},
		{"one got better", care(nil, []string{"bathing"}), ""},
		{"one better, one worse", care([]string{"walking"}, []string{"bathing"}), "D2 op-c m2"},
		{"a value that is no item", care([]string{"flying"}, nil), ""},
		// none of ours
		{"a birth", report("birth", "m3"), ""},
	} {
		f := family()
		c.change(&f)
		var got []string
		for _, x := range Evaluate(f, Defaults()) {
			got = append(got, fmt.Sprint(x.Code, " ", x.Evidence.ID, " ", x.Member))
			if strings.Contains(x.Evidence.Text, "%!") || x.Evidence.Text == "" || x.Title == "" {
				t.Errorf("%s: text %q, title %q", c.name, x.Evidence.Text, x.Title)
			}
		}
		if strings.Join(got, "|") != c.want {
			t.Errorf("%s: found %q, want %q", c.name, strings.Join(got, "|"), c.want)
		}
	}
}

func joined(n int) func(*Facts) {
	return func(f *Facts) {
		for i := range n {
			id := fmt.Sprint("m", 4+i)
			f.Members = append(f.Members, Member{ID: id, Joined: "op-" + id})
		}
	}
}

func care(now, before []string) func(*Facts) {
	return func(f *Facts) { f.Members[1].SelfCareFailed = Fact[[]string]{&now, &before, "op-c"} }
}

func TestTheEvidenceSaysWhatHappened(t *testing.T) {
	f := family()
	income(3000, 1000)(&f)
	f.Changes = []StatusChange{{ID: "s1", Kind: "death", Member: "m1", HappenedOn: "2026-11-20"}, {ID: "s2", Kind: "disaster", HappenedOn: "2026-11-19", Amount: p(20000.0)}}
	want := map[string]string{
		"I1": "张建国(主要劳动力)死亡，2026-11-20，现场上报",
		"P1": "自然灾害，2026-11-19，现场上报，涉及金额20000元",
		"G1": "张晨(未成年)的监护人张建国死亡",
		"I3": "人均月收入由1000元降至333.33元，降幅66.6%",
	}
	for _, x := range Evaluate(f, Defaults()) {
		if x.Evidence.Text != want[x.Code] {
			t.Errorf("%s: %q, want %q", x.Code, x.Evidence.Text, want[x.Code])
		}
		delete(want, x.Code)
	}
	if len(want) > 0 {
		t.Errorf("not found: %v", want)
	}
}

func TestDeadlinesFollowTheLevel(t *testing.T) {
	f := family()
	income(3000, 1000)(&f)
	report("disaster", "")(&f)
	want := map[string][2]string{"P1": {"2026-11-25", "2026-12-21"}, "I3": {"2026-11-30", "2026-12-21"}}
	for _, x := range Evaluate(f, Defaults()) {
		if got := [2]string{x.Due, x.Dispose}; got != want[x.Code] {
			t.Errorf("%s due %v, want %v", x.Code, got, want[x.Code])
		}
	}
}

func TestTheCountyChangesParametersByDate(t *testing.T) {
	params, err := NewParams([]Setting{
		{"I3.threshold", "2026-12-01", "0.5"}, {"I3.threshold", "2026-11-01", "0.2"}, {"I3.level", "2026-11-23", "yellow"},
		{"verify_yellow", "2026-01-01", "3"}, {"P1.on", "2026-11-01", "false"}, {"P1.on", "2026-12-01", "true"},
	}, Defaults().Calendar)
	if err != nil {
		t.Fatal(err)
	}
	f := family()
	income(1000, 750)(&f)
	report("disaster", "")(&f)
	november := Evaluate(f, params)
	if len(november) != 1 || november[0].Code != "I3" || november[0].Level != Yellow || november[0].Due != "2026-11-26" {
		t.Errorf("November: %+v", november)
	}
	f.Today = time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)
	december := Evaluate(f, params)
	if len(december) != 1 || december[0].Code != "P1" {
		t.Errorf("December: %+v", december)
	}
	if Defaults().Number("I3.threshold", monday) != 0.30 || params.Number("I3.threshold", monday) != 0.2 || params.Number("X.y", monday) != 0 {
		t.Error("Number is wrong")
	}
}

func TestSettingsThatMeanNothingAreRefused(t *testing.T) {
	for _, s := range []Setting{
		{"I3.threshold", "2026-13-01", "0.2"}, {"I3.threshold", "2026-11-01", "0"}, {"I3.threshold", "2026-11-01", "1.1"},
		{"I3.threshold", "2026-11-01", "NaN"}, {"I3.threshold", "2026-11-01", "much"}, {"I3.nothing", "2026-11-01", "1"},
		{"Z9.on", "2026-11-01", "true"}, {"I3.level", "2026-11-01", "green"}, {"I3.on", "2026-11-01", "yes"}, {"dispose", "2026-11-01", "0"}, {"", "2026-11-01", "1"},
	} {
		if _, err := NewParams([]Setting{s}, Defaults().Calendar); err == nil || !strings.Contains(err.Error(), s.Key) {
			t.Errorf("%+v: %v", s, err)
		}
	}
}

func TestReach(t *testing.T) {
	for _, c := range []struct {
		reach Reach
		in    *bool
		want  bool
	}{{Both, nil, true}, {Both, p(false), true}, {Register, nil, false}, {Register, p(true), true}, {Register, p(false), false}, {Outside, p(false), true}, {Outside, p(true), false}, {Outside, nil, false}} {
		if reaches(c.reach, c.in) != c.want {
			t.Errorf("%s, %v", c.reach, c.in)
		}
	}
}

// Repeats and order of reports change neither what is found nor its evidence, and
// looking changes no fact.
func TestEvaluationIsPureAndStable(t *testing.T) {
	kinds := values("kind", "status_changes")
	rapid.Check(t, func(t *rapid.T) {
		f := family()
		n := rapid.IntRange(0, 6).Draw(t, "reports")
		for i := range n {
			f.Changes = append(f.Changes, StatusChange{ID: fmt.Sprint("s", i), Kind: rapid.SampledFrom(kinds).Draw(t, "kind"),
				Member: rapid.SampledFrom([]string{"", "m1", "m2", "m3", "m9"}).Draw(t, "member")})
		}
		income(float64(rapid.IntRange(0, 5000).Draw(t, "before")), float64(rapid.IntRange(0, 5000).Draw(t, "now")))(&f)
		once := Evaluate(f, Defaults())
		if !reflect.DeepEqual(once, Evaluate(f, Defaults())) {
			t.Fatal("two looks, two answers")
		}
		again := f
		again.Changes = slices.Concat(f.Changes, f.Changes)
		slices.Reverse(again.Changes)
		if a, b := keys(once), keys(Evaluate(again, Defaults())); !slices.Equal(a, b) {
			t.Fatalf("repeated and reversed: %v, before %v", b, a)
		}
	})
}

func keys(found []Finding) []string {
	var out []string
	for _, x := range found {
		out = append(out, x.Code+" "+x.Evidence.ID)
	}
	slices.Sort(out)
	return out
}
