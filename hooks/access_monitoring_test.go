package hooks

import (
	"doorstep/domain/access"
)

// monitoringRows: indicators, lists and exchange.
var monitoringRows = map[string]row{
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
	"GET /api/console/v1/sources": {[]access.Role{"county", "data", "auditor"}, at("/api/console/v1/sources"), 0},
	"PUT /api/console/v1/sources/{source}": {[]access.Role{"county"}, func(*site, string, *scene) (string, any) {
		return "/api/console/v1/sources/vehicle", map[string]any{"kind": "vehicle", "days": 30, "active": true}
	}, 0},
	"POST /api/console/v1/sources/{source}/batches": {[]access.Role{"county", "data"}, func(s *site, _ string, _ *scene) (string, any) {
		s.list("vehicle", "路人甲")
		return "/api/console/v1/sources/vehicle/batches?as_of=2026-06-30", listOf("路人甲") // the same file again
	}, 0},
	"POST /api/console/v1/sources/{source}/look": {[]access.Role{"county", "data"}, func(*site, string, *scene) (string, any) {
		return "/api/console/v1/sources/vehicle/look", listOf("路人甲")
	}, 0},
	"GET /api/console/v1/batches/{id}/effects": {[]access.Role{"county", "data", "auditor"}, func(s *site, _ string, sc *scene) (string, any) {
		return "/api/console/v1/batches/" + s.list("vehicle", sc.word) + "/effects", nil
	}, 0},
	"GET /api/console/v1/batches/{id}/bad-rows": {[]access.Role{"county", "data"}, func(s *site, who string, sc *scene) (string, any) {
		if who == "data" {
			return "/api/console/v1/batches/" + s.listBy("data", "vehicle", "路人乙") + "/bad-rows", nil
		}
		return "/api/console/v1/batches/" + s.list("vehicle", sc.word) + "/bad-rows", nil
	}, 0},
	"GET /api/console/v1/results/{id}": {readers, func(s *site, _ string, sc *scene) (string, any) {
		return "/api/console/v1/results/" + s.unsure(sc), nil
	}, 404},
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
	"GET /api/console/v1/exports/{type}": {deciders, at("/api/console/v1/exports/visits"), 0},
}
