package register

import (
	"context"
	"strings"

	"doorstep/domain/idnumber"
	"doorstep/domain/indicator"
	"doorstep/domain/matching"
	"doorstep/domain/region"
	"doorstep/domain/workflow"
	"doorstep/domain/zone"
	"doorstep/sync/engine"
	"doorstep/sync/wire"
)

// ResultView is one result with both sides: the list's word, and whom of the register
// it may mean, for whoever decides whether they are one person.
type ResultView struct {
	ResultItem `json:",embed"`
	Facts      []Fact          `json:"facts"` // what the list says, in its own words
	MayBe      []Candidate     `json:"may_be"`
	Warnings   []ResultWarning `json:"warnings"`
}

// Fact is a column of a list with what stands in it.
type Fact struct {
	Label string `json:"label"`
	Text  string `json:"text"`
}

func factsOf(kind *matching.Kind, values map[string]any) []Fact {
	out := []Fact{}
	if kind == nil {
		return out
	}
	for _, col := range kind.Columns {
		if v, ok := values[col.Field]; ok {
			out = append(out, Fact{col.Label, col.Spoken(v)})
		}
	}
	return out
}

// Candidate is a member as the register has them. Of one outside the reader's scope
// only the place is told.
type Candidate struct {
	Member     string   `json:"member"`
	Household  string   `json:"household"`
	Elsewhere  bool     `json:"elsewhere"`
	Name       string   `json:"name"`
	IDNumber   string   `json:"id_number"`
	BirthDate  string   `json:"birth_date"`
	Phone      string   `json:"phone"`
	HeadName   string   `json:"head_name"`
	Address    string   `json:"address"`
	RegionName string   `json:"region_name"`
	Categories []string `json:"categories"`
}

// ResultWarning is a warning of the household that rests on departments' lists.
type ResultWarning struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	Level string `json:"level"`
	State string `json:"state"`
	Queue string `json:"queue"` // of the desk's three: open, away, closed
}

func queueOf(state string) string {
	stage, _ := workflow.StageOf(state)
	switch {
	case !stage.Open:
		return "closed"
	case stage.Away:
		return "away"
	}
	return "open"
}

// Result reads one of the account's scope. Errors: wire.NotFound.
func (c *Comparisons) Result(ctx context.Context, by *engine.Account, id string) (*ResultView, error) {
	list, err := c.results(ctx, by, `r.id = ?`, 1, 0, id)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, wire.Err(wire.NotFound, "")
	}
	out := &ResultView{ResultItem: list[0], MayBe: []Candidate{}, Warnings: []ResultWarning{}}
	out.Facts = factsOf(matching.Lookup(out.Kind), out.Values)
	if out.MayBe, err = c.candidates(ctx, by, out.meant()); err != nil {
		return nil, err
	}
	out.unnamed() // told whole above, as far as the reader sees them
	out.Warnings, err = c.resting(ctx, by, out.Household)
	return out, err
}

// meant are the members that a result names or may name.
func (r *ResultItem) meant() []string {
	out := []string{}
	may, _ := r.Person["may_be"].([]any)
	for _, m := range may {
		if p, ok := m.(map[string]any); ok {
			out = append(out, textOf(p["member"]))
		}
	}
	if len(out) == 0 && r.Member != "" {
		out = append(out, r.Member)
	}
	return out
}

func (c *Comparisons) candidates(ctx context.Context, by *engine.Account, members []string) ([]Candidate, error) {
	scope, grants := by.InScope("m.")
	rows, err := c.Engine.Query(ctx, `SELECT m.id, m.home, m.area, `+scope+`, m.name, m.id_number, m.birth_date, m.phone, coalesce(h.head_name, ''), coalesce(h.address, ''),
			coalesce((SELECT group_concat(DISTINCT c.category) FROM categories c WHERE c.home = m.home AND c.deleted = 0 AND (c."to" = '' OR c."to" >= ?)), '')
		FROM json_each(?) j JOIN members m ON m.id = j.value LEFT JOIN households h ON h.id = m.home WHERE m.deleted = 0 ORDER BY m.id`,
		append(grants, c.today(), encode(members))...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	out := []Candidate{}
	for rows.Next() {
		var p Candidate
		var area, categories string
		var seen bool
		if err := rows.Scan(&p.Member, &p.Household, &area, &seen, &p.Name, &p.IDNumber, &p.BirthDate, &p.Phone, &p.HeadName, &p.Address, &categories); err != nil {
			return nil, err
		}
		if p.IDNumber, err = c.Engine.Ring().OpenText(p.Member, p.IDNumber); err != nil {
			return nil, err
		}
		p.IDNumber, p.RegionName = idnumber.Mask(p.IDNumber), region.FullName(area)
		p.Categories = strings.FieldsFunc(categories, func(r rune) bool { return r == ',' })
		if !seen {
			p = Candidate{Member: p.Member, Elsewhere: true, RegionName: p.RegionName, Categories: []string{}}
		}
		out = append(out, p)
	}
	return out, rows.Err()
}

// resting are the household's warnings that lists have raised or joined.
func (c *Comparisons) resting(ctx context.Context, by *engine.Account, household string) ([]ResultWarning, error) {
	out := []ResultWarning{}
	if household == "" {
		return out, nil
	}
	scope, grants := by.InScope("w.")
	rows, err := c.Engine.Query(ctx, `SELECT w.id, w.title, w.level, w.state, w.evidence FROM warnings w WHERE w.home = ? AND w.deleted = 0 AND `+scope+` ORDER BY w.id DESC`,
		append([]any{household}, grants...)...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var w ResultWarning
		var evidence string
		if err := rows.Scan(&w.ID, &w.Title, &w.Level, &w.State, &evidence); err != nil {
			return nil, err
		}
		w.Queue = queueOf(w.State)
		var entries []struct{ ID string }
		if !decodeLoose(evidence, &entries) {
			continue
		}
		for _, e := range entries {
			if indicator.FromList(e.ID) {
				out = append(out, w)
				break
			}
		}
	}
	return out, rows.Err()
}

func (c *Comparisons) today() string { return zone.Day(c.Engine.Now()) }
