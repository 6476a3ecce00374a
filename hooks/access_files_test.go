package hooks

import (
	"slices"

	"doorstep/domain/access"
)

// fileRows: lists as files. Each role asks for a list that it reads.
var fileRows = map[string]row{
	"GET /api/console/v1/lists/{list}/file": {desks, fileAt("/file?format=csv"), 0},
	"GET /api/console/v1/lists/{list}/progress": {desks, func(s *site, who string, sc *scene) (string, any) {
		ticket := newID()
		if slices.Contains(desks, access.Role(who)) {
			s.server.files.take(ticket, s.people[who]) // a file that is being made
		}
		return fileAt("/progress?ticket="+ticket)(s, who, sc)
	}, 0},
}

var desks = []access.Role{"town", "county", "department", "auditor", "data", "admin"}

func fileAt(rest string) func(*site, string, *scene) (string, any) {
	lists := map[string]string{"department": "inbox", "data": "sources", "admin": "devices"}
	return func(_ *site, who string, _ *scene) (string, any) {
		list := lists[who]
		if list == "" {
			list = "households"
		}
		return "/api/console/v1/lists/" + list + rest, nil
	}
}
