package indicator

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"doorstep/domain/workflow"
)

// Setting is one decision of the county: from a day on, a key has a value. Keys
// are "verify_red" …, "dispose", Code + "." + parameter, Code + ".level" and
// Code + ".on" (true or false).
type Setting struct {
	Key   string
	From  string // YYYY-MM-DD
	Value string
}

// Params are the settings in force, dated, with the working calendar and the county's
// own indicators. The zero value is the defaults and weekends only; Defaults has the
// holidays, too.
type Params struct {
	settings map[string][]Setting // by key, in order of From
	Calendar workflow.Calendar
	rows     []Indicator // the table and the county's own; nil: the table
}

// Defaults are the table's own numbers and China's calendar.
func Defaults() Params { return Params{Calendar: workflow.China()} }

// NewParams checks settings and puts them in order; of two of one day and key the
// later in the list stands. The error names the key that is wrong.
func NewParams(settings []Setting, calendar workflow.Calendar, own ...Own) (Params, error) {
	p := Params{settings: map[string][]Setting{}, Calendar: calendar}
	if len(own) > MaxOwn {
		return Params{}, fmt.Errorf("indicator: %d own indicators, the limit is %d", len(own), MaxOwn)
	}
	for _, o := range own {
		if p.Lookup(o.Code) != nil {
			return Params{}, fmt.Errorf("indicator: code %s is taken", o.Code)
		}
		row, err := o.row()
		if err != nil {
			return Params{}, err
		}
		p.rows = append(slices.Clone(p.Rows()), row)
	}
	for _, s := range settings {
		if err := p.Check(s); err != nil {
			return Params{}, err
		}
		p.settings[s.Key] = append(p.settings[s.Key], s)
	}
	for _, list := range p.settings {
		slices.SortStableFunc(list, func(a, b Setting) int { return strings.Compare(a.From, b.From) })
	}
	return p, nil
}

// Rows are all indicators: the table, and the county's own behind it.
func (p Params) Rows() []Indicator {
	if p.rows == nil {
		return table
	}
	return p.rows
}

// Lookup finds a row by its code; nil if there is none.
func (p Params) Lookup(code string) *Indicator {
	rows := p.Rows()
	for i := range rows {
		if rows[i].Code == code {
			return &rows[i]
		}
	}
	return nil
}

// Concerned lists the rows that any of the changes may raise.
func (p Params) Concerned(changes []Change) []Indicator {
	var out []Indicator
	for _, row := range p.Rows() {
		if slices.ContainsFunc(changes, row.Watches.concerns) {
			out = append(out, row)
		}
	}
	return out
}

// Check says what is wrong with a setting; the error names its key.
func (p Params) Check(s Setting) error {
	if _, err := time.Parse(time.DateOnly, s.From); err != nil {
		return fmt.Errorf("indicator: setting %s: from %q is no date", s.Key, s.From)
	}
	code, name, owned := strings.Cut(s.Key, ".")
	if owned && p.Lookup(code) != nil {
		switch name {
		case "level":
			if l := Level(s.Value); l != Red && l != Orange && l != Yellow {
				return fmt.Errorf("indicator: setting %s: %q is no level", s.Key, s.Value)
			}
			return nil
		case "on":
			if s.Value != "true" && s.Value != "false" {
				return fmt.Errorf("indicator: setting %s: %q is neither true nor false", s.Key, s.Value)
			}
			return nil
		}
	}
	known := p.param(s.Key)
	if known == nil {
		return fmt.Errorf("indicator: no parameter %s", s.Key)
	}
	n, err := strconv.ParseFloat(s.Value, 64)
	if err != nil || !(n >= known.Low && n <= known.High) {
		return fmt.Errorf("indicator: setting %s: %q is no number from %v to %v", s.Key, s.Value, known.Low, known.High)
	}
	return nil
}

// Common are the numbers that all indicators share.
func Common() []Param { return common }

func (p Params) param(key string) *Param {
	params := common
	if code, name, owned := strings.Cut(key, "."); owned {
		row := p.Lookup(code)
		if row == nil {
			return nil
		}
		params, key = row.Params, name
	}
	for i := range params {
		if params[i].Name == key {
			return &params[i]
		}
	}
	return nil
}

// setting is the value of a key on a day, "" where the county has set none.
func (p Params) setting(key string, day time.Time) string {
	list := p.settings[key]
	if len(list) == 0 {
		return ""
	}
	on, found := day.Format(time.DateOnly), ""
	for _, s := range list {
		if s.From > on {
			break
		}
		found = s.Value
	}
	return found
}

// Number is a parameter's value on a day. Keys come from the table: an unknown
// one is 0.
func (p Params) Number(key string, day time.Time) float64 {
	known := p.param(key)
	if known == nil {
		return 0
	}
	return p.orDefault(key, known.Default, day)
}

func (p Params) orDefault(key string, otherwise float64, day time.Time) float64 {
	if set := p.setting(key, day); set != "" {
		if n, err := strconv.ParseFloat(set, 64); err == nil {
			return n
		}
	}
	return otherwise
}

// Level is how grave an indicator is on a day.
func (p Params) Level(row Indicator, day time.Time) Level {
	if l := p.setting(row.Code+".level", day); l != "" {
		return Level(l)
	}
	return row.Level
}

// On reports whether an indicator is switched on. The county's own are off until
// somebody switches them on.
func (p Params) On(row Indicator, day time.Time) bool {
	set := p.setting(row.Code+".on", day)
	if set == "" {
		return !row.Own
	}
	return set == "true"
}
