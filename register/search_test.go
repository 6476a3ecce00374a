package register_test

import (
	"slices"
	"strings"
	"testing"

	"doorstep/domain/idnumber"
	"doorstep/register"
	"doorstep/sync/engine"
	"doorstep/sync/wire"
)

// searching is a county with some households, and a desk that looks for them.
type searching struct {
	county
	x *register.Search
}

func newSearching(t *testing.T) (s searching, ids map[string]string) {
	c := newCounty(t)
	s = searching{c, &register.Search{Engine: c.e, Key: []byte("one key of a county's own")}}
	ids = map[string]string{}
	for _, h := range []struct {
		head, address, phone, member, number string
	}{
		{"王秀英", "3组12号", "13853211234", "曾小明", "11010519491231002X"},
		{"王大明", "3组120号", "13853215678", "王秀英", "370281198001010024"},
		{"单田芳", "小学东邻", "", "匡晨", ""},
	} {
		id := s.create("households", map[string]any{"region": villager.Areas[0], "head_name": h.head, "address": h.address})
		if h.phone != "" {
			s.do(engine.Server, wire.KindPatch, "households", id, map[string]any{"phone": h.phone})
		}
		member := map[string]any{"household": id, "name": h.member}
		if h.number != "" {
			member["id_number"] = h.number
		}
		s.create("members", member)
		ids[h.head] = id
	}
	return s, ids
}

// found is the heads of what the town finds, in the answer's order.
func (s searching) found(q register.HouseholdQuery) string {
	s.t.Helper()
	return s.foundBy(s.town, q)
}

func (s searching) foundBy(by *engine.Account, q register.HouseholdQuery) string {
	s.t.Helper()
	q.Limit = 50
	items, _, err := s.x.List(s.t.Context(), by, q)
	if err != nil {
		s.t.Fatal(err)
	}
	var out []string
	for _, it := range items {
		name := it.HeadName
		if it.Member != "" {
			name += "/" + it.Member
		}
		out = append(out, name)
	}
	return strings.Join(out, " ")
}

func TestAHouseholdIsFoundByWhatPeopleType(t *testing.T) {
	s, _ := newSearching(t)
	for text, want := range map[string]string{
		"王秀英":          "王秀英 王大明/王秀英", // whose head has the name comes first
		"秀英":           "王大明/王秀英 王秀英",
		"大明":           "王大明",
		"wangxiuying":  "王大明/王秀英 王秀英",
		"wang xiu":     "王大明/王秀英 王秀英",
		"WXY":          "王大明/王秀英 王秀英",
		"xiuy":         "王大明/王秀英 王秀英",
		"stf":          "单田芳", // 单 as a surname is read shan
		"shantian":     "单田芳",
		"zengxm":       "",
		"zengxiaoming": "王秀英/曾小明",
		"zxm":          "王秀英/曾小明",
		"3组12":         "王大明 王秀英", // still being typed
		"12号":          "王秀英",
		"１２号":          "王秀英",
		"小学":           "单田芳",
		"13853211234":  "王秀英",
		"1234":         "王秀英",
		"王 小学":         "",
		"kc 单":         "单田芳",
		"英曾":           "", // no name reaches into the next
		"%":            "",
		`"王" OR`:       "",
	} {
		if got := s.found(register.HouseholdQuery{Text: text}); got != want {
			t.Errorf("%s: found %q, want %q", text, got, want)
		}
	}
}

func TestAnIDNumberIsFoundInBothItsFormsAndIsNotInTheIndex(t *testing.T) {
	s, _ := newSearching(t)
	number := func(text string) register.HouseholdQuery {
		n, err := idnumber.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		return register.HouseholdQuery{Blind: n.Blind(s.x.Key)}
	}
	if got := s.found(number("110105 19491231 002x")); got != "王秀英" {
		t.Errorf("found %q", got)
	}
	if got := s.found(number("110105491231002")); got != "王秀英" {
		t.Errorf("of 15 digits: found %q", got)
	}
	if got := s.found(register.HouseholdQuery{Text: "11010519491231002X"}); got != "" {
		t.Errorf("the number itself is in the index: %q", got)
	}
	s.x.Key = []byte("another key")
	s.found(register.HouseholdQuery{Text: "王"}) // the index is made anew
	if got := s.found(number("11010519491231002X")); got != "王秀英" {
		t.Errorf("with another key: found %q", got)
	}
}

func TestTheSearchFollowsTheRegister(t *testing.T) {
	s, ids := newSearching(t)
	s.found(register.HouseholdQuery{Text: "王"})
	s.do(s.town, wire.KindPatch, "households", ids["单田芳"], map[string]any{"head_name": "单田芬"})
	for _, m := range s.records(ids["王大明"], "members") {
		s.do(s.town, wire.KindDelete, "members", m["id"].(string), nil)
	}
	s.do(s.town, wire.KindDelete, "households", ids["王大明"], nil)
	s.do(s.town, wire.KindPatch, "households", ids["王秀英"], map[string]any{"region": "370281102220"})
	for text, want := range map[string]string{"单田芳": "", "stf": "单田芬", "王": "王秀英"} {
		if got := s.found(register.HouseholdQuery{Text: text}); got != want {
			t.Errorf("%s: found %q, want %q", text, got, want)
		}
	}
	if got := s.foundBy(s.worker, register.HouseholdQuery{Text: "王"}); got != "" {
		t.Errorf("out of its village, and found there: %q", got)
	}
	if got := s.found(register.HouseholdQuery{Text: "王", Area: "370281102220"}); got != "王秀英" {
		t.Errorf("in its new village: %q", got)
	}
}

func TestEachFilterOfTheListLeavesSomeAndTakesSome(t *testing.T) {
	s, ids := newSearching(t)
	s.report(ids["王大明"], "", "disaster") // raises a warning
	s.create("categories", map[string]any{"household": ids["王秀英"], "category": "subsistence", "from": "2026-01-01"})
	s.create("tasks", map[string]any{"household": ids["王秀英"], "kind": "visit", "title": "走访", "due_on": "2026-11-20", "state": "open"})
	s.create("entitlements", map[string]any{"household": ids["单田芳"], "item": "education_aid", "state": "not_delivered"})
	s.do(s.town, wire.KindPatch, "households", ids["单田芳"], map[string]any{"state": "closed", "state_reason": "moved"})
	s.do(s.worker, wire.KindPatch, "households", ids["王大明"], map[string]any{"last_visited": "2026-11-20"})
	for filter, want := range map[string]string{
		"category=subsistence":      "王秀英",
		"indicator=P1":              "王大明",
		"tasks=overdue":             "王秀英",
		"state=closed":              "单田芳",
		"state=active":              "王大明 王秀英",
		"visited_before=2026-11-20": "单田芳 王秀英",
		"item=education_aid":        "单田芳",
	} {
		name, value, _ := strings.Cut(filter, "=")
		for _, text := range []string{"", "13853 组", "wxy"} {
			got := s.found(register.HouseholdQuery{Text: text, Filters: map[string]string{name: value}})
			if text == "" && got != want {
				t.Errorf("%s: found %q, want %q", filter, got, want)
			}
			if text == "wxy" && strings.Contains(got, "单") {
				t.Errorf("%s with words: found %q", filter, got)
			}
		}
		if !slices.Contains(register.HouseholdFilters(), name) {
			t.Errorf("no filter %s", name)
		}
	}
	for _, level := range []string{"red", "orange", "yellow"} {
		var want []string
		for _, head := range []string{"单田芳", "王大明", "王秀英"} {
			if slices.ContainsFunc(s.records(ids[head], "warnings"), func(w map[string]any) bool { return w["level"] == level }) {
				want = append(want, head)
			}
		}
		if got := s.found(register.HouseholdQuery{Filters: map[string]string{"warnings": level}}); got != strings.Join(want, " ") || level == "orange" && len(want) == 0 {
			t.Errorf("%s: found %q, want %q", level, got, want)
		}
	}
	if _, _, err := s.x.List(t.Context(), s.town, register.HouseholdQuery{Limit: 1, Filters: map[string]string{"warnings": "' OR 1"}}); err == nil {
		t.Error("a filter of no meaning is answered")
	}
}

// Who pages through what thousands have sees each of them once.
func TestPagesOfAWideSearchHoldEachHouseholdOnce(t *testing.T) {
	s, _ := newSearching(t)
	const homes = 620
	drafts := make([]engine.Draft, homes)
	for i := range drafts {
		drafts[i] = engine.Draft{Type: "households", Record: newID(t), Kind: wire.KindCreate, Set: map[string]any{"region": villager.Areas[0], "head_name": "曲" + string(rune('一'+i*7))}}
	}
	if _, err := s.e.Do(t.Context(), engine.Server, drafts); err != nil {
		t.Fatal(err)
	}
	for more := true; more; {
		var err error
		if more, err = s.x.Step(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	seen := map[string]int{}
	q := register.HouseholdQuery{Text: "qu", Limit: 130}
	for pages := 0; pages < 9; pages++ {
		items, next, err := s.x.List(t.Context(), s.town, q)
		if err != nil {
			t.Fatal(err)
		}
		for _, it := range items {
			seen[it.ID]++
		}
		if next == "" {
			break
		}
		q.Cursor = next
	}
	for id, n := range seen {
		if n != 1 {
			t.Fatalf("%s %d times", id, n)
		}
	}
	if len(seen) != homes {
		t.Errorf("%d households, want %d", len(seen), homes)
	}
}
