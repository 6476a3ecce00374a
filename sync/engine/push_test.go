package engine_test

import (
	"context"
	"errors"
	"sync"
	"testing"

	"doorstep/sync/engine"
	"doorstep/sync/wire"
)

func TestADeviceGetsADenseRunAndTheStoredOutcomeAgain(t *testing.T) {
	c := newCounty(t)
	home := c.household(village, nil)
	w := c.tablet("worker").pull()
	w.patch("households", home, map[string]any{"phone": "13900000001"})
	w.patch("households", home, map[string]any{"phone": "13900000002"})
	w.patch("households", home, map[string]any{"monthly_income": 2000.0})
	sent := append([]op{}, w.held...)
	want(t, "outcomes", outcomes(w.push()), "applied applied applied")
	again, err := w.tryPush(sent)
	if err != nil {
		t.Fatal(err)
	}
	want(t, "outcomes again", outcomes(again.Results), "applied applied applied")
	want(t, "next_n", again.NextN, 4)
	want(t, "phone", c.tablet("town").pull().value(home, "phone"), any("13900000002"))
}

// Acceptance 2: the second edit arrives before the first.
func TestAGapStopsTheRunAndLosesNothing(t *testing.T) {
	c := newCounty(t)
	home := c.household(village, nil)
	w := c.tablet("worker").pull()
	w.patch("households", home, map[string]any{"phone": "13900000001"})
	w.patch("households", home, map[string]any{"phone": "13900000002"})
	a, err := w.tryPush(w.held[1:])
	if err != nil {
		t.Fatal(err)
	}
	want(t, "results", len(a.Results), 0)
	want(t, "next_n", a.NextN, 1)
	want(t, "outcomes", outcomes(w.push()), "applied applied")
}

// Acceptance 19: the same push ten times at once has one effect.
func TestTheSamePushTenTimesAtOnceHasOneEffect(t *testing.T) {
	c := newCounty(t)
	home := c.household(village, nil)
	w := c.tablet("worker").pull()
	w.patch("households", home, map[string]any{"remarks": []any{map[string]any{"id": c.id(), "text": "一次"}}})
	var wg sync.WaitGroup
	seqs := make([]int64, 10)
	for i := range seqs {
		wg.Go(func() {
			a, err := w.tryPush(w.held)
			if err == nil && len(a.Results) == 1 {
				seqs[i] = a.Results[0].Seq
			}
		})
	}
	wg.Wait()
	for _, s := range seqs {
		want(t, "the one seq", s, seqs[0])
	}
	want(t, "remarks", len(c.tablet("town").pull().value(home, "remarks").([]any)), 1)
}

func TestTheSameIDWithOtherContentIsRefusedAndChangesNothing(t *testing.T) {
	c := newCounty(t)
	home := c.household(village, nil)
	w := c.tablet("worker").pull()
	o := w.patch("households", home, map[string]any{"phone": "13900000001"})
	w.push()
	o["set"] = map[string]any{"phone": "13900000009"}
	a, err := w.tryPush([]op{o})
	if err != nil {
		t.Fatal(err)
	}
	want(t, "results", outcomes(a.Results), ":op_mismatch:")
	want(t, "next_n", a.NextN, 2)
	want(t, "phone", c.tablet("town").pull().value(home, "phone"), any("13900000001"))
}

// A cloned tablet registers anew and issues its ops again, with their ids.
func TestOpsIssuedAgainUnderANewDeviceHaveOneEffect(t *testing.T) {
	c := newCounty(t)
	home := c.household(village, nil)
	w := c.tablet("worker").pull()
	w.patch("households", home, map[string]any{"phone": "13900000001"})
	w.patch("households", home, map[string]any{"address": "村东头"})
	sent := append([]op{}, w.held...)
	if _, err := w.tryPush(sent[:1]); err != nil {
		t.Fatal(err)
	}
	fresh := c.tablet("worker")
	a, err := fresh.tryPush(sent)
	if err != nil {
		t.Fatal(err)
	}
	want(t, "outcomes", outcomes(a.Results), "applied applied")
	want(t, "next_n", a.NextN, 3)
}

// Acceptance 18: one invalid edit in a hundred.
func TestOneInvalidEditInAHundredFailsAlone(t *testing.T) {
	c := newCounty(t)
	home := c.household(village, nil)
	w := c.tablet("worker").pull()
	for i := range 100 {
		set := map[string]any{"conclusion": "正常", "household": home, "kind": "routine", "visited_on": "2026-11-20"}
		if i == 41 {
			set["visited_on"] = "昨天"
		}
		w.create("visits", set)
	}
	results := w.push()
	for i, r := range results {
		expected := "applied"
		if i == 41 {
			expected = "rejected"
		}
		want(t, "outcome", r.Outcome, expected)
	}
	want(t, "the field named", results[41].Error.Field, "visited_on")
	items, _, err := c.engine.Kept(context.Background(), c.account("town"), []string{"rejected"}, 10, 0)
	if err != nil || len(items) != 1 {
		t.Fatalf("the town sees %d rejected ops, %v", len(items), err)
	}
}

func TestWhatCannotSucceedIsRejectedWithItsReason(t *testing.T) {
	c := newCounty(t)
	home := c.household(village, nil)
	man := c.member(home, nil)
	w := c.tablet("worker").pull()
	visit := w.create("visits", map[string]any{"household": home, "kind": "routine", "visited_on": "2026-11-20", "conclusion": "好"})
	w.push()
	w.pull()
	for _, x := range []struct {
		name string
		make func() op
		want string
	}{
		{"unknown type", func() op { return w.op("patch", "pets", home, map[string]any{"name": "x"}, nil) }, "rejected:invalid:type"},
		{"unknown field", func() op { return w.patch("households", home, map[string]any{"colour": "red"}) }, "rejected:invalid:colour"},
		{"a wrong type", func() op { return w.patch("households", home, map[string]any{"monthly_income": "many"}) }, "rejected:invalid:monthly_income"},
		{"out of the code list", func() op { return w.patch("households", home, map[string]any{"housing_grade": "E"}) }, "rejected:invalid:housing_grade"},
		{"a negative income", func() op { return w.patch("households", home, map[string]any{"monthly_income": -1.0}) }, "rejected:invalid:monthly_income"},
		{"a masked number", func() op { return w.patch("members", man, map[string]any{"id_number": "37**************1X"}) }, "rejected:invalid:id_number"},
		{"a mistyped ID number", func() op { return w.patch("members", man, map[string]any{"id_number": "110105194912310021"}) }, "rejected:invalid:id_number"},
		{"a field of the town", func() op { return w.patch("households", home, map[string]any{"review_class": "A"}) }, "rejected:forbidden:review_class"},
		{"a field of the server", func() op { return w.patch("visits", visit, map[string]any{"visitor": "别人"}) }, "rejected:forbidden:visitor"},
		{"an immutable field", func() op { return w.patch("visits", visit, map[string]any{"conclusion": "改"}) }, "rejected:immutable:conclusion"},
		{"review without was", func() op { return w.op("patch", "households", home, map[string]any{"monthly_income": 1.0}, nil) }, "rejected:invalid:monthly_income"},
		{"half a group", func() op { return w.patch("members", man, map[string]any{"alive": false}) }, "rejected:invalid:death_date"},
		{"an id in use", func() op {
			return w.op("create", "households", home, map[string]any{"region": village, "head_name": "x"}, nil)
		}, "rejected:id_taken:record"},
		{"a create without what it needs", func() op { return w.op("create", "households", c.id(), map[string]any{"region": village}, nil) }, "rejected:invalid:head_name"},
		{"a delete by the field", func() op { return w.op("delete", "members", man, nil, nil) }, "rejected:forbidden:kind"},
		{"an empty patch", func() op { return w.patch("households", home, map[string]any{}) }, "rejected:invalid:set"},
		{"a warning made up", func() op {
			return w.op("create", "warnings", c.id(), map[string]any{"household": home, "indicator": "I1"}, nil)
		}, "rejected:forbidden:type"},
		{"no uuid", func() op { return w.op("patch", "households", "42", map[string]any{"phone": "1"}, nil) }, "rejected:invalid:record"},
	} {
		t.Run(x.name, func(t *testing.T) {
			x.make()
			want(t, "result", outcomes(w.push()), x.want)
		})
	}
}

// Acceptance 22: a tablet whose clock is years off merges right.
func TestAClockDecidesNothing(t *testing.T) {
	c := newCounty(t)
	home := c.household(village, nil)
	w, w2 := c.tablet("worker").pull(), c.tablet("worker2").pull()
	w.patch("households", home, map[string]any{"phone": "13900002099"})["at"] = "2099-01-01T00:00:00.000Z"
	w.push()
	w2.patch("households", home, map[string]any{"phone": "13900001999"})["at"] = "1999-01-01T00:00:00.000Z"
	want(t, "the later arrival merges", outcomes(w2.push()), "merged")
	want(t, "and stands", c.tablet("town").pull().value(home, "phone"), any("13900001999"))
}

func TestAnotherHistoryIsNamedWithTheNextNumber(t *testing.T) {
	c := newCounty(t)
	home := c.household(village, nil)
	w := c.tablet("worker").pull()
	w.patch("households", home, map[string]any{"phone": "13900000001"})
	w.push()
	w.epoch = "11111111-1111-4111-8111-111111111111"
	_, err := w.tryPush(nil)
	var e *engine.EpochError
	if !errors.As(err, &e) || e.NextN != 2 {
		t.Fatalf("got %v", err)
	}
}

func TestADeviceOfStrangersIsNotThere(t *testing.T) {
	c := newCounty(t)
	w, f := c.tablet("worker"), c.tablet("othertown")
	f.id = w.id
	_, err := f.tryPush(nil)
	var coded *wire.Error
	if !errors.As(err, &coded) || coded.Code != wire.NotFound {
		t.Fatalf("got %v", err)
	}
}

// Two people of one village share a tablet: the author is who wrote, the uploader
// who is signed in, and nobody gains rights by naming another.
func TestASharedTabletKeepsAuthorAndUploader(t *testing.T) {
	c := newCounty(t)
	home := c.household(village, nil)
	w := c.tablet("worker").pull()
	w.patch("households", home, map[string]any{"phone": "13900000001"})["author"] = c.people["worker2"]
	w.patch("households", home, map[string]any{"review_class": "A"})["author"] = c.people["town"]
	want(t, "outcomes", outcomes(w.push()), "applied rejected:forbidden:review_class")
	story, err := c.engine.Household(context.Background(), c.account("town"), home)
	if err != nil {
		t.Fatal(err)
	}
	want(t, "author", story.History[1].Author.ID, c.people["worker2"])
}

func TestAFullQueueIsBusyAndAFailedCommitStoresNothing(t *testing.T) {
	c := newCounty(t)
	home := c.household(village, nil)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	err := c.engine.Update(ctx, func(*engine.Tx) error { return nil })
	var coded *wire.Error
	if !errors.As(err, &coded) || coded.Code != wire.Busy {
		t.Fatalf("a caller who has gone: %v", err)
	}
	w := c.tablet("worker").pull()
	w.patch("households", home, map[string]any{"phone": "13900000001"})
	c.engine.Close()
	if _, err := w.tryPush(w.held); !errors.As(err, &coded) || coded.Code != wire.Busy {
		t.Fatalf("a closed engine: %v", err)
	}
}
