package hooks

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"doorstep/domain/access"
	"doorstep/sync/sealing"
	"doorstep/sync/wire"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// row is a route's verdict: who may call it, how it is called for a scene, and
// what a caller outside the scene is told ("": the call names no scene; a list
// or a write of one's own that must not show the other's content).
type row struct {
	roles   []access.Role
	call    func(s *site, who string, sc *scene) (path string, body any)
	foreign int
}

var (
	all      = access.Roles()
	writers  = []access.Role{"worker", "social", "town", "county"}
	deciders = []access.Role{"town", "county"}
	readers  = []access.Role{"town", "county", "auditor"}
	viewers  = []access.Role{"worker", "social", "town", "county", "auditor"}

	department = []access.Role{"department"}
)

func at(path string) func(*site, string, *scene) (string, any) {
	return func(*site, string, *scene) (string, any) { return path, nil }
}

// fresh makes a review of its own for each caller: a decision is taken once.
func fresh(s *site, sc *scene) string {
	d := s.tablet(sc.worker)
	return d.push("applied", d.op("create", "status_changes", newID(), map[string]any{"household": sc.household, "kind": "other", "happened_on": "2026-11-20", "detail": sc.word}, nil))[0].ID
}

func freshHeld(s *site, sc *scene) string {
	d := s.tablet(sc.worker)
	// A village that the worker does not see: the town, or the county, lets it in.
	return d.push("held", d.op("create", "households", newID(), map[string]any{"region": sibling[sc.worker], "head_name": sc.word}, nil))[0].ID
}

// freshComplaint names no household: it is its author's office's.
func freshComplaint(s *site, sc *scene) string {
	d, id := s.tablet(sc.worker), newID()
	d.push("applied", d.op("create", "complaints", id, map[string]any{"kind": "suggestion", "text": sc.word}, nil))
	return id
}

// freshWarning is an open warning of the scene's household: each caller settles its own.
func freshWarning(s *site, sc *scene) string {
	d := s.tablet(sc.worker)
	d.push("applied", d.op("create", "status_changes", newID(), map[string]any{"household": sc.household, "kind": "disaster", "happened_on": "2026-11-20"}, nil))
	county, err := s.server.Engine.Account(s.t.Context(), s.people["county"])
	if err != nil {
		s.t.Fatal(err)
	}
	story, err := s.server.Engine.Household(s.t.Context(), county, sc.household)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, raw := range story.Records["warnings"] {
		var w struct{ ID, Indicator, State string }
		if err := json.Unmarshal(raw, &w, json.MatchCaseInsensitiveNames(true)); err != nil {
			s.t.Fatal(err)
		}
		if w.Indicator == "P1" && w.State == "open" {
			return w.ID
		}
	}
	s.t.Fatal("no warning of a disaster")
	return ""
}

func condition(path string) func(*site, string, *scene) (string, any) {
	return func(*site, string, *scene) (string, any) {
		return path, map[string]any{"code": "C1", "title": "低收入", "level": "yellow", "reach": "both", "expression": "household.income_per_head < 500"}
	}
}

var sibling = map[string]string{"worker": "370281102220", "farworker": "370281105202"}

// matrix has one row for each route of the table.
var matrix = map[string]row{
	"POST /api/sync/v1/devices": {writers, func(*site, string, *scene) (string, any) {
		return "/api/sync/v1/devices", map[string]any{"name": "x"}
	}, 0},
	"GET /api/sync/v1/schema": {all, at("/api/sync/v1/schema"), 0},
	"POST /api/sync/v1/push": {writers, func(s *site, who string, sc *scene) (string, any) {
		return "/api/sync/v1/push", map[string]any{"device": deviceOf(s, who), "epoch": s.server.Engine.Status().Epoch, "schema": 1, "ops": []any{
			op{"n": 1, "id": newID(), "type": "households", "record": sc.household, "kind": "patch", "base": 1, "set": map[string]any{"lives_alone": true}}}}
	}, 200},
	"POST /api/sync/v1/sealed": {writers, func(s *site, who string, sc *scene) (string, any) {
		op := op{"id": newID(), "type": "households", "record": sc.household, "kind": "patch", "base": 1, "set": map[string]any{"lives_alone": true}}
		return "/api/sync/v1/sealed", map[string]any{"device": deviceOf(s, who), "epoch": s.server.Engine.Status().Epoch, "schema": 1, "ops": []any{s.sealOp(s.people[who], 1, op)}}
	}, 200},
	"POST /api/sync/v1/sealed/key": {writers, func(s *site, who string, _ *scene) (string, any) {
		return "/api/sync/v1/sealed/key", map[string]any{"device": deviceOf(s, who), "key": s.sealKey(sealing.Recovery, s.people[who], make([]byte, 32))}
	}, 0},
	"GET /api/sync/v1/pull":     {writers, withDevice("/api/sync/v1/pull"), 0},
	"GET /api/sync/v1/snapshot": {writers, withDevice("/api/sync/v1/snapshot"), 0},
	"GET /api/sync/v1/events":   {viewers, nil, 0}, // it does not end: live_test.go
	"POST /api/sync/v1/lost": {writers, func(s *site, who string, _ *scene) (string, any) {
		return "/api/sync/v1/lost", wire.Lost{Device: deviceOf(s, who), Epoch: s.server.Engine.Status().Epoch, From: 1, To: 1}
	}, 0},
	"GET /api/sync/v1/photos/{id}": {viewers, func(_ *site, _ string, sc *scene) (string, any) { return "/api/sync/v1/photos/" + sc.photo, nil }, 404},
	"GET /api/sync/v1/ops":         {readers, at("/api/sync/v1/ops?outcome=rejected,held&limit=500"), 0},
	"GET /api/sync/v1/cases":       {readers, at("/api/sync/v1/cases?state=open&limit=500"), 0},
	"POST /api/sync/v1/cases/{id}/resolve": {deciders, func(s *site, _ string, sc *scene) (string, any) {
		return "/api/sync/v1/cases/" + sc.caseID + "/resolve", map[string]any{"choice": "server", "expect_rev": int64(1) << 40}
	}, 404},
	"GET /api/sync/v1/reviews": {readers, at("/api/sync/v1/reviews?state=open&limit=500"), 0},
	"POST /api/sync/v1/reviews/accept": {deciders, func(s *site, _ string, sc *scene) (string, any) {
		return "/api/sync/v1/reviews/accept", map[string]any{"ops": []string{fresh(s, sc)}}
	}, 200},
	"POST /api/sync/v1/reviews/{id}/accept": {deciders, func(s *site, _ string, sc *scene) (string, any) {
		return "/api/sync/v1/reviews/" + fresh(s, sc) + "/accept", nil
	}, 404},
	"POST /api/sync/v1/reviews/{id}/return": {deciders, func(s *site, _ string, sc *scene) (string, any) {
		return "/api/sync/v1/reviews/" + fresh(s, sc) + "/return", map[string]any{"reason": "请补"}
	}, 404},
	"GET /api/console/v1/summary":    {readers, at("/api/console/v1/summary"), 0},
	"GET /api/console/v1/households": {readers, at("/api/console/v1/households?limit=500"), 0},
	"GET /api/console/v1/households/{id}": {readers, func(_ *site, _ string, sc *scene) (string, any) {
		return "/api/console/v1/households/" + sc.household, nil
	}, 404},
	"GET /api/console/v1/warnings": {readers, at("/api/console/v1/warnings?limit=500"), 0},
	"POST /api/console/v1/warnings/{id}/dispose": {deciders, func(s *site, _ string, sc *scene) (string, any) {
		return "/api/console/v1/warnings/" + freshWarning(s, sc) + "/dispose", map[string]any{"action": "no_help", "reason": "已核实"}
	}, 404},
	"GET /api/console/v1/indicators":             {readers, at("/api/console/v1/indicators"), 0},
	"GET /api/console/v1/indicators/settings":    {readers, at("/api/console/v1/indicators/settings"), 0},
	"GET /api/console/v1/indicators/environment": {readers, at("/api/console/v1/indicators/environment"), 0},
	"POST /api/console/v1/indicators/settings": {[]access.Role{"county"}, func(*site, string, *scene) (string, any) {
		return "/api/console/v1/indicators/settings", map[string]any{"key": "E1.destitute", "value": "1200", "note": "县里定"}
	}, 0},
	"POST /api/console/v1/indicators/own":     {[]access.Role{"county"}, condition("/api/console/v1/indicators/own"), 0},
	"POST /api/console/v1/indicators/own/try": {[]access.Role{"county"}, condition("/api/console/v1/indicators/own/try"), 0},
	"GET /api/console/v1/calendar":            {readers, at("/api/console/v1/calendar?year=2026"), 0},
	"POST /api/console/v1/calendar": {[]access.Role{"county"}, func(*site, string, *scene) (string, any) {
		return "/api/console/v1/calendar", map[string]any{"from": "2027-02-05", "to": "2027-02-11", "name": "春节"}
	}, 0},
	"GET /api/console/v1/rounds":  {readers, at("/api/console/v1/rounds"), 0},
	"POST /api/console/v1/rounds": {[]access.Role{"county"}, at("/api/console/v1/rounds"), 0},
	"GET /api/console/v1/visits/suggested": {deciders, func(s *site, _ string, sc *scene) (string, any) {
		s.suggesting()
		village := ownVillage
		if sc.worker == "farworker" {
			village = farVillage
		}
		return "/api/console/v1/visits/suggested?area=" + village, nil
	}, 0},
	"GET /api/console/v1/complaints": {readers, at("/api/console/v1/complaints?limit=500"), 0},
	"POST /api/console/v1/complaints/{id}/answer": {deciders, func(s *site, _ string, sc *scene) (string, any) {
		return "/api/console/v1/complaints/" + freshComplaint(s, sc) + "/answer", map[string]any{"answer": "已安排核实"}
	}, 404},
	"GET /api/console/v1/devices": {[]access.Role{"town", "county", "admin", "auditor"}, at("/api/console/v1/devices"), 0},
	"POST /api/console/v1/devices/{id}/revoke": {[]access.Role{"town", "county", "admin"}, func(s *site, _ string, sc *scene) (string, any) {
		return "/api/console/v1/devices/" + s.tablet(sc.worker).id + "/revoke", nil
	}, 404},
	"GET /api/console/v1/applications": {readers, staged(1, func(p *papers) string { return "/applications?limit=500" }, nil), 0},
	"POST /api/console/v1/applications": {deciders, staged(0, func(*papers) string { return "/applications" },
		func(p *papers) any { return map[string]any{"household": p.household, "way": "own"} }), 404},
	"GET /api/console/v1/applications/{id}":           {readers, staged(5, func(p *papers) string { return "/applications/" + p.application }, nil), 404},
	"POST /api/console/v1/applications/{id}/accept":   {deciders, staged(1, func(p *papers) string { return "/applications/" + p.application + "/accept" }, nil), 404},
	"POST /api/console/v1/applications/{id}/dismiss":  {deciders, staged(1, func(p *papers) string { return "/applications/" + p.application + "/dismiss" }, because), 404},
	"POST /api/console/v1/applications/{id}/withdraw": {deciders, staged(5, func(p *papers) string { return "/applications/" + p.application + "/withdraw" }, because), 404},
	"POST /api/console/v1/applications/{id}/determine": {deciders, staged(2, func(p *papers) string { return "/applications/" + p.application + "/determine" },
		func(*papers) any { return checked() }), 404},
	"GET /api/console/v1/determinations/{id}":       {readers, staged(3, func(p *papers) string { return "/determinations/" + p.determination }, nil), 404},
	"GET /api/console/v1/determinations/{id}/page":  {readers, staged(3, func(p *papers) string { return "/determinations/" + p.determination + "/page" }, nil), 404},
	"GET /api/console/v1/determinations/{id}/rerun": {readers, staged(3, func(p *papers) string { return "/determinations/" + p.determination + "/rerun" }, nil), 404},
	"POST /api/console/v1/determinations/{id}/confirm": {deciders, staged(3, func(p *papers) string { return "/determinations/" + p.determination + "/confirm" },
		func(*papers) any { return map[string]any{} }), 404},
	"POST /api/console/v1/determinations/{id}/publish": {deciders, staged(4, func(p *papers) string { return "/determinations/" + p.determination + "/publish" },
		func(*papers) any { return map[string]any{"place": "公开栏"} }), 404},
	"POST /api/console/v1/determinations/{id}/decide": {deciders, staged(5, func(p *papers) string { return "/determinations/" + p.determination + "/decide" },
		func(*papers) any { return map[string]any{"approve": false, "reason": "材料不实"} }), 404},
	"POST /api/console/v1/what-if": {deciders, staged(0, func(*papers) string { return "/what-if" },
		func(p *papers) any { return map[string]any{"household": p.household} }), 404},
	"GET /api/console/v1/publicity": {readers, staged(5, func(*papers) string { return "/publicity?limit=500" }, nil), 0},
	"POST /api/console/v1/publicity/{id}/objections": {deciders, staged(5, func(p *papers) string { return "/publicity/" + p.notice + "/objections" },
		func(*papers) any { return map[string]any{"text": "不符合"} }), 404},
	"POST /api/console/v1/publicity/{id}/settle": {deciders, staged(6, func(p *papers) string { return "/publicity/" + p.notice + "/settle" },
		func(p *papers) any {
			return map[string]any{"objection": p.objection, "upheld": false, "reason": "已核实"}
		}), 404},
	"POST /api/console/v1/categories/{id}/leave": {deciders, staged(0, func(p *papers) string { return "/categories/" + p.category + "/leave" },
		func(*papers) any { return map[string]any{"on": "2026-01-01", "reason": "收入增加"} }), 404},
	"GET /api/console/v1/deliberations": {readers, meetingAt("", nil), 0},
	"POST /api/console/v1/deliberations": {deciders, func(s *site, who string, sc *scene) (string, any) {
		return "/api/console/v1/deliberations", s.minutes(sc.household, sc.word, sc.town)
	}, 404},
	"GET /api/console/v1/deliberations/{id}": {readers, meetingAt("/", nil), 404},
	"POST /api/console/v1/deliberations/{id}/sign": {deciders, meetingAt("/sign", func(who string, d obj) any {
		return obj{"attendee": attendeeOf(d, who), "digest": d["digest"]}
	}), 404},
	"POST /api/console/v1/deliberations/{id}/void":        {deciders, meetingAt("/void", func(string, obj) any { return obj{"reason": "写错了"} }), 404},
	"POST /api/console/v1/deliberations/{id}/supplements": {deciders, meetingAt("/supplements", func(string, obj) any { return obj{"text": "补充"} }), 404},
	"GET /api/console/v1/staff-relatives": {readers, func(s *site, _ string, sc *scene) (string, any) {
		s.the(200, "county", "POST", "/staff-relatives", s.relative(sc))
		return "/api/console/v1/staff-relatives?limit=500", nil
	}, 0},
	"GET /api/console/v1/supervision/options": {readers, at("/api/console/v1/supervision/options"), 0},
	"POST /api/console/v1/staff-relatives": {deciders, func(s *site, _ string, sc *scene) (string, any) {
		return "/api/console/v1/staff-relatives", s.relative(sc)
	}, 422},
	"POST /api/console/v1/staff-relatives/{id}/end": {deciders, func(s *site, _ string, sc *scene) (string, any) {
		id := s.the(200, "county", "POST", "/staff-relatives", s.relative(sc))["id"].(string)
		return "/api/console/v1/staff-relatives/" + id + "/end", obj{"reason": "已调离"}
	}, 404},
	"GET /api/console/v1/households/{id}/recusals": {readers, func(s *site, _ string, sc *scene) (string, any) {
		return "/api/console/v1/households/" + sc.household + "/recusals", nil
	}, 404},
	"GET /api/console/v1/funds":                   {[]access.Role{"town", "county", "auditor", "department"}, fundsAt("/funds"), 0},
	"GET /api/console/v1/funds/file":              {[]access.Role{"town", "county", "auditor", "department"}, fundsAt("/funds/file"), 0},
	"GET /api/console/v1/inspections":             {[]access.Role{"county", "auditor"}, sampleAt("", nil), 0},
	"POST /api/console/v1/inspections":            {[]access.Role{"county"}, func(s *site, _ string, _ *scene) (string, any) { return "/api/console/v1/inspections", s.sampleOf() }, 0},
	"GET /api/console/v1/inspections/{id}":        {[]access.Role{"county", "auditor"}, sampleAt("/", nil), 0},
	"GET /api/console/v1/inspections/{id}/replay": {[]access.Role{"county", "auditor"}, sampleAt("/replay", nil), 0},
	"POST /api/console/v1/inspections/{id}/results": {[]access.Role{"county"}, sampleAt("/results", func(s *site, household string) any {
		return s.inspected(household, nil)
	}), 0},
	"GET /api/console/v1/declarations": {readers, func(s *site, _ string, sc *scene) (string, any) {
		s.declared(sc)
		return "/api/console/v1/declarations?limit=500", nil
	}, 0},
	"POST /api/console/v1/declarations": {deciders, func(s *site, _ string, sc *scene) (string, any) {
		return "/api/console/v1/declarations", s.declaration(sc.household, sc.member, obj{"note": sc.word})
	}, 404},
	"GET /api/console/v1/declarations/{id}": {readers, func(s *site, _ string, sc *scene) (string, any) {
		return "/api/console/v1/declarations/" + s.declared(sc), nil
	}, 404},
	"POST /api/console/v1/declarations/{id}/findings": {deciders, func(s *site, _ string, sc *scene) (string, any) {
		return "/api/console/v1/declarations/" + s.declared(sc) + "/findings", obj{"id": newID(), "outcome": "honest"}
	}, 404},
	"GET /api/console/v1/corrections": {readers, func(s *site, _ string, sc *scene) (string, any) {
		s.corrected(sc)
		return "/api/console/v1/corrections?limit=500", nil
	}, 0},
	"POST /api/console/v1/corrections": {deciders, func(s *site, _ string, sc *scene) (string, any) {
		return "/api/console/v1/corrections", s.correction(sc.household, obj{"error": sc.word})
	}, 404},
	"GET /api/console/v1/corrections/{id}": {readers, func(s *site, _ string, sc *scene) (string, any) {
		return "/api/console/v1/corrections/" + s.corrected(sc), nil
	}, 404},
	"POST /api/console/v1/corrections/{id}/rulings": {[]access.Role{"county"}, func(s *site, _ string, sc *scene) (string, any) {
		id := s.the(200, sc.town, "POST", "/corrections", s.correction(sc.household, nil))["id"].(string)
		return "/api/console/v1/corrections/" + id + "/rulings", excusing(nil)
	}, 0},
	"GET /api/console/v1/determination-rules": {readers, at("/api/console/v1/determination-rules"), 0},
	"POST /api/console/v1/determination-rules": {[]access.Role{"county"}, func(*site, string, *scene) (string, any) {
		return "/api/console/v1/determination-rules", map[string]any{"settings": []any{map[string]any{"name": "standard_rural", "from": "2026-01-01", "value": 820}}}
	}, 0},
	"POST /api/console/v1/ops/{id}/release": {deciders, func(s *site, _ string, sc *scene) (string, any) {
		return "/api/console/v1/ops/" + freshHeld(s, sc) + "/release", nil
	}, 404},
	"POST /api/console/v1/ops/{id}/reject": {deciders, func(s *site, _ string, sc *scene) (string, any) {
		return "/api/console/v1/ops/" + freshHeld(s, sc) + "/reject", map[string]any{"reason": "不收"}
	}, 404},
	"GET /api/console/v1/sources": {[]access.Role{"county", "data", "auditor"}, at("/api/console/v1/sources"), 0},
	"PUT /api/console/v1/sources/{source}": {[]access.Role{"county"}, func(*site, string, *scene) (string, any) {
		return "/api/console/v1/sources/vehicle", map[string]any{"kind": "vehicle", "days": 30, "active": true}
	}, 0},
	"POST /api/console/v1/sources/{source}/batches": {[]access.Role{"county", "data"}, func(s *site, _ string, _ *scene) (string, any) {
		s.list("vehicle", "路人甲")
		return "/api/console/v1/sources/vehicle/batches?as_of=2026-06-30", listOf("路人甲") // the same file again
	}, 0},
	"GET /api/console/v1/batches": {[]access.Role{"county", "data", "auditor"}, func(s *site, _ string, sc *scene) (string, any) {
		s.list("vehicle", sc.word)
		return "/api/console/v1/batches", nil
	}, 0},
	"GET /api/console/v1/batches/{id}": {[]access.Role{"county", "data", "auditor"}, func(s *site, _ string, sc *scene) (string, any) {
		return "/api/console/v1/batches/" + s.list("vehicle", sc.word), nil
	}, 0},
	"GET /api/console/v1/batches/{id}/faults": {[]access.Role{"county", "data"}, func(s *site, who string, sc *scene) (string, any) {
		if who == "data" { // it reads its own alone, which hold what it sent
			return "/api/console/v1/batches/" + s.listBy("data", "vehicle", "路人乙") + "/faults", nil
		}
		return "/api/console/v1/batches/" + s.list("vehicle", sc.word) + "/faults", nil
	}, 0},
	"POST /api/console/v1/batches/{id}/withdraw": {[]access.Role{"county"}, func(s *site, _ string, sc *scene) (string, any) {
		return "/api/console/v1/batches/" + s.list("vehicle", sc.word+newID()) + "/withdraw", map[string]any{"reason": "发错"}
	}, 0},
	"GET /api/console/v1/results": {readers, func(s *site, _ string, sc *scene) (string, any) {
		s.list("vehicle", sc.word)
		return "/api/console/v1/results?limit=500", nil
	}, 0},
	"POST /api/console/v1/results/{id}/decide": {deciders, func(s *site, _ string, sc *scene) (string, any) {
		return "/api/console/v1/results/" + s.unsure(sc) + "/decide", map[string]any{"choice": "dismiss", "reason": "不是同一人"}
	}, 404},
	"POST /api/console/v1/loads/{kind}": {[]access.Role{"county"}, func(*site, string, *scene) (string, any) {
		return "/api/console/v1/loads/people?dry=1", "家庭编号,户主姓名,村,姓名,身份证号\nJ1,路人,370281102200,路人,11010519491231002X\n"
	}, 0},
	"GET /api/console/v1/exports/{type}":    {deciders, at("/api/console/v1/exports/visits"), 0},
	"GET /api/console/v1/referrals":         {readers, at("/api/console/v1/referrals?limit=500"), 0},
	"GET /api/console/v1/referrals/options": {readers, at("/api/console/v1/referrals/options"), 0},
	"POST /api/console/v1/referrals": {deciders, func(s *site, _ string, sc *scene) (string, any) {
		return "/api/console/v1/referrals", s.ask4(sc)
	}, 404},
	"POST /api/console/v1/referrals/{id}/withdraw": {deciders, referralAt("", "/withdraw", map[string]any{"reason": "已解决"}), 404},
	"POST /api/console/v1/referrals/{id}/resend":   {deciders, referralAt("returned", "/resend", map[string]any{"reason": "已补材料"}), 404},
	"POST /api/console/v1/referrals/{id}/urge":     {[]access.Role{"county"}, referralAt("overdue", "/urge", nil), 404},
	"GET /api/console/v1/department/options":       {department, at("/api/console/v1/department/options"), 0},
	"GET /api/console/v1/department/referrals": {department, func(s *site, _ string, sc *scene) (string, any) {
		freshReferral(s, sc)
		return "/api/console/v1/department/referrals?limit=500", nil
	}, 0},
	"GET /api/console/v1/department/referrals/{id}":          {department, referralAt("", "", nil), 404},
	"POST /api/console/v1/department/referrals/{id}/receive": {department, referralAt("", "/receive", nil), 404},
	"POST /api/console/v1/department/referrals/{id}/return":  {department, referralAt("", "/return", map[string]any{"reason": "材料不全"}), 404},
	"POST /api/console/v1/department/referrals/{id}/answer":  {department, referralAt("", "/answer", map[string]any{"result": "confirmed"}), 404},
	"POST /api/console/v1/department/status": {department, func(_ *site, _ string, sc *scene) (string, any) {
		return "/api/console/v1/department/status", map[string]any{"id_number": "11010519491231002X", "name": sc.word + "成员", "purpose": "education_aid"}
	}, 0},
	"GET /api/console/v1/webhooks":          {[]access.Role{"county", "auditor", "admin"}, at("/api/console/v1/webhooks"), 0},
	"GET /api/console/v1/webhooks/messages": {[]access.Role{"county", "auditor", "admin"}, at("/api/console/v1/webhooks/messages"), 0},
	"POST /api/console/v1/webhooks/messages/{id}/replay": {[]access.Role{"county", "admin"}, func(s *site, _ string, sc *scene) (string, any) {
		s.target(sc.department(), "http://127.0.0.1:1/")
		freshReferral(s, sc)
		return "/api/console/v1/webhooks/messages/" + s.messages("")[0].ID + "/replay", nil
	}, 0},
	"POST /api/console/v1/webhooks/{department}": {[]access.Role{"county", "admin"}, func(*site, string, *scene) (string, any) {
		return "/api/console/v1/webhooks/housing", map[string]any{"url": "https://jw.example.test/hook", "enabled": false}
	}, 0},
	"POST /api/console/v1/webhooks/{department}/rotate": {[]access.Role{"county", "admin"}, targetAt("/rotate"), 0},
	"POST /api/console/v1/webhooks/{department}/retire": {[]access.Role{"county", "admin"}, targetAt("/retire"), 0},
	"GET /api/console/v1/leads":                         {readers, ofLead("?limit=500", nil), 0},
	"GET /api/console/v1/leads/options":                 {readers, at("/api/console/v1/leads/options"), 0},
	"POST /api/console/v1/leads": {deciders, func(_ *site, _ string, sc *scene) (string, any) {
		return "/api/console/v1/leads", lead(sc.household, sc.word)
	}, 404},
	"GET /api/console/v1/leads/{id}":        {readers, ofLead("/{id}", nil), 404},
	"POST /api/console/v1/leads/{id}/take":  {deciders, ofLead("/{id}/take", obj{"action": "dispatch"}), 404},
	"GET /api/console/v1/contracts":         {readers, ofContract("?limit=500", nil), 0},
	"GET /api/console/v1/contracts/options": {readers, at("/api/console/v1/contracts/options"), 0},
	"POST /api/console/v1/contracts": {deciders, func(_ *site, _ string, sc *scene) (string, any) {
		return "/api/console/v1/contracts", contract(sc.village()[:9], sc.word)
	}, 422},
	"GET /api/console/v1/contracts/{id}":       {readers, ofContract("/{id}", nil), 404},
	"POST /api/console/v1/contracts/{id}/take": {deciders, ofContract("/{id}/take", obj{"action": "change", "reason": "续签", "to": "2027-12-30"}), 404},
	"GET /api/console/v1/visit-orders":         {readers, ofOrder("?limit=500", nil), 0},
	"POST /api/console/v1/visit-orders": {deciders, func(s *site, _ string, sc *scene) (string, any) {
		s.record("households", map[string]any{"region": sc.village(), "head_name": sc.word})
		return "/api/console/v1/visit-orders", order(sc.village(), sc.word)
	}, 422},
	"GET /api/console/v1/visit-orders/{id}":           {readers, ofOrder("/{id}", nil), 404},
	"POST /api/console/v1/visit-orders/{id}/withdraw": {deciders, ofOrder("/{id}/withdraw", obj{"reason": "下达有误"}), 404},
	"GET /api/console/v1/urgent-aid":                  {readers, ofUrgent("?limit=500", nil), 0},
	"GET /api/console/v1/urgent-aid/options":          {readers, at("/api/console/v1/urgent-aid/options"), 0},
	"POST /api/console/v1/urgent-aid": {deciders, func(s *site, _ string, sc *scene) (string, any) {
		return "/api/console/v1/urgent-aid", urgent(s.record("households", map[string]any{"region": sc.village(), "head_name": sc.word}), nil)
	}, 404},
	"GET /api/console/v1/urgent-aid/{id}":       {readers, ofUrgent("/{id}", nil), 404},
	"POST /api/console/v1/urgent-aid/{id}/take": {deciders, ofUrgent("/{id}/take", obj{"action": "file", "papers": []any{"application"}}), 404},
	"GET /api/console/v1/charity/options":       {readers, at("/api/console/v1/charity/options"), 0},
	"GET /api/console/v1/charity/offers":        {readers, ofOffer("?limit=500", nil), 0},
	"POST /api/console/v1/charity/offers": {deciders, func(_ *site, _ string, sc *scene) (string, any) {
		return "/api/console/v1/charity/offers", charityOffer(sc.village()[:9], sc.word)
	}, 422},
	"GET /api/console/v1/charity/offers/{id}":       {readers, ofOffer("/{id}", nil), 404},
	"POST /api/console/v1/charity/offers/{id}/take": {deciders, ofOffer("/{id}/take", obj{"action": "close", "reason": "已用完"}), 404},
	"GET /api/console/v1/charity/needs":             {readers, ofNeed("?limit=500", nil), 0},
	"POST /api/console/v1/charity/needs": {deciders, func(s *site, _ string, sc *scene) (string, any) {
		return "/api/console/v1/charity/needs", charityNeed(s.poor(sc.village(), sc.word))
	}, 404},
	"GET /api/console/v1/charity/needs/{id}":       {readers, ofNeed("/{id}", nil), 404},
	"POST /api/console/v1/charity/needs/{id}/take": {deciders, ofNeed("/{id}/take", obj{"action": "withdraw", "reason": "已解决"}), 404},
	" /api/sync/v1/uploads/{path...}":              {writers, at("/api/sync/v1/uploads/none"), 0},
}

// deviceOf is a device of the caller's own; roles without one name a made-up one.
func deviceOf(s *site, who string) string {
	if !slices.Contains(writers, access.Role(roleOf(who))) {
		return newID()
	}
	return s.tablet(who).id
}

func roleOf(who string) string {
	for _, p := range people {
		if p.name == who {
			return p.role
		}
	}
	return ""
}

func withDevice(path string) func(*site, string, *scene) (string, any) {
	return func(s *site, who string, _ *scene) (string, any) { return path + "?device=" + deviceOf(s, who), nil }
}

// Each route × each role × {no token, a bad one, a superuser's, own scope, a
// foreign one}. A new route without a row fails.
func TestEveryRouteAnswersEveryRoleWithinItsScope(t *testing.T) {
	if len(matrix) != len(routes) {
		t.Errorf("%d rows for %d routes", len(matrix), len(routes))
	}
	shared := twoScenes(newSite(t)) // each row makes what it decides about
	for _, rt := range routes {
		key := rt.method + " " + rt.path
		r, ok := matrix[key]
		if !ok {
			t.Errorf("no row for %s", key)
			continue
		}
		if r.call == nil {
			continue
		}
		t.Run(strings.ReplaceAll(strings.TrimSpace(key), "/", "·"), func(t *testing.T) {
			on := shared
			if slices.Contains(alone, rt.path) {
				on = twoScenes(newSite(t))
			}
			s, own, far := on.site, on.own, on.far
			s.t = t
			method := rt.method
			if method == "" {
				method = "HEAD"
			}
			refused := map[*scene]request{}
			for _, sc := range []*scene{own, far} {
				path, body := r.call(s, "worker", sc)
				refused[sc] = request{path, body}
			}
			path, body := refused[own].path, refused[own].body
			for _, who := range []string{"", "bad", "superuser"} {
				got := s.ask(who, method, path, body)
				if got.status != 401 || method != "HEAD" && got.code() != "unauthenticated" || own.leaks(got.all(), path) != "" {
					t.Errorf("%q: %d %s", who, got.status, got.body)
				}
			}
			for _, role := range all {
				who := string(role)
				r.check(t, s, method, who, own, far, refused)
			}
		})
	}
}

// alone are routes that leave edits held, which the lists of both offices show.
var alone = []string{syncPrefix + "/push", syncPrefix + "/sealed"}

// scenes are a site with one's own scene and a foreign one.
type scenes struct {
	site     *site
	own, far *scene
}

func twoScenes(s *site) scenes {
	out := scenes{s, s.scene("本处金丝雀", ownVillage, "worker", "worker2", "town"), s.scene("他乡金丝雀", farVillage, "farworker", "farworker2", "fartown")}
	s.assign("social", out.own.household)
	return out
}

// request is a call of a scene, made once for all who may not make it: it changes nothing.
type request struct {
	path string
	body any
}

func (r row) check(t *testing.T, s *site, method, who string, own, far *scene, refused map[*scene]request) {
	t.Helper()
	may := slices.Contains(r.roles, access.Role(who))
	wide := who == "county" || who == "auditor" // the whole county is theirs
	for _, sc := range []*scene{own, far} {
		path, body := refused[sc].path, refused[sc].body
		if may {
			path, body = r.call(s, who, sc)
		}
		got := s.ask(who, method, path, body)
		asked := path + fmt.Sprint(body)
		switch {
		case !may:
			if got.status != 403 || method != "HEAD" && got.code() != "forbidden" {
				t.Errorf("%s may not, but: %d %.200s", who, got.status, got.body)
			}
		case sc == far && r.foreign != 0 && !wide && who != "admin":
			if got.status != r.foreign {
				t.Errorf("%s on a foreign scene: %d %.200s", who, got.status, got.body)
			}
		case sc == own && got.status >= 400 && !expected(path, got.status):
			t.Errorf("%s on its own: %d %.200s", who, got.status, got.body)
		}
		if got.status >= 500 {
			t.Errorf("%s: %d %s", who, got.status, got.body)
		}
		if !wide {
			if l := far.leaks(got.all(), asked); l != "" && who != "admin" {
				t.Errorf("%s %s shows %s: %s", who, path, l, got.body)
			}
		}
		if forDepartment := strings.HasPrefix(path, consolePrefix+"/department/referrals"); forDepartment && who == "department" {
			continue // what was referred to it, by the columns of referrals_test.go
		}
		if who == "department" || who == "data" || who == "admin" { // no household content at all
			if strings.Contains(got.all(), own.word) || strings.Contains(got.all(), far.word) {
				t.Errorf("%s %s shows household content: %s", who, path, got.body)
			}
		}
	}
}

// expected are refusals for a reason other than access: no bytes of this photo
// have come, no such upload, a case that the one before has moved, a village
// that the scene's town does not know.
func expected(path string, status int) bool {
	return strings.Contains(path, "/photos/") && status == 404 || strings.Contains(path, "/uploads/") && status == 404 ||
		strings.Contains(path, "/resolve") && status == 200
}

// A push onto a foreign record and onto a missing one are answered alike, byte
// for byte but for n, id and seq.
func TestForeignAndMissingAreOneAnswerOverHTTP(t *testing.T) {
	s := newSite(t)
	far := s.scene("他乡金丝雀", farVillage, "farworker", "farworker2", "fartown")
	d := s.tablet("worker")
	answer := func(record string) string {
		r := d.push("held", d.op("patch", "households", record, map[string]any{"phone": "13900000001"}, nil))[0]
		r.N, r.ID, r.Seq = 0, "", 0
		b, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	if a, b := answer(far.household), answer(newID()); a != b {
		t.Fatalf("%s\n%s", a, b)
	}
	for _, path := range []string{consolePrefix + "/households/", syncPrefix + "/photos/", consolePrefix + "/devices/"} {
		method, foreign := "GET", far.household
		switch {
		case strings.Contains(path, "photos"):
			foreign = far.photo
		case strings.Contains(path, "devices"):
			method, foreign = "POST", far.device.id
		}
		tail := map[string]string{"POST": "/revoke"}[method]
		a, b := s.ask("town", method, path+foreign+tail, nil), s.ask("town", method, path+newID()+tail, nil)
		if a.status != 404 || string(a.body) != string(b.body) {
			t.Errorf("%s: %d %s, %d %s", path, a.status, a.body, b.status, b.body)
		}
	}
}

// What the console reads of a queue's item stands beside each other, in one object.
func TestAQueuesItemsAreFlatAndNameTheirRegion(t *testing.T) {
	s := newSite(t)
	sc := s.scene("本处金丝雀", ownVillage, "worker", "worker2", "town")
	freshComplaint(s, sc)
	for path, fields := range map[string][]string{
		syncPrefix + "/reviews":       {"op", "seq", "kind", "type", "record", "household", "head_name", "region_name", "author", "device", "skew_ms", "at", "received", "fields", "warnings", "photos"},
		syncPrefix + "/cases":         {"case", "type", "record", "household", "field", "kind", "base", "server", "device", "rev", "version", "head_name", "region_name"},
		syncPrefix + "/ops":           {"op", "outcome", "type", "record", "author", "device", "at", "received", "error", "body"},
		consolePrefix + "/warnings":   {"id", "household", "indicator", "level", "title", "evidence", "state", "head_name", "region_name", "steps", "due_on", "settle_by", "confirmed", "office"},
		consolePrefix + "/complaints": {"id", "kind", "text", "state", "author", "head_name", "region_name"},
		consolePrefix + "/devices":    {"device", "name", "platform", "app", "account", "registered", "last_seen", "next_n", "skew_ms", "revoked"},
		consolePrefix + "/households": {"id", "number", "head_name", "region", "region_name", "address", "phone", "state", "categories"},
	} {
		var page struct {
			Items []map[string]jsontext.Value `json:"items"`
		}
		r := s.ask("town", "GET", path, nil)
		if err := json.Unmarshal(r.body, &page); err != nil || len(page.Items) == 0 {
			t.Errorf("%s: %d %s %v", path, r.status, r.body, err)
			continue
		}
		for _, f := range fields {
			if _, ok := page.Items[0][f]; !ok {
				t.Errorf("%s: no %s in %s", path, f, r.body)
			}
		}
	}
}
