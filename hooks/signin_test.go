package hooks

import (
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

func TestATokenEndsWithItsAccount(t *testing.T) {
	s := newSite(t)
	d := s.tablet("worker")
	s.setAccount("worker", true)
	for _, path := range []string{"/schema", "/pull?device=" + d.id, "/events"} {
		if r := s.ask("worker", "GET", syncPrefix+path, nil); r.status != 401 || r.code() != "unauthenticated" {
			t.Errorf("%s: %d %s", path, r.status, r.body)
		}
	}
	if r := s.signIn("worker"); r.status == 200 {
		t.Errorf("a disabled account signs in: %s", r.body)
	}
}

func (s *site) signIn(who string) reply {
	return s.ask("", "POST", "/api/collections/users/auth-with-password", map[string]any{"identity": who + "@test.test", "password": password})
}

func TestASignInCarriesRoleAndScope(t *testing.T) {
	s := newSite(t)
	s.assign("social", "0190b2a0-0000-7000-8000-000000000001")
	for who, scope := range map[string]string{
		"worker": `{"areas":["` + ownVillage + `"],"households":[]}`, "social": `{"areas":[],"households":["0190b2a0-0000-7000-8000-000000000001"]}`,
		"county": `{"areas":["370281"],"households":[]}`, "admin": `{"areas":[],"households":[]}`,
	} {
		r := s.signIn(who)
		var a struct {
			Token  string
			Record struct {
				ID, Name, Role, Email string
				Scope                 jsontext.Value
			}
		}
		if err := json.Unmarshal(r.body, &a, json.MatchCaseInsensitiveNames(true)); err != nil || r.status != 200 || a.Token == "" {
			t.Fatalf("%s: %d %s %v", who, r.status, r.body, err)
		}
		if a.Record.Role != roleOf(who) || string(a.Record.Scope) != scope || a.Record.ID != s.people[who] || a.Record.Name != who {
			t.Errorf("%s: %s", who, r.body)
		}
		s.tokens["fresh"] = a.Token
		refreshed := s.ask("fresh", "POST", "/api/collections/users/auth-refresh", map[string]any{})
		if refreshed.status != 200 || !strings.Contains(string(refreshed.body), scope) {
			t.Errorf("%s refreshed: %d %s", who, refreshed.status, refreshed.body)
		}
	}
	wrong := s.ask("", "POST", "/api/collections/users/auth-with-password", map[string]any{"identity": "worker@test.test", "password": "wrong-wrong"})
	nobody := s.ask("", "POST", "/api/collections/users/auth-with-password", map[string]any{"identity": "nobody@test.test", "password": "wrong-wrong"})
	if wrong.status != 400 || string(wrong.body) != string(nobody.body) {
		t.Errorf("a wrong password and a wrong name differ: %s %s", wrong.body, nobody.body)
	}
}

// A new household is entered where there is no connection: the choice of its
// village comes with the sign-in.
func TestASignInNamesTheVillagesOfANewHousehold(t *testing.T) {
	s := newSite(t)
	s.assign("social", "0190b2a0-0000-7000-8000-000000000001")
	for who, want := range map[string]int{"worker": 1, "social": 2, "town": 2, "county": 0} {
		var a struct{ Record struct{ Villages []village } }
		r := s.signIn(who)
		if err := json.Unmarshal(r.body, &a, json.MatchCaseInsensitiveNames(true)); err != nil {
			t.Fatalf("%s: %s %v", who, r.body, err)
		}
		got := a.Record.Villages
		if want == 2 && len(got) < 2 || want < 2 && len(got) != want {
			t.Errorf("%s: %d villages", who, len(got))
		}
		for _, v := range got {
			if v.Name == "" || len(v.Code) != 12 {
				t.Errorf("%s: %+v", who, v)
			}
		}
		if who == "worker" && got[0].Code != ownVillage {
			t.Errorf("worker: %+v", got)
		}
	}
}
