package register

import (
	"context"
	"sync"

	"doorstep/domain/indicator"
	"doorstep/sync/engine"
	"doorstep/sync/wire"

	"github.com/go-json-experiment/json"
)

// Trial is what an own indicator would raise today.
type Trial struct {
	Expression string    `json:"expression"`
	Households int       `json:"households"`
	Found      int       `json:"found"`
	Examples   []Example `json:"examples"`
}

// Example is one household that it finds.
type Example struct {
	Household string `json:"household"`
	HeadName  string `json:"head_name"`
	Region    string `json:"region"`
}

const maxExamples = 20

// trying lets one trial through at a time: it reads the whole county.
var trying sync.Mutex

// topicTrial keeps what a trial found, so that nobody switches on what nobody tried.
const topicTrial = "trial"

// Try holds an own indicator against the present data of the account's scope, beside
// the writer, and keeps the figure.
func (m *Monitor) Try(ctx context.Context, by *engine.Account, o indicator.Own, origin string) (*Trial, error) {
	if err := indicator.CheckOwn(o); err != nil {
		return nil, refused(err)
	}
	if !trying.TryLock() {
		return nil, wire.Err(wire.Busy, "")
	}
	defer trying.Unlock()
	day := today(m.Engine)
	params, err := indicator.NewParams([]indicator.Setting{{Key: o.Code + ".on", From: day, Value: "true"}}, m.Warnings.InForce().Calendar, o)
	if err != nil {
		return nil, refused(err)
	}
	rule := m.Warnings.reading()
	rule.Params = params
	out := &Trial{Expression: o.Expression, Examples: []Example{}}
	for after := ""; ; {
		ids, err := m.tryPage(ctx, by, rule, params.Lookup(o.Code), after, out)
		if err != nil {
			return nil, err
		}
		if len(ids) < roundPage {
			break
		}
		after = ids[len(ids)-1]
	}
	value, err := json.Marshal(out, json.Deterministic(true))
	if err != nil {
		return nil, err
	}
	return out, m.Set(ctx, by, Change{Topic: topicTrial, Key: o.Code, From: day, Value: string(value)}, origin)
}

func (m *Monitor) tryPage(ctx context.Context, by *engine.Account, rule *Warnings, row *indicator.Indicator, after string, out *Trial) (ids []string, err error) {
	rows := []indicator.Indicator{*row}
	err = m.Engine.View(ctx, func(v *engine.View) error {
		if ids, err = householdsAfter(v, after); err != nil || len(ids) == 0 {
			return err
		}
		types := []string{"households"}
		for _, p := range parts {
			if p.asked(rows) {
				types = append(types, p.typ)
			}
		}
		read, err := rule.pageAhead(v, ids, rows, types)
		if err != nil {
			return err
		}
		for _, id := range ids {
			if err := ctx.Err(); err != nil {
				return err
			}
			h, ok, err := v.Record("households", id)
			if err != nil {
				return err
			}
			if !ok || !h.SeenBy(by) {
				continue
			}
			facts, err := read.gather(v, id, rows)
			if err != nil || facts == nil {
				return err
			}
			out.Households++
			if len(indicator.EvaluateOf(rows, *facts, read.Params)) == 0 {
				continue
			}
			if out.Found++; len(out.Examples) < maxExamples {
				out.Examples = append(out.Examples, Example{id, h.Text("head_name"), h.Area()})
			}
		}
		return nil
	})
	return ids, err
}

// tried reports whether somebody tried this very expression.
func tried(changes []Change, code string) bool {
	expression := expressionOf(changes, code)
	for _, c := range changes {
		var t Trial
		if c.Topic == topicTrial && c.Key == code && json.Unmarshal([]byte(c.Value), &t) == nil && t.Expression == expression {
			return true
		}
	}
	return false
}

func ownOf(c Change) (o indicator.Own, err error) {
	err = json.Unmarshal([]byte(c.Value), &o)
	return o, err
}
