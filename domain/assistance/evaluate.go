package assistance

import (
	"slices"
	"strings"
)

// search is what a condition looks at: the facts, who is asked about (a member, or
// nobody where the item is of the household), and what the household holds today.
type search struct {
	Facts
	params Params
	held   []Category
	who    *Member
}

var columnSays = [columns]string{"最低生活保障对象", "特困人员", "低保边缘家庭", "刚性支出困难家庭", "其他困难人员"}

// Evaluate holds the facts against every row, and returns a Need for each item of
// the household, and for each living member where the row asks each (funeral costs
// are asked of the dead). Where several columns apply the strongest answer stands.
func Evaluate(f Facts, p Params) []Need {
	s := &search{Facts: f, params: p}
	for _, c := range f.Categories {
		if c.Member == "" && s.stands(c) {
			s.held = append(s.held, c)
		}
	}
	held := s.columns()
	var out []Need
	for i := range matrix {
		out = append(out, s.row(&matrix[i], held)...)
	}
	return out
}

func (s *search) stands(c Category) bool {
	return c.From <= s.Today && (c.To == "" || c.To >= s.Today)
}

// columns are those of the categories held; who holds none is among the others, and
// 防止返贫 stands beside all the rest.
func (s *search) columns() []Column {
	var out []Column
	for _, c := range s.held {
		column := Others
		if at := slices.Index(categoryOf[:], c.Category); at >= 0 {
			column = Column(at)
		}
		if !slices.Contains(out, column) {
			out = append(out, column)
		}
	}
	if len(out) == 0 {
		return []Column{Others}
	}
	return out
}

func (s *search) row(it *Item, held []Column) []Need {
	var out []Need
	best := Need{Item: it.Code}
	for _, column := range held {
		cell := it.Cells[column]
		if !cell.Each {
			best = stronger(best, s.ask(it, cell, column))
			continue
		}
		for i := range s.Members {
			m := &s.Members[i]
			if m.living() == it.Dead {
				continue
			}
			s.who = m
			n := s.ask(it, cell, column)
			s.who = nil
			n.Member = m.ID
			at := slices.IndexFunc(out, func(o Need) bool { return o.Member == m.ID })
			if at < 0 {
				out = append(out, n)
			} else {
				out[at] = stronger(out[at], n)
			}
		}
	}
	if best.State > StateNotNamed || len(out) == 0 {
		out = append([]Need{best}, out...)
	}
	return out
}

func stronger(a, b Need) Need {
	if b.State > a.State || a.Reason == "" {
		return b
	}
	return a
}

// ask holds one cell against the facts.
func (s *search) ask(it *Item, cell Cell, column Column) Need {
	n := Need{Item: it.Code}
	if cell.Kind == NotNamed || cell.Kind == Homeless {
		n.Reason = it.Clause + " 未列明"
		return n
	}
	said := []string{it.Clause + " " + it.Title + "：" + columnSays[column]}
	var asked []string
	result := yes
	for _, c := range append(slices.Clone(cell.If), it.Needs...) {
		found := c.test(s)
		result = both(result, found)
		switch found {
		case yes:
			said = append(said, c.says)
		case unknown:
			asked = append(asked, c.asks)
		}
	}
	n.State = stateOf(cell.Kind, result, it, slices.Contains(s.Household.Needs, it.Wish))
	if n.State == StateNotNamed {
		n.Reason = it.Clause + " 条件不符"
		return n
	}
	if n.State == StateToVerify && len(asked) == 0 {
		asked = append(asked, askBy[cell.Kind])
	}
	n.Reason = strings.Join(said, "，")
	if n.State == StateToVerify {
		n.Ask = asked
	}
	return n
}

// askBy is the question where no fact is missing and a person must look.
var askBy = map[Kind]string{
	May: "本人愿不愿意申请", Other: "是否符合部门规定的条件", ByRule: "是否符合部门规定的条件", Offer: "需要什么样的帮助",
}

// stateOf: what a cell's kind makes of its conditions.
func stateOf(k Kind, result truth, it *Item, wished bool) State {
	if result == no {
		if k == Other || k == ByRule || k == ByCost {
			return StateOnRequest // the department's own rule may still say yes
		}
		return StateNotNamed
	}
	switch k {
	case Named:
		if it.Wish != "" && !wished {
			return StateOnRequest
		}
		if result == unknown {
			return StateToVerify
		}
		return StateEntitled
	case May:
		return StateToVerify
	case Other, ByRule:
		if len(it.Needs) > 0 {
			return StateToVerify
		}
	case Offer:
		if wished {
			return StateToVerify
		}
	}
	return StateOnRequest
}
