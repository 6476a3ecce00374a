package hooks

import (
	"net/http"
	"testing"
)

// PocketBase takes every failure to look a token up for a token that is none; a
// tablet would forget its sign-in because the server's disk is broken.
func TestAnUnreadableDatabaseSignsNobodyOut(t *testing.T) {
	s := newSite(t)
	d := s.tablet("worker")
	rename := func(from, to string) {
		t.Helper()
		if _, err := s.server.App.NonconcurrentDB().NewQuery("ALTER TABLE " + from + " RENAME TO " + to).Execute(); err != nil {
			t.Fatal(err)
		}
	}
	rename("users", "away")
	for _, path := range []string{"/pull?device=" + d.id, "/schema", "/reviews"} {
		if r := s.ask("worker", "GET", syncPrefix+path, nil); r.status != http.StatusServiceUnavailable || r.code() != "busy" {
			t.Errorf("%s: %d %s; want 503 busy", path, r.status, r.body)
		}
	}
	if r := s.ask("bad", "GET", syncPrefix+"/schema", nil); r.status != http.StatusUnauthorized {
		t.Errorf("a token that is none: %d %s", r.status, r.body)
	}
	rename("away", "users")
	if r := s.ask("worker", "GET", syncPrefix+"/schema", nil); r.status != http.StatusOK {
		t.Errorf("readable again: %d %s", r.status, r.body)
	}
}
