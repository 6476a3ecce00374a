// Package handing joins a county's book of handovers (register) to the province's stream
// (province/relay): it turns the one's words into the other's and seals them with the
// county's own keys. It decides nothing about households and knows no servers.
package handing

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"doorstep/domain/handover"
	"doorstep/durable"
	"doorstep/province/wire"
	"doorstep/register"
	"doorstep/sync/engine"
)

// Keys reads the county's own keys, or makes them at the first start.
func Keys(dir string, random io.Reader) (*wire.HandKeys, error) {
	path := filepath.Join(dir, wire.HandKeyFile)
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		k, err := wire.NewHandKeys(random)
		if err != nil {
			return nil, err
		}
		if text, err = wire.Text(k); err != nil {
			return nil, err
		}
		return k, durable.WriteFile(path, bytes.NewReader(text))
	}
	if err != nil {
		return nil, err
	}
	k, err := wire.ParseHandKeys(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return k, nil
}

// Book is the county's book of handovers with its keys.
func Book(e *engine.Engine, county string, keys *wire.HandKeys, random io.Reader) *register.Handovers {
	return &register.Handovers{Engine: e, County: county, Keys: sealer{keys, random}}
}

// sealer is the keys as the register asks for them.
type sealer struct {
	*wire.HandKeys
	random io.Reader
}

func (s sealer) Seal(public []byte, what string, plain []byte) ([]byte, error) {
	sealed, err := wire.SealTo(public, what, plain, s.random)
	if errors.Is(err, wire.ErrLarge) {
		err = fmt.Errorf("%w: %w", register.ErrHandoverLarge, err)
	}
	return sealed, err
}

// Outbox is the book's words as the relay carries them.
type Outbox struct{ Book *register.Handovers }

// Unsaid are words that a stream has not acknowledged.
func (o Outbox) Unsaid(r engine.Reader, stream string, most int) ([]string, []*wire.Hand, error) {
	names, words, err := o.Book.Unsaid(r, stream, most)
	out := make([]*wire.Hand, len(words))
	for i := range words {
		out[i] = ToWire(&words[i])
	}
	return names, out, err
}

// Said notes that it has.
func (o Outbox) Said(tx *engine.Tx, stream string, names []string) error {
	return o.Book.Said(tx, stream, names)
}

// Hear has the book hear what another county says.
func Hear(book *register.Handovers) func(*engine.Tx, *wire.Hand) error {
	return func(tx *engine.Tx, h *wire.Hand) error { return book.Hear(tx, FromWire(h)) }
}

// ToWire is a word of the register as the stream carries it.
func ToWire(w *register.HandoverWord) *wire.Hand {
	h := &wire.Hand{ID: w.ID, Word: string(w.Word), From: w.From, To: w.To, Household: w.Household, Ticket: w.Ticket, Result: string(w.Result),
		Taken: w.Taken, Area: w.Area, Begins: w.Begins, Anew: w.Anew, Sealed: w.Sealed}
	for _, c := range w.Cards {
		h.Cards = append(h.Cards, wire.Card(c))
	}
	return h
}

// FromWire is the same the other way round.
func FromWire(h *wire.Hand) register.HandoverWord {
	w := register.HandoverWord{ID: h.ID, Word: handover.Word(h.Word), From: h.From, To: h.To, Household: h.Household, Ticket: h.Ticket, Result: handover.State(h.Result),
		Taken: h.Taken, Area: h.Area, Begins: h.Begins, Anew: h.Anew, Sealed: h.Sealed}
	for _, c := range h.Cards {
		w.Cards = append(w.Cards, register.HandoverCard(c))
	}
	return w
}
