package engine

import (
	"context"
	"database/sql"
)

// Tables beside the records. What is no synced record and yet belongs into one
// transaction with them (a department's list, what it said of whom) has tables of
// its own in the migrations; their room reads and writes them through these. The
// tables that begin with sync_, and the records' own, are not for them.

// Exec runs a statement. Its text is a constant: it is prepared once and kept.
func (tx *Tx) Exec(query string, args ...any) error { return tx.exec(query, args...) }

// Query reads inside the transaction; the text is a constant here, too.
func (tx *Tx) Query(query string, args ...any) (*sql.Rows, error) { return tx.query(query, args...) }

// Query reads what is committed.
func (e *Engine) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return e.read.QueryContext(ctx, query, args...)
}

// Touch tells the rules of something about a household that is no operation on a
// record of its; they are asked at the end of the caller's part of the transaction.
func (tx *Tx) Touch(household string, a Applied) {
	tx.touched[household] = append(tx.touched[household], a)
}

// Audit enters a deed of this transaction that is no operation.
func (tx *Tx) Audit(by *Account, origin, action, subject, detail string) error {
	return tx.audit(by.ID, "", origin, action, subject, 0, 0, detail)
}
