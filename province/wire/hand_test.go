package wire

import (
	"bytes"
	"crypto/rand"
	"errors"
	"reflect"
	"strings"
	"testing"
)

func handKeys(t *testing.T) (*HandKeys, []byte) {
	t.Helper()
	k, err := NewHandKeys(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	public, err := k.Public()
	if err != nil {
		t.Fatal(err)
	}
	return k, public
}

func offer() *Hand {
	return &Hand{ID: "h1", Word: SaysOffer, From: "370281", To: "370282", Household: "r1", Ticket: "t", Sealed: []byte("x")}
}

func saying(county string, h *Hand) *Message { return &Message{Kind: Says, County: county, Hand: h} }

func TestAWordBetweenCountiesGoesUpUnderItsSayersNameAlone(t *testing.T) {
	_, public := handKeys(t)
	accepted := &Hand{ID: "h1", Word: SaysAnswer, From: "370281", To: "370282", Household: "r1", Result: "accepted", Taken: "r2", Begins: "2026-12-01"}
	for name, c := range map[string]struct {
		county string
		hand   *Hand
	}{
		"an offer": {"370281", offer()}, "an answer": {"370282", accepted},
		"a card": {"370281", &Hand{ID: "370281", Word: SaysCard, Cards: []Card{{"370281", "甲市", public}}}},
	} {
		m := saying(c.county, c.hand)
		text, err := m.Encode()
		if err != nil {
			t.Fatal(err)
		}
		got, err := Decode(m.Subject(), text)
		if err != nil || !reflect.DeepEqual(got, m) || m.Subject() != "register."+c.county+".handover" {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	for name, change := range map[string]func(m *Message, h *Hand){
		"of another county":   func(_ *Message, h *Hand) { h.From = "370283" },
		"to itself":           func(_ *Message, h *Hand) { h.To = "370281" },
		"to nobody":           func(_ *Message, h *Hand) { h.To = "" },
		"of no household":     func(_ *Message, h *Hand) { h.Household = "" },
		"an unknown word":     func(_ *Message, h *Hand) { h.Word = "grab" },
		"with a result":       func(_ *Message, h *Hand) { h.Result = "accepted" },
		"the answer of both":  func(_ *Message, h *Hand) { h.Word, h.Result = SaysAnswer, "refused" },
		"settled for nothing": func(_ *Message, h *Hand) { h.Word = SaysSettled },
		"without a day":       func(_ *Message, h *Hand) { h.Word, h.Result, h.Taken = SaysSettled, "accepted", "r2" },
		"too large":           func(_ *Message, h *Hand) { h.Sealed = make([]byte, mostSealed+1) },
		"the province's":      func(_ *Message, h *Hand) { h.Word = SaysCards },
		"another's card": func(_ *Message, h *Hand) {
			*h = Hand{ID: "370281", Word: SaysCard, Cards: []Card{{"370282", "乙市", public}}}
		},
		"a card of no key": func(_ *Message, h *Hand) {
			*h = Hand{ID: "370281", Word: SaysCard, Cards: []Card{{"370281", "甲市", []byte("x")}}}
		},
		"nothing": func(m *Message, _ *Hand) { m.Hand = nil },
	} {
		m := saying("370281", offer())
		change(m, m.Hand)
		text, err := m.Encode()
		if err != nil {
			t.Fatal(err)
		}
		if got, err := Decode("register.370281.handover", text); err == nil {
			t.Errorf("%s was taken: %+v", name, got.Hand)
		}
	}
	text, _ := saying("370281", offer()).Encode()
	if _, err := Decode("register.370281.members", text); err == nil {
		t.Error("it was taken under another type")
	}
}

func TestAnOlderProgramWaitsAtAWordAndReadsOnPastAllElse(t *testing.T) {
	for want, m := range map[string]*Message{`"v":1`: sample(), `"v":2`: saying("370281", offer())} {
		if text, err := m.Encode(); err != nil || !bytes.Contains(text, []byte(want)) {
			t.Errorf("%s %v, not %s", text, err, want)
		}
	}
}

func TestAWordIsReadByTheCountyThatItIsForAndOnlyAsTheProvincePassedItOn(t *testing.T) {
	province, err := NewKeys(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	county, err := province.County()
	if err != nil {
		t.Fatal(err)
	}
	signer, err := NewSigner(province)
	if err != nil {
		t.Fatal(err)
	}
	text, err := signer.SignHand("370282", offer(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if f, h, err := county.Read("370282", text); err != nil || f != nil || !reflect.DeepEqual(h, offer()) {
		t.Fatal(f, h, err)
	}
	if _, err := county.Verified("370282", text); err == nil {
		t.Error("it was taken for a finding")
	}
	if _, _, err := county.Read("370281", text); err == nil {
		t.Error("another county read it")
	}
	forged := bytes.Replace(text, []byte("r1"), []byte("r9"), 1)
	if _, _, err := county.Read("370282", forged); !errors.Is(err, ErrSignature) {
		t.Error(err)
	}
	astray, _ := signer.SignHand("370283", offer(), rand.Reader)
	if _, _, err := county.Read("370283", astray); err == nil {
		t.Error("a word for another county was taken")
	}
}

func TestOnlyTheCountyThatASealIsForOpensIt(t *testing.T) {
	k, public := handKeys(t)
	other, _ := handKeys(t)
	plain := []byte(strings.Repeat(`{"name":"测试","id_number":"110105194912310021"}`, 500))
	sealed, err := SealTo(public, "h1/offer", plain, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(sealed, []byte("测试")) || len(sealed) > len(plain)/10 {
		t.Errorf("%d bytes of %d", len(sealed), len(plain))
	}
	if got, err := k.Open("h1/offer", sealed); err != nil || !bytes.Equal(got, plain) {
		t.Fatal(err)
	}
	if _, err := k.Open("h2/offer", sealed); err == nil {
		t.Error("it opened as another's")
	}
	if _, err := other.Open("h1/offer", sealed); err == nil {
		t.Error("another county opened it")
	}
	if _, err := k.Open("h1/offer", sealed[:100]); err == nil {
		t.Error("half of it opened")
	}
	noise := make([]byte, MostBytes)
	_, _ = rand.Read(noise)
	if _, err := SealTo(public, "h1/offer", noise, rand.Reader); !errors.Is(err, ErrLarge) {
		t.Error(err)
	}
	largest := make([]byte, mostSealed-300)
	_, _ = rand.Read(largest)
	if sealed, err = SealTo(public, "h1/offer", largest, rand.Reader); err != nil {
		t.Fatal(err)
	}
	h := offer()
	h.Sealed = sealed
	if text, err := saying("370281", h).Encode(); err != nil || len(text) > MostBytes {
		t.Errorf("the largest word does not go up: %d bytes, %v", len(text), err)
	}
}

func TestACountyKnowsItsOwnOfferAgain(t *testing.T) {
	k, _ := handKeys(t)
	text, err := Text(k)
	if err != nil {
		t.Fatal(err)
	}
	if k, err = ParseHandKeys(text); err != nil {
		t.Fatal(err)
	}
	ticket := k.Ticket("h1", "370282", "r1")
	if !k.Mine(ticket, "h1", "370282", "r1") || k.Mine(ticket, "h1", "370282", "r2") || k.Mine(ticket, "h1", "370283", "r1") || k.Mine("", "h1", "370282", "r1") {
		t.Error("tickets")
	}
	if _, err := ParseHandKeys([]byte(`{"private":"AAAA"}`)); err == nil {
		t.Error("half a key was read")
	}
}
