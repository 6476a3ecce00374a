package hooks

import (
	"context"
	"encoding/csv"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"doorstep/register"

	"github.com/go-json-experiment/json"
	"github.com/xuri/excelize/v2"
)

// file reads a list's file; its first line, its head and its rows, and its last line.
func (s *site) file(who, list, query string) (mark string, head []string, rows [][]string, last string) {
	s.t.Helper()
	r := s.ask(who, "GET", consolePrefix+"/lists/"+list+"/file?format=csv"+query, nil)
	if !strings.Contains(r.header.Get("Content-Disposition"), "filename*=UTF-8''") {
		s.t.Errorf("%s has no name for people: %v", list, r.header)
	}
	in := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(r.body), "\ufeff")))
	in.FieldsPerRecord = -1
	all, err := in.ReadAll()
	if err != nil || r.status != 200 || len(all) < 3 || !strings.HasPrefix(string(r.body), "\ufeff") {
		s.t.Fatalf("%s: %d %s %v", list, r.status, r.body, err)
	}
	return all[0][0], all[1], all[2 : len(all)-1], all[len(all)-1][0]
}

func TestAFileHasTheListsRowsInItsOrderAndSaysWhoAskedAndWhen(t *testing.T) {
	s := newSite(t)
	for _, name := range []string{"丁家", "甲家", "=HYPERLINK(\"http://x\")", "-5", "丙家", "@sum", "\t乙家"} {
		s.record("households", obj{"region": ownVillage, "head_name": name, "phone": "13900000001", "address": "港东新村1号"})
	}
	s.record("households", obj{"region": farVillage, "head_name": "外镇"})
	shown := s.items("town", consolePrefix+"/households")
	mark, head, rows, last := s.file("town", "households", "")
	if !slices.Equal(head, []string{"家庭编号", "户主姓名", "地区", "家庭住址", "联系电话", "类别", "状态", "最近走访", "未办结预警"}) {
		t.Errorf("head %v", head)
	}
	if len(rows) != len(shown) || len(rows) != 7 {
		t.Fatalf("%d rows for %d households shown", len(rows), len(shown))
	}
	for i, item := range shown {
		name := item["head_name"].(string)
		if strings.ContainsAny(name[:1], "=@\t") {
			name = "'" + name // no spreadsheet takes it for a formula
		}
		if rows[i][1] != name || rows[i][2] != item["region_name"] || rows[i][4] != "13900000001" || rows[i][6] != "在册" {
			t.Errorf("row %d: %q for %v", i, rows[i], item)
		}
	}
	for _, part := range []string{"家庭｜导出人：town 镇(街道)经办人员｜导出时间：", "｜筛选：无(全部)"} {
		if !strings.Contains(mark, part) {
			t.Errorf("the first line %q says no %q", mark, part)
		}
	}
	if last != "共7行，导出完毕｜"+mark {
		t.Errorf("the last line: %q", last)
	}
	mark, _, rows, _ = s.file("town", "households", "&q="+"%E7%94%B2"+"&area="+ownVillage)
	if len(rows) != 1 || rows[0][1] != "甲家" || !strings.Contains(mark, "搜索=甲") || !strings.Contains(mark, "地区=胶州市李哥庄镇") {
		t.Errorf("filtered: %v %s", rows, mark)
	}
	if got := s.audited("list.exported"); len(got) != 2 || !strings.HasSuffix(got[0], "households 7行") || !strings.HasSuffix(got[1], "households 1行") {
		t.Errorf("the audit log has %v", got)
	}
	if got := s.audited("list.export"); len(got) != 2 || !strings.Contains(got[1], "搜索=甲") {
		t.Errorf("the audit log has %v", got)
	}

	book := s.ask("town", "GET", consolePrefix+"/lists/households/file", nil)
	x, err := excelize.OpenReader(strings.NewReader(string(book.body)))
	if err != nil || !strings.Contains(book.header.Get("Content-Disposition"), "filename*=UTF-8''%E5%AE%B6%E5%BA%AD-") {
		t.Fatalf("%v %v", err, book.header)
	}
	cells, err := x.GetRows(x.GetSheetName(0))
	if err != nil || len(cells) != 10 {
		t.Fatalf("%d lines in the workbook: %v", len(cells), err)
	}
	for line := range cells {
		for _, column := range []string{"A", "B", "E"} {
			cell := column + string(rune('1'+line))
			if line < 9 {
				if formula, err := x.GetCellFormula(x.GetSheetName(0), cell); err != nil || formula != "" {
					t.Errorf("%s is the formula %q %v", cell, formula, err)
				}
			}
		}
	}
}

// Every list of the table can be had by somebody, and every column is there in what its
// list answers: a name that a list does not know would be an empty column for ever.
func TestEveryColumnOfAFileStandsInItsList(t *testing.T) {
	on := twoScenes(newSite(t))
	s, sc := on.site, on.own
	fill(s, sc)
	for _, l := range register.ListFiles() {
		who := readerOf(l)
		items := s.shownBy(who, l)
		if len(items) == 0 {
			t.Errorf("%s: nothing to look at", l.Name)
			continue
		}
		for _, missing := range l.Unknown(items) {
			t.Errorf("%s: no item has what the column %s shows", l.Name, missing)
		}
		_, head, rows, _ := s.file(who, l.Name, "")
		if len(rows) == 0 || len(rows[0]) != len(head) {
			t.Errorf("%s: %d rows", l.Name, len(rows))
		}
	}
}

// fill puts something into every list: what the access matrix makes for it, and what that
// takes for granted.
func fill(s *site, sc *scene) {
	s.target("education", "http://127.0.0.1:1/")
	s.unsure(sc)
	freshHeld(s, sc)
	freshComplaint(s, sc)
	freshReferral(s, sc)
	s.neighbour()
	s.comesIn(sc.word)
	s.sent("town", s.ask4(sc))
	s.record("assistance", obj{"household": sc.household, "item": "heating", "department": "civil_affairs", "given_on": s.today(), "state": "given", "amount": 200.0})
	for _, l := range register.ListFiles() {
		r := matrix["GET "+l.Path]
		r.call(s, readerOf(l), sc)
	}
}

// readerOf is somebody who reads a list: the county, or whose it is.
func readerOf(l register.ListFile) string {
	roles := matrix["GET "+l.Path].roles
	if slices.Contains(roles, "county") {
		return "county"
	}
	return string(roles[0])
}

// shownBy is the first page that a list's own route answers.
func (s *site) shownBy(who string, l register.ListFile) []map[string]any {
	s.t.Helper()
	var page struct {
		Items []map[string]any `json:"items"`
		Rows  []map[string]any `json:"rows"`
	}
	r := s.ask(who, "GET", l.Path, nil)
	if err := json.Unmarshal(r.body, &page); err != nil || r.status != 200 {
		s.t.Fatalf("%s: %d %s %v", l.Path, r.status, r.body, err)
	}
	return append(page.Items, page.Rows...)
}

func TestAFileIsForWhoeverReadsItsList(t *testing.T) {
	s := newSite(t)
	sc := s.scene("本处金丝雀", ownVillage, "worker", "worker2", "town")
	for _, c := range []struct {
		who, list string
		status    int
	}{{"data", "households", 403}, {"admin", "households", 403}, {"department", "households", 403}, {"worker", "households", 403}, {"town", "inspections", 403}, {"town", "batches", 403}, {"auditor", "households", 200},
		{"data", "batches", 200}, {"admin", "devices", 200}, {"town", "nothing", 404}, {"town", "..", 404}} {
		r := s.ask(c.who, "GET", consolePrefix+"/lists/"+c.list+"/file?format=csv", nil)
		if r.status != c.status || c.status != 200 && strings.Contains(string(r.body), sc.word) {
			t.Errorf("%s asks for %s: %d %s", c.who, c.list, r.status, r.body)
		}
	}
	if _, _, rows, _ := s.file("fartown", "households", ""); slices.ContainsFunc(rows, func(r []string) bool { return strings.Contains(strings.Join(r, "|"), sc.word) }) {
		t.Error("another town's file has the household")
	}
	for q, field := range map[string]string{"&area=37": "area", "&format=pdf": "format", "&ticket=1": "ticket"} {
		path := consolePrefix + "/lists/households/file?x=1" + q
		if r := s.ask("town", "GET", path, nil); r.status != 400 || !strings.Contains(string(r.body), `"field":"`+field+`"`) {
			t.Errorf("%s: %d %s", q, r.status, r.body)
		}
	}
	if got := s.audited("list.export"); len(got) != 4 {
		t.Errorf("what was refused is no export: %v", got)
	}
}

// ID numbers are masked in a file as they are on the screen, for who decides, too.
func TestIDNumbersInAFileAreMasked(t *testing.T) {
	s := newSite(t)
	d := s.tablet("worker")
	home, member := newID(), newID()
	d.push("applied applied", d.op("create", "households", home, obj{"region": ownVillage, "head_name": "李大"}, nil),
		d.op("create", "members", member, obj{"household": home, "name": "李大", "relation": "02"}, nil))
	d.push("applied", d.op("patch", "members", member, obj{"id_number": "11010519491231002X"}, obj{"id_number": nil}))
	changes := func(who string) string {
		_, _, rows, _ := s.file(who, "reviews", "")
		return strings.Join(slices.Concat(rows...), "|")
	}
	for _, who := range []string{"town", "county", "auditor"} {
		if got := changes(who); strings.Contains(got, "11010519491231002X") || !strings.Contains(got, "证件号码：(空) → 11**") {
			t.Errorf("%s's: %s", who, got)
		}
	}
	mark, _, _, _ := s.file("town", "households", "&q=11010519491231002X")
	if strings.Contains(mark, "19491231") || len(s.audited("list.export")) == 0 || strings.Contains(strings.Join(s.audited("list.export"), " "), "19491231") {
		t.Errorf("what was searched for stands in the open: %s", mark)
	}
}

// A file that is given up, by its asker or by an error, is told so to the audit log, and
// never looks like a whole one.
func TestAFileThatBreaksOffIsNoWholeOne(t *testing.T) {
	s := newSite(t)
	s.server.files.page = 2
	for range 3 {
		s.record("households", obj{"region": ownVillage, "head_name": "李"})
	}
	at := slices.IndexFunc(s.server.table, func(r route) bool { return r.path == consolePrefix+"/households" })
	s.server.table = slices.Clone(s.server.table)
	honest := s.server.table[at].handle
	ticket, held, on := newID(), make(chan struct{}), make(chan struct{})
	s.server.table[at].handle = func(srv *Server, c *call) error {
		if c.Request.URL.Query().Get("cursor") != "" {
			close(held)
			<-on
			return http.ErrServerClosed
		}
		return honest(srv, c)
	}
	done := make(chan error, 1)
	go func() {
		_, err := s.try("town", "GET", consolePrefix+"/lists/households/file?format=csv&ticket="+ticket, nil)
		done <- err
	}()
	<-held
	progress := consolePrefix + "/lists/households/progress?ticket=" + ticket
	if r := s.ask("town", "GET", progress, nil); r.status != 200 || string(r.body) != `{"begun":true,"rows":2}` {
		t.Errorf("how far: %d %s", r.status, r.body)
	}
	if r := s.ask("county", "GET", progress, nil); r.status != 404 {
		t.Errorf("somebody else's file: %d %s", r.status, r.body)
	}
	if r := s.ask("town", "GET", consolePrefix+"/lists/households/file?ticket="+ticket, nil); r.status != 400 {
		t.Errorf("a ticket twice: %d %s", r.status, r.body)
	}
	close(on)
	if err := <-done; err == nil {
		t.Error("the client took half a file for a whole one")
	}
	if got := s.audited("list.exported"); len(got) != 1 || !strings.HasSuffix(got[0], "households 2行，未完成") {
		t.Errorf("the audit log has %v", got)
	}
	if r := s.ask("town", "GET", progress, nil); r.status != 404 {
		t.Errorf("it is over: %d %s", r.status, r.body)
	}

	s.server.table[at].handle = honest
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, "GET", s.url+consolePrefix+"/lists/households/file", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", s.tokens["town"])
	res, err := http.DefaultClient.Do(req)
	if err != nil || res.StatusCode != 200 {
		t.Fatalf("%v %v", res, err)
	}
	_ = res.Body.Close()
}
