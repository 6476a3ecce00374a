package hooks

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"doorstep/domain/idnumber"
	"doorstep/interop/dci"
	"doorstep/interop/interoptest"
)

// numbered is an ID number with its check digit.
func numbered(t *testing.T, seventeen string) string {
	t.Helper()
	for _, last := range "0123456789X" {
		if _, err := idnumber.Parse(seventeen + string(last)); err == nil {
			return seventeen + string(last)
		}
	}
	t.Fatal("no check digit fits " + seventeen)
	return ""
}

// families are two homes in one's own town and one in another.
func families(s *site) (numbers []string, home string) {
	s.t.Helper()
	numbers = []string{numbered(s.t, "37028119520304101"), numbered(s.t, "37028119781112102"), numbered(s.t, "37028119900708103")}
	home = s.record("households", obj{"region": ownVillage, "head_name": "于秀英"})
	s.record("members", obj{"household": home, "name": "于秀英", "id_kind": "resident", "id_number": numbers[0], "sex": "2", "birth_date": "1952-03-04", "relation": "02", "marriage": "30", "disability_kind": "4", "disability_grade": "2", "work_state": "retired", "alive": true})
	s.record("members", obj{"household": home, "name": "于海", "id_kind": "resident", "id_number": numbers[1], "sex": "1", "birth_date": "1978-11-12", "relation": "20", "marriage": "10", "alive": true})
	s.record("categories", obj{"household": home, "category": "subsistence", "from": "2025-01-01"})
	far := s.record("households", obj{"region": farVillage, "head_name": "宋远"})
	s.record("members", obj{"household": far, "name": "宋远", "id_kind": "resident", "id_number": numbers[2], "sex": "1", "birth_date": "1990-07-08", "alive": false})
	return numbers, home
}

func TestASystemAsksAfterAPersonAndIsAnsweredWhatItMaySee(t *testing.T) {
	s, k := interopSite(t)
	numbers, _ := families(s)
	a := k.Wide.Asks(t, interoptest.ByNumber(numbers[0]))
	if a.Header.Status != "succ" || len(a.Message.Answers) != 1 || len(a.Message.Answers[0].Data.Records) != 1 {
		t.Fatalf("%s", a.Raw)
	}
	one := string(a.Message.Answers[0].Data.Records[0])
	for _, want := range []string{numbers[0], "于秀英", `"female"`, `"1952-03-04T00:00:00+08:00"`, `"marital_status":"W"`, `"is_disabled":true`, `"assistance_category":"subsistence"`, `"group_size":2`, ownVillage} {
		if !strings.Contains(one, want) {
			t.Errorf("no %s in %s", want, one)
		}
	}
	b := k.Narrow.Asks(t, interoptest.ByNumber(numbers[0]), interoptest.ByNumber(numbers[2]), interoptest.ByNumber(numbers[1], obj{"authorize": obj{"purpose": obj{"code": "survey"}}}))
	if len(b.Message.Answers) != 3 || len(b.Message.Answers[0].Data.Records) != 1 {
		t.Fatalf("%s", b.Raw)
	}
	little := string(b.Message.Answers[0].Data.Records[0])
	if !strings.Contains(little, idnumber.Mask(numbers[0])) || !strings.Contains(little, "subsistence") {
		t.Errorf("%s", little)
	}
	for _, hidden := range []string{numbers[0], "于秀英", "1952", "female", ownVillage, "marital", "disabled"} {
		if strings.Contains(little, hidden) {
			t.Errorf("%s stands in %s", hidden, little)
		}
	}
	if far := b.Message.Answers[1]; far.Status != "succ" || len(far.Data.Records) != 0 {
		t.Errorf("another town's: %+v", far)
	}
	if other := b.Message.Answers[2]; other.Reason != dci.BadCriteria {
		t.Errorf("for a purpose that is not its own: %+v", other)
	}
	s.searched(t, `"purpose":"benefit_check"`, `"sender":"学生资助中心"`, idnumber.Mask(numbers[0]), `"rejected":"rjct.search_criteria.invalid"`)
}

// searched looks for texts in what the auditors read of searches; no number stands there whole.
func (s *site) searched(t *testing.T, wants ...string) {
	t.Helper()
	rows, err := s.server.Engine.Query(t.Context(), `SELECT detail FROM sync_audit WHERE action = 'registry.search'`)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	all := ""
	for rows.Next() {
		var one string
		if err := rows.Scan(&one); err != nil {
			t.Fatal(err)
		}
		all += one + "\n"
	}
	for _, w := range wants {
		if !strings.Contains(all, w) {
			t.Errorf("the audit log has no %s:\n%s", w, all)
		}
	}
	if strings.Contains(all, "19520304") {
		t.Errorf("a whole number in the audit log: %s", all)
	}
}

func TestASystemSearchesByPredicatesAndExpressions(t *testing.T) {
	s, k := interopSite(t)
	numbers, home := families(s)
	names := func(a interoptest.Got) []string { return a.Message.Answers[0].Names("于秀英", "于海", "宋远") }
	sorted := obj{"sort": []any{obj{"attribute_name": "birth_date", "sort_order": "desc"}}}
	for name, c := range map[string]struct {
		search obj
		want   string
	}{
		"a list of all that hold":    {interoptest.Search("predicate", []any{interoptest.Where("sex", "eq", "male")[0], interoptest.Where("area_code", "eq", "370281102")[0]}), "于海"},
		"one and not the other":      {interoptest.Search("predicate", []any{obj{"expression1": obj{"attribute_name": "sex", "operator": "eq", "attribute_value": "male"}, "condition": "not", "expression2": obj{"attribute_name": "is_deceased", "operator": "eq", "attribute_value": true}}}), "于海"},
		"one or the other":           {interoptest.Search("predicate", []any{obj{"expression1": obj{"attribute_name": "is_deceased", "operator": "eq", "attribute_value": "true"}, "condition": "or", "expression2": obj{"attribute_name": "marital_status", "operator": "eq", "attribute_value": "W"}}}, sorted), "宋远 于秀英"},
		"by category":                {interoptest.Search("predicate", interoptest.Where("assistance_category", "in", "subsistence,destitute"), sorted), "于海 于秀英"},
		"by age":                     {interoptest.Search("predicate", interoptest.Where("birth_date", "lt", "1980-01-01"), sorted), "于海 于秀英"},
		"by numbers":                 {interoptest.Search("predicate", interoptest.Where("UIN", "in", numbers[2]+", "+numbers[0]), sorted), "宋远 于秀英"},
		"by the size of a household": {interoptest.Search("predicate", interoptest.Where("group_size", "ge", 2), sorted), "于海 于秀英"},
		"an expression":              {interoptest.Search("expression", obj{"type": "ns:org:QueryType:expression", "value": obj{"expression": obj{"collection": "Member", "query": obj{"$and": []any{obj{"birth_date": obj{"$gte": "1950-01-01", "$lt": "1980-01-01"}}, obj{"sex": "female"}}}}}}), "于秀英"},
		"nobody":                     {interoptest.Search("predicate", interoptest.Where("employment_status", "eq", "student")), ""},
	} {
		if got := strings.Join(names(k.Wide.Asks(t, c.search)), " "); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
	group := k.Wide.Asks(t, interoptest.Search("predicate", interoptest.Where("assistance_category", "eq", "subsistence"), obj{"response_entity": "Group"})).Message.Answers[0]
	if len(group.Data.Records) != 1 || group.Pagination.Total != 1 || !strings.Contains(string(group.Data.Records[0]), "于海") || !strings.Contains(string(group.Data.Records[0]), `"group_head_info"`) {
		t.Errorf("%+v", group)
	}
	page := k.Wide.Asks(t, interoptest.Search("predicate", interoptest.Where("birth_date", "gt", "1900-01-01"), sorted, obj{"pagination": obj{"page_size": 1, "page_number": 2}}))
	if got := names(page); !slices.Equal(got, []string{"于海"}) || page.Message.Answers[0].Pagination != (dci.PageAnswer{Size: 1, Number: 2, Total: 3}) {
		t.Errorf("%v %+v", got, page.Message.Answers[0].Pagination)
	}
	for i := range 5 {
		s.record("members", obj{"household": home, "name": fmt.Sprint("于", i), "birth_date": "2001-01-01"})
	}
	if a := k.Wide.Asks(t, interoptest.Search("predicate", interoptest.Where("birth_date", "gt", "1900-01-01"))).Message.Answers[0]; a.Reason != dci.TooManyRecords || len(a.Data.Records) != 0 {
		t.Errorf("%+v", a)
	}
}

// What any register must do (interoptest), held against this one.
func TestASearchThatIsWrongIsRejectedByItsCode(t *testing.T) {
	s, k := interopSite(t)
	numbers, _ := families(s)
	k.WrongSearches(t, numbers[0])
}

func TestAMessageIsTakenOnceInItsTimeAndWithinItsRate(t *testing.T) {
	s, k := interopSite(t)
	numbers, _ := families(s)
	k.OnceInTimeAndRate(t, numbers[0])
}
