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
	},
	"members": {
		"name": member(func(m *Member, r *rand.Rand, op string) {
			m.Name = []string{"张建国", "李秀英", "张晨", "王强"}[r.IntN(4)]
			if m.Joined != "" {
				m.Joined = op
			}
		}),
		"birth_date": member(func(m *Member, r *rand.Rand, _ string) { m.BirthDate = fmt.Sprintf("%d-05-06", 1960+r.IntN(64)) }),
		"earner":     member(func(m *Member, r *rand.Rand, _ string) { m.Earner = p(r.IntN(2) == 0) }),
		"alive":      member(func(m *Member, r *rand.Rand, op string) { m.Alive.Now, m.Alive.Cause = p(r.IntN(3) > 0), op }),
		"death_date": member(func(m *Member, r *rand.Rand, _ string) { m.DeathDate = fmt.Sprintf("2026-11-%02d", 1+r.IntN(23)) }),
		"health": member(func(m *Member, r *rand.Rand, op string) {
			m.Health.Now, m.Health.Cause = p([]string{"healthy", "serious"}[r.IntN(2)]), op
		}),
		"illness": member(func(m *Member, r *rand.Rand, _ string) { m.Illness = fmt.Sprint("病", r.IntN(9)) }),
		"self_care_failed": member(func(m *Member, r *rand.Rand, op string) {
			m.SelfCareFailed.Now, m.SelfCareFailed.Cause = p([]string{"eating", "bathing"}[:r.IntN(3)]), op
		}),
		"guardian": member(func(m *Member, r *rand.Rand, op string) {
			m.Guardian.Now, m.Guardian.Cause = p([]string{"", "张建国", "李秀英"}[r.IntN(3)]), op
		}),
	},
	"status_changes": {
		"kind": reported(func(c *StatusChange, r *rand.Rand) {
			kinds := values("kind", "status_changes")
			c.Kind = kinds[r.IntN(len(kinds))]
		}),
		"member":      reported(func(c *StatusChange, r *rand.Rand) { c.Member = []string{"", "m1", "m2", "m3", "m9"}[r.IntN(5)] }),
		"happened_on": reported(func(c *StatusChange, r *rand.Rand) { c.HappenedOn = fmt.Sprintf("2026-11-%02d", 1+r.IntN(23)) }),
		"amount":      reported(func(c *StatusChange, r *rand.Rand) { c.Amount = p(float64(r.IntN(9000))) }),
	},
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
	f.Changes = []StatusChange{{ID: "s1", Kind: "death", Member: "m1"}, {ID: "s2", Kind: "disaster"}}
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
	raised := map[string]bool{}
	for seed := range uint64(300) {
		for typ, fields := range changes {
			for _, name := range slices.Sorted(maps.Keys(fields)) {
				r := rand.New(rand.NewPCG(seed, 1))
				before := troubled(r)
				after := before
				fields[name](&after, r, "op-new")
				concerned := Concerned([]Change{{Type: typ, Fields: map[string]any{name: nil}}})
				for _, row := range table {
					old := keys(EvaluateOf([]Indicator{row}, before, Defaults()))
					isNew := func(k string) bool { return !slices.Contains(old, k) }
					if !slices.ContainsFunc(keys(EvaluateOf([]Indicator{row}, after, Defaults())), isNew) {
						continue
					}
					raised[row.Code+typ+name] = true
					if !slices.ContainsFunc(concerned, func(c Indicator) bool { return c.Code == row.Code }) {
						t.Fatalf("seed %d: %s.%s raised %s, which does not watch it", seed, typ, name, row.Code)
					}
				}
			}
		}
	}
	for _, row := range table {
		for typ, fields := range row.Watches {
			for _, name := range fields {
				if !raised[row.Code+typ+name] {
					t.Errorf("%s watches %s.%s, which never raised it", row.Code, typ, name)
				}
			}
		}
	}
}

func TestWhatCameOrWentConcernsAllThatLookAtItsType(t *testing.T) {
	codes := func(c Change) (out []string) {
		for _, row := range Concerned([]Change{c}) {
			out = append(out, row.Code)
		}
		return out
	}
	if got := codes(Change{Type: "members"}); !slices.Equal(got, []string{"I1", "G1", "I3", "E3", "D2"}) {
		t.Errorf("a member came or went: %v", got)
	}
	if got := codes(Change{Type: "households", Fields: map[string]any{"phone": "1"}}); got != nil {
		t.Errorf("another telephone number: %v", got)
	}
}
