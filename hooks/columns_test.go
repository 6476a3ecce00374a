package hooks

import (
	"encoding/csv"
	"fmt"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"doorstep/domain/idnumber"
	"doorstep/domain/referral"
	"doorstep/register"
	"doorstep/sync/policy"

	"github.com/go-json-experiment/json"
)

// Role × column. docs/columns.md is the verdict on every field of every type: what each
// office is sent of it, and by which way. This test asks the real server for a household
// with every field filled, and holds the answers against the page. A field without a
// verdict fails; so does a verdict without a field.

const columnsPage = "../docs/columns.md"

// Verdicts, as the page has them.
const (
	sentWhole  = "全"
	sentMasked = "掩"
	notSent    = "无"
)

// ways are the page's columns, and who is asked for each.
var ways = []struct {
	way string
	who []string
}{{"村、社工", []string{"worker", "social"}}, {"镇、县", []string{"town", "county"}}, {"控制台", []string{"town", "county", "auditor"}}, {"回填", []string{"town", "county"}}}

// verdicts are a field's: by way, and last the departments that see it for a purpose.
type verdicts []string

func TestEveryRoleIsSentTheColumnsOfItsVerdictAndNoOther(t *testing.T) {
	s := newSite(t)
	f := s.fillHousehold()
	s.assign("social", f.ids["households"])
	page := readColumns(t)
	seen := map[string]map[string]string{}
	for _, typ := range policy.Types() {
		for _, w := range ways {
			for _, who := range w.who {
				seen[w.way+who+typ.Name] = s.sentOf(w.way, who, typ, f)
			}
		}
	}
	for _, typ := range policy.Types() {
		if !slices.Contains(slices.Collect(maps.Values(seen["控制台county"+typ.Name])), sentWhole) {
			t.Errorf("%s: there is no record to look at", typ.Name)
		}
	}
	asked := s.askedByDepartments(f)
	for _, typ := range policy.Types() {
		for i := range typ.Fields {
			field := &typ.Fields[i]
			column := typ.Name + "." + field.Name
			var now verdicts
			for _, w := range ways {
				now = append(now, seen[w.way+w.who[0]+typ.Name][field.Name])
				for _, who := range w.who[1:] {
					if got := seen[w.way+who+typ.Name][field.Name]; got != now[len(now)-1] {
						t.Errorf("%s: %s is sent %s, %s %s", column, w.who[0], now[len(now)-1], who, got)
					}
				}
			}
			now = append(now, asked[column])
			row := fmt.Sprintf("| %s | %s | %s |", column, field.Label, strings.Join(now, " | "))
			want, ok := page[column]
			switch {
			case !ok:
				t.Errorf("%s has no verdict. Decide who may see it, and write it into docs/columns.md; the server sends now:\n%s", column, row)
			case !slices.Equal(want, append(verdicts{field.Label}, now...)):
				t.Errorf("%s: the verdict is %v, the server sends\n%s", column, want, row)
			}
			delete(page, column)
		}
	}
	for column := range page {
		t.Errorf("docs/columns.md has a verdict on %s, which is no field", column)
	}
	s.maskedEverywhere(f)
}

// readColumns reads the page's rows: field -> label and verdicts.
func readColumns(t *testing.T) map[string]verdicts {
	t.Helper()
	text, err := os.ReadFile(columnsPage)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]verdicts{}
	for line := range strings.Lines(string(text)) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		if len(cells) == len(ways)+3 && strings.Contains(cells[0], ".") {
			out[cells[0]] = cells[1:]
		}
	}
	return out
}

// sentOf is how each field of a type's record reaches somebody by a way.
func (s *site) sentOf(way, who string, t *policy.Type, f *filled) map[string]string {
	s.t.Helper()
	if way == "回填" {
		return s.exportedOf(who, t, f)
	}
	record := map[string]any{}
	switch way {
	case "控制台":
		story := s.told(s.ask(who, "GET", consolePrefix+"/households/"+f.ids["households"], nil))
		list, _ := story[t.Name].([]any)
		if t.Name == "households" {
			list = []any{story["household"]}
		}
		for _, r := range list {
			if r := r.(obj); r["id"] == f.ids[t.Name] {
				record = r
			}
		}
	default:
		record = s.pulledRecord(who, f.ids[t.Name])
	}
	out := map[string]string{}
	for name, value := range f.values[t.Name] {
		out[name] = s.verdictOf(t.Name+"."+name, value, record[name])
	}
	return out
}

func (s *site) verdictOf(column string, entered, sent any) string {
	s.t.Helper()
	text, isText := entered.(string)
	switch {
	case sent == nil:
		return notSent
	case isText && sent == idnumber.Mask(text) && sent != entered:
		return sentMasked
	case fmt.Sprint(sent) == fmt.Sprint(entered), reflect.DeepEqual(sent, entered), withStamps(sent, entered):
		return sentWhole
	}
	s.t.Errorf("%s is sent as %v, entered was %v", column, sent, entered)
	return "?"
}

// withStamps: an entry of a list is sent with who wrote it when.
func withStamps(sent, entered any) bool {
	a, _ := sent.([]any)
	b, _ := entered.([]any)
	if len(a) != 1 || len(b) != 1 {
		return false
	}
	x, _ := a[0].(obj)
	y, _ := b[0].(obj)
	return x != nil && y != nil && x["text"] == y["text"]
}

// pulledRecord is a record as a tablet's whole download has it.
func (s *site) pulledRecord(who, id string) obj {
	s.t.Helper()
	key := "snapshot " + who
	if s.kept[key] == "" {
		if s.kept == nil {
			s.kept = map[string]string{}
		}
		s.kept[key] = string(s.ask(who, "GET", syncPrefix+"/snapshot?device="+s.tablet(who).id, nil).body)
	}
	for line := range strings.Lines(s.kept[key]) {
		var change struct {
			ID     string `json:"id"`
			Kind   string `json:"kind"`
			Record obj    `json:"record"`
		}
		s.must(json.Unmarshal([]byte(line), &change))
		if change.ID == id && change.Kind == "put" {
			return change.Record
		}
	}
	return obj{}
}

// exportedOf are the columns of the list that goes back to the province's platform.
func (s *site) exportedOf(who string, t *policy.Type, f *filled) map[string]string {
	s.t.Helper()
	out := map[string]string{}
	for i := range t.Fields {
		out[t.Fields[i].Name] = notSent
	}
	r := s.ask(who, "GET", consolePrefix+"/exports/"+t.Name+"?format=csv", nil)
	if !slices.Contains(register.Exports, t.Name) {
		if r.status != 404 {
			s.t.Errorf("%s is exported: %d", t.Name, r.status)
		}
		return out
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(r.body), "\ufeff"))).ReadAll()
	if err != nil || len(rows) != 2 {
		s.t.Fatalf("%s: %d rows, %v", t.Name, len(rows), err)
	}
	const before = 5 // whose it is and where
	for i := range t.Fields {
		field := &t.Fields[i]
		at := slices.Index(rows[0][before:], field.Label)
		if at < 0 {
			continue
		}
		entered, _ := f.values[t.Name][field.Name].(string)
		switch cell := rows[1][before+at]; {
		case cell == "":
			s.t.Errorf("%s.%s: the export's cell is empty", t.Name, field.Name)
		case strings.Contains(cell, "*"):
			out[field.Name] = sentMasked
		case field.Masked && cell != entered:
			s.t.Errorf("%s.%s: exported as %q", t.Name, field.Name, cell)
		default:
			out[field.Name] = sentWhole
		}
	}
	return out
}

// askedByDepartments sends a referral for every purpose and reads it as its department
// does: which columns come to whom. What is not among them stands nowhere in the answer.
func (s *site) askedByDepartments(f *filled) map[string]string {
	s.t.Helper()
	to := map[string][]string{}
	for _, p := range referral.Purposes() {
		for _, department := range p.Departments {
			member := s.record("members", f.values["members"])
			sent := obj{"id": newID(), "household": f.ids["households"], "member": member, "kind": string(p.Kind), "department": department, "purpose": "请办理"}
			if p.Item != "" {
				sent["item"] = p.Item
			}
			id := s.sent("town", sent)
			s.officerOf(department)
			r := s.ask("finance", "GET", consolePrefix+"/department/referrals/"+id, nil)
			var columns []string
			for _, seen := range s.told(r)["person"].([]any) {
				column := seen.(obj)["column"].(string)
				columns = append(columns, column)
				if !slices.Contains(to[column], department) {
					to[column] = append(to[column], department)
				}
			}
			f.nothingElse(s, string(r.body), fmt.Sprint(department, " ", p.Kind, " ", p.Item), columns)
		}
	}
	out := map[string]string{}
	for _, t := range policy.Types() {
		for i := range t.Fields {
			column := t.Name + "." + t.Fields[i].Name
			slices.Sort(to[column])
			if out[column] = strings.Join(labelsOf(to[column]), "、"); out[column] == "" {
				out[column] = notSent
			}
		}
	}
	return out
}

func labelsOf(departments []string) (out []string) {
	options := policy.Lookup("referrals").Field("department").Options
	for _, d := range departments {
		out = append(out, options[slices.IndexFunc(options, func(o policy.Option) bool { return o.Value == d })].Label)
	}
	return out
}

// nothingElse looks for what was entered and is no column of the purpose.
func (f *filled) nothingElse(s *site, answer, whose string, columns []string) {
	s.t.Helper()
	for typ, values := range f.values {
		for name, value := range values {
			field := policy.Lookup(typ).Field(name)
			text := fmt.Sprint(value)
			if slices.Contains(columns, typ+"."+name) || field.Options != nil || len(text) < 5 || text == ownVillage || text == "true" || name == "birth_date" {
				continue // not a value that nothing else has
			}
			if strings.Contains(answer, text) {
				s.t.Errorf("%s is sent %s.%s: %s", whose, typ, name, text)
			}
		}
	}
}

// officerOf makes the finance officer one of another department.
func (s *site) officerOf(department string) {
	s.t.Helper()
	_, err := register.SetAccount(s.t.Context(), s.server.App, s.server.Engine, register.NewAccount{Email: "finance@test.test", Name: "finance", Role: "department", Office: "370281", Department: department, Areas: []string{"370281"}})
	s.must(err)
}

// maskedEverywhere: what is masked stands whole in no list and on no page of a desk.
func (s *site) maskedEverywhere(f *filled) {
	s.t.Helper()
	var paths []string
	for _, l := range register.ListFiles() {
		paths = append(paths, l.Path, consolePrefix+"/lists/"+l.Name+"/file?format=csv")
	}
	home := consolePrefix + "/households/" + f.ids["households"]
	paths = append(paths, home, home+"/page", home+"/recusals", consolePrefix+"/todo")
	for i := range policy.Lookup("members").Fields {
		paths = append(paths, home+"/history?record="+f.ids["members"]+"&field="+policy.Lookup("members").Fields[i].Name)
	}
	for _, who := range []string{"town", "auditor"} {
		n := 0
		for _, path := range paths {
			r := s.ask(who, "GET", path, nil)
			if r.status == 200 {
				n++
			}
			for typ, fields := range maskedFields {
				for _, field := range fields {
					if strings.Contains(string(r.body), f.values[typ][field.Name].(string)) {
						s.t.Errorf("%s reads %s.%s whole at %s", who, typ, field.Name, path)
					}
				}
			}
		}
		if n < 30 {
			s.t.Errorf("%s reads only %d of %d pages", who, n, len(paths))
		}
	}
}
