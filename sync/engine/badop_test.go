package engine_test

import (
	"context"
	"fmt"
	"testing"

	"doorstep/sync/wire"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Acceptance 18, for edits that are broken as text: the others are accepted, and
// the office can read the broken one.
func TestATextThatIsNoneIsRejectedAloneAndCanBeRead(t *testing.T) {
	c := newCounty(t)
	home := c.household(village, nil)
	w := c.tablet("worker").pull()
	var ops []*wire.Op
	for n, value := range []string{`"13900000001"`, `"王\ud842"`, `1e400`, `"13900000004"`} {
		raw := fmt.Sprintf(`{"n":%d,"id":"%s","at":"","type":"households","record":"%s","kind":"patch","base":%d,"set":{"phone":%s}}`, n+1, c.id(), home, w.base[home].rev, value)
		o, err := wire.DecodeOp(jsontext.Value(raw), n)
		if err != nil {
			t.Fatal(err)
		}
		ops = append(ops, o)
	}
	a, err := c.engine.Push(context.Background(), c.account("worker"), &wire.Push{Device: w.id, Epoch: w.epoch, Schema: 1}, ops, "test")
	if err != nil {
		t.Fatal(err)
	}
	want(t, "outcomes", outcomes(a.Results), "applied rejected:invalid: rejected:invalid:set.phone applied")
	want(t, "next_n", a.NextN, 5)
	items, _, err := c.engine.Kept(context.Background(), c.account("town"), []string{"rejected"}, 10, 0)
	if err != nil {
		t.Fatal(err)
	}
	want(t, "kept", len(items), 2)
	if _, err := json.Marshal(items); err != nil {
		t.Fatalf("the office cannot read it: %v", err)
	}
}

func TestOfSeveralFaultsTheFirstByNameIsTold(t *testing.T) {
	c := newCounty(t)
	home := c.household(village, nil)
	w := c.tablet("worker").pull()
	for range 10 { // a map's order differs from time to time
		w.op("patch", "households", home, map[string]any{"colour": "red", "number": "1", "monthly_income": -1.0, "housing_grade": "E"}, nil)
		want(t, "outcome", outcomes(w.push()), "rejected:invalid:colour")
	}
}
