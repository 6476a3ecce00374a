package merge

import "testing"

func TestAnOpIsRefusedAsAWhole(t *testing.T) {
	record := State{Values: values{"author": "王"}, Versions: map[string]Version{"author": {Seq: 2, Device: theirs}}}
	for name, c := range map[string]struct {
		op          Op
		code, field string
	}{
		"unknown field":          {patch(9, 5, "colour", "red", nil), "invalid", "colour"},
		"half a group":           {Op{Seq: 9, Set: values{"state": "closed"}, Was: values{"state": nil, "reason": nil}}, "invalid", "reason"},
		"review without was":     {Op{Seq: 9, Set: values{"phone": "1", "income": 1.0}, Was: values{"phone": nil}}, "invalid", "income"},
		"group without all was":  {Op{Seq: 9, Set: values{"state": "closed", "reason": nil}, Was: values{"state": nil}}, "invalid", "reason"},
		"another author":         {Op{Seq: 9, Set: values{"phone": "1", "author": "李"}}, "immutable", "author"},
		"author taken away":      {patch(9, 5, "author", nil, "王"), "immutable", "author"},
		"remark without id":      {patch(9, 5, "remarks", []any{values{"text": "x"}}, nil), "invalid", "remarks"},
		"remark that is no list": {patch(9, 5, "remarks", "x", nil), "invalid", "remarks"},
		"tags that are no list":  {patch(9, 5, "tags", "x", []any{"a"}), "invalid", "tags"},
		"create with such tags":  {Op{Seq: 9, Create: true, Set: values{"tags": "x"}}, "invalid", "tags"},
		"create, unknown field":  {Op{Seq: 9, Create: true, Set: values{"colour": "red"}}, "invalid", "colour"},
	} {
		t.Run(name, func(t *testing.T) { refused(t, Merge(record, c.op, allFields), c.code, c.field) })
	}
}

func TestAnUnknownRuleIsRefusedAndNotGuessed(t *testing.T) {
	refused(t, Merge(State{}, patch(9, 5, "x", 1.0, nil), []Field{{Name: "x", Rule: "newest"}}), "invalid", "x")
}

func TestAMaskedReviewFieldNeedsNoWas(t *testing.T) {
	record := standing("id_card", "11010519491231002X", "id_card", Version{Seq: 5, Device: theirs})
	op := Op{Seq: 9, Device: mine, Base: 5, Set: values{"id_card": "370281194912310021"}}
	expect(t, Merge(record, op, allFields), Applied, "id_card", "", values{"id_card": "370281194912310021"})
}

func TestAnImmutableFieldIsSetOnceFromNull(t *testing.T) {
	op := patch(9, 0, "author", " 王 ", nil)
	expect(t, Merge(State{}, op, allFields), Applied, "author", "", values{"author": "王"})
	record := standing("author", "王", "author", Version{Seq: 9, Device: theirs})
	expect(t, Merge(record, op, allFields), Applied, "author", Same, nil)
}
