package matching

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

const (
	alive = "11010519491231002X" // valid, domain §7
	other = "370281198001011231"
)

// Every condition that the table names exists, every kind has the columns that its
// causes and conditions ask for, and no heading means two things in one list.
func TestTheTableIsWhole(t *testing.T) {
	seen := map[string]bool{}
	for _, k := range Kinds() {
		if seen[k.Code] || k.Label == "" || k.Department == "" || k.Days <= 0 || k.Clause == "" {
			t.Errorf("%s: %+v", k.Code, k)
		}
		seen[k.Code] = true
		fields := map[string]bool{}
		headings := map[string]string{}
		for _, c := range k.Wanted() {
			fields[c.Field] = true
			for _, h := range append([]string{c.Label}, c.Names...) {
				if was := headings[plain(h)]; was != "" && was != c.Field {
					t.Errorf("%s: the heading %s is %s and %s", k.Code, h, was, c.Field)
				}
				headings[plain(h)] = c.Field
			}
		}
		for _, f := range k.Cause {
			if !fields[f] {
				t.Errorf("%s: no column %s", k.Code, f)
			}
		}
		for _, r := range k.Rules {
			if r.Result != Nothing && (r.Reason == "" || r.Result.Label() == "") {
				t.Errorf("%s: %+v", k.Code, r)
			}
			for _, c := range r.When {
				holds(c, Situation{}) // panics for a name that is none
				_, item, _ := strings.Cut(strings.TrimPrefix(c, "!"), "item:")
				if item != "" && !slices.Contains(k.Needs.Items, item) {
					t.Errorf("%s: asks for %s and does not need it", k.Code, item)
				}
				if strings.Contains(c, "property:") && !k.Needs.Property {
					t.Errorf("%s: asks for property and does not need it", k.Code)
				}
			}
		}
	}
}

// 三(三), 三(四): one line for each way a list can end.
func TestARowIsClassifiedByWhatTheHouseholdHas(t *testing.T) {
	yes, no := true, false
	in := func(categories ...string) Situation { return Situation{Found: true, Categories: categories} }
	given := func(s Situation, item string, days ...string) Situation {
		s.Given = map[string][]string{item: days}
		return s
	}
	with := func(s Situation, pairs ...string) Situation {
		s.Record.Values = map[string]any{}
		for i := 0; i < len(pairs); i += 2 {
			s.Record.Values[pairs[i]] = pairs[i+1]
		}
		return s
	}
	life := func(s Situation, a *bool) Situation { s.Person.Alive = a; return s }
	for _, c := range []struct {
		kind string
		s    Situation
		want Result
	}{
		{"poor_student", Situation{}, NotHelped}, {"poor_student", in(), NotHelped}, {"poor_student", in("subsistence"), NotDelivered},
		{"poor_student", given(in("subsistence"), "education_aid", "2026-09-01"), Nothing},
		{"unemployed", Situation{}, Nothing}, {"unemployed", in("marginal"), NotDelivered}, {"unemployed", given(in("marginal"), "public_post", "2026-01-01"), Nothing},
		{"serious_illness", Situation{}, NotHelped}, {"serious_illness", in("marginal"), NotHelped}, {"serious_illness", in("marginal", "subsistence"), NotDelivered},
		{"serious_illness", in("destitute"), NotDelivered}, {"serious_illness", given(in("destitute"), "medical_aid", "2026-05-05"), Nothing},
		{"medical_cost", in("subsistence"), Nothing}, {"uninsured", in("subsistence"), NotDelivered}, {"uninsured", in(), Nothing},
		{"disability", with(Situation{}, "disability_grade", "2", "disability_kind", "1"), NotHelped},
		{"disability", with(in("marginal"), "disability_grade", "3", "disability_kind", "6"), NotHelped},
		{"disability", with(in("marginal"), "disability_grade", "3", "disability_kind", "4"), Nothing}, {"disability", with(in("subsistence"), "disability_grade", "1"), Nothing},
		{"death", life(with(given(in("subsistence"), "basic_living", "2026-06-10"), "died_on", "2026-05-31"), &yes), DeadPaid},
		{"death", life(with(given(in("subsistence"), "basic_living", "2026-05-10"), "died_on", "2026-05-02"), &yes), Ineligible}, // the month of death itself is paid
		{"death", life(with(in("subsistence"), "died_on", "2026-05-02"), &no), Nothing}, {"death", life(with(in(), "died_on", "2026-05-02"), &yes), Nothing},
		{"vehicle", in("subsistence"), Ineligible}, {"vehicle", Situation{Found: true, Categories: []string{"subsistence"}, Property: []string{"vehicle"}}, Nothing}, {"vehicle", Situation{}, Nothing},
		{"company", in("subsistence"), Ineligible}, {"second_house", in("marginal"), Ineligible}, {"second_house", in(), Nothing},
		{"house_grade", with(in("subsistence"), "grade", "D"), NotDelivered}, {"house_grade", with(in("subsistence"), "grade", "B"), Nothing},
		{"house_grade", with(given(in("subsistence"), "housing_rural", "2025-03-03"), "grade", "C"), Nothing},
		{"tenancy_lost", in("subsistence"), NotDelivered}, {"disaster", Situation{}, NotHelped}, {"disaster", in("subsistence"), NotDelivered},
		{"payment_returned", in(), NotDelivered}, {"payment_returned", Situation{}, Nothing}, {"fire", Situation{}, NotHelped},
		{"aid_list", Situation{Found: true, Repeated: true}, Duplicate}, {"aid_list", in("subsistence"), Nothing}, {"enrolled", in("subsistence"), NotDelivered},
	} {
		if got, reason := Lookup(c.kind).Classify(c.s); got != c.want || (got != Nothing) != (reason != "") {
			t.Errorf("%s %+v: %s %s, want %s", c.kind, c.s, got, reason, c.want)
		}
	}
}

// domain §4: number and name strong; the number alone a conflict; name, birth date
// and village weak; all but the first for a person.
func TestWhoARowSpeaksOf(t *testing.T) {
	rec := Record{ID: alive, Name: "阿依古丽·买买提", Born: "1949-12-31", Village: "370281102200"}
	noNumber := rec
	noNumber.ID = ""
	p := Person{Member: "m", Household: "h", Region: "370281102200", Name: "阿依古丽•买买提", ID: alive, Born: "1949-12-31"}
	renamed, numberless, elsewhere, otherNumber := p, p, p, p
	renamed.Name = "古丽"
	numberless.ID = ""
	elsewhere.Region = "370281102220"
	otherNumber.ID = other
	for _, c := range []struct {
		name         string
		rec          Record
		byID, byName []Person
		want         Strength
		people       int
	}{
		{"number and name, the dot written otherwise", rec, []Person{p}, nil, Strong, 1},
		{"the number alone", rec, []Person{renamed}, nil, NameConflict, 1},
		{"one of two with the number has the name", rec, []Person{renamed, p}, nil, Strong, 1},
		{"the same person in two households", rec, []Person{p, p}, nil, Ambiguous, 2},
		{"name, birth date and village, no number in the list", noNumber, nil, []Person{p}, Weak, 1},
		{"no number in the register", rec, nil, []Person{numberless}, Weak, 1},
		{"two numbers are two people", rec, nil, []Person{otherNumber}, None, 0},
		{"another village", noNumber, nil, []Person{elsewhere}, None, 0},
		{"two of one name", noNumber, nil, []Person{p, p}, Ambiguous, 2},
		{"nobody", rec, nil, nil, None, 0},
	} {
		if got, people := Match(c.rec, c.byID, c.byName); got != c.want || len(people) != c.people {
			t.Errorf("%s: %s %v", c.name, got, people)
		}
	}
}

func TestCellsAreReadAsPeopleWriteThem(t *testing.T) {
	for cell, want := range map[string]string{
		"2026-03-05": "2026-03-05", "2026/3/5": "2026-03-05", "2026.03.05": "2026-03-05", "20260305": "2026-03-05", "2026年3月5日": "2026-03-05", "46086": "2026-03-05",
		"2026-03-05 13:45:00": "2026-03-05", "46086.57": "2026-03-05", "２０２６－０３－０５": "2026-03-05", "2024-02-29": "2024-02-29", "1900-01-01": "1900-01-01",
		"2026-02-30": "", "5/3/2026": "", "366": "", "去年": "", "2026": "", "1899-12-31": "", "99999999": "", "2026-13-01": "", "1e5": "",
	} {
		if got, code := ReadDate(cell); got != want || (want == "") != (code == "date_form") {
			t.Errorf("%s: %q %s", cell, got, code)
		}
	}
	for cell, want := range map[string]string{
		"11010519491231002x": alive, " 110105 19491231 002X": alive, "'11010519491231002X": alive, "１１０１０５１９４９１２３１００２Ｘ": alive, "110105491231002": alive,
		"110105194912310021": "idnumber_checksum", "1.10105E+17": "idnumber_rounded", "110105194912310000": "idnumber_rounded", "1101051949123100": "idnumber_length",
		"110105194913310021": "idnumber_birth", "无": "idnumber_length", "E1234567": "idnumber_length",
	} {
		id, code := ReadID(cell)
		if got := string(id) + code; got != want {
			t.Errorf("%s: %s, want %s", cell, got, want)
		}
		if code != "" && Reason(code) == "" {
			t.Errorf("%s has no words", code)
		}
	}
	for cell, want := range map[string]float64{"1,234.50元": 1234.5, "¥ 12": 12, "-3": -3, "１２": -1, "很多": -1, "NaN": -1, "1e300": -1} {
		if got, code := ReadNumber(cell); code == "" && got != want || code != "" && want != -1 {
			t.Errorf("%s: %v %s", cell, got, code)
		}
	}
}

func villages(name string) string {
	return map[string]string{"港东新村": "370281102200"}[name]
}

func TestARowIsReadByItsHeadingsAndToldWhatIsWrong(t *testing.T) {
	k := Lookup("serious_illness")
	header := []string{"序号", "患者姓名", "公民身份号码", "村（社区）", "出生日期", "诊断", "确诊日期"}
	l, missing := k.Match(header, nil)
	if len(missing) > 0 {
		t.Fatal(missing)
	}
	rec, faults := l.Read([]string{"1", "张 三", "110105491231002", "港东新村", "", "尿毒症", "2026.3.5"}, header, villages)
	if len(faults) > 0 || rec.ID != alive || rec.Name != "张三" || rec.Born != "1949-12-31" || rec.Village != "370281102200" || rec.Values["illness"] != "尿毒症" || rec.Values["diagnosed_on"] != "2026-03-05" {
		t.Errorf("%+v %v", rec, faults)
	}
	for _, c := range []struct{ cells, want string }{
		{"1,,11010519491231002X,,,,", "患者姓名 name_missing"}, {"1,张三,,港东新村,,,", "公民身份号码 person_unknown"}, {"1,张三,,无此村,1949-12-31,,", "公民身份号码 person_unknown"},
		{"1,张三,110105194912310021,,,,", "公民身份号码 idnumber_checksum"}, {"1,张三,11010519491231002X,,1950-01-01,,", "出生日期 birth_differs"},
		{"1,张三,11010519491231002X,,,,去年", "确诊日期 date_form"}, {"1,张三,,港东新村,1949-12-31,,", ""},
	} {
		_, faults := l.Read(strings.Split(c.cells, ","), header, villages)
		got := ""
		if len(faults) > 0 {
			got = faults[0].Column + " " + faults[0].Code
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.cells, got, c.want)
		}
	}
}

// What people have set for a source goes before the table's headings, and comes back
// as it was laid.
func TestAMappingThatIsRememberedGoesFirst(t *testing.T) {
	k := Lookup("medical_cost")
	header := []string{"人名", "号码", "金额A", "年度"}
	if k.Score(header, nil) != 0 {
		t.Error("unknown headings score")
	}
	remembered := Mapping{"name": "人名", "id_number": "号码", "amount": "金额A"}
	l, missing := k.Match(header, remembered)
	if len(missing) > 0 || k.Score(header, remembered) != 4 {
		t.Fatalf("%v", missing)
	}
	want := fmt.Sprint(Mapping{"name": "人名", "id_number": "号码", "amount": "金额A", "year": "年度"})
	if got := fmt.Sprint(l.Mapping(header)); got != want {
		t.Errorf("%s, want %s", got, want)
	}
	rec, faults := l.Read([]string{"张三", alive, "1,000", ""}, header, villages)
	k.Complete(&rec, "2026-06-30")
	if len(faults) > 0 || rec.Values["amount"] != 1000.0 || rec.Values["year"] != 2026.0 {
		t.Errorf("%+v %v", rec, faults)
	}
	if a, b := k.CauseOf(rec, "m"), k.CauseOf(Record{Values: map[string]any{"amount": 2.0, "year": 2026.0}}, "m"); a != b || a == k.CauseOf(rec, "n") {
		t.Error("the next month's figure of the same year is the same cause")
	}
}
