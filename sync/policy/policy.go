// Package policy is the one table of our record types: their fields, labels,
// constraints, who may write them and how they merge (protocol §6 and its
// Appendix A). Forms, /schema, validation, the database's columns, the merge
// kernel's rules, exports and the access matrix are all derived from it.
//
// It is data with accessors: no I/O, no rules of the domain (those are in
// domain/), and nothing about how a merge is done (sync/merge).
package policy

import (
	"slices"

	"doorstep/sync/merge"
)

// Kind is a field's type on the wire.
type Kind string

const (
	Text      Kind = "text"
	Number    Kind = "number"
	Bool      Kind = "bool"
	Date      Kind = "date" // YYYY-MM-DD
	Time      Kind = "time" // RFC 3339 UTC with milliseconds
	List      Kind = "list"
	Reference Kind = "reference" // a record id
	Object    Kind = "object"
)

// Writer is the lowest circle that may write a field.
type Writer byte

const (
	Server Writer = 'S' // rules, imports and the server itself
	Town   Writer = 'T' // town reviewers and above
	Tablet Writer = 'W' // village and social workers, and all above
)

// Allows reports whether a writer of circle w may write what needs circle need.
func (w Writer) Allows(need Writer) bool {
	switch w {
	case Server:
		return true
	case Town:
		return need != Server
	default:
		return need == Tablet
	}
}

// Option is one value of a code list, with the official word.
type Option struct {
	Value string `json:"value"`
	Label string `json:"label"`
}

// Field is one column of a record type.
type Field struct {
	Name     string
	Kind     Kind
	Label    string // the official Chinese word
	Unit     string // 元, 天 …, for forms
	Rule     merge.Rule
	Write    Writer
	Create   Writer // who may set it in a create; zero: as Write
	Group    string // fields that only make sense together
	Options  []Option
	To       string // the type a Reference names; "" with Kind Reference: given by another field (photos.owner)
	Items    string // what a List holds: "option", "text", "entry" ({id, at, by, text}), "person", "photo"
	Max      int    // runes of a text, entries of a list; 0: the kind's default
	Low      float64
	High     float64
	Check    string // a further validator tag: idnumber, region12, sha256, phone
	Required bool   // must be set in a create
	Masked   bool   // sensitive: tablets read it masked, and the database has it sealed (sync/atrest)
	Blind    bool   // found by its equal: the table has a blind column beside it (BlindColumn)
}

// CreateBy says who may set the field in a create.
func (f *Field) CreateBy() Writer {
	if f.Create != 0 {
		return f.Create
	}
	return f.Write
}

// BlindColumn is the column that has the blind of a field's value (atrest.Ring.Blind).
func (f *Field) BlindColumn() string { return f.Name + "_blind" }

// HasSealed reports whether the database has a field of the type sealed.
func (t *Type) HasSealed() bool {
	return slices.ContainsFunc(t.Fields, func(f Field) bool { return f.Masked })
}

// Unit is the name under which versions, decisions and cases are kept.
func (f *Field) MergeUnit() string { return f.Merge().Unit() }

// Merge is the field as the kernel sees it.
func (f *Field) Merge() merge.Field {
	return merge.Field{Name: f.Name, Rule: f.Rule, Group: f.Group, Masked: f.Masked, Text: f.Kind == Text || f.Kind == Date || f.Kind == Time || f.Kind == Reference}
}

// Type is one synced record type.
type Type struct {
	Name      string
	Label     string
	Parent    string // the reference through which a record belongs to a household; "" for households
	CreateBy  Writer // the lowest circle that may create one
	Fields    []Field
	Evidence  bool // what was found on the spot: every create of it enters the review queue (§10)
	Open      Open // which records of it tablets read; zero: all of their scope
	byName    map[string]int
	mergeView []merge.Field
}

// Open says that tablets read a record only while a field has one of these values;
// the office reads it always.
type Open struct {
	Field  string
	Values []string
}

// OfficeOnly reports whether a record with these values is read by the office alone.
func (t *Type) OfficeOnly(values map[string]any) bool {
	if t.Open.Field == "" {
		return false
	}
	v, _ := values[t.Open.Field].(string)
	return !slices.Contains(t.Open.Values, v)
}

// Field finds a field by name; nil if there is none.
func (t *Type) Field(name string) *Field {
	if i, ok := t.byName[name]; ok {
		return &t.Fields[i]
	}
	return nil
}

// Reviewed reports whether a create of the type waits for the town: it has a
// review field, or is a report from the spot.
func (t *Type) Reviewed() bool {
	return t.Evidence || slices.ContainsFunc(t.Fields, func(f Field) bool { return f.Rule == merge.Review })
}

// Merge is the type's fields as the kernel sees them. Read only.
func (t *Type) Merge() []merge.Field { return t.mergeView }

// GroupFields lists the fields of a group, in table order.
func (t *Type) GroupFields(group string) []*Field {
	var out []*Field
	for i := range t.Fields {
		if t.Fields[i].Group == group {
			out = append(out, &t.Fields[i])
		}
	}
	return out
}

// Lookup finds a type by its wire name; nil if there is none.
func Lookup(name string) *Type { return byName[name] }

// Types lists all synced types, parents before children.
func Types() []*Type { return types }

// Version of the table. A change of meaning raises it; the op log keeps the
// version each op was merged under.
const Version = 1

var (
	types  = []*Type{&households, &members, &visits, &statusChanges, &followups, &complaints, &photos, &tasks, &categories, &entitlements, &applications, &determinations, &publicity, &warnings, &assistance, &referrals, &deliberations}
	byName = index(types)
)

func index(types []*Type) map[string]*Type {
	out := make(map[string]*Type, len(types))
	for _, t := range types {
		t.byName = make(map[string]int, len(t.Fields))
		for i := range t.Fields {
			t.byName[t.Fields[i].Name] = i
			t.mergeView = append(t.mergeView, t.Fields[i].Merge())
		}
		out[t.Name] = t
	}
	return out
}
