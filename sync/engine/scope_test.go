package engine_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"doorstep/sync/engine"
	"doorstep/sync/wire"
)

func area(code string) engine.Grant { return engine.Grant{Kind: engine.GrantArea, Value: code} }
func homes(ids ...string) (out []engine.Grant) {
	for _, id := range ids {
		out = append(out, engine.Grant{Kind: engine.GrantHome, Value: id})
	}
	return out
}

// left is what a tablet was told to drop, as "kind type", sorted.
func (t *tablet) left() string {
	var out []string
	for _, ch := range t.gone {
		out = append(out, ch.Kind+" "+ch.Type)
	}
	slices.Sort(out)
	t.gone = nil
	return strings.Join(out, ", ")
}

func (t *tablet) holds(ids ...string) bool {
	for _, id := range ids {
		if _, ok := t.base[id]; !ok {
			return false
		}
	}
	return true
}

func TestAForeignRecordAndAMissingOneAreAnsweredAlike(t *testing.T) {
	c := newCounty(t)
	foreign := c.household(far, nil)
	w := c.tablet("worker").pull()
	for _, kind := range []string{"patch", "delete"} {
		answer := func(record string) string {
			o := w.op(kind, "households", record, map[string]any{"phone": "13900000001", "nonsense": 1.0}, nil)
			if kind == "delete" {
				delete(o, "set")
			}
			r := w.push()[0]
			r.N, r.ID, r.Seq = 0, "", 0
			return text(t, r)
		}
		want(t, kind, answer(foreign), answer(c.id()))
	}
	want(t, "the town of the record sees the first", len(c.kept("othertown", "held")), 2)
	want(t, "the author's town the others", len(c.kept("town", "held")), 2)
	want(t, "nothing reached the record", c.tablet("othertown").pull().value(foreign, "phone"), any("13800000000"))
}

func TestAHeldOpIsMergedWhenItsRecordComesIntoScope(t *testing.T) {
	c := newCounty(t)
	home := c.household(sibling, nil)
	man := c.member(home, nil)
	w, s := c.tablet("worker").pull(), c.tablet("social").pull()
	w.op("patch", "households", home, map[string]any{"phone": "13900000001"}, nil)
	w.op("patch", "members", man, map[string]any{"phone": "13900000009"}, nil)
	s.op("patch", "households", home, map[string]any{"address": "村东头"}, nil)
	want(t, "worker", outcomes(w.push()), "held held")
	want(t, "social", outcomes(s.push()), "held")
	c.grant("social", homes(home)...)
	want(t, "the grant lets it through", s.pull().value(home, "address"), any("村东头"))
	want(t, "and tells", s.results[0].Outcome, "merged")
	c.townPatches("households", home, map[string]any{"region": village})
	want(t, "so does the move", w.pull().value(home, "phone"), any("13900000001"))
	want(t, "for what belongs to it, too", w.value(man, "phone"), any("13900000009"))
	want(t, "told of both", len(w.results), 2)
	want(t, "none is left", len(c.kept("county", "held")), 0)
}

func TestTheTownOfTheRecordReleasesOrRejects(t *testing.T) {
	c := newCounty(t)
	foreign := c.household(far, nil)
	w := c.tablet("worker").pull()
	w.op("patch", "households", foreign, map[string]any{"phone": "13900000001"}, nil)
	w.op("patch", "households", foreign, map[string]any{"address": "不对"}, nil)
	w.push()
	items := c.kept("othertown", "held")
	want(t, "held", len(items), 2)
	_, err := c.engine.Release(ctx, c.account("town"), items[0].Op, "test")
	want(t, "not the author's town", coded(err), "not_found")
	if _, err = c.engine.Release(ctx, c.account("othertown"), items[1].Op, "test"); err != nil {
		t.Fatal(err)
	}
	want(t, "reject", coded(c.engine.Discard(ctx, c.account("othertown"), items[0].Op, "不是你村的", "test")), "")
	want(t, "twice", coded(c.engine.Discard(ctx, c.account("othertown"), items[0].Op, "不是你村的", "test")), "decided")
	want(t, "released", c.tablet("othertown").pull().value(foreign, "phone"), any("13900000001"))
	w.pull()
	want(t, "told", w.results[0].Outcome+" "+w.results[1].Outcome, "merged rejected")
	want(t, "with the reason", w.results[1].Error.Message, "不是你村的")
	want(t, "nothing of the record", w.holds(foreign), false)
	rejected := c.kept("othertown", "rejected")
	want(t, "the rejected one stays readable", len(rejected), 1)
	want(t, "with its reason", rejected[0].Error.Message, "不是你村的")
}

// A town must not let its people's op through onto a record that has since been
// made in another town.
func TestATownReleasesNothingOntoAForeignRecord(t *testing.T) {
	c := newCounty(t)
	w, o := c.tablet("worker").pull(), c.tablet("othertown").pull()
	home := o.create("households", map[string]any{"region": far, "head_name": "赵六"})
	w.op("patch", "households", home, map[string]any{"phone": "13900000001"}, nil)
	w.push()
	held := c.kept("town", "held")
	want(t, "waits at the author's town", len(held), 1)
	want(t, "create", outcomes(o.push()), "applied")
	_, err := c.engine.Release(ctx, c.account("town"), held[0].Op, "test")
	want(t, "release", coded(err), "not_found")
	want(t, "now the record's town has it", len(c.kept("othertown", "held")), 1)
	want(t, "phone", o.pull().value(home, "phone"), nil)
}

// A held op that turns out never to succeed is rejected, and readable as such.
func TestAHeldOpThatIsRejectedLaterStaysReadable(t *testing.T) {
	c := newCounty(t)
	home := c.household(sibling, nil)
	s := c.tablet("social").pull()
	s.op("patch", "households", home, map[string]any{"review_class": "A"}, nil)
	s.push()
	c.grant("social", homes(home)...)
	s.pull()
	want(t, "told", s.results[0].Outcome, "rejected")
	items := c.kept("town", "rejected")
	want(t, "readable", len(items), 1)
	want(t, "with its reason", items[0].Error.Code, wire.Forbidden)
}

// Acceptance 23: a household moves village.
func TestAHouseholdThatMovesLeavesHereAndComesThere(t *testing.T) {
	c := newCounty(t)
	home := c.household(village, nil)
	man := c.member(home, nil)
	c.grant("social", homes(home)...)
	w, n, s := c.tablet("worker").pull(), c.tablet("neighbor").pull(), c.tablet("social").pull()
	visit := w.create("visits", map[string]any{"household": home, "kind": "routine", "visited_on": "2026-11-20"})
	photo := w.create("photos", map[string]any{"owner_type": "visits", "owner": visit, "sha256": strings.Repeat("a", 64)})
	want(t, "visit", outcomes(w.push()), "applied applied")
	w.pull()
	s.pull()
	want(t, "neighbour before", n.holds(home), false)
	c.townPatches("households", home, map[string]any{"region": sibling})
	w.pull()
	seq := w.gone[0].Seq
	for _, ch := range w.gone {
		want(t, "one seq for all", ch.Seq, seq)
	}
	want(t, "leave", w.left(), "leave households, leave members, leave photos, leave visits")
	n.pull()
	want(t, "put", n.holds(home, man, visit, photo), true)
	want(t, "nothing to drop", n.left(), "")
	s.pull()
	want(t, "who has it assigned keeps it", s.holds(home, man, visit, photo), true)
	want(t, "no leave", s.left(), "")
	w.op("patch", "households", home, map[string]any{"phone": "13900000001"}, nil)
	want(t, "a late push is held", outcomes(w.push()), "held")
	want(t, "a new device hears of nothing", c.tablet("worker").pull().left(), "")
	c.townPatches("households", home, map[string]any{"region": village})
	n.pull()
	want(t, "and back", n.left(), "leave households, leave members, leave photos, leave visits")
	want(t, "back", w.pull().holds(home, man, visit, photo), true)
}

// A device that slept while a household left, came back and left again holds it
// from before: it must hear of the leave.
func TestADeviceHearsOfALeaveAfterComingsAndGoingsItSleptThrough(t *testing.T) {
	c := newCounty(t)
	home := c.household(village, nil)
	w := c.tablet("worker").pull()
	for _, region := range []string{sibling, village, sibling} {
		c.townPatches("households", home, map[string]any{"region": region})
	}
	want(t, "left", w.pull().left(), "leave households")
}

// A first pull of several pages tells of no record that had left before it began.
func TestAFirstPullTellsOfNoRecordThatHadLeft(t *testing.T) {
	c := newCounty(t)
	gone := c.household(village, nil)
	man := c.member(gone, nil)
	for range 10 {
		c.household(village, nil)
	}
	deleted := c.household(village, nil)
	c.townDeletes("households", deleted)
	c.townDeletes("members", man)
	c.townPatches("households", gone, map[string]any{"region": sibling})
	for _, limit := range []int{1, 3, 7, 500} {
		w := c.tablet("worker")
		for w.pullPage(limit) {
		}
		want(t, "households", len(w.base), 10)
		want(t, "to drop", w.left(), "")
	}
}

// Acceptance 24: scope that grows arrives from its beginning; scope that shrinks
// reaches the device, and only what it may hold.
func TestGrantsThatComeAndGo(t *testing.T) {
	c := newCounty(t)
	var near, there []string
	for i := range 5 {
		near = append(near, c.household(village, map[string]any{"head_name": fmt.Sprintf("近%d", i)}))
		there = append(there, c.household(sibling, map[string]any{"head_name": fmt.Sprintf("远%d", i)}))
	}
	w := c.tablet("worker").pull()
	c.grant("worker", area(village), area(sibling))
	late := c.household(sibling, nil)
	for w.pullPage(2) {
	}
	want(t, "from its beginning", w.holds(append(append([]string{late}, near...), there...)...), true)
	unseen := c.household(village, nil)
	c.grant("worker", append(homes(near[0]), area(sibling))...)
	w.pull()
	want(t, "only what it may hold, and nothing that another grant shows", w.left(), strings.TrimSuffix(strings.Repeat("leave households, ", 4), ", "))
	want(t, "kept", w.holds(near[0]), true)
	want(t, "never came", w.holds(unseen), false)
	c.grant("worker", area(far))
	want(t, "changes village", w.pull().left(), strings.TrimSuffix(strings.Repeat("leave households, ", 7), ", "))
	want(t, "nothing is left", len(w.base), 0)
	c.grant("worker", area(sibling))
	c.grant("worker", area(far))
	want(t, "given and taken while away", w.pull().left(), "")
}

// A social worker is assigned hundreds of households in one day.
func TestManyGrantsAtOnceFitTheCursor(t *testing.T) {
	c := newCounty(t)
	var ids []string
	for range 700 {
		ids = append(ids, c.household(sibling, nil))
	}
	s := c.tablet("social").pull()
	c.grant("social", homes(ids...)...)
	for s.pullPage(5) {
		if len(s.cursor) > 4096 {
			t.Fatalf("a cursor of %d bytes", len(s.cursor))
		}
	}
	want(t, "all came", s.holds(ids...), true)
	c.grant("social", homes(ids[:10]...)...)
	for s.pullPage(5) {
	}
	want(t, "and went", len(s.base), 10)
}

func TestADisabledAccountIsSignedOut(t *testing.T) {
	c := newCounty(t)
	home, a, _ := c.twoTablets()
	a.patch("households", home, map[string]any{"phone": "13900000001"})
	rec, err := c.app.FindRecordById("users", c.people["worker"])
	if err != nil {
		t.Fatal(err)
	}
	rec.Set("disabled", true)
	if err := c.app.Save(rec); err != nil {
		t.Fatal(err)
	}
	_, err = a.tryPush(a.held)
	want(t, "push", coded(err), "unauthenticated")
	_, err = c.engine.Pull(ctx, c.account("worker"), engine.PullRequest{Device: a.id, Cursor: a.cursor})
	want(t, "pull", coded(err), "unauthenticated")
}

// A visit that comes before its household, from another device.
func TestAChildBeforeItsParentIsItsAuthorsAndTheOfficesAloneUntilTheParentComes(t *testing.T) {
	c := newCounty(t)
	a, b, town, other := c.tablet("worker").pull(), c.tablet("worker2").pull(), c.tablet("town").pull(), c.tablet("othertown").pull()
	home := a.create("households", map[string]any{"region": village, "head_name": "王五"})
	visit := b.create("visits", map[string]any{"household": home, "kind": "routine", "visited_on": "2026-11-20"})
	photo := b.create("photos", map[string]any{"owner_type": "visits", "owner": visit, "sha256": strings.Repeat("a", 64)})
	want(t, "accepted", outcomes(b.push()), "applied applied")
	want(t, "author", b.pull().holds(visit, photo), true)
	want(t, "office", town.pull().holds(visit, photo), true)
	want(t, "a colleague", a.pull().holds(visit), false)
	want(t, "another town", other.pull().holds(visit), false)
	want(t, "the parent comes", outcomes(a.push()), "applied")
	want(t, "the colleague", a.pull().holds(home, visit, photo), true)
	want(t, "author", b.pull().holds(home, visit, photo), true)
	want(t, "author has nothing to drop", b.left(), "")
}

func TestAChildOfAForeignParentNeverJoinsIt(t *testing.T) {
	c := newCounty(t)
	foreign := c.household(far, nil)
	w, o := c.tablet("worker").pull(), c.tablet("othertown").pull()
	visit := w.create("visits", map[string]any{"household": foreign, "kind": "routine", "visited_on": "2026-11-20"})
	report := w.create("status_changes", map[string]any{"household": foreign, "kind": "disaster", "happened_on": "2026-11-20"})
	results := w.push()
	want(t, "accepted", outcomes(results), "applied applied")
	c.do(engine.Draft{Type: "households", Record: foreign, Kind: "patch", Set: map[string]any{"phone": "13900000008"}})
	want(t, "the foreign town", o.pull().holds(visit), false)
	want(t, "its story", c.warnings(foreign), "")
	want(t, "author", w.pull().holds(visit, report), true)
	want(t, "nothing of the parent", w.holds(foreign), false)
	want(t, "the foreign town's story of it", c.away("othertown", foreign), "")
	want(t, "the county's", c.away("county", foreign), "status_changes visits")
	want(t, "the author's town returns it", coded(c.giveBack(results[1].ID, "不是本村")), "")
	for _, r := range o.pull().base {
		if r.typ == "tasks" {
			t.Fatal("the foreign village was given a task")
		}
	}
	c.grant("worker", area(village), area(far))
	want(t, "in scope it joins", o.pull().holds(visit), true)
}

// away lists the types of what a household's page shows as recorded from elsewhere.
func (c *county) away(who, household string) string {
	c.t.Helper()
	story, err := c.engine.Household(c.t.Context(), c.account(who), household)
	if err != nil {
		c.t.Fatal(err)
	}
	return strings.Join(slices.Sorted(maps.Keys(story.Away)), " ")
}

// Naming another author gives nobody a way into that author's scope.
func TestNamingAnotherAuthorOpensNoScope(t *testing.T) {
	c := newCounty(t)
	foreign := c.household(sibling, nil)
	w, n := c.tablet("worker").pull(), c.tablet("neighbor").pull()
	visit := w.create("visits", map[string]any{"household": foreign, "kind": "routine", "visited_on": "2026-11-20"})
	w.held[0]["author"] = c.people["neighbor"]
	o := w.op("patch", "households", foreign, map[string]any{"phone": "13900000001"}, nil)
	o["author"] = c.people["neighbor"]
	want(t, "outcomes", outcomes(w.push()), "applied held")
	story, err := c.engine.Household(ctx, c.account("neighbor"), foreign)
	if err != nil {
		t.Fatal(err)
	}
	want(t, "visits of the household", len(story.Records["visits"]), 0)
	c.do(engine.Draft{Type: "households", Record: foreign, Kind: "patch", Set: map[string]any{"region": village}})
	c.do(engine.Draft{Type: "households", Record: foreign, Kind: "patch", Set: map[string]any{"region": sibling}})
	want(t, "nor later", n.pull().holds(visit), true) // who is named as its author sees it, apart
	want(t, "apart", len(n.base), 2)
}

// What a household's page tells ends where a record left it.
func TestAHistoryEndsWhereARecordMovedToAForeignHousehold(t *testing.T) {
	c := newCounty(t)
	here, there := c.household(village, nil), c.household(far, nil)
	man := c.member(here, nil)
	c.do(engine.Draft{Type: "members", Record: man, Kind: "patch", Set: map[string]any{"household": there}})
	c.do(engine.Draft{Type: "members", Record: man, Kind: "patch", Set: map[string]any{"phone": "13977777777"}})
	story, err := c.engine.Household(ctx, c.account("town"), here)
	if err != nil {
		t.Fatal(err)
	}
	if s := text(t, story.History); strings.Contains(s, "13977777777") {
		t.Fatal("the history of a household shows what became of a member elsewhere")
	}
}

// Somebody else's photo that names a record of ours as its owner is not ours.
func TestAReviewListsNoPhotoFromOutsideItsScope(t *testing.T) {
	c := newCounty(t)
	home := c.household(village, nil)
	w, f := c.tablet("worker").pull(), c.tablet("neighbor").pull()
	report := w.create("status_changes", map[string]any{"household": home, "kind": "disaster", "happened_on": "2026-11-20"})
	mine := w.create("photos", map[string]any{"owner_type": "status_changes", "owner": report, "sha256": strings.Repeat("a", 64)})
	w.push()
	f.create("photos", map[string]any{"owner_type": "status_changes", "owner": report, "sha256": strings.Repeat("b", 64)})
	want(t, "a stranger's", outcomes(f.push()), "applied")
	want(t, "photos", strings.Join(c.reviews("town")[0].Photos, " "), mine)
}
