package hooks

import (
	"doorstep/domain/access"
)

// determinationRows: one application, classified determination, and deliberation.
var determinationRows = map[string]row{
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
	"GET /api/console/v1/publicity":      {readers, staged(5, func(*papers) string { return "/publicity?limit=500" }, nil), 0},
	"GET /api/console/v1/publicity/page": {readers, staged(5, func(p *papers) string { return "/publicity/page?layout=large&notice=" + p.notice }, nil), 404},
	"POST /api/console/v1/publicity/{id}/objections": {deciders, staged(5, func(p *papers) string { return "/publicity/" + p.notice + "/objections" },
		func(*papers) any { return map[string]any{"text": "不符合"} }), 404},
	"POST /api/console/v1/publicity/{id}/settle": {deciders, staged(6, func(p *papers) string { return "/publicity/" + p.notice + "/settle" },
		func(p *papers) any {
			return map[string]any{"objection": p.objection, "upheld": false, "reason": "已核实"}
		}), 404},
	"POST /api/console/v1/categories/{id}/leave": {deciders, staged(0, func(p *papers) string { return "/categories/" + p.category + "/leave" },
		func(*papers) any { return map[string]any{"on": "2026-01-01", "reason": "收入增加"} }), 404},
	"GET /api/console/v1/deliberations":         {readers, meetingAt("", nil), 0},
	"GET /api/console/v1/deliberations/options": {readers, at("/api/console/v1/deliberations/options"), 0},
	"POST /api/console/v1/deliberations": {deciders, func(s *site, who string, sc *scene) (string, any) {
		return "/api/console/v1/deliberations", s.minutes(sc.household, sc.word, sc.town)
	}, 404},
	"GET /api/console/v1/deliberations/{id}":      {readers, meetingAt("/", nil), 404},
	"GET /api/console/v1/deliberations/{id}/page": {readers, meetingAt("/page", func(string, obj) any { return nil }), 404},
	"POST /api/console/v1/deliberations/{id}/sign": {deciders, meetingAt("/sign", func(who string, d obj) any {
		return obj{"attendee": attendeeOf(d, who), "digest": d["digest"]}
	}), 404},
	"POST /api/console/v1/deliberations/{id}/void":        {deciders, meetingAt("/void", func(string, obj) any { return obj{"reason": "写错了"} }), 404},
	"POST /api/console/v1/deliberations/{id}/supplements": {deciders, meetingAt("/supplements", func(string, obj) any { return obj{"text": "补充"} }), 404},
	"GET /api/console/v1/determination-rules":             {readers, at("/api/console/v1/determination-rules"), 0},
	"POST /api/console/v1/determination-rules": {[]access.Role{"county"}, func(*site, string, *scene) (string, any) {
		return "/api/console/v1/determination-rules", map[string]any{"settings": []any{map[string]any{"name": "standard_rural", "from": "2026-01-01", "value": 820}}}
	}, 0},
}
