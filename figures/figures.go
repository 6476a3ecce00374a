// Package figures counts what the county's group monitor shows (看板): one table of
// figures, each with its label, its unit, the condition that makes it and the list that
// stands behind it. The condition is written once: the count and the list are both made
// of it, so that they cannot differ.
//
// It reads through the engine's snapshots and decides nothing. What a household is
// entitled to, or when a warning is overdue, is decided elsewhere (domain/, register/).
package figures

import (
	"cmp"
	"strings"
)

// List is the screen on which the things that a figure counts are listed.
type List string

const (
	Households List = "households"
	Warnings   List = "warnings"
	Devices    List = "devices"
	Reviews    List = "reviews" // the whole queue
	Cases      List = "cases"
	Ops        List = "ops"
)

// Kind says what a figure is split by: its values have words of one table.
type Kind string

const (
	Whole       Kind = "" // not split
	ByCategory  Kind = "category"
	ByItem      Kind = "item"
	ByOffice    Kind = "department"
	ByIndicator Kind = "indicator"
	BySeen      Kind = "seen"
	ByMonth     Kind = "month"
)

// Figure is one row of the table.
type Figure struct {
	Key   string `json:"key"`
	Label string `json:"label"`
	Unit  string `json:"unit"`
	Note  string `json:"note"` // what exactly is counted
	Of    Kind   `json:"of"`
	List  List   `json:"list"`
	Queue string `json:"queue,omitempty"` // of the list, where the screen has several
	Sum   string `json:"sum,omitempty"`   // what the amount beside the count is called

	tile   string
	from   string // its rows, under the name x
	index  string // by which they are counted for the whole county; "": as SQLite finds best
	near   string // by which they are counted for some villages; "": by the same
	where  string // which of them; names of moments stand in it ($today)
	by     string // what it is split by
	amount string // what is summed
	area   string // "": x.area
}

// Share is a figure made of two: how much of the whole is the part.
type Share struct {
	Key   string   `json:"key"`
	Label string   `json:"label"`
	Note  string   `json:"note"`
	Part  []string `json:"part"` // key, or key and the value it is split by
	Whole []string `json:"whole"`

	tile string
}

// Tile is a part of the monitor: figures that are read together.
type Tile struct {
	Key     string   `json:"key"`
	Title   string   `json:"title"`
	Lead    string   `json:"lead"`
	Figures []Figure `json:"figures"`
	Shares  []Share  `json:"shares"`
}

// Tiles lists the monitor's parts in their order, with their figures.
func Tiles() []Tile {
	out := []Tile{}
	for _, t := range tiles {
		t.Figures, t.Shares = []Figure{}, []Share{}
		for _, f := range table {
			if f.tile == t.Key {
				t.Figures = append(t.Figures, f)
			}
		}
		for _, s := range shares {
			if s.tile == t.Key {
				t.Shares = append(t.Shares, s)
			}
		}
		out = append(out, t)
	}
	return out
}

// Lookup finds a figure; nil if there is none.
func Lookup(key string) *Figure {
	for i := range table {
		if table[i].Key == key {
			return &table[i]
		}
	}
	return nil
}

// counted is what one row of the figure's list is: a household may stand in several
// rows of what is counted.
func (f *Figure) counted() string {
	if f.List == Households && f.from != "households x" {
		return "count(DISTINCT x.home)"
	}
	return "count(*)"
}

func (f *Figure) areaOf() string {
	if f.area != "" {
		return f.area
	}
	return "x.area"
}

// sql counts the figure for every village, or for those of a list (near), and every value
// that it is split by.
func (f *Figure) sql(m moment, near bool) string {
	by, amount, group := "''", "0", "1"
	if f.by != "" {
		by, group = f.by, "1, 2"
	}
	if f.amount != "" {
		amount = "total(" + f.amount + ")"
	}
	from, where, index := f.from, f.where, f.index
	if near {
		where, index = where+" AND "+f.areaOf()+" IN (SELECT value FROM json_each(?))", cmp.Or(f.near, f.index)
	}
	if index != "" { // which way is best SQLite knows only where somebody had it analyze the tables
		from += " INDEXED BY " + index
	}
	return m.in("SELECT " + f.areaOf() + ", " + by + ", " + f.counted() + ", " + amount + " FROM " + from + " WHERE " + where + " GROUP BY " + group)
}

// moment is what the names in a condition stand for: days, and whether the asker sees
// what is the county's alone.
type moment struct {
	today string // YYYY-MM-DD, China's
	since string // the first day of the months that are shown
	wide  bool
}

// in puts the moments in. They are dates that the server made: nothing of them is asked.
func (m moment) in(sql string) string {
	mine := "x.state <> 'county'"
	if m.wide {
		mine = "1"
	}
	return strings.NewReplacer("$today", quote(m.today), "$since", quote(m.since), "$dawn", quote(utcOf(m.since)), "$silent", quote(utcOf(plusDays(m.today, 1-silentDays))), "$mine", mine).Replace(sql)
}

func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }
