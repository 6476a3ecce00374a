package conformance

import (
	"sync"
	"testing"
)

// trio is the town's device and two workers of one village, with a household that
// all of them have pulled.
func trio(t *testing.T) (town, a, b *device, family string) {
	t.Helper()
	town, a, b = newDevice(t, "town"), newDevice(t, "worker"), newDevice(t, "worker2")
	family = household(t, town, a.who.areas[0])
	return town.pull(), a.pull(), b.pull(), family
}

func Test01ThreeOfflineEditsInOrderAllApply(t *testing.T) {
	town, a, _, family := trio(t)
	ops := []object{a.patch(family, "monthly_income", 2000)}
	for _, step := range [][2]int{{2000, 1500}, {1500, 1000}} {
		ops = append(ops, a.op("patch", "households", family, object{"monthly_income": step[1]}, object{"monthly_income": step[0]}))
	}
	for _, r := range a.gets("applied applied applied", ops...) {
		want(t, "a case", r["case"], nil)
		want(t, "fields", r["fields"], object{})
	}
	want(t, "stands", town.pull().base[family]["monthly_income"], 1000)
	want(t, "cases", len(casesOf(t, town.who, family)), 0)
}

func Test02TheSecondBeforeTheFirstWaits(t *testing.T) {
	town, a, _, family := trio(t)
	first, second := a.patch(family, "phone", "13900000001"), a.patch(family, "address", "村东头")
	early := a.try(second)
	want(t, "a gap stops the run", len(list(early.body["results"])), 0)
	want(t, "next_n says what to send", whole(early.body["next_n"]), first["n"])
	want(t, "nothing took effect", town.pull().base[family]["address"], nil)
	a.gets("applied applied", first, second)
	want(t, "phone", town.pull().base[family]["phone"], "13900000001")
	want(t, "address", town.base[family]["address"], "村东头")
}

func Test03AChildBeforeItsParentIsJoinedWhenThatComes(t *testing.T) {
	town, a, b, _ := trio(t)
	family := uuid7()
	member, o := a.create("members", object{"household": family, "name": "李四", "birth_date": "1970-01-02"})
	a.gets("applied", o)
	want(t, "its author has it", a.pull().base[member] != nil, true)
	want(t, "the office has it", town.pull().base[member] != nil, true)
	want(t, "a colleague has not", b.pull().base[member] != nil, false)
	b.gets("applied", b.op("create", "households", family, object{"region": b.who.areas[0], "head_name": "李四"}, nil))
	want(t, "now the colleague has it", b.pull().base[member] != nil, true)
}

func Test04CreateAndUpdateAtOnceAreSerialised(t *testing.T) {
	for range 5 {
		town, a, b, _ := trio(t)
		family := uuid7()
		create := a.op("create", "households", family, object{"region": a.who.areas[0], "head_name": "王五", "phone": "13800000000"}, nil)
		patch := b.op("patch", "households", family, object{"address": "村西头"}, nil)
		var both sync.WaitGroup
		both.Go(func() { a.gets("applied", create) })
		var outcome string
		both.Go(func() { outcome = outcomesOf(b.push(patch)) })
		both.Wait()
		if outcome != "held" && outcome != "applied" && outcome != "merged" {
			t.Fatalf("the update is %s", outcome)
		}
		want(t, "the create's", town.pull().base[family]["phone"], "13800000000")
		want(t, "the update's", town.base[family]["address"], "村西头")
	}
}

func Test05AForeignWriteThatTheFirstPassedOverIsSeenByTheSecond(t *testing.T) {
	town, a, b, family := trio(t)
	first := a.patch(family, "monthly_income", 2000)
	second := a.op("patch", "households", family, object{"monthly_income": 1500}, object{"monthly_income": 2000})
	b.gets("applied", b.patch(family, "monthly_income", 2600))
	results := a.gets("conflict conflict", first, second)
	want(t, "one case", results[0]["case"], results[1]["case"])
	want(t, "stands", town.pull().base[family]["monthly_income"], 2600)
	cases := casesOf(t, town.who, family)
	want(t, "cases", len(cases), 1)
	want(t, "both edits are in it", len(list(cases[0]["device"])), 2)
	want(t, "base", cases[0]["base"], 3000)
}

func Test06NoFlagWithoutEvidenceAndALateEditReopens(t *testing.T) {
	town, a, b, family := trio(t)
	late := b.patch(family, "monthly_income", 900)
	lateToo := b.op("patch", "households", family, object{"monthly_income": 800}, object{"monthly_income": 3000})
	same := a.patch(family, "monthly_income", 2000)
	a.gets("applied", same)
	results := b.gets("conflict", late)
	c := casesOf(t, town.who, family)[0]
	good(t, town.who.token, "POST", "/api/sync/v1/cases/"+results[0]["case"].(string)+"/resolve",
		object{"choice": "server", "reason": "核实", "expect_rev": c["rev"], "expect_version": c["version"]})
	want(t, "settled", len(casesOf(t, town.who, family)), 0)
	a.pull()
	a.gets("applied", a.patch(family, "monthly_income", 2100))
	want(t, "no flag after it was settled", len(casesOf(t, town.who, family)), 0)
	b.gets("conflict", lateToo)
	want(t, "a late edit reopens it", len(casesOf(t, town.who, family)), 1)
}
