package hooks

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"doorstep/domain/idnumber"
	"doorstep/interop/dci"
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
	s, wide, narrow := interopSite(t)
	numbers, _ := families(s)
	a := wide.asks(byNumber(numbers[0]))
	if a.Header.Status != "succ" || len(a.Message.Answers) != 1 || len(a.Message.Answers[0].Data.Records) != 1 {
		t.Fatalf("%s", a.raw)
	}
	one := string(a.Message.Answers[0].Data.Records[0])
	for _, want := range []string{numbers[0], "于秀英", `"female"`, `"1952-03-04T00:00:00+08:00"`, `"marital_status":"W"`, `"is_disabled":true`, `"assistance_category":"subsistence"`, `"group_size":2`, ownVillage} {
		if !strings.Contains(one, want) {
			t.Errorf("no %s in %s", want, one)
		}
	}
	b := narrow.asks(byNumber(numbers[0]), byNumber(numbers[2]), byNumber(numbers[1], obj{"authorize": obj{"purpose": obj{"code": "survey"}}}))
	if len(b.Message.Answers) != 3 || len(b.Message.Answers[0].Data.Records) != 1 {
		t.Fatalf("%s", b.raw)
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
	s, wide, narrow := interopSite(t)
	numbers, home := families(s)
	names := func(a got) (out []string) {
		for _, r := range a.Message.Answers[0].Data.Records {
			for _, n := range []string{"于秀英", "于海", "宋远"} {
				if strings.Contains(string(r), n) {
					out = append(out, n)
				}
			}
		}
		return out
	}
	sorted := obj{"sort": []any{obj{"attribute_name": "birth_date", "sort_order": "desc"}}}
	for name, c := range map[string]struct {
		search obj
		want   string
	}{
		"a list of all that hold":    {search("predicate", []any{where("sex", "eq", "male")[0], where("area_code", "eq", "370281102")[0]}), "于海"},
		"one and not the other":      {search("predicate", []any{obj{"expression1": obj{"attribute_name": "sex", "operator": "eq", "attribute_value": "male"}, "condition": "not", "expression2": obj{"attribute_name": "is_deceased", "operator": "eq", "attribute_value": true}}}), "于海"},
		"one or the other":           {search("predicate", []any{obj{"expression1": obj{"attribute_name": "is_deceased", "operator": "eq", "attribute_value": "true"}, "condition": "or", "expression2": obj{"attribute_name": "marital_status", "operator": "eq", "attribute_value": "W"}}}, sorted), "宋远 于秀英"},
		"by category":                {search("predicate", where("assistance_category", "in", "subsistence,destitute"), sorted), "于海 于秀英"},
		"by age":                     {search("predicate", where("birth_date", "lt", "1980-01-01"), sorted), "于海 于秀英"},
		"by numbers":                 {search("predicate", where("UIN", "in", numbers[2]+", "+numbers[0]), sorted), "宋远 于秀英"},
		"by the size of a household": {search("predicate", where("group_size", "ge", 2), sorted), "于海 于秀英"},
		"an expression":              {search("expression", obj{"type": "ns:org:QueryType:expression", "value": obj{"expression": obj{"collection": "Member", "query": obj{"$and": []any{obj{"birth_date": obj{"$gte": "1950-01-01", "$lt": "1980-01-01"}}, obj{"sex": "female"}}}}}}), "于秀英"},
		"nobody":                     {search("predicate", where("employment_status", "eq", "student")), ""},
	} {
		if got := strings.Join(names(wide.asks(c.search)), " "); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
	group := wide.asks(search("predicate", where("assistance_category", "eq", "subsistence"), obj{"response_entity": "Group"})).Message.Answers[0]
	if len(group.Data.Records) != 1 || group.Pagination.Total != 1 || !strings.Contains(string(group.Data.Records[0]), "于海") || !strings.Contains(string(group.Data.Records[0]), `"group_head_info"`) {
		t.Errorf("%+v", group)
	}
	page := wide.asks(search("predicate", where("birth_date", "gt", "1900-01-01"), sorted, obj{"pagination": obj{"page_size": 1, "page_number": 2}}))
	if got := names(page); !slices.Equal(got, []string{"于海"}) || page.Message.Answers[0].Pagination != (dci.PageAnswer{Size: 1, Number: 2, Total: 3}) {
		t.Errorf("%v %+v", got, page.Message.Answers[0].Pagination)
	}
	for i := range 5 {
		s.record("members", obj{"household": home, "name": fmt.Sprint("于", i), "birth_date": "2001-01-01"})
	}
	if a := wide.asks(search("predicate", where("birth_date", "gt", "1900-01-01"))).Message.Answers[0]; a.Reason != dci.TooManyRecords || len(a.Data.Records) != 0 {
		t.Errorf("%+v", a)
	}
	if a := narrow.asks(search("predicate", where("assistance_category", "eq", "subsistence"))).Message.Answers[0]; a.Reason != dci.BadCriteria {
		t.Errorf("who may only ask after known people searched: %+v", a)
	}
}

// Whatever a search is wrong in has the standard's code, and finds nothing.
func TestASearchThatIsWrongIsRejectedByItsCode(t *testing.T) {
	s, wide, _ := interopSite(t)
	numbers, _ := families(s)
	with := func(o obj, key string, v any) obj { o[key] = v; return o }
	for name, c := range map[string]struct {
		search obj
		want   dci.Reason
	}{
		"no reference":          {with(byNumber(numbers[0]), "reference_id", ""), dci.BadReference},
		"a bad time":            {with(byNumber(numbers[0]), "timestamp", "gestern"), dci.BadTimestamp},
		"another registry":      {byNumber(numbers[0], obj{"reg_type": "ns:org:RegistryType:Civil"}), dci.BadCriteria},
		"another entity":        {byNumber(numbers[0], obj{"response_entity": "Farm"}), dci.BadCriteria},
		"no purpose":            {byNumber(numbers[0], obj{"authorize": obj{}}), dci.BadCriteria},
		"another query":         {search("graphql", "{a}"), dci.BadCriteria},
		"another identifier":    {search("idtype-value", obj{"type": "BRN", "value": "1"}), dci.BadFilter},
		"no value":              {search("idtype-value", obj{"type": "UIN"}), dci.BadFilter},
		"no query":              {search("predicate", nil), dci.BadFilter},
		"an unknown attribute":  {search("predicate", where("poverty_score", "lt", 5)), dci.BadFilter},
		"SQL for an attribute":  {search("predicate", where("sex) OR (1=1", "eq", "male")), dci.BadFilter},
		"an unknown operator":   {search("predicate", where("birth_date", "like", "19%")), dci.BadFilter},
		"an order of codes":     {search("predicate", where("sex", "gt", "male")), dci.BadFilter},
		"no code":               {search("predicate", where("sex", "eq", "m'--")), dci.BadFilter},
		"an answered attribute": {search("predicate", where("name", "eq", "于秀英")), dci.BadFilter},
		"a sort of codes":       {byNumber(numbers[0], obj{"sort": []any{obj{"attribute_name": "sex"}}}), dci.BadSort},
		"too large a page":      {byNumber(numbers[0], obj{"pagination": obj{"page_size": 6}}), dci.BadPagination},
		"a page before first":   {byNumber(numbers[0], obj{"pagination": obj{"page_size": 5, "page_number": -1}}), dci.BadPagination},
	} {
		header, message := wide.message(nil, c.search)
		a := wide.valid(wide.send(header, message, wide.sign(header, message, time.Now())))
		if len(a.Message.Answers) != 1 || a.Message.Answers[0].Reason != c.want || len(a.Message.Answers[0].Data.Records) != 0 || a.Header.Reason != dci.TooManyErrors {
			t.Errorf("%s: want %s, got %s", name, c.want, a.raw)
		}
	}
	twice := byNumber(numbers[0])
	a := wide.asks(twice, twice)
	if a.Header.Status != "succ" || a.Message.Answers[0].Status != "succ" || a.Message.Answers[1].Reason != dci.RepeatedReference {
		t.Errorf("%s", a.raw)
	}
}

func TestAMessageIsTakenOnceInItsTimeAndWithinItsRate(t *testing.T) {
	s, wide, narrow := interopSite(t)
	numbers, _ := families(s)
	header, message := wide.message(nil, byNumber(numbers[0]))
	signature := wide.sign(header, message, time.Now())
	if a := wide.valid(wide.send(header, message, signature)); a.Header.Status != "succ" {
		t.Fatalf("%s", a.raw)
	}
	if a := wide.valid(wide.send(header, message, signature)); a.Header.Reason != dci.RepeatedMessage || len(a.Message.Answers) != 0 {
		t.Errorf("a copy: %s", a.raw)
	}
	for name, c := range map[string]struct {
		change func(obj)
		want   dci.Reason
	}{
		"another version":  {func(h obj) { h["version"] = "0.1.0" }, dci.BadVersion},
		"no action":        {func(h obj) { h["action"] = "" }, dci.BadAction},
		"another action":   {func(h obj) { h["action"] = "subscribe" }, dci.UnsupportedAction},
		"an old message":   {func(h obj) { h["message_ts"] = "2026-01-01T00:00:00Z" }, dci.BadMessageTime},
		"a wrong count":    {func(h obj) { h["total_count"] = 2 }, dci.BadTotalCount},
		"another receiver": {func(h obj) { h["receiver_id"] = "elsewhere" }, dci.BadReceiver},
		"encrypted":        {func(h obj) { h["is_msg_encrypted"] = true }, dci.BadEncryption},
		"no id":            {func(h obj) { h["message_id"] = "" }, dci.BadRequest},
	} {
		header, message := wide.message(c.change, byNumber(numbers[0]))
		a := wide.valid(wide.send(header, message, wide.sign(header, message, time.Now())))
		if why := append(a.Errors, dci.FaultLine{Code: a.Header.Reason})[0].Code; why != c.want || a.Status != c.want.Status() {
			t.Errorf("%s: want %s, got %d %s", name, c.want, a.Status, a.raw)
		}
	}
	many := make([]obj, dci.MostSearches+1)
	for i := range many {
		many[i] = byNumber(numbers[0])
	}
	if a := wide.asks(many...); a.Header.Reason != dci.TotalCountExceeded {
		t.Errorf("%s", a.raw)
	}
	for i := range 4 {
		a := narrow.asks(byNumber(numbers[0]))
		if i < 3 && a.Status != 200 || i == 3 && (a.Status != 429 || a.Errors[0].Code != dci.TooManyRequests) {
			t.Errorf("search %d: %d %s", i+1, a.Status, a.raw)
		}
	}
}
