package servers

import (
	"crypto/rand"
	"testing"

	"doorstep/province/store"
	"doorstep/province/wire"

	"github.com/go-json-experiment/json"
)

// Telling says to a store what counties say, as the reader of a stream hands it over.
type Telling struct {
	T      testing.TB
	Store  *store.Store
	Sealer *wire.Sealer
	// Partition is where it says so: one of the stream's that nobody reads.
	Partition int
	at        uint64
	seqs      map[string]int64
}

// NewTelling seals by the keys that counties of the province have.
func NewTelling(t testing.TB, st *store.Store, keys *wire.CountyKeys) *Telling {
	t.Helper()
	sealer, err := wire.NewSealer(keys, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return &Telling{T: t, Store: st, Sealer: sealer, seqs: map[string]int64{}}
}

// Says tells a record.
func (s *Telling) Says(county, record, typ, home, area string, values map[string]any) {
	s.T.Helper()
	s.Tell(county, &wire.Message{Kind: wire.Put, Type: typ, Record: record, Household: home, Area: area, Values: s.text(values)})
}

// Person tells a member by name and number.
func (s *Telling) Person(county, record, home, area, name, number string, values map[string]any) {
	s.T.Helper()
	sealed, err := s.Sealer.Seal(county, "members", record, map[string]any{"name": name, "id_number": number})
	if err != nil {
		s.T.Fatal(err)
	}
	s.Tell(county, &wire.Message{Kind: wire.Put, Type: "members", Record: record, Household: home, Area: area, Values: s.text(values), Sealed: sealed, Blind: s.Sealer.Blind(number)})
}

func (s *Telling) text(values map[string]any) []byte {
	s.T.Helper()
	text, err := json.Marshal(values)
	if err != nil {
		s.T.Fatal(err)
	}
	return text
}

// Tell hands a message over, the first of a county behind its beginning.
func (s *Telling) Tell(county string, m *wire.Message) {
	s.T.Helper()
	var list []store.Delivered
	if s.seqs[county] == 0 {
		s.at++
		list = append(list, store.Delivered{At: s.at, Message: &wire.Message{County: county, Term: "t-" + county, Kind: wire.Begin}})
	}
	s.at++
	s.seqs[county]++
	m.County, m.Term, m.Seq = county, "t-"+county, s.seqs[county]
	if err := s.Store.Apply(s.T.Context(), s.Partition, "s", 0, append(list, store.Delivered{At: s.at, Message: m})); err != nil {
		s.T.Fatal(err)
	}
}
