package engine

import (
	"strconv"

	"doorstep/sync/atrest"
	"doorstep/sync/policy"
)

// What the engine's tables hold sealed (docs/decisions/0046): every operation's text, in
// the log and in the archive; of records the fields that tablets read masked, with what
// was last confirmed of such a record; what cases and reviews compare. Whose a value is
// (`about`) is the record's, the case's or the review's id, and an op's or a pack's number.

// opener opens what the database holds sealed.
type opener interface {
	opened(about string, sealed []byte) ([]byte, error)
	openedText(about, text string) (string, error)
}

func (tx *Tx) opened(about string, sealed []byte) ([]byte, error) {
	return tx.e.cfg.Ring.Open(about, sealed)
}

func (tx *Tx) openedText(about, text string) (string, error) {
	return tx.e.cfg.Ring.OpenText(about, text)
}

func (s *snapshot) opened(about string, sealed []byte) ([]byte, error) {
	return s.ring.Open(about, sealed)
}

func (s *snapshot) openedText(about, text string) (string, error) {
	return s.ring.OpenText(about, text)
}

// Ring is the county's keys, for rooms with tables of their own.
func (e *Engine) Ring() *atrest.Ring { return e.cfg.Ring }

// Ring is the county's keys.
func (tx *Tx) Ring() *atrest.Ring { return tx.e.cfg.Ring }

// Ring is the county's keys.
func (v *View) Ring() *atrest.Ring { return v.s.ring }

// OpenBody opens an operation's text as the log's line has it.
func (e *Engine) OpenBody(seq int64, stored []byte) ([]byte, error) {
	return e.cfg.Ring.Open(aboutOp(seq), stored)
}

// OpenPack opens a pack of the archive whose first operation is first.
func (e *Engine) OpenPack(first int64, stored []byte) ([]byte, error) {
	return e.cfg.Ring.Open(aboutPack(first), stored)
}

func aboutOp(seq int64) string { return "op:" + strconv.FormatInt(seq, 10) }

// aboutPack names a pack by the first op that it holds.
func aboutPack(first int64) string { return "pack:" + strconv.FormatInt(first, 10) }

// sealedText is a value as JSON, sealed.
func (tx *Tx) sealedText(about string, v any) (string, error) {
	text, err := encodeText(v)
	if err != nil {
		return "", err
	}
	return tx.e.cfg.Ring.SealText(about, text)
}

// openText decodes what sealedText wrote.
func openText(o opener, about, text string, into any) error {
	plain, err := o.openedText(about, text)
	if err != nil {
		return err
	}
	return decodeText(plain, into)
}

// blindColumns are a type's columns that a value is found by where the value itself is
// sealed.
func blindColumns(t *policy.Type) (fields, columns []string) {
	for i := range t.Fields {
		if f := &t.Fields[i]; f.Blind {
			fields, columns = append(fields, f.Name), append(columns, f.BlindColumn())
		}
	}
	return fields, columns
}
