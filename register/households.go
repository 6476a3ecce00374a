package register

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"doorstep/domain/region"
	"doorstep/sync/engine"
	"doorstep/sync/wire"
)

// HouseholdItem is one line of the household list.
type HouseholdItem struct {
	ID         string   `json:"id"`
	Number     string   `json:"number"`
	HeadName   string   `json:"head_name"`
	Member     string   `json:"member,omitempty"` // whose name was found, where it is not the head's
	Region     string   `json:"region"`
	RegionName string   `json:"region_name"`
	Address    string   `json:"address"`
	Phone      string   `json:"phone"`
	State      string   `json:"state"`
	Visited    string   `json:"last_visited"`
	Categories []string `json:"categories"`
	Warnings   int      `json:"warnings"` // open ones
}

// HouseholdQuery is what a desk looks for: words (see question), an ID number as Blind
// has it, an area by prefix, and filters by name.
type HouseholdQuery struct {
	Text    string
	Blind   string
	Area    string
	Filters map[string]string
	Only    engine.Only // what a figure counts
	Limit   int
	After   int64 // rows to pass over
}

// householdFilter is one row of the list's filters: what a value may be, and which
// households remain. %[1]s is the household's id; a ? is the value, ?1 the day.
type householdFilter struct {
	name  string
	value *regexp.Regexp
	where string
}

var (
	codeValue = regexp.MustCompile(`^[A-Za-z0-9_]{1,40}$`)
	dayValue  = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}$`)
)

// openWarning are the states in which a warning waits for somebody.
const openWarning = `deleted = 0 AND state IN ('open', 'office', 'verifying', 'verified')`

// householdFilters is the table. A figure of a dashboard leads to its list by these.
var householdFilters = []householdFilter{
	{"category", codeValue, `EXISTS (SELECT 1 FROM categories c WHERE c.home = %[1]s AND c.deleted = 0 AND c.category = ? AND (c."to" = '' OR c."to" >= ?1))`},
	{"warnings", regexp.MustCompile(`^(any|red|orange|yellow)$`), `%[1]s IN (SELECT home FROM warnings WHERE ` + openWarning + ` AND ? IN ('any', level))`},
	{"indicator", codeValue, `%[1]s IN (SELECT home FROM warnings WHERE ` + openWarning + ` AND indicator = ?)`},
	{"tasks", regexp.MustCompile(`^overdue$`), `%[1]s IN (SELECT home FROM tasks WHERE deleted = 0 AND state = 'open' AND due_on <> '' AND due_on < ?1 AND ? <> '')`},
	{"state", regexp.MustCompile(`^(active|closed)$`), `EXISTS (SELECT 1 FROM households y WHERE y.id = %[1]s AND coalesce(nullif(y.state, ''), 'active') = ?)`},
	{"visited_before", dayValue, `EXISTS (SELECT 1 FROM households y WHERE y.id = %[1]s AND y.last_visited < ?)`},
	{"item", codeValue, `%[1]s IN (SELECT home FROM entitlements WHERE deleted = 0 AND state = 'not_delivered' AND item = ?)`},
}

// HouseholdFilters are the names of the filters.
func HouseholdFilters() []string {
	out := make([]string, len(householdFilters))
	for i, f := range householdFilters {
		out[i] = f.name
	}
	return out
}

// households is a list's conditions, so far; source says what is read, id its household.
type householdSearch struct {
	source, id, order string
	where             []string
	args              []any
}

// List reads a page of households of the scope: by region and name, and where somebody's
// name was asked for, heads of that name first.
func (x *Search) List(ctx context.Context, by *engine.Account, q HouseholdQuery) (items []HouseholdItem, next string, err error) {
	if q.Text != "" || q.Blind != "" {
		x.CatchUp(ctx)
	}
	items = []HouseholdItem{}
	err = x.Engine.View(ctx, func(v *engine.View) error {
		s, err := searchOf(v.Today(), by, q)
		if err != nil || s == nil {
			return err
		}
		ids, more, err := s.page(v, q)
		if err != nil {
			return err
		}
		if more {
			next = engine.NextPage(q.After + int64(len(ids)))
		}
		if items, err = householdItems(v, ids); err == nil && q.Text != "" {
			err = nameFound(v, items, q.Text)
		}
		return err
	})
	return items, next, err
}

// sorted is how many of those found are put in order at a time. A word that finds
// thousands ("王") is answered from its first ones; who pages on comes to the next.
const sorted = 500

func (s *householdSearch) page(v *engine.View, q HouseholdQuery) (ids []string, more bool, err error) {
	where := ` FROM ` + s.source + ` WHERE ` + strings.Join(s.where, " AND ")
	if q.Text == "" {
		ids, err = idsOf(v.Query(`SELECT `+s.id+where+` ORDER BY `+s.order+` LIMIT ? OFFSET ?`, append(s.args, q.Limit+1, q.After)...))
		return ids[:min(len(ids), q.Limit)], len(ids) > q.Limit, err
	}
	before := q.After / sorted * sorted
	rows, err := v.Query(`SELECT household, found FROM (SELECT s.household, s.area, s.head_name, s.num, count(*) OVER () AS found FROM (
			SELECT s.household, s.area, s.head_name, s.num`+where+` LIMIT ? OFFSET ?) s) s ORDER BY `+s.order+` LIMIT ? OFFSET ?`,
		append(s.args, sorted, before, q.Limit, q.After-before)...)
	if err != nil {
		return nil, false, err
	}
	defer func() { _ = rows.Close() }()
	var found int64
	for rows.Next() {
		var id string
		if err := rows.Scan(&id, &found); err != nil {
			return nil, false, err
		}
		ids = append(ids, id)
	}
	return ids, found == sorted || found > q.After-before+int64(len(ids)), rows.Err()
}

// searchOf puts the conditions together; nil: nothing can be found.
func searchOf(today string, by *engine.Account, q HouseholdQuery) (*householdSearch, error) {
	s := &householdSearch{source: `households h`, id: `h.id`, order: `h.area, h.head_name, h.id`, where: []string{`h.deleted = 0`, `?1 <> ''`}, args: []any{today}}
	prefix := "h."
	switch {
	case q.Blind != "":
		s = &householdSearch{source: `search_numbers n JOIN search_homes s ON s.num = n.num`, id: `s.household`, order: `s.area, s.head_name, s.num`, where: []string{`n.blind = ?2`, `?1 <> ''`}, args: []any{today, q.Blind}}
		prefix = "s."
	case q.Text != "":
		match := question(q.Text)
		if match == "" {
			return nil, nil
		}
		first := strings.Fields(q.Text)[0]
		s = &householdSearch{source: `search_text JOIN search_homes s ON s.num = search_text.rowid`, id: `s.household`,
			order: `CASE WHEN s.head_name = ?3 THEN 0 WHEN substr(s.head_name, 1, length(?3)) = ?3 THEN 1 ELSE 2 END, s.area, s.head_name, s.num`,
			where: []string{`search_text MATCH ?2`, `?1 <> ''`, `?3 <> ''`}, args: []any{today, match, first}}
		prefix = "s."
	}
	where, args := by.InScope(prefix)
	s.where, s.args = append(s.where, where), append(s.args, args...)
	if q.Area != "" {
		s.where, s.args = append(s.where, prefix+`area >= ? AND `+prefix+`area < ?`), append(s.args, q.Area, q.Area+"~")
	}
	if q.Only.Where != "" {
		if only := q.Only.Where; prefix == "s." {
			s.where = append(s.where, `EXISTS (SELECT 1 FROM households h WHERE h.id = s.household AND `+only+`)`)
		} else {
			s.where = append(s.where, only)
		}
		s.args = append(s.args, q.Only.Args...)
	}
	for name, value := range q.Filters {
		at := slices.IndexFunc(householdFilters, func(f householdFilter) bool { return f.name == name })
		if at < 0 || !householdFilters[at].value.MatchString(value) {
			return nil, wire.Malformed(name, "筛选条件 "+name+" 无法识别，请从页面上重新选择。")
		}
	}
	for _, f := range householdFilters {
		if value := q.Filters[f.name]; value != "" {
			s.where, s.args = append(s.where, fmt.Sprintf(f.where, s.id)), append(s.args, value)
		}
	}
	return s, nil
}

func householdItems(v *engine.View, ids []string) ([]HouseholdItem, error) {
	rows, err := v.Query(`SELECT h.id, h.number, h.head_name, h.area, h.address, h.phone, h.state, h.last_visited,
			coalesce((SELECT group_concat(DISTINCT c.category) FROM categories c WHERE c.home = h.id AND c.deleted = 0 AND (c."to" = '' OR c."to" >= ?)), ''),
			(SELECT count(*) FROM warnings w WHERE w.home = h.id AND w.`+openWarning+`)
		FROM json_each(?) j JOIN households h ON h.id = j.value ORDER BY j.key`, v.Today(), encode(ids))
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	items := make([]HouseholdItem, 0, len(ids))
	for rows.Next() {
		var it HouseholdItem
		var categories string
		if err := rows.Scan(&it.ID, &it.Number, &it.HeadName, &it.Region, &it.Address, &it.Phone, &it.State, &it.Visited, &categories, &it.Warnings); err != nil {
			return nil, err
		}
		it.RegionName, it.Categories = region.FullName(it.Region), []string{}
		if categories != "" {
			it.Categories = strings.Split(categories, ",")
		}
		items = append(items, it)
	}
	return items, rows.Err()
}

// nameFound names the member of whom more was found than of the head.
func nameFound(v *engine.View, items []HouseholdItem, text string) error {
	place, best := map[string]int{}, map[string]int{}
	ids := make([]string, len(items))
	for i, it := range items {
		ids[i], place[it.ID], best[it.ID] = it.ID, i, wordsIn(it.HeadName, text)
	}
	rows, err := v.Query(`SELECT home, name FROM members WHERE home IN (SELECT value FROM json_each(?)) AND deleted = 0 ORDER BY id`, encode(ids))
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var home, name string
		if err := rows.Scan(&home, &name); err != nil {
			return err
		}
		if n := wordsIn(name, text); n > best[home] {
			best[home], items[place[home]].Member = n, name
		}
	}
	return rows.Err()
}
