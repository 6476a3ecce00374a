package hooks

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"doorstep/register"
)

// parametersOf lists an area's parameters by key.
func (s *site) parametersOf(area string) map[string]obj {
	s.t.Helper()
	out := map[string]obj{}
	for _, it := range s.items("auditor", consolePrefix+"/parameters?area="+area) {
		out[it["key"].(string)] = it
	}
	return out
}

// Every parameter of every area has one shape; each says what it is, on which clause it
// stands, and how it came to be what it is.
func TestParametersHaveOneShape(t *testing.T) {
	s := newSite(t)
	areas := map[string]int{}
	for _, it := range s.items("auditor", consolePrefix+"/parameters") {
		area, _ := it["area"].(string)
		areas[area]++
		name := fmt.Sprint(area, " ", it["key"])
		for _, field := range []string{"area_label", "key", "label", "clause", "origin", "kind"} {
			if it[field] == "" {
				t.Errorf("%s: no %s", name, field)
			}
		}
		if len(it["history"].([]any)) != 0 || it["from"] != "" || fmt.Sprint(it["value"]) != fmt.Sprint(it["default"]) {
			t.Errorf("%s: the county has set none: %v", name, it)
		}
		switch it["kind"] {
		case "number":
			n, is := it["value"].(float64)
			if !is || n < it["low"].(float64) || n > it["high"].(float64) {
				t.Errorf("%s: %v", name, it)
			}
		case "switch":
			if _, is := it["value"].(bool); !is {
				t.Errorf("%s: %v", name, it)
			}
		case "level":
			if v := it["value"]; v != "red" && v != "orange" && v != "yellow" {
				t.Errorf("%s: %v", name, it)
			}
		default:
			t.Errorf("%s: kind %v", name, it["kind"])
		}
	}
	for _, area := range []string{"monitoring", "determination", "application", "referral", "casework", "supervision"} {
		if areas[area] == 0 || areas[area] != len(s.parametersOf(area)) {
			t.Errorf("%s: %d parameters", area, areas[area])
		}
	}
}

// One of each area and kind is set; it stands from its day on, with who and why.
func TestAParameterIsSetFromADayOn(t *testing.T) {
	s := newSite(t)
	today := s.today()
	day, _ := time.Parse(time.DateOnly, today)
	later := day.AddDate(0, 0, 40).Format(time.DateOnly)
	for _, c := range []struct {
		area, key string
		value     any
	}{
		{"monitoring", "E1.destitute", 1200.0}, {"monitoring", "E1.level", "red"}, {"monitoring", "E1.on", false}, {"monitoring", "suggest", true},
		{"determination", "standard_rural", 820.0}, {"determination", "kin_county", false},
		{"referral", "deliver_days", 15.0}, {"casework", "lead_answer_ordinary_days", 8.0}, {"supervision", "income_tolerance", 0.05},
	} {
		was := s.parametersOf(c.area)[c.key]
		body := obj{"area": c.area, "key": c.key, "value": c.value, "note": "胶民发〔2026〕8号"}
		s.the(200, "county", "POST", "/parameters", body)
		body["from"], body["value"], body["note"] = later, was["default"], "改回"
		s.the(200, "county", "POST", "/parameters", body)
		now := s.parametersOf(c.area)[c.key]
		history := now["history"].([]any)
		if now["value"] != c.value || now["from"] != today || len(history) != 2 {
			t.Fatalf("%s %s: %v", c.area, c.key, now)
		}
		first, second := history[0].(obj), history[1].(obj)
		by := first["by"].(obj)
		if first["value"] != c.value || first["from"] != today || first["note"] != "胶民发〔2026〕8号" || by["id"] != s.people["county"] || by["name"] == "" || first["at"] == "" || second["from"] != later || second["value"] != was["default"] {
			t.Errorf("%s %s: %v", c.area, c.key, history)
		}
	}
	audit := strings.Join(append(s.audited("setting.referral"), s.audited("setting.casework")...), "\n")
	for _, want := range []string{"deliver_days", "15", "胶民发〔2026〕8号", "lead_answer_ordinary_days", s.people["county"]} {
		if !strings.Contains(audit, want) {
			t.Errorf("%s is not in the audit log: %s", want, audit)
		}
	}
}

// What is set is what the desks go by, at once and after a restart; holidays that the county
// announced move their deadlines, too.
func TestDesksGoByWhatTheCountySet(t *testing.T) {
	now := time.Date(2026, 11, 26, 2, 0, 0, 0, time.UTC)
	s := newSiteAt(t, func() time.Time { return now })
	h := s.home()
	due := func() any {
		member := s.record("members", map[string]any{"household": h.household, "name": "匡晨"})
		return s.the(200, "town", "POST", "/referrals", obj{"id": newID(), "household": h.household, "member": member, "kind": "verify", "department": "education", "purpose": "请核查"})["due_on"]
	}
	if got := due(); got != "2026-12-10" { // 10 working days
		t.Fatalf("as shipped: %v", got)
	}
	s.the(200, "county", "POST", "/parameters", obj{"area": "referral", "key": "verify_days", "value": 3, "note": "县里定"})
	if got := due(); got != "2026-12-01" {
		t.Errorf("three days: %v", got)
	}
	s.the(200, "county", "POST", "/calendar", obj{"from": "2026-11-30", "to": "2026-11-30", "name": "台风", "worked": false, "note": "停工"})
	if got := due(); got != "2026-12-02" {
		t.Errorf("with a holiday: %v", got)
	}
	again, err := register.OpenSettings(t.Context(), s.server.Monitor)
	if err != nil {
		t.Fatal(err)
	}
	if got := again.Referrals().Number("verify_days", "2026-11-26"); got != 3 {
		t.Errorf("after a restart: %v", got)
	}
}

// 三(四) N3: an income over the line of the category that is held is found when the county has
// set the figure, not before; an income at the line never.
func TestTheCountysStandardIsTheLineOfAnIncome(t *testing.T) {
	s := newSite(t)
	homes := map[float64]string{}
	for _, income := range []float64{1600, 1600.02} {
		home := s.record("households", map[string]any{"region": ownVillage, "head_name": "匡树林", "urban": false, "monthly_income": income, "last_visited": s.today()})
		for _, name := range []string{"匡树林", "李秀英"} {
			s.record("members", map[string]any{"household": home, "name": name, "alive": true})
		}
		s.record("categories", map[string]any{"household": home, "category": "subsistence", "from": "2026-01-01"})
		homes[income] = home
	}
	round := func() (found []float64) {
		t.Helper()
		if _, err := s.server.Monitor.Run(t.Context(), "test"); err != nil {
			t.Fatal(err)
		}
		for _, income := range []float64{1600, 1600.02} {
			for _, w := range s.the(200, "county", "GET", "/households/"+homes[income], nil)["warnings"].([]any) {
				if w.(obj)["indicator"] == "N3" {
					found = append(found, income)
				}
			}
		}
		return found
	}
	if got := round(); len(got) != 0 {
		t.Errorf("by an example: %v", got)
	}
	s.the(200, "county", "POST", "/parameters", obj{"area": "determination", "key": "standard_rural", "value": 800, "note": "胶民发〔2026〕1号"})
	if got := round(); len(got) != 1 || got[0] != 1600.02 {
		t.Errorf("by the county's standard: %v", got)
	}
}

func TestWhatIsNoSettingIsRefused(t *testing.T) {
	s := newSite(t)
	for field, body := range map[string]obj{
		"area":  {"area": "nothing", "key": "deliver_days", "value": 15, "note": "县里定"},
		"key":   {"area": "referral", "key": "urgent_town_limit", "value": 15, "note": "县里定"},
		"from":  {"area": "casework", "key": "urgent_town_limit", "value": 15, "from": "2026-01-01", "note": "县里定"},
		"note":  {"area": "referral", "key": "deliver_days", "value": 15},
		"value": {"area": "referral", "key": "deliver_days", "value": 121, "note": "县里定"},
	} {
		if e := s.refused(422, "county", "/parameters", body); e.Field != field || e.Message == "" {
			t.Errorf("%s: %+v", field, e)
		}
	}
	for key, value := range map[string]any{"deliver_days": "fifteen", "verify_days": true, "inquiries_a_day": nil} {
		if e := s.refused(422, "county", "/parameters", obj{"area": "referral", "key": key, "value": value, "note": "县里定"}); e.Field != "value" {
			t.Errorf("%s %v: %+v", key, value, e)
		}
	}
	if e := s.refused(422, "county", "/parameters", obj{"area": "monitoring", "key": "E1.level", "value": "purple", "note": "县里定"}); e.Field != "value" {
		t.Errorf("%+v", e)
	}
	for key, it := range s.parametersOf("referral") {
		if it["from"] != "" {
			t.Errorf("%s was set: %v", key, it)
		}
	}
}
