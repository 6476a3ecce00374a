package register_test

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"doorstep/register"
	"doorstep/sync/engine"
	"doorstep/tables"
)

// 回填: what a visit found goes out in the platform's words, of the account's scope
// alone, and no cell of it is a formula.
func TestVisitsAndPeopleGoOutInWordsWithinTheScope(t *testing.T) {
	l := newLists(t)
	l.family("张三", number(t, 1), "subsistence", engine.Draft{Type: "visits", Set: map[string]any{"kind": "routine", "visited_on": "2026-06-01", "outcome": "met",
		"changes": []any{"income", "health"}, "conclusion": "=HYPERLINK(\"http://x\")"}})
	out := func(by *engine.Account, typ, since string) string {
		t.Helper()
		var b bytes.Buffer
		w, err := tables.NewCSV(&b)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := register.Export(context.Background(), l.e, by, typ, since, "", w); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	visits := out(l.county, "visits", "")
	for _, want := range []string{"户主姓名", "张三", "港东新村", "日常走访", "见到本人", "收入、健康", "'=HYPERLINK"} {
		if !strings.Contains(visits, want) {
			t.Errorf("no %s in %s", want, visits)
		}
	}
	if people := out(l.county, "members", ""); !strings.Contains(people, number(t, 1)) || !strings.Contains(people, "户主") {
		t.Errorf("%s", people)
	}
	stranger := &engine.Account{ID: "x", Grants: []engine.Grant{{Kind: engine.GrantArea, Value: "370281105"}}}
	if foreign := out(stranger, "visits", ""); strings.Count(foreign, "\n") != 1 {
		t.Errorf("another town's: %s", foreign)
	}
	if later := out(l.county, "visits", "2999-01-01"); strings.Count(later, "\n") != 1 {
		t.Errorf("since a day to come: %s", later)
	}
	if _, err := register.Export(context.Background(), l.e, l.county, "users", "", "", nil); err == nil {
		t.Error("accounts were exported")
	}
}
