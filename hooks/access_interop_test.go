package hooks

import (
	"strings"
	"testing"
	"time"

	"doorstep/domain/access"
	"doorstep/interop/dci"
	"doorstep/interop/interoptest"
)

// Who may ask by signature: nobody who signs in, whatever their role, and no system whose
// message is not signed by its own key, now, whole.
func TestOnlyARegisteredSystemsOwnSignatureIsAnswered(t *testing.T) {
	s, k := interopSite(t)
	numbers, _ := families(s)
	for _, rt := range signedRoutes {
		for _, role := range access.Roles() {
			if access.Can(role, rt.action) {
				t.Errorf("%s may %s by signing in", role, rt.action)
			}
		}
	}
	header, message := k.Wide.Message(nil, interoptest.ByNumber(numbers[0]))
	who := []string{"superuser"}
	for _, p := range people {
		who = append(who, p.name)
	}
	for _, name := range who {
		r := s.ask(name, "POST", "/registry/sync/search", obj{"header": header, "message": message})
		if a := k.Valid(t, r.status, r.body); r.status != dci.MissingSignature.Status() || len(a.Errors) != 1 || a.Errors[0].Code != dci.MissingSignature || strings.Contains(r.all(), "于") {
			t.Errorf("%s: %d %s", name, r.status, r.body)
		}
	}
	k.OnlyOwnSignatures(t, numbers[0], "于秀英")
	if r := s.ask("", "GET", "/registry/sync/search", nil); r.status != 405 {
		t.Errorf("GET: %d %s", r.status, r.body)
	}
	right := k.Wide.Sign(t, header, message, time.Now())
	if r := newSite(t).ask("", "POST", "/registry/sync/search", obj{"signature": right, "header": header, "message": message}); r.status != 404 {
		t.Errorf("a register that is not opened: %d %s", r.status, r.body)
	}
}
