package hooks

import (
	"strconv"
	"testing"
	"time"

	"doorstep/register"
	"doorstep/sync/engine"
)

// silent waits for a stream's end and wants nothing said of what came after seq. It waits
// longer than a beat of the stream.
func silent(t *testing.T, whose string, lines <-chan string, seq int64) {
	t.Helper()
	late := time.After(40 * time.Second)
	for {
		select {
		case text, open := <-lines:
			if !open {
				return
			}
			if n, _ := strconv.ParseInt(between(text, `"seq":`, "}"), 10, 64); n > seq {
				t.Errorf("%s stream says %q after its end, at %d", whose, text, seq)
			}
		case <-late:
			t.Errorf("%s stream goes on", whose)
			return
		}
	}
}

// A stream ends with its session: signed out, ended by its owner or the account's keeper,
// or by a new passphrase. What happens afterwards is not told on it; the account's other
// session goes on.
func TestAStreamEndsWithItsSession(t *testing.T) {
	s := newSite(t)
	own := s.scene("本处金丝雀", ownVillage, "worker", "worker2", "town")
	d := s.tablet("worker2")
	visit := func() {
		d.push("applied", d.op("create", "visits", newID(), map[string]any{"household": own.household, "kind": "routine", "visited_on": "2026-11-20"}, nil))
	}
	sessions := map[string]string{}
	for _, name := range []string{"out", "keeper", "stays"} {
		id := s.sessionOf("worker")
		rec, err := s.server.App.FindRecordById("users", s.people["worker"])
		if err != nil {
			t.Fatal(err)
		}
		if s.tokens[name], err = s.server.mint(rec, passport{session: id}, time.Hour); err != nil {
			t.Fatal(err)
		}
		sessions[name] = id
	}
	out, kept, stays := s.stream("out", ""), s.stream("keeper", ""), s.stream("stays", "")
	s.the(200, "out", "POST", "/own/sign-out", nil)
	s.the(200, "town", "POST", "/accounts/"+s.people["worker"]+"/sessions/"+sessions["keeper"]+"/end", nil)
	before := s.server.Engine.Status().Seq
	visit()
	silent(t, "a signed-out session's", out, before)
	silent(t, "a session's that the town ended", kept, before)
	if text, open := heard(stays, 20*time.Second); !open || text == "" {
		t.Errorf("the other session hears %q, open %v", text, open)
	}
	if err := s.server.own.Sessions.EndAll(t.Context(), engine.Server, s.people["worker"], "", "passphrase", "10.0.0.9"); err != nil {
		t.Fatal(err)
	}
	before = s.server.Engine.Status().Seq
	visit()
	silent(t, "a session's whose passphrase is another", stays, before)
	if r := s.ask("stays", "GET", syncPrefix+"/events", nil); r.status != 401 {
		t.Errorf("listening again: %d", r.status)
	}
}

// A desk that was left, and a token that is over, hear nothing more: nobody ends them, the
// next thing that happens does.
func TestAStreamOfWhoIsGoneEndsAtTheNextEventAndIsToldNothing(t *testing.T) {
	at := clockAt(time.Now())
	s := newSiteAt(t, at.now)
	own := s.scene("本处金丝雀", ownVillage, "worker", "worker2", "town")
	s.tokens["desk"] = s.enterAs("town", password, map[string]any{"app": "desk"}).Token
	s.tokens["brief"] = s.freshToken("town") // an hour
	desk, brief := s.stream("desk", ""), s.stream("brief", "")
	d := s.tablet("worker")
	before := s.server.Engine.Status().Seq
	at.pass(register.DeskIdle + time.Minute)
	d.push("applied", d.op("create", "visits", newID(), map[string]any{"household": own.household, "kind": "routine", "visited_on": "2026-11-20"}, nil))
	silent(t, "a desk's that was left", desk, before)
	if text, open := heard(brief, 20*time.Second); !open || text == "" {
		t.Errorf("a tablet within its hour hears %q, open %v", text, open)
	}
	at.pass(time.Hour)
	before = s.server.Engine.Status().Seq
	d.push("applied", d.op("create", "visits", newID(), map[string]any{"household": own.household, "kind": "routine", "visited_on": "2026-11-20"}, nil))
	silent(t, "an expired token's", brief, before)
}
