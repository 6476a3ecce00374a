package counting

import (
	"regexp"

	"doorstep/figures"
	"doorstep/sync/engine"
	"doorstep/sync/wire"
)

// ids name the rows of each list that is narrowed to a figure by its own rows.
var ids = map[figures.List]string{figures.Warnings: "w.", figures.Devices: "d."}

// own is a column of the rows that a figure counts.
var own = regexp.MustCompile(`\bx\.`)

// Behind finds the rows of a list of warnings or tablets that a figure counts, of one of
// its values, in an area of the account's ("" all). A figure of no split asks for of = "".
func (m *Monitor) Behind(by *engine.Account, list figures.List, key, of, area string) (engine.Only, error) {
	f, where, args, err := m.behind(by, list, key, of, area)
	if err != nil {
		return engine.Only{}, err
	}
	prefix := ids[list]
	if f.From == string(list)+" x" { // the list's own rows are what is counted
		return engine.Only{Where: own.ReplaceAllString(where, prefix), Args: args}, nil
	}
	return engine.Only{Where: prefix + "id IN (SELECT x.id FROM " + f.From + " WHERE " + where + ")", Args: args}, nil
}

// Homes are the households that a figure counts.
func (m *Monitor) Homes(by *engine.Account, key, of, area string) (engine.Among, error) {
	f, where, args, err := m.behind(by, figures.Households, key, of, area)
	if err != nil {
		return engine.Among{}, err
	}
	home := "x.home"
	if f.From == "households x" {
		home = "x.id"
	}
	return engine.Among{From: f.From, Home: home, Where: where, Args: args}, nil
}

// behind is the condition of the rows that a figure counts.
func (m *Monitor) behind(by *engine.Account, list figures.List, key, of, area string) (f *figures.Figure, where string, args []any, err error) {
	f = figures.Lookup(key)
	if f == nil || f.List != list || list != figures.Households && ids[list] == "" {
		return nil, "", nil, wire.Malformed("figure", "这个列表没有这项指标。")
	}
	if area != "" {
		if _, err := within(by, area); err != nil {
			return nil, "", nil, err
		}
	}
	if len(of) > 40 || of != "" && f.By == "" {
		return nil, "", nil, wire.Malformed("of", "这项指标没有这样的分项。")
	}
	where = f.Where
	if of != "" {
		where, args = where+" AND "+f.By+" = ?", append(args, of)
	}
	if area != "" {
		where, args = where+" AND "+f.AreaOf()+" >= ? AND "+f.AreaOf()+" < ?", append(args, area, area+"~")
	}
	return f, figures.MomentOf(m.Engine.Now(), wide(by)).In(where), args, nil
}
