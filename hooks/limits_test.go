package hooks

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"doorstep/register"

	"github.com/go-json-experiment/json"
)

func (c *clock) pass(d time.Duration) { c.at.Add(d.Milliseconds()) }

// signedIn is the answer of a sign-in.
type signedIn struct {
	reply
	signedInBody
}

type signedInBody struct {
	Token string
	Meta  struct{ Step, Known string }
}

func (s *site) enterAs(who, pass string, more map[string]any) signedIn {
	s.t.Helper()
	body := map[string]any{"identity": who + "@test.test", "password": pass}
	for k, v := range more {
		body[k] = v
	}
	return s.answered(s.ask("", "POST", "/api/collections/users/auth-with-password", body))
}

func (s *site) answered(r reply) signedIn {
	s.t.Helper()
	out := signedIn{reply: r}
	if r.status == 200 {
		if err := json.Unmarshal(r.body, &out.signedInBody, json.MatchCaseInsensitiveNames(true)); err != nil {
			s.t.Fatal(err)
		}
	}
	return out
}

func (s *site) auditedAs(action string) (n int) {
	s.t.Helper()
	if err := s.server.App.DB().NewQuery("SELECT count(*) FROM sync_audit WHERE action = '" + action + "'").Row(&n); err != nil {
		s.t.Fatal(err)
	}
	return n
}

// Five mistakes are free. Then the browser that guesses waits, longer each time, and is
// told how long; the browser that signed in before goes on, and so does everybody else
// behind the same address.
func TestWhoGuessesWaitsAndLocksNobodyOut(t *testing.T) {
	at := clockAt(time.Now())
	s := newSiteAt(t, at.now)
	known := s.enterAs("town", password, nil).Meta.Known
	if known == "" {
		t.Fatal("a browser that signed in has nothing to show for it")
	}
	wrong := func(who string, more map[string]any) reply { return s.enterAs(who, "wrong-wrong-wrong", more).reply }
	for i := range 5 {
		if r := wrong("town", nil); r.status != 400 {
			t.Fatalf("mistake %d: %d %s", i+1, r.status, r.body)
		}
	}
	r := s.enterAs("town", password, nil)
	if wait, _ := strconv.Atoi(r.header.Get("Retry-After")); r.status != 429 || r.code() != "busy" || wait < 1 || wait > 30 || !strings.Contains(string(r.body), strconv.Itoa(wait)+" 秒") {
		t.Fatalf("the sixth is let through, or not told how long to wait: %d %v %s", r.status, r.header, r.body)
	}
	if s.auditedAs("session.locked") != 1 {
		t.Errorf("%d lines in the audit log", s.auditedAs("session.locked"))
	}
	if r := s.enterAs("town", password, map[string]any{"known": known}); r.status != 200 {
		t.Errorf("the owner's own browser is locked out: %d %s", r.status, r.body)
	}
	if r := s.enterAs("county", password, map[string]any{"known": known}); r.status != 200 {
		t.Errorf("a colleague behind the same address is locked out: %d %s", r.status, r.body)
	}
	if r := wrong("town", map[string]any{"known": known + "x"}); r.status != 429 {
		t.Errorf("a made-up proof counts: %d", r.status)
	}
	at.pass(31 * time.Second)
	if r := wrong("town", nil); r.status != 400 {
		t.Fatalf("after the wait: %d %s", r.status, r.body)
	}
	if r := wrong("town", nil); r.status != 429 || r.header.Get("Retry-After") != "60" {
		t.Errorf("the next wait is not twice as long: %d %v", r.status, r.header)
	}
	at.pass(24 * time.Hour)
	if r := s.enterAs("town", password, nil); r.status != 200 {
		t.Errorf("the next day: %d %s", r.status, r.body)
	}
}

// A login that nobody has is told the same as one that somebody has, waits included, and
// a flood of made-up ones is forgotten, not kept.
func TestALoginThatNobodyHasIsToldTheSame(t *testing.T) {
	s := newSite(t)
	for i := range 7 {
		a, b := s.enterAs("town", "wrong-wrong-wrong", nil), s.enterAs("nobody", "wrong-wrong-wrong", nil)
		if a.status != b.status || a.status == 400 && string(a.body) != string(b.body) {
			t.Errorf("mistake %d: %d %s, %d %s", i+1, a.status, a.body, b.status, b.body)
		}
	}
	ctx := t.Context()
	for i := range 10_000 {
		try, err := s.server.own.Attempts.Begin(ctx, "", "made-up-"+strconv.Itoa(i), "", "10.0.0.1")
		if err != nil || try == nil {
			t.Fatal(err)
		}
	}
	if n := s.server.own.Attempts.Held(); n > 5000 {
		t.Errorf("%d counters are held", n)
	}
}

func TestARestartForgivesNobody(t *testing.T) {
	s := newSite(t)
	for range 6 {
		s.enterAs("town", "wrong-wrong-wrong", nil)
	}
	token := s.enterAs("county", password, map[string]any{"app": "desk"}).Token
	s.tokens["desk"] = token
	if r := s.ask("desk", "POST", consolePrefix+"/own/sign-out", nil); r.status != 200 {
		t.Fatalf("sign-out: %d %s", r.status, r.body)
	}
	if err := s.server.openSignIn(); err != nil { // what a start reads
		t.Fatal(err)
	}
	if r := s.enterAs("town", password, nil); r.status != 429 {
		t.Errorf("a restart lets the next guess through: %d", r.status)
	}
	if r := s.ask("desk", "GET", consolePrefix+"/summary", nil); r.status != 401 {
		t.Errorf("a restart brings an ended session back: %d %s", r.status, r.body)
	}
}

func TestASignOutEndsItsTokenAndNoOther(t *testing.T) {
	s := newSite(t)
	s.tokens["one"], s.tokens["two"] = s.enterAs("town", password, nil).Token, s.enterAs("town", password, nil).Token
	if r := s.ask("one", "POST", consolePrefix+"/own/sign-out", nil); r.status != 200 {
		t.Fatalf("%d %s", r.status, r.body)
	}
	for _, path := range []string{consolePrefix + "/summary", syncPrefix + "/schema", "/api/collections/users/records/" + s.people["town"]} {
		if r := s.ask("one", "GET", path, nil); r.status != 401 {
			t.Errorf("%s: %d %s", path, r.status, r.body)
		}
		if r := s.ask("two", "GET", path, nil); r.status != 200 {
			t.Errorf("%s, the other session: %d %s", path, r.status, r.body)
		}
	}
	if r := s.ask("one", "POST", "/api/collections/users/auth-refresh", map[string]any{}); r.status != 401 {
		t.Errorf("an ended session is renewed: %d %s", r.status, r.body)
	}
	// A token of a version before names no session; it works, and can be ended as well.
	if r := s.ask("town", "POST", consolePrefix+"/own/sign-out", nil); r.status != 200 {
		t.Errorf("an old token: %d %s", r.status, r.body)
	}
	if r := s.ask("town", "GET", consolePrefix+"/summary", nil); r.status != 401 {
		t.Errorf("an old token after its end: %d", r.status)
	}
}

// One's own sessions are listed and ended on one's own page; the worker's by the town.
func TestSessionsAreSeenAndEndedByOwnerAndKeeper(t *testing.T) {
	s := newSite(t)
	s.tokens["here"], s.tokens["lost"] = s.enterAs("worker", password, nil).Token, s.enterAs("worker", password, nil).Token
	var own struct{ Sessions []register.SessionItem }
	if err := json.Unmarshal(s.ask("here", "GET", consolePrefix+"/own/account", nil).body, &own, json.MatchCaseInsensitiveNames(true)); err != nil || len(own.Sessions) != 2 {
		t.Fatalf("%+v %v", own, err)
	}
	var other string
	for _, x := range own.Sessions {
		if !x.Current {
			other = x.ID
		}
	}
	if r := s.ask("worker2", "POST", consolePrefix+"/own/sessions/"+other+"/end", nil); r.status != 404 {
		t.Errorf("a colleague ends it: %d", r.status)
	}
	if r := s.ask("here", "POST", consolePrefix+"/own/sessions/"+other+"/end", nil); r.status != 200 {
		t.Errorf("%d %s", r.status, r.body)
	}
	if r := s.ask("lost", "GET", syncPrefix+"/schema", nil); r.status != 401 {
		t.Errorf("the lost tablet still reads: %d", r.status)
	}
	path := consolePrefix + "/accounts/" + s.people["worker"] + "/sessions"
	var seen struct{ Items []register.SessionItem }
	if err := json.Unmarshal(s.ask("town", "GET", path, nil).body, &seen, json.MatchCaseInsensitiveNames(true)); err != nil || len(seen.Items) != 1 {
		t.Fatalf("%+v %v", seen, err)
	}
	if r := s.ask("fartown", "GET", path, nil); r.status != 404 {
		t.Errorf("another town: %d", r.status)
	}
	if r := s.ask("town", "POST", path+"/"+seen.Items[0].ID+"/end", nil); r.status != 200 {
		t.Errorf("%d %s", r.status, r.body)
	}
	if r := s.ask("here", "GET", syncPrefix+"/schema", nil); r.status != 401 {
		t.Errorf("after the town ended it: %d", r.status)
	}
}

// A desk that was left is signed out by the server, too; a tablet without signal is not.
func TestADeskThatWasLeftIsOutAndATabletIsNot(t *testing.T) {
	at := clockAt(time.Now())
	s := newSiteAt(t, at.now)
	s.tokens["desk"], s.tokens["tablet"] = s.enterAs("town", password, map[string]any{"app": "desk"}).Token, s.enterAs("town", password, nil).Token
	at.pass(register.DeskIdle - time.Minute)
	if r := s.ask("desk", "GET", consolePrefix+"/summary", nil); r.status != 200 {
		t.Fatalf("within its time: %d %s", r.status, r.body)
	}
	at.pass(register.DeskIdle + time.Minute)
	if r := s.ask("desk", "GET", consolePrefix+"/summary", nil); r.status != 401 {
		t.Errorf("a desk that was left: %d", r.status)
	}
	at.pass(5 * 24 * time.Hour)
	if r := s.ask("tablet", "GET", syncPrefix+"/schema", nil); r.status != 200 {
		t.Errorf("a tablet back from a week without signal: %d %s", r.status, r.body)
	}
}

// A passphrase from a slip opens nothing but the form to change it.
func TestAFirstPassphraseOpensNothingButItsChange(t *testing.T) {
	s := newSite(t)
	var a slipAnswer
	if err := json.Unmarshal(s.ask("town", "POST", consolePrefix+"/accounts/"+s.people["worker"]+"/slip", nil).body, &a, json.MatchCaseInsensitiveNames(true)); err != nil {
		t.Fatal(err)
	}
	first := s.enterAs("worker", a.Slip.Passphrase, nil)
	if first.status != 200 || first.Meta.Step != register.StepPassword {
		t.Fatalf("%d %s", first.status, first.body)
	}
	s.tokens["first"] = first.Token
	for _, rt := range routes {
		if strings.HasPrefix(rt.path, ownPrefix) || rt.method == "" {
			continue
		}
		if r := s.ask("first", rt.method, strings.NewReplacer("{", "", "}", "").Replace(rt.path), nil); r.status != 403 || r.code() != "account_unfinished" {
			t.Errorf("%s %s: %d %s", rt.method, rt.path, r.status, r.body)
		}
	}
	if r := s.ask("first", "POST", "/api/collections/users/auth-refresh", map[string]any{}); r.status != 403 {
		t.Errorf("renewed: %d %s", r.status, r.body)
	}
	change := func(next string) signedIn {
		return s.answered(s.ask("first", "POST", consolePrefix+"/own/password", map[string]any{"old": a.Slip.Passphrase, "new": next}))
	}
	for _, easy := range []string{"short", "password123", "worker-worker-1", "2026-11-26-2026", a.Slip.Passphrase} {
		if r := change(easy); r.status != 422 {
			t.Errorf("%q: %d %s", easy, r.status, r.body)
		}
	}
	done := change("sishui-huaishu-7")
	if done.status != 200 || done.Meta.Step != "" {
		t.Fatalf("%d %s", done.status, done.body)
	}
	s.tokens["done"] = done.Token
	if r := s.ask("done", "GET", syncPrefix+"/schema", nil); r.status != 200 {
		t.Errorf("afterwards: %d %s", r.status, r.body)
	}
	if r := s.ask("first", "GET", consolePrefix+"/own/account", nil); r.status != 401 {
		t.Errorf("the token before: %d", r.status)
	}
	if r := s.enterAs("worker", a.Slip.Passphrase, nil); r.status != 400 {
		t.Errorf("the slip still opens: %d", r.status)
	}
}

// PocketBase's superuser has no door: not by its passphrase, not by a token, from this
// machine or elsewhere; each minute in which one tries stands in the audit log.
func TestTheSuperuserHasNoDoorAndEachTryIsInTheAuditLog(t *testing.T) {
	at := clockAt(time.Now())
	s := newSiteAt(t, at.now)
	for i, x := range []struct{ who, method, path string }{
		{"", "POST", "/api/collections/_superusers/auth-with-password"}, {"superuser", "POST", "/api/collections/_superusers/auth-refresh"},
		{"superuser", "GET", "/api/health"}, {"superuser", "GET", consolePrefix + "/summary"}, {"superuser", "GET", "/api/collections/users/records/" + s.people["town"]},
	} {
		r := s.ask(x.who, x.method, x.path, map[string]any{"identity": "root@test.test", "password": password})
		if r.status != 401 && r.status != 403 {
			t.Errorf("%s %s: %d %s", x.method, x.path, r.status, r.body)
		}
		if n := s.auditedAs("superuser.refused"); n != i+1 {
			t.Errorf("%s: %d lines in the audit log, want %d", x.path, n, i+1)
		}
		s.ask(x.who, x.method, x.path, nil)
		if n := s.auditedAs("superuser.refused"); n != i+1 {
			t.Errorf("a flood fills the audit log: %d lines", n)
		}
		at.pass(time.Minute)
	}
	if n := len(s.ask("auditor", "GET", consolePrefix+"/audit?group=session", nil).body); n < 100 {
		t.Error("the auditor sees none of it")
	}
}
