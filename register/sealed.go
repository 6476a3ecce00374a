package register

import "doorstep/sync/engine"

// What the register's own tables hold sealed (docs/decisions/0046): the ID numbers that no
// record has, what travels between counties, and the rows of lists that could not be taken.

// SealedPlaces are they, for the engine's round with a new key.
func SealedPlaces() []engine.Place {
	return []engine.Place{
		{Table: "staff_relatives", Key: "id", About: "id", Columns: []engine.SealedColumn{{Name: "id_number", Blind: "id_number_blind"}}},
		{Table: "case_files", Key: "id", About: "id", Columns: []engine.SealedColumn{{Name: "body", Path: "$.about.id_number", Blind: "about_blind"}}},
		{Table: "handovers", Key: "id", About: "id", Columns: []engine.SealedColumn{{Name: "body"}}},
		{Table: "comparison_results", Key: "id", About: "id", Columns: []engine.SealedColumn{{Name: "person", Path: "$.id_number"}}},
		{Table: "comparison_faults", Key: "batch || '/' || line", About: "batch || '/' || line", Columns: []engine.SealedColumn{{Name: "cells"}}},
	}
}

// tells is a file that tells of somebody with an ID number.
type tells interface{ somebody() *Somebody }

func (l *Lead) somebody() *Somebody      { return &l.About }
func (u *UrgentAid) somebody() *Somebody { return &u.About }

// sealAbout seals the number in a file's text; unseal puts it back for whoever goes on
// with the file.
func sealAbout(tx *engine.Tx, id string, body any) (unseal func(), err error) {
	t, ok := body.(tells)
	if !ok || t.somebody().IDNumber == "" {
		return func() {}, nil
	}
	p := t.somebody()
	number := p.IDNumber
	p.IDNumber, err = tx.Ring().SealText(id, number)
	return func() { p.IDNumber = number }, err
}

// openAbout opens the number in a file that was read.
func openAbout(q engine.Reader, id string, body any) (err error) {
	if t, ok := body.(tells); ok {
		p := t.somebody()
		p.IDNumber, err = q.Ring().OpenText(id, p.IDNumber)
	}
	return err
}
