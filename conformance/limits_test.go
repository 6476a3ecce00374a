package conformance

import (
	"fmt"
	"sync"
	"testing"
)

func Test18OneInvalidEditInAHundredFailsAlone(t *testing.T) {
	town, a, _, family := trio(t)
	var ops []object
	for i := range 100 {
		set := object{"household": family, "kind": "routine", "visited_on": "2026-11-20", "conclusion": fmt.Sprint(i)}
		if i == 50 {
			set["visited_on"] = "下周"
		}
		_, o := a.create("visits", set)
		ops = append(ops, o)
	}
	accepted := 0
	for i, r := range a.push(ops...) {
		if r["outcome"] == "applied" {
			accepted++
		} else if e, _ := r["error"].(object); i != 50 || r["outcome"] != "rejected" || e["code"] != "invalid" || e["field"] != "visited_on" {
			t.Fatalf("op %d: %v", i, r)
		}
	}
	want(t, "accepted", accepted, 99)
	kept := inQueue(t, town.who, "/api/sync/v1/ops?outcome=rejected&limit=100", "op", ops[50]["id"].(string))
	want(t, "the office sees it", len(kept), 1)
	want(t, "with its body", kept[0]["body"].(object)["set"].(object)["conclusion"], "50")
}

func Test19TheSamePushTenTimesAtOnceHasOneEffectAndOtherContentIsRefused(t *testing.T) {
	town, a, _, family := trio(t)
	o := a.op("patch", "households", family, object{"remarks": []object{{"id": uuid7(), "at": now(), "by": "甲", "text": "一"}}}, nil)
	var all sync.WaitGroup
	answers := make([]string, 10)
	for i := range answers {
		all.Go(func() { answers[i] = fmt.Sprint(a.push(o)) })
	}
	all.Wait()
	for _, text := range answers {
		want(t, "every answer", text, answers[0])
	}
	want(t, "one effect", len(list(town.pull().base[family]["remarks"])), 1)
	seq := rev(town.base[family])
	forged := object{}
	for k, v := range o {
		forged[k] = v
	}
	forged["set"] = object{"phone": "13911111111"}
	results := a.push(forged)
	e, _ := results[0]["error"].(object)
	want(t, "other content", []any{len(results), results[0]["outcome"] == nil || results[0]["outcome"] == "", e["code"]}, []any{1, true, "op_mismatch"})
	want(t, "changes nothing", rev(town.pull().base[family]), seq)
}

func Test20ABatchTooLargeIsRefusedWholeAndGoesInParts(t *testing.T) {
	_, a, _, family := trio(t)
	var ops []object
	for i := range 501 {
		_, o := a.create("visits", object{"household": family, "kind": "routine", "visited_on": "2026-11-20", "conclusion": fmt.Sprint(i)})
		ops = append(ops, o)
	}
	all := a.try(ops...)
	want(t, "too many", []any{all.status, all.code}, []any{413, "too_large"})
	want(t, "the first part", len(a.push(ops[:250]...)), 250)
	want(t, "the second", len(a.push(ops[250:]...)), 251)
}

func Test21AHundredRecordsOfOneTimestampPageWithoutALoop(t *testing.T) {
	_, a, b, family := trio(t)
	var ops []object
	var ids []string
	for i := range 100 {
		id, o := a.create("visits", object{"household": family, "kind": "routine", "visited_on": "2026-11-20", "conclusion": fmt.Sprint(i)})
		o["at"] = "2026-11-20T00:00:00.000Z"
		ops, ids = append(ops, o), append(ids, id)
	}
	a.push(ops...)
	b.pages(7)
	for _, id := range ids {
		want(t, id, b.base[id] != nil, true)
	}
}

func Test22AWrongClockDecidesNothing(t *testing.T) {
	town, a, b, family := trio(t)
	future, past := a.patch(family, "phone", "13900000009"), b.patch(family, "phone", "13900000001")
	future["at"], past["at"] = "2099-01-01T00:00:00.000Z", "2025-11-20T00:00:00.000Z"
	a.gets("applied", future)
	b.gets("merged", past) // it arrived later
	want(t, "the later arrival stands", town.pull().base[family]["phone"], "13900000001")
	_, visit := a.create("visits", object{"household": family, "kind": "routine", "visited_on": "2026-11-20"})
	visit["at"] = "2099-01-01T00:00:00.000Z"
	a.gets("applied", visit)
	want(t, "nothing dated in the future is lost", b.pull().base[visit["record"].(string)] != nil, true)
}
