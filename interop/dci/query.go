package dci

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Query types of the standard.
const (
	ByIdentifier = "idtype-value"
	ByPredicate  = "predicate"
	ByExpression = "expression"
)

// Bounds of a query.
const (
	mostTerms  = 20
	mostValues = 100
	mostDeep   = 4
)

// Condition is a query as a tree: a comparison, or others joined.
type Condition struct {
	Join  string // "and", "or", "not" (of one); "": a comparison
	Parts []Condition

	Attribute *Attribute
	Operator  string // eq, gt, lt, ge, le, in
	Values    []any  // one, but for in
}

// ParseQuery reads a query of one of the three types. Errors are BadCriteria (no such
// type) and BadFilter.
func ParseQuery(queryType string, query jsontext.Value) (Condition, error) {
	var c Condition
	var err error
	switch queryType {
	case ByIdentifier:
		c, err = identifierQuery(query)
	case ByPredicate:
		c, err = predicateQuery(query)
	case ByExpression:
		c, err = expressionQuery(query)
	default:
		return c, BadCriteria
	}
	if err == nil && c.terms() > mostTerms {
		err = BadFilter
	}
	return c, err
}

func (c *Condition) terms() int {
	if c.Join == "" {
		return 1
	}
	n := 0
	for i := range c.Parts {
		n += c.Parts[i].terms()
	}
	return n
}

// Attributes are the names that a condition asks with, sorted.
func (c *Condition) Attributes() []string {
	found := map[string]bool{}
	c.each(func(name string) { found[name] = true })
	return slices.Sorted(maps.Keys(found))
}

// Told is a condition as the auditor reads it; mask shortens an ID number.
func (c *Condition) Told(mask func(string) string) string {
	switch {
	case c.Join == "not":
		return "not (" + c.Parts[0].Told(mask) + ")"
	case c.Join != "":
		parts := make([]string, len(c.Parts))
		for i := range c.Parts {
			parts[i] = c.Parts[i].Told(mask)
		}
		return "(" + strings.Join(parts, " "+c.Join+" ") + ")"
	case c.Attribute == nil:
		return ""
	}
	values := c.Values
	if c.Attribute.Kind == Person {
		values = nil
		for _, v := range c.Values {
			values = append(values, mask(v.(string)))
		}
	}
	text, _ := json.Marshal(values) // texts, numbers and truths
	return c.Attribute.Name + " " + c.Operator + " " + string(text)
}

func (c *Condition) each(do func(string)) {
	if c.Join == "" {
		do(c.Attribute.Name)
	}
	for i := range c.Parts {
		c.Parts[i].each(do)
	}
}

// compare makes a comparison, checked against the table.
func compare(name, operator string, value any) (Condition, error) {
	a := FindAttribute(name)
	if a == nil || !a.Query || !slices.Contains(a.Kind.operators(), operator) {
		return Condition{}, BadFilter
	}
	list := []any{value}
	if operator == "in" {
		var ok bool
		if list, ok = value.([]any); !ok {
			text, isText := value.(string)
			if !isText {
				return Condition{}, BadFilter
			}
			for part := range strings.SplitSeq(text, ",") { // as the standard's values are: a text
				list = append(list, strings.TrimSpace(part))
			}
		}
	}
	if len(list) == 0 || len(list) > mostValues {
		return Condition{}, BadFilter
	}
	c := Condition{Attribute: a, Operator: operator}
	for _, v := range list {
		one, err := a.value(v)
		if err != nil {
			return Condition{}, err
		}
		c.Values = append(c.Values, one)
	}
	return c, nil
}

// identifierQuery: {"type":"UIN","value":"…"}.
func identifierQuery(query jsontext.Value) (Condition, error) {
	var q struct {
		Type  string `json:"type"`
		Value any    `json:"value"`
	}
	if json.Unmarshal(query, &q) != nil || q.Type != AttrUIN {
		return Condition{}, BadFilter
	}
	return compare(AttrUIN, "eq", q.Value)
}

// term is an expression of the standard's predicates.
type term struct {
	Attribute string `json:"attribute_name"`
	Operator  string `json:"operator"`
	Value     any    `json:"attribute_value"`
}

func (t *term) condition() (Condition, error) { return compare(t.Attribute, t.Operator, t.Value) }

// predicateQuery: a list of pairs, in the order of seq_num, all of which hold; in a pair
// and, or, not (the first and not the second).
func predicateQuery(query jsontext.Value) (Condition, error) {
	var list []pair
	if json.Unmarshal(query, &list) != nil || len(list) == 0 || len(list) > mostTerms {
		return Condition{}, BadFilter
	}
	slices.SortStableFunc(list, func(a, b pair) int { return cmp.Compare(a.Seq, b.Seq) })
	all := Condition{Join: "and"}
	for i := range list {
		c, err := list[i].joined()
		if err != nil {
			return Condition{}, err
		}
		all.Parts = append(all.Parts, c)
	}
	return all, nil
}

// pair is an item of the standard's predicates.
type pair struct {
	Seq       float64 `json:"seq_num"`
	First     *term   `json:"expression1"`
	Condition string  `json:"condition"`
	Second    *term   `json:"expression2"`
}

func (p *pair) joined() (Condition, error) {
	if p.First == nil || (p.Condition == "") != (p.Second == nil) {
		return Condition{}, BadFilter
	}
	first, err := p.First.condition()
	if err != nil || p.Second == nil {
		return first, err
	}
	second, err := p.Second.condition()
	if err != nil {
		return Condition{}, err
	}
	switch p.Condition {
	case "and", "or":
		return Condition{Join: p.Condition, Parts: []Condition{first, second}}, nil
	case "not":
		return Condition{Join: "and", Parts: []Condition{first, {Join: "not", Parts: []Condition{second}}}}, nil
	}
	return Condition{}, BadFilter
}

// expressionQuery: {"type":…,"value":{"expression":{"collection":…,"query":{"$and":[…]}}}}.
func expressionQuery(query jsontext.Value) (Condition, error) {
	var q struct {
		Value struct {
			Expression struct {
				Collection string `json:"collection"`
				Query      any    `json:"query"`
			} `json:"expression"`
		} `json:"value"`
	}
	if json.Unmarshal(query, &q) != nil {
		return Condition{}, BadFilter
	}
	return expressed(q.Value.Expression.Query, 0)
}

func expressed(v any, deep int) (Condition, error) {
	object, ok := v.(map[string]any)
	if !ok || len(object) == 0 || deep > mostDeep {
		return Condition{}, BadFilter
	}
	all := Condition{Join: "and"}
	for _, name := range slices.Sorted(maps.Keys(object)) {
		part, err := member(name, object[name], deep)
		if err != nil {
			return Condition{}, err
		}
		all.Parts = append(all.Parts, part)
	}
	if len(all.Parts) > mostTerms {
		return Condition{}, BadFilter
	}
	return all, nil
}

// expressionOperators are the words of an expression.
var expressionOperators = map[string]string{"$eq": "eq", "$gt": "gt", "$lt": "lt", "$gte": "ge", "$ge": "ge", "$lte": "le", "$le": "le", "$in": "in"}

func member(name string, v any, deep int) (Condition, error) {
	switch name {
	case "$and", "$or":
		list, ok := v.([]any)
		if !ok || len(list) == 0 || len(list) > mostTerms {
			return Condition{}, BadFilter
		}
		c := Condition{Join: name[1:]}
		for _, item := range list {
			part, err := expressed(item, deep+1)
			if err != nil {
				return Condition{}, err
			}
			c.Parts = append(c.Parts, part)
		}
		return c, nil
	case "$not":
		part, err := expressed(v, deep+1)
		return Condition{Join: "not", Parts: []Condition{part}}, err
	}
	operators, ok := v.(map[string]any)
	if !ok {
		return compare(name, "eq", v)
	}
	c := Condition{Join: "and"}
	for _, op := range slices.Sorted(maps.Keys(operators)) {
		part, err := compare(name, expressionOperators[op], operators[op])
		if err != nil {
			return Condition{}, err
		}
		c.Parts = append(c.Parts, part)
	}
	if len(c.Parts) == 0 {
		return Condition{}, BadFilter
	}
	return c, nil
}
