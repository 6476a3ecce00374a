package indicator

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
)

// changes draws another value for one field of a household's records, as an
// operation of the name op would leave it.
var changes = map[string]map[string]func(*Facts, *rand.Rand, string){
	"households": {
		"monthly_income": func(f *Facts, r *rand.Rand, op string) {
			f.Household.MonthlyIncome.Now, f.Household.MonthlyIncome.Cause = p(float64(r.IntN(5000))), op
		},
		"property": func(f *Facts, r *rand.Rand, op string) { // written by the town: confirmed at once
			list := []string{"vehicle", "company", "second_house"}[:r.IntN(4)]
			f.Household.Property = Fact[[]string]{&list, &list, op}
		},
		"last_visited": func(f *Facts, r *rand.Rand, _ string) {
			f.Household.LastVisited = one(r, "", "2026-11-01", "2026-08-01", "2025-01-01")
		},
		"lives_alone":  func(f *Facts, r *rand.Rand, _ string) { f.Household.LivesAlone = p(r.IntN(2) == 0) },
		"review_class": func(f *Facts, r *rand.Rand, _ string) { f.Household.ReviewClass = one(r, "", "A", "B", "C") },
		"state":        func(f *Facts, r *rand.Rand, _ string) { f.Household.State = one(r, "active", "closed") },
	},
	"categories": {
		"category":     inList(categoriesOf, func(c *Category, r *rand.Rand) { c.Category = one(r, "destitute", "subsistence", "marginal", "other") }),
		"support_form": inList(categoriesOf, func(c *Category, r *rand.Rand) { c.SupportForm = one(r, "home", "central") }),
		"member":       inList(categoriesOf, func(c *Category, r *rand.Rand) { c.Member = one(r, "", "m1", "m2") }),
		"from":         inList(categoriesOf, func(c *Category, r *rand.Rand) { c.From = one(r, "2025-01-01", "2026-10-01", "2027-01-01") }),
		"to":           inList(categoriesOf, func(c *Category, r *rand.Rand) { c.To = one(r, "", "2026-12-10", "2026-06-30", "2027-06-30") }),
	},
	"entitlements": {
		"state": func(f *Facts, r *rand.Rand, op string) {
			inList(func(f *Facts) *[]Entitlement { return &f.Entitlements }, func(e *Entitlement, r *rand.Rand) {
				e.State, e.Cause = one(r, "delivered", "in_progress", "not_delivered", "to_verify"), op
			})(f, r, op)
		},
	},
	"assistance": {
		"item":     inList(givenOf, func(g *Given, r *rand.Rand) { g.Item = one(r, "basic_living", "heating") }),
		"member":   inList(givenOf, func(g *Given, r *rand.Rand) { g.Member = one(r, "", "m1") }),
		"state":    inList(givenOf, func(g *Given, r *rand.Rand) { g.State = one(r, "given", "returned", "planned") }),
		"period":   inList(givenOf, func(g *Given, r *rand.Rand) { g.Period = one(r, "", "2026-10") }),
		"given_on": inList(givenOf, func(g *Given, r *rand.Rand) { g.GivenOn = one(r, "2026-10-10", "2026-11-10", "2026-11-20") }),
		"amount":   inList(givenOf, func(g *Given, r *rand.Rand) { g.Amount = p(float64(100 * (1 + r.IntN(2)))) }),
	},
	ReportedType: lines(),
	"members": {
		"name": member(func(m *Member, r *rand.Rand, op string) {
			m.Name = []string{"张建国", "李秀英", "张晨", "王强"}[r.IntN(4)]
			if m.Joined != "" {
				m.Joined = op
			}
		}),
		"birth_date": member(func(m *Member, r *rand.Rand, _ string) {
			m.BirthDate = one(r, "1960-05-06", "2012-05-06", "2020-05-06")
		}),
		"earner": member(func(m *Member, r *rand.Rand, _ string) { m.Earner = p(r.IntN(2) == 0) }),
		"alive":  member(func(m *Member, r *rand.Rand, op string) { m.Alive.Now, m.Alive.Cause = p(r.IntN(3) > 0), op }),
		"death_date": member(func(m *Member, r *rand.Rand, _ string) {
			m.DeathDate = one(r, "2026-10-01", "2026-11-05", "2026-11-21")
		}),
		"health": member(func(m *Member, r *rand.Rand, op string) {
			m.Health.Now, m.Health.Cause = p([]string{"healthy", "serious"}[r.IntN(2)]), op
		}),
		"illness": member(func(m *Member, r *rand.Rand, _ string) { m.Illness = fmt.Sprint("病", r.IntN(9)) }),
		"self_care_failed": member(func(m *Member, r *rand.Rand, op string) {
			m.SelfCareFailed.Now, m.SelfCareFailed.Cause = p([]string{"eating", "bathing"}[:r.IntN(3)]), op
		}),
		"disability_kind": member(func(m *Member, r *rand.Rand, op string) {
			v := one(r, "4", "5")
			m.DisabilityKind = Fact[string]{&v, &v, op}
		}),
		"disability_grade": member(func(m *Member, r *rand.Rand, op string) {
			v := one(r, "1", "3", "4")
			m.DisabilityGrade = Fact[string]{&v, &v, op}
		}),
		"school_stage": member(func(m *Member, r *rand.Rand, _ string) { m.SchoolStage = one(r, "junior", "senior", "tertiary") }),
		"guardian": member(func(m *Member, r *rand.Rand, op string) {
			m.Guardian.Now, m.Guardian.Cause = p([]string{"", "张建国", "李秀英"}[r.IntN(3)]), op
		}),
	},
	"status_changes": {
		"kind": reported(func(c *StatusChange, r *rand.Rand) {
			c.Kind = one(r, append(values("kind", "status_changes"), "job_lost", "job_lost", "guardian_lost", "death")...)
		}),
		"member":      reported(func(c *StatusChange, r *rand.Rand) { c.Member = []string{"", "m1", "m2", "m3", "m9"}[r.IntN(5)] }),
		"happened_on": reported(func(c *StatusChange, r *rand.Rand) { c.HappenedOn = one(r, "2026-11-10", "2026-06-10") }),
		"amount":      reported(func(c *StatusChange, r *rand.Rand) { c.Amount = p(float64(r.IntN(9000))) }),
	},
}

func one(r *rand.Rand, of ...string) string { return of[r.IntN(len(of))] }

func categoriesOf(f *Facts) *[]Category { return &f.Categories }
func givenOf(f *Facts) *[]Given         { return &f.Given }

// inList changes one of a list's records.
func inList[T any](list func(*Facts) *[]T, change func(*T, *rand.Rand)) func(*Facts, *rand.Rand, string) {
	return func(f *Facts, r *rand.Rand, _ string) {
		l := list(f)
		*l = slices.Clone(*l)
		change(&(*l)[r.IntN(len(*l))], r)
	}
}

// lines draws another line of each kind.
func lines() map[string]func(*Facts, *rand.Rand, string) {
	out := map[string]func(*Facts, *rand.Rand, string){}
	for _, k := range Kinds {
		out[k.Code] = func(f *Facts, r *rand.Rand, op string) {
			f.Reported = slices.DeleteFunc(slices.Clone(f.Reported), func(o Reported) bool { return o.Kind == k.Code })
			v := map[string]any{"amount": float64(r.IntN(40000)), "year": 2026.0, "illness": op, "since": one(r, "2026-08-01", "2026-11-20"),
				"benefit_ends": one(r, "2026-12-01", "2027-12-01"), "disability_kind": "4", "disability_grade": one(r, "1", "4"), "stage": one(r, "senior", "junior"),
				"school": op, "happened_on": one(r, "2026-11-01", "2026-11-02"), "grade": one(r, "B", "C", "D"), "lost_on": op, "item": "heating", "paid_on": op,
				"plate": op, "company": op, "house": op, "monthly": float64(r.IntN(9000)), "reason": op, "staff": op, "declared": r.IntN(2) == 0}
			f.Reported = append(f.Reported, Reported{ID: op, Source: "police", Kind: k.Code, Member: one(r, "m1", "m2", "m3"), AsOf: "2026-11-01", Values: v})
		}
	}
	return out
}

func member(change func(*Member, *rand.Rand, string)) func(*Facts, *rand.Rand, string) {
	return func(f *Facts, r *rand.Rand, op string) {
		f.Members = slices.Clone(f.Members)
		change(&f.Members[r.IntN(len(f.Members))], r, op)
	}
}

func reported(change func(*StatusChange, *rand.Rand)) func(*Facts, *rand.Rand, string) {
	return func(f *Facts, r *rand.Rand, _ string) {
		f.Changes = slices.Clone(f.Changes)
		change(&f.Changes[r.IntN(len(f.Changes))], r)
	}
}

// troubled is a family to which much has happened, confirmed and not.
func troubled(r *rand.Rand) Facts {
	f := family()
	f.Members = append(f.Members, Member{ID: "m4", Name: "张小宝", BirthDate: "2024-02-01", Joined: "op-born"},
		Member{ID: "m5", Name: "张小贝", BirthDate: "2024-02-01", Joined: "op-twin"})
	f.Changes = []StatusChange{{ID: "s1", Kind: "death", Member: "m1", HappenedOn: "2026-11-05"}, {ID: "s2", Kind: "disaster"}}
	f.Household.IncomeLine = p(800.0)
	f.Categories = []Category{{ID: "c1", Category: "subsistence", From: "2025-01-01"}, {ID: "c2", Category: "destitute", From: "2025-01-01", To: "2025-12-31", SupportForm: "home"}}
	f.Entitlements = []Entitlement{{Item: "heating", State: "delivered", Cause: "op-a"}}
	f.Categories[1].To = one(r, "2025-12-31", "")
	f.Household.LivesAlone, f.Household.LastVisited = p(true), "2026-11-01"
	for i := range 4 { // help of which some is alike
		f.Given = append(f.Given, Given{ID: fmt.Sprint("g", i), Item: one(r, "basic_living", "heating", "funeral"), Member: one(r, "", "m1"), State: one(r, "given", "returned"),
			GivenOn: one(r, "2026-10-10", "2026-11-20"), Period: one(r, "", "2026-10"), Amount: p(float64(100 * (1 + r.IntN(2))))})
	}
	f.Members[0].Alive.Now, f.Members[0].DeathDate = p(r.IntN(2) == 0), one(r, "2026-11-05", "2026-11-21")
	for i := range 3 {
		changes["members"]["disability_kind"](&f, r, "op-d")
		changes["members"]["disability_grade"](&f, r, "op-d")
		f.Members[i].SchoolStage = one(r, "junior", "senior")
	}
	f.Categories[0].From = one(r, "2025-01-01", "2027-01-01")
	f.Changes[0].HappenedOn = "2026-11-05"
	f.Changes = append(f.Changes, StatusChange{ID: "s3", Kind: one(r, "job_lost", "birth"), Member: one(r, "m1", "m2"), HappenedOn: one(r, "2026-06-10", "2026-06-10", "2026-11-10")})
	all := lines()
	for _, kind := range slices.Sorted(maps.Keys(all)) {
		add := all[kind]
		if r.IntN(2) == 0 {
			add(&f, r, "op-line")
		}
	}
	for i := range 3 {
		for _, typ := range slices.Sorted(maps.Keys(changes)) {
			for _, name := range slices.Sorted(maps.Keys(changes[typ])) {
				if r.IntN(3) == 0 {
					changes[typ][name](&f, r, fmt.Sprint("op", i))
				}
			}
		}
	}
	return f
}

// What a row does not declare to watch raises nothing in it, whatever else is so;
// what it declares does. A row that declared too little would miss a warning, one
// that declared too much costs every edit of that field a look.
func TestARowWatchesWhatRaisesItAndNothingElse(t *testing.T) {
	params := Defaults()
	missing := map[string]bool{}
	for _, row := range table {
		for typ, fields := range row.Watches {
			for _, name := range fields {
				missing[row.Code+typ+name] = true
			}
		}
	}
	for seed := uint64(0); seed < 4000 && (seed < 150 || len(missing) > 0); seed++ { // until each was seen to raise
		r := rand.New(rand.NewPCG(seed, 1))
		before := troubled(r)
		old := keys(Evaluate(before, params))
		for typ, fields := range changes {
			for _, name := range slices.Sorted(maps.Keys(fields)) {
				after := before
				fields[name](&after, r, "op-new")
				concerned := params.Concerned([]Change{{Type: typ, Fields: map[string]any{name: nil}}})
				for _, x := range Evaluate(after, params) {
					if slices.Contains(old, x.Code+" "+x.Evidence.ID) {
						continue
					}
					delete(missing, x.Code+typ+name)
					if !slices.ContainsFunc(concerned, func(c Indicator) bool { return c.Code == x.Code }) {
						t.Fatalf("seed %d: %s.%s raised %s, which does not watch it", seed, typ, name, x.Code)
					}
				}
			}
		}
	}
	for what := range missing {
		t.Errorf("%s is watched and never raised anything", what)
	}
}

func TestWhatCameOrWentConcernsAllThatLookAtItsType(t *testing.T) {
	codes := func(c Change) (out []string) {
		for _, row := range Defaults().Concerned([]Change{c}) {
			out = append(out, row.Code)
		}
		return out
	}
	if got := codes(Change{Type: "members"}); !slices.Equal(got, []string{"I1", "P1", "G1", "I3", "E3", "D2", "N4", "E1", "E2", "I2", "P2", "D1", "S1", "M1", "A3", "N1", "N2", "N3"}) {
		t.Errorf("a member came or went: %v", got)
	}
	if got := codes(Change{Type: "households", Fields: map[string]any{"phone": "1"}}); got != nil {
		t.Errorf("another telephone number: %v", got)
	}
}
