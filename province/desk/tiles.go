package desk

import (
	"slices"

	"doorstep/figures"
	"doorstep/province/sums"
)

// Drawn is a tile of the county's dashboard as a table: a row for each value that its
// figures are split by, with a bar beside what is to be compared.
type Drawn struct {
	Key, Title, Lead string
	What             string // what the rows are
	Facts            []Fact // what is not split
	Heads            []Head
	Rows             []DrawnRow
	Sum              []Cell // empty: rows do not add up
	Notes            []Fact // what exactly is counted
}

// DrawnRow is one value's.
type DrawnRow struct {
	Label string
	Cells []Cell
}

// Fact is a word and what is said to it.
type Fact struct{ Label, Text, Unit string }

// kinds are what the rows of each kind are called.
var kinds = map[figures.Kind]string{figures.ByCategory: "类别", figures.ByItem: "救助事项", figures.ByOffice: "主管部门", figures.ByIndicator: "指标", figures.BySeen: "最近一次走访", figures.ByMonth: "月份"}

// drawings are the colours of what has bars, as the county's console draws it
// (web/src/console/dashboard/panels.ts).
var drawings = map[string]string{"category": "brand", "entered": "brand", "left": "orange", "raised_in": "orange", "handled_in": "brand", "seen": "brand",
	"entitled": "soft", "delivered": "brand", "entitled_office": "soft", "lacking_office": "orange", "given.money": "brand", "given_for.money": "brand"}

// drawn are the tiles of a part.
func drawn(s *sums.Sums, keys, months []string) (out []Drawn) {
	for _, t := range sums.Tiles() {
		if slices.Contains(keys, t.Key) {
			out = append(out, draw(s, &t, months))
		}
	}
	return out
}

// series is a column of a drawn tile.
type series struct {
	column
	f     *figures.Figure
	scale string // what is drawn by one scale
}

func draw(s *sums.Sums, t *figures.Tile, months []string) Drawn {
	d := Drawn{Key: t.Key, Title: t.Title, Lead: t.Lead}
	var columns []series
	var kind figures.Kind
	for i := range t.Figures {
		f := &t.Figures[i]
		d.Notes = append(d.Notes, Fact{Label: f.Label, Text: f.Note})
		if f.Of == figures.Whole {
			d.Facts = append(d.Facts, Fact{f.Label, grouped(s.Of("", f.Key).Count), f.Unit})
			continue
		}
		kind = f.Of
		columns = append(columns, series{column{figure: f.Key}, f, f.Unit})
		if f.Sum != "" {
			columns = append(columns, series{column{figure: f.Key, money: true}, f, "元"})
		}
	}
	for i := range t.Shares {
		share := &t.Shares[i]
		d.Notes = append(d.Notes, Fact{Label: share.Label, Text: share.Note})
		if len(share.Part) > 1 { // of some of the values: there is one
			d.Facts = append(d.Facts, Fact{Label: share.Label, Text: fractionOf(s, "", share, "").cell("").Text})
			continue
		}
		columns = append(columns, series{column: column{share: share.Key}})
	}
	d.What = kinds[kind]
	values := valuesOf(s, columns, kind, months)
	most := scales(s, columns, values)
	for i := range columns {
		c := &columns[i]
		h := c.head("")
		if c.f != nil && !c.money {
			h.Unit = c.f.Unit
		}
		d.Heads = append(d.Heads, h)
		d.Sum = append(d.Sum, c.total(s))
	}
	for _, value := range values {
		row := DrawnRow{Label: word(kind, value)}
		for i := range columns {
			row.Cells = append(row.Cells, columns[i].cell(s, value, most))
		}
		d.Rows = append(d.Rows, row)
	}
	if !slices.ContainsFunc(d.Sum, func(c Cell) bool { return c.Text != "" }) {
		d.Sum = nil
	}
	return d
}

// total is the sum of a column, where one thing stands in one row alone.
func (c *series) total(s *sums.Sums) Cell {
	switch {
	case c.f == nil && shareOf(c.share).Key == "delivery":
		return nothing
	case c.f == nil, c.money, c.f.Of == figures.ByIndicator, c.f.Of == figures.BySeen, c.f.Of == figures.ByMonth && !c.f.Homes():
		cell, _ := c.of(s, "")
		cell.Bar = -1
		return cell
	}
	return nothing
}

// cell is a column's value of one row.
func (c *series) cell(s *sums.Sums, value string, most map[string]float64) Cell {
	if c.f == nil {
		return fractionOf(s, "", shareOf(c.share), value).cell("brand")
	}
	text, n := c.amount(s.Of("", c.figure, value))
	cell := Cell{Text: text, Bar: -1}
	if cell.Colour = drawings[c.key()]; cell.Colour != "" && most[c.scale] > 0 {
		cell.Bar = int(n*100/most[c.scale] + 0.5)
	}
	return cell
}

// scales are the most of what is drawn by each scale.
func scales(s *sums.Sums, columns []series, values []string) map[string]float64 {
	out := map[string]float64{}
	for i := range columns {
		c := &columns[i]
		if drawings[c.key()] == "" {
			continue
		}
		for _, value := range values {
			_, n := c.amount(s.Of("", c.figure, value))
			out[c.scale] = max(out[c.scale], n)
		}
	}
	return out
}

// valuesOf are the rows: all months, else the values that there are, in the order of their
// words, and behind them those that have none.
func valuesOf(s *sums.Sums, columns []series, kind figures.Kind, months []string) (out []string) {
	if kind == figures.ByMonth {
		return months
	}
	var there []string
	for i := range columns {
		if columns[i].f != nil {
			there = append(there, s.Splits(columns[i].figure)...)
		}
	}
	for _, w := range words[kind] {
		if slices.Contains(there, w.Value) {
			out = append(out, w.Value)
		}
	}
	slices.Sort(there)
	for _, value := range slices.Compact(there) {
		if !slices.Contains(out, value) {
			out = append(out, value)
		}
	}
	return out
}

// heads are the figures that are looked at first.
func heads(s *sums.Sums) []HeadFigure {
	count := func(key string, alarm string) HeadFigure {
		f := sums.Lookup(key)
		n := s.Of("", key).Count
		h := HeadFigure{Label: f.Label, Text: grouped(n), Unit: f.Unit}
		if n > 0 {
			h.Alarm = alarm
		}
		return h
	}
	visited := shareOf("visited")
	return []HeadFigure{count("registered", ""), count("people", ""), {Label: visited.Label, Text: fractionOf(s, "", visited, "").cell("").Text}, count("open", ""), count("overdue", "bad"), count("lacking_any", "warn"), count("late", "warn")}
}

// HeadFigure is one of them.
type HeadFigure struct{ Label, Text, Unit, Alarm string }
