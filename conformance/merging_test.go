package conformance

import "testing"

func Test07DifferentFieldsStandTheSameValueIsNothingAndTwoValuesAreShown(t *testing.T) {
	town, a, b, family := trio(t)
	different, same, other := b.patch(family, "address", "村南头"), b.patch(family, "monthly_income", 2000), b.patch(family, "head_name", "张三丰")
	a.gets("applied applied applied", a.patch(family, "phone", "13900000001"), a.patch(family, "monthly_income", 2000), a.patch(family, "head_name", "章三"))
	results := b.gets("applied applied conflict", different, same, other)
	want(t, "the same value", results[1]["fields"], object{"monthly_income": "same"})
	cases := casesOf(t, town.who, family)
	want(t, "cases", len(cases), 1)
	want(t, "the server's", cases[0]["server"].(object)["value"], "章三")
	want(t, "the device's", list(cases[0]["device"])[0].(object)["value"], "张三丰")
	town.pull()
	want(t, "phone", town.base[family]["phone"], "13900000001")
	want(t, "address", town.base[family]["address"], "村南头")
}

func Test08AnEditOfAClosedOrDeletedHouseholdRevivesNothingAndIsNotLost(t *testing.T) {
	town, a, b, family := trio(t)
	a.gets("applied", a.op("patch", "households", family, object{"state": "closed", "state_reason": "moved"}, object{"state": "active", "state_reason": nil}))
	b.pull()
	_, visit := b.create("visits", object{"household": family, "kind": "routine", "visited_on": "2026-11-20", "conclusion": "已搬走"})
	b.gets("applied", visit)
	b.gets("rejected", b.op("patch", "households", family, object{"state": "active", "state_reason": nil}, object{"state": "closed", "state_reason": "moved"}))
	want(t, "still closed", town.pull().base[family]["state"], "closed")

	gone := household(t, town, a.who.areas[0])
	a.pull()
	edit := a.patch(gone, "phone", "13900000009")
	town.pull()
	town.gets("applied", town.op("delete", "households", gone, nil, nil))
	a.gets("conflict", edit)
	want(t, "not revived", a.pull().base[gone], nil)
	want(t, "how it went", a.gone[gone], "tombstone")
	cases := casesOf(t, town.who, gone)
	want(t, "the edit is kept", len(cases), 1)
	want(t, "as", cases[0]["kind"], "delete")
	good(t, town.who.token, "POST", "/api/sync/v1/cases/"+cases[0]["case"].(string)+"/resolve",
		object{"choice": "device", "op": edit["id"], "reason": "还在", "expect_rev": cases[0]["rev"], "expect_version": cases[0]["version"]})
	want(t, "a person restores it", a.pull().base[gone]["phone"], "13900000009")
}

func Test09TwoPeopleEditDifferentFieldsAndEndTheSame(t *testing.T) {
	_, a, b, family := trio(t)
	x, y := a.patch(family, "phone", "13900000002"), b.patch(family, "address", "村北头")
	a.gets("applied", x)
	b.gets("applied", y)
	want(t, "both devices", a.pull().base[family], b.pull().base[family])
	want(t, "phone", a.base[family]["phone"], "13900000002")
	want(t, "address", a.base[family]["address"], "村北头")
}

func Test10TheSamePersonTwiceIsPointedOutAndMadeOneWithItsReferences(t *testing.T) {
	town, a, b, family := trio(t)
	name := "赵" + uuid7()[:8]
	older, x := a.create("members", object{"household": family, "name": name, "birth_date": "1950-03-04"})
	newer, y := b.create("members", object{"household": family, "name": name, "birth_date": "1950-03-04", "phone": "13900000003"})
	a.gets("applied", x)
	b.push(y)
	report, z := b.create("status_changes", object{"household": family, "member": newer, "kind": "hospital", "happened_on": "2026-11-20"})
	if r := b.push(z); r[0]["outcome"] != "applied" {
		report, z = b.create("status_changes", object{"household": family, "member": newer, "kind": "death", "happened_on": "2026-11-20"})
		b.gets("applied", z)
	}
	cases := append(casesOf(t, town.who, newer), casesOf(t, town.who, older)...)
	want(t, "pointed out", len(cases), 1)
	want(t, "as", cases[0]["kind"], "duplicate")
	good(t, town.who.token, "POST", "/api/sync/v1/cases/"+cases[0]["case"].(string)+"/resolve",
		object{"choice": "server", "reason": "同一人", "expect_rev": cases[0]["rev"], "expect_version": cases[0]["version"]})
	a.pull()
	want(t, "one is left", []bool{a.base[older] != nil, a.base[newer] != nil}, []bool{true, false})
	want(t, "with what the other knew", a.base[older]["phone"], "13900000003")
	want(t, "its report names the one", a.base[report]["member"], older)
}

// A resolution can be undone by another (§3.7), and reaches each device (§3.7, 27).
func Test27AResolutionReachesTheDevicesAndCanBeUndone(t *testing.T) {
	town, a, b, family := trio(t)
	edit := b.patch(family, "monthly_income", 900)
	a.gets("applied", a.patch(family, "monthly_income", 2000))
	id := b.gets("conflict", edit)[0]["case"].(string)
	resolve := func(body object) answer {
		c := inQueue(t, town.who, "/api/sync/v1/cases?state=open&limit=100", "case", id)
		if len(c) == 0 {
			c = inQueue(t, town.who, "/api/sync/v1/cases?state=resolved&limit=100", "case", id)
		}
		body["expect_rev"], body["expect_version"], body["reason"] = c[0]["rev"], c[0]["version"], "核实"
		return ask(t, town.who.token, "POST", "/api/sync/v1/cases/"+id+"/resolve", body)
	}
	stale := ask(t, town.who.token, "POST", "/api/sync/v1/cases/"+id+"/resolve", object{"choice": "server", "reason": "x", "expect_rev": 1, "expect_version": 1})
	want(t, "against an old state", []any{stale.status, stale.code}, []any{409, "case_moved"})
	want(t, "the device's", resolve(object{"choice": "device", "op": edit["id"]}).status, 200)
	want(t, "stands", b.pull().base[family]["monthly_income"], 900)
	want(t, "its device is told", len(b.news) > 0, true)
	want(t, "undone", resolve(object{"choice": "value", "value": 2000}).status, 200)
	want(t, "stands again", b.pull().base[family]["monthly_income"], 2000)
}
