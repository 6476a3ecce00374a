package access

import "testing"

func TestWhoKeepsWhoseAccounts(t *testing.T) {
	town, county := Scope{Areas: []string{"370281102"}}, Scope{Areas: []string{"370281"}}
	for _, c := range []struct {
		by     Role
		own    Scope
		role   Role
		office string
		areas  []string
		want   bool
	}{
		{Town, town, Worker, "370281102200", []string{"370281102200"}, true},
		{Town, town, Worker, "370281105201", []string{"370281105201"}, false},
		{Town, town, Worker, "370281102200", []string{"370281102200", "370281105201"}, false}, // a village of another town
		{Town, town, Worker, "", nil, false},
		{Town, town, Town, "370281102", []string{"370281102"}, false},
		{Town, town, County, "370281", []string{"370281"}, false},
		{Town, Scope{}, Worker, "370281102200", nil, false},
		{County, county, Town, "370281102", []string{"370281102"}, true},
		{County, county, Data, "", nil, true},
		{County, county, Auditor, "370281", []string{"370281"}, false},
		{County, county, Admin, "", nil, false},
		{Admin, Scope{}, Auditor, "370281", []string{"370281"}, true},
		{Admin, Scope{}, Worker, "370281102200", []string{"370281102200"}, true},
		{Auditor, county, Worker, "370281102200", nil, false},
		{Worker, Scope{Areas: []string{"370281102200"}}, Worker, "370281102200", nil, false},
	} {
		if got := Manages(c.by, c.own, c.role, c.office, c.areas); got != c.want {
			t.Errorf("%s over %s of %s %v: %v", c.by, c.role, c.office, c.areas, got)
		}
	}
}
