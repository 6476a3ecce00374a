package conformance

import (
	"strings"
	"testing"
)

func Test23AHouseholdMovedAwayWhileTheTabletWasOut(t *testing.T) {
	town, a, b, family := trio(t)
	neighbor := newDevice(t, "neighbor").pull()
	visit, o := a.create("visits", object{"household": family, "kind": "routine", "visited_on": "2026-11-20"})
	a.gets("applied", o)
	b.pull()
	edit := b.patch(family, "phone", "13900000004")
	missing := b.op("patch", "households", uuid7(), object{"phone": "13900000004"}, nil)
	town.pull()
	town.gets("applied", town.op("patch", "households", family, object{"region": neighbor.who.areas[0]}, object{"region": a.who.areas[0]}))
	results := b.gets("held held", edit, missing)
	for _, key := range []string{"fields", "case", "error"} { // "not yours" and "not there" are one answer
		want(t, key, results[0][key], results[1][key])
	}
	b.pull()
	want(t, "the copy goes", []string{b.gone[family], b.gone[visit]}, []string{"leave", "leave"})
	neighbor.pull()
	want(t, "and comes there with its visit", []bool{neighbor.base[family] != nil, neighbor.base[visit] != nil}, []bool{true, true})
	want(t, "the town sees the edit", len(inQueue(t, town.who, "/api/sync/v1/ops?outcome=held&limit=100", "op", edit["id"].(string))), 1)
	other := signIn(t, "othertown")
	want(t, "another town does not", len(inQueue(t, other, "/api/sync/v1/ops?outcome=held&limit=100", "op", edit["id"].(string))), 0)
	good(t, town.who.token, "POST", "/api/console/v1/ops/"+edit["id"].(string)+"/release", object{})
	want(t, "released", neighbor.pull().base[family]["phone"], "13900000004")
	told := false
	for _, r := range b.pull().news {
		told = told || r["id"] == edit["id"] && (r["outcome"] == "applied" || r["outcome"] == "merged")
	}
	want(t, "its author is told", told, true)
	want(t, "and shown nothing of it", b.base[family], nil)
}

// What the administrator gives and takes reaches the device: the village that goes
// leaves it, the one that comes arrives from its beginning.
func Test24AScopeThatShrinksAndGrowsReachesTheDevice(t *testing.T) {
	town, a, b, family := trio(t)
	neighbor := newDevice(t, "neighbor").pull()
	there := household(t, town, neighbor.who.areas[0])
	own, theirs := b.who.areas[0], neighbor.who.areas[0]
	account := func(area string) {
		home.command(t, "account", "--email", "worker2@demo.test", "--name", "换村", "--role", "worker", "--office", area, "--area", area)
		b.who = signInAgain(t, "worker2")
		signed["worker2"] = b.who
	}
	account(theirs)
	b.pull()
	want(t, "leaves", b.gone[family], "leave")
	want(t, "arrives, from before", b.base[there] != nil, true)
	for id := range a.pull().base {
		if b.base[id] != nil {
			t.Fatalf("%s of the old village is still there", id)
		}
	}
	account(own)
	b.pull()
	want(t, "back again", []any{b.base[family] != nil, b.gone[there]}, []any{true, "leave"})
}

// §3.3: where several people share a tablet, author and uploader are both kept, and
// the author is no way into another scope.
func TestASharedTabletKeepsAuthorAndUploaderOverTheWire(t *testing.T) {
	town, a, b, family := trio(t)
	o := a.patch(family, "monthly_income", 1200)
	o["author"] = b.who.id
	a.gets("applied", o)
	items := inQueue(t, town.who, "/api/sync/v1/reviews?state=open&limit=100", "op", o["id"].(string))
	want(t, "in the queue", len(items), 1)
	want(t, "under its author", items[0]["author"].(object)["id"], b.who.id)
	neighbor := newDevice(t, "neighbor")
	there := household(t, town, neighbor.who.areas[0])
	foreign := a.op("patch", "households", there, object{"phone": "13900000005"}, nil)
	foreign["author"] = neighbor.who.id
	a.gets("held", foreign)
}

// §9: a revoked device reads nothing, hands in what it holds, and is told to erase
// itself once nothing is left.
func TestARevokedDeviceHandsInAndIsWiped(t *testing.T) {
	town, a, _, family := trio(t)
	good(t, town.who.token, "POST", "/api/console/v1/devices/"+a.id+"/revoke", object{})
	for _, path := range []string{"/api/sync/v1/pull?device=" + a.id, "/api/sync/v1/snapshot?device=" + a.id} {
		r := ask(t, a.who.token, "GET", path, nil)
		want(t, path, []any{r.status, r.code}, []any{403, "device_revoked"})
		want(t, "shows nothing", strings.Contains(r.text, family), false)
	}
	a.gets("held", a.patch(family, "phone", "13900000006"))
	want(t, "nothing is left", a.try().body["wipe"], true)
	want(t, "nothing took effect", town.pull().base[family]["phone"], "13800000000")
}

// §2, guarantee 5: every route, asked with another village's ids, answers as for ids
// that there are not.
func TestNotThereAndNotYoursAreOneAnswerOnEveryRoute(t *testing.T) {
	_, a, b, family := trio(t)
	edit := b.patch(family, "monthly_income", 900)
	a.gets("applied", a.patch(family, "monthly_income", 2000))
	id := b.gets("conflict", edit)[0]["case"].(string)
	stranger := signIn(t, "othertown")
	for _, x := range []struct{ method, path string }{
		{"GET", "/api/console/v1/households/%s"}, {"POST", "/api/sync/v1/cases/%s/resolve"}, {"POST", "/api/sync/v1/reviews/%s/accept"},
		{"POST", "/api/console/v1/ops/%s/release"}, {"GET", "/api/sync/v1/photos/%s?size=full"}, {"POST", "/api/console/v1/devices/%s/revoke"},
	} {
		body := any(nil)
		if x.method == "POST" {
			body = object{"choice": "server", "reason": "x", "expect_rev": 1, "expect_version": 1}
		}
		for _, real := range []string{family, id, edit["id"].(string), a.id} {
			foreign := ask(t, stranger.token, x.method, strings.Replace(x.path, "%s", real, 1), body)
			none := ask(t, stranger.token, x.method, strings.Replace(x.path, "%s", uuid7(), 1), body)
			want(t, x.path, []any{foreign.status, foreign.text}, []any{none.status, none.text})
		}
	}
}
