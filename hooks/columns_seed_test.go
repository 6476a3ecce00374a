package hooks

import (
	"fmt"
	"strings"
	"time"

	"doorstep/domain/idnumber"
	"doorstep/sync/policy"
)

// A household with a record of every type, and every field of it filled, most with a value
// that no other field has.

// filled is what was entered: by type the record's id, and its values by field.
type filled struct {
	ids    map[string]string
	values map[string]map[string]any
}

func (s *site) fillHousehold() *filled {
	s.t.Helper()
	f := &filled{ids: map[string]string{}, values: map[string]map[string]any{}}
	for _, t := range policy.Types() {
		f.ids[t.Name] = newID()
	}
	n := 0
	for _, t := range policy.Types() {
		values := map[string]any{}
		for i := range t.Fields {
			n++
			values[t.Fields[i].Name] = f.value(s, t, &t.Fields[i], n)
		}
		if t.Open.Field != "" && len(t.Open.Values) > 0 {
			values[t.Open.Field] = t.Open.Values[0] // as long as tablets read it
		}
		f.values[t.Name] = values
	}
	f.values["photos"]["owner_type"], f.values["photos"]["owner"] = "visits", f.ids["visits"]
	f.values["members"]["id_kind"], f.values["members"]["birth_date"] = "resident", "1951-02-03"
	f.values["categories"]["from"], f.values["categories"]["to"] = "2019-01-01", "2999-01-01"
	for _, t := range policy.Types() {
		if t.Name != "entitlements" {
			s.enter("create", t.Name, f.ids[t.Name], f.values[t.Name])
		}
	}
	// A rule keeps these, and takes away what nobody is entitled to when it next looks: last.
	s.enter("create", "entitlements", f.ids["entitlements"], f.values["entitlements"])
	return f
}

// value is one that the field takes, the nth of all.
func (f *filled) value(s *site, t *policy.Type, field *policy.Field, n int) any {
	s.t.Helper()
	switch {
	case field.Kind == policy.Text && field.Options != nil:
		return field.Options[0].Value
	case field.Kind == policy.List:
		return []any{f.item(field, n)}
	case field.Check != "" && field.Kind != policy.Number:
		return checkedValue(s, field, n)
	}
	switch field.Kind {
	case policy.Number:
		return min(field.High, max(field.Low, 20000+float64(n)))
	case policy.Bool:
		return true
	case policy.Date:
		return time.Date(2018, 1, n, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
	case policy.Time:
		return time.Date(2018, 1, n, 1, 2, 3, 0, time.UTC).Format("2006-01-02T15:04:05.000Z")
	case policy.Reference:
		return f.ids[field.To]
	case policy.Object:
		return map[string]any{"of": fmt.Sprint("物", n, "件")}
	}
	return cut(fmt.Sprint("字", n, "样"), field.Max)
}

func (f *filled) item(field *policy.Field, n int) any {
	switch {
	case field.Items == "entry":
		return map[string]any{"id": fmt.Sprint("e", n), "text": fmt.Sprint("条", n, "目")}
	case field.Items == "photo":
		return f.ids["photos"]
	case field.Options != nil:
		return field.Options[0].Value
	}
	return cut(fmt.Sprint("项", n, "目"), field.Max)
}

// checkedValue is for fields whose values have a shape. A check that is not here fails the test.
func checkedValue(s *site, field *policy.Field, n int) any {
	s.t.Helper()
	switch field.Check {
	case "region12", "region":
		return ownVillage
	case "phone":
		return fmt.Sprintf("1398765%04d", n)
	case "sha256hex":
		return strings.Repeat(fmt.Sprintf("%04x", n), 16)
	case "place":
		return map[string]any{"lat": 36.0 + float64(n)/1000, "lng": 120.0}
	case "document":
		number, err := idnumber.Make("370281", time.Date(1951, 2, 3, 0, 0, 0, 0, time.UTC), n%900+1)
		s.must(err)
		return string(number)
	}
	s.t.Fatalf("no value is made for the check %q", field.Check)
	return nil
}

func cut(text string, most int) string {
	if r := []rune(text); most > 0 && len(r) > most {
		return string(r[:most])
	}
	return text
}
