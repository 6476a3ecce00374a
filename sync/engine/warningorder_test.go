package engine_test

import (
	"strings"
	"testing"

	"doorstep/domain/workflow"
	"doorstep/sync/engine"
)

// A county has tens of thousands of warnings that wait and, after years, many more that
// are over: a desk's page reads its order from an index, and sorts nothing.
func TestADeskReadsItsWarningsInTheirOrderFromAnIndex(t *testing.T) {
	c := newCounty(t)
	for _, queue := range []struct {
		states []string
		index  string
	}{
		{workflow.States(func(s workflow.Stage) bool { return s.Open && !s.Away }), "warnings_urgent"},
		{[]string{"open", "verified"}, "warnings_urgent"},
		{workflow.States(func(s workflow.Stage) bool { return !s.Open }), "warnings_over"},
		{workflow.States(func(s workflow.Stage) bool { return true }), "warnings_order"},
	} {
		rows, err := c.app.DB().NewQuery("EXPLAIN QUERY PLAN " + strings.NewReplacer("LIMIT ? OFFSET ?", "LIMIT 50 OFFSET 0").Replace(inline(engine.WarningsQuery(queue.states, "area >= '370281' AND area < '370281~'"), queue.states))).Rows()
		if err != nil {
			t.Fatal(err)
		}
		var plan []string
		for rows.Next() {
			var id, parent, unused int
			var detail string
			if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
				t.Fatal(err)
			}
			plan = append(plan, detail)
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		if said := strings.Join(plan, "; "); !strings.Contains(said, queue.index) || strings.Contains(said, "TEMP B-TREE") {
			t.Errorf("%v: %s", queue.states, said)
		}
	}
}

// inline puts the states in place of their question marks.
func inline(query string, states []string) string {
	for _, s := range states {
		query = strings.Replace(query, "?", "'"+s+"'", 1)
	}
	return query
}

func TestWarningsThatWaitStandByUrgencyAndThoseThatAreOverByTheirDay(t *testing.T) {
	c := newCounty(t)
	home := c.household(village, nil)
	names := map[string]string{}
	add := func(name, level, due, state, handled string) {
		id := c.id()
		names[id] = name
		set := map[string]any{"household": home, "indicator": "T" + name, "title": name, "level": level, "state": state}
		if due != "" {
			set["due_on"] = due
		}
		if handled != "" {
			set["handled_on"] = handled
		}
		c.do(engine.Draft{Type: "warnings", Record: id, Kind: "create", Set: set})
	}
	add("1", "yellow", "2026-11-01", "open", "")
	add("2", "red", "2026-12-01", "verified", "2026-11-20")
	add("3", "red", "2026-11-30", "open", "")
	add("4", "orange", "2026-11-02", "office", "")
	add("5", "red", "2026-11-01", "county", "")
	add("6", "yellow", "", "no_help", "2026-11-21")
	add("7", "red", "", "delivered", "2026-11-19")
	add("8", "yellow", "", "ended", "2026-11-22")
	listed := func(who string, states ...string) string {
		t.Helper()
		items, _, err := c.engine.Warnings(t.Context(), c.account(who), states, engine.Only{}, 50, 0)
		if err != nil {
			t.Fatal(err)
		}
		out := ""
		for _, it := range items {
			out += decoded(t, it.Record)["title"].(string)
		}
		return out
	}
	want(t, "what waits", listed("county", "open", "office", "county", "verifying", "verified"), "53241")
	want(t, "what waits for the town", listed("town", "open", "office", "verifying", "verified"), "3241")
	want(t, "what is over", listed("county", "delivered", "ended", "no_help", "unconfirmed"), "867")
	for who, n := range map[string]int64{"county": 5, "town": 4} {
		sum, err := c.engine.Summary(t.Context(), c.account(who))
		if err != nil {
			t.Fatal(err)
		}
		want(t, who+" is told how many wait", sum.Warnings, n)
	}
}
