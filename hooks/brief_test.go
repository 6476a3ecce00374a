package hooks

import (
	"bytes"
	"reflect"
	"testing"

	"doorstep/sync/wire"

	"github.com/go-json-experiment/json"
)

// lines are the puts of a snapshot or a pull, by record.
func (d *tablet) lines(path string) map[string]map[string]any {
	d.s.t.Helper()
	r := d.s.ask(d.who, "GET", syncPrefix+path+"device="+d.id, nil)
	if r.status != 200 {
		d.s.t.Fatalf("%s: %d %s", path, r.status, r.body)
	}
	out := map[string]map[string]any{}
	take := func(line map[string]any) {
		if line["kind"] == "put" {
			out[line["id"].(string)] = line
		}
	}
	var page struct {
		Changes []map[string]any `json:"changes"`
	}
	if json.Unmarshal(r.body, &page) == nil {
		for _, c := range page.Changes {
			take(c)
		}
		return out
	}
	for text := range bytes.Lines(r.body) {
		var line map[string]any
		if err := json.Unmarshal(text, &line); err != nil {
			d.s.t.Fatalf("%s: %v in %s", path, err, text)
		}
		take(line)
	}
	return out
}

func TestABriefPullAndSnapshotLeaveOutOnlyWhatTheLineSays(t *testing.T) {
	s := newSite(t)
	sc := s.scene("甲村", ownVillage, "worker", "worker2", "town")
	d := s.tablet("worker")
	full := d.lines("/pull?")
	if len(full) < 5 || full[sc.household] == nil {
		t.Fatalf("%d records", len(full))
	}
	for _, path := range []string{"/pull?brief=1&", "/snapshot?brief=1&"} {
		brief := d.lines(path)
		if len(brief) != len(full) {
			t.Fatalf("%s: %d records, in full %d", path, len(brief), len(full))
		}
		for id, line := range brief {
			want, record := full[id], line["record"].(map[string]any)
			for _, name := range []string{"id", "rev", "created", "updated"} {
				if _, told := record[name]; told {
					t.Errorf("%s tells %s of %s", path, name, id)
				}
			}
			record["id"] = id
			if line["rev"] == nil {
				line["rev"] = line["seq"]
			}
			record["rev"] = line["rev"]
			for _, name := range []string{"created", "updated"} {
				record[name] = want["record"].(map[string]any)[name]
			}
			if !reflect.DeepEqual(line, want) {
				t.Errorf("%s: restored it is %v, in full %v", path, line, want)
			}
		}
	}
	if r := s.ask("worker", "GET", syncPrefix+"/pull?brief=yes&device="+d.id, nil); r.status != 400 {
		t.Errorf("brief=yes: %d %s", r.status, r.body)
	}
}

// A record that follows its household to another village has a seq behind its rev:
// its brief line must tell it.
func TestABriefLineTellsTheRevisionWhereItIsNotTheSeq(t *testing.T) {
	s := newSite(t)
	sc := s.scene("乙村", ownVillage, "worker", "worker2", "town")
	desk := s.tablet("county")
	before := desk.lines("/pull?")[sc.visit]
	move := desk.op("patch", "households", sc.household, map[string]any{"region": farVillage}, map[string]any{"region": ownVillage})
	move["base"] = int64(before["seq"].(float64))
	desk.push("applied", move)
	after := s.tablet("farworker").lines("/pull?brief=1&")[sc.visit]
	if after == nil || after["rev"] != before["rev"] || after["seq"] == after["rev"] {
		t.Fatalf("before %v, after %v", before, after)
	}
}

func TestABriefPushIsAnsweredWithRunsAlsoTheSecondTimeAndUnderAnotherDevice(t *testing.T) {
	s := newSite(t)
	d := s.tablet("worker")
	home := newID()
	ops := []op{
		d.op("create", "households", home, map[string]any{"region": ownVillage, "head_name": "张三"}, nil),
		d.op("patch", "households", home, map[string]any{"phone": "13800000000"}, nil),
		d.op("patch", "households", home, map[string]any{"phone": "不是电话"}, nil),
		d.op("patch", "households", home, map[string]any{"phone": "13800000000"}, nil),
		d.op("patch", "households", home, map[string]any{"address": "村东"}, nil),
	}
	brief := func(d *tablet, ops ...op) wire.PushAnswer {
		t.Helper()
		envelope := d.envelope(ops...)
		envelope["brief"] = true
		r := s.ask("worker", "POST", syncPrefix+"/push", envelope)
		var a wire.PushAnswer
		if err := json.Unmarshal(r.body, &a); err != nil || r.status != 200 {
			t.Fatalf("%d %s", r.status, r.body)
		}
		return a
	}
	first := brief(d, ops...)
	if len(first.Applied) != 2 || first.Applied[0].N != 1 || first.Applied[0].Count != 2 || first.Applied[1].N != 5 || first.NextN != 6 {
		t.Fatalf("%+v", first)
	}
	if len(first.Results) != 2 || first.Results[0].Outcome != "rejected" || first.Results[1].Fields["phone"] != "same" {
		t.Fatalf("%+v", first.Results)
	}
	again := brief(d, ops...)
	if !reflect.DeepEqual(again.Applied, first.Applied) || !reflect.DeepEqual(again.Results, first.Results) {
		t.Errorf("the second time %+v, the first %+v", again, first)
	}
	full := d.push("applied applied rejected applied applied", ops...)
	if full[1].Seq != first.Applied[0].Seq+1 || full[4].Seq != first.Applied[1].Seq {
		t.Errorf("in full %+v, brief %+v", full, first.Applied)
	}

	other := s.tablet("worker")
	var anew []op
	for i, o := range []op{ops[0], ops[1], ops[4]} { // with their ids, under new numbers
		copied := op{}
		for k, v := range o {
			copied[k] = v
		}
		copied["n"] = int64(i + 1)
		anew = append(anew, copied)
	}
	alias := brief(other, anew...)
	if want := []wire.Run{{N: 1, Count: 2, Seq: full[0].Seq}, {N: 3, Count: 1, Seq: full[4].Seq}}; !reflect.DeepEqual(alias.Applied, want) || alias.NextN != 4 {
		t.Errorf("under another device %+v, want %v", alias, want)
	}
	twin := op{}
	for k, v := range anew[0] {
		twin[k] = v
	}
	twin["set"] = map[string]any{"region": ownVillage, "head_name": "李四"}
	if a := brief(other, twin); len(a.Applied) != 0 || len(a.Results) != 1 || a.Results[0].Error == nil || a.Results[0].Error.Code != wire.OpMismatch {
		t.Errorf("other content under a known id: %+v", a)
	}
}

func TestAnOpMayLeaveOutATimeThatItsIDTells(t *testing.T) {
	s := newSite(t)
	d := s.tablet("worker")
	home := newID()
	o := d.op("create", "households", home, map[string]any{"region": ownVillage, "head_name": "张三", "monthly_income": 3000.0}, nil)
	delete(o, "at")
	d.push("applied", o)
	d.push("applied", o)
	r := s.ask("town", "GET", syncPrefix+"/reviews?state=open&limit=50", nil)
	var q struct {
		Items []struct {
			At string `json:"at"`
		} `json:"items"`
	}
	if err := json.Unmarshal(r.body, &q); err != nil || len(q.Items) != 1 {
		t.Fatalf("%s %v", r.body, err)
	}
	if q.Items[0].At != wire.TimeOf(o["id"].(string)) || q.Items[0].At == "" {
		t.Errorf("the town reads %q, the id tells %q", q.Items[0].At, wire.TimeOf(o["id"].(string)))
	}
	o["at"] = wire.TimeOf(o["id"].(string))
	if res := d.push("", o); res[0].Error == nil || res[0].Error.Code != wire.OpMismatch {
		t.Errorf("the digest is of the op as sent: %+v", res)
	}
}

func TestTheSchemaTellsItsVersionTheOldestAndTheOptions(t *testing.T) {
	s := newSite(t)
	var schema struct {
		Schema  int      `json:"schema"`
		Oldest  int      `json:"oldest"`
		Options []string `json:"options"`
	}
	if r := s.ask("worker", "GET", syncPrefix+"/schema", nil); json.Unmarshal(r.body, &schema) != nil || schema.Schema != 1 || schema.Oldest != 1 || !reflect.DeepEqual(schema.Options, []string{"brief"}) {
		t.Errorf("%+v", schema)
	}
}

// A server that was set back, or that is updated later than its tablets' app.
func TestAPushFromANewerClientIsPutOffNotRefused(t *testing.T) {
	s := newSite(t)
	d := s.tablet("worker")
	envelope := d.envelope(d.op("create", "households", newID(), map[string]any{"region": ownVillage, "head_name": "张三"}, nil))
	envelope["schema"] = 2
	r := s.ask("worker", "POST", syncPrefix+"/push", envelope)
	if r.status != 503 || r.code() != "busy" || r.header.Get("Retry-After") != "300" {
		t.Errorf("%d %s, Retry-After %q", r.status, r.body, r.header.Get("Retry-After"))
	}
	envelope["schema"] = 1
	if r := s.ask("worker", "POST", syncPrefix+"/push", envelope); r.status != 200 {
		t.Errorf("%d %s", r.status, r.body)
	}
	for _, path := range []string{"/pull?", "/snapshot?"} {
		if r := s.ask("worker", "GET", syncPrefix+path+"schema=2&device="+d.id, nil); r.status != 200 {
			t.Errorf("%s: %d %s", path, r.status, r.body)
		}
	}
}
