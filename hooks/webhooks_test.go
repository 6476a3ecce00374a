package hooks

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"doorstep/register"
	"doorstep/sync/engine"
	"doorstep/webhook"

	"github.com/go-json-experiment/json"
)

func targetAt(tail string) func(*site, string, *scene) (string, any) {
	return func(s *site, _ string, _ *scene) (string, any) {
		s.target("housing", "http://127.0.0.1:1/")
		return consolePrefix + "/webhooks/housing" + tail, nil
	}
}

// target says where a department is told, and answers the key if one was drawn.
func (s *site) target(department, url string) string {
	s.t.Helper()
	out := s.told(s.ask("county", "POST", consolePrefix+"/webhooks/"+department, map[string]any{"url": url, "enabled": true}))
	key, _ := out["key"].(string)
	return key
}

func (s *site) messages(state string) []register.Message {
	s.t.Helper()
	items, _, err := s.server.courier.post.Messages(context.Background(), "", state, 100, 0)
	if err != nil {
		s.t.Fatal(err)
	}
	return items
}

// due lets everything that waits be due now: the clock of a site is the real one.
func (s *site) due() {
	s.t.Helper()
	if err := s.server.Engine.Update(context.Background(), func(tx *engine.Tx) error {
		return tx.Exec(`UPDATE webhook_messages SET next_at = '2026-01-01T00:00:00.000Z' WHERE state = 'waiting'`)
	}); err != nil {
		s.t.Fatal(err)
	}
}

// department is a department's system: it keeps what it was told and answers what it
// is set to.
type system struct {
	*httptest.Server
	mu     sync.Mutex
	answer func(http.ResponseWriter, *http.Request)
	got    []delivery
}

type delivery struct {
	id, timestamp, signature string
	body                     []byte
}

func newSystem(t *testing.T) *system {
	d := &system{}
	d.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		d.mu.Lock()
		d.got = append(d.got, delivery{r.Header.Get("webhook-id"), r.Header.Get("webhook-timestamp"), r.Header.Get("webhook-signature"), body})
		answer := d.answer
		d.mu.Unlock()
		if answer != nil {
			answer(w, r)
		}
	}))
	t.Cleanup(d.Close)
	return d
}

func (d *system) set(answer func(http.ResponseWriter, *http.Request)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.answer = answer
}

func (d *system) heard() []delivery {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.got)
}

func status(code int) func(http.ResponseWriter, *http.Request) {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
}

// signedBy is the receiver's check, written from the specification.
func (d delivery) signedBy(key string) bool {
	secret, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(key, "whsec_"))
	if err != nil {
		return false
	}
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(d.id + "." + d.timestamp + "." + string(d.body)))
	want := "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
	return slices.Contains(strings.Fields(d.signature), want)
}

// A department's system is told which referral, by when and what for: nobody's name,
// number, place or household.
func TestASystemIsToldSignedAndWithoutAnybodysName(t *testing.T) {
	s, d := newSite(t), newSystem(t)
	key := s.target("education", d.URL)
	h := s.home()
	id := s.sent("town", h.delivery())
	until(t, "the message is delivered", func() bool { return len(s.messages("delivered")) == 1 })
	got := d.heard()
	if len(got) != 1 || !got[0].signedBy(key) || got[0].id != s.messages("")[0].ID {
		t.Fatalf("%+v", got)
	}
	var told struct {
		Type      string         `json:"type"`
		Timestamp string         `json:"timestamp"`
		Data      map[string]any `json:"data"`
	}
	if err := json.Unmarshal(got[0].body, &told, json.RejectUnknownMembers(true)); err != nil {
		t.Fatal(err)
	}
	if told.Type != "referral.sent" || told.Timestamp == "" || told.Data["referral"] != id || told.Data["state"] != "sent" || told.Data["due_on"] == "" {
		t.Errorf("told %s", got[0].body)
	}
	if keys := slices.Sorted(maps.Keys(told.Data)); !slices.Equal(keys, []string{"department", "due_on", "item", "kind", "referral", "state"}) {
		t.Errorf("members %v", keys)
	}
	for _, secret := range []string{"匡", studentNumber, h.household, h.student, ownVillage, "139", "助学金"} {
		if strings.Contains(string(got[0].body), secret) {
			t.Errorf("it says %s", secret)
		}
	}
	other := h.delivery()
	other["department"], other["item"] = "medical", "insurance_premium"
	s.sent("town", other)
	if n := len(s.messages("")); n != 1 {
		t.Errorf("%d messages, a department without a system has one", n)
	}
	list := s.ask("admin", "GET", consolePrefix+"/webhooks", nil)
	if strings.Contains(list.all(), key) || !strings.Contains(string(list.body), d.URL) {
		t.Errorf("the list: %s", list.body)
	}
}

// hangs is after how long an attempt is given up: long enough for a slow machine's other ones.
const hangs = 3 * time.Second

// What fails is tried again, later each time, with the same id and bytes; the log says
// what came of each.
func TestAMessageIsTriedAgainUntilItArrives(t *testing.T) {
	s, d := newSite(t), newSystem(t)
	s.server.courier.sender = webhook.NewSender(time.Now, hangs, nil)
	hang := make(chan struct{})
	defer close(hang)
	key := s.target("education", d.URL)
	elsewhere := newSystem(t)
	answers := []func(http.ResponseWriter, *http.Request){
		status(500), func(http.ResponseWriter, *http.Request) { <-hang },
		func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, elsewhere.URL, http.StatusTemporaryRedirect)
		}, status(200),
	}
	faults := []string{webhook.Refused, webhook.TimedOut, webhook.Redirected, ""}
	d.set(answers[0])
	h := s.home()
	s.sent("town", h.delivery())
	for i := range answers {
		if i > 0 {
			d.set(answers[i])
			s.due()
			s.server.courier.kick()
		}
		until(t, "attempt "+faults[i], func() bool { m := s.messages("")[0]; return m.Attempts == i+1 })
		m := s.messages("")[0]
		waits := m.State == "waiting" && m.NextAt > m.LastAt
		if m.Fault != faults[i] || waits != (i < 3) || i == 3 && (m.State != "delivered" || m.Ended == "") {
			t.Errorf("after attempt %d: %+v", i+1, m)
		}
	}
	got := d.heard()
	for _, g := range got {
		if g.id != got[0].id || string(g.body) != string(got[0].body) || !g.signedBy(key) {
			t.Errorf("another message: %+v", g)
		}
	}
	if len(got) != 4 || len(elsewhere.heard()) != 0 {
		t.Errorf("heard %d times, elsewhere %d", len(got), len(elsewhere.heard()))
	}
}

// Not for ever: after the last attempt, and where the receiver says it is gone, it is
// given up, and a person may replay it.
func TestAMessageIsGivenUpAndReplayed(t *testing.T) {
	s, d := newSite(t), newSystem(t)
	s.target("education", d.URL)
	d.set(status(503))
	h := s.home()
	s.sent("town", h.delivery())
	for i := 1; i <= webhook.Attempts; i++ {
		until(t, "an attempt", func() bool { return len(d.heard()) >= i })
		until(t, "it is noted", func() bool { return s.messages("")[0].Attempts == i })
		s.due()
		s.server.courier.round()
	}
	m := s.messages("failed")
	if len(m) != 1 || len(d.heard()) != webhook.Attempts {
		t.Fatalf("%d attempts: %+v", len(d.heard()), s.messages(""))
	}
	if waits, _ := s.server.courier.post.Waiting(context.Background()); len(waits) != 0 {
		t.Errorf("still due: %v", waits)
	}
	d.set(nil)
	if r := s.ask("county", "POST", consolePrefix+"/webhooks/messages/"+m[0].ID+"/replay", nil); r.status != 200 {
		t.Fatalf("%d %s", r.status, r.body)
	}
	until(t, "the replay arrives", func() bool { return len(s.messages("delivered")) == 1 })
	got := d.heard()
	if last := got[len(got)-1]; last.id != got[0].id || string(last.body) != string(got[0].body) || len(s.audited("webhook.replay")) != 1 {
		t.Errorf("replayed %+v", last)
	}
	d.set(status(410))
	s.told(s.ask("town", "POST", consolePrefix+"/referrals/"+m[0].Referral+"/withdraw", map[string]any{"reason": "已解决"}))
	until(t, "what is gone is given up", func() bool { f := s.messages("failed"); return len(f) == 1 && f[0].Fault == webhook.Gone })
	if r := s.ask("county", "POST", consolePrefix+"/webhooks/messages/"+newID()+"/replay", nil); r.status != 404 {
		t.Errorf("a message that is not there: %d", r.status)
	}
}

// While a department changes its key both are valid; then the older one ends.
func TestAKeyIsRotatedWithoutLosingAMessage(t *testing.T) {
	s, d := newSite(t), newSystem(t)
	old := s.target("education", d.URL)
	send := func() delivery {
		t.Helper()
		n := len(d.heard())
		h := s.home()
		body := h.delivery()
		delete(body, "warning")
		s.sent("town", body)
		until(t, "it arrives", func() bool { return len(d.heard()) == n+1 })
		return d.heard()[n]
	}
	key := func(path string) string {
		t.Helper()
		k, _ := s.told(s.ask("admin", "POST", consolePrefix+"/webhooks/education"+path, nil))["key"].(string)
		return k
	}
	if m := send(); !m.signedBy(old) {
		t.Error("the first key does not sign")
	}
	young := key("/rotate")
	if m := send(); !m.signedBy(old) || !m.signedBy(young) || young == old {
		t.Error("after the rotation not both sign")
	}
	if key("/retire") != "" {
		t.Error("retiring answers a key")
	}
	if m := send(); m.signedBy(old) || !m.signedBy(young) {
		t.Error("the retired key signs on")
	}
	third, fourth := key("/rotate"), key("/rotate")
	if m := send(); m.signedBy(young) || !m.signedBy(third) || !m.signedBy(fourth) {
		t.Error("of three keys not the newest two sign")
	}
	if again := s.target("education", d.URL+"/new"); again != "" {
		t.Error("another address draws another key")
	}
	if n := len(s.audited("webhook.rotate")); n != 3 {
		t.Errorf("%d rotations audited", n)
	}
}

// What a restart cuts off is in the database and arrives after it.
func TestWhatWaitsSurvivesARestart(t *testing.T) {
	s, d := newSite(t), newSystem(t)
	hang := make(chan struct{})
	d.set(func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-hang:
		case <-r.Context().Done():
		}
	})
	defer close(hang)
	key := s.target("education", d.URL)
	h := s.home()
	s.sent("town", h.delivery())
	until(t, "it is under way", func() bool { return len(d.heard()) == 1 })
	s.server.courier.close() // the server ends in the middle of the attempt
	if m := s.messages("waiting"); len(m) != 1 || m[0].Attempts != 0 {
		t.Fatalf("after the end: %+v", s.messages(""))
	}
	d.set(nil)
	again := newCourier(register.Courier{Engine: s.server.Engine}, s.server.App.Logger())
	defer again.close()
	again.round()
	if n := len(d.heard()); n != 1 {
		t.Errorf("it is told again at once, %d times", n)
	}
	s.due()
	again.round()
	got := d.heard()
	if len(got) != 2 || got[1].id != got[0].id || !got[1].signedBy(key) || len(s.messages("delivered")) != 1 {
		t.Errorf("after the restart: %d, %+v", len(got), s.messages(""))
	}
}

// One department's system that hangs holds up nobody else's.
func TestOneSystemThatHangsHoldsUpNoOther(t *testing.T) {
	s, slow, quick := newSite(t), newSystem(t), newSystem(t)
	hang := make(chan struct{})
	slow.set(func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-hang:
		case <-r.Context().Done():
		}
	})
	defer close(hang)
	s.target("education", slow.URL)
	s.target("medical", quick.URL)
	h := s.home()
	s.sent("town", h.delivery())
	until(t, "the slow one is being told", func() bool { return len(slow.heard()) == 1 })
	other := h.delivery()
	other["department"], other["item"] = "medical", "insurance_premium"
	delete(other, "warning")
	s.sent("town", other)
	until(t, "the other one is told", func() bool { return len(s.messages("delivered")) == 1 })
	if len(slow.heard()) != 1 {
		t.Errorf("the slow one is told %d times at once", len(slow.heard()))
	}
}

func TestOnlyASafeAddressIsTaken(t *testing.T) {
	s := newSite(t)
	for url, want := range map[string]int{
		"https://jw.example.test/hook": 200, "http://127.0.0.1:9/": 200, "http://jw.example.test/": 422, "ftp://127.0.0.1/": 422, "https://u:p@jw.example.test/": 422, "": 422, "https://" + strings.Repeat("a", 600): 422,
	} {
		if r := s.ask("admin", "POST", consolePrefix+"/webhooks/education", map[string]any{"url": url, "enabled": false}); r.status != want {
			t.Errorf("%.60s: %d %s", url, r.status, r.body)
		}
	}
	for _, path := range []string{"/webhooks/finance", "/webhooks/nowhere", "/webhooks/civil_affairs", "/webhooks/health/rotate", "/webhooks/health/retire"} {
		if r := s.ask("county", "POST", consolePrefix+path, map[string]any{"url": "https://jw.example.test/", "enabled": true}); r.status != 404 {
			t.Errorf("%s: %d %s", path, r.status, r.body)
		}
	}
}
