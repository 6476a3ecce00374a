package hooks

import (
	"crypto/ed25519"
	"crypto/rand"
	"strings"
	"testing"
	"time"

	"doorstep/domain/access"
	"doorstep/interop"
	"doorstep/interop/dci"
)

// Who may ask by signature: nobody who signs in, whatever their role, and no system whose
// message is not signed by its own key, now, whole.
func TestOnlyARegisteredSystemsOwnSignatureIsAnswered(t *testing.T) {
	s, wide, narrow := interopSite(t)
	numbers, _ := families(s)
	for _, rt := range signedRoutes {
		for _, role := range access.Roles() {
			if access.Can(role, rt.action) {
				t.Errorf("%s may %s by signing in", role, rt.action)
			}
		}
	}
	refused := func(name, who string, body any, want dci.Reason) {
		t.Helper()
		r := s.ask(who, "POST", "/registry/sync/search", body)
		a := wide.valid(r)
		if r.status != want.Status() || len(a.Errors) != 1 || a.Errors[0].Code != want {
			t.Errorf("%s: want %s, got %d %s", name, want, r.status, r.body)
		}
		if strings.Contains(r.all(), "于") || strings.Contains(r.all(), numbers[0]) {
			t.Errorf("%s is shown %s", name, r.body)
		}
	}
	header, message := wide.message(nil, byNumber(numbers[0]))
	for _, p := range people {
		refused(p.name, p.name, obj{"header": header, "message": message}, dci.MissingSignature)
	}
	refused("the superuser", "superuser", obj{"header": header, "message": message}, dci.MissingSignature)
	_, stranger, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	whole := func(sig string) obj { return obj{"signature": sig, "header": header, "message": message} }
	right := wide.sign(header, message, time.Now())
	thief := *wide
	thief.private = stranger
	refused("a stranger's key", "", whole(thief.sign(header, message, time.Now())), dci.BadSignature)
	refused("no signature", "", whole("unsigned-stub"), dci.BadSignature)
	refused("an old signature", "", whole(wide.sign(header, message, time.Now().Add(-time.Hour))), dci.BadSignature)
	refused("one of tomorrow", "", whole(wide.sign(header, message, time.Now().Add(time.Hour))), dci.BadSignature)
	refused("one that lives too long", "", whole(strings.Replace(right, `expires="`, `expires="9`, 1)), dci.BadSignature)
	refused("another algorithm's name", "", whole(strings.ReplaceAll(right, "ed25519", "sm2")), dci.BadSignature)
	h2, m2 := narrow.message(nil, byNumber(numbers[0]))
	refused("a key of somebody else's", "", obj{"signature": right, "header": h2, "message": m2}, dci.BadSignature)
	changed := obj{}
	for k, v := range message {
		changed[k] = v
	}
	changed["transaction_id"] = "another"
	refused("a changed message", "", obj{"signature": right, "header": header, "message": changed}, dci.BadSignature)
	nobody := *wide
	nobody.id = "nobody.test"
	h3, m3 := nobody.message(nil, byNumber(numbers[0]))
	refused("a system that is not registered", "", obj{"signature": nobody.sign(h3, m3, time.Now()), "header": h3, "message": m3}, dci.BadSender)
	refused("no message", "", "{", dci.BadRequest)
	refused("a list", "", "[]", dci.BadRequest)
	refused("too much", "", obj{"signature": strings.Repeat("x", interop.MaxBody)}, dci.BadRequest)
	if r := s.ask("", "GET", "/registry/sync/search", nil); r.status != 405 {
		t.Errorf("GET: %d %s", r.status, r.body)
	}
	if a := wide.valid(wide.send(header, message, right)); a.Header.Status != "succ" || !strings.Contains(a.raw, numbers[0]) {
		t.Errorf("after all of these the right one: %s", a.raw)
	}
	if r := newSite(t).ask("", "POST", "/registry/sync/search", whole(right)); r.status != 404 {
		t.Errorf("a register that is not opened: %d %s", r.status, r.body)
	}
}
