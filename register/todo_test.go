package register_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"doorstep/domain/workflow"
	"doorstep/register"
	"doorstep/sync/engine"
	"doorstep/sync/wire"
)

var atDesk = workflow.States(func(s workflow.Stage) bool { return s.Open && !s.Away })

func (s searching) waits(kind string, limit int, after int64) ([]register.Todo, []register.TodoCount, string) {
	s.t.Helper()
	items, counts, next, err := s.x.Todos(s.t.Context(), s.town, atDesk, kind, limit, after)
	if err != nil {
		s.t.Fatal(err)
	}
	return items, counts, next
}

// What is past its day or red comes first, then what ends soonest, then kind by kind.
func TestWhatWaitsStandsInOneOrderOfUrgency(t *testing.T) {
	s, ids := newSearching(t)
	s.report(ids["王大明"], "", "disaster")
	s.do(s.worker, wire.KindPatch, "households", ids["单田芳"], map[string]any{"monthly_income": 500.0})
	s.create("tasks", map[string]any{"household": ids["王秀英"], "kind": "visit", "title": "补材料", "due_on": "2026-11-20", "state": "open"})
	s.create("tasks", map[string]any{"household": ids["王秀英"], "kind": "visit", "title": "来得及", "due_on": "2026-12-20", "state": "open"})
	items, counts, next := s.waits("", 100, 0)
	if next != "" || !slices.IsSortedFunc(items, func(a, b register.Todo) int { return strings.Compare(orderOf(a), orderOf(b)) }) {
		t.Errorf("not in order: %+v", items)
	}
	has := func(kind, text string) bool {
		return slices.ContainsFunc(items, func(i register.Todo) bool { return i.Kind == kind && strings.Contains(i.Text, text) })
	}
	if !has("task", "补材料") || has("task", "来得及") || !has("review", "households") || !has("warning", "") {
		t.Errorf("what waits: %+v", items)
	}
	if first := items[0]; first.Urgency != 0 || first.HeadName == "" || first.RegionName == "" {
		t.Errorf("first %+v", first)
	}
	sum := 0
	for _, c := range counts {
		sum += c.Count
	}
	if sum != len(items) {
		t.Errorf("counts %+v of %d", counts, len(items))
	}
	only, _, _ := s.waits("task", 100, 0)
	if len(only) != 1 || only[0].Kind != "task" || only[0].Urgency != 0 {
		t.Errorf("tasks alone: %+v", only)
	}
	other, _, _, err := s.x.Todos(t.Context(), &engine.Account{ID: "nobody"}, atDesk, "", 100, 0)
	if err != nil || len(other) != 0 {
		t.Errorf("out of scope: %+v, %v", other, err)
	}
}

func orderOf(i register.Todo) string {
	due := i.DueOn
	if due == "" {
		due = "9999"
	}
	return fmt.Sprint(i.Urgency, due, slices.Index(register.TodoKinds(), i.Kind))
}

// Five thousand reviews are paged without loss, the oldest first.
func TestAQueueOfFiveThousandIsPagedWhole(t *testing.T) {
	s, ids := newSearching(t)
	const many = 5000
	err := s.e.Update(t.Context(), func(tx *engine.Tx) error {
		return tx.Exec(`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
			INSERT INTO sync_reviews (op, id, effect, type, record, state, fields, area, home, warnings, decided_by, decided_at, reason)
			SELECT 1000000 + i, printf('019a0000-0000-7000-8000-%012d', i), 0, 'members', ?, 'open', '{}', ?, ?, '[]', '', '', '' FROM n`,
			many, ids["王秀英"], villager.Areas[0], ids["王秀英"])
	})
	if err != nil {
		t.Fatal(err)
	}
	var seen []string
	for after, pages := int64(0), 0; ; pages++ {
		items, _, next := s.waits("review", 500, after)
		for _, it := range items {
			if it.Text == "members" {
				seen = append(seen, it.ID)
			}
		}
		if next == "" || pages > 20 {
			break
		}
		var err error
		if _, after, err = engine.PageOf("", next); err != nil {
			t.Fatal(err)
		}
	}
	if len(seen) != many || !slices.IsSorted(seen) {
		t.Errorf("%d of %d, sorted %v", len(seen), many, slices.IsSorted(seen))
	}
}
