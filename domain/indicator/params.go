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

// Params are the settings in force, dated, with the working calendar. The zero
// value is the defaults and weekends only; Defaults has the holidays, too.
type Params struct {
	settings []Setting // by From
	Calendar workflow.Calendar
}

// Defaults are the table's own numbers and China's calendar.
func Defaults() Params { return Params{Calendar: workflow.China()} }

// NewParams checks settings and puts them in order; of two of one day and key the
// later in the list stands. The error names the key that is wrong.
func NewParams(settings []Setting, calendar workflow.Calendar) (Params, error) {
	for _, s := range settings {
		if _, err := time.Parse(time.DateOnly, s.From); err != nil {
			return Params{}, fmt.Errorf("indicator: setting %s: from %q is no date", s.Key, s.From)
		}
		if err := check(s); err != nil {
			return Params{}, err
		}
	}
	sorted := slices.Clone(settings)
	slices.SortStableFunc(sorted, func(a, b Setting) int { return strings.Compare(a.From, b.From) })
	return Params{sorted, calendar}, nil
}

func check(s Setting) error {
	code, name, owned := strings.Cut(s.Key, ".")
	if owned && Lookup(code) != nil {
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
	p := param(s.Key)
	if p == nil {
		return fmt.Errorf("indicator: no parameter %s", s.Key)
	}
	n, err := strconv.ParseFloat(s.Value, 64)
	if err != nil || !(n >= p.Low && n <= p.High) {
		return fmt.Errorf("indicator: setting %s: %q is no number from %v to %v", s.Key, s.Value, p.Low, p.High)
	}
	return nil
}

func param(key string) *Param {
	params := common
	if code, name, owned := strings.Cut(key, "."); owned {
		row := Lookup(code)
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
	if len(p.settings) == 0 {
		return ""
	}
	on := day.Format(time.DateOnly)
	found := ""
	for _, s := range p.settings {
		if s.From > on {
			break
		}
		if s.Key == key {
			found = s.Value
		}
	}
	return found
}

// Number is a parameter's value on a day. Keys come from the table: an unknown
// one is 0.
func (p Params) Number(key string, day time.Time) float64 {
	known := param(key)
	if known == nil {
		return 0
	}
	return p.orDefault(key, known.Default, day)
}

func (p Params) orDefault(key string, otherwise float64, day time.Time) float64 {
	if n, err := strconv.ParseFloat(p.setting(key, day), 64); err == nil {
		return n
	}
	return otherwise
}

func (p Params) level(row Indicator, day time.Time) Level {
	if l := p.setting(row.Code+".level", day); l != "" {
		return Level(l)
	}
	return row.Level
}

func (p Params) on(row Indicator, day time.Time) bool {
	return p.setting(row.Code+".on", day) != "false"
}
