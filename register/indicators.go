package register

import (
	"context"
	"slices"
	"strings"
	"time"

	"doorstep/domain/indicator"
	"doorstep/domain/workflow"
	"doorstep/domain/zone"
	"doorstep/sync/engine"
)

// IndicatorItem is a row of the table as the county's desk shows it: what it is, what
// is in force today, and how often it was right.
type IndicatorItem struct {
	Code        string      `json:"code"`
	Title       string      `json:"title"`
	Family      string      `json:"family"`
	FamilyLabel string      `json:"family_label"`
	Clause      string      `json:"clause"`
	Sources     []Labelled  `json:"sources"`
	Reach       string      `json:"reach"`
	Level       string      `json:"level"`
	Levels      []string    `json:"levels"`
	On          bool        `json:"on"`
	Own         bool        `json:"own"`
	Expression  string      `json:"expression,omitempty"`
	Begins      string      `json:"begins"` // office, county: no tablet reads it; "": the village sees it
	ClearsSelf  bool        `json:"clears_itself"`
	Disposition []string    `json:"disposition"`
	Params      []ParamItem `json:"params"`
	Precision   Precision   `json:"precision"`
}

// Labelled is a code with its official word.
type Labelled struct {
	Code  string `json:"code"`
	Label string `json:"label"`
}

// ParamItem is a number with what is in force today.
type ParamItem struct {
	Key     string  `json:"key"`
	Label   string  `json:"label"`
	Unit    string  `json:"unit"`
	Value   float64 `json:"value"`
	Default float64 `json:"default"`
	Low     float64 `json:"low"`
	High    float64 `json:"high"`
}

// Precision is what became of an indicator's warnings (三(四)). A share is given only
// over those that a person decided: help came or an end, against nothing needed or not
// true. Those that settled by themselves are counted apart.
type Precision struct {
	Raised      int      `json:"raised"`
	Open        int      `json:"open"`
	Delivered   int      `json:"delivered"`
	Ended       int      `json:"ended"`
	NoHelp      int      `json:"no_help"`
	Unconfirmed int      `json:"unconfirmed"`
	Cleared     int      `json:"cleared"`
	Share       *float64 `json:"share"` // nil while nobody decided
}

// Indicators lists all rows with what is in force today, and their precision in the
// account's scope since a day.
func (m *Monitor) Indicators(ctx context.Context, by *engine.Account, since string) ([]IndicatorItem, error) {
	counts, err := m.Engine.WarningCounts(ctx, by, since)
	if err != nil {
		return nil, err
	}
	changes, err := m.Changes(ctx)
	if err != nil {
		return nil, err
	}
	params, day := m.Warnings.InForce(), m.Engine.Now().In(zone.China)
	out := []IndicatorItem{}
	for _, row := range params.Rows() {
		it := IndicatorItem{Code: row.Code, Title: row.Title, Family: string(row.Family), FamilyLabel: indicator.FamilyLabels[row.Family], Clause: row.Clause,
			Reach: string(row.Reach), Level: string(params.Level(row, day)), Levels: []string{"red", "orange", "yellow"}, On: params.On(row, day), Own: row.Own,
			Begins: row.Begins, ClearsSelf: row.ClearsItself(), Disposition: row.Disposition, Params: []ParamItem{}, Precision: precisionOf(row.Code, counts)}
		for _, s := range indicator.Sources {
			if slices.Contains(row.Sources, s.Code) {
				it.Sources = append(it.Sources, Labelled{s.Code, s.Label})
			}
		}
		for _, p := range row.Params {
			it.Params = append(it.Params, item(params, row.Code+"."+p.Name, p, day))
		}
		if row.Own {
			it.Expression = expressionOf(changes, row.Code)
		}
		out = append(out, it)
	}
	return out, nil
}

func item(params indicator.Params, key string, p indicator.Param, day time.Time) ParamItem {
	return ParamItem{key, p.Label, p.Unit, params.Number(key, day), p.Default, p.Low, p.High}
}

// Deadlines lists the numbers that all indicators share.
func (m *Monitor) Deadlines() []ParamItem {
	var out []ParamItem
	for _, p := range indicator.Common() {
		out = append(out, item(m.Warnings.InForce(), p.Name, p, m.Engine.Now().In(zone.China)))
	}
	return out
}

func precisionOf(code string, counts []engine.WarningCount) Precision {
	var p Precision
	for _, c := range counts {
		if c.Indicator != code {
			continue
		}
		p.Raised += c.Count
		p.Cleared += c.Cleared
		decided := c.Count - c.Cleared
		switch {
		case workflow.IsOpen(c.State):
			p.Open += c.Count
		case c.State == "delivered":
			p.Delivered += decided
		case c.State == "ended":
			p.Ended += decided
		case c.State == "no_help":
			p.NoHelp += decided
		case c.State == "unconfirmed":
			p.Unconfirmed += decided
		}
	}
	if right, all := p.Delivered+p.Ended, p.Delivered+p.Ended+p.NoHelp+p.Unconfirmed; all > 0 {
		share := float64(right) / float64(all)
		p.Share = &share
	}
	return p
}

// Calendar lists the working days of a year that depart from Monday to Friday.
func (m *Monitor) Calendar(year int) []Days {
	out := []Days{}
	c := m.Warnings.InForce().Calendar
	for day := time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC); day.Year() == year; day = day.AddDate(0, 0, 1) {
		weekday := day.Weekday() != time.Saturday && day.Weekday() != time.Sunday
		if worked := c.Worked(day); worked != weekday {
			on := day.Format(time.DateOnly)
			out = append(out, Days{From: on, To: on, Name: c.Name(day), Worked: worked})
		}
	}
	return out
}

func expressionOf(changes []Change, code string) string {
	for _, c := range slices.Backward(changes) {
		if c.Topic == topicOwn && c.Key == code {
			if o, err := ownOf(c); err == nil {
				return o.Expression
			}
		}
	}
	return ""
}

// isSwitch reports whether a key switches an indicator, and which.
func isSwitch(key string) (code string, is bool) { return strings.CutSuffix(key, ".on") }
