package register

import (
	"slices"

	"doorstep/domain/indicator"
	"doorstep/sync/engine"
)

// Reading ahead: most of what an indicator costs is asking the database household by
// household. For many at once there is one query for each type.

// look is a household with the indicators that it is to be looked at by.
type look struct {
	household string
	rows      []indicator.Indicator
}

// batchAhead reads what a batch's households are looked at for; the rule that it returns looks
// no further for it.
func (w *Warnings) batchAhead(tx *engine.Tx, looks []look) (*Warnings, error) {
	for _, typ := range append([]string{"warnings"}, partTypes()...) {
		if err := tx.ReadAhead(typ, alike(looks, func(rows []indicator.Indicator) bool { return asks(rows, typ) })); err != nil {
			return nil, err
		}
	}
	of := alike(looks, func(rows []indicator.Indicator) bool { return indicator.LookAt(rows, indicator.ReportedType) })
	return w.listsAhead(tx, of)
}

// asks reports whether the rows look at records of a type whatever they find. The
// warnings of a household are read for those that settle by themselves; else not before
// there is something to say.
func asks(rows []indicator.Indicator, typ string) bool {
	if typ == "warnings" {
		return slices.ContainsFunc(rows, indicator.Indicator.ClearsItself)
	}
	return slices.ContainsFunc(parts, func(p part) bool { return p.typ == typ && p.asked(rows) })
}

// alike are the households whose rows ask for the same.
func alike(looks []look, asked func([]indicator.Indicator) bool) []string {
	var out []string
	for _, l := range looks {
		if asked(l.rows) {
			out = append(out, l.household)
		}
	}
	return out
}

// pageAhead reads of these households the records, and the lines of lists if a row looks
// at them, on a snapshot beside the writer.
func (w *Warnings) pageAhead(v *engine.View, ids []string, rows []indicator.Indicator, types []string) (*Warnings, error) {
	if err := v.ReadAhead(ids, types...); err != nil {
		return nil, err
	}
	if !indicator.LookAt(rows, indicator.ReportedType) {
		ids = nil
	}
	return w.listsAhead(v, ids)
}

// listsAhead reads what departments' lists tell of these households; the rule that it
// returns knows the lines of no other.
func (w *Warnings) listsAhead(r engine.Reader, households []string) (*Warnings, error) {
	read := w.reading()
	if read.Lists == nil || len(households) == 0 {
		return read, nil
	}
	lines, err := read.Lists.Of(r, households)
	if err != nil {
		return nil, err
	}
	read.Lists = readAhead(lines)
	return read, nil
}

// reading is the rule as it stands, for one round of looking.
func (w *Warnings) reading() *Warnings {
	return &Warnings{Params: w.InForce(), Lists: w.Lists, Lines: w.Lines}
}

// readAhead are lines of lists that were read for many households.
type readAhead map[string][]indicator.Reported

func (r readAhead) Of(engine.Reader, []string) (map[string][]indicator.Reported, error) {
	return r, nil
}
