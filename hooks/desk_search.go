package hooks

import (
	"strings"

	"doorstep/domain/idnumber"
	"doorstep/domain/region"
	"doorstep/register"
	"doorstep/sync/engine"
	"doorstep/sync/wire"
)

// Finding households at a desk: words, ID numbers, filters, and what is kept of them.

func (s *Server) households(c *call) error {
	q := c.Request.URL.Query()
	limit, err := c.limit()
	if err != nil {
		return err
	}
	area := q.Get("area")
	if area != "" && !region.Valid(area) {
		return wire.Malformed("area", "地区代码应为 6、9 或 12 位。")
	}
	text := strings.TrimSpace(q.Get("q"))
	if len(text) > 120 {
		return wire.Malformed("q", "搜索内容过长。")
	}
	blind := q.Get("number")
	if blind != "" && len(blind) != idnumber.BlindLength {
		return wire.Malformed("number", "身份证号的查找代号无法识别，请重新输入号码查找。")
	}
	filters := map[string]string{}
	for _, name := range register.HouseholdFilters() {
		if value := q.Get(name); value != "" {
			filters[name] = value
		}
	}
	var only engine.Among
	if figure := q.Get("figure"); figure != "" {
		if only, err = s.Figures.Homes(c.by, figure, q.Get("of"), area); err != nil {
			return err
		}
	}
	items, next, err := s.search.List(c.Request.Context(), c.by, register.HouseholdQuery{Text: text, Blind: blind, Area: area, Filters: filters, Only: only, Limit: limit, Cursor: q.Get("cursor")})
	if err != nil {
		return err
	}
	return c.answer(list{items, next})
}

// numberSought is an ID number that somebody looks for.
type numberSought struct {
	IDNumber string `json:"id_number" validate:"required,max=40"`
}

// blindNumber answers the number's place in the index, so that neither an address nor a
// log ever holds the number itself.
func (s *Server) blindNumber(_ *call, body numberSought) (any, error) {
	n, err := idnumber.Parse(body.IDNumber)
	if err != nil {
		return nil, wire.InvalidField("id_number", "身份证号不正确，请核对后重新输入。")
	}
	return map[string]any{"number": n.Blind(s.search.Key), "shown": idnumber.Mask(string(n))}, nil
}

// placeItem is a place that the account's scope reaches.
type placeItem struct {
	Code string `json:"code"`
	Name string `json:"name"`
}

// places are the towns and villages of the account's scope, towns before their villages.
func (s *Server) places(c *call) error {
	scope := c.by.Scope()
	items := []placeItem{}
	for _, town := range region.Towns() {
		for _, r := range append([]region.Region{town}, region.Villages(town.Code)...) {
			if scope.Shows("", r.Code) {
				items = append(items, placeItem{r.Code, r.Short()})
			}
		}
	}
	return c.answer(list{Items: items})
}

func (s *Server) savedViews(c *call) error {
	items, err := s.search.SavedViews(c.Request.Context(), c.by, c.Request.URL.Query().Get("screen"))
	if err != nil {
		return err
	}
	return c.answer(list{Items: items})
}

func (s *Server) saveView(c *call, body register.SavedView) (any, error) {
	return s.search.SaveView(c.Request.Context(), c.by, body)
}

func (s *Server) dropView(c *call, id string, _ nothing) (any, error) {
	return map[string]string{"id": id}, s.search.DropView(c.Request.Context(), c.by, id)
}

// todos is what waits for this desk, in one order of urgency.
func (s *Server) todos(c *call) error {
	limit, after, err := c.page()
	if err != nil {
		return err
	}
	kind, err := c.choice("kind", "", register.TodoKinds()...)
	if err != nil {
		return err
	}
	items, counts, next, err := s.search.Todos(c.Request.Context(), c.by, statesOf("open", c.by.Role), kind, limit, after)
	if err != nil {
		return err
	}
	return c.answer(todoAnswer{list{items, next}, counts})
}

// todoAnswer is a page, and with the first one how many there are of each kind.
type todoAnswer struct {
	list   `json:",embed"`
	Counts []register.TodoCount `json:"counts"`
}
