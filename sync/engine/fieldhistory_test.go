package engine_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"doorstep/sync/engine"
	"doorstep/sync/wire"
)

// fieldStory is a field's history as people read it, the newest first.
func (c *county) fieldStory(who, home, record, field string) (out []string) {
	c.t.Helper()
	story, err := c.engine.FieldHistory(ctx, c.account(who), home, record, field, 50, 0)
	if err != nil {
		c.t.Fatal(err)
	}
	for _, i := range story.Items {
		line := fmt.Sprintf("%s %v→%v %s", i.Author.Name, i.Was[field], i.Set[field], i.Became)
		if i.Review != nil {
			line += " " + i.Review.State + strings.TrimSuffix(" "+i.Review.By.Name, " ")
		}
		if i.Resolution != nil {
			line += " by " + i.Resolution.By.Name
		}
		if i.Reason != "" {
			line += ": " + i.Reason
		}
		out = append(out, line)
	}
	return out
}

// Who set a field, from what to what, and what became of it: confirmed, given back,
// a side of a conflict, refused; the same from the archive.
func TestAFieldsHistorySaysWhatBecameOfEachChange(t *testing.T) {
	c := newCounty(t)
	home, a, b := c.twoTablets()
	income := func(d *tablet, yuan float64) string {
		op := d.patch("households", home, map[string]any{"monthly_income": yuan})
		d.push()
		return op["id"].(string)
	}
	if refused, err := c.engine.Accept(ctx, c.account("town"), []string{income(a, 3100)}, "test"); err != nil || len(refused) > 0 {
		t.Fatal(refused, err)
	}
	a.pull()
	if err := c.engine.Return(ctx, c.account("town"), income(a, 9999), "数目不对", "test"); err != nil {
		t.Fatal(err)
	}
	income(b, 2500) // b has not read what a wrote: a conflict
	a.pull()
	a.patch("households", home, map[string]any{"phone": "13800000009"})
	a.patch("households", home, map[string]any{"monthly_income": "viel"})
	a.push()
	if err := c.resolve(c.theCase(), wire.Resolve{Choice: "server", Reason: "入户核实"}); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"worker 3100→viel rejected: ",
		"worker2 3000→2500 overruled resolved town by town",
		"town 9999→3100 applied",
		"worker 3100→9999 returned returned town: 数目不对",
		"worker 3000→3100 applied accepted town",
		" <nil>→3000 applied",
	}
	check := func(when string) {
		t.Helper()
		got := c.fieldStory("town", home, home, "monthly_income")
		for i := range want {
			if len(got) != len(want) || !strings.HasPrefix(got[i], want[i]) {
				t.Fatalf("%s:\n%s\nwant\n%s", when, strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
		}
	}
	check("as logged")
	c.covered()
	if c.archived() == 0 {
		t.Fatal("nothing was archived")
	}
	check("archived")

	story, err := c.engine.FieldHistory(ctx, c.account("county"), home, home, "monthly_income", 4, 0)
	if err != nil || len(story.Items) != 4 || story.Next == "" {
		t.Fatalf("a page: %d, %q, %v", len(story.Items), story.Next, err)
	}
	_, after, err := engine.PageOf("", story.Next)
	if err != nil {
		t.Fatal(err)
	}
	rest, err := c.engine.FieldHistory(ctx, c.account("county"), home, home, "monthly_income", 4, after)
	if err != nil || len(rest.Items) != 2 || rest.Next != "" || rest.Items[0].Seq >= story.Items[3].Seq {
		t.Fatalf("the next page: %+v %v", rest, err)
	}
}

// A field's history is its household's: another town is told what it would be told of a
// record that is not there.
func TestAFieldsHistoryIsNotForeign(t *testing.T) {
	c := newCounty(t)
	home, other := c.household(village, nil), c.household(far, nil)
	for _, ask := range []struct{ who, home, record, field string }{
		{"othertown", home, home, "phone"}, {"town", home, other, "phone"}, {"town", home, c.id(), "phone"}, {"town", home, home, "nothing"},
	} {
		_, err := c.engine.FieldHistory(ctx, c.account(ask.who), ask.home, ask.record, ask.field, 50, 0)
		var coded *wire.Error
		if !errors.As(err, &coded) || coded.Code != wire.NotFound {
			t.Errorf("%+v: %v", ask, err)
		}
	}
}
