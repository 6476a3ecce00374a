package hooks

import (
	"fmt"
	"strings"
	"testing"

	"doorstep/sync/policy"

	"github.com/pocketbase/pocketbase/core"
)

// visitors are those who try PocketBase's own routes.
var visitors = []string{"", "bad", "worker", "social", "town", "county", "department", "auditor", "data", "admin", "superuser"}

// PocketBase's own doors (protocol §4): for nobody do they show or change a
// synced record, the superuser's token included.
func TestPocketBasesOwnDoorsShowAndChangeNothing(t *testing.T) {
	s := newSite(t)
	own := s.scene("本处金丝雀", ownVillage, "worker", "worker2", "town")
	before := s.counts()
	type door struct{ method, path, body string }
	var doors []door
	for _, typ := range policy.Types() {
		base := "/api/collections/" + typ.Name
		id := own.household
		if typ.Name == "members" {
			id = own.member
		}
		doors = append(doors,
			door{"GET", base + "/records", ""}, door{"GET", base + "/records?filter=head_name~'金丝雀'&expand=household", ""}, door{"GET", base + "/records?sort=-@random&fields=*&perPage=500&skipTotal=1&expand=members_via_household", ""},
			door{"GET", base + "/records/" + id, ""}, door{"POST", base + "/records", `{"head_name":"改"}`},
			door{"PATCH", base + "/records/" + id, `{"head_name":"改"}`}, door{"DELETE", base + "/records/" + id, ""},
			door{"DELETE", base + "/truncate", ""}, door{"DELETE", base + "/truncate/", ""}, door{"GET", base, ""}, door{"PATCH", base, `{"listRule":""}`}, door{"DELETE", base, ""},
			door{"GET", "/api/files/" + typ.Name + "/" + id + "/x.jpg", ""}, door{"GET", "/api/files/" + typ.Name + "/" + id + "/x.jpg?thumb=100x100", ""})
		if c, err := s.server.App.FindCollectionByNameOrId(typ.Name); err == nil { // collections have a second name
			doors = append(doors, door{"GET", "/api/collections/" + c.Id + "/records", ""}, door{"PATCH", "/api/collections/" + c.Id, `{"listRule":""}`})
		}
	}
	worker := s.people["worker"]
	doors = append(doors,
		door{"GET", "/api/collections/users/records", ""}, door{"GET", "/api/collections/users/records?filter=@collection.households.head_name?~'金丝雀'", ""},
		door{"POST", "/api/collections/users/records", `{"email":"new@test.test","password":"12345678901","passwordConfirm":"12345678901","role":"county"}`},
		door{"PATCH", "/api/collections/users/records/" + worker, `{"role":"county"}`}, door{"DELETE", "/api/collections/users/records/" + worker, ""},
		door{"POST", "/api/collections/users/impersonate/" + worker, `{"duration":600}`},
		door{"POST", "/api/collections/users/request-password-reset", `{"email":"worker@test.test"}`}, door{"POST", "/api/collections/users/request-otp", `{"email":"worker@test.test"}`},
		door{"POST", "/api/collections/users/request-email-change", `{"newEmail":"thief@test.test"}`}, door{"POST", "/api/collections/users/auth-with-oauth2", `{}`},
		door{"POST", "/api/collections/_pb_users_auth_/impersonate/" + worker, `{"duration":600}`},
		door{"GET", "/api/collections", ""}, door{"POST", "/api/collections", `{"name":"spy","type":"view","viewQuery":"SELECT id, head_name FROM households","listRule":""}`},
		door{"POST", "/api/collections/meta/dry-run-view", `{"query":"SELECT id, head_name FROM households","viewQuery":"SELECT id, head_name FROM households"}`},
		door{"PUT", "/api/collections/import", `{"collections":[]}`}, door{"GET", "/api/collections/meta/scaffolds", ""},
		door{"POST", "/api/sql", `{"query":"SELECT * FROM households"}`}, door{"POST", "/api/sql/", `{"query":"SELECT * FROM households"}`}, door{"POST", "/api/%73ql", `{"query":"SELECT * FROM households"}`},
		door{"POST", "/api/batch", `{"requests":[{"method":"GET","url":"/api/collections/households/records"}]}`},
		door{"GET", "/api/realtime", ""}, door{"POST", "/api/realtime", `{"clientId":"x","subscriptions":["households/*"]}`},
		door{"GET", "/api/backups", ""}, door{"POST", "/api/backups", `{"name":"x.zip"}`}, door{"GET", "/api/backups/x.zip?token=x", ""}, door{"POST", "/api/backups/x.zip/restore", ""},
		door{"POST", "/api/files/token", ""}, door{"GET", "/api/settings", ""}, door{"PATCH", "/api/settings", `{"batch":{"enabled":true}}`},
		door{"POST", "/api/settings/test/s3", `{}`}, door{"GET", "/api/logs", ""}, door{"GET", "/api/logs/stats", ""}, door{"GET", "/api/crons", ""}, door{"POST", "/api/crons/compact", ""},
		door{"GET", "/api/oauth2-redirect", ""}, door{"POST", "/api/collections/_superusers/records", `{"email":"x@test.test","password":"12345678901"}`},
		door{"GET", "/api/collections/_superusers/records", ""}, door{"POST", "/api/collections/_superusers/auth-with-password", `{"identity":"root@test.test","password":"` + password + `"}`},
		door{"GET", "/_/", ""}, door{"GET", "/_/index.html", ""}, door{"GET", "/_", ""},
		door{"GET", "/api//sql", ""}, door{"GET", "/api/sync/../sql", ""}, door{"GET", "/api", ""},
	)
	for _, d := range doors {
		for _, who := range visitors {
			r, err := s.try(who, d.method, d.path, d.body)
			if err != nil {
				t.Errorf("%q %s %s: %v", who, d.method, d.path, err)
				continue
			}
			if r.status < 400 || r.status >= 500 {
				t.Errorf("%q %s %s is open: %d %.200s", who, d.method, d.path, r.status, r.body)
			}
			if l := own.leaks(r.all(), d.path+d.body); l != "" {
				t.Errorf("%q %s %s shows %s", who, d.method, d.path, l)
			}
		}
	}
	if after := s.counts(); after != before {
		t.Errorf("something was written:\n%s\n%s", before, after)
	}
}

// A synced record saved or deleted past the engine, by code of this process, is
// refused, too.
func TestARecordIsNotSavedPastTheEngine(t *testing.T) {
	s := newSite(t)
	own := s.scene("本处金丝雀", ownVillage, "worker", "worker2", "town")
	rec, err := s.server.App.FindRecordById("households", own.household)
	if err != nil {
		t.Fatal(err)
	}
	rec.Set("phone", "13900009999")
	if err := s.server.App.Save(rec); err == nil {
		t.Error("a save went past the engine")
	}
	if err := s.server.App.Delete(rec); err == nil {
		t.Error("a delete went past the engine")
	}
	c, err := s.server.App.FindCollectionByNameOrId("households")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.server.App.Save(core.NewRecord(c)); err == nil {
		t.Error("a create went past the engine")
	}
}

// Everybody may see themselves, and nobody else.
func TestAnAccountSeesItselfAlone(t *testing.T) {
	s := newSite(t)
	path := "/api/collections/users/records/"
	if r := s.ask("worker", "GET", path+s.people["worker"], nil); r.status != 200 || strings.Contains(string(r.body), "password") || strings.Contains(string(r.body), "tokenKey") {
		t.Errorf("oneself: %d %s", r.status, r.body)
	}
	for _, who := range []string{"", "bad", "worker", "town"} {
		if r := s.ask(who, "GET", path+s.people["worker2"], nil); r.status < 400 || strings.Contains(string(r.body), "worker2") {
			t.Errorf("%q sees another: %d %s", who, r.status, r.body)
		}
	}
}

func TestWhatNoRouteTakesIsAnsweredInTheShapeOfTheWire(t *testing.T) {
	s := newSite(t)
	for _, x := range []struct {
		who, method, path string
		status            int
		code              string
	}{
		{"worker", "GET", syncPrefix + "/nothing", 404, "not_found"}, {"", "GET", syncPrefix + "/nothing", 401, "unauthenticated"},
		{"worker", "GET", syncPrefix + "/push", 405, "method_not_allowed"}, {"worker", "DELETE", syncPrefix + "/pull", 405, "method_not_allowed"},
		{"bad", "POST", syncPrefix + "/push", 401, "unauthenticated"}, {"town", "GET", consolePrefix + "/x/y", 404, "not_found"},
		{"worker", "GET", "/api/none", 403, "forbidden"},
	} {
		r := s.ask(x.who, x.method, x.path, nil)
		if r.status != x.status || r.code() != x.code {
			t.Errorf("%s %s: %d %s", x.method, x.path, r.status, r.body)
		}
		if r.header.Get("Content-Type") != "application/json" || r.header.Get("Cache-Control") != "no-store" || r.header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s %s: headers %v", x.method, x.path, r.header)
		}
	}
}

// counts is how many rows every table has: what a refused request must not change.
// What the search makes of the records by itself is no row of anybody's; that somebody
// tried to be the superuser stands in the audit log.
func (s *site) counts() string {
	s.t.Helper()
	var names []string
	if err := s.server.App.DB().NewQuery(`SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '\_mfas' AND name != 'sync_audit' AND name NOT LIKE 'search\_%' ESCAPE '\' ORDER BY name`).Column(&names); err != nil {
		s.t.Fatal(err)
	}
	var out []string
	for _, n := range names {
		var k int64
		if err := s.server.App.DB().NewQuery("SELECT count(*) FROM `" + n + "`").Row(&k); err != nil {
			s.t.Fatal(err)
		}
		out = append(out, fmt.Sprint(n, "=", k))
	}
	return strings.Join(out, " ")
}
