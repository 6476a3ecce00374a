package hooks

import (
	"time"

	"doorstep/domain/access"
	"doorstep/register"
)

// sessionOf begins a session of somebody's, as a sign-in does.
func (s *site) sessionOf(who string) string {
	s.t.Helper()
	id := newID()
	b := register.Beginning{ID: id, Account: s.people[who], Kind: register.TabletSession, Agent: "Chrome", Origin: "10.0.0.9", Expires: s.server.Engine.Now().Add(time.Hour)}
	if err := s.server.own.Sessions.Begin(s.t.Context(), b); err != nil {
		s.t.Fatal(err)
	}
	return id
}

// freshToken is of a session of its own.
func (s *site) freshToken(who string) string {
	s.t.Helper()
	rec, err := s.server.App.FindRecordById("users", s.people[who])
	if err != nil {
		s.t.Fatal(err)
	}
	token, err := s.server.mint(rec, passport{session: s.sessionOf(who)}, time.Hour)
	if err != nil {
		s.t.Fatal(err)
	}
	return token
}

// wrongPassphrase is of nobody: each call is told so, and nothing changes.
var wrongPassphrase = map[string]any{"password": "not-this-one-2026"}

// signInRows: one's own account is everybody's, whatever the office; of others', whose
// keeper one is.
var signInRows = map[string]row{
	"GET /api/console/v1/own/account":          {all, at("/api/console/v1/own/account"), 0},
	"POST /api/console/v1/own/password":        {all, at2("/api/console/v1/own/password", map[string]any{"old": "not-this-one-2026", "new": "another-one-of-2026"}), 0},
	"POST /api/console/v1/own/factor":          {[]access.Role{"town", "county", "department", "auditor", "data", "admin"}, at2("/api/console/v1/own/factor", wrongPassphrase), 0}, // the village has none
	"POST /api/console/v1/own/factor/confirm":  {all, at2("/api/console/v1/own/factor/confirm", map[string]any{"code": "000000"}), 0},
	"POST /api/console/v1/own/factor/recovery": {all, at2("/api/console/v1/own/factor/recovery", wrongPassphrase), 0},
	"POST /api/console/v1/own/factor/drop":     {all, at2("/api/console/v1/own/factor/drop", wrongPassphrase), 0},
	"POST /api/console/v1/own/sign-out": {all, func(s *site, who string, _ *scene) (string, any) {
		s.tokens[who] = s.freshToken(who)
		return "/api/console/v1/own/sign-out", nil
	}, 0},
	"POST /api/console/v1/own/sessions/{session}/end": {all, func(s *site, who string, _ *scene) (string, any) {
		return "/api/console/v1/own/sessions/" + s.sessionOf(who) + "/end", nil
	}, 0},
	"GET /api/console/v1/accounts/{account}/sessions": {keepers, func(s *site, _ string, sc *scene) (string, any) {
		return "/api/console/v1/accounts/" + s.spare(sc) + "/sessions", nil
	}, 404},
	"POST /api/console/v1/accounts/{account}/sessions/{session}/end": {keepers, func(s *site, _ string, sc *scene) (string, any) {
		return "/api/console/v1/accounts/" + s.people[sc.worker] + "/sessions/" + s.sessionOf(sc.worker) + "/end", nil
	}, 404},
	"POST /api/console/v1/accounts/{account}/factor/drop": {keepers, func(s *site, _ string, sc *scene) (string, any) {
		return "/api/console/v1/accounts/" + s.spare(sc) + "/factor/drop", nil
	}, 404},
}
