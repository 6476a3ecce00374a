package register_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"doorstep/domain/indicator"
	"doorstep/domain/matching"
	"doorstep/register"
	"doorstep/sync/engine"
)

// What indicators understand of lists and what lists bring are one: every kind of line
// that they know has a list, with the columns that make its cause.
func TestEveryKindOfLineHasAListWithItsColumns(t *testing.T) {
	departments := map[string]bool{}
	for _, s := range indicator.Sources {
		departments[s.Code] = true
	}
	for _, k := range indicator.Kinds {
		if slices.Contains(indicator.ProvinceKinds, k.Code) {
			if !departments["province"] {
				t.Errorf("%s comes from the province, which no indicator knows", k.Code)
			}
			continue
		}
		list := matching.Lookup(k.Code)
		if list == nil {
			t.Errorf("no list brings %s", k.Code)
			continue
		}
		if !departments[list.Department] {
			t.Errorf("%s comes from %s, which no indicator knows", k.Code, list.Department)
		}
		for _, f := range k.Fields {
			if !slices.ContainsFunc(list.Columns, func(c matching.Column) bool { return c.Field == f.Name }) {
				t.Errorf("the list %s has no column %s", k.Code, f.Name)
			}
		}
	}
}

// warningsOf is "code state" of a household's warnings that rest on lists.
func (l *lists) warningsOf(name string) string {
	l.Helper()
	var out []string
	err := l.e.Update(context.Background(), func(tx *engine.Tx) error {
		found, err := tx.Records("warnings", l.homes[name])
		for _, w := range found {
			if e, ok := w.List("evidence")[0].(map[string]any); ok && indicator.FromList(fmt.Sprint(e["id"])) {
				out = append(out, fmt.Sprint(w.Text("indicator"), " ", w.Text("state"), " ", len(w.List("evidence"))))
			}
		}
		return err
	})
	if err != nil {
		l.Fatal(err)
	}
	slices.Sort(out)
	return strings.Join(out, ", ")
}

// From the list to the warning and back: raised once, joined by no repeat, closed when
// the list is withdrawn, unless another list says the same.
func TestAListRaisesAWarningOnceAndItsWithdrawalClosesIt(t *testing.T) {
	l := newLists(t)
	monitor, err := register.OpenMonitor(context.Background(), l.e, nil)
	if err != nil {
		t.Fatal(err)
	}
	monitor.Warnings.Lists = register.Departments{}
	l.Withdrawn = monitor.Warnings.Withdrawn
	l.family("张三", number(t, 1), "subsistence")
	content := "姓名,身份证号,号牌号码\n张三," + number(t, 1) + ",鲁B12345\n"
	want := func(when, state string) {
		t.Helper()
		if got := l.warningsOf("张三"); got != state {
			t.Errorf("%s: %q, want %q", when, got, state)
		}
	}
	first := l.take("vehicle", content)
	want("a vehicle", "N3 office 1")
	l.take("vehicle", content)
	second := l.take("vehicle", content+"\n") // the same fact in another file
	want("the same again, in the same file and in another", "N3 office 1")
	withdraw := func(id string) {
		t.Helper()
		if _, err := l.Withdraw(context.Background(), l.county, id, "发错了", ""); err != nil {
			t.Fatal(err)
		}
	}
	withdraw(first.ID)
	want("one of two withdrawn", "N3 office 1")
	withdraw(second.ID)
	want("both withdrawn", "N3 unconfirmed 1")
}
