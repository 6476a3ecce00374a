package engine_test

import (
	"fmt"
	"testing"

	"doorstep/sync/engine"
	"doorstep/sync/wire"

	"github.com/go-json-experiment/json"
)

func text(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v, json.Deterministic(true))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func decoded(t *testing.T, raw []byte) map[string]any {
	t.Helper()
	var m map[string]any
	if err := json.Unmarshal(raw, &m); err != nil {
		t.Fatal(err)
	}
	return m
}

// Acceptance 1: three offline edits of one device, in order.
func TestThreeOfflineEditsOfOneDeviceAllApply(t *testing.T) {
	c := newCounty(t)
	home, a, b := c.twoTablets()
	for _, income := range []float64{2500, 2400, 2300} {
		a.patch("households", home, map[string]any{"monthly_income": income})
	}
	want(t, "outcomes", outcomes(a.push()), "applied applied applied")
	want(t, "cases", len(c.cases("town")), 0)
	both(a, b, home, "monthly_income", 2300.0)
}

// Acceptance 5 (ODK #698): a foreign write that the first of a chain passed over
// is seen by the second, too.
func TestAForeignWritePassedOverByTheFirstStillCountsForTheSecond(t *testing.T) {
	c := newCounty(t)
	home, a, b := c.twoTablets()
	b.patch("households", home, map[string]any{"phone": "13900000002"})
	b.push()
	a.patch("households", home, map[string]any{"phone": "13900000001"})
	a.patch("households", home, map[string]any{"phone": "13900000003"})
	results := a.push()
	want(t, "outcomes", outcomes(results), "merged merged")
	want(t, "the second says it replaced", results[1].Fields["phone"], "replaced")

	b.patch("households", home, map[string]any{"monthly_income": 2000.0})
	b.push()
	a.patch("households", home, map[string]any{"monthly_income": 1500.0})
	a.patch("households", home, map[string]any{"monthly_income": 1400.0})
	results = a.push()
	want(t, "review outcomes", outcomes(results), "conflict conflict")
	want(t, "one case for both", *results[0].Case, *results[1].Case)
	both(a, b, home, "monthly_income", 2000.0)
}

// Acceptance 7 and 9.
func TestEditsOfDifferentFieldsBothStandOnBothDevices(t *testing.T) {
	c := newCounty(t)
	home, a, b := c.twoTablets()
	a.patch("households", home, map[string]any{"phone": "13900000001"})
	b.patch("households", home, map[string]any{"monthly_income": 2900.0})
	want(t, "a", outcomes(a.push()), "applied")
	want(t, "b", outcomes(b.push()), "applied")
	both(a, b, home, "phone", "13900000001")
	both(a, b, home, "monthly_income", 2900.0)
}

// Acceptance 7: the same value raises nothing and leaves the version alone.
func TestTheSameValueRaisesNothingAndLeavesTheVersionAlone(t *testing.T) {
	c := newCounty(t)
	home, a, b := c.twoTablets()
	a.patch("households", home, map[string]any{"monthly_income": 2000.0})
	b.patch("households", home, map[string]any{"monthly_income": 2000.0})
	a.push()
	a.pull()
	rev := a.base[home].rev
	results := b.push()
	want(t, "outcome", outcomes(results), "applied")
	want(t, "field", results[0].Fields["monthly_income"], "same")
	want(t, "rev", a.pull().base[home].rev, rev)
	want(t, "reviews: only the one that changed something", len(c.reviews("town")), 1)
	a.patch("households", home, map[string]any{"monthly_income": 1900.0}) // the version is still a's own
	want(t, "a goes on", outcomes(a.push()), "applied")
}

func TestEveryPolicyOverBothDevices(t *testing.T) {
	visited := "2026-11-01"
	for _, x := range []struct {
		name, field      string
		first            any // what the town set before, or nil
		mine, theirs     any // theirs arrives second
		outcome, label   string
		both             any
		opensCase, fails bool
	}{
		{name: "latest: the later arrival stands", field: "phone", mine: "13900000001", theirs: "13900000002", outcome: "merged", label: "replaced", both: "13900000002"},
		{name: "union: both additions", field: "tags", first: []any{"orphan"}, mine: []any{"orphan", "veteran"}, theirs: []any{"orphan", "migrant"},
			outcome: "merged", label: "joined", both: []any{"orphan", "veteran", "migrant"}},
		{name: "union: one adds and one removes", field: "needs", first: []any{"money", "care"}, mine: []any{"money", "care", "legal"}, theirs: []any{"money"},
			outcome: "merged", label: "joined", both: []any{"money", "legal"}},
		{name: "append: both, in the server's order", field: "remarks", mine: []any{map[string]any{"id": "a", "text": "甲"}}, theirs: []any{map[string]any{"id": "b", "text": "乙"}},
			outcome: "merged", label: "joined", both: []any{map[string]any{"id": "a", "text": "甲"}, map[string]any{"id": "b", "text": "乙"}}},
		{name: "append: an item that is there already stays as it is", field: "remarks", mine: []any{map[string]any{"id": "a", "text": "甲"}}, theirs: []any{map[string]any{"id": "a", "text": "乙"}},
			outcome: "applied", label: "same", both: []any{map[string]any{"id": "a", "text": "甲"}}},
		{name: "max: the later date stands", field: "last_visited", mine: "2026-11-20", theirs: "2026-11-10", outcome: "merged", label: "kept", both: "2026-11-20"},
		{name: "max: the later date replaces", field: "last_visited", first: visited, mine: "2026-11-10", theirs: "2026-11-20", outcome: "merged", label: "replaced", both: "2026-11-20"},
		{name: "review: the server's value stands", field: "monthly_income", first: 3000.0, mine: 2000.0, theirs: 1000.0, outcome: "conflict", label: "case", both: 2000.0, opensCase: true},
		{name: "review: unknown is a value, too", field: "urban", mine: true, theirs: false, outcome: "conflict", label: "case", both: true, opensCase: true},
		{name: "a group is decided as one", field: "state", first: "active", mine: "closed", theirs: nil, outcome: "conflict", label: "case", both: "closed", opensCase: true},
	} {
		t.Run(x.name, func(t *testing.T) {
			c := newCounty(t)
			set := map[string]any{}
			if x.first != nil && x.field != "state" {
				set[x.field] = x.first
			}
			home := c.household(village, set)
			a, b := c.tablet("worker").pull(), c.tablet("worker2").pull()
			mine, theirs := map[string]any{x.field: x.mine}, map[string]any{x.field: x.theirs}
			if x.field == "state" {
				mine["state_reason"], theirs["state_reason"], theirs["state"] = "moved", "improved", "closed"
			}
			a.patch("households", home, mine)
			b.patch("households", home, theirs)
			want(t, "the first", outcomes(a.push()), "applied")
			results := b.push()
			want(t, "the second", outcomes(results), x.outcome)
			want(t, "label", results[0].Fields[x.field], x.label)
			both(a, b, home, x.field, x.both)
			want(t, "case opened", len(c.cases("town")) == 1, x.opensCase)
			want(t, "case named", results[0].Case != nil, x.opensCase)
		})
	}
}

func TestAnImmutableFieldIsSetOnceFromNullAndNeverChanged(t *testing.T) {
	c := newCounty(t)
	home, a, b := c.twoTablets()
	visit := a.create("visits", map[string]any{"household": home, "kind": "routine", "visited_on": "2026-11-20"})
	a.push()
	b.pull()
	b.patch("visits", visit, map[string]any{"conclusion": "正常"})
	want(t, "set from null", outcomes(b.push()), "applied")
	a.patch("visits", visit, map[string]any{"conclusion": "不同", "supplements": []any{map[string]any{"id": "s", "text": "补充"}}})
	want(t, "another value refuses all of it", outcomes(a.push()), "rejected:immutable:conclusion")
	both(a, b, visit, "conclusion", "正常")
	both(a, b, visit, "supplements", nil)
}

func TestDeathAndItsDateAreOneDecision(t *testing.T) {
	c := newCounty(t)
	home := c.household(village, nil)
	man := c.member(home, nil)
	a, b := c.tablet("worker").pull(), c.tablet("worker2").pull()
	a.patch("members", man, map[string]any{"alive": false, "death_date": "2026-11-20"})
	b.patch("members", man, map[string]any{"alive": false, "death_date": "2026-11-19"})
	want(t, "first", outcomes(a.push()), "applied")
	want(t, "second", outcomes(b.push()), "conflict")
	k := c.theCase()
	want(t, "the case is the group's", *k.Field, "life")
	want(t, "theirs", text(t, k.Device[0].Value), `{"alive":false,"death_date":"2026-11-19"}`)
	want(t, "server's", text(t, k.Server.Value), `{"alive":false,"death_date":"2026-11-20"}`)
	both(a, b, man, "death_date", "2026-11-20")
}

func TestAMaskedNumberNeedsNoWasAndStaysMaskedForTablets(t *testing.T) {
	c := newCounty(t)
	home := c.household(village, nil)
	man := c.member(home, map[string]any{"id_kind": "resident", "id_number": "11010519491231002X"})
	w := c.tablet("worker").pull()
	want(t, "what a tablet reads", w.value(man, "id_number"), any("11**************2X"))
	w.op("patch", "members", man, map[string]any{"id_number": "110105194912310021"}, nil)
	want(t, "a number without a right check digit", outcomes(w.push()), "rejected:invalid:id_number")
	w.op("patch", "members", man, map[string]any{"id_kind": "passport", "id_number": "E12345678"}, map[string]any{"id_kind": "resident"})
	want(t, "a new one without was", outcomes(w.push()), "applied")
	want(t, "the town reads it whole", c.tablet("town").pull().value(man, "id_number"), any("E12345678"))
	if got := w.pull().value(man, "id_number"); got == "E12345678" {
		t.Fatal("a tablet reads the number unmasked")
	}
}

// A tablet reads the certificate masked, so it cannot send it back with its group.
func TestADisabilityIsChangedWithoutItsMaskedCertificate(t *testing.T) {
	c := newCounty(t)
	home := c.household(village, nil)
	certificate := "11010519491231002X44"
	man := c.member(home, map[string]any{"disability_kind": "4", "disability_grade": "4", "disability_certificate": certificate})
	w := c.tablet("worker").pull()
	w.patch("members", man, map[string]any{"disability_kind": "4", "disability_grade": "2"})
	want(t, "outcome", outcomes(w.push()), "applied")
	town := c.tablet("town").pull()
	want(t, "grade", town.value(man, "disability_grade"), any("2"))
	want(t, "certificate", town.value(man, "disability_certificate"), any(certificate))
}

// Acceptance 6: no flag without evidence; none after it was settled; a late edit
// reopens it.
func TestALateEditReopensWhatWasSettled(t *testing.T) {
	c := newCounty(t)
	home, a, b := c.twoTablets()
	late := c.tablet("worker2").pull()
	a.patch("households", home, map[string]any{"monthly_income": 2000.0})
	b.patch("households", home, map[string]any{"monthly_income": 1000.0})
	a.push()
	b.push()
	if err := c.resolve(c.theCase(), wire.Resolve{Choice: "server", Reason: "核实"}); err != nil {
		t.Fatal(err)
	}
	want(t, "settled", len(c.cases("town")), 0)
	a.pull()
	a.patch("households", home, map[string]any{"monthly_income": 1900.0})
	want(t, "who has seen the settlement goes on", outcomes(a.push()), "applied")
	want(t, "no flag", len(c.cases("town")), 0)
	late.patch("households", home, map[string]any{"monthly_income": 800.0})
	want(t, "who has not opens it again", outcomes(late.push()), "conflict")
	want(t, "flag", len(c.cases("town")), 1)
}

// Acceptance 8: an edit of a closed household revives nothing and is not lost.
func TestAClosedHouseholdTakesVisitsAndIsReopenedByTheTownAlone(t *testing.T) {
	c := newCounty(t)
	home, a, _ := c.twoTablets()
	c.townPatches("households", home, map[string]any{"state": "closed", "state_reason": "moved"})
	a.patch("households", home, map[string]any{"state": "active", "state_reason": nil})
	a.create("visits", map[string]any{"household": home, "kind": "routine", "visited_on": "2026-11-20"})
	results := a.push()
	want(t, "an edit from before revives nothing by itself", outcomes(results), "conflict applied")
	want(t, "and is a person's to decide", *c.theCase().Field, "state")
	a.pull()
	if err := c.resolve(c.theCase(), wire.Resolve{Choice: "server"}); err != nil {
		t.Fatal(err)
	}
	a.pull()
	for _, state := range []any{"active", nil} {
		a.patch("households", home, map[string]any{"state": state, "state_reason": nil})
		want(t, "reopening", outcomes(a.push()), "rejected:closed:state")
	}
	want(t, "state", a.pull().value(home, "state"), any("closed"))
	want(t, "nothing is lost", len(c.kept("town", "rejected")), 2)
	c.townPatches("households", home, map[string]any{"state": "active", "state_reason": nil})
	want(t, "reopened", a.pull().value(home, "state"), any("active"))
}

// Everything is bounded: a list does not grow by appending for ever.
func TestAListDoesNotGrowBeyondItsLimit(t *testing.T) {
	c := newCounty(t)
	home := c.household(village, nil)
	w := c.tablet("worker").pull()
	for batch := range 3 {
		var items []any
		for i := range 250 {
			items = append(items, map[string]any{"id": fmt.Sprintf("%d-%d", batch, i), "text": "记" + string(rune('0'+i%10))})
		}
		w.op("patch", "households", home, map[string]any{"remarks": items}, nil)
	}
	want(t, "500 is the table's limit", outcomes(w.push()), "applied applied rejected:invalid:remarks")
	want(t, "remarks", len(w.pull().value(home, "remarks").([]any)), 500)
}

// Acceptance 3 and 4: an update before the create it depends on.
func TestAPatchBeforeItsCreateWaitsAndIsMergedWhenItComes(t *testing.T) {
	c := newCounty(t)
	a, b := c.tablet("worker").pull(), c.tablet("worker2").pull()
	home := a.create("households", map[string]any{"region": village, "head_name": "王五"})
	b.op("patch", "households", home, map[string]any{"phone": "13900000001"}, nil)
	want(t, "the patch waits", outcomes(b.push()), "held")
	want(t, "the create", outcomes(a.push()), "applied")
	want(t, "and is merged", a.pull().value(home, "phone"), any("13900000001"))
	b.pull()
	want(t, "its device is told", len(b.results), 1)
	if o := b.results[0].Outcome; o != "applied" && o != "merged" {
		t.Fatalf("told %q", o)
	}
}

func TestAServerDraftThatIsRefusedIsReported(t *testing.T) {
	c := newCounty(t)
	results, err := c.engine.Do(ctx, c.account("town"), []engine.Draft{{Type: "warnings", Record: c.id(), Kind: wire.KindCreate,
		Set: map[string]any{"household": c.id(), "indicator": "I1"}}})
	if err != nil {
		t.Fatal(err)
	}
	want(t, "the town makes no warnings", outcomes(results), "rejected:forbidden:type")
}

// What a record cannot be without is not cleared: a household without a region
// would be seen by nobody.
func TestWhatARecordNeedsIsNotCleared(t *testing.T) {
	c := newCounty(t)
	home := c.household(village, nil)
	w, town := c.tablet("worker").pull(), c.tablet("town").pull()
	for _, empty := range []any{nil, "", "  "} {
		w.patch("households", home, map[string]any{"head_name": empty})
		want(t, "the head's name", outcomes(w.push()), "rejected:invalid:head_name")
		town.patch("households", home, map[string]any{"region": empty})
		if got := outcomes(town.push()); got != "rejected:invalid:region" {
			t.Fatalf("the region: %s", got)
		}
	}
	want(t, "it is where it was", c.tablet("worker").pull().value(home, "head_name"), any("张三"))
}
