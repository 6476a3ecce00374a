package assistance

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"doorstep/domain/parameter"
)

// Param is a number that the county sets, by date ([C] of the domain rules); Setting
// is one such decision.
type (
	Param   = parameter.Param
	Setting = parameter.Setting
)

// What the conditions measure by, and for each item Code + ".fresh_days": so long a
// delivery counts as delivered (0: for good).
var numbers = []Param{
	number("adult_age", "成年年龄", "岁", 18, 14, 30),
	number("elderly_age", "老年人年龄", "岁", 60, 50, 80),
	number("school_from", "上学年龄自", "岁", 3, 0, 20),
	number("school_to", "上学年龄至", "岁", 23, 10, 40),
	number("work_from", "劳动年龄自", "岁", 16, 14, 30),
	number("work_to", "劳动年龄至", "岁", 60, 40, 80),
	number("hard_to_place_male", "就业困难年龄(男)", "岁", 50, 30, 70),
	number("hard_to_place_female", "就业困难年龄(女)", "岁", 40, 30, 70),
	number("rehabilitation_age", "残疾儿童康复年龄低于", "岁", 18, 6, 20),
	number("recent_days", "突发情况在多少天内算近期", "天", 180, 1, 730),
}

func number(name, label, unit string, otherwise, low, high float64) Param {
	return Param{Name: name, Label: label, Unit: unit, Default: otherwise, Low: low, High: high}
}

func init() {
	for _, it := range matrix {
		numbers = append(numbers, number(it.Code+".fresh_days", it.Title+"在多少天内算已享受", "天", float64(it.FreshDays), 0, 3660))
	}
}

// Contact is a telephone number that a card shows: of a department, in an area (a
// region code or "" for the county), from a day on.
type Contact struct {
	Department string // "" the hotline for everything
	Region     string
	Number     string
	From       string
}

// Params are settings and contacts in force. The zero value has the defaults and no
// number to call.
type Params struct {
	settings []Setting
	contacts []Contact
}

// Defaults are the table's own numbers and the government hotline. A county's own
// numbers are not known here and are never invented.
func Defaults() Params {
	return Params{contacts: []Contact{{Number: "12345", From: "2024-11-12"}}}
}

// NewParams checks and orders settings and contacts; of two of one day the later in
// the list stands. The error names the one that is wrong.
func NewParams(settings []Setting, contacts []Contact) (Params, error) {
	ordered, err := parameter.Check(numbers, settings)
	if err != nil {
		return Params{}, fmt.Errorf("assistance: %w", err)
	}
	for _, c := range contacts {
		if _, err := time.Parse(time.DateOnly, c.From); err != nil || strings.TrimSpace(c.Number) == "" {
			return Params{}, fmt.Errorf("assistance: contact of %q: number %q from %q", c.Department, c.Number, c.From)
		}
	}
	p := Params{ordered, slices.Clone(contacts)}
	slices.SortStableFunc(p.contacts, func(a, b Contact) int { return strings.Compare(a.From, b.From) })
	return p, nil
}

// Number is a parameter's value on a day. To ask for one that is not there is a
// mistake in this package.
func (p Params) Number(name, day string) float64 {
	return parameter.At(numbers, p.settings, name, day).Value
}

// Phone is the number to call for an item on a day in a region: that of its leading
// department nearest to the region, else the hotline; "" if none is known.
func (p Params) Phone(it *Item, region, day string) string {
	return p.nearest(it.Departments[0], region, day)
}

// Hotline is the number for everything.
func (p Params) Hotline(region, day string) string { return p.nearest("", region, day) }

func (p Params) nearest(department, region, day string) string {
	best, out := -1, ""
	for _, c := range p.contacts {
		if c.Department != "" && c.Department != department || c.From > day || !strings.HasPrefix(region, c.Region) {
			continue
		}
		rank := len(c.Region)
		if c.Department != "" {
			rank += 100
		}
		if rank >= best {
			best, out = rank, c.Number
		}
	}
	return out
}
