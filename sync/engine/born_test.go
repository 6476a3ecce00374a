package engine_test

import (
	"testing"

	"doorstep/sync/engine"
	"doorstep/sync/policy"
)

// witness is a rule of every county of these tests: what Records says of the
// households that a batch touched, without asking where it knows, is what the
// tables hold.
type witness struct{ t *testing.T }

func (witness) Name() string { return "rule:witness" }

func (w witness) React(tx *engine.Tx, touched []engine.Touched) error {
	count := func() (map[string]int, error) {
		out := map[string]int{}
		for _, h := range touched {
			for _, typ := range policy.Types() {
				records, err := tx.Records(typ.Name, h.Household)
				if err != nil {
					return nil, err
				}
				out[typ.Name+" of "+h.Household] = len(records)
			}
		}
		return out, nil
	}
	known, err := count()
	if err != nil {
		return err
	}
	tx.AskAgain()
	asked, err := count()
	for what, n := range asked {
		if known[what] != n {
			w.t.Errorf("%s: %d known, %d there", what, known[what], n)
		}
	}
	return err
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
