package hooks

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"doorstep/register"
)

// fundsAt is a call on sums that a household of the scene stands behind.
func fundsAt(path string) func(*site, string, *scene) (string, any) {
	return func(s *site, _ string, sc *scene) (string, any) {
		s.record("assistance", obj{"household": sc.household, "item": "education_aid", "department": sc.department(), "amount": 100.0, "given_on": "2026-03-01", "state": "given", "source": sc.word})
		return consolePrefix + path + "?from=2026-01&to=2026-12", nil
	}
}

// take brings a list in, as its import does.
func (s *site) take(source, content string) {
	s.t.Helper()
	path := filepath.Join(s.t.TempDir(), "list.csv")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		s.t.Fatal(err)
	}
	county, err := s.server.Engine.Account(s.t.Context(), s.people["county"])
	if err != nil {
		s.t.Fatal(err)
	}
	if _, err := s.server.Lists.Take(s.t.Context(), county, register.Incoming{Source: source, AsOf: "2026-11-25", Name: "l.csv", Path: path, SHA256: newID()}); err != nil {
		s.t.Fatal(err)
	}
}

func fundLine(r any) string {
	row := r.(obj)
	sum := func(k string) string {
		s := row[k].(obj)
		return fmt.Sprint(s["count"], "×", s["amount"], "?", s["unknown"])
	}
	return fmt.Sprint(row["month"], " ", row["item"], " ", row["area"], " ", row["households"], " given ", sum("given"), " returned ", sum("returned"), " bank ", sum("bank_returned"), " ", row["returned_share"])
}

func fundLines(v obj) string {
	out := []string{}
	for _, r := range v["rows"].([]any) {
		out = append(out, fundLine(r))
	}
	return strings.Join(out, "\n")
}

// 五(三): sums by item, area and month; what came back beside them, as the chain has it and
// as the bank says; nothing is counted that is planned or elsewhere.
func TestFundsAreSummedByItemAreaAndMonth(t *testing.T) {
	s := newSiteAt(t, clockAt(time.Date(2026, 11, 26, 2, 0, 0, 0, time.UTC)).now)
	a, _, _ := s.needy("", ownVillage)
	b := s.record("households", obj{"region": "370281102220", "head_name": "乙"})
	far := s.record("households", obj{"region": farVillage, "head_name": "丙"})
	give := func(home, item, department, day, state string, amount any, more obj) {
		set := obj{"household": home, "item": item, "department": department, "given_on": day, "state": state, "amount": amount}
		for k, v := range more {
			set[k] = v
		}
		for k, v := range set {
			if v == nil || v == "" {
				delete(set, k)
			}
		}
		s.record("assistance", set)
	}
	give(a, "basic_living", "civil_affairs", "2026-03-10", "given", 700.10, nil)
	give(a, "basic_living", "civil_affairs", "2026-03-11", "given", 0.20, nil)
	give(b, "basic_living", "civil_affairs", "2026-03-12", "given", 300.0, nil)
	give(b, "basic_living", "civil_affairs", "2026-03-12", "returned", 300.0, nil)
	give(b, "basic_living", "civil_affairs", "2026-04-12", "planned", 300.0, nil)
	give(a, "education_aid", "education", "", "given", nil, obj{"period": "2026-05"})
	give(a, "medical_aid", "medical", "", "given", 5.0, obj{"period": "春季"})
	give(a, "basic_living", "civil_affairs", "2025-12-31", "given", 900.0, nil)
	give(far, "education_aid", "education", "2026-03-01", "given", 1000.0, nil)
	s.take("payment_returned", "姓名,身份证号,救助事项,发放日期,退回原因,金额\n李秀英,"+wifeNumber+",basic_living,2026-03-12,账号错误,300\n")

	const query = "?from=2026-01&to=2026-06"
	town := s.the(200, "town", "GET", "/funds"+query, nil)
	want := strings.Join([]string{
		" medical_aid 370281102 1 given 1×5?0 returned 0×0?0 bank 0×0?0 0",
		"2026-03 basic_living 370281102 2 given 3×1000.3?0 returned 1×300?0 bank 1×300?0 0.25",
		"2026-05 education_aid 370281102 1 given 1×0?1 returned 0×0?0 bank 0×0?0 0"}, "\n")
	if got := fundLines(town); got != want {
		t.Errorf("the town's:\n%s\nwant\n%s", got, want)
	}
	if got := fundLine(town["total"]); !strings.Contains(got, "given 5×1005.3?1 returned 1×300?0 bank 1×300?0") {
		t.Errorf("in all: %s", got)
	}
	if got := fundLines(s.the(200, "town", "GET", "/funds"+query+"&level=12&item=basic_living", nil)); got != "2026-03 basic_living 370281102200 1 given 2×700.3?0 returned 0×0?0 bank 1×300?0 0\n2026-03 basic_living 370281102220 1 given 1×300?0 returned 1×300?0 bank 0×0?0 0.5" {
		t.Errorf("by village:\n%s", got)
	}
	county := s.the(200, "county", "GET", "/funds"+query+"&level=6", nil)
	if got := fundLines(county); !strings.Contains(got, "2026-03 education_aid 370281 1 given 1×1000?0") || !strings.Contains(got, "2026-03 basic_living 370281 2 given 3×1000.3?0") {
		t.Errorf("the county's:\n%s", got)
	}
	if got := fundLines(s.the(200, "department", "GET", "/funds"+query, nil)); strings.Contains(got, "basic_living") || strings.Contains(got, "medical_aid") || !strings.Contains(got, "education_aid 370281105") {
		t.Errorf("教体 sees its own:\n%s", got)
	}
	if got := fundLines(s.the(200, "finance", "GET", "/funds"+query, nil)); got != fundLines(s.the(200, "county", "GET", "/funds"+query, nil)) {
		t.Errorf("财政 reads all sums:\n%s", got)
	}

	file := s.ask("town", "GET", consolePrefix+"/funds/file"+query, nil)
	read, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(file.body), "\ufeff"))).ReadAll()
	if err != nil || file.status != 200 || len(read) != 4 || read[0][0] != "月份" || strings.Join(read[2], "|") != "2026-03|基本生活救助|370281102|"+read[2][3]+"|2|3|1000.3|0|1|300|1|300|0.25" {
		t.Errorf("the file: %d %v %v", file.status, read, err)
	}
	if r := s.ask("town", "GET", consolePrefix+"/funds/file"+query+"&format=xlsx", nil); r.status != 200 || !strings.HasPrefix(string(r.body), "PK") {
		t.Errorf("as a workbook: %d", r.status)
	}
	s.everyDeedAudited("370281102", "funds.read")
	for q, field := range map[string]string{"?from=2026": "from", "?from=2026-05&to=2026-04": "to", "?from=2020-01&to=2026-12": "to", "?item=gold": "item", "?level=3": "level"} {
		if e := s.the(map[bool]int{true: 400, false: 422}[field == "level"], "town", "GET", "/funds"+q, nil)["error"].(obj); e["field"] != field {
			t.Errorf("%s: %v", q, e)
		}
	}
	if e := s.the(422, "finance", "GET", "/funds?level=12", nil)["error"].(obj); e["field"] != "level" {
		t.Errorf("a department by village: %v", e)
	}
}
