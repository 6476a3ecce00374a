package engine_test

import (
	"maps"
	"testing"

	"doorstep/sync/engine"
	"doorstep/sync/policy"
	"doorstep/sync/wire"
)

// witness is a rule of every county of these tests: what Records says of the
// households that a batch touched, without asking where it knows and read ahead where
// it does not, is what the tables hold.
type witness struct{ c *county }

func (witness) Name() string { return "rule:witness" }

func (w witness) React(tx *engine.Tx, touched []engine.Touched) error {
	if w.c.reacts != nil {
		if err := w.c.reacts(tx, touched); err != nil {
			return err
		}
	}
	homes := homesOf(touched)
	for _, typ := range policy.Types() {
		if err := tx.ReadAhead(typ.Name, homes); err != nil {
			return err
		}
	}
	known, err := recordsOf(tx, homes)
	if err != nil {
		return err
	}
	tx.AskAgain()
	asked, err := recordsOf(tx, homes)
	if !maps.Equal(known, asked) {
		w.c.t.Errorf("known:\n%v\nthere:\n%v", known, asked)
	}
	return err
}

func homesOf(touched []engine.Touched) []string {
	homes := make([]string, len(touched))
	for i, h := range touched {
		homes[i] = h.Household
	}
	return homes
}

// recordsOf is what Records says of households: the ids in order, by type and household.
func recordsOf(tx *engine.Tx, homes []string) (map[string]string, error) {
	out := map[string]string{}
	for _, h := range homes {
		for _, typ := range policy.Types() {
			records, err := tx.Records(typ.Name, h)
			if err != nil {
				return nil, err
			}
			for _, r := range records {
				out[typ.Name+" of "+h] += r.ID() + " "
			}
		}
	}
	return out, nil
}

// A family is entered in one batch; a colleague's member waited for it, a photo
// of a visit comes with it, and another household of the batch has nothing yet.
func TestWhatCameToANewHouseholdIsKnownWithoutAsking(t *testing.T) {
	c := newCounty(t)
	w, colleague := c.tablet("worker"), c.tablet("worker2")
	home := c.id()
	colleague.create("members", map[string]any{"household": home, "name": "李秀英"})
	want(t, "it waits", outcomes(colleague.push()), "applied")
	o := w.op("create", "households", home, map[string]any{"region": village, "head_name": "张三"}, nil)
	o["base"] = 0
	w.create("members", map[string]any{"household": home, "name": "张晨"})
	visit := w.create("visits", map[string]any{"household": home, "kind": "routine", "visited_on": "2026-11-23"})
	w.create("photos", map[string]any{"owner_type": "visits", "owner": visit, "sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"})
	w.create("households", map[string]any{"region": village, "head_name": "李四"})
	want(t, "all are taken", outcomes(w.push()), "applied applied applied applied applied")
	w.create("members", map[string]any{"household": home, "name": "张小宝"})
	want(t, "and one more", outcomes(w.push()), "applied")
}

// A rule reads two households ahead, writes into one, ends a record of the other: what
// it reads then is as it left it, and of a household that it did not touch as it was.
func TestWhatWasReadAheadIsForgottenWhenItIsWritten(t *testing.T) {
	c := newCounty(t)
	w := c.tablet("worker")
	one, two := c.household(village, nil), c.household(village, nil)
	gone := c.member(two, map[string]any{"name": "李四"})
	kept := c.member(two, map[string]any{"name": "李秀英"})
	came := c.id()
	w.pull()
	for _, home := range []string{one, two} {
		w.patch("households", home, map[string]any{"phone": "13900000000"})
	}
	asked := 0
	c.reacts = func(tx *engine.Tx, touched []engine.Touched) error {
		if asked++; len(touched) != 2 {
			t.Errorf("touched: %+v", touched)
		}
		for _, typ := range []string{"members", "members", "visits"} { // the second time nothing is asked
			if err := tx.ReadAhead(typ, homesOf(touched)); err != nil {
				return err
			}
		}
		before, err := recordsOf(tx, []string{one, two})
		if err != nil {
			return err
		}
		if before["members of "+one] != "" || before["members of "+two] != gone+" "+kept+" " {
			t.Errorf("before: %v", before)
		}
		if err := tx.Do("rule:witness", []engine.Draft{{Type: "members", Record: came, Kind: wire.KindCreate, Set: map[string]any{"household": one, "name": "张晨"}},
			{Type: "members", Record: gone, Kind: wire.KindDelete}}); err != nil {
			return err
		}
		after, err := recordsOf(tx, []string{one, two})
		if after["members of "+one] != came+" " || after["members of "+two] != kept+" " {
			t.Errorf("after: %v", after)
		}
		return err
	}
	want(t, "both are taken", outcomes(w.push()), "applied applied")
	if asked != 1 {
		t.Errorf("asked %d times", asked)
	}
}
