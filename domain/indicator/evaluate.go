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
func Evaluate(f Facts, p Params) []Finding { return EvaluateOf(p.Rows(), f, p) }

// EvaluateOf does the same for some rows of the table. The facts may lack what
// none of them looks at.
func EvaluateOf(rows []Indicator, f Facts, p Params) []Finding {
	var out []Finding
	due := deadlines{p: p, today: f.Today, known: map[string]string{}}
	for _, row := range rows {
		if !p.On(row, f.Today) {
			continue
		}
		var seen []string
		for _, c := range find(row, f, p) {
			if slices.Contains(seen, c.id) {
				continue
			}
			seen = append(seen, c.id)
			level := p.Level(row, f.Today)
			if c.level != "" {
				level = c.level
			}
			out = append(out, Finding{Code: row.Code, Level: level, Member: c.member, Title: row.Title, Evidence: Evidence{c.id, c.text},
				Confirmed: c.confirmed, Due: due.of("verify_" + string(level)), Dispose: due.of("dispose")})
		}
	}
	return out
}

// find lists the causes of one row, those without a name left out.
func find(row Indicator, f Facts, p Params) []cause {
	if !reaches(row.Reach, f.inRegister()) {
		return nil
	}
	return slices.DeleteFunc(row.find(&search{f, p, row}), func(c cause) bool { return c.id == "" })
}

// Cleared reports whether everything that an open warning of the row rests on is
// over, so that it settles by itself: the visit was made, the item was given. Only
// rows that say so settle like this; for all others a person decides.
func Cleared(code string, evidence []string, f Facts, p Params) bool {
	row := p.Lookup(code)
	if row == nil || row.clears == nil || !p.On(*row, f.Today) || len(evidence) == 0 {
		return false
	}
	found := find(*row, f, p)
	s := &search{f, p, *row}
	return !slices.ContainsFunc(evidence, func(id string) bool { return !row.clears(s, found, id) })
}

// whenGone: what is no longer found is over.
func whenGone(_ *search, found []cause, id string) bool {
	return !slices.ContainsFunc(found, func(c cause) bool { return c.id == id })
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

// Deadline is so many working days on as a parameter says.
func Deadline(p Params, key string, today time.Time) string {
	return workflow.AddWorkingDays(today, int(p.Number(key, today)), p.Calendar).Format(time.DateOnly)
}

// deadlines are counted once a day and key: to count is most of a finding's cost.
type deadlines struct {
	p     Params
	today time.Time
	known map[string]string
}

func (d deadlines) of(key string) string {
	if d.known[key] == "" {
		d.known[key] = Deadline(d.p, key, d.today)
	}
	return d.known[key]
}

// search is what a rule looks at.
type search struct {
	Facts
	params Params
	row    Indicator
}

// cause is what a rule found: the id that the evidence keeps, the member it
// concerns, the sentence that explains it, and whether it is confirmed. A level stands
// where the cause is graver than its row.
type cause struct {
	id, member, text string
	confirmed        bool
	level            Level
}

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
func (s *search) reported() []StatusChange { return s.changes(s.row.Triggers...) }

func (s *search) changes(kinds ...string) []StatusChange {
	var out []StatusChange
	for _, c := range s.Changes {
		if slices.Contains(kinds, c.Kind) {
			out = append(out, c)
		}
	}
	return out
}

// told is a cause that rests on a status change.
func told(c StatusChange, member, text string) cause {
	return cause{id: c.ID, member: member, text: text, confirmed: c.Confirmed}
}

// onList is a cause that rests on a line of a list; where the line came from is added.
func onList(r Reported, text string) cause {
	return cause{id: r.causeOf(), member: r.Member, text: text + say("by_list", SourceLabel(r.Source), r.AsOf), confirmed: r.Confirmed}
}

// SourceLabel is the word of who told something, the code itself where it has none.
func SourceLabel(code string) string {
	for _, s := range Sources {
		if s.Code == code {
			return s.Label
		}
	}
	return code
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
