package register

import (
	"cmp"
	"slices"

	"doorstep/domain/handover"
	"doorstep/sync/engine"
	"doorstep/sync/policy"
)

// Dossier is what travels: the columns of the table, and what the office that offers says
// of it.
type Dossier struct {
	Reason    string              `json:"reason"`
	MovedOn   string              `json:"moved_on"`
	Address   string              `json:"address"` // where they live now, as far as it is known
	Note      string              `json:"note"`
	ConsentBy string              `json:"consent_by"`
	ConsentOn string              `json:"consent_on"`
	Office    string              `json:"office"`
	By        string              `json:"by"` // whom to ask
	OfferedOn string              `json:"offered_on"`
	Records   map[string][]Handed `json:"records"`
	Totals    map[string]int      `json:"totals"` // how many there are, of types of which only the newest travel
}

// Handed is one record of it: the id is the giving county's.
type Handed struct {
	ID     string         `json:"id"`
	Values map[string]any `json:"values"`
}

// home is the household's own values.
func (d *Dossier) home() map[string]any {
	if list := d.Records["households"]; len(list) > 0 {
		return list[0].Values
	}
	return map[string]any{}
}

// gatherDossier reads what travels of a household, and nothing else.
func gatherDossier(q engine.Reader, home engine.Record) (*Dossier, error) {
	d := &Dossier{Records: map[string][]Handed{}, Totals: map[string]int{}}
	for _, t := range handover.Travels() {
		list := []engine.Record{home}
		if t.Name != "households" {
			var err error
			if list, err = q.Records(t.Name, home.ID()); err != nil {
				return nil, err
			}
		}
		d.Totals[t.Name] = len(list)
		slices.SortStableFunc(list, func(a, b engine.Record) int { return cmp.Compare(b.Text(t.By), a.Text(t.By)) })
		for _, r := range list[:min(len(list), t.Most)] {
			one := Handed{ID: r.ID(), Values: map[string]any{}}
			for _, c := range t.Columns {
				if v := r.Value(c.Name); v != nil && v != "" {
					one.Values[c.Name] = withoutNotes(v)
				}
			}
			d.Records[t.Name] = append(d.Records[t.Name], one)
		}
	}
	return d, nil
}

// withoutNotes is a value without what an office wrote beside a figure of a trace: who
// wrote it may have named anybody.
func withoutNotes(v any) any {
	switch x := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for k, one := range x {
			if k != "note" {
				out[k] = withoutNotes(one)
			}
		}
		return out
	case []any:
		out := make([]any, len(x))
		for i := range x {
			out[i] = withoutNotes(x[i])
		}
		return out
	}
	return v
}

// named is a member's name by the id that the dossier has for it.
func (d *Dossier) named(member any) string {
	for _, m := range d.Records["members"] {
		if m.ID == member {
			name, _ := m.Values["name"].(string)
			return name
		}
	}
	return ""
}

// holdable are the values of a record that this county's table of types can hold: the other
// county's program may be another version.
func holdable(typ string, values map[string]any) map[string]any {
	out := map[string]any{}
	t, travels := policy.Lookup(typ), handover.Lookup(typ)
	for _, c := range travels.Columns {
		v := values[c.Name]
		f := t.Field(c.Name)
		if v == nil || f == nil || f.Kind == policy.Reference || f.CheckValue(v) != nil {
			continue
		}
		out[c.Name] = v
	}
	return out
}
