package hooks

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"doorstep/domain/zone"
	"doorstep/sync/wire"
)

// minutes are of a meeting of the town's officer, the county's, and the village head,
// who has no account; all agree.
func (s *site) minutes(household, word, town string, more ...obj) obj {
	out := obj{"id": newID(), "household": household, "subject": word + "是否给予救助", "held_on": s.ahead(-1), "place": "会议室", "decision": "agree", "minutes": word + "家情形复杂，会议研究。",
		"attendees": []any{
			obj{"account": s.people[town], "unit": "民政办", "chair": true, "stance": "agree", "opinion": word + "确有困难"},
			obj{"account": s.people["county"], "unit": "市民政局", "stance": "agree", "opinion": "同意"},
			obj{"name": "村主任", "unit": "村委会", "stance": "abstain", "opinion": "由会议定"}}}
	for _, m := range more {
		for k, v := range m {
			out[k] = v
		}
	}
	return out
}

// attendeeOf finds who of the people took part: by account, "" the one without.
func attendeeOf(d obj, name string) string {
	for _, a := range d["attendees"].([]any) {
		if p := a.(obj); p["name"] == name || name == "" && p["account"] == "" {
			return p["id"].(string)
		}
	}
	return newID()
}

// sign signs for all, each as they can.
func (s *site) sign(d obj, recorder string) obj {
	s.t.Helper()
	for _, a := range d["attendees"].([]any) {
		who, p := recorder, a.(obj)
		if p["account"] != "" {
			who = p["name"].(string)
		}
		d = s.the(200, who, "POST", "/deliberations/"+d["id"].(string)+"/sign", obj{"attendee": p["id"], "digest": d["digest"]})
	}
	return d
}

// meetingAt is a call on a meeting about the scene's household; "/" reads it, "" lists.
// For supplements it is signed.
func meetingAt(tail string, body func(who string, d obj) any) func(*site, string, *scene) (string, any) {
	return func(s *site, who string, sc *scene) (string, any) {
		d := s.the(200, "county", "POST", "/deliberations", s.minutes(sc.household, sc.word, sc.town))
		if tail == "/supplements" {
			d = s.sign(d, "county")
		}
		sc.ids = append(sc.ids, d["id"].(string))
		path := consolePrefix + "/deliberations"
		switch tail {
		case "":
			return path + "?limit=500", nil
		case "/":
			return path + "/" + d["id"].(string), nil
		}
		return path + "/" + d["id"].(string) + tail, body(who, d)
	}
}

// 三(四): attendees, opinions, decision; signed by each, then nothing changes it.
func TestAMeetingIsSignedByEachAndNeverChanged(t *testing.T) {
	s := newSiteAt(t, clockAt(time.Date(2026, 11, 26, 2, 0, 0, 0, time.UTC)).now)
	home, _, _ := s.needy("", ownVillage)
	body := s.minutes(home, "", "town")
	d := s.the(200, "town", "POST", "/deliberations", body)
	if again := s.the(200, "town", "POST", "/deliberations", body); again["digest"] != d["digest"] || d["state"] != "signing" || d["level"] != "town" || d["recorder"] != "town" {
		t.Fatalf("sent twice: %v, %v", d, again)
	}
	if e := s.refused(422, "county", "/deliberations", body); e.Code != wire.IDTaken {
		t.Errorf("somebody else's id: %+v", e)
	}
	at := "/deliberations/" + d["id"].(string)
	if e := s.refused(422, "town", at+"/sign", obj{"attendee": attendeeOf(d, "county"), "digest": d["digest"]}); !strings.Contains(e.Message, "本人") {
		t.Errorf("for another account: %+v", e)
	}
	if e := s.refused(422, "county", at+"/sign", obj{"attendee": attendeeOf(d, ""), "digest": d["digest"]}); !strings.Contains(e.Message, "town") {
		t.Errorf("a paper signature by who did not take the minutes: %+v", e)
	}
	if e := s.refused(422, "town", at+"/sign", obj{"attendee": attendeeOf(d, "town"), "digest": strings.Repeat("0", 64)}); e.Field != "digest" {
		t.Errorf("other minutes than these: %+v", e)
	}
	if e := s.refused(409, "town", at+"/supplements", obj{"text": "补充"}); e.Code != wire.Decided {
		t.Errorf("a supplement before the signatures: %+v", e)
	}
	if mine := s.the(200, "county", "GET", at, nil)["mine"]; mine != attendeeOf(d, "county") {
		t.Errorf("whom the county signs for: %v", mine)
	}
	signed := s.sign(d, "town")
	if signed["state"] != "signed" || signed["signed_on"] != "2026-11-26" || signed["intact"] != true || len(signed["signatures"].([]any)) != 3 {
		t.Fatalf("signed: %v", signed)
	}
	for i, want := range []string{"town account", "county account", "town paper"} {
		if g := signed["signatures"].([]any)[i].(obj); fmt.Sprint(g["by"], " ", g["way"]) != want || g["at"] == "" {
			t.Errorf("signature %d: %v, want %s", i, g, want)
		}
	}
	if e := s.refused(409, "town", at+"/sign", obj{"attendee": attendeeOf(d, "town"), "digest": d["digest"]}); e.Code != wire.Decided {
		t.Errorf("signed again: %+v", e)
	}
	if e := s.refused(409, "town", at+"/void", obj{"reason": "反悔"}); e.Code != wire.Decided {
		t.Errorf("what is signed is void: %+v", e)
	}
	added := s.the(200, "town", "POST", at+"/supplements", obj{"text": "会后查明，另有一子。"})
	if x := added["supplements"].([]any); len(x) != 1 || x[0].(obj)["text"] != "会后查明，另有一子。" || added["digest"] != d["digest"] || added["intact"] != true {
		t.Errorf("supplement: %v", added)
	}
	s.everyDeedAudited(d["id"].(string), "deliberation.enter", "deliberation.sign", "deliberation.supplement", "deliberation.read")
	if _, err := s.server.Engine.Verify(t.Context()); err != nil {
		t.Errorf("the chain: %v", err)
	}
	// No tablet reads a meeting, and no push writes one.
	for _, line := range s.tablet("worker").lines("/pull?") {
		if line["type"] == "deliberations" {
			t.Error("a tablet reads what was said of a family")
		}
	}
	forger := s.tablet("town")
	rewrite := forger.op("patch", "deliberations", d["id"].(string), obj{"minutes": "另一个决定"}, nil)
	rewrite["base"] = s.server.Engine.Status().Seq
	if r := forger.push("rejected", rewrite); r[0].Error == nil {
		t.Errorf("a push rewrites the minutes: %+v", r)
	}
}

func TestMinutesLackNothingBeforeAnybodySigns(t *testing.T) {
	s := newSiteAt(t, clockAt(time.Date(2026, 11, 26, 2, 0, 0, 0, time.UTC)).now)
	home, _, wife := s.needy("", ownVillage)
	far, _, _ := s.needy("远", farVillage)
	foreign := s.the(200, "fartown", "POST", "/applications", obj{"household": far, "way": "own", "consents": consented})["id"]
	all := func(change func([]any) []any) obj {
		return obj{"attendees": change(s.minutes(home, "", "town")["attendees"].([]any))}
	}
	with := func(i int, k string, v any) obj {
		return all(func(a []any) []any { a[i].(obj)[k] = v; return a })
	}
	for name, c := range map[string]struct {
		change obj
		status int
		says   string
	}{
		"two people":                {all(func(a []any) []any { return a[:2] }), 422, "至少要有3人"},
		"one account":               {with(1, "account", ""), 422, ""},
		"an account of another":     {with(1, "account", s.people["fartown"]), 422, "不能在这里签字"},
		"a village worker signs":    {with(1, "account", s.people["worker"]), 422, "不能在这里签字"},
		"nobody's account":          {with(1, "account", "none"), 422, "不能在这里签字"},
		"the same twice":            {with(1, "account", s.people["town"]), 422, "重复"},
		"no chair":                  {with(0, "chair", false), 422, "主持人"},
		"no opinion":                {with(2, "opinion", ""), 422, ""},
		"blank opinion":             {with(2, "opinion", "  "), 422, "态度和意见"},
		"no stance":                 {with(2, "stance", "maybe"), 422, ""},
		"not carried":               {with(1, "stance", "disagree"), 422, "没有过半数"},
		"carried, but turned down":  {obj{"decision": "disagree"}, 422, "已过半数"},
		"tomorrow":                  {obj{"held_on": "2026-11-27"}, 422, "会议日期"},
		"two years ago":             {obj{"held_on": "2024-11-27"}, 422, "会议日期"},
		"no minutes":                {obj{"minutes": " "}, 422, "会议记录"},
		"too long":                  {obj{"minutes": strings.Repeat("长", 4001)}, 422, ""},
		"a category of nothing":     {obj{"awards": []any{obj{"category": "rich"}}}, 422, ""},
		"a category, no case":       {obj{"awards": []any{obj{"category": "marginal"}}}, 422, "申请"},
		"somebody else's member":    {obj{"awards": []any{obj{"category": "subsistence", "member": newID()}}}, 422, ""},
		"another's application":     {obj{"application": foreign}, 404, ""},
		"another town's family":     {obj{"household": far}, 404, ""},
		"corrects what is not":      {obj{"replaces": newID()}, 404, ""},
		"its own member, but alone": {obj{"awards": []any{obj{"category": "subsistence", "member": wife}}}, 422, "申请"},
	} {
		if e := s.refused(c.status, "town", "/deliberations", s.minutes(home, "", "town", c.change)); !strings.Contains(e.Message, c.says) {
			t.Errorf("%s: %+v", name, e)
		}
	}
	if list := s.the(200, "town", "GET", "/deliberations", nil)["items"].([]any); len(list) != 0 {
		t.Errorf("%d meetings came of it", len(list))
	}
}

// A meeting is the ground of a decision that the test alone does not carry: with its
// categories, its words, and only while it stands.
func TestADeterminationRestsOnAMeeting(t *testing.T) {
	clock := clockAt(time.Date(2026, 11, 26, 2, 0, 0, 0, time.UTC))
	s := newSiteAt(t, clock.now)
	home, _, _ := s.needy("", ownVillage)
	application, id := s.inQueue(home, "town")
	confirm := "/determinations/" + id + "/confirm"
	marginal := obj{"application": application, "awards": []any{obj{"category": "marginal"}}}

	s.the(200, "county", "POST", "/determination-rules", obj{"settings": []any{obj{"name": "deliberate_departing", "from": "2026-11-01", "value": 1}}})
	departing := obj{"awards": []any{obj{"category": "marginal", "member": ""}}, "reason": "有隐性收入"}
	if e := s.refused(422, "town", confirm, departing); e.Field != "deliberation" || !strings.Contains(e.Message, "一事一议") || !strings.Contains(e.Message, "二(二)") {
		t.Errorf("departing where the county wants a meeting: %+v", e)
	}
	rest := func(d obj, more obj) obj {
		body := obj{"deliberation": d["id"]}
		for k, v := range more {
			body[k] = v
		}
		return body
	}
	open := s.the(200, "town", "POST", "/deliberations", s.minutes(home, "", "town", marginal))
	if e := s.refused(422, "town", confirm, rest(open, nil)); !strings.Contains(e.Message, "全部签字") {
		t.Errorf("before it is signed: %+v", e)
	}
	signed := s.sign(open, "town")
	if signed["determination"] != id {
		t.Errorf("what lay on the table: %v", signed["determination"])
	}
	if e := s.refused(422, "town", confirm, rest(signed, obj{"awards": []any{obj{"category": "rigid_expense", "member": ""}}})); e.Field != "awards" {
		t.Errorf("another category than the meeting's: %+v", e)
	}
	turned := s.sign(s.the(200, "town", "POST", "/deliberations", s.minutes(home, "", "town", marginal, obj{"decision": "disagree", "attendees": []any{
		obj{"account": s.people["town"], "chair": true, "stance": "disagree", "opinion": "不同意"}, obj{"account": s.people["county"], "stance": "disagree", "opinion": "不同意"},
		obj{"name": "村主任", "unit": "村委会", "stance": "agree", "opinion": "同意"}}})), "town")
	if e := s.refused(422, "town", confirm, rest(turned, nil)); !strings.Contains(e.Message, "没有同意") {
		t.Errorf("what the meeting turned down: %+v", e)
	}
	out := s.the(200, "town", "POST", confirm, rest(signed, nil))
	if o := out["opinion"].(obj); o["departed"] != true || o["deliberation"] != signed["id"] || o["reason"] != "2026-11-25镇(街道)一事一议决定" {
		t.Errorf("opinion: %v", o)
	}
	s.the(200, "town", "POST", "/determinations/"+id+"/publish", obj{"place": "公开栏"})
	clock.days(8)

	// The meeting is corrected by another: what rests on it is not decided any more.
	later := s.sign(s.the(200, "town", "POST", "/deliberations", s.minutes(home, "", "town", marginal, obj{"replaces": signed["id"]})), "town")
	if was := s.the(200, "town", "GET", "/deliberations/"+signed["id"].(string), nil); was["state"] != "replaced" || was["intact"] != true {
		t.Errorf("the meeting that was corrected: %v", was)
	}
	if e := s.refused(422, "county", "/determinations/"+id+"/decide", obj{"approve": true}); e.Field != "deliberation" {
		t.Errorf("decided on a corrected meeting: %+v", e)
	}
	again := s.the(200, "town", "POST", "/applications/"+application+"/determine", checked())["id"].(string)
	if e := s.refused(422, "town", "/determinations/"+again+"/confirm", rest(later, nil)); e.Field != "deliberation" {
		t.Errorf("a meeting on the test before: %+v", e)
	}
	third := s.sign(s.the(200, "town", "POST", "/deliberations", s.minutes(home, "", "town", marginal)), "town")
	s.the(200, "town", "POST", "/determinations/"+again+"/confirm", rest(third, nil))
	s.the(200, "town", "POST", "/determinations/"+again+"/publish", obj{"place": "公开栏"})
	clock.days(8)
	s.the(200, "county", "POST", "/determinations/"+again+"/decide", obj{"approve": true})
	if got := s.standing(home, clock.today()); !strings.HasPrefix(got, "marginal household") {
		t.Errorf("categories: %s", got)
	}
}

// 三(四)(b): what was brought before a meeting is settled by what it decided.
func TestAWarningBeforeAMeetingWaitsForItsDecision(t *testing.T) {
	s := newSite(t)
	sc := s.scene("难", ownVillage, "worker", "worker2", "town")
	warning := freshWarning(s, sc)
	at := "/warnings/" + warning + "/dispose"
	s.the(200, "town", "POST", at, obj{"action": "deliberate", "reason": "情形复杂"})
	if e := s.refused(422, "town", at, obj{"action": "deliver", "reason": "已发放"}); !strings.Contains(e.Message, "一事一议") {
		t.Errorf("before the meeting: %+v", e)
	}
	today := zone.Day(time.Now())
	on := obj{"warning": warning, "held_on": today, "decision": "again"}
	s.sign(s.the(200, "town", "POST", "/deliberations", s.minutes(sc.household, "", "town", on)), "town")
	if e := s.refused(422, "town", at, obj{"action": "deliver", "reason": "已发放"}); e.Field != "action" {
		t.Errorf("after a meeting that decided nothing: %+v", e)
	}
	on["decision"] = "agree"
	s.sign(s.the(200, "town", "POST", "/deliberations", s.minutes(sc.household, "", "town", on)), "town")
	told := false
	for _, w := range s.the(200, "town", "GET", "/warnings?state=away&limit=500", nil)["items"].([]any) {
		if w.(obj)["id"] == warning {
			told = slices.ContainsFunc(w.(obj)["evidence"].([]any), func(e any) bool { return strings.Contains(fmt.Sprint(e), "同意所议方案") })
		}
	}
	if !told {
		t.Error("the warning does not say what the meeting decided")
	}
	s.the(200, "town", "POST", at, obj{"action": "deliver", "reason": "按会议决定发放"})
}

// The sheet says what was said and decided; who signed by account is printed, who signs on
// paper finds room.
func TestMinutesArePrintedWithWhoSigned(t *testing.T) {
	s := newSiteAt(t, clockAt(time.Date(2026, 11, 26, 2, 0, 0, 0, time.UTC)).now)
	home, _, _ := s.needy("", ownVillage)
	d := s.the(200, "town", "POST", "/deliberations", s.minutes(home, "", "town"))
	d = s.the(200, "county", "POST", "/deliberations/"+d["id"].(string)+"/sign", obj{"attendee": attendeeOf(d, "county"), "digest": d["digest"]})
	text := string(s.ask("town", "GET", consolePrefix+"/deliberations/"+d["id"].(string)+"/page", nil).body)
	for _, want := range []string{"同意所议方案", "村主任", "保留意见", "county（账号签字，2026-11-26）", "（主持）", d["digest"].(string), "待签字"} {
		if !strings.Contains(text, want) {
			t.Errorf("the sheet does not say %q:\n%s", want, text)
		}
	}
	if strings.Count(text, "账号签字") != 1 {
		t.Errorf("more signed than did:\n%s", text)
	}
	options := s.the(200, "town", "GET", "/deliberations/options", nil)
	if people := options["people"].([]any); options["least"] != 3.0 || !slices.ContainsFunc(people, func(p any) bool { return p.(obj)["account"] == s.people["county"] }) {
		t.Errorf("options %v", options)
	}
}
