package hooks

import (
	"doorstep/domain/access"
)

// supervisionRows: supervision 五(三).
var supervisionRows = map[string]row{
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
}
