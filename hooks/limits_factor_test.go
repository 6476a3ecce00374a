package hooks

import (
	"encoding/hex"
	"strings"
	"testing"
	"time"

	"doorstep/register"

	"github.com/go-json-experiment/json"
	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"
)

// codeAt is what an authenticator shows.
func codeAt(t *testing.T, secret string, at time.Time) string {
	t.Helper()
	code, err := totp.GenerateCodeCustom(secret, at, totp.ValidateOpts{Period: 30, Digits: otp.DigitsSix})
	if err != nil {
		t.Fatal(err)
	}
	return code
}

// enrol takes a second factor into use, by the token of a session.
func (s *site) enrol(who string, at time.Time) (secret string, recovery []string, token string) {
	s.t.Helper()
	var begun struct{ Secret, Image string }
	r := s.ask(who, "POST", consolePrefix+"/own/factor", map[string]any{"password": password})
	if err := json.Unmarshal(r.body, &begun, json.MatchCaseInsensitiveNames(true)); err != nil || r.status != 200 || !strings.HasPrefix(begun.Image, "data:image/png;base64,") {
		s.t.Fatalf("%d %s", r.status, r.body)
	}
	if r := s.ask(who, "POST", consolePrefix+"/own/factor/confirm", map[string]any{"code": codeAt(s.t, begun.Secret, at.Add(-time.Hour))}); r.status != 422 {
		s.t.Errorf("an old code: %d %s", r.status, r.body)
	}
	var done struct {
		Recovery []string
		Token    string
	}
	r = s.ask(who, "POST", consolePrefix+"/own/factor/confirm", map[string]any{"code": codeAt(s.t, begun.Secret, at)})
	if err := json.Unmarshal(r.body, &done, json.MatchCaseInsensitiveNames(true)); err != nil || r.status != 200 || len(done.Recovery) != 10 {
		s.t.Fatalf("%d %s", r.status, r.body)
	}
	return begun.Secret, done.Recovery, done.Token
}

func TestASecondFactorIsAskedForAndEachCodeIsGoodOnce(t *testing.T) {
	at := clockAt(time.Now())
	s := newSiteAt(t, at.now)
	if r := s.ask("worker", "POST", consolePrefix+"/own/factor", map[string]any{"password": password}); r.status != 403 {
		t.Errorf("the village has no second factor: %d", r.status)
	}
	secret, recovery, _ := s.enrol("town", at.now())
	if n := len(s.enterAs("town", password, nil).Token); n != 0 {
		t.Fatal("the passphrase alone is enough")
	}
	if r := s.enterAs("town", password, nil); r.status != 401 || r.code() != "second_factor_required" {
		t.Errorf("%d %s", r.status, r.body)
	}
	if r := s.enterAs("town", "wrong-wrong-wrong", nil); r.status != 400 {
		t.Errorf("a wrong passphrase tells of the factor: %d %s", r.status, r.body)
	}
	at.pass(time.Minute)
	code := codeAt(t, secret, at.now())
	if r := s.enterAs("town", password, map[string]any{"code": code}); r.status != 200 {
		t.Errorf("the code of now: %d %s", r.status, r.body)
	}
	if r := s.enterAs("town", password, map[string]any{"code": code}); r.status != 401 {
		t.Errorf("the same code again: %d", r.status)
	}
	if r := s.enterAs("town", password, map[string]any{"code": recovery[3]}); r.status != 200 {
		t.Errorf("a recovery code: %d %s", r.status, r.body)
	}
	if r := s.enterAs("town", password, map[string]any{"code": recovery[3]}); r.status != 401 {
		t.Errorf("a recovery code again: %d", r.status)
	}
	for i := 0; i < 6; i++ {
		s.enterAs("town", password, map[string]any{"code": "000000"})
	}
	if r := s.enterAs("town", password, map[string]any{"code": recovery[4]}); r.status != 429 {
		t.Errorf("codes can be guessed for ever: %d %s", r.status, r.body)
	}
	var kept string
	if err := s.server.App.DB().NewQuery("SELECT hex(secret) || recovery FROM account_factors").Row(&kept); err != nil || strings.Contains(kept, recovery[0][:5]) || strings.Contains(kept, strings.ToUpper(hex.EncodeToString([]byte(secret)))) {
		t.Errorf("the database holds the secret in the clear: %s %v", kept, err)
	}
	if r := s.ask("county", "POST", consolePrefix+"/accounts/"+s.people["town"]+"/factor/drop", nil); r.status != 200 {
		t.Errorf("the county takes it away: %d %s", r.status, r.body)
	}
	at.pass(time.Hour)
	if r := s.enterAs("town", password, nil); r.status != 200 {
		t.Errorf("without the factor: %d %s", r.status, r.body)
	}
}

// Where a second factor is asked for, an office without one opens nothing but its
// enrolment; the village is not asked.
func TestWhereItIsAskedForAnOfficeEnrolsFirst(t *testing.T) {
	at := clockAt(time.Now())
	s := newSiteAt(t, at.now)
	s.server.SecondFactor = true
	if r := s.enterAs("worker", password, nil); r.status != 200 || r.Meta.Step != "" {
		t.Errorf("the village: %d %s", r.status, r.body)
	}
	in := s.enterAs("auditor", password, map[string]any{"app": "desk"})
	if in.status != 200 || in.Meta.Step != register.StepFactor {
		t.Fatalf("%d %s", in.status, in.body)
	}
	s.tokens["auditor"] = in.Token
	if r := s.ask("auditor", "GET", consolePrefix+"/audit", nil); r.status != 403 || r.code() != "account_unfinished" {
		t.Errorf("before: %d %s", r.status, r.body)
	}
	_, _, s.tokens["auditor"] = s.enrol("auditor", at.now())
	if r := s.ask("auditor", "GET", consolePrefix+"/audit", nil); r.status != 200 {
		t.Errorf("after: %d %s", r.status, r.body)
	}
}
