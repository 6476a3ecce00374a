package hooks

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"doorstep/domain/region"
	"doorstep/register"

	"github.com/go-json-experiment/json"
)

// No answer about a household has a number in full, whoever asks and however it got there.
func TestAHouseholdsNumbersAreMaskedEverywhere(t *testing.T) {
	s := newSite(t)
	home := s.record("households", obj{"region": ownVillage, "head_name": "张大山"})
	d, wife := s.tablet("worker"), newID()
	made := d.push("applied", d.op("create", "members", wife, obj{"household": home, "name": "李秀英", "id_kind": "resident", "id_number": wifeNumber, "disability_kind": "3", "disability_grade": "2", "disability_certificate": wifeNumber + "32"}, nil))
	s.ask("town", "POST", syncPrefix+"/reviews/"+made[0].ID+"/accept", nil)
	d.push("applied", d.op("patch", "members", wife, obj{"id_number": studentNumber}, obj{}))
	story := "/households/" + home
	for _, who := range []string{"town", "county", "auditor"} {
		for _, path := range []string{story, story + "/history?record=" + wife + "&field=id_number", story + "/history?record=" + wife + "&field=disability_kind", story + "/page"} {
			r := s.ask(who, "GET", consolePrefix+path, nil)
			if r.status != 200 || strings.Contains(r.all(), wifeNumber) || strings.Contains(r.all(), studentNumber) {
				t.Errorf("%s %s: %d %s", who, path, r.status, r.body)
			}
			if !strings.Contains(string(r.body), "**") {
				t.Errorf("%s %s: nothing masked is there: %s", who, path, r.body)
			}
		}
	}
	member := s.the(200, "town", "GET", story, nil)["members"].([]any)[0].(obj)
	if open, _ := member["unconfirmed"].(obj); open["id_number"] != "37**************24" {
		t.Errorf("that the number waits for the town is not said: %v", member)
	}
}

// What waits for a desk shows numbers masked, too: what is to be confirmed, both sides of a
// conflict, and what was refused. One question reads the item in full, and stands in the log.
func TestWhatWaitsShowsNumbersMaskedAndInFullForAPurpose(t *testing.T) {
	s := newSite(t)
	home, wife := s.record("households", obj{"region": ownVillage, "head_name": "张大山"}), newID()
	d, other := s.tablet("worker"), s.tablet("worker")
	made := d.push("applied", d.op("create", "members", wife, obj{"household": home, "name": "李秀英", "id_kind": "resident", "id_number": wifeNumber}, nil))
	s.ask("town", "POST", syncPrefix+"/reviews/"+made[0].ID+"/accept", nil)
	d.push("applied", d.op("patch", "members", wife, obj{"id_number": studentNumber}, obj{"id_number": wifeNumber}))
	other.push("conflict", other.op("patch", "members", wife, obj{"id_number": "370281196001011239"}, obj{"id_number": wifeNumber}))
	other.push("rejected", other.op("create", "members", newID(), obj{"household": home, "name": "李三", "id_kind": "nonsense", "id_number": "370281195001011234"}, nil))
	numbers := []string{wifeNumber, studentNumber, "370281196001011239", "370281195001011234"}
	has := func(r reply) (n int) {
		for _, number := range numbers {
			if strings.Contains(r.all(), number) {
				n++
			}
		}
		return n
	}
	for queue, in := range map[string]struct{ path, name string }{
		"reviews": {"/reviews?state=open", "op"}, "cases": {"/cases?state=open", "case"}, "ops": {"/ops?outcome=rejected", "op"},
	} {
		r := s.ask("town", "GET", syncPrefix+in.path, nil)
		if r.status != 200 || has(r) > 0 || !strings.Contains(string(r.body), "**") {
			t.Errorf("%s: %d %s", queue, r.status, r.body)
		}
		var list struct{ Items []obj }
		r.into(t, &list)
		at := slices.IndexFunc(list.Items, func(o obj) bool { return o["masked"] != nil })
		if at < 0 {
			t.Fatalf("%s: no item says that it is masked: %s", queue, r.body)
		}
		asked := obj{"queue": queue, "id": list.Items[at][in.name], "purpose": "identity"}
		if got := s.ask("town", "POST", consolePrefix+"/queues/reveal", asked); got.status != 200 || has(got) == 0 {
			t.Errorf("%s in full: %d %s", queue, got.status, got.body)
		}
		for who, status := range map[string]int{"fartown": 404, "worker": 403} {
			if got := s.ask(who, "POST", consolePrefix+"/queues/reveal", asked); got.status != status || has(got) > 0 {
				t.Errorf("%s in full for the %s: %d %s", queue, who, got.status, got.body)
			}
		}
		asked["purpose"] = "curious"
		if got := s.ask("town", "POST", consolePrefix+"/queues/reveal", asked); got.status != 422 || has(got) > 0 {
			t.Errorf("%s for no purpose: %d %s", queue, got.status, got.body)
		}
	}
	lines := slices.DeleteFunc(s.items("auditor", consolePrefix+"/audit?group=read"), func(l obj) bool { return l["action"] != "household.reveal" })
	raw, err := json.Marshal(lines)
	if err != nil || len(lines) != 3 || !strings.Contains(string(raw), "证件号码；核对本人证件") || has(reply{body: raw}) > 0 {
		t.Errorf("%d lines of 3: %s %v", len(lines), raw, err)
	}
}

// A number is read in full by one question, which says what for; the audit log has who
// asked, of which household and for what, and not the number.
func TestANumberIsRevealedForAPurposeAndAudited(t *testing.T) {
	s := newSite(t)
	home, other := s.record("households", obj{"region": ownVillage, "head_name": "张大山"}), s.record("households", obj{"region": ownVillage, "head_name": "王二"})
	wife := s.record("members", obj{"household": home, "name": "李秀英", "id_kind": "resident", "id_number": wifeNumber})
	ask := func(more obj) obj {
		out := obj{"record": wife, "field": "id_number", "purpose": "identity"}
		for k, v := range more {
			out[k] = v
		}
		return out
	}
	for _, who := range []string{"town", "county", "auditor"} {
		if got := s.the(200, who, "POST", "/households/"+home+"/reveal", ask(nil)); got["value"] != wifeNumber {
			t.Errorf("%s: %v", who, got)
		}
	}
	revealed := func() []obj {
		return slices.DeleteFunc(s.items("auditor", consolePrefix+"/audit?household="+home+"&group=read"), func(l obj) bool { return l["action"] != "household.reveal" })
	}
	lines := revealed()
	if len(lines) != 3 {
		t.Fatalf("%d lines for 3 questions: %v", len(lines), lines)
	}
	raw, err := json.Marshal(lines)
	if err != nil || strings.Contains(string(raw), wifeNumber) {
		t.Errorf("the log has the number: %s %v", raw, err)
	}
	if l := lines[2]; l["name"] != "town" || l["label"] != "查看完整证件号" || !strings.Contains(l["detail"].(string), "核对本人证件") {
		t.Errorf("%v", l)
	}
	for name, c := range map[string]struct {
		who, home string
		body      obj
		status    int
	}{
		"no purpose":            {"town", home, ask(obj{"purpose": "curious"}), 422},
		"nothing is masked":     {"town", home, ask(obj{"field": "name"}), 404},
		"another household's":   {"town", other, ask(nil), 404},
		"no such record":        {"town", home, ask(obj{"record": newID()}), 404},
		"another town":          {"fartown", home, ask(nil), 404},
		"nothing is filled in":  {"town", home, ask(obj{"field": "disability_certificate"}), 422},
		"a worker has a tablet": {"worker", home, ask(nil), 403},
	} {
		if r := s.ask(c.who, "POST", consolePrefix+"/households/"+c.home+"/reveal", c.body); r.status != c.status || strings.Contains(r.all(), wifeNumber) {
			t.Errorf("%s: %d %s", name, r.status, r.body)
		}
	}
	if again := revealed(); len(again) != 3 {
		t.Errorf("what was refused stands among what was read: %v", again)
	}
}

// The page has a few lines of all that offices do for the household, from its screens.
func TestAHouseholdsPageNamesWhatOfficesDoForIt(t *testing.T) {
	on := twoScenes(newSite(t))
	s, sc := on.site, on.own
	fill(s, sc)
	files := map[string][]any{}
	look := func(household string) string {
		raw, err := json.Marshal(s.the(200, "town", "GET", "/households/"+household, nil)["files"])
		var parts []register.HouseholdFiles
		if err == nil {
			err = json.Unmarshal(raw, &parts)
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, part := range parts {
			for _, f := range part.Items {
				files[part.Screen] = append(files[part.Screen], f)
				if f.ID == "" || f.Title == "" || f.State == "" || f.Day == "" {
					t.Errorf("%s: %+v", part.Screen, f)
				}
			}
		}
		return string(raw)
	}
	told := look(sc.household)
	for _, each := range []string{"/applications/{id}", "/urgent-aid/{id}", "/charity/needs/{id}"} { // each has a household of its own
		path, _ := matrix["GET "+consolePrefix+each].call(s, "town", sc)
		look(s.told(s.ask("town", "GET", path, nil))["household"].(string))
	}
	for _, screen := range []string{"applications", "deliberations", "leads", "urgent", "charity", "declarations", "corrections"} {
		if len(files[screen]) == 0 {
			t.Errorf("nothing of %s: %v", screen, files)
		}
	}
	if strings.Contains(told, "热心人") {
		t.Errorf("who reported a lead is told: %s", told)
	}
}

// On paper: who printed it and when, in the log, too; telephone numbers masked for who
// only inspects.
func TestAHouseholdIsPrintedWithWhoAndWhen(t *testing.T) {
	s := newSite(t)
	home := s.record("households", obj{"region": ownVillage, "head_name": "张<大>山", "phone": "13812345678", "monthly_income": 1200.0})
	s.record("visits", obj{"household": home, "kind": "routine", "visited_on": "2026-11-01", "conclusion": "房屋漏雨"})
	page := func(who string) string {
		r := s.ask(who, "GET", consolePrefix+"/households/"+home+"/page", nil)
		if r.status != 200 || r.header.Get("Cache-Control") != "no-store" {
			t.Fatalf("%s: %d %v", who, r.status, r.header)
		}
		return string(r.body)
	}
	town := page("town")
	for _, want := range []string{"张&lt;大&gt;山", "13812345678", "1200元", "房屋漏雨", "日常", "town 镇(街道)经办人员 " + s.today()} {
		if !strings.Contains(town, want) {
			t.Errorf("no %q in %s", want, town)
		}
	}
	if auditor := page("auditor"); strings.Contains(auditor, "13812345678") || !strings.Contains(auditor, "138****5678") {
		t.Error("who inspects is given telephone numbers on paper")
	}
	if got := s.lines("?household=" + home + "&group=read"); strings.Join(got, ", ") != "audit.read auditor, household.print auditor, household.print town" {
		t.Errorf("in the log: %v", got)
	}
}

// What a household's fields and their history say of places is named: in this county by the
// table, beyond it as another county's, by the name that the province told where it did.
func TestAHouseholdsPageNamesPlacesAndSaysWhichLieInAnotherCounty(t *testing.T) {
	const near, far, told = "370281102220", "370214001001", "370283103005"
	s := newSite(t)
	s.exec(`INSERT INTO province_counties (county, name, public) VALUES ('370283', '平度市', x'00')`)
	home := s.record("households", obj{"region": ownVillage, "head_name": "张大山", "registered_region": near})
	for _, code := range []string{far, told, near[:6], ownVillage} {
		s.enter("patch", "households", home, obj{"registered_region": code})
	}
	story := s.the(200, "town", "GET", "/households/"+home, nil)
	want := obj{near: region.FullName(near), far: "外县 " + far, told: "外县 平度市 " + told, ownVillage: region.FullName(ownVillage), near[:6]: "胶州市"}
	if got := story["places"]; !reflect.DeepEqual(got, want) {
		t.Errorf("%v\nwant %v", got, want)
	}
	if got := register.Spoken("households", "registered_region", far); got != "外县 "+far {
		t.Errorf("in a list that is taken out: %q", got)
	}
}
