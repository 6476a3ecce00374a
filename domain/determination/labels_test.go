package determination

import (
	"slices"
	"testing"

	"doorstep/sync/policy"
)

// The facts' places and codes are those of the register's table.
func TestFactsAreWhereTheRegisterKeepsThem(t *testing.T) {
	for _, row := range FactTable() {
		if row.Type == "" {
			continue
		}
		typ := policy.Lookup(row.Type)
		if typ == nil || typ.Field(row.Field) == nil {
			t.Errorf("%s: no %s.%s", row.Code, row.Type, row.Field)
			continue
		}
		if f := typ.Field(row.Field); string(f.Kind) != row.Kind || f.Label != row.Label || row.Member != (row.Type == "members") {
			t.Errorf("%s: %s %s here, %s %s in the register", row.Code, row.Label, row.Kind, f.Label, f.Kind)
		}
	}
	for _, k := range counted {
		options := policy.Lookup("households").Field("property").Options
		if !slices.Contains(options, policy.Option{Value: k.code, Label: k.label}) {
			t.Errorf("property %s %s is no option", k.code, k.label)
		}
	}
	for _, c := range Categories() {
		options := policy.Lookup("categories").Field("category").Options
		if !slices.Contains(options, policy.Option{Value: c, Label: Title(c)}) {
			t.Errorf("category %s %s is no option", c, Title(c))
		}
	}
	states := policy.Lookup("applications").Field("state").Options
	for _, m := range moves {
		for _, s := range []string{m.from, m.to} {
			if !slices.ContainsFunc(states, func(o policy.Option) bool { return o.Value == s }) {
				t.Errorf("state %s is no option", s)
			}
		}
	}
}
