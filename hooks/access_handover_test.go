package hooks

import (
	"maps"

	"doorstep/domain/access"
	"doorstep/domain/handover"
	"doorstep/register"
	"doorstep/sync/engine"
)

// handoverRows: households that go to other counties, and come from them.
var handoverRows = map[string]row{
	"GET /api/console/v1/handovers": {readers, func(s *site, _ string, sc *scene) (string, any) {
		s.offered(sc)
		return "/api/console/v1/handovers?state=out&limit=500", nil
	}, 0},
	"GET /api/console/v1/handovers/options": {readers, at("/api/console/v1/handovers/options"), 0},
	"POST /api/console/v1/handovers": {deciders, func(s *site, _ string, sc *scene) (string, any) {
		return "/api/console/v1/handovers", s.offerOf(sc)
	}, 404},
	"GET /api/console/v1/households/{id}/handover": {deciders, func(_ *site, _ string, sc *scene) (string, any) {
		return "/api/console/v1/households/" + sc.household + "/handover", nil
	}, 404},
	"GET /api/console/v1/handovers/{id}":           {readers, offeredAt("", nil), 404},
	"POST /api/console/v1/handovers/{id}/withdraw": {deciders, offeredAt("/withdraw", obj{"reason": "不转了"}), 404},
	"POST /api/console/v1/handovers/{id}/accept": {[]access.Role{"county"}, func(s *site, _ string, sc *scene) (string, any) {
		return "/api/console/v1/handovers/" + s.comesIn(sc.word) + "/accept", obj{"region": sc.village(), "begins": s.today()}
	}, 404},
	"POST /api/console/v1/handovers/{id}/keep": {[]access.Role{"county"}, func(s *site, _ string, sc *scene) (string, any) {
		return consolePrefix + "/handovers/" + s.clashes(sc) + "/keep", s.talked(nil)
	}, 404},
	"POST /api/console/v1/handovers/{id}/yield": {[]access.Role{"county"}, func(s *site, _ string, sc *scene) (string, any) {
		return consolePrefix + "/handovers/" + s.clashes(sc) + "/yield", s.talked(obj{"ends": s.today()})
	}, 404},
	"POST /api/console/v1/handovers/{id}/refuse": {[]access.Role{"county"}, func(s *site, _ string, sc *scene) (string, any) {
		return "/api/console/v1/handovers/" + s.comesIn(sc.word) + "/refuse", obj{"reason": "不在本市居住"}
	}, 404},
}

// clashes is one that was taken in here, and of which the neighbour says that it was withdrawn.
func (s *site) clashes(sc *scene) string {
	id := s.comesIn(sc.word)
	s.the(200, "county", "POST", "/handovers/"+id+"/accept", obj{"region": sc.village(), "begins": s.today()})
	s.update(func(tx *engine.Tx) error {
		return s.server.handovers.Hear(tx, register.HandoverWord{ID: id, Word: handover.Settles, From: "370283", To: "370281", Result: handover.Withdrawn})
	})
	return id
}

// talked is with whom a clash was talked over, and what else is said.
func (s *site) talked(more obj) obj {
	out := obj{"with": "邻县民政局 薛主任", "talked_on": s.today(), "reason": "人住在邻县"}
	maps.Copy(out, more)
	return out
}

// offerOf is an offer of a new household in the scene's village, so that none is offered
// twice.
func (s *site) offerOf(sc *scene) obj {
	home := s.record("households", map[string]any{"region": sc.village(), "head_name": sc.word + "迁户"})
	return s.offer(home)
}

func (s *site) offered(sc *scene) string {
	o := s.offerOf(sc)
	s.the(200, sc.town, "POST", "/handovers", o)
	sc.ids = append(sc.ids, o["id"].(string))
	return o["id"].(string)
}

func offeredAt(tail string, body any) func(*site, string, *scene) (string, any) {
	return func(s *site, _ string, sc *scene) (string, any) {
		return consolePrefix + "/handovers/" + s.offered(sc) + tail, body
	}
}
