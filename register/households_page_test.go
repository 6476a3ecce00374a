package register_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"doorstep/register"
	"doorstep/sync/engine"
	"doorstep/sync/engine/enginetest"
)

// walkedBy is each filter once more, as a question to the records of its own.
var walkedBy = map[string]string{
	"category":       `(SELECT count(*) FROM categories c WHERE c.home = h.id AND c.deleted = 0 AND c.category = 'subsistence' AND (c."to" = '' OR c."to" >= '2026-11-01')) > 0`,
	"warnings":       `(SELECT count(*) FROM warnings w WHERE w.home = h.id AND w.deleted = 0 AND w.level = 'red' AND w.state = 'open') > 0`,
	"item":           `(SELECT count(*) FROM entitlements e WHERE e.home = h.id AND e.deleted = 0 AND e.state = 'not_delivered' AND e.item = 'education_aid') > 0`,
	"visited_before": `h.last_visited < '2026-03-01'`,
	"state":          `h.state = 'closed'`,
}

var walkedValues = map[string]string{"category": "subsistence", "warnings": "red", "item": "education_aid", "visited_before": "2026-03-01", "state": "closed"}

// spread fills some villages with households, of which some filters leave many and some few.
func (s searching) spread(random *rand.Rand, households int, villages []string) {
	s.t.Helper()
	err := s.e.Update(s.t.Context(), func(tx *engine.Tx) error {
		for i := range households {
			id, area := newID(s.t), villages[random.IntN(len(villages))]
			day := fmt.Sprintf("2026-%02d-11", 1+random.IntN(10))
			if err := tx.Exec(`INSERT INTO households (id, home, area, region, deleted, head_name, state, last_visited) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
				id, id, area, area, max(0, random.IntN(20)-18), fmt.Sprintf("户主%d", random.IntN(90)), []string{"active", "", "closed"}[max(0, random.IntN(40)-37)], day); err != nil {
				return err
			}
			for _, row := range []struct {
				rare         int
				table, names string
				values       []any
			}{
				{2, "categories", `household, category, "from", "to"`, []any{id, "subsistence", "2026-01-01", ""}},
				{9, "warnings", "household, indicator, level, state", []any{id, "A1", "red", "open"}},
				{households / 3, "entitlements", "household, item, state", []any{id, "education_aid", "not_delivered"}},
			} {
				if random.IntN(row.rare) > 0 && i > 0 {
					continue
				}
				if err := tx.Exec(`INSERT INTO `+row.table+` (id, home, area, deleted, `+row.names+`) VALUES (?, ?, ?, 0`+strings.Repeat(", ?", len(row.values))+`)`,
					append([]any{newID(s.t), id, area}, row.values...)...); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

// plainly lists the households that plain SQL finds, in the list's order.
func (s searching) plainly(area string, filters []string) []string {
	s.t.Helper()
	where := []string{`h.deleted = 0`, `h.area LIKE '` + area + `%'`}
	for _, f := range filters {
		where = append(where, walkedBy[f])
	}
	rows, err := s.e.Query(s.t.Context(), `SELECT h.id FROM households h WHERE `+strings.Join(where, " AND ")+` ORDER BY h.area, h.head_name, h.id`)
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	var out []string
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			s.t.Fatal(err)
		}
		out = append(out, id)
	}
	return out
}

func (s searching) paged(q register.HouseholdQuery) (ids []string) {
	s.t.Helper()
	for {
		items, next, err := s.x.List(context.Background(), s.town, q)
		if err != nil || len(items) > q.Limit || len(items) == 0 && next != "" {
			s.t.Fatalf("%+v: %d items, next %q (%v)", q, len(items), next, err)
		}
		for _, it := range items {
			ids = append(ids, it.ID)
		}
		if next == "" {
			return ids
		}
		q.Cursor = next
	}
}

// Whatever a list is narrowed to, be it common or rare, its pages put together are what
// plain SQL finds, in one order.
func TestPagesOfANarrowedListAreWhatPlainSQLFinds(t *testing.T) {
	random := enginetest.Random(t)
	s, _ := newSearching(t)
	villages := []string{"370281102200", "370281102201", "370281102205", "370281102210", "370281102215", "370281105201"}
	s.spread(random, 2500, villages)
	names := []string{"category", "warnings", "item", "visited_before", "state"}
	for i := range 14 {
		filters := names[i%len(names) : i%len(names)+1]
		if i >= 7 {
			filters = []string{names[random.IntN(3)], names[3+random.IntN(2)]}
		}
		if i == 13 {
			filters = nil
		}
		q := register.HouseholdQuery{Limit: 30 + random.IntN(500), Filters: map[string]string{}}
		in := s.town.Scope().Areas[0]
		if random.IntN(3) == 0 {
			in = villages[random.IntN(4)]
			q.Area = in
		}
		for _, f := range filters {
			q.Filters[f] = walkedValues[f]
		}
		got, want := s.paged(q), s.plainly(in, filters)
		if !slices.Equal(got, want) {
			t.Errorf("%v in %s by %d: %d households, want %d", filters, in, q.Limit, len(got), len(want))
		}
		if q.Area == "" && len(filters) < 2 && len(want) == 0 {
			t.Errorf("%v leave nothing", filters)
		}
	}
	if _, _, err := s.x.List(t.Context(), s.town, register.HouseholdQuery{Limit: 5, Cursor: "bm8"}); err == nil {
		t.Error("a cursor of no meaning is answered")
	}
}
