package hooks

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"doorstep/register"
	"doorstep/sync/engine"
	"doorstep/sync/wire"

	"github.com/go-json-experiment/json"
)

const strangersNumber = "11010519491231002X"

func listOf(name string) string {
	return "姓名,身份证号,号牌号码\n" + name + "," + strangersNumber + ",鲁B12345\n" + name + ",370281,鲁B1\n"
}

// list takes a list of one row that is well and one that is not, sent by the county.
func (s *site) list(source, word string) string { return s.listBy("county", source, word) }

func (s *site) listBy(who, source, word string) string {
	s.t.Helper()
	content := listOf(word)
	path := filepath.Join(s.t.TempDir(), "list.csv")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		s.t.Fatal(err)
	}
	sum := sha256.Sum256([]byte(content))
	b, err := s.server.Lists.Take(context.Background(), &engine.Account{ID: s.people[who]}, register.Incoming{Source: source, AsOf: "2026-06-30", Name: "l.csv", Path: path, SHA256: hex.EncodeToString(sum[:])})
	if err != nil {
		s.t.Fatal(err)
	}
	return b.ID
}

// unsure is a result that waits for a person, of a member of the scene: a resident of
// the same name, birth date and village without a number.
func (s *site) unsure(sc *scene) string {
	s.t.Helper()
	village := ownVillage
	if sc.worker == "farworker" {
		village = farVillage
	}
	name := sc.word + newID()[30:]
	results, err := s.server.Engine.Do(context.Background(), engine.Server, []engine.Draft{{Type: "members", Record: newID(), Kind: wire.KindCreate,
		Set: map[string]any{"household": sc.household, "name": name, "birth_date": "1950-01-01"}}})
	if err != nil || results[0].Error != nil {
		s.t.Fatalf("%v %v", err, results)
	}
	content := "姓名,出生日期,村,号牌号码\n" + name + ",1950-01-01," + village + ",鲁B1\n"
	path := filepath.Join(s.t.TempDir(), "list.csv")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		s.t.Fatal(err)
	}
	county, err := s.server.Engine.Account(context.Background(), s.people["county"])
	if err != nil {
		s.t.Fatal(err)
	}
	b, err := s.server.Lists.Take(context.Background(), county, register.Incoming{Source: "vehicle", AsOf: "2026-06-30", Path: path, SHA256: newID()})
	if err != nil {
		s.t.Fatal(err)
	}
	items, _, err := s.server.Lists.Results(context.Background(), county, register.ResultQuery{Batch: b.ID, Limit: 10})
	if err != nil || len(items) != 1 || items[0].State != "to_confirm" {
		s.t.Fatalf("%v %+v", err, items)
	}
	return items[0].ID
}

// A department's list from the upload to its withdrawal, over HTTP.
func TestAListIsUploadedFollowedAndWithdrawnOverHTTP(t *testing.T) {
	s := newSite(t)
	sc := s.scene("本处金丝雀", ownVillage, "worker", "worker2", "town")
	results, err := s.server.Engine.Do(context.Background(), engine.Server, []engine.Draft{
		{Type: "members", Record: newID(), Kind: wire.KindCreate, Set: map[string]any{"household": sc.household, "name": "张三", "id_kind": "resident", "id_number": strangersNumber}},
		{Type: "categories", Record: newID(), Kind: wire.KindCreate, Set: map[string]any{"household": sc.household, "category": "subsistence", "from": "2025-01-01"}}})
	if err != nil || results[0].Error != nil || results[1].Error != nil {
		t.Fatalf("%v %v", err, results)
	}
	const upload = consolePrefix + "/sources/vehicle/batches?as_of=2026-06-30&period=2026-06&file=车辆.csv"
	var b register.Batch
	r := s.ask("data", "POST", upload, listOf("张三"))
	if err := json.Unmarshal(r.body, &b); err != nil || r.status != 202 || b.ID == "" || b.File != "车辆.csv" {
		t.Fatalf("%d %s", r.status, r.body)
	}
	s.server.Lists.Wait()
	r = s.ask("data", "GET", consolePrefix+"/batches/"+b.ID, nil)
	if err := json.Unmarshal(r.body, &b); err != nil || b.State != "done" || b.Rows != 2 || b.Bad != 1 || b.Counts["ineligible"] != 1 || b.Share != 1 {
		t.Fatalf("%d %s", r.status, r.body)
	}
	if again := s.ask("data", "POST", upload, listOf("张三")); again.status != 200 || !strings.Contains(string(again.body), b.ID) {
		t.Errorf("the same file again: %d %s", again.status, again.body)
	}
	if f := s.ask("data", "GET", consolePrefix+"/batches/"+b.ID+"/faults", nil); f.status != 200 || !strings.Contains(string(f.body), "3,身份证号,") {
		t.Errorf("%d %s", f.status, f.body)
	}
	if f := s.ask("data", "GET", consolePrefix+"/batches/"+s.list("vehicle", "他人")+"/faults", nil); f.status != 404 {
		t.Errorf("another's file: %d %s", f.status, f.body)
	}
	for who, want := range map[string]int{"town": 1, "fartown": 0, "county": 1, "auditor": 1} {
		var page struct{ Items []register.ResultItem }
		r := s.ask(who, "GET", consolePrefix+"/results?batch="+b.ID+"&household="+sc.household, nil)
		if err := json.Unmarshal(r.body, &page, json.MatchCaseInsensitiveNames(true)); err != nil || len(page.Items) != want || strings.Contains(string(r.body), strangersNumber) {
			t.Errorf("%s: %d %s", who, r.status, r.body)
		}
	}
	if w := s.ask("county", "POST", consolePrefix+"/batches/"+b.ID+"/withdraw", map[string]any{"reason": "发错"}); w.status != 200 || !strings.Contains(string(w.body), `"state":"withdrawn"`) {
		t.Errorf("%d %s", w.status, w.body)
	}
	for _, c := range []struct {
		path, body string
		status     int
		words      string
	}{
		{"/sources/none/batches?as_of=2026-06-30", listOf("张三"), 404, ""}, {"/sources/vehicle/batches?as_of=昨天", listOf("张三"), 422, "日期"},
		{"/sources/vehicle/batches?as_of=2026-06-30", "", 422, "空的"}, {"/sources/vehicle/batches?as_of=2026-06-30", "a,b\n", 422, "表头"},
	} {
		if r := s.ask("county", "POST", consolePrefix+c.path, c.body); r.status != c.status || !strings.Contains(string(r.body), c.words) {
			t.Errorf("%s: %d %s", c.path, r.status, r.body)
		}
	}
	s.server.Lists.Limits.FileBytes = 1 << 10
	if r := s.ask("county", "POST", consolePrefix+"/sources/vehicle/batches?as_of=2026-06-30", strings.Repeat("长", 1<<10)); r.status != 413 || r.code() != "too_large" {
		t.Errorf("too large: %d %s", r.status, r.body)
	}
	if left, err := os.ReadDir(s.server.spoolDir()); err != nil || len(left) != 0 {
		t.Errorf("left on disk: %v %v", left, err)
	}
}
