package store

import (
	"slices"
	"testing"
)

func TestWhatTheProvinceSeesOfOnePersonInTwoCounties(t *testing.T) {
	helped := []string{"subsistence"}
	base := func(county string) person {
		return person{county: county, member: "m" + county, alive: true, active: true}
	}
	for name, c := range map[string]struct {
		change func(a, b *person)
		want   []string // county kind
	}{
		"only registered in both":         {func(a, b *person) {}, nil},
		"helped in both":                  {func(a, b *person) { a.helped, b.helped = helped, helped }, []string{"370281 helped_elsewhere", "370282 helped_elsewhere"}},
		"helped in one":                   {func(a, b *person) { a.helped = helped }, nil},
		"helped there, its file closed":   {func(a, b *person) { a.helped, b.helped, b.active = helped, helped, false }, nil},
		"died there":                      {func(a, b *person) { b.alive = false }, []string{"370281 death"}},
		"died in both":                    {func(a, b *person) { a.alive, b.alive = false, false }, nil},
		"died there, closed here":         {func(a, b *person) { a.active, b.alive = false, false }, nil},
		"works there, helped here":        {func(a, b *person) { a.helped, b.work = helped, "employed" }, []string{"370281 works_elsewhere"}},
		"works there, known here":         {func(a, b *person) { a.helped, a.work, b.work = helped, "employed", "employed" }, nil},
		"works there, not helped here":    {func(a, b *person) { b.work = "employed" }, nil},
		"moved there":                     {func(a, b *person) { b.registered = "370282101" }, []string{"370281 moved"}},
		"each says that they are at home": {func(a, b *person) { a.registered, b.registered = "370281101", "370282101" }, nil},
	} {
		a, b := base("370281"), base("370282")
		c.change(&a, &b)
		var got []string
		for _, f := range match("x", []person{a, b}, "2026-11-23") {
			got = append(got, f.County+" "+f.Kind)
			if f.Member != "m"+f.County || f.Values["county"] == f.County {
				t.Errorf("%s: %+v", name, f)
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, not %v", name, got, c.want)
		}
	}
	a, b := base("370281"), base("370281")
	if got := match("x", []person{a, b}, "2026-11-23"); got != nil {
		t.Errorf("within one county, which sees it itself: %v", got)
	}
}

// A household on its way to another county, and what that county has made of it, are one
// help; what either does anew is not, and a death is always told.
func TestAHouseholdThatIsHandedOverIsNotHelpedTwice(t *testing.T) {
	helped := []string{"subsistence"}
	for name, c := range map[string]struct {
		change func(a, b *person)
		want   []string
	}{
		"offered":                            {func(a, _ *person) { a.goes = goings([]string{"370282|||offered"}) }, nil},
		"offered to a third":                 {func(a, _ *person) { a.goes = goings([]string{"370283|||offered"}) }, []string{"370281 helped_elsewhere", "370282 helped_elsewhere"}},
		"taken in, and not closed yet":       {func(a, _ *person) { a.goes = goings([]string{"370282|hb|2026-12-01|accepted"}) }, nil},
		"the other way round":                {func(_, b *person) { b.goes = goings([]string{"370281|ha|2026-12-01|accepted"}) }, nil},
		"helped there in another household":  {func(a, _ *person) { a.goes = goings([]string{"370282|hx|2026-12-01|accepted"}) }, []string{"370281 helped_elsewhere", "370282 helped_elsewhere"}},
		"taken in, and helped anew here":     {func(a, _ *person) { a.goes = []going{{"370282", "hb", "2026-12-01", "accepted", true}} }, []string{"370281 helped_elsewhere", "370282 helped_elsewhere"}},
		"died there while it was on its way": {func(a, b *person) { a.goes, b.alive = goings([]string{"370282|||offered"}), false }, []string{"370281 death"}},
	} {
		a := person{county: "370281", member: "m370281", household: "ha", alive: true, active: true, helped: helped}
		b := person{county: "370282", member: "m370282", household: "hb", alive: true, active: true, helped: helped}
		c.change(&a, &b)
		var got []string
		for _, f := range match("x", []person{a, b}, "2026-12-23") {
			got = append(got, f.County+" "+f.Kind)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, not %v", name, got, c.want)
		}
	}
	since := split([]string{"|subsistence|2026-12-05|"})
	if !begun(since, "m", "2026-12-23", "2026-12-01") || begun(since, "m", "2026-12-23", "2026-12-06") || begun(since, "m", "2026-12-04", "2026-12-01") {
		t.Error("what was begun anew")
	}
}

func TestACategoryHelpsWhileItStandsAndWhomItNames(t *testing.T) {
	for name, c := range map[string]struct {
		of   string
		want bool
	}{
		"stands":           {"|subsistence|2026-01-01|", true},
		"until today":      {"|subsistence|2026-01-01|2026-11-23", true},
		"ended yesterday":  {"|subsistence|2026-01-01|2026-11-22", false},
		"begins tomorrow":  {"|subsistence|2026-11-24|", false},
		"another member's": {"m2|subsistence|2026-01-01|", false},
		"one's own":        {"m1|destitute|2026-01-01|", true},
		"watched only":     {"|relapse_risk|2026-01-01|", false},
	} {
		if got := len(stands(split([]string{c.of}), "m1", "2026-11-23")) == 1; got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestAThingFoundAgainHasItsId(t *testing.T) {
	a, b := person{county: "370281", member: "m"}, person{county: "370282", member: "n"}
	again := person{county: "370281", member: "m", alive: true, work: "employed"}
	if findingID("death", "x", a, b) != findingID("death", "x", again, b) || findingID("death", "x", a, b) == findingID("death", "x", b, a) || findingID("moved", "x", a, b) == findingID("death", "x", a, b) {
		t.Error("ids")
	}
}
