package engine

import (
	"strings"

	"doorstep/sync/policy"
)

// Queue reads the living records of one type in an account's scope whose field has one
// of some values, the newest first.
func (v *View) Queue(by *Account, typ, field string, values []string, limit int, after int64) (items []Record, next string, err error) {
	t := policy.Lookup(typ)
	where, args := by.scopeSQL("")
	all := make([]any, 0, len(values)+len(args)+2)
	for _, x := range values {
		all = append(all, x)
	}
	all = append(append(all, args...), limit+1, after)
	rows, err := v.s.query("SELECT "+tables[typ].columns+" FROM "+typ+" WHERE deleted = 0 AND "+quote(t.Field(field).Name)+
		" IN (?"+strings.Repeat(", ?", len(values)-1)+") AND "+where+" ORDER BY created DESC, id DESC LIMIT ? OFFSET ?", all...)
	if err != nil {
		return nil, "", err
	}
	items, err = scanAll(v.s, t, rows)
	if len(items) > limit {
		items, next = items[:limit], NextPage(after+int64(limit))
	}
	return items, next, err
}

// Created is when the record came, as the wire has it.
func (r Record) Created() string { return r.r.created }
