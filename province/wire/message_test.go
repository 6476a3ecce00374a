package wire

import (
	"bytes"
	"crypto/rand"
	"reflect"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
)

func sample() *Message {
	return &Message{Kind: Put, County: "370281", Term: "e1", Seq: 7, Type: "members", Record: "m1", Household: "h1", Area: "370281102200", Values: []byte(`{"alive":true}`)}
}

func TestAMessageIsReadBackAsItWasWritten(t *testing.T) {
	m := sample()
	text, err := m.Encode()
	if err != nil {
		t.Fatal(err)
	}
	for _, subject := range []string{"register.370281.members", "up.3.370281.members"} {
		got, err := Decode(subject, text)
		if err != nil || !reflect.DeepEqual(got, m) {
			t.Fatalf("%s: %+v, %v", subject, got, err)
		}
	}
	if m.ID() != "370281:e1:7:m1" || m.Subject() != "register.370281.members" {
		t.Fatal(m.ID(), m.Subject())
	}
}

func TestWhatIsNoMessageOfThatSubjectIsRefused(t *testing.T) {
	for name, c := range map[string]struct {
		subject string
		change  func(*Message)
	}{
		"another county's":   {"register.370282.members", func(*Message) {}},
		"another type's":     {"register.370281.households", func(*Message) {}},
		"a type that stays":  {"register.370281.photos", func(m *Message) { m.Type = "photos" }},
		"no subject of ours": {"elsewhere.370281.members", func(*Message) {}},
		"no record":          {"register.370281.members", func(m *Message) { m.Record = "" }},
		"no term":            {"register.370281.members", func(m *Message) { m.Term = "" }},
		"no values":          {"register.370281.members", func(m *Message) { m.Values = nil }},
		"an unknown kind":    {"register.370281.members", func(m *Message) { m.Kind = "swap" }},
		"a beginning there":  {"register.370281.members", func(m *Message) { m.Kind = Begin }},
		"a negative seq":     {"register.370281.members", func(m *Message) { m.Seq = -1 }},
		"far too large":      {"register.370281.members", func(m *Message) { m.Household = strings.Repeat("x", MostBytes) }},
	} {
		m := sample()
		c.change(m)
		text, err := m.Encode()
		if err != nil {
			t.Fatal(err)
		}
		if got, err := Decode(c.subject, text); err == nil {
			t.Errorf("%s was taken: %+v", name, got)
		}
	}
	newer := bytes.Replace([]byte(`{"v":1,"kind":"put"}`), []byte("1"), []byte("3"), 1)
	if _, err := Decode("register.370281.members", newer); err != ErrNewer {
		t.Errorf("a newer version: %v", err)
	}
}

func keys(t *testing.T) (*ProvinceKeys, *Sealer, *Opener) {
	t.Helper()
	p, err := NewKeys(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	text, err := Text(p)
	if err != nil {
		t.Fatal(err)
	}
	if p, err = ParseProvinceKeys(text); err != nil {
		t.Fatal(err)
	}
	c, err := p.County()
	if err != nil {
		t.Fatal(err)
	}
	if text, err = Text(c); err != nil {
		t.Fatal(err)
	}
	if c, err = ParseCountyKeys(text); err != nil {
		t.Fatal(err)
	}
	s, err := NewSealer(c, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	o, err := NewOpener(p)
	if err != nil {
		t.Fatal(err)
	}
	return p, s, o
}

func TestAnEnvelopeOpensForItsProvinceAndItsRecordAlone(t *testing.T) {
	_, s, o := keys(t)
	_, _, stranger := keys(t)
	values := map[string]any{"id_number": "370281195001011239", "name": "某人"}
	sealed, err := s.Seal("370281", "members", "m1", values)
	if err != nil || bytes.Contains(sealed, []byte("3702811950")) {
		t.Fatalf("%x, %v", sealed, err)
	}
	if got, err := o.Open("370281", "members", "m1", sealed); err != nil || !reflect.DeepEqual(got, values) {
		t.Fatalf("%v, %v", got, err)
	}
	if _, err := stranger.Open("370281", "members", "m1", sealed); err == nil {
		t.Error("another province opened it")
	}
	for _, at := range [][3]string{{"370282", "members", "m1"}, {"370281", "members", "m2"}, {"370281", "households", "m1"}} {
		if _, err := o.Open(at[0], at[1], at[2], sealed); err == nil {
			t.Errorf("it opened as %v", at)
		}
	}
	for i := range sealed {
		c := bytes.Clone(sealed)
		c[i] ^= 1
		if got, err := o.Open("370281", "members", "m1", c); err == nil {
			t.Fatalf("changed at %d it opened as %v", i, got)
		}
		if i%16 == 0 {
			if _, err := o.Open("370281", "members", "m1", sealed[:i]); err == nil && i > 0 {
				t.Fatalf("cut at %d it opened", i)
			}
		}
	}
}

func TestTheSameNumberHasOneBlindInAllCountiesOfAProvince(t *testing.T) {
	p, s, o := keys(t)
	c, _ := p.County()
	other, err := NewSealer(c, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	_, stranger, _ := keys(t)
	one := s.Blind("370281195001011239")
	if one != other.Blind("370281195001011239") || one != o.Blind("370281195001011239") || one == s.Blind("370281195001011247") ||
		one == stranger.Blind("370281195001011239") || s.Blind("") != "" {
		t.Fatal("blinds")
	}
}

func TestADamagedKeyFileIsRefused(t *testing.T) {
	for _, text := range []string{"", "{}", `{"public":"AA==","verify":"AA==","blind":"AA=="}`} {
		if _, err := ParseCountyKeys([]byte(text)); err == nil {
			t.Errorf("%q is a county's keys", text)
		}
		if _, err := ParseProvinceKeys([]byte(text)); err == nil {
			t.Errorf("%q is a province's keys", text)
		}
	}
}

func TestAMessageIsFilledAsTheTableLetsIt(t *testing.T) {
	_, s, o := keys(t)
	number := "370281195001011239"
	has := map[string]any{"household": "h1", "name": "某\"人\u2028", "id_kind": "resident", "id_number": number, "alive": true, "birth_date": "", "phone": "13905320001", "nation": "汉族"}
	m := sample()
	if err := s.Fill(m, func(column string) any { return has[column] }); err != nil {
		t.Fatal(err)
	}
	var open map[string]any
	if err := json.Unmarshal(m.Values, &open); err != nil || !reflect.DeepEqual(open, map[string]any{"household": "h1", "id_kind": "resident", "alive": true, "birth_date": ""}) {
		t.Errorf("%s, %v", m.Values, err)
	}
	sealed, err := o.Open(m.County, m.Type, m.Record, m.Sealed)
	if err != nil || !reflect.DeepEqual(sealed, map[string]any{"name": has["name"], "id_number": number}) || m.Blind != o.Blind(number) {
		t.Errorf("%v %q, %v", sealed, m.Blind, err)
	}
	visit := &Message{Kind: Put, County: "370281", Term: "e1", Type: "visits", Record: "v1"}
	if err := s.Fill(visit, func(string) any { return nil }); err != nil || string(visit.Values) != "{}" || visit.Sealed != nil || visit.Blind != "" {
		t.Errorf("%+v, %v", visit, err)
	}
}

func TestOfAMomentTheDayGoesUpAndOfSomebodyWhetherThereIsOne(t *testing.T) {
	keys, err := NewKeys(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	county, err := keys.County()
	if err != nil {
		t.Fatal(err)
	}
	s, err := NewSealer(county, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for want, values := range map[string]map[string]any{
		`{"state":"open","created":"2026-11-24"}`:                       {"state": "open", "handled_by": "", Created: "2026-11-23T16:00:00.000Z"},
		`{"state":"ended","handled_by":true,"created":"2026-11-23"}`:    {"state": "ended", "handled_by": "王主任", Created: "2026-11-23T15:59:59.999Z"},
		`{"state":"ended","handled_on":"2026-11-23","handled_by":true}`: {"state": "ended", "handled_on": "2026-11-23", "handled_by": "user-7"},
		`{"state":"delivered","handled_on":"2026-11-23"}`:               {"state": "delivered", "handled_on": "2026-11-23", Created: "no moment"},
	} {
		m := Message{County: "370281", Type: "warnings", Record: "w1"}
		if err := s.Fill(&m, func(column string) any { return values[column] }); err != nil || string(m.Values) != want || m.Sealed != nil {
			t.Errorf("%s, not %s: %v", m.Values, want, err)
		}
	}
}
