package hooks

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"doorstep/domain/matching"
	"doorstep/register"
	"doorstep/sync/engine"
	"doorstep/sync/wire"

	"github.com/go-json-experiment/json"
)

func (r reply) into(t *testing.T, v any) {
	t.Helper()
	if err := json.Unmarshal(r.body, v, json.MatchCaseInsensitiveNames(true)); err != nil || r.status >= 300 {
		t.Fatalf("%d %s %v", r.status, r.body, err)
	}
}

// Headings that nobody knows are shown, laid by hand, taken, and remembered for the
// next list of that source.
func TestColumnsAreLaidByHandAndRemembered(t *testing.T) {
	s := newSite(t)
	const source = consolePrefix + "/sources/vehicle"
	strange := "车主,证号,车牌\n张三," + strangersNumber + ",鲁B12345\n"
	var look register.ListLook
	s.ask("data", "POST", source+"/look", strange).into(t, &look)
	if len(look.Header) != 3 || len(look.Missing) == 0 || look.Sample[0][1] == strangersNumber || look.Sample[0][0] != "张三" {
		t.Fatalf("%+v", look)
	}
	mapping := `{"name":"车主","id_number":"证号","plate":"车牌","vehicle":"-"}`
	s.ask("data", "POST", source+"/look?mapping="+url.QueryEscape(mapping), strange).into(t, &look)
	if len(look.Missing) != 0 || look.Mapping["plate"] != "车牌" {
		t.Fatalf("%+v", look)
	}
	var b register.Batch
	s.ask("data", "POST", source+"/batches?as_of=2026-06-30&mapping="+url.QueryEscape(mapping), strange).into(t, &b)
	s.server.Lists.Wait()
	s.ask("data", "GET", consolePrefix+"/batches/"+b.ID, nil).into(t, &b)
	if b.State != "done" || b.Rows != 1 || b.Bad != 0 || b.ByName != "data" {
		t.Fatalf("%+v", b)
	}
	var all struct{ Items []register.Source }
	s.ask("data", "GET", consolePrefix+"/sources", nil).into(t, &all)
	for _, src := range all.Items {
		if src.Code == "vehicle" && (src.Mapping["name"] != "车主" || src.Mapping["vehicle"] != matching.NoColumn || src.LastReceived == "" || src.Sender != "公安") {
			t.Errorf("%+v", src)
		}
	}
	s.ask("data", "POST", source+"/look", strings.Replace(strange, "12345", "54321", 1)).into(t, &look)
	if len(look.Missing) != 0 || look.Known != "" {
		t.Errorf("the next list is not known by its headings: %+v", look)
	}
	s.ask("data", "POST", source+"/look", strange).into(t, &look)
	if look.Known != b.ID {
		t.Errorf("the same file is not told: %+v", look)
	}
	if r := s.ask("data", "POST", source+"/look?mapping="+url.QueryEscape(`{"salary":"车主"}`), strange); r.status != 422 {
		t.Errorf("a field that is none: %d %s", r.status, r.body)
	}
}

// What may be one person is shown from both sides, to whom the register's side is
// within scope; what a withdrawal would undo is said beforehand.
func TestBothSidesOfADoubtAndTheEffectsOfAWithdrawal(t *testing.T) {
	s := newSite(t)
	own, far := s.scene("本处金丝雀", ownVillage, "worker", "worker2", "town"), s.scene("他乡金丝雀", farVillage, "farworker", "farworker2", "fartown")
	for _, sc := range []*scene{own, far} { // one number in two households of two towns
		results, err := s.server.Engine.Do(context.Background(), engine.Server, []engine.Draft{{Type: "members", Record: newID(), Kind: wire.KindCreate,
			Set: map[string]any{"household": sc.household, "name": sc.word + "甲", "id_kind": "resident", "id_number": strangersNumber}}})
		if err != nil || results[0].Error != nil {
			t.Fatalf("%v %v", err, results)
		}
	}
	batch := s.list("vehicle", "另一个名字")
	var page struct{ Items []register.ResultItem }
	s.ask("county", "GET", consolePrefix+"/results?state=to_confirm&batch="+batch, nil).into(t, &page)
	if len(page.Items) != 1 {
		t.Fatalf("%+v", page)
	}
	// The list names nobody who may be meant: the other one lives where this town sees nobody.
	listed := 0
	for who, hidden := range map[string]string{"county": "may_be", "town": far.word + "甲", "fartown": own.word + "甲"} {
		r := s.ask(who, "GET", consolePrefix+"/results?state=to_confirm&batch="+batch, nil)
		if strings.Contains(string(r.body), hidden) {
			t.Errorf("%s reads %s in %s", who, hidden, r.body)
		}
		listed += strings.Count(string(r.body), `"batch"`)
	}
	if listed != 2 {
		t.Errorf("%d results listed: the county's and one town's", listed)
	}
	for who, seen := range map[string]int{"county": 2, "town": 1} {
		var v register.ResultView
		r := s.ask(who, "GET", consolePrefix+"/results/"+page.Items[0].ID, nil)
		if r.status == 404 && who == "town" {
			continue // it lies with the other of the two
		}
		r.into(t, &v)
		names := 0
		for _, p := range v.MayBe {
			if p.Name != "" {
				names++
			}
			if p.RegionName == "" || strings.Contains(p.IDNumber, strangersNumber[6:14]) {
				t.Errorf("%+v", p)
			}
		}
		if names != seen || len(v.MayBe) != 2 || v.Person["name"] != "另一个名字" {
			t.Errorf("%s: %+v", who, v)
		}
	}
	var e register.Effects
	s.ask("county", "GET", consolePrefix+"/batches/"+batch+"/effects", nil).into(t, &e)
	if e.Results != 1 || e.Households != 1 || e.Decided != 0 {
		t.Errorf("%+v", e)
	}
	var bad struct {
		Items []register.BadRow
	}
	s.ask("county", "GET", consolePrefix+"/batches/"+batch+"/bad-rows", nil).into(t, &bad)
	if len(bad.Items) != 1 || bad.Items[0].Line != 3 || bad.Items[0].Faults[0].Column != "身份证号" || bad.Items[0].Faults[0].Reason == "" {
		t.Errorf("%+v", bad)
	}
}
