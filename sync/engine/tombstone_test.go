package engine_test

import (
	"context"
	"testing"

	"doorstep/sync/engine"
	"doorstep/sync/wire"
)

// A decision about the report of a record that is deleted by now brings nothing
// back: who shows the record still hears of its end.
func TestAReturnedReportThatIsDeletedStaysDeletedOnTheTablet(t *testing.T) {
	c := newCounty(t)
	home := c.household(village, nil)
	w := c.tablet("worker").pull()
	report := w.create("status_changes", map[string]any{"household": home, "kind": "job_lost", "happened_on": "2026-11-01"})
	pushed := w.push()
	w.pull()
	want(t, "it is shown", w.value(report, "kind"), any("job_lost"))
	if r := c.do(engine.Draft{Type: "status_changes", Record: report, Kind: wire.KindDelete}); r[0].Outcome != "applied" {
		t.Fatalf("the delete is %s", r[0].Outcome)
	}
	if err := c.engine.Return(context.Background(), c.account("town"), pushed[0].ID, "不实", "test"); err != nil {
		t.Fatal(err)
	}
	w.pull()
	_, shown := w.base[report]
	want(t, "it is shown still", shown, false)
}
