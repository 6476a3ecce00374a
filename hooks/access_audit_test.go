package hooks

import "doorstep/domain/access"

// auditRows: the audit log is the auditor's alone: whoever works is not who looks.
var auditRows = map[string]row{
	"GET /api/console/v1/audit":         {[]access.Role{"auditor"}, at("/api/console/v1/audit?limit=500"), 0},
	"GET /api/console/v1/audit/options": {[]access.Role{"auditor"}, at("/api/console/v1/audit/options"), 0},
	"POST /api/console/v1/audit/check":  {[]access.Role{"auditor"}, func(*site, string, *scene) (string, any) { return "/api/console/v1/audit/check", obj{} }, 0},
}
