package hooks

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/hpke"
	"crypto/rand"
	"encoding/base64"
	"strings"
	"testing"

	"doorstep/sync/sealing"

	"github.com/go-json-experiment/json"
)

// sealKey seals a key to the server as a tablet does.
func (s *site) sealKey(purpose, account string, key []byte) string {
	s.t.Helper()
	point, err := base64.RawURLEncoding.DecodeString(s.server.Sealing.Public().Key)
	s.must(err)
	public, err := ecdh.P256().NewPublicKey(point)
	s.must(err)
	to, err := hpke.NewDHKEMPublicKey(public)
	s.must(err)
	enc, sender, err := hpke.NewSender(to, hpke.HKDFSHA256(), hpke.AES256GCM(), []byte(purpose))
	s.must(err)
	sealed, err := sender.Seal([]byte(account), key)
	s.must(err)
	return base64.RawURLEncoding.EncodeToString(append(enc, sealed...))
}

// sealOp seals an op's body under a key of its own.
func (s *site) sealOp(account string, n int, body op) map[string]any {
	s.t.Helper()
	key := make([]byte, 32)
	_, _ = rand.Read(key)
	text, err := json.Marshal(body)
	s.must(err)
	block, err := aes.NewCipher(key)
	s.must(err)
	aead, err := cipher.NewGCM(block)
	s.must(err)
	nonce := make([]byte, 12)
	_, _ = rand.Read(nonce)
	id := body["id"].(string)
	data := aead.Seal(nonce, nonce, append([]byte{0}, text...), []byte(id))
	return map[string]any{"n": n, "id": id, "key": s.sealKey(sealing.Handover, account, key), "data": base64.RawURLEncoding.EncodeToString(data)}
}

func (s *site) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *site) handOver(who, device string, ops ...any) reply {
	return s.ask(who, "POST", "/api/sync/v1/sealed", map[string]any{"device": device, "epoch": s.server.Engine.Status().Epoch, "schema": 1, "ops": ops})
}

func visitOf(household string) op {
	return op{"id": newID(), "type": "visits", "record": newID(), "kind": "create",
		"set": map[string]any{"household": household, "kind": "routine", "visited_on": "2026-11-20", "outcome": "met"}}
}

func TestWhatALockedTabletHandsOverIsAPushOfIt(t *testing.T) {
	s := newSite(t)
	sc := s.scene("金丝雀", ownVillage, "worker", "worker2", "town")
	d := s.tablet("worker")
	visit := visitOf(sc.household)
	first := s.handOver("worker", d.id, s.sealOp(s.people["worker"], 1, visit))
	if first.status != 200 || !strings.Contains(string(first.body), `"outcome":"applied"`) || !strings.Contains(string(first.body), `"next_n":2`) {
		t.Fatalf("%d %s", first.status, first.body)
	}
	// The same edit, later pushed in the open: exactly once.
	plain := op{"n": 1}
	for k, v := range visit {
		plain[k] = v
	}
	again := s.ask("worker", "POST", "/api/sync/v1/push", map[string]any{"device": d.id, "epoch": s.server.Engine.Status().Epoch, "schema": 1, "ops": []any{plain}})
	if again.status != 200 || !strings.Contains(string(again.body), `"outcome":"applied"`) || strings.Contains(string(again.body), "op_mismatch") {
		t.Fatalf("%d %s", again.status, again.body)
	}
}

func TestWhatDoesNotOpenIsRefusedAndUsesUpNoNumber(t *testing.T) {
	s := newSite(t)
	sc := s.scene("金丝雀", ownVillage, "worker", "worker2", "town")
	d := s.tablet("worker")
	good := s.sealOp(s.people["worker"], 1, visitOf(sc.household))
	swapped := s.sealOp(s.people["worker"], 2, visitOf(sc.household))
	swapped["data"] = good["data"]
	foreign := s.sealOp(s.people["worker2"], 2, visitOf(sc.household))
	short := s.sealOp(s.people["worker"], 2, visitOf(sc.household))
	short["key"] = "AAAA"
	for name, bad := range map[string]any{"another op's body": swapped, "another account's": foreign, "no key": short} {
		got := s.handOver("worker", d.id, good, bad)
		if got.status != 422 || got.code() != "invalid" || !strings.Contains(string(got.body), "ops.1") {
			t.Errorf("%s: %d %s", name, got.status, got.body)
		}
	}
	if got := s.handOver("worker", d.id, good); got.status != 200 || !strings.Contains(string(got.body), `"next_n":2`) {
		t.Fatalf("after what was refused: %d %s", got.status, got.body)
	}
}

func TestARevokedTabletHandsOverAndIsWipedAndGetsNoKey(t *testing.T) {
	s := newSite(t)
	sc := s.scene("金丝雀", ownVillage, "worker", "worker2", "town")
	d := s.tablet("worker")
	key := map[string]any{"device": d.id, "key": s.sealKey(sealing.Recovery, s.people["worker"], []byte("0123456789abcdef0123456789abcdef"))}
	if got := s.ask("worker", "POST", "/api/sync/v1/sealed/key", key); got.status != 200 || !strings.Contains(string(got.body), base64.RawURLEncoding.EncodeToString([]byte("0123456789abcdef0123456789abcdef"))) {
		t.Fatalf("%d %s", got.status, got.body)
	}
	if got := s.ask("worker2", "POST", "/api/sync/v1/sealed/key", key); got.status != 422 {
		t.Fatalf("a colleague got another's key: %d %s", got.status, got.body)
	}
	if got := s.ask("town", "POST", "/api/console/v1/devices/"+d.id+"/revoke", nil); got.status != 200 {
		t.Fatalf("%d %s", got.status, got.body)
	}
	if got := s.ask("worker", "POST", "/api/sync/v1/sealed/key", key); got.status != 403 || got.code() != "device_revoked" {
		t.Fatalf("%d %s", got.status, got.body)
	}
	if got := s.handOver("worker", d.id, s.sealOp(s.people["worker"], 1, visitOf(sc.household))); !strings.Contains(string(got.body), `"outcome":"held"`) {
		t.Fatalf("%d %s", got.status, got.body)
	}
	if got := s.handOver("worker", d.id); !strings.Contains(string(got.body), `"wipe":true`) {
		t.Fatalf("%d %s", got.status, got.body)
	}
}
