package hooks

import (
	"slices"
	"testing"

	"doorstep/domain/handover"
	"doorstep/province/handing"
	"doorstep/province/wire"
	"doorstep/register"
	"doorstep/sync/engine"
)

// wordsGoUp are the names of all that a county says; each must be a message.
func (s *site) wordsGoUp() (names []string) {
	s.t.Helper()
	s.update(func(tx *engine.Tx) error {
		all, words, err := handing.Outbox{Book: s.server.handovers}.Unsaid(tx, "stream", 200)
		for i, h := range words {
			m := &wire.Message{Kind: wire.Says, County: h.Giver(), Type: wire.HandedOver, Hand: h}
			text, err := m.Encode()
			if err == nil {
				_, err = wire.Decode(m.Subject(), text)
			}
			if err != nil {
				s.t.Errorf("%s would be put aside, and nobody told: %v", all[i], err)
			}
		}
		names = all
		return err
	})
	return names
}

// A restored county has forgotten one offer and makes another; both counties take the
// household in. It goes to the one that was heard first, the other is told.
func TestAHouseholdThatAThirdCountyHasIsTakenBackFromTheSecond(t *testing.T) {
	s := newSite(t)
	s.join("370281")
	s.neighbour()
	home, _ := moving(s, "E13900021")
	accepted := func(id, by string) register.HandoverWord {
		return register.HandoverWord{ID: id, Word: handover.Answers, From: "370281", To: by, Household: home, Ticket: s.server.handovers.Keys.Ticket(id, by, home), Result: handover.Accepted, Taken: newID(), Begins: "2026-12-01"}
	}
	hear := func(w register.HandoverWord) {
		s.update(func(tx *engine.Tx) error { return s.server.handovers.Hear(tx, w) })
	}
	late, later := s.offer(home), newID()
	id := late["id"].(string)
	s.the(200, "county", "POST", "/handovers", late)
	hear(accepted(newID(), "370282"))
	if got := s.the(200, "county", "GET", "/handovers/"+id, nil); got["state"] != "withdrawing" {
		t.Errorf("it is still offered: %v", got["state"])
	}
	hear(accepted(id, "370283"))
	hear(accepted(later, "370284")) // of which this county knows nothing at all
	hear(accepted(id, "370283"))    // again
	names := s.wordsGoUp()
	for _, one := range []string{id, later} {
		if got := s.the(200, "county", "GET", "/handovers/"+one, nil); got["state"] != "withdrawn" {
			t.Errorf("%v", got)
		}
	}
	for _, want := range []string{id + ":withdraw", id + ":settled:withdrawn", later + ":settled:withdrawn"} {
		if !slices.Contains(names, want) {
			t.Errorf("%s is not said: %v", want, names)
		}
	}
}

// A county that took a household in, was restored and took it in again from another day
// begins as the other county heard it first.
func TestADayThatWasHeardFirstIsTheDay(t *testing.T) {
	m, a, b := newMail(t, theDay)
	home, _ := moving(a, "E13900022")
	o := a.offerTo(home, "370281")
	id := o["id"].(string)
	a.the(200, "town", "POST", "/handovers", o)
	m.round()
	taken := b.the(200, "county", "POST", "/handovers/"+id+"/accept", obj{"region": farVillage, "begins": "2026-12-20", "goes_on": true})["household"].(string)
	for range 2 {
		b.update(func(tx *engine.Tx) error {
			return b.server.handovers.Hear(tx, register.HandoverWord{ID: id, Word: handover.Settles, From: "370282", To: "370281", Household: home, Result: handover.Accepted, Taken: taken, Begins: "2026-12-01"})
		})
	}
	if got := b.held(taken); !slices.Equal(got, []string{"subsistence 2026-12-01 "}) {
		t.Errorf("%v", got)
	}
	if got := b.the(200, "county", "GET", "/handovers/"+id, nil); got["state"] != "accepted" || got["begins"] != "2026-12-01" || len(got["steps"].([]any)) != 3 {
		t.Errorf("%v", got)
	}
}

// What it went into before the restore may have been deleted after it: it stands by itself
// then, and what else comes down is heard; what was to be determined anew still is.
func TestWhatItWentIntoMayBeGoneAfterARestore(t *testing.T) {
	m, a, b := newMail(t, theDay)
	home, _ := moving(a, "E13900023")
	known := b.record("households", map[string]any{"region": farVillage, "head_name": "匡已来"})
	member := b.record("members", map[string]any{"household": known, "name": "匡已来", "id_kind": "passport", "id_number": "E13900023"})
	o := a.offerTo(home, "370281")
	id := o["id"].(string)
	a.the(200, "town", "POST", "/handovers", o)
	other, _ := moving(a, "E13900024")
	anew := a.offerTo(other, "370281")
	a.the(200, "town", "POST", "/handovers", anew)
	m.round()
	restore := m.backup("370281")
	b.the(200, "county", "POST", "/handovers/"+id+"/accept", obj{"into": known, "begins": "2026-12-01", "goes_on": true})
	apart := b.the(200, "county", "POST", "/handovers/"+anew["id"].(string)+"/accept", obj{"region": farVillage, "begins": "2026-12-01"})["household"].(string)
	m.round()
	restore()
	b = m.books["370281"]
	b.enter("delete", "members", member, nil)
	b.enter("delete", "households", known, nil)
	m.round()
	got := b.the(200, "county", "GET", "/handovers/"+id, nil)
	taken := got["household"].(string)
	if got["state"] != "accepted" || taken == known || len(b.of("members", taken)) != 2 || !slices.Equal(b.held(taken), []string{"subsistence 2026-12-01 "}) {
		t.Errorf("%v", got)
	}
	if people := len(b.of("members", apart)); people != 2 || len(b.held(apart)) > 0 {
		t.Errorf("%d people, %v", people, b.held(apart))
	}
}
