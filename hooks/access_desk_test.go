package hooks

import (
	"doorstep/domain/access"
)

// deskRows: what a town does every day.
var deskRows = map[string]row{
	"GET /api/console/v1/summary":    {readers, at("/api/console/v1/summary"), 0},
	"GET /api/console/v1/households": {readers, at("/api/console/v1/households?limit=500"), 0},
	"GET /api/console/v1/households/{id}": {readers, func(_ *site, _ string, sc *scene) (string, any) {
		return "/api/console/v1/households/" + sc.household, nil
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
