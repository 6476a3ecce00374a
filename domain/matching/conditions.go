package matching

import (
	"slices"
	"strings"
)

func (s Situation) said(field string) string {
	word, _ := s.Record.Values[field].(string)
	return word
}

// conditions are what a rule may ask; after a colon stands what it asks about. What
// is not known holds nothing.
var conditions = map[string]func(s Situation, about string) bool{
	"found":          func(s Situation, _ string) bool { return s.Found },
	"registered":     func(s Situation, _ string) bool { return s.Found && len(s.Categories) > 0 },
	"marginal":       func(s Situation, _ string) bool { return slices.Contains(s.Categories, "marginal") },
	"subsistence":    func(s Situation, _ string) bool { return slices.Contains(s.Categories, "subsistence") },
	"believed_alive": func(s Situation, _ string) bool { return s.Found && (s.Person.Alive == nil || *s.Person.Alive) },
	"item":           func(s Situation, item string) bool { return len(s.Given[item]) > 0 },
	"property":       func(s Situation, kind string) bool { return slices.Contains(s.Property, kind) },
	"repeated":       func(s Situation, _ string) bool { return s.Repeated },
	"paid_after": func(s Situation, field string) bool {
		day := s.said(field)
		return day != "" && slices.ContainsFunc(s.Given["basic_living"], func(on string) bool { return on[:min(7, len(on))] > day[:7] })
	},
	"severe": func(s Situation, _ string) bool { // grade 1 or 2, grade 3 of intellect or mind, 四(一)
		kind, grade := s.said("disability_kind"), s.said("disability_grade")
		return grade == "1" || grade == "2" || grade == "3" && (kind == "5" || kind == "6")
	},
	"unsafe": func(s Situation, _ string) bool { return s.said("grade") == "C" || s.said("grade") == "D" },
}

func holds(condition string, s Situation) bool {
	name, not := strings.CutPrefix(condition, "!")
	name, about, _ := strings.Cut(name, ":")
	ask, ok := conditions[name]
	if !ok {
		panic("matching: no condition " + condition) // a table's mistake; a test walks the table
	}
	return ask(s, about) != not
}
