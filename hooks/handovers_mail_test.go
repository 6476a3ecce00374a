package hooks

import (
	"crypto/rand"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"doorstep/domain/handover"
	"doorstep/province/handing"
	"doorstep/province/wire"
	"doorstep/register"
	"doorstep/sync/engine"

	"github.com/go-json-experiment/json"
)

// join joins a site to a province as a county.
func (s *site) join(county string) {
	s.t.Helper()
	keys, err := wire.NewHandKeys(rand.Reader)
	if err != nil {
		s.t.Fatal(err)
	}
	book := handing.Book(s.server.Engine, county, keys, rand.Reader)
	s.server.Handovers(book)
	s.update(book.Introduce)
}

func (s *site) update(fn func(*engine.Tx) error) {
	s.t.Helper()
	if err := s.server.Engine.Update(s.t.Context(), fn); err != nil {
		s.t.Fatal(err)
	}
}

// neighbour is a county of which only its keys are there.
func (s *site) neighbour() *wire.HandKeys {
	s.t.Helper()
	keys, err := wire.NewHandKeys(rand.Reader)
	if err != nil {
		s.t.Fatal(err)
	}
	public, _ := keys.Public()
	s.update(func(tx *engine.Tx) error {
		return s.server.handovers.Hear(tx, register.HandoverWord{ID: "370283", Word: "cards", Cards: []register.HandoverCard{{County: "370283", Name: "邻县", Public: public}}})
	})
	return keys
}

// offer is an offer to that county.
func (s *site) offer(household string) obj {
	if len(s.texts(`SELECT county FROM province_counties`)) == 0 {
		s.neighbour()
	}
	return obj{"id": newID(), "household": household, "county": "370283", "reason": "registration", "moved_on": s.today(), "consent_by": "户主", "consent_on": s.today()}
}

// comesIn is an offer of the neighbour's that waits here.
func (s *site) comesIn(word string) string {
	s.t.Helper()
	public, _ := s.server.handovers.Keys.Public()
	id := newID()
	dossier, _ := json.Marshal(register.Dossier{Reason: "kin", MovedOn: s.today(), By: "邻县经办", OfferedOn: s.today(), Records: map[string][]register.Handed{
		"households": {{ID: "h", Values: map[string]any{"head_name": word + "来户"}}}, "members": {{ID: "m", Values: map[string]any{"name": word + "来人"}}}}})
	sealed, err := wire.SealTo(public, id+"/370283/370281/offer", dossier, rand.Reader)
	if err != nil {
		s.t.Fatal(err)
	}
	s.update(func(tx *engine.Tx) error {
		return s.server.handovers.Hear(tx, register.HandoverWord{ID: id, Word: handover.Offers, From: "370283", To: "370281", Household: newID(), Ticket: "t", Sealed: sealed})
	})
	return id
}

// mail is the province between two counties, in memory: each word is passed on once, kept
// for ever, and read from where the reader's database says that it is.
type mail struct {
	t      *testing.T
	books  map[string]*site
	read   map[string]int
	boxes  map[string][]*wire.Hand
	passed map[string]bool
}

func newMail(t *testing.T, now func() time.Time) (m *mail, a, b *site) {
	t.Helper()
	a, b = newSiteAt(t, now), newSiteAt(t, now)
	a.join("370282") // where these people live is 370281's table; of the other only its code matters
	m = &mail{t, map[string]*site{"370282": a, "370281": b}, map[string]int{}, map[string][]*wire.Hand{}, map[string]bool{}}
	a.exec(`DELETE FROM handover_words WHERE name LIKE '370281%'`)
	m.round()
	return m, a, b
}

// collect takes up what a county says.
func (m *mail) collect(s *site) {
	m.t.Helper()
	s.update(func(tx *engine.Tx) error {
		names, words, err := handing.Outbox{Book: s.server.handovers}.Unsaid(tx, "stream", 50)
		for i, h := range words {
			message := &wire.Message{Kind: wire.Says, County: h.Giver(), Type: wire.HandedOver, Hand: h}
			text, err := message.Encode()
			if err == nil {
				message, err = wire.Decode(message.Subject(), text)
			}
			if err != nil {
				return fmt.Errorf("%s does not go up: %w", names[i], err)
			}
			m.pass(message.Hand)
		}
		if err != nil || len(names) == 0 {
			return err
		}
		return s.server.handovers.Said(tx, "stream", names)
	})
}

func (m *mail) pass(h *wire.Hand) {
	if m.passed[h.Name()] {
		return
	}
	m.passed[h.Name()] = true
	if h.Word == wire.SaysCard {
		for county := range m.books {
			if county != h.ID {
				m.boxes[county] = append(m.boxes[county], &wire.Hand{ID: h.ID, Word: wire.SaysCards, Cards: h.Cards})
			}
		}
		return
	}
	m.boxes[h.Addressee()] = append(m.boxes[h.Addressee()], h)
}

// deliver has a county hear what is there for it, each word so many times.
func (m *mail) deliver(county string, times int) (heard int) {
	m.t.Helper()
	s := m.books[county]
	for ; m.read[county] < len(m.boxes[county]); m.read[county]++ {
		heard++
		for range times {
			s.update(func(tx *engine.Tx) error {
				return handing.Hear(s.server.handovers)(tx, m.boxes[county][m.read[county]])
			})
		}
	}
	return heard
}

// round is until nobody has anything to say; every word is heard twice.
func (m *mail) round() {
	m.t.Helper()
	for again := true; again; {
		again = false
		for _, county := range slices.Sorted(maps.Keys(m.books)) {
			m.collect(m.books[county])
		}
		for county := range m.books {
			again = m.deliver(county, 2) > 0 || again
		}
	}
}

// moving is a household of county A with two people, a category, aid and a determination.
func moving(a *site, number string) (home, member string) {
	a.t.Helper()
	home = a.record("households", map[string]any{"region": ownVillage, "head_name": "匡迁户", "phone": "13905320009", "monthly_income": 900.0, "tags": []any{"veteran"}})
	member = a.record("members", map[string]any{"household": home, "name": "匡迁户", "relation": "02", "id_kind": map[bool]string{true: "resident", false: "passport"}[len(number) == 18], "id_number": number, "health": "serious", "illness": "肾病"})
	a.record("members", map[string]any{"household": home, "name": "匡小迁", "relation": "20", "alive": true})
	a.enter("create", "categories", newID(), map[string]any{"household": home, "category": "subsistence", "from": "2026-01-01"})
	a.enter("create", "categories", newID(), map[string]any{"household": home, "category": "marginal", "from": "2024-01-01", "to": "2025-12-31"})
	a.enter("create", "assistance", newID(), map[string]any{"household": home, "member": member, "item": "medical_aid", "department": "medical", "amount": 1200.0, "given_on": "2026-05-06", "state": "given"})
	return home, member
}

func (s *site) offerTo(home, county string) obj {
	return obj{"id": newID(), "household": home, "county": county, "reason": "kin", "moved_on": "2026-11-20", "address": "阜安街道", "note": "请尽快接续", "consent_by": "匡迁户", "consent_on": "2026-11-21"}
}

// theDay is when these tests are.
func theDay() time.Time { return time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC) }

// of are the living records of a type of a household.
func (s *site) of(typ, home string) (out []engine.Record) {
	s.t.Helper()
	if err := s.server.Engine.View(s.t.Context(), func(v *engine.View) (err error) {
		out, err = v.Records(typ, home)
		return err
	}); err != nil {
		s.t.Fatal(err)
	}
	return out
}

// held is "category from to" of a household, sorted.
func (s *site) held(home string) (out []string) {
	for _, c := range s.of("categories", home) {
		out = append(out, c.Text("category")+" "+c.Text("from")+" "+c.Text("to"))
	}
	slices.Sort(out)
	return out
}

// home is a household's record; nil there is none.
func (s *site) household(id string) *engine.Record {
	s.t.Helper()
	var out *engine.Record
	if err := s.server.Engine.View(s.t.Context(), func(v *engine.View) error {
		r, ok, err := v.Record("households", id)
		if ok {
			out = &r
		}
		return err
	}); err != nil {
		s.t.Fatal(err)
	}
	return out
}
