package sim

import (
	"database/sql"
	"errors"
	"fmt"

	"github.com/pocketbase/dbx"
)

// What the checkers read straight from the tables, past the engine.

func (w *World) reader() *sql.DB { return w.server.app.ConcurrentDB().(*dbx.DB).DB() }

// prepared keeps each query's statement for as long as the server is up.
func (w *World) prepared(query string) (*sql.Stmt, error) {
	if st := w.server.ready[query]; st != nil {
		return st, nil
	}
	st, err := w.reader().Prepare(query)
	if err == nil {
		w.server.ready[query] = st
	}
	return st, err
}

// rows calls each with every row of a query.
func (w *World) rows(each func(scan func(...any) error) error, query string, args ...any) {
	if w.server.app == nil {
		return
	}
	st, err := w.prepared(query)
	if err != nil {
		w.fail("harness", "%s: %v", query, err)
		return
	}
	rows, err := st.Query(args...)
	if err != nil {
		w.fail("harness", "%s: %v", query, err)
		return
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		if err := each(rows.Scan); err != nil {
			w.fail("harness", "%s: %v", query, err)
			return
		}
	}
	if err := rows.Err(); err != nil {
		w.fail("harness", "%s: %v", query, err)
	}
}

func (w *World) count(query string, args ...any) (n int64) {
	w.one(&n, query, args...)
	return n
}

func (w *World) text(query string, args ...any) (s string) {
	w.one(&s, query, args...)
	return s
}

// one reads a single value; nothing where there is none.
func (w *World) one(into any, query string, args ...any) {
	if w.server.app == nil {
		return
	}
	st, err := w.prepared(query)
	if err == nil {
		err = st.QueryRow(args...).Scan(into)
	}
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		w.fail("harness", "%s: %v", query, err)
	}
}

// some is one of the ids that a query finds, drawn.
func (w *World) some(query string, args ...any) string {
	var ids []string
	w.rows(func(scan func(...any) error) error {
		var id string
		err := scan(&id)
		ids = append(ids, id)
		return err
	}, query+` ORDER BY id`, args...)
	if len(ids) == 0 {
		return ""
	}
	return pick(w, ids)
}

// answer writes a query's rows into the story.
func (w *World) answer(query string) {
	rows, err := w.reader().Query(query)
	if err != nil {
		w.note("%s: %v", query, err)
		return
	}
	defer func() { _ = rows.Close() }()
	columns, _ := rows.Columns()
	cells := make([]any, len(columns))
	for rows.Next() {
		for i := range cells {
			cells[i] = new(any)
		}
		if err := rows.Scan(cells...); err != nil {
			w.note("%s: %v", query, err)
			return
		}
		line := ""
		for i, c := range cells {
			line += fmt.Sprintf(" %s=%v", columns[i], *(c.(*any)))
		}
		w.note("%s", line)
	}
}
