package register

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"doorstep/domain/indicator"
	"doorstep/domain/workflow"
	"doorstep/domain/zone"
	"doorstep/sync/engine"
	"doorstep/sync/wire"

	"github.com/go-json-experiment/json"
)

// Monitor is the county's monitoring (动态监测): the parameters in force, the county's
// own indicators, what is done with warnings, the nightly round.
type Monitor struct {
	Engine   *engine.Engine
	Warnings *Warnings

	entitled *Entitlements // nil: no such rule
	changing sync.Mutex    // one change of the parameters at a time
	round    round
}

// Topics of the settings table.
const (
	topicIndicator = "indicator" // key, value: of indicator.Setting
	topicCalendar  = "calendar"  // key "from..to", value a day's name and whether it is worked
	topicOwn       = "own"       // key the code, value an own indicator
)

// Change is one decision about the monitoring, as it was made.
type Change struct {
	Topic string      `json:"topic"`
	Key   string      `json:"key"`
	From  string      `json:"from"`
	Value string      `json:"value"`
	Note  string      `json:"note"`
	By    wire.Person `json:"by"`
	At    string      `json:"at"`
}

// maxChanges bounds what a county ever decides; each costs a line in memory.
const maxChanges = 5000

// OpenMonitor reads what the county has decided and puts it in force.
func OpenMonitor(ctx context.Context, e *engine.Engine, rules []engine.Rule) (*Monitor, error) {
	m := &Monitor{Engine: e, Warnings: &Warnings{Params: indicator.Defaults()}}
	for _, r := range rules {
		switch rule := r.(type) {
		case *Warnings:
			m.Warnings = rule
		case *Entitlements:
			m.entitled = rule
		}
	}
	changes, err := m.Changes(ctx)
	if err != nil {
		return nil, err
	}
	params, err := paramsOf(changes)
	if err != nil {
		return nil, fmt.Errorf("register: the monitoring's settings: %w", err)
	}
	m.Warnings.SetParams(params)
	return m, nil
}

// Changes lists every decision, the oldest first.
func (m *Monitor) Changes(ctx context.Context) (out []Change, err error) {
	err = m.Engine.View(ctx, func(v *engine.View) error {
		out, err = readChanges(v)
		return err
	})
	return out, err
}

type queries interface {
	Query(query string, args ...any) (*sql.Rows, error)
}

func readChanges(q queries) ([]Change, error) {
	rows, err := q.Query(`SELECT topic, key, from_day, value, note, account, name, at FROM monitoring_settings ORDER BY id LIMIT ?`, maxChanges)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	out := []Change{}
	for rows.Next() {
		var c Change
		if err := rows.Scan(&c.Topic, &c.Key, &c.From, &c.Value, &c.Note, &c.By.ID, &c.By.Name, &c.At); err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, rows.Err()
}

// paramsOf is what the decisions come to: of two about one day the later stands.
func paramsOf(changes []Change) (indicator.Params, error) {
	var settings []indicator.Setting
	var days []workflow.Exception
	var own []indicator.Own
	for _, c := range changes {
		switch c.Topic {
		case topicIndicator:
			settings = append(settings, indicator.Setting{Key: c.Key, From: c.From, Value: c.Value})
		case topicCalendar:
			var d Days
			if err := json.Unmarshal([]byte(c.Value), &d); err != nil {
				return indicator.Params{}, err
			}
			days = append(days, workflow.Exception{From: d.From, To: d.To, Name: d.Name, Worked: d.Worked})
		case topicOwn:
			o, err := ownOf(c)
			if err != nil {
				return indicator.Params{}, err
			}
			own = append(slices.DeleteFunc(own, func(x indicator.Own) bool { return x.Code == o.Code }), o)
		}
	}
	return indicator.NewParams(settings, workflow.China().With(days...), own...)
}

// Set makes one decision: it is checked against all that stands, written with who and
// when, and in force from the next transaction on. From a past day nothing can be set:
// what was raised then was raised by what stood then.
func (m *Monitor) Set(ctx context.Context, by *engine.Account, c Change, origin string) error {
	today := today(m.Engine)
	if c.From == "" {
		c.From = today
	}
	if c.From < today {
		return wire.InvalidField("from", "生效日期不能早于今天。")
	}
	m.changing.Lock()
	defer m.changing.Unlock()
	var params indicator.Params
	err := m.Engine.Update(ctx, func(tx *engine.Tx) error {
		known, err := readChanges(tx)
		if err != nil {
			return err
		}
		if len(known) >= maxChanges {
			return wire.InvalidField("key", "监测设置已达上限。")
		}
		if params, err = paramsOf(append(known, c)); err != nil {
			return refused(err)
		}
		if code, is := isSwitch(c.Key); is && c.Topic == topicIndicator && c.Value == "true" && params.Lookup(code).Own && !tried(known, code) {
			return wire.InvalidField("value", "请先用现有数据试算，再启用该指标。")
		}
		if err := tx.Exec(`INSERT INTO monitoring_settings (topic, key, from_day, value, note, account, name, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
			c.Topic, c.Key, c.From, c.Value, c.Note, by.ID, by.Name, wire.Format(tx.Now())); err != nil {
			return err
		}
		return tx.Audit(by, origin, "monitoring."+c.Topic, c.Key, c.From+" "+c.Value+" "+c.Note)
	})
	if err == nil {
		m.Warnings.SetParams(params)
	}
	return err
}

// refused tells whoever sets what is wrong, in the words of the rule that found it.
func refused(err error) error {
	if errors.Is(err, indicator.ErrExpression) {
		return wire.InvalidField("expression", "表达式有误："+err.Error())
	}
	return wire.InvalidField("value", "该设置不成立："+err.Error())
}

func today(e *engine.Engine) string { return zone.Day(e.Now()) }

// SetNumber sets a parameter, a level or a switch from a day on.
func (m *Monitor) SetNumber(ctx context.Context, by *engine.Account, s indicator.Setting, note, origin string) error {
	return m.Set(ctx, by, Change{Topic: topicIndicator, Key: s.Key, From: s.From, Value: s.Value, Note: note}, origin)
}

// Days are holidays or worked weekends that the State Council, or the county for a
// disaster, announced.
type Days struct {
	From   string `json:"from" validate:"required,datetime=2006-01-02"`
	To     string `json:"to" validate:"required,datetime=2006-01-02,gtefield=From"`
	Name   string `json:"name" validate:"required,max=40"`
	Worked bool   `json:"worked"`
}

// longestDays is what one announcement may cover.
const longestDays = 60

// SetDays adds to the working calendar. Deadlines that were counted before stay.
func (m *Monitor) SetDays(ctx context.Context, by *engine.Account, d Days, note, origin string) error {
	from, err1 := time.Parse(time.DateOnly, d.From)
	to, err2 := time.Parse(time.DateOnly, d.To)
	if err1 != nil || err2 != nil || to.Before(from) || to.Sub(from) > longestDays*24*time.Hour {
		return wire.InvalidField("to", "日期应从早到晚，一次最长60天。")
	}
	value, err := json.Marshal(d, json.Deterministic(true))
	if err != nil {
		return err
	}
	return m.Set(ctx, by, Change{Topic: topicCalendar, Key: d.From + ".." + d.To, Value: string(value), Note: note}, origin)
}

// SetOwn keeps an own indicator. It is switched off; a changed expression is switched
// off again, until somebody has tried it and switches it on.
func (m *Monitor) SetOwn(ctx context.Context, by *engine.Account, o indicator.Own, note, origin string) error {
	if err := indicator.CheckOwn(o); err != nil {
		return refused(err)
	}
	if m.Warnings.InForce().Lookup(o.Code) != nil {
		if indicator.Lookup(o.Code) != nil {
			return wire.InvalidField("code", "该编码已被系统指标使用。")
		}
		if err := m.SetNumber(ctx, by, indicator.Setting{Key: o.Code + ".on", Value: "false"}, note, origin); err != nil {
			return err
		}
	}
	value, err := json.Marshal(o, json.Deterministic(true))
	if err != nil {
		return err
	}
	return m.Set(ctx, by, Change{Topic: topicOwn, Key: o.Code, Value: string(value), Note: note}, origin)
}
