package register

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"doorstep/domain/determination"
	"doorstep/domain/indicator"
	"doorstep/domain/parameter"
	"doorstep/sync/engine"
	"doorstep/sync/wire"
)

// Parameters is everything that the county sets by date, whichever rule goes by it, in
// one shape: the monitoring's numbers, levels and switches, the numbers of the test, those
// of referrals, files and supervision. Each area keeps its own table and its own checks.
type Parameters struct {
	Settings       *Settings
	Determinations *Determinations
}

// Areas that keep tables of their own.
const (
	areaMonitoring    = "monitoring"
	areaDetermination = "determination"
)

// Kinds of values: a JSON number, true or false, one of red, orange, yellow.
const (
	kindNumber = "number"
	kindSwitch = "switch"
	kindLevel  = "level"
)

// ParameterView is one parameter: what it is, what it may be, what is in force today and
// since when, and everything that was ever set, the oldest first, what comes in force
// later among it.
type ParameterView struct {
	Area      string             `json:"area"`
	AreaLabel string             `json:"area_label"`
	Group     string             `json:"group"` // within the area: an indicator's code and title; "" the area's own
	Key       string             `json:"key"`   // with the area it is what POST /parameters names
	Label     string             `json:"label"`
	Unit      string             `json:"unit"`
	Clause    string             `json:"clause"`
	Origin    string             `json:"origin"`  // of the default: P policy, N national rule, C the county's to set
	Example   bool               `json:"example"` // what is in force is an example that stands for no county's figure
	Kind      string             `json:"kind"`    // number, switch, level
	Low       float64            `json:"low"`     // of a number
	High      float64            `json:"high"`
	Default   any                `json:"default"`
	Value     any                `json:"value"`
	From      string             `json:"from"`     // "" the default: the county has set none
	Earliest  string             `json:"earliest"` // the first day from which something may be set; "" any
	History   []ParameterSetting `json:"history"`
}

// ParameterSetting is one decision of the county.
type ParameterSetting struct {
	From  string      `json:"from"`
	Value any         `json:"value"`
	Note  string      `json:"note"`
	By    wire.Person `json:"by"`
	At    string      `json:"at"`
}

// List lists the parameters of an area; "": of all.
func (p *Parameters) List(ctx context.Context, area string) ([]ParameterView, error) {
	out := []ParameterView{}
	err := p.Settings.Engine.View(ctx, func(v *engine.View) error {
		for _, read := range []func(*engine.View) ([]ParameterView, error){p.monitoring, p.determination, p.own} {
			views, err := read(v)
			if err != nil {
				return err
			}
			for _, view := range views {
				if area == "" || view.Area == area {
					out = append(out, view.standing(v.Today()))
				}
			}
		}
		return nil
	})
	return out, err
}

// standing says what of the history is in force on a day: of two of one day the later.
func (v ParameterView) standing(day string) ParameterView {
	v.AreaLabel, v.Value = areaLabels[v.Area], v.Default
	if v.History == nil {
		v.History = []ParameterSetting{}
	}
	for _, s := range v.History {
		if s.From <= day && s.From >= v.From {
			v.Value, v.From = s.Value, s.From
		}
	}
	v.Example = v.Example && v.From == ""
	return v
}

// parameterOf is the view of a number of a table.
func parameterOf(area, group string, n parameter.Param) ParameterView {
	label, _, _ := strings.Cut(n.Label, "(1是0否)")
	v := ParameterView{Area: area, Group: group, Key: n.Name, Label: label, Unit: n.Unit, Clause: n.Clause, Origin: "C", Kind: kindNumber, Low: n.Low, High: n.High}
	if n.Switch() {
		v.Kind = kindSwitch
	}
	v.Default = v.shown(n.Default)
	return v
}

// shown is a number as the view's kind has it.
func (v ParameterView) shown(n float64) any {
	if v.Kind == kindSwitch {
		return n == 1
	}
	return n
}

func (p *Parameters) own(r *engine.View) ([]ParameterView, error) {
	made, err := readSettings(r)
	if err != nil {
		return nil, err
	}
	var out []ParameterView
	for _, a := range ownAreas {
		for _, n := range a.numbers.Table() {
			v := parameterOf(a.code, "", n)
			v.Earliest = r.Today()
			for _, x := range made {
				if x.area == a.code && x.Name == n.Name {
					v.History = append(v.History, ParameterSetting{x.From, v.shown(x.Value), x.note, x.by, x.at})
				}
			}
			out = append(out, v)
		}
	}
	return out, nil
}

func (p *Parameters) determination(r *engine.View) ([]ParameterView, error) {
	rows, err := r.Query(`SELECT d.name, d.from_day, d.value, d.note, d.set_by, coalesce(u.name, ''), d.set_at FROM determination_settings d LEFT JOIN users u ON u.id = d.set_by ORDER BY d.id`)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var out []ParameterView
	at := map[string]int{}
	for i, n := range determination.Numbers() {
		v := parameterOf(areaDetermination, "", n.Param)
		if v.Clause == "" {
			v.Clause = "二(一)(二)" // the order of determination
		}
		v.Origin, v.Example = n.Origin, n.Example
		out, at[n.Name] = append(out, v), i
	}
	for rows.Next() {
		var name string
		var value float64
		var s ParameterSetting
		if err := rows.Scan(&name, &s.From, &value, &s.Note, &s.By.ID, &s.By.Name, &s.At); err != nil {
			return nil, err
		}
		if i, there := at[name]; there {
			s.Value = out[i].shown(value)
			out[i].History = append(out[i].History, s)
		}
	}
	return out, rows.Err()
}

func (p *Parameters) monitoring(r *engine.View) ([]ParameterView, error) {
	changes, err := readChanges(r)
	if err != nil {
		return nil, err
	}
	var out []ParameterView
	for _, row := range p.Settings.Monitor.Warnings.InForce().Rows() {
		group := row.Code + " " + row.Title
		of := ParameterView{Area: areaMonitoring, Group: group, Clause: row.Clause, Origin: "C"}
		level, on := of, of
		level.Key, level.Label, level.Kind, level.Default = row.Code+".level", levelLabel, kindLevel, string(row.Level)
		on.Key, on.Label, on.Kind, on.Default = row.Code+".on", switchLabel, kindSwitch, !row.Own
		out = append(out, on, level)
		for _, n := range row.Params {
			v := parameterOf(areaMonitoring, group, n)
			v.Key, v.Clause = row.Code+"."+n.Name, row.Clause
			out = append(out, v)
		}
	}
	for _, n := range indicator.Common() {
		v := parameterOf(areaMonitoring, "", n)
		v.Clause = "三(四)"
		out = append(out, v)
	}
	for i := range out {
		out[i].Earliest = r.Today()
		for _, c := range changes {
			if c.Topic == topicIndicator && c.Key == out[i].Key {
				out[i].History = append(out[i].History, ParameterSetting{c.From, out[i].read(c.Value), c.Note, c.By, c.At})
			}
		}
	}
	return out, nil
}

// read is a value as the monitoring keeps it: a text.
func (v ParameterView) read(text string) any {
	switch n, err := strconv.ParseFloat(text, 64); {
	case v.Kind == kindLevel:
		return text
	case err != nil:
		return text == "true"
	default:
		return v.shown(n)
	}
}

// NewSetting is a decision to be made: from "" is today.
type NewSetting struct {
	Area  string `json:"area" validate:"required,max=20"`
	Key   string `json:"key" validate:"required,max=60"`
	From  string `json:"from" validate:"omitempty,datetime=2006-01-02"`
	Value any    `json:"value"`
	Note  string `json:"note" validate:"required,max=500"`
}

// Set makes a decision about any of them, and tells how the parameter stands then.
func (p *Parameters) Set(ctx context.Context, by *engine.Account, origin string, n NewSetting) (*ParameterView, error) {
	v, err := p.one(ctx, n.Area, n.Key)
	if err != nil {
		return nil, err
	}
	if n.From == "" {
		n.From = today(p.Settings.Engine)
	}
	number, text, ok := v.said(n.Value)
	if !ok {
		return nil, wire.InvalidField("value", settingText("kind", kindWords[v.Kind]))
	}
	switch n.Area {
	case areaMonitoring:
		if text == "" {
			text = yuan(number)
		}
		err = p.Settings.Monitor.SetNumber(ctx, by, indicator.Setting{Key: n.Key, From: n.From, Value: text}, n.Note, origin)
	case areaDetermination:
		err = p.Determinations.Set(ctx, by, origin, []parameter.Setting{{Name: n.Key, From: n.From, Value: number}}, n.Note)
	default:
		err = p.Settings.Set(ctx, by, origin, n.Area, parameter.Setting{Name: n.Key, From: n.From, Value: number}, n.Note)
	}
	if err != nil {
		return nil, err
	}
	return p.one(ctx, n.Area, n.Key)
}

func (p *Parameters) one(ctx context.Context, area, key string) (*ParameterView, error) {
	if areaLabels[area] == "" {
		return nil, wire.InvalidField("area", settingText("area"))
	}
	list, err := p.List(ctx, area)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(list, func(v ParameterView) bool { return v.Key == key })
	if i < 0 {
		return nil, wire.InvalidField("key", settingText("key"))
	}
	return &list[i], nil
}

// said takes a value of the parameter's kind: as a number, or as the text that an
// indicator's switch or level is kept as.
func (v ParameterView) said(value any) (number float64, text string, ok bool) {
	switch x := value.(type) {
	case float64:
		return x, "", v.Kind == kindNumber
	case bool:
		if v.Kind != kindSwitch {
			return 0, "", false
		}
		if _, isOn := isSwitch(v.Key); isOn && v.Area == areaMonitoring {
			return 0, strconv.FormatBool(x), true
		}
		if x {
			number = 1
		}
		return number, "", true
	case string:
		return 0, x, v.Kind == kindLevel
	default:
		return 0, "", false
	}
}
