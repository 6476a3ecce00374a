package desk

import (
	"cmp"
	"math"
	"slices"
	"strconv"

	"doorstep/figures"
	"doorstep/province/sums"
)

// Head is a column's.
type Head struct {
	Key, Label, Unit string
	Sorted           bool
}

// Cell is a value as it is shown.
type Cell struct {
	Text   string
	Bar    int    // of 100; -1: none
	Colour string // of the bar: brand, soft, orange
	Worst  string // 最高 or 最低: it is the worst of its column
}

var nothing = Cell{Bar: -1}

// Compared are places beside each other.
type Compared struct {
	Heads []Head
	Rows  []PlaceRow
	Sum   []Cell
}

// PlaceRow is one of them.
type PlaceRow struct {
	*Place
	Cells  []Cell
	values []measure
}

// measure is what places are sorted by.
type measure struct {
	value float64
	known bool
}

// fraction is a share's part and whole.
type fraction struct{ part, whole int64 }

// fractionOf is a share in a place, of one of its values, or of all ("").
func fractionOf(s *sums.Sums, place string, share *figures.Share, split string) (f fraction) {
	f.part, f.whole = s.Share(place, share, split)
	return f
}

// percent is rounded as the county's console does.
func (f fraction) percent() int64 {
	if f.whole == 0 {
		return -1
	}
	return (f.part*200 + f.whole) / (2 * f.whole)
}

func (f fraction) cell(colour string) Cell {
	p := f.percent()
	if p < 0 {
		return Cell{Text: "—", Bar: -1}
	}
	return Cell{Text: strconv.FormatInt(p, 10) + "%", Bar: int(min(p, 100)), Colour: colour}
}

// key names a column in addresses.
func (c *column) key() string {
	switch {
	case c.share != "":
		return c.share
	case c.split != "":
		return c.figure + "." + c.split
	case c.money:
		return c.figure + ".money"
	}
	return c.figure
}

// head is a column in the county's words.
func (c *column) head(by string) Head {
	h := Head{Key: c.key(), Sorted: by == c.key()}
	if s := shareOf(c.share); s != nil {
		h.Label = s.Label
		return h
	}
	f := sums.Lookup(c.figure)
	h.Label, h.Unit = f.Label, f.Unit
	switch {
	case c.split != "":
		h.Label = word(f.Of, c.split)
	case c.money:
		h.Label, h.Unit = "金额", "元"
	case f.Homes() && f.Of != figures.Whole: // a household counts in each value that it stands in
		h.Unit += "次"
	}
	return h
}

// of is a column's value in a place.
func (c *column) of(s *sums.Sums, place string) (Cell, measure) {
	if share := shareOf(c.share); share != nil {
		f := fractionOf(s, place, share, "")
		colour := "brand"
		if c.worse > 0 {
			colour = "orange"
		}
		if f.whole == 0 {
			return f.cell(colour), measure{}
		}
		return f.cell(colour), measure{float64(f.part) / float64(f.whole), true}
	}
	var splits []string
	if c.split != "" {
		splits = []string{c.split}
	}
	text, n := c.amount(s.Of(place, c.figure, splits...))
	return Cell{Text: text, Bar: -1}, measure{n, true}
}

// amount is what a figure's column says of a value: how many, or the money.
func (c *column) amount(v sums.Cell) (text string, n float64) {
	if c.money {
		return yuan(v.Amount), v.Amount
	}
	return grouped(v.Count), float64(v.Count)
}

func yuan(amount float64) string { return grouped(int64(math.Round(amount))) }

// compared lays places beside each other, by their codes or by one of the columns, the
// worst or the most first.
func compared(s *sums.Sums, columns []column, within map[string]*Place, by string) *Compared {
	out := &Compared{}
	for _, p := range within {
		out.Rows = append(out.Rows, PlaceRow{Place: p})
	}
	slices.SortFunc(out.Rows, func(a, b PlaceRow) int { return cmp.Compare(a.Code, b.Code) })
	sorted, worse := -1, 0
	for i := range columns {
		c := &columns[i]
		out.Heads = append(out.Heads, c.head(by))
		total, _ := c.of(s, "")
		out.Sum = append(out.Sum, total)
		for r := range out.Rows {
			cell, value := c.of(s, out.Rows[r].Code)
			out.Rows[r].Cells, out.Rows[r].values = append(out.Rows[r].Cells, cell), append(out.Rows[r].values, value)
		}
		if c.worse != 0 {
			out.mark(i, c.worse)
		}
		if c.key() == by {
			sorted, worse = i, cmp.Or(c.worse, 1)
		}
	}
	if sorted >= 0 {
		slices.SortStableFunc(out.Rows, func(a, b PlaceRow) int { return order(a.values[sorted], b.values[sorted], worse) })
	}
	return out
}

// order puts the worse first, and what is not known last.
func order(a, b measure, worse int) int {
	if a.known != b.known {
		return -cmp.Compare(one(a.known), one(b.known))
	}
	return -worse * cmp.Compare(a.value, b.value)
}

// mark says which place is the worst in a column, where that is one.
func (t *Compared) mark(i, worse int) {
	rows := make([]*PlaceRow, 0, len(t.Rows))
	for r := range t.Rows {
		if t.Rows[r].values[i].known {
			rows = append(rows, &t.Rows[r])
		}
	}
	if len(rows) < 2 {
		return
	}
	slices.SortStableFunc(rows, func(a, b *PlaceRow) int { return order(a.values[i], b.values[i], worse) })
	if rows[0].values[i].value == rows[1].values[i].value || worse > 0 && rows[0].values[i].value == 0 {
		return
	}
	rows[0].Cells[i].Worst = map[int]string{1: "最高", -1: "最低"}[worse]
}

// Ranking are the worst places by a share.
type Ranking struct {
	Title, Note string
	Rows        []Ranked
}

// Ranked is one of them.
type Ranked struct {
	Code, Name, Where string // where: the prefecture, of a county
	Cell              Cell
	Detail            string
}

// rankings are the table of what whoever opens the console should see first.
var rankings = []struct {
	title, unit string
	column      column
}{
	{"逾期率最高", "条", column{share: "tardy", worse: 1}},
	{"90天内走访率最低", "户", column{share: "visited", worse: -1}},
	{"落实率最低", "户次", column{share: "delivery", worse: -1}},
}

// Bounds of a ranking: how many stand in it, and of how few nothing can be said.
const (
	mostRanked  = 5
	leastRanked = 5
)

// ranked are the figures that rankings rest on.
func ranked() []string {
	var keys []string
	for _, r := range rankings {
		keys = append(keys, r.column.figures()...)
	}
	return keys
}

func worstOf(s *sums.Sums, name func(string) string) (out []Ranking) {
	places := s.Places()
	for _, r := range rankings {
		share := shareOf(r.column.share)
		var rows []PlaceRow
		for _, code := range places {
			if fractionOf(s, code, share, "").whole >= leastRanked {
				cell, value := r.column.of(s, code)
				rows = append(rows, PlaceRow{Place: &Place{Code: code}, Cells: []Cell{cell}, values: []measure{value}})
			}
		}
		slices.SortStableFunc(rows, func(a, b PlaceRow) int { return order(a.values[0], b.values[0], r.column.worse) })
		ranking := Ranking{Title: r.title, Note: share.Note}
		for _, row := range rows[:min(len(rows), mostRanked)] {
			f := fractionOf(s, row.Code, share, "")
			ranked := Ranked{Code: row.Code, Name: name(row.Code), Cell: row.Cells[0], Detail: grouped(f.part) + " / " + grouped(f.whole) + " " + r.unit}
			if len(row.Code) == 6 {
				ranked.Where = name(row.Code[:4])
			}
			ranking.Rows = append(ranking.Rows, ranked)
		}
		if len(rows) > 1 {
			out = append(out, ranking)
		}
	}
	return out
}
