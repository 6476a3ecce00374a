package hooks

import "doorstep/domain/access"

// parameterRows: what the county sets by date.
var parameterRows = map[string]row{
	"GET /api/console/v1/parameters": {readers, at("/api/console/v1/parameters"), 0},
	"POST /api/console/v1/parameters": {[]access.Role{"county"}, func(*site, string, *scene) (string, any) {
		return "/api/console/v1/parameters", map[string]any{"area": "referral", "key": "deliver_days", "value": 15, "note": "县里定"}
	}, 0},
}
