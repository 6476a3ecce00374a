package hooks

import (
	"fmt"
	"strings"
	"testing"
)

const deliveredHead = "身份证号,救助事项,部门,发放金额,发放日期,所属期\n"

// A department reads what it gave itself, by name and town alone; its list enters the
// chain, and tells it of nobody whom the register does not have more than how many.
func TestADepartmentHandsInWhatItGaveAndReadsNothingElse(t *testing.T) {
	s := newSite(t)
	home, _, _ := s.needy("李秀英家", ownVillage)
	give := func(item, department string) {
		s.record("assistance", obj{"household": home, "item": item, "department": department, "given_on": "2026-03-10", "state": "given", "amount": 700.0})
	}
	give("medical_aid", "medical")
	give("education_aid", "education")

	shown := s.items("medical", consolePrefix+"/department/delivered")
	if len(shown) != 1 || shown[0]["item"] != "medical_aid" || shown[0]["amount"] != 700.0 || shown[0]["name"] == "" || !strings.HasSuffix(shown[0]["town_name"].(string), "李哥庄镇") {
		t.Fatalf("医保 sees %v", shown)
	}
	for _, never := range []string{"household", "id_number", "address", "region"} {
		if _, there := shown[0][never]; there {
			t.Errorf("医保 sees its %s", never)
		}
	}
	if got := s.audited("delivered.list"); len(got) != 1 {
		t.Errorf("the reading is not in the log: %v", got)
	}

	file := deliveredHead + wifeNumber + ",医疗救助,,860.5,2026-05-03,2026-05\n" + // well
		wifeNumber + ",医疗救助,医保,860.5,2026-05-03,2026-05\n" + // the same again
		strangersNumber + ",医疗救助,,10,2026-05-03,\n" + // nobody of ours
		wifeNumber + ",教育救助,,10,2026-05-03,\n" + // another's item
		wifeNumber + ",医疗救助,教体,10,2026-05-03,\n" + // another's help
		wifeNumber + ",医疗救助,,十元,2026-05-03,\n" // no number
	out := s.upload("medical", "/department/delivered?file=医疗救助.csv", file)
	var faults []string
	for _, f := range out["faults"].([]any) {
		faults = append(faults, fmt.Sprint(f.(obj)["line"], " ", f.(obj)["code"]))
	}
	if fmt.Sprint(out["rows"], out["taken"], out["repeated"], out["unlisted"], out["bad"]) != "6 1 1 1 3" || strings.Join(faults, ", ") != "5 item_other, 6 department_other, 7 number_form" {
		t.Fatalf("%v", out)
	}
	if shown := s.items("medical", consolePrefix+"/department/delivered"); len(shown) != 2 || shown[0]["amount"] != 860.5 || shown[0]["given_on"] != "2026-05-03" {
		t.Errorf("what was handed in is not there: %v", shown)
	}
	if again := s.upload("medical", "/department/delivered?file=医疗救助.csv", file); again["state"] != "known" {
		t.Errorf("the same file twice: %v", again)
	}
	if got := s.items("department", consolePrefix+"/department/delivered"); len(got) != 1 || got[0]["item"] != "education_aid" {
		t.Errorf("教体 sees %v", got)
	}
	if r := s.ask("finance", "POST", consolePrefix+"/department/delivered?file=x.csv", file); r.status != 403 {
		t.Errorf("财政 hands in help: %d %s", r.status, r.body)
	}
	if _, _, rows, _ := s.file("medical", "delivered", ""); len(rows) != 2 {
		t.Errorf("as a file: %v", rows)
	}
}
