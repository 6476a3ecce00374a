package register

import (
	"maps"
	"slices"
	"strings"

	"doorstep/domain/casefile"
	"doorstep/domain/matching"
	"doorstep/domain/region"
	"doorstep/domain/supervision"
	"doorstep/sync/policy"
)

// The kinds of columns: what stands in an item and how a cell says it.

// of is a field of the type table, with its label and its words.
func of(typ, field string) ListColumn { return absent(ofAt(field, typ, field)) }

// absent is a column that items may leave out.
func absent(c ListColumn) ListColumn {
	c.typed = true
	return c
}

// ofAt is the same where it stands elsewhere in the item.
func ofAt(path, typ, field string) ListColumn {
	f := policy.Lookup(typ).Field(field)
	return ListColumn{Label: f.Label, path: path, say: func(v any, _ map[string]any, whole bool) string { return speak(f, v, whole) }}
}

// eachOf is one or some of a field's options, where the item holds it otherwise than the
// type does: one of a list, a list of one.
func eachOf(path, typ, field string) ListColumn {
	f := policy.Lookup(typ).Field(field)
	return ListColumn{Label: f.Label, path: path, say: func(v any, _ map[string]any, _ bool) string {
		list, ok := v.([]any)
		if !ok {
			list = []any{v}
		}
		out := make([]any, len(list))
		for i, each := range list {
			out[i] = spokenOption(f, plain(each))
		}
		return plain(out)
	}}
}

// called gives a column another label.
func called(label string, c ListColumn) ListColumn {
	c.Label = label
	return c
}

// as is what stands there, as it is.
func as(path, label string) ListColumn { return ListColumn{Label: label, path: path} }

// when is a moment, in the county's time.
func when(path, label string) ListColumn {
	return ListColumn{Label: label, path: path, say: func(v any, _ map[string]any, _ bool) string { return localTime(v) }}
}

// wordedBy is a code with its word.
func wordedBy(path, label string, words map[string]string) ListColumn {
	return ListColumn{Label: label, path: path, say: func(v any, _ map[string]any, _ bool) string { return wordOf(words, plain(v)) }}
}

// picked is a code, or some, of a list of choices.
func picked(path, label string, choices []casefile.Choice) ListColumn {
	words := map[string]string{}
	for _, c := range choices {
		words[c.Value] = c.Label
	}
	return ListColumn{Label: label, path: path, say: func(v any, _ map[string]any, _ bool) string {
		if list, ok := v.([]any); ok {
			out := make([]any, len(list))
			for i, each := range list {
				out[i] = wordOf(words, plain(each))
			}
			return plain(out)
		}
		return wordOf(words, plain(v))
	}}
}

// said is what a function makes of it.
func said(path, label string, say func(v any, item map[string]any, whole bool) string) ListColumn {
	return ListColumn{Label: label, path: path, say: say}
}

// numbered is an ID number.
func numbered(path, label string) ListColumn {
	return ListColumn{Label: label, path: path, say: func(v any, _ map[string]any, whole bool) string { return number(v, whole) }}
}

// placeOf is a region by its code.
func placeOf(path, label string) ListColumn {
	return ListColumn{Label: label, path: path, say: func(v any, _ map[string]any, _ bool) string { return region.FullName(plain(v)) }}
}

// counted is how many there are of a list.
func counted(path, label string) ListColumn {
	return ListColumn{Label: label, path: path, say: func(v any, _ map[string]any, _ bool) string {
		list, _ := v.([]any)
		return plain(float64(len(list)))
	}}
}

func wordOf(words map[string]string, code string) string {
	if w, ok := words[code]; ok {
		return w
	}
	return code
}

// Columns that many lists have.
var (
	whose  = called("户主姓名", as("head_name", ""))
	where  = as("region_name", "地区")
	typeOf = ListColumn{Label: "记录类型", path: "type", say: func(v any, _ map[string]any, _ bool) string {
		if t := policy.Lookup(plain(v)); t != nil {
			return t.Label
		}
		return plain(v)
	}}
	author = as("author.name", "录入人")
	made   = when("at", "录入时间")
	came   = when("received", "到达时间")
)

// changes says what an edit changes, field by field, in the order of the type's table.
func changes(v any, item map[string]any, whole bool) string {
	fields, _ := v.(map[string]any)
	t := policy.Lookup(plain(item["type"]))
	if t == nil {
		return ""
	}
	var out []string
	for i := range t.Fields {
		f := &t.Fields[i]
		c, ok := fields[f.Name].(map[string]any)
		if !ok || f.Kind == policy.Reference {
			continue
		}
		out = append(out, f.Label+"："+orNone(speak(f, c["before"], whole))+" → "+orNone(speak(f, c["after"], whole)))
	}
	return strings.Join(out, "；")
}

func orNone(s string) string {
	if s == "" {
		return fileWords("none")
	}
	return s
}

// fieldValue says a value of the field that a case is about.
func fieldValue(v any, item map[string]any, whole bool) string {
	t := policy.Lookup(plain(item["type"]))
	if t == nil {
		return plain(v)
	}
	if f := t.Field(plain(item["field"])); f != nil {
		return speak(f, v, whole)
	}
	group, ok := v.(map[string]any)
	if !ok {
		return plain(v)
	}
	var out []string
	for i := range t.Fields {
		if each, ok := group[t.Fields[i].Name]; ok {
			out = append(out, t.Fields[i].Label+"："+orNone(speak(&t.Fields[i], each, whole)))
		}
	}
	return strings.Join(out, "；")
}

func caseField(v any, item map[string]any, _ bool) string {
	if t := policy.Lookup(plain(item["type"])); t != nil {
		if f := t.Field(plain(v)); f != nil {
			return f.Label
		}
	}
	return plain(v)
}

// sides says the devices' sides of a case.
func sides(v any, item map[string]any, whole bool) string {
	list, _ := v.([]any)
	out := make([]string, 0, len(list))
	for _, each := range list {
		if side, ok := each.(map[string]any); ok {
			out = append(out, strings.TrimSpace(fieldValue(side["value"], item, whole)+" "+plain(side["by"])))
		}
	}
	return strings.Join(out, "；")
}

// outcomesOf counts what became of the ops that a line of the audit log stands for.
func outcomesOf(v any, _ map[string]any, _ bool) string {
	counts, _ := v.(map[string]any)
	var out []string
	for _, outcome := range slices.Sorted(maps.Keys(counts)) {
		out = append(out, wordOf(outcomeWords, outcome)+" "+plain(counts[outcome]))
	}
	return strings.Join(out, "，")
}

func relationOf(v any, _ map[string]any, _ bool) string { return supervision.RelationLabel(plain(v)) }

// departmentOf is a department by its code.
func departmentOf(v any, _ map[string]any, _ bool) string {
	f := policy.Lookup("assistance").Field("department")
	return speak(f, v, true)
}

// lastFinding is what was made of a declaration, the newest word.
func lastFinding(v any, _ map[string]any, _ bool) string {
	list, _ := v.([]any)
	if len(list) == 0 {
		return ""
	}
	last, _ := list[len(list)-1].(map[string]any)
	code := plain(at(last, "body.outcome"))
	if i := slices.IndexFunc(supervision.Outcomes(), func(o supervision.Outcome) bool { return o.Code == code }); i >= 0 {
		return supervision.Outcomes()[i].Label
	}
	return code
}

func sourceOf(v any, _ map[string]any, _ bool) string {
	code := plain(v)
	for _, s := range supervision.Sources() {
		if s.Code == code {
			return s.Label
		}
	}
	return code
}

// valuesOf says the row of a department's list.
func valuesOf(v any, item map[string]any, _ bool) string {
	values, _ := v.(map[string]any)
	kind := matching.Lookup(plain(item["kind"]))
	if kind == nil {
		return ""
	}
	out := []string{}
	for _, c := range kind.Wanted() {
		if word := plain(values[c.Field]); word != "" {
			out = append(out, c.Label+"："+word)
		}
	}
	return strings.Join(out, "；")
}
