package policy

// Schema is the table as /schema serves it (protocol §3.2).
type Schema struct {
	Schema int                   `json:"schema"`
	Oldest int                   `json:"oldest,omitzero"` // that may still pull (§9)
	Types  map[string]SchemaType `json:"types"`
}

// SchemaType is one type of it; Order lists the fields as forms show them.
type SchemaType struct {
	Label  string                 `json:"label"`
	Parent *string                `json:"parent"`
	Create bool                   `json:"create"` // this role may create one
	Order  []string               `json:"order"`
	Fields map[string]SchemaField `json:"fields"`
}

// SchemaField is one field of it.
type SchemaField struct {
	Type     Kind      `json:"type"`
	Label    string    `json:"label"`
	Policy   string    `json:"policy"`
	Write    bool      `json:"write"`     // this role may change it
	OnCreate bool      `json:"on_create"` // this role may set it in a create
	Group    *string   `json:"group"`
	Options  *[]Option `json:"options"` // null: no code list
	Max      *int      `json:"max"`
	Min      *float64  `json:"min,omitempty"`
	High     *float64  `json:"high,omitempty"`
	Unit     string    `json:"unit,omitempty"`
	Items    string    `json:"items,omitempty"`
	To       string    `json:"to,omitempty"`
	Required bool      `json:"required,omitempty"`
	Masked   bool      `json:"masked,omitempty"`
}

// SchemaFor is the table as one circle of writers sees it.
func SchemaFor(w Writer, version, oldest int) Schema {
	out := Schema{Schema: version, Oldest: oldest, Types: make(map[string]SchemaType, len(types))}
	for _, t := range types {
		st := SchemaType{Label: t.Label, Create: w.Allows(t.CreateBy), Fields: make(map[string]SchemaField, len(t.Fields))}
		if t.Parent != "" {
			st.Parent = &t.Parent
		}
		for i := range t.Fields {
			f := &t.Fields[i]
			st.Order = append(st.Order, f.Name)
			st.Fields[f.Name] = f.schema(w, st.Create)
		}
		out.Types[t.Name] = st
	}
	return out
}

func (f *Field) schema(w Writer, mayCreate bool) SchemaField {
	s := SchemaField{Type: f.Kind, Label: f.Label, Policy: string(f.Rule), Write: w.Allows(f.Write),
		OnCreate: mayCreate && w.Allows(f.CreateBy()), Unit: f.Unit, Items: f.Items, To: f.To,
		Required: f.Required, Masked: f.Masked}
	if f.Group != "" {
		s.Group = &f.Group
	}
	if f.Options != nil {
		s.Options = &f.Options
	}
	switch f.Kind {
	case Text:
		m := f.limit(defaultText)
		s.Max = &m
	case List:
		m := f.limit(defaultList)
		s.Max = &m
	case Number:
		s.Min, s.High = &f.Low, &f.High
	}
	return s
}
