package indicator

import (
	"fmt"
	"slices"
	"time"

	"doorstep/domain/workflow"
)

// Evaluate holds the facts against every indicator that is switched on, and
// returns what it found in the order of the table. The same facts, parameters and
// day give the same findings.
func Evaluate(f Facts, p Params) []Finding { return EvaluateOf(table, f, p) }

// EvaluateOf does the same for some rows of the table. The facts may lack what
// none of them looks at.
func EvaluateOf(rows []Indicator, f Facts, p Params) []Finding {
	var out []Finding
	for _, row := range rows {
		if !p.on(row, f.Today) || !reaches(row.Reach, f.Household.InRegister) {
			continue
		}
		for _, c := range row.find(&search{f, p, row}) {
			if c.id == "" || slices.ContainsFunc(out, func(o Finding) bool { return o.Code == row.Code && o.Evidence.ID == c.id }) {
				continue
			}
			level := p.level(row, f.Today)
			out = append(out, Finding{row.Code, level, c.member, row.Title, Evidence{c.id, c.text},
				deadline(p, "verify_"+string(level), f.Today), deadline(p, "dispose", f.Today)})
		}
	}
	return out
}

func reaches(reach Reach, inRegister *bool) bool {
	switch {
	case reach == Both:
		return true
	case inRegister == nil:
		return false
	default:
		return *inRegister == (reach == Register)
	}
}

func deadline(p Params, key string, today time.Time) string {
	return workflow.AddWorkingDays(today, int(p.Number(key, today)), p.Calendar).Format(time.DateOnly)
}

// search is what a rule looks at.
type search struct {
	Facts
	params Params
	row    Indicator
}

// cause is what a rule found: the id that the evidence keeps, the member it
// concerns, and the sentence that explains it.
type cause struct{ id, member, text string }

// number is one of the row's own parameters, today. A rule that asks for one that
// its row does not declare is a mistake in this package.
func (s *search) number(name string) float64 {
	for _, p := range s.row.Params {
		if p.Name == name {
			return s.params.orDefault(s.row.Code+"."+name, p.Default, s.Today)
		}
	}
	panic("indicator: " + s.row.Code + " declares no parameter " + name)
}

// member finds a person by id; nil where the report names nobody we know.
func (s *search) member(id string) *Member {
	for i := range s.Members {
		if id != "" && s.Members[i].ID == id {
			return &s.Members[i]
		}
	}
	return nil
}

// reported is every status change of the kinds that trigger the row.
func (s *search) reported() []StatusChange {
	var out []StatusChange
	for _, c := range s.Changes {
		if slices.Contains(s.row.Triggers, c.Kind) {
			out = append(out, c)
		}
	}
	return out
}

func (s *search) nameOf(id string) string {
	if m := s.member(id); m != nil && m.Name != "" {
		return m.Name
	}
	return texts["somebody"]
}

func say(key string, args ...any) string { return fmt.Sprintf(texts[key], args...) }

func dated(day string) string {
	if day == "" {
		return ""
	}
	return say("dated", day)
}
