package figures

import (
	"doorstep/sync/engine"
	"doorstep/sync/wire"
)

// ids name the rows of each list that may be narrowed to a figure.
var ids = map[List]string{Households: "h.id", Warnings: "w.id", Devices: "d.id"}

// Behind finds the rows of a list that a figure counts, of one of its values, in an area
// of the account's ("" all). A figure of no split asks for of = "".
func (m *Monitor) Behind(by *engine.Account, list List, key, of, area string) (engine.Only, error) {
	f := Lookup(key)
	if f == nil || f.List != list || ids[list] == "" {
		return engine.Only{}, wire.Malformed("figure", "这个列表没有这项指标。")
	}
	if area != "" {
		if _, err := within(by, area); err != nil {
			return engine.Only{}, err
		}
	}
	if len(of) > 40 || of != "" && f.by == "" {
		return engine.Only{}, wire.Malformed("of", "这项指标没有这样的分项。")
	}
	counted := "x.id"
	if list == Households && f.from != "households x" {
		counted = "x.home"
	}
	where, args := f.where, []any{}
	if of != "" {
		where, args = where+" AND "+f.by+" = ?", append(args, of)
	}
	if area != "" {
		where, args = where+" AND "+f.areaOf()+" >= ? AND "+f.areaOf()+" < ?", append(args, area, area+"~")
	}
	at := momentOf(m.Engine.Now(), wide(by))
	return engine.Only{Where: ids[list] + " IN (SELECT " + counted + " FROM " + f.from + " WHERE " + at.in(where) + ")", Args: args}, nil
}
