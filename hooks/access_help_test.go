package hooks

import (
	"doorstep/domain/access"
)

// helpRows: referral, leads, purchased service, help first and charity.
var helpRows = map[string]row{
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
	"GET /api/console/v1/department/delivered": {department, at("/api/console/v1/department/delivered?limit=500"), 0},
	"POST /api/console/v1/department/delivered": {department, func(*site, string, *scene) (string, any) {
		return "/api/console/v1/department/delivered?file=a.csv", "身份证号,救助事项,发放日期\n"
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
	"POST /api/console/v1/contracts": {deciders, func(s *site, _ string, sc *scene) (string, any) {
		return "/api/console/v1/contracts", s.contract(sc.village()[:9], sc.word)
	}, 422},
	"GET /api/console/v1/contracts/{id}":       {readers, ofContract("/{id}", nil), 404},
	"POST /api/console/v1/contracts/{id}/take": {deciders, ofContract("/{id}/take", obj{"action": "change", "reason": "增购", "quotas": []any{obj{"service": "visit", "times": 9}}}), 404},
	"GET /api/console/v1/visit-orders":         {readers, ofOrder("?limit=500", nil), 0},
	"GET /api/console/v1/visit-orders/options": {readers, at("/api/console/v1/visit-orders/options"), 0},
	"POST /api/console/v1/visit-orders": {deciders, func(s *site, _ string, sc *scene) (string, any) {
		s.record("households", map[string]any{"region": sc.village(), "head_name": sc.word})
		return "/api/console/v1/visit-orders", s.order(sc.village(), sc.word)
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
	"POST /api/console/v1/charity/offers": {deciders, func(s *site, _ string, sc *scene) (string, any) {
		return "/api/console/v1/charity/offers", s.charityOffer(sc.village()[:9], sc.word)
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
