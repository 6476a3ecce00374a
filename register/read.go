package register

import (
	"database/sql"

	"doorstep/sync/engine"
	"doorstep/sync/wire"
)

// visible reads a record that an account is to see; wire.NotFound, with the name that the
// request has for it, if it is not there or not the account's.
func visible(r engine.Reader, by *engine.Account, typ, id, name string) (engine.Record, error) {
	rec, ok, err := r.Record(typ, id)
	if err == nil && (!ok || !rec.SeenBy(by)) {
		err = wire.Err(wire.NotFound, name)
	}
	return rec, err
}

// idsOf reads a query's one column of text.
func idsOf(rows *sql.Rows, err error) ([]string, error) {
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var out []string
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, rows.Err()
}
