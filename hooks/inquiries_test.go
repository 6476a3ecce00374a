package hooks

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"doorstep/domain/idnumber"
	"doorstep/domain/zone"
	"doorstep/register"
	"doorstep/sync/wire"
)

// A department's account without a department is none that anything was referred to.
func TestAnAccountOfADepartmentSaysWhich(t *testing.T) {
	s := newSite(t)
	a := register.NewAccount{Email: "new@test.test", Name: "新人", Role: "department", Office: "370281", Areas: []string{"370281"}, Password: password}
	for department, want := range map[string]string{"": "department", "nowhere": "department", "education": ""} {
		a.Department = department
		_, err := register.SetAccount(context.Background(), s.server.App, s.server.Engine, a)
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), "所属部门") {
			t.Errorf("%q: %v", department, err)
		}
	}
	a.Email, a.Role, a.Department = "t2@test.test", "town", "education"
	if _, err := register.SetAccount(context.Background(), s.server.App, s.server.Engine, a); err == nil {
		t.Error("a town is of a department")
	}
	h := s.home()
	id := s.sent("town", h.delivery())
	for _, who := range []string{"medical", "finance"} {
		foreign, missing := s.ask(who, "GET", consolePrefix+"/department/referrals/"+id, nil), s.ask(who, "GET", consolePrefix+"/department/referrals/"+newID(), nil)
		if foreign.status != 404 || string(foreign.body) != string(missing.body) || len(s.items(who, consolePrefix+"/department/referrals")) != 0 {
			t.Errorf("%s: %d %s", who, foreign.status, foreign.body)
		}
	}
}

// 三(一): the status instead of a paper. The three ways to find nothing are one answer,
// byte for byte, and every inquiry is in the audit log without the number.
func TestAnInquirySaysCategoryAndValidityAndNothingElse(t *testing.T) {
	s := newSite(t)
	h := s.home()
	ask := func(who, number, name, purpose string) reply {
		return s.ask(who, "POST", consolePrefix+"/department/status", map[string]any{"id_number": number, "name": name, "purpose": purpose})
	}
	found := ask("department", strings.ToLower(studentNumber), "匡 小明", "education_aid")
	today := zone.Day(s.server.Engine.Now())
	if string(found.body) != `{"as_of":"`+today+`","categories":[{"category":"subsistence","from":"2026-01-01","to":""}]}` {
		t.Errorf("found: %d %s", found.status, found.body)
	}
	nobody, err := idnumber.Make("370281", s.server.Engine.Now().AddDate(-30, 0, 0), 7)
	if err != nil {
		t.Fatal(err)
	}
	missing := ask("department", string(nobody), "匡小明", "education_aid")
	if wrong := ask("department", studentNumber, "匡大明", "education_aid"); string(wrong.body) != string(missing.body) || wrong.status != missing.status || string(missing.body) != `{"as_of":"`+today+`","categories":[]}` {
		t.Errorf("wrong name %s, not there %s", wrong.body, missing.body)
	}
	s.enter(wire.KindPatch, "members", h.student, map[string]any{"alive": false, "death_date": "2026-11-01"})
	if dead := ask("department", studentNumber, "匡小明", "education_aid"); string(dead.body) != string(missing.body) {
		t.Errorf("dead: %s", dead.body)
	}
	lines := s.audited("status.inquiry")
	if len(lines) != 4 || !strings.Contains(lines[0], h.student) || !strings.Contains(lines[0], `"purpose":"education_aid"`) || strings.Contains(strings.Join(lines, ""), studentNumber) || !strings.HasPrefix(lines[1], s.people["department"]+"  ") {
		t.Errorf("audit %q", lines)
	}
	for name, r := range map[string]reply{
		"no purpose": ask("department", studentNumber, "匡小明", ""), "another department's purpose": ask("department", studentNumber, "匡小明", "medical_aid"),
		"a mistyped number": ask("department", "110105194912310021", "匡小明", "education_aid"), "no name": ask("department", studentNumber, "", "education_aid"),
		"who is asked about nobody": ask("finance", studentNumber, "匡小明", "education_aid"),
	} {
		if r.status != 422 {
			t.Errorf("%s: %d %s", name, r.status, r.body)
		}
	}
}

func TestTooManyInquiriesAreRefused(t *testing.T) {
	s := newSite(t)
	for name, other := range map[string]string{"inquiries_a_minute": "inquiries_a_day", "inquiries_a_day": "inquiries_a_minute"} {
		for key, value := range map[string]int{name: 3, other: 100} {
			if r := s.ask("county", "POST", consolePrefix+"/parameters", map[string]any{"area": "referral", "key": key, "value": value, "note": "试行"}); r.status != 200 {
				t.Fatalf("%s: %d %s", key, r.status, r.body)
			}
		}
		who := map[string]string{"inquiries_a_minute": "department", "inquiries_a_day": "medical"}[name]
		purpose := map[string]string{"department": "education_aid", "medical": "medical_aid"}[who]
		var got []int
		for range 5 {
			got = append(got, s.ask(who, "POST", consolePrefix+"/department/status", map[string]any{"id_number": studentNumber, "name": "匡小明", "purpose": purpose}).status)
		}
		if fmt.Sprint(got) != "[200 200 200 429 429]" {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// A household's number in the old form of 15 digits is found by the new one.
func TestAnInquiryFindsAnOldNumber(t *testing.T) {
	s := newSite(t)
	home := s.record("households", map[string]any{"region": ownVillage, "head_name": "老王"})
	s.record("members", map[string]any{"household": home, "name": "老王", "id_number": "110105491231002"})
	s.record("categories", map[string]any{"household": home, "category": "destitute", "from": "2020-01-01", "to": "2099-12-31"})
	r := s.ask("medical", "POST", consolePrefix+"/department/status", map[string]any{"id_number": studentNumber, "name": "老王", "purpose": "medical_aid"})
	if !strings.Contains(string(r.body), `"category":"destitute"`) || !strings.Contains(string(r.body), `"to":"2099-12-31"`) {
		t.Errorf("%d %s", r.status, r.body)
	}
}
