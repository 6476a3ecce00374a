package hooks

import (
	"doorstep/domain/access"
	"doorstep/register"
)

// deskRows: what a town does every day.
var deskRows = map[string]row{
	"GET /api/console/v1/summary":    {readers, at("/api/console/v1/summary"), 0},
	"GET /api/console/v1/households": {readers, at("/api/console/v1/households?limit=500"), 0},
	"POST /api/console/v1/households/number": {readers, func(*site, string, *scene) (string, any) {
		return "/api/console/v1/households/number", map[string]any{"id_number": "11010519491231002X"}
	}, 0},
	"GET /api/console/v1/households/places": {readers, at("/api/console/v1/households/places"), 0},
	"GET /api/console/v1/todo":              {deciders, at("/api/console/v1/todo?limit=500"), 0},
	"GET /api/console/v1/saved-views":       {readers, at("/api/console/v1/saved-views?screen=households"), 0},
	"POST /api/console/v1/saved-views": {readers, func(*site, string, *scene) (string, any) {
		return "/api/console/v1/saved-views", map[string]any{"screen": "households", "name": "独居", "query": "category=destitute"}
	}, 0},
	"POST /api/console/v1/saved-views/{id}/drop": {readers, func(s *site, who string, _ *scene) (string, any) {
		by, err := s.server.Engine.Account(s.t.Context(), s.people[who])
		if err != nil {
			return "/api/console/v1/saved-views/" + newID() + "/drop", nil
		}
		v, err := s.server.search.SaveView(s.t.Context(), by, register.SavedView{Screen: "households", Name: "待删", Query: "q=1"})
		if err != nil {
			s.t.Fatal(err)
		}
		return "/api/console/v1/saved-views/" + v.ID + "/drop", nil
	}, 0},
	"GET /api/console/v1/households/{id}": {readers, func(_ *site, _ string, sc *scene) (string, any) {
		return "/api/console/v1/households/" + sc.household, nil
	}, 404},
	"GET /api/console/v1/households/{id}/history": {readers, func(_ *site, _ string, sc *scene) (string, any) {
		return "/api/console/v1/households/" + sc.household + "/history?record=" + sc.member + "&field=name", nil
	}, 404},
	"POST /api/console/v1/households/{id}/reveal": {readers, func(_ *site, _ string, sc *scene) (string, any) {
		return "/api/console/v1/households/" + sc.household + "/reveal", map[string]any{"record": sc.member, "field": "id_number", "purpose": "identity"}
	}, 404},
	"POST /api/console/v1/queues/reveal": {readers, func(_ *site, _ string, sc *scene) (string, any) {
		return "/api/console/v1/queues/reveal", map[string]any{"queue": "cases", "id": sc.caseID, "purpose": "identity"}
	}, 404},
	"GET /api/console/v1/households/{id}/page": {readers, func(_ *site, _ string, sc *scene) (string, any) {
		return "/api/console/v1/households/" + sc.household + "/page", nil
	}, 404},
	"GET /api/console/v1/warnings": {readers, at("/api/console/v1/warnings?limit=500"), 0},
	"POST /api/console/v1/warnings/{id}/dispose": {deciders, func(s *site, _ string, sc *scene) (string, any) {
		return "/api/console/v1/warnings/" + freshWarning(s, sc) + "/dispose", map[string]any{"action": "no_help", "reason": "已核实"}
	}, 404},
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
	"POST /api/console/v1/ops/{id}/release": {deciders, func(s *site, _ string, sc *scene) (string, any) {
		return "/api/console/v1/ops/" + freshHeld(s, sc) + "/release", nil
	}, 404},
	"POST /api/console/v1/ops/{id}/reject": {deciders, func(s *site, _ string, sc *scene) (string, any) {
		return "/api/console/v1/ops/" + freshHeld(s, sc) + "/reject", map[string]any{"reason": "不收"}
	}, 404},
}
