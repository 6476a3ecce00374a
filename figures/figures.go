// Package figures counts what the county's group monitor shows (看板): one table of
// figures, each with its label, its unit, the condition that makes it and the list that
// stands behind it. The condition is written once: the count and the list are both made
// of it, so that they cannot differ.
//
// It is pure: figures/counting reads the county's database by it, and the province
// (province/sums) counts what goes up under the same names. It decides nothing: what a
// household is entitled to, or when a warning is overdue, is decided elsewhere (domain/,
// register/).
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

	Tile   string `json:"-"`
	From   string `json:"-"` // its rows in the county's database, under the name x
	Index  string `json:"-"` // by which they are counted for the whole county; "": as SQLite finds best
	Near   string `json:"-"` // by which they are counted for some villages; "": by the same
	Where  string `json:"-"` // which of them; names of moments stand in it ($today)
	By     string `json:"-"` // what it is split by
	Amount string `json:"-"` // what is summed
	Area   string `json:"-"` // "": x.area
}

// Share is a figure made of two: how much of the whole is the part.
type Share struct {
	Key   string   `json:"key"`
	Label string   `json:"label"`
	Note  string   `json:"note"`
	Part  []string `json:"part"` // key, or key and the value it is split by
	Whole []string `json:"whole"`

	Tile string `json:"-"`
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
			if f.Tile == t.Key {
				t.Figures = append(t.Figures, f)
			}
		}
		for _, s := range shares {
			if s.Tile == t.Key {
				t.Shares = append(t.Shares, s)
			}
		}
		out = append(out, t)
	}
	return out
}

// Table is all rows. Read only.
func Table() []Figure { return table }

// Lookup finds a figure; nil if there is none.
func Lookup(key string) *Figure {
	for i := range table {
		if table[i].Key == key {
			return &table[i]
		}
	}
	return nil
}

// Homes reports whether it counts households, each once, however many of its rows are a
// household's: a warning, a tablet is one by itself.
func (f *Figure) Homes() bool { return f.List == Households && f.From != "households x" }

// counted is what one row of the figure's list is: a household may stand in several
// rows of what is counted.
func (f *Figure) counted() string {
	if f.Homes() {
		return "count(DISTINCT x.home)"
	}
	return "count(*)"
}

// AreaOf is the column of its rows' area.
func (f *Figure) AreaOf() string {
	if f.Area != "" {
		return f.Area
	}
	return "x.area"
}

// SQL counts the figure for every village, or for those of a list (near), and every value
// that it is split by.
func (f *Figure) SQL(m Moment, near bool) string {
	by, amount, group := "''", "0", "1"
	if f.By != "" {
		by, group = f.By, "1, 2"
	}
	if f.Amount != "" {
		amount = "total(" + f.Amount + ")"
	}
	from, where, index := f.From, f.Where, f.Index
	if near {
		where, index = where+" AND "+f.AreaOf()+" IN (SELECT value FROM json_each(?))", cmp.Or(f.Near, f.Index)
	}
	if index != "" { // which way is best SQLite knows only where somebody had it analyze the tables
		from += " INDEXED BY " + index
	}
	return m.In("SELECT " + f.AreaOf() + ", " + by + ", " + f.counted() + ", " + amount + " FROM " + from + " WHERE " + where + " GROUP BY " + group)
}

// Moment is what the names in a condition stand for: days, whether the asker sees what is
// the county's alone, and what is known of when a record came.
type Moment struct {
	Today string // YYYY-MM-DD, China's
	Since string // the first day of the months that are shown
	Wide  bool
	ByDay bool // created is a day of China's, as the province has it, and no moment
}

// In puts the moments in. They are dates that the server made: nothing of them is asked.
func (m Moment) In(sql string) string {
	mine, dawn, month := "x.state <> 'county'", utcOf(m.Since), "strftime('%Y-%m', x.created, '+8 hours')"
	if m.Wide {
		mine = "1 = 1"
	}
	if m.ByDay {
		dawn, month = m.Since, "substr(x.created, 1, 7)"
	}
	ago := func(days int) string { return quote(plusDays(m.Today, -days)) }
	return strings.NewReplacer("$today", quote(m.Today), "$since", quote(m.Since), "$dawn", quote(dawn), "$month", month, "$mine", mine,
		"$silent", quote(utcOf(plusDays(m.Today, 1-silentDays))), "$d30", ago(30), "$d90", ago(90), "$d180", ago(180)).Replace(sql)
}

func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }
