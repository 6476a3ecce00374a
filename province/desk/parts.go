package desk

import (
	"slices"

	"doorstep/domain/indicator"
	"doorstep/figures"
	"doorstep/province/sums"
)

// part is a page of figures: some tiles of the county's dashboard, and what places are
// compared by.
type part struct {
	Path, Title string
	Tiles       []string
	Compare     []column
}

// column is what places are compared by: a figure of all its values, or of one, or the
// money of it, or a share.
type column struct {
	figure, split string
	share         string
	money         bool
	worse         int // 1: more is worse; -1: less is
}

// parts are the table. Each tile that goes up stands in one: a test walks them.
var parts = []part{
	{Path: "", Title: "总体情况", Compare: []column{{figure: "registered"}, {figure: "people"}, {share: "visited", worse: -1}, {figure: "open"}, {figure: "overdue", worse: 1}, {share: "tardy", worse: 1},
		{figure: "lacking_any"}, {share: "delivery", worse: -1}, {figure: "late", worse: 1}}},
	{Path: "register", Title: "在册与认定", Tiles: []string{"register", "movement"}, Compare: slices.Concat([]column{{figure: "registered"}}, each("category", figures.ByCategory), []column{{figure: "entered"}, {figure: "left"}})},
	{Path: "warnings", Title: "预警", Tiles: []string{"warnings", "flow"}, Compare: []column{{figure: "raised"}, {figure: "open"}, {figure: "overdue", worse: 1}, {share: "tardy", worse: 1}, {figure: "handled"}, {figure: "decided"}, {figure: "right"}, {share: "precision", worse: -1}}},
	{Path: "coverage", Title: "走访", Tiles: []string{"coverage"}, Compare: slices.Concat([]column{{share: "visited", worse: -1}}, each("seen", figures.BySeen))},
	{Path: "delivery", Title: "应享与已享", Tiles: []string{"delivery", "offices"}, Compare: []column{{figure: "entitled"}, {figure: "delivered"}, {figure: "lacking"}, {share: "delivery", worse: -1}, {figure: "lacking_any"}}},
	{Path: "funds", Title: "救助资金", Tiles: []string{"funds", "items"}, Compare: []column{{figure: "given"}, {figure: "given", money: true}}},
}

// shares are the county's, and those by which the province compares its counties.
var shares = func() (out []figures.Share) {
	for _, t := range sums.Tiles() {
		out = append(out, t.Shares...)
	}
	return append(out, figures.Share{Key: "tardy", Label: "逾期率", Note: "逾期预警 ÷ 未办结预警。", Part: []string{"overdue"}, Whole: []string{"open"}})
}()

func shareOf(key string) *figures.Share {
	if i := slices.IndexFunc(shares, func(s figures.Share) bool { return s.Key == key }); i >= 0 {
		return &shares[i]
	}
	return nil
}

// words are the county's, of what its figures are split by.
var words = figures.Words(indicator.All())

func word(kind figures.Kind, value string) string {
	for _, w := range words[kind] {
		if w.Value == value {
			return w.Label
		}
	}
	return value
}

// each are the columns of a figure, one for each of its values.
func each(figure string, kind figures.Kind) (out []column) {
	for _, w := range words[kind] {
		out = append(out, column{figure: figure, split: w.Value})
	}
	return out
}

// figures are the keys of what a column rests on.
func (c *column) figures() []string {
	if s := shareOf(c.share); s != nil {
		return []string{s.Part[0], s.Whole[0]}
	}
	return []string{c.figure}
}

// figures are the keys of all that a part shows.
func (p *part) figures() (keys []string) {
	add := func(key string) {
		if !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	for _, c := range p.Compare {
		for _, key := range c.figures() {
			add(key)
		}
	}
	for _, t := range sums.Tiles() {
		for _, f := range t.Figures {
			if slices.Contains(p.Tiles, t.Key) {
				add(f.Key)
			}
		}
	}
	return keys
}
