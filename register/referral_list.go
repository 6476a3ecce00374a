package register

import (
	"context"
	"strings"

	"doorstep/domain/access"
	"doorstep/domain/referral"
	"doorstep/domain/region"
	"doorstep/sync/engine"
	"doorstep/sync/policy"
	"doorstep/sync/wire"

	"github.com/go-json-experiment/json"
)

// Page is one page of a list of a desk.
type Page struct {
	Items []map[string]any
	Next  string
}

// List is the office's list: what was referred in its area, the overdue and the most
// urgent first. department "" is all of them.
func (d *Referrals) List(ctx context.Context, by *engine.Account, states []string, department string, limit int, after int64) (Page, error) {
	return pageOf(ctx, d.Engine, `SELECT id FROM referrals r WHERE deleted = 0 AND state IN (SELECT value FROM json_each(?)) AND (?2 = '' OR department = ?2)
		AND EXISTS (SELECT 1 FROM json_each(?) WHERE r.area >= value AND r.area < value || '~')
		ORDER BY state = 'overdue' DESC, due_on, id LIMIT ? OFFSET ?`, []any{states, department, by.Scope().Areas}, limit, after,
		func(v *engine.View, id string) (map[string]any, error) { return officeItem(v, "referrals", id) })
}

// Inbox is a department's list: what was referred to it, with the name alone of whom
// it is about.
func (d *Referrals) Inbox(ctx context.Context, by *engine.Account, states []string, limit int, after int64) (Page, error) {
	if by.Department == "" {
		return Page{}, wire.Err(wire.Forbidden, "department")
	}
	return pageOf(ctx, d.Engine, `SELECT id FROM referrals r WHERE deleted = 0 AND state IN (SELECT value FROM json_each(?)) AND department = ?
		AND EXISTS (SELECT 1 FROM json_each(?) WHERE r.area >= value AND r.area < value || '~')
		ORDER BY state = 'overdue' DESC, due_on, id LIMIT ? OFFSET ?`, []any{states, by.Department, by.Scope().Areas}, limit, after,
		func(v *engine.View, id string) (map[string]any, error) { return inboxView(v, id, false) })
}

// Open is one referral as the department sees it, with the columns of its purpose; that
// it was looked at is audited, with the purpose.
func (d *Referrals) Open(ctx context.Context, by *engine.Account, origin, id string) (map[string]any, error) {
	var out map[string]any
	err := d.Engine.Update(ctx, func(tx *engine.Tx) error {
		r, ok, err := tx.Record("referrals", id)
		if err != nil {
			return err
		}
		if !ok || by.Role != access.Department || len(sideOf(by, r)) == 0 {
			return wire.Err(wire.NotFound, "referral")
		}
		if out, err = inboxView(tx, id, true); err != nil {
			return err
		}
		return tx.Audit(by, origin, "referral.read", id, r.Text("kind")+" "+r.Text("item"))
	})
	return out, err
}

// pageOf runs a query for ids with one page's bounds and reads each; arguments that
// are lists go in as JSON.
func pageOf(ctx context.Context, e *engine.Engine, query string, args []any, limit int, after int64, read func(*engine.View, string) (map[string]any, error)) (Page, error) {
	out := Page{Items: []map[string]any{}}
	bound := make([]any, 0, len(args)+2)
	for _, a := range args {
		if list, ok := a.([]string); ok {
			text, err := json.Marshal(list, json.FormatNilSliceAsNull(false))
			if err != nil {
				return out, err
			}
			a = string(text)
		}
		bound = append(bound, a)
	}
	err := e.View(ctx, func(v *engine.View) error {
		ids, err := idsOf(v.Query(query, append(bound, limit+1, after)...))
		if err != nil {
			return err
		}
		if len(ids) > limit {
			ids, out.Next = ids[:limit], engine.NextPage(after+int64(limit))
		}
		for _, id := range ids {
			item, err := read(v, id)
			if err != nil {
				return err
			}
			out.Items = append(out.Items, item)
		}
		return nil
	})
	return out, err
}

// officeItem is a record of a household with whose it is.
func officeItem(q engine.Reader, typ, id string) (map[string]any, error) {
	r, ok, err := q.Record(typ, id)
	if err != nil || !ok {
		return map[string]any{"id": id}, err
	}
	out := told(typ, r)
	home, _, err := homeOf(q, r)
	out["head_name"], out["region_name"] = home, region.FullName(r.Area())
	return out, err
}

func homeOf(q engine.Reader, r engine.Record) (head string, h engine.Record, err error) {
	h, ok, err := q.Record("households", r.Household())
	if ok {
		head = h.Text("head_name")
	}
	return head, h, err
}

// Seen is one column of somebody, as a department sees it.
type Seen struct {
	Column string `json:"column"`
	Label  string `json:"label"`
	Value  any    `json:"value"`
	Text   string `json:"text"`
}

// inboxFields are the referral's own fields that its department sees.
var inboxFields = []string{"kind", "item", "purpose", "state", "sent_on", "due_on", "received_on", "overdue_on", "urged_on", "closed_on", "result", "answer", "steps"}

// inboxView is a referral as its department sees it: its own fields, the town, and of
// the person the columns of the purpose (whole) or the name (a list's line).
func inboxView(q engine.Reader, id string, whole bool) (map[string]any, error) {
	r, ok, err := q.Record("referrals", id)
	if err != nil || !ok {
		return map[string]any{"id": id}, err
	}
	out := map[string]any{"id": id, "town_name": region.FullName(town(r.Area()))}
	for _, f := range inboxFields {
		out[f] = r.Value(f)
	}
	shown := referral.Closed
	if p, ok := referral.PurposeOf(referral.Kind(r.Text("kind")), r.Text("department"), r.Text("item")); ok && whole {
		shown = p.Shown(referral.State(r.Text("state")))
	}
	out["person"], err = seen(q, r, shown)
	return out, err
}

// town is the code of the town that an area is in.
func town(area string) string { return area[:min(9, len(area))] }

func seen(q engine.Reader, r engine.Record, columns []string) ([]Seen, error) {
	home, there, err := q.Record("households", r.Household())
	if err != nil || !there {
		return []Seen{}, err
	}
	member, known, err := q.Record("members", r.Text("member"))
	if err != nil {
		return nil, err
	}
	out := make([]Seen, 0, len(columns))
	for _, c := range columns {
		typ, field, _ := strings.Cut(c, ".")
		f := policy.Lookup(typ).Field(field)
		s := Seen{Column: c, Label: f.Label}
		switch {
		case typ == "categories":
			if s.Value, err = standing(q, r, home); err != nil {
				return nil, err
			}
		case typ == "households":
			s.Value = home.Value(field)
		case known:
			s.Value = member.Value(field)
		case c == "members.name":
			s.Value = home.Value("head_name") // no member is entered: all that is known
		}
		s.Text = inWords(f, c, s.Value)
		out = append(out, s)
	}
	return out, nil
}

// standing is which categories stand today for whom a referral is about.
func standing(q engine.Reader, r, home engine.Record) ([]any, error) {
	held, err := heldBy(q, home.ID())
	if err != nil {
		return nil, err
	}
	out := []any{}
	for _, s := range referral.Stands(held, r.Text("member"), q.Today()) {
		out = append(out, s.Category)
	}
	return out, nil
}

func heldBy(q engine.Reader, household string) ([]referral.Held, error) {
	records, err := q.Records("categories", household)
	out := make([]referral.Held, 0, len(records))
	for _, c := range records {
		out = append(out, referral.Held{Category: c.Text("category"), Member: c.Text("member"), From: c.Text("from"), To: c.Text("to")})
	}
	return out, err
}

// inWords is a value in words, by the table's labels.
func inWords(f *policy.Field, column string, v any) string {
	word := func(s string) string {
		for _, o := range f.Options {
			if o.Value == s {
				return o.Label
			}
		}
		return s
	}
	switch x := v.(type) {
	case string:
		if column == "households.region" {
			return region.FullName(x)
		}
		return word(x)
	case bool:
		return truth[x]
	case []any:
		parts := make([]string, 0, len(x))
		for _, it := range words(x) {
			parts = append(parts, word(it))
		}
		return strings.Join(parts, "、")
	}
	return ""
}

// truth is how a yes and a no are written on a form.
var truth = map[bool]string{true: "是", false: "否"}
