package sim

import (
	"strings"

	"doorstep/sync/policy"
	"doorstep/sync/wire"
)

// The county's server speaks a version of the table that is one ahead of some of its
// tablets: what they call families, tel and income_fen has other names today, and is
// counted otherwise. The shipped table has no older version yet.
var spoken = policy.Schemas{Current: 2, Oldest: 2, Steps: map[int]policy.Step{1: {"families": {Name: "households", Fields: map[string]policy.FieldStep{
	"tel": {Into: []string{"phone"}},
	"income_fen": {Into: []string{"monthly_income"}, Convert: func(v any) ([]any, bool) {
		if v == nil {
			return []any{nil}, true
		}
		fen, ok := v.(float64)
		return []any{fen / 100}, ok
	}},
}}}}}

// schema is the version of the app that is open on the tablet.
func (t *tablet) schema() int {
	if t.old {
		return t.w.schemas.Current - 1
	}
	return t.w.schemas.Current
}

// asOlder is an edit as the older app's form makes it.
func (o *op) asOlder() *op {
	older := *o
	if o.typ != "households" {
		return &older
	}
	older.typ, older.set, older.was = "families", olderNames(o.set), olderNames(o.was)
	return &older
}

func olderNames(values map[string]any) map[string]any {
	if values == nil {
		return nil
	}
	out := map[string]any{}
	for name, v := range values {
		switch name {
		case "phone":
			out["tel"] = v
		case "monthly_income":
			if yuan, ok := v.(float64); ok {
				v = yuan * 100
			}
			out["income_fen"] = v
		default:
			out[name] = v
		}
	}
	return out
}

// todays reads a logged edit of the older app as §9 has it: the checkers' own words,
// not the engine's steps.
func todays(o *wire.Op, schema int) {
	if schema >= spoken.Current || o.Type != "families" {
		return
	}
	o.Type = "households"
	for _, values := range []map[string]any{o.Set, o.Was} {
		if v, ok := values["tel"]; ok {
			delete(values, "tel")
			values["phone"] = v
		}
		if v, ok := values["income_fen"]; ok {
			delete(values, "income_fen")
			if fen, is := v.(float64); is {
				v = fen / 100
			}
			values["monthly_income"] = v
		}
	}
}

// sameSchema is the beginning of the edits that one app's forms made: what an updated
// client made before goes in a request of its own (§9).
func sameSchema(ops []*op) []*op {
	for i, o := range ops {
		if o.schema != ops[0].schema {
			return ops[:i]
		}
	}
	return ops
}

// checkForms: "a client whose schema is old may always push (the server upcasts)"
// (§9), and today's may, too: what a form made is never told that it is malformed.
func (w *World) checkForms() {
	for _, t := range w.tablets {
		for _, o := range t.s.ops {
			_, odd := o.was["monthly_income"].(string) // seen as an edit before it, which no form made, had left it
			if o.poison || odd || o.outcome != "rejected" {
				continue
			}
			why := w.text(`SELECT coalesce(json_extract(result, '$.error.code') || ' ' || json_extract(result, '$.error.field'), '') FROM sync_ops WHERE id = ?`, o.id)
			if code, field, _ := strings.Cut(why, " "); code == string(wire.Invalid) && field != "id_number" { // a form knows no number without its kind
				w.fail("forms", "edit %s of %s, made by a form of schema %d, is told that it is malformed", o.id, t.name, o.schema)
			}
		}
	}
}
