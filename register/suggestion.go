package register

import (
	"cmp"
	"context"
	"slices"

	"doorstep/domain/indicator"
	"doorstep/domain/priority"
	"doorstep/domain/region"
	"doorstep/domain/workflow"
	"doorstep/domain/zone"
	"doorstep/sync/engine"
	"doorstep/sync/wire"
)

// Suggestion is a household in the order in which to see them (智能研判), with each
// point explained. Nothing follows from it but the order.
type Suggestion struct {
	Household   string           `json:"household"`
	HeadName    string           `json:"head_name"`
	Region      string           `json:"region"`
	LastVisited string           `json:"last_visited"`
	Points      int              `json:"points"`
	Reasons     []SuggestionWord `json:"reasons"`
}

// SuggestionWord is one row of the score that was met.
type SuggestionWord struct {
	Code   string `json:"code"`
	Label  string `json:"label"`
	Clause string `json:"clause"`
	Points int    `json:"points"`
	Times  int    `json:"times"`
}

// maxSuggested is how many households of a village are looked at; none has more.
const maxSuggested = 2000

// Suggest orders the households of a village that the account sees. off: the county has
// not switched it on.
func (m *Monitor) Suggest(ctx context.Context, by *engine.Account, village string, limit int, origin string) (list []Suggestion, off bool, err error) {
	if len(village) != 12 || !region.Valid(village) {
		return nil, false, wire.InvalidField("area", "请选择一个村(社区)。")
	}
	list = []Suggestion{}
	if m.Warnings.InForce().Number(indicator.SuggestSwitch, m.Engine.Now().In(zone.China)) != 1 {
		return list, true, nil
	}
	err = m.Engine.View(ctx, func(v *engine.View) error {
		ids, err := idsOf(v.Query(`SELECT id FROM households WHERE area = ? AND deleted = 0 AND home = id AND state <> 'closed' ORDER BY id LIMIT ?`, village, maxSuggested))
		if err != nil {
			return err
		}
		scores, err := m.Scores(v, ids)
		if err != nil {
			return err
		}
		for _, id := range ids {
			h, ok, err := v.Record("households", id)
			if err != nil {
				return err
			}
			if !ok || !h.SeenBy(by) {
				continue
			}
			s := Suggestion{Household: id, HeadName: h.Text("head_name"), Region: h.Area(), LastVisited: h.Text("last_visited"), Points: scores[id].Points, Reasons: []SuggestionWord{}}
			for _, r := range scores[id].Reasons {
				s.Reasons = append(s.Reasons, SuggestionWord(r))
			}
			list = append(list, s)
		}
		return nil
	})
	if err != nil {
		return nil, false, err
	}
	slices.SortStableFunc(list, func(a, b Suggestion) int {
		return cmp.Or(cmp.Compare(b.Points, a.Points), cmp.Compare(a.LastVisited, b.LastVisited))
	})
	return list[:min(limit, len(list))], false, m.Engine.Audit(ctx, by.ID, "", origin, "visit.suggest", village, "")
}

// Scores holds the table against these households, read at once.
func (m *Monitor) Scores(v *engine.View, ids []string) (map[string]priority.Score, error) {
	params := m.Warnings.InForce()
	types := []string{"households", "warnings"}
	for _, p := range parts {
		types = append(types, p.typ)
	}
	read, err := m.Warnings.pageAhead(v, ids, indicator.All(), types)
	if err != nil {
		return nil, err
	}
	out := make(map[string]priority.Score, len(ids))
	for _, id := range ids {
		facts, err := read.gather(v, id, indicator.All())
		if err != nil {
			return nil, err
		}
		if facts == nil {
			continue
		}
		f := priority.Facts{Facts: *facts, VisitDays: indicator.VisitDays(*facts, params)}
		known, err := v.Records("warnings", id)
		if err != nil {
			return nil, err
		}
		for _, k := range known {
			if workflow.IsOpen(k.Text("state")) {
				f.OpenWarnings++
			}
		}
		out[id] = priority.Of(f)
	}
	return out, nil
}
