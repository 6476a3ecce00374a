package register

import (
	"context"
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
	Only    engine.Among // what a figure counts
	Limit   int
	Cursor  string // as an earlier page gave it
}

// householdFilter is one row of the list's filters: what a value may be, and which rows x
// of a table name the households that remain, by their home and area. A ? is the value,
// ?1 the day.
type householdFilter struct {
	name  string
	value *regexp.Regexp
	from  engine.Among
}

var (
	codeValue = regexp.MustCompile(`^[A-Za-z0-9_]{1,40}$`)
	dayValue  = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}$`)
)

// openWarning are the states in which a warning waits for somebody.
const openWarning = `deleted = 0 AND state IN ('open', 'office', 'verifying', 'verified')`

// waiting is the same, by the index of those that wait (warnings_waiting).
const waiting = `x.deleted = 0 AND x.state IN ('open', 'office', 'county', 'verifying', 'verified') AND x.state <> 'county'`

// householdFilters is the table. A figure of a dashboard leads to its list by these.
var householdFilters = []householdFilter{
	{"category", codeValue, engine.Among{From: `categories x`, Home: `x.home`, Where: `x.deleted = 0 AND x.category = ? AND (x."to" = '' OR x."to" >= ?1)`}},
	{"warnings", regexp.MustCompile(`^(any|red|orange|yellow)$`), engine.Among{From: `warnings x`, Home: `x.home`, Where: waiting + ` AND ? IN ('any', x.level)`}},
	{"indicator", codeValue, engine.Among{From: `warnings x`, Home: `x.home`, Where: waiting + ` AND x.indicator = ?`}},
	{"tasks", regexp.MustCompile(`^overdue$`), engine.Among{From: `tasks x`, Home: `x.home`, Where: `x.deleted = 0 AND x.state = 'open' AND x.due_on <> '' AND x.due_on < ?1 AND ? <> ''`}},
	{"state", regexp.MustCompile(`^(active|closed)$`), engine.Among{From: `households x`, Home: `x.id`, Where: `coalesce(nullif(x.state, ''), 'active') = ?`}},
	{"visited_before", dayValue, engine.Among{From: `households x`, Home: `x.id`, Where: `x.last_visited < ?`}},
	{"item", codeValue, engine.Among{From: `entitlements x`, Home: `x.home`, Where: `x.deleted = 0 AND x.state = 'not_delivered' AND x.item = ?`}},
}

// HouseholdFilters are the names of the filters.
func HouseholdFilters() []string {
	out := make([]string, len(householdFilters))
	for i, f := range householdFilters {
		out[i] = f.name
	}
	return out
}

// List reads a page of households of the scope: by region and name, and where somebody's
// name was asked for, heads of that name first.
func (x *Search) List(ctx context.Context, by *engine.Account, q HouseholdQuery) (items []HouseholdItem, next string, err error) {
	if err := q.check(); err != nil {
		return nil, "", err
	}
	if q.Text != "" || q.Blind != "" {
		x.CatchUp(ctx)
	}
	page := walked
	if q.Text != "" || q.Blind != "" {
		page = searched
	}
	items = []HouseholdItem{}
	err = x.Engine.View(ctx, func(v *engine.View) error {
		var ids []string
		if ids, next, err = page(v, by, q); err != nil {
			return err
		}
		if items, err = householdItems(v, ids); err == nil && q.Text != "" {
			err = nameFound(v, items, q.Text)
		}
		return err
	})
	return items, next, err
}

// check refuses filters that the table does not have.
func (q *HouseholdQuery) check() error {
	for name, value := range q.Filters {
		at := slices.IndexFunc(householdFilters, func(f householdFilter) bool { return f.name == name })
		if at < 0 || !householdFilters[at].value.MatchString(value) {
			return wire.Malformed(name, "筛选条件 "+name+" 无法识别，请从页面上重新选择。")
		}
	}
	return nil
}

// narrowed are the sets that the household must be in: what a figure counts, and of each
// filter that was chosen.
func (q *HouseholdQuery) narrowed() []engine.Among {
	var out []engine.Among
	if q.Only.From != "" {
		out = append(out, q.Only)
	}
	for _, f := range householdFilters {
		if value := q.Filters[f.name]; value != "" {
			set := f.from
			set.Args = []any{value}
			out = append(out, set)
		}
	}
	return out
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
