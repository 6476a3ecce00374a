package dci

import (
	"slices"
	"strconv"
	"time"
)

// Kind is what values an attribute has.
type Kind string

// Kinds.
const (
	Number Kind = "number" // a whole number, from 0
	Date   Kind = "date"   // 2006-01-02, or a time of RFC 3339, whose date counts
	Code   Kind = "code"
	Truth  Kind = "truth"
	Person Kind = "person" // the ID number: found by its blind, whole
	Place  Kind = "place"  // an administrative code; what begins so, matches
)

// Attribute is a row of the table of what may be asked with and answered.
type Attribute struct {
	Name  string
	Kind  Kind
	Sort  bool              // may be sorted by
	Query bool              // may be asked with; all may be answered
	Codes map[string]string // of a code: the standard's word → the register's
}

// The standard's words and the register's codes (GB/T 2261).
var (
	sexCodes      = map[string]string{"male": "1", "female": "2", "unknown": "0", "other": "9"}
	maritalCodes  = map[string]string{"S": "10", "M": "20", "W": "30", "D": "40"}
	categoryCodes = same("destitute", "subsistence", "marginal", "rigid_expense", "relapse_risk", "other")
	workCodes     = same("employed", "farming", "casual", "unemployed", "student", "retired", "unable", "at_home")
)

func same(words ...string) map[string]string {
	out := map[string]string{}
	for _, w := range words {
		out[w] = w
	}
	return out
}

// The attributes' names.
const (
	AttrUIN          = "UIN"
	AttrName         = "name"
	AttrSex          = "sex"
	AttrBirthDate    = "birth_date"
	AttrArea         = "area_code"
	AttrMarital      = "marital_status"
	AttrDisabled     = "is_disabled"
	AttrWork         = "employment_status"
	AttrDeceased     = "is_deceased"
	AttrCategory     = "assistance_category"
	AttrGroupSize    = "group_size"
	AttrGroup        = "group_identifier"
	AttrRegistration = "registration_date"
)

// Attributes is the table. A sender may have fewer, never others.
var Attributes = []Attribute{
	{Name: AttrUIN, Kind: Person, Query: true},
	{Name: AttrName, Kind: Code},
	{Name: AttrSex, Kind: Code, Query: true, Codes: sexCodes},
	{Name: AttrBirthDate, Kind: Date, Query: true, Sort: true},
	{Name: AttrArea, Kind: Place, Query: true, Sort: true},
	{Name: AttrMarital, Kind: Code, Query: true, Codes: maritalCodes},
	{Name: AttrDisabled, Kind: Truth, Query: true},
	{Name: AttrWork, Kind: Code, Query: true, Codes: workCodes},
	{Name: AttrDeceased, Kind: Truth, Query: true},
	{Name: AttrCategory, Kind: Code, Query: true, Codes: categoryCodes},
	{Name: AttrGroupSize, Kind: Number, Query: true, Sort: true},
	{Name: AttrGroup, Kind: Code},
	{Name: AttrRegistration, Kind: Date, Query: true, Sort: true},
}

// FindAttribute is the row of a name; nil: there is none.
func FindAttribute(name string) *Attribute {
	i := slices.IndexFunc(Attributes, func(a Attribute) bool { return a.Name == name })
	if i < 0 {
		return nil
	}
	return &Attributes[i]
}

// Word is the standard's word for the register's code; "" for what has none.
func (a *Attribute) Word(code string) string {
	for word, c := range a.Codes {
		if c == code {
			return word
		}
	}
	return ""
}

// operators of a kind.
func (k Kind) operators() []string {
	switch k {
	case Number, Date:
		return []string{"eq", "gt", "lt", "ge", "le"}
	case Truth:
		return []string{"eq"}
	default:
		return []string{"eq", "in"}
	}
}

// value reads one value of an attribute, as the register has it.
func (a *Attribute) value(v any) (any, error) {
	text, isText := v.(string)
	switch a.Kind {
	case Number:
		n, ok := v.(float64)
		if isText {
			var err error
			n, err = strconv.ParseFloat(text, 64)
			ok = err == nil
		}
		if !ok || n < 0 || n != float64(int(n)) || n > 1e6 {
			return nil, BadFilter
		}
		return int(n), nil
	case Truth:
		if b, ok := v.(bool); ok {
			return b, nil
		}
		if isText && (text == "true" || text == "false") {
			return text == "true", nil
		}
		return nil, BadFilter
	case Date:
		if day, err := time.Parse(time.DateOnly, text); err == nil {
			return day.Format(time.DateOnly), nil
		}
		at, err := time.Parse(time.RFC3339, text)
		if err != nil {
			return nil, BadFilter
		}
		return at.Format(time.DateOnly), nil
	case Code:
		code, known := a.Codes[text]
		if !isText || !known {
			return nil, BadFilter
		}
		return code, nil
	case Place:
		if !isText || len(text) < 2 || len(text) > 12 || !digits(text) {
			return nil, BadFilter
		}
		return text, nil
	default: // Person
		if !isText || len(text) < 15 || len(text) > 20 {
			return nil, BadFilter
		}
		return text, nil
	}
}

func digits(s string) bool {
	for _, r := range s {
		if r < '0' || r > '9' {
			return false
		}
	}
	return true
}
