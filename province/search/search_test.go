package search

import (
	"context"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"doorstep/domain/idnumber"
	"doorstep/interop"
	"doorstep/interop/dci"
	"doorstep/interop/interoptest"
	"doorstep/province/looks"
	"doorstep/province/servers"
	"doorstep/province/store"

	"github.com/go-json-experiment/json"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// site is a province's register over a real PostgreSQL, opened to two senders.
type site struct {
	*interoptest.Kit
	register *Register
	numbers  []string
}

type obj = interoptest.Obj

var (
	search   = interoptest.Search
	byNumber = interoptest.ByNumber
	where    = interoptest.Where
)

func newSite(t *testing.T) *site {
	t.Helper()
	st, err := store.Open(t.Context(), servers.NewPostgres(t).URL("search"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(st.Close)
	_, county, opener := servers.Keys(t)
	p := &site{register: &Register{Store: st, Opener: opener, Now: time.Now}, numbers: []string{servers.Number("370281", 1), servers.Number("370281", 2), servers.Number("370681", 3)}}
	for range 2 { // each start of the program
		if err := Open(t.Context(), p.register); err != nil {
			t.Fatal(err)
		}
	}
	p.tells(servers.NewTelling(t, st, county))
	attributes := slices.DeleteFunc(dci.Names(), func(a string) bool { return slices.Contains(Lacks, a) })
	p.Kit = interoptest.New(t, interoptest.Registry{ID: "37.register", Schemas: "../../interop/dci/testdata", Far: []string{"37"}, Near: []string{"370281"}, Attributes: attributes, Found: 6})
	desk, err := interop.Open(interop.Config{Senders: p.File, KeyFile: t.TempDir() + "/key", Register: p.register, Now: time.Now, NewID: uuid.NewString, Mask: idnumber.Mask, Random: strings.NewReader(strings.Repeat("k", 64)), Lacks: Lacks})
	if err != nil {
		t.Fatal(err)
	}
	p.Public = desk.Public()
	p.Post = func(t testing.TB, body any) (int, []byte) {
		t.Helper()
		text, is := body.(string)
		if !is {
			raw, err := json.Marshal(body)
			if err != nil {
				t.Fatal(err)
			}
			text = string(raw)
		}
		w := httptest.NewRecorder()
		desk.Serve(w, httptest.NewRequest("POST", interop.Path, strings.NewReader(text)), "10.0.0.7", func(err error) { t.Error(err) })
		return w.Code, w.Body.Bytes()
	}
	return p
}

// tells has two counties say what they know: a family and somebody who died in one, the
// head of the family once more in the other.
func (p *site) tells(say *servers.Telling) {
	own, far := "370281102200", "370681001001"
	say.Says("370281", "h1", "households", "h1", own, obj{"state": "active"})
	say.Person("370281", "m1", "h1", own, "于秀英", p.numbers[0], obj{"sex": "2", "birth_date": "1952-03-04", "relation": "02", "disability_kind": "4", "work_state": "retired", "alive": true})
	say.Person("370281", "m2", "h1", own, "于海", p.numbers[1], obj{"sex": "1", "birth_date": "1978-11-12", "relation": "20", "alive": true})
	say.Says("370281", "c1", "categories", "h1", own, obj{"category": "subsistence", "from": "2025-01-01"})
	say.Says("370281", "c2", "categories", "h1", own, obj{"category": "rigid_expense", "from": "2020-01-01", "to": "2021-01-01"})
	say.Says("370281", "c3", "categories", "h1", own, obj{"category": "destitute", "from": "2025-01-01", "member": "m2"})
	say.Says("370681", "h9", "households", "h9", far, obj{"state": "active"})
	say.Person("370681", "m9", "h9", far, "宋远", p.numbers[2], obj{"sex": "1", "birth_date": "1990-07-08", "alive": false})
	say.Person("370681", "m8", "h9", far, "于秀瑛", p.numbers[0], obj{"sex": "2", "birth_date": "1952-03-04", "alive": true})
	say.Says("370681", "h7", "households", "h7", far, obj{"state": "closed"})
	say.Person("370681", "m7", "h7", far, "从前在册", servers.Number("370681", 7), obj{"sex": "1", "birth_date": "1960-01-01", "alive": true})
}

func TestTheProvincesRegisterIsSearched(t *testing.T) {
	p := newSite(t)
	t.Run("wrong searches", func(t *testing.T) { p.WrongSearches(t, p.numbers[0]) })
	t.Run("signatures", func(t *testing.T) { p.OnlyOwnSignatures(t, p.numbers[0], "于秀英") })
	t.Run("a person in two counties is two records, each sender sees its own areas and attributes", p.person)
	t.Run("predicates and expressions", p.predicates)
	t.Run("what an index does not narrow down is refused, the rest goes by it", p.plans)
	t.Run("an envelope is opened for who sees what is in it", p.envelopes)
	t.Run("every search is in the log, and nothing is answered that is not", p.entered)
	aMinuteLater(t, p)
	t.Run("messages", func(t *testing.T) { p.OnceInTimeAndRate(t, p.numbers[0]) })
}

// aMinuteLater lets a sender ask as if a minute had passed.
func aMinuteLater(t *testing.T, p *site) {
	t.Helper()
	if _, err := p.register.Store.Pool.Exec(t.Context(), `UPDATE search.messages SET at = at - interval '2 minutes'`); err != nil {
		t.Fatal(err)
	}
}

func (p *site) person(t *testing.T) {
	a := p.Wide.Asks(t, byNumber(p.numbers[0]))
	if len(a.Message.Answers) != 1 || !slices.Equal(a.Message.Answers[0].Names("于秀英", "于秀瑛"), []string{"于秀英", "于秀瑛"}) {
		t.Fatalf("%s", a.Raw)
	}
	one := string(a.Message.Answers[0].Data.Records[0])
	for _, want := range []string{p.numbers[0], `"female"`, `"1952-03-04T00:00:00+08:00"`, `"is_disabled":true`, `"is_deceased":false`, `"employment_status":"retired"`, `"assistance_category":"subsistence"`, `"group_size":2`, "370281102200"} {
		if !strings.Contains(one, want) {
			t.Errorf("no %s in %s", want, one)
		}
	}
	for _, hidden := range []string{"rigid_expense", "destitute", "marital"} {
		if strings.Contains(one, hidden) {
			t.Errorf("%s stands in %s", hidden, one)
		}
	}
	b := p.Narrow.Asks(t, byNumber(p.numbers[0]), byNumber(p.numbers[2]))
	if len(b.Message.Answers) != 2 || len(b.Message.Answers[0].Data.Records) != 1 || len(b.Message.Answers[1].Data.Records) != 0 {
		t.Fatalf("%s", b.Raw)
	}
	little := string(b.Message.Answers[0].Data.Records[0])
	if !strings.Contains(little, idnumber.Mask(p.numbers[0])) || !strings.Contains(little, "subsistence") {
		t.Errorf("%s", little)
	}
	for _, hidden := range []string{p.numbers[0], "于秀英", "1952", "female", "370281102", "disabled"} {
		if strings.Contains(little, hidden) {
			t.Errorf("%s stands in %s", hidden, little)
		}
	}
	if a := p.Wide.Asks(t, byNumber(servers.Number("370681", 7))).Message.Answers[0]; a.Status != "succ" || len(a.Data.Records) != 0 {
		t.Errorf("of a household that left the register: %+v", a)
	}
}

var sorted = obj{"sort": []any{obj{"attribute_name": "birth_date", "sort_order": "desc"}}}

func (p *site) predicates(t *testing.T) {
	within := func(area string, more ...any) []any { return append(where("area_code", "in", area), more...) }
	one := func(attribute, operator string, value any) any { return where(attribute, operator, value)[0] }
	for name, c := range map[string]struct {
		search obj
		want   string
	}{
		"all that hold":       {search("predicate", within("370281", one("sex", "eq", "male"))), "于海"},
		"one and not other":   {search("predicate", within("370281,370681", obj{"expression1": obj{"attribute_name": "sex", "operator": "eq", "attribute_value": "male"}, "condition": "not", "expression2": obj{"attribute_name": "is_deceased", "operator": "eq", "attribute_value": true}})), "于海"},
		"one or the other":    {search("predicate", within("370281,370681", obj{"expression1": obj{"attribute_name": "is_deceased", "operator": "eq", "attribute_value": "true"}, "condition": "or", "expression2": obj{"attribute_name": "employment_status", "operator": "eq", "attribute_value": "retired"}}), sorted), "宋远 于秀英"},
		"by category":         {search("predicate", within("370281", one("assistance_category", "in", "subsistence")), sorted), "于海 于秀英"},
		"a member's own":      {search("predicate", within("370281", one("assistance_category", "eq", "destitute"))), "于海"},
		"one that is over":    {search("predicate", within("370281", one("assistance_category", "eq", "rigid_expense"))), ""},
		"by numbers":          {search("predicate", where("UIN", "in", p.numbers[2]+", "+p.numbers[1]), sorted), "宋远 于海"},
		"by a month of birth": {search("predicate", append(where("birth_date", "ge", "1952-03-01"), one("birth_date", "lt", "1952-04-01")), obj{"sort": []any{obj{"attribute_name": "area_code"}}}), "于秀英 于秀瑛"},
		"by size":             {search("predicate", within("37028110", one("group_size", "ge", 2)), sorted), "于海 于秀英"},
		"disabled":            {search("predicate", within("370281", one("is_disabled", "eq", true))), "于秀英"},
		"an expression":       {search("expression", obj{"type": "ns:org:QueryType:expression", "value": obj{"expression": obj{"collection": "Member", "query": obj{"$and": []any{obj{"area_code": "370281"}, obj{"birth_date": obj{"$gte": "1950-01-01", "$lt": "1980-01-01"}}, obj{"sex": "female"}}}}}}), "于秀英"},
		"nobody":              {search("predicate", within("370281", one("employment_status", "eq", "student"))), ""},
	} {
		a := p.Wide.Asks(t, c.search)
		if got := strings.Join(a.Message.Answers[0].Names("于秀英", "于秀瑛", "于海", "宋远"), " "); got != c.want || a.Message.Answers[0].Status != "succ" {
			t.Errorf("%s: %q, want %q: %s", name, got, c.want, a.Raw)
		}
	}
	group := p.Wide.Asks(t, search("predicate", within("370281", one("assistance_category", "eq", "subsistence")), obj{"response_entity": "Group"})).Message.Answers[0]
	if len(group.Data.Records) != 1 || group.Pagination.Total != 1 || !strings.Contains(string(group.Data.Records[0]), "于海") || !strings.Contains(string(group.Data.Records[0]), `"group_head_info"`) {
		t.Errorf("%+v", group)
	}
	page := p.Wide.Asks(t, search("predicate", within("370281,370681", one("birth_date", "gt", "1900-01-01")), sorted, obj{"pagination": obj{"page_size": 1, "page_number": 2}})).Message.Answers[0]
	if !slices.Equal(page.Names("于海", "宋远", "于秀"), []string{"于海"}) || page.Pagination != (dci.PageAnswer{Size: 1, Number: 2, Total: 4}) {
		t.Errorf("%+v", page)
	}
}

// many is a province of other people, for a plan over a few rows says nothing.
const many = `INSERT INTO records (county, record, type, generation, term, seq, gone, household, area, "values", blind)
	SELECT (371300 + n % 20)::text, k || n, CASE k WHEN 'h' THEN 'households' ELSE 'members' END, 1, 't', n, false, 'h' || n, (371300 + n % 20)::text || lpad((n % 7)::text, 3, '0') || '200',
		CASE k WHEN 'h' THEN '{"state": "active"}'::jsonb ELSE jsonb_build_object('sex', (1 + n % 2)::text, 'birth_date', (date '1930-01-01' + n % 29000)::text) END,
		CASE k WHEN 'h' THEN '' ELSE md5(n::text) END
	FROM generate_series(1, 20000) n, unnest(ARRAY['h', 'm']) k`

// plans: a search that would read the whole province is told to narrow, and each that is
// taken begins with an index, whatever else it asks.
func (p *site) plans(t *testing.T) {
	one := func(attribute, operator string, value any) obj {
		return where(attribute, operator, value)[0].(obj)
	}
	or := func(a, b obj) []any {
		return []any{obj{"expression1": a["expression1"], "condition": "or", "expression2": b["expression1"]}}
	}
	for _, sql := range []string{many, `ANALYZE records`} {
		if _, err := p.register.Store.Pool.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	area, born := one("area_code", "eq", "370281102"), one("birth_date", "eq", "1952-03-04")
	for name, c := range map[string]struct {
		query []any
		index string // "": refused
	}{
		"everybody of a sex":        {[]any{one("sex", "eq", "male")}, ""},
		"a prefecture":              {where("area_code", "eq", "3702"), ""},
		"a year of births":          {[]any{one("birth_date", "ge", "1952-01-01"), one("birth_date", "le", "1952-12-31")}, ""},
		"born since":                {where("birth_date", "ge", "2020-01-01"), ""},
		"a town or everybody":       {or(area, one("sex", "eq", "male")), ""},
		"all but one":               {[]any{obj{"expression1": one("sex", "eq", "male")["expression1"], "condition": "not", "expression2": area["expression1"]}}, ""},
		"a number":                  {where("UIN", "eq", p.numbers[0]), "records_blind"},
		"a town":                    {[]any{one("sex", "eq", "male"), area}, "search_members_area"},
		"a day of births":           {[]any{one("sex", "eq", "male"), born}, "search_members_birth"},
		"a town or a day of births": {or(area, born), "search_members_"},
	} {
		a := p.Wide.Asks(t, search("predicate", c.query)).Message.Answers[0]
		if refused := a.Reason == dci.TooManyRecords; refused != (c.index == "") {
			t.Errorf("%s: %+v", name, a)
		}
		if c.index == "" {
			continue
		}
		text, err := json.Marshal(c.query)
		if err != nil {
			t.Fatal(err)
		}
		parsed, err := dci.ParseQuery(dci.ByPredicate, text)
		if err != nil {
			t.Fatal(err)
		}
		if plan := p.plan(t, &parsed); !strings.Contains(plan, c.index) || strings.Contains(plan, "Seq Scan") {
			t.Errorf("%s does not begin with %s:\n%s", name, c.index, plan)
		}
	}
}

func TestTheCodeBehindAllThatBeginSo(t *testing.T) {
	for code, want := range map[string]string{"37": "38", "370281": "370282", "3709": "371", "37029": "3703", "99": "", "370199": "3702"} {
		if got := following(code); got != want {
			t.Errorf("%s: %s, not %s", code, got, want)
		}
	}
}

// plan is PostgreSQL's.
func (p *site) plan(t testing.TB, c *dci.Condition) string {
	t.Helper()
	s := &statement{blinds: p.register.Opener.Blind, today: "2026-11-26"}
	sql := `EXPLAIN SELECT m.record FROM ` + s.from([]string{"37"}) + s.where(c)
	rows, err := p.register.Store.Pool.Query(t.Context(), sql, append([]any{pgx.QueryExecModeDescribeExec}, s.args...)...)
	if err != nil {
		t.Fatal(err)
	}
	lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(lines, "\n")
}

// envelopes: one that does not open is no matter to who does not see what is in it.
func (p *site) envelopes(t *testing.T) {
	_, _ = p.register.Store.Pool.Exec(t.Context(), `UPDATE records SET sealed = 'x' WHERE record = 'm2'`)
	blind := dci.Sender{Areas: []string{"370281"}, Attributes: []string{dci.AttrSex, dci.AttrArea}, Found: 10}
	parsed, err := dci.ParseQuery(dci.ByPredicate, []byte(`[{"seq_num":1,"expression1":{"attribute_name":"area_code","operator":"eq","attribute_value":"370281"}}]`))
	if err != nil {
		t.Fatal(err)
	}
	q := interop.Inquiry{Arrival: interop.Arrival{Sender: &blind}, Where: parsed, Size: 10, Page: 1}
	found, err := p.register.Find(t.Context(), q)
	if err != nil || len(found.People) != 2 || found.People[0].Name+found.People[1].Name+found.People[0].Number != "" {
		t.Errorf("%+v %v", found, err)
	}
	sees := blind
	sees.Attributes = append(sees.Attributes, dci.AttrName)
	q.Sender = &sees
	if _, err := p.register.Find(t.Context(), q); err == nil {
		t.Error("who sees names is answered without opening what does not open")
	}
}

func (p *site) entered(t *testing.T) {
	all := ""
	if err := looks.Each(t.Context(), p.register.Store.Pool, looks.Filter{Action: looks.Search}, 1000, func(l *looks.Look) error {
		all += strings.Join([]string{l.Account, l.By, l.Origin, l.Purpose, l.Asked, l.Rejected}, "|") + "\n"
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"dci:spmis.test|省救助平台|10.0.0.7|benefit_check|", "dci:school.test|学生资助中心|", `UIN eq ["` + idnumber.Mask(p.numbers[0]) + `"]|`, "|rjct.search.too_many_records_found", "|rjct.filter.invalid", `area_code eq ["370281102"]`} {
		if !strings.Contains(all, want) {
			t.Errorf("the log has no %s:\n%s", want, all)
		}
	}
	for _, n := range p.numbers {
		if strings.Contains(all, n) {
			t.Errorf("a whole number in the log: %s", all)
		}
	}
	if _, err := p.register.Store.Pool.Exec(t.Context(), `DELETE FROM desk.looks`); err == nil {
		t.Error("the log can be emptied")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := p.register.Enter(ctx, []interop.Entry{{Inquiry: interop.Inquiry{Arrival: interop.Arrival{Sender: &dci.Sender{}}}}}); err == nil {
		t.Error("what could not be entered is no error, and would be answered")
	}
}
