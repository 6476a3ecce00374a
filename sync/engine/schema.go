package engine

import (
	"cmp"

	"doorstep/sync/policy"
	"doorstep/sync/wire"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Clients of other versions (protocol §9). The log keeps an op as it was sent and
// the schema it was sent under; whoever decides or shows it brings it to today's
// table first, every time anew.

// Schemas is which versions of the table this engine speaks.
func (e *Engine) Schemas() policy.Schemas { return *e.cfg.Schemas }

// upcast brings an op of an older schema to today's table. Its text, and so its
// digest, stay as sent.
func upcast(s *policy.Schemas, op *wire.Op) {
	switch op.Kind {
	case wire.KindCreate, wire.KindPatch, wire.KindDelete:
	default:
		return // an act of this side, no edit by a form
	}
	if op.Schema == 0 || op.Schema >= s.Current || op.Bad != nil {
		return
	}
	edit, wrong := s.Upcast(op.Schema, policy.Edit{Type: op.Type, Set: op.Set, Was: op.Was})
	if wrong != "" {
		op.Bad = wire.Err(wire.Invalid, wrong)
		return
	}
	op.Type, op.Set, op.Was = edit.Type, edit.Set, edit.Was
}

// reread decodes an op of the log as today's table has it.
func reread(s *policy.Schemas, body []byte, schema int) (*wire.Op, error) {
	op, err := wire.DecodeOp(body, 0)
	if err != nil {
		return nil, err
	}
	op.Schema = schema
	upcast(s, op)
	return op, nil
}

// reread decodes the body of a logged op, so that it can be decided again.
func (tx *Tx) reread(en *entry) (*wire.Op, error) {
	body, err := newArchive(tx).body(en.seq, en.archive, en.op.Raw)
	if err != nil {
		return nil, err
	}
	return reread(tx.e.cfg.Schemas, body, en.op.Schema)
}

// shown is a logged op's text for people: as sent, but where an older form sent it
// as today's forms name things.
func (e *Engine) shown(body []byte, schema int) (jsontext.Value, error) {
	if schema == e.cfg.Schemas.Current {
		return body, nil
	}
	op, err := reread(e.cfg.Schemas, body, schema)
	if err != nil || op.Bad != nil {
		return body, err
	}
	return json.Marshal(op, json.Deterministic(true))
}

// schemaOf is the schema that an op was made under.
func (tx *Tx) schemaOf(op *wire.Op) int { return cmp.Or(op.Schema, tx.e.cfg.Schemas.Current) }
