package engine

import "context"

// FiledUnder is for the test that holds it against the database's indexes.
var FiledUnder = filedUnder

// AskAgain lets Records ask the tables for what the transaction knew by itself.
func (tx *Tx) AskAgain() { clear(tx.born); clear(tx.lists) }

// WriteSeen writes what was heard of devices, as the engine's loop does.
func (e *Engine) WriteSeen(ctx context.Context) error { return e.Update(ctx, e.writeSeen) }

// WarningsQuery is for the test that looks how the database reads it.
var WarningsQuery = warningsQuery
