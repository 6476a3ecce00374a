package hooks

import (
	"testing"

	"doorstep/interop/dci"
	"doorstep/interop/interoptest"

	"github.com/go-json-experiment/json"
)

// interopSite lets two senders ask: one that sees and searches much, and one that sees
// little of one town.
func interopSite(t *testing.T) (s *site, k *interoptest.Kit) {
	t.Helper()
	s = newSite(t)
	k = interoptest.New(t, interoptest.Registry{ID: "370281.register", Schemas: "../interop/dci/testdata", Far: []string{"370281"}, Near: []string{"370281102"}, Attributes: dci.Names(), Found: 6})
	desk, err := s.server.OpenInterop(k.File, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	k.Public = desk.Public()
	k.Post = func(t testing.TB, body any) (int, []byte) {
		t.Helper()
		if text, is := body.(string); is {
			r := s.ask("", "POST", "/registry/sync/search", text)
			return r.status, r.body
		}
		text, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		r := s.ask("", "POST", "/registry/sync/search", text)
		return r.status, r.body
	}
	return s, k
}
