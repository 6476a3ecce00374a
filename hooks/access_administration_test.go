package hooks

import (
	"doorstep/domain/access"
)

var keepers = []access.Role{"town", "county", "admin"}

// villageOfScene is where a scene's household lives.
func villageOfScene(sc *scene) string {
	if sc.worker == "farworker" {
		return farVillage
	}
	return ownVillage
}

// administrationRows: divisions and accounts. A town keeps its own workers' accounts,
// who keeps an account elsewhere is told the same as of one that is not there.
var administrationRows = map[string]row{
	"GET /api/console/v1/regions":                {[]access.Role{"town", "county", "auditor", "admin"}, at("/api/console/v1/regions"), 0},
	"GET /api/console/v1/regions/{code}/history": {[]access.Role{"town", "county", "auditor", "admin"}, at("/api/console/v1/regions/370281102/history"), 0},
	"POST /api/console/v1/regions": {[]access.Role{"county", "admin"}, func(s *site, who string, sc *scene) (string, any) {
		return "/api/console/v1/regions", map[string]any{"code": "370281102200", "deed": "rename", "name": "李新社区居民委员会", "reason": "更正"}
	}, 0},
	"GET /api/console/v1/accounts":         {[]access.Role{"town", "county", "auditor", "admin"}, at("/api/console/v1/accounts?limit=500"), 0},
	"GET /api/console/v1/accounts/options": {keepers, at("/api/console/v1/accounts/options"), 0},
	"POST /api/console/v1/accounts": {keepers, func(_ *site, _ string, sc *scene) (string, any) {
		return "/api/console/v1/accounts", map[string]any{"login": "w" + newID()[24:], "name": "新来的", "role": "worker", "office": villageOfScene(sc), "areas": []string{villageOfScene(sc)}}
	}, 422},
	"POST /api/console/v1/accounts/slips": {keepers, at2("/api/console/v1/accounts/slips", map[string]any{"area": "370281109201"}), 0},
	"POST /api/console/v1/accounts/{account}/slip": {keepers, func(s *site, _ string, sc *scene) (string, any) {
		return "/api/console/v1/accounts/" + s.spare(sc) + "/slip", nil
	}, 404},
	"POST /api/console/v1/accounts/{account}/handover": {keepers, func(s *site, _ string, sc *scene) (string, any) {
		return "/api/console/v1/accounts/" + s.spare(sc) + "/handover", map[string]any{"to": s.spare(sc), "area": villageOfScene(sc), "keeps": true, "reason": "休假"}
	}, 404},
}

func at2(path string, body any) func(*site, string, *scene) (string, any) {
	return func(*site, string, *scene) (string, any) { return path, body }
}
