package policy

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"doorstep/sync/merge"
)

// published is one field as Appendix A of the protocol states it.
type published struct {
	rule  merge.Rule // "" where the page names none: what the server alone writes
	write Writer
	group bool
}

var (
	appendixRow = regexp.MustCompile("(?m)^\\| `([a-z_]+)` \\| (.+) \\|$")
	// a name, a group's braces, or what stands in brackets about the names before
	appendixToken = regexp.MustCompile("group \\{|\\}|`([a-z0-9_]+)`|\\(([^()]*)\\)")
	verdict       = regexp.MustCompile(`^(?:all )?(?:(latest|union|append|max|min|review|immutable), )?([WTS])(?:;|$)`)
)

// appendix reads the types of the published protocol.
func appendix(t *testing.T) map[string]map[string]published {
	t.Helper()
	page, err := os.ReadFile("../../docs/protocol.md")
	if err != nil {
		t.Fatal(err)
	}
	text := string(page)
	text = text[strings.Index(text, "## Appendix A"):strings.Index(text, "## Appendix B")]
	types := map[string]map[string]published{}
	for _, row := range appendixRow.FindAllStringSubmatch(text, -1) {
		types[row[1]] = fieldsOf(row[2])
	}
	return types
}

// fieldsOf reads one row: names gather until brackets say their rule and writer.
func fieldsOf(row string) map[string]published {
	fields := map[string]published{}
	var names []string
	grouped := map[string]bool{}
	inGroup := false
	for _, token := range appendixToken.FindAllStringSubmatch(row, -1) {
		switch {
		case token[0] == "group {":
			inGroup = true
		case token[0] == "}":
			inGroup = false
		case token[1] != "":
			names = append(names, token[1])
			grouped[token[1]] = inGroup
		default:
			said := verdict.FindStringSubmatch(token[2])
			if said == nil {
				continue // a remark
			}
			for _, name := range names {
				fields[name] = published{merge.Rule(said[1]), Writer(said[2][0]), grouped[name]}
			}
			names = nil
		}
	}
	for _, name := range names {
		fields[name] = published{}
	}
	return fields
}

// decided is where the page, read by its grammar, says what cannot be meant
// (docs/protocol.md, Appendix C.8).
var decided = map[string]published{
	"visits.task":       {rule: merge.Immutable, write: Tablet},
	"members.household": {rule: merge.Review, write: Town},
}

func TestTheTableIsTheAppendixOfTheProtocol(t *testing.T) {
	page := appendix(t)
	if len(page) != len(Types()) {
		t.Errorf("the page has %d types, the table %d", len(page), len(Types()))
	}
	for _, typ := range Types() {
		for i := range typ.Fields {
			if _, told := page[typ.Name][typ.Fields[i].Name]; !told {
				t.Errorf("%s.%s is not on the page", typ.Name, typ.Fields[i].Name)
			}
		}
		for name, want := range page[typ.Name] {
			compareWithPage(t, typ, name, want)
		}
	}
}

func compareWithPage(t *testing.T, typ *Type, name string, want published) {
	t.Helper()
	place := typ.Name + "." + name
	if meant, ok := decided[place]; ok {
		want = meant
	}
	f := typ.Field(name)
	if f == nil {
		t.Errorf("%s is on the page, and not in the table", place)
		return
	}
	got := published{f.Rule, f.Write, f.Group != ""}
	if want.rule == "" {
		got.rule = "" // the server and the town write it; the page leaves the rule to us
	}
	if got != want {
		t.Errorf("%s: the table has %s %c, group %v; the page %s %c, group %v", place, got.rule, got.write, got.group, want.rule, want.write, want.group)
	}
}
