package engine_test

import (
	"slices"
	"testing"

	"doorstep/sync/engine"
	"doorstep/sync/policy"
)

// counted are the columns of the indexes that the group monitor and the desk's lists read,
// beside: every update writes them.
var counted = map[string][]string{
	"households": {"deleted", "last_visited", "state"}, "categories": {"category", "deleted", "from", "to"}, "entitlements": {"deleted", "item", "state"},
	"warnings": {"created", "deleted", "due_on", "handled_by", "handled_on", "indicator", "level", "state"}, "assistance": {"amount", "deleted", "department", "given_on", "item", "period", "state"},
	"tasks": {"due_on"}, "applications": {"accepted_on", "applied_on", "created", "deleted", "procedure", "state"}, "deliberations": {"created", "deleted", "state"}, "publicity": {"application", "created", "deleted", "state", "to"},
}

// What an update leaves out because its index entry stays must be just what the
// indexes are made of: a column too few costs time with every edit, and a column
// that is not compared would be an edit that is lost.
func TestARecordIsFiledUnderWhatItsTablesIndexesAreMadeOf(t *testing.T) {
	c := newCounty(t)
	for _, typ := range policy.Types() {
		var indexed []string
		err := c.app.DB().NewQuery(`SELECT DISTINCT i.name FROM pragma_index_list({:table}) l, pragma_index_info(l.name) i WHERE i.name <> 'id' ORDER BY 1`).
			Bind(map[string]any{"table": typ.Name}).Column(&indexed)
		if err != nil {
			t.Fatal(err)
		}
		want := append([]string{"home"}, engine.FiledUnder[typ.Name]...)
		if slices.Contains(indexed, "area") {
			want = append(want, "area")
		}
		for i := range typ.Fields {
			if f := &typ.Fields[i]; f.Blind {
				want = append(want, f.BlindColumn())
			}
		}
		want = append(want, counted[typ.Name]...)
		slices.Sort(want)
		if !slices.Equal(indexed, want) {
			t.Errorf("%s: indexes on %v, filed under %v", typ.Name, indexed, want)
		}
		for _, name := range engine.FiledUnder[typ.Name] {
			if f := typ.Field(name); f == nil || f.Kind != policy.Text && f.Kind != policy.Date {
				t.Errorf("%s.%s: only a text can be compared as one", typ.Name, name)
			}
		}
	}
}
