package demo

import (
	"slices"
	"strings"
	"testing"

	"doorstep/domain/access"
	"doorstep/domain/region"
)

func TestTheAccountsAreThoseOfAppendixB(t *testing.T) {
	want := strings.Fields(`worker worker2 neighbor social town othertown county education employment medical housing
		emergency disabled agriculture health finance data auditor admin`)
	byName := map[string]Account{}
	for _, a := range Accounts() {
		name, _ := strings.CutSuffix(a.Email, "@demo.test")
		byName[name] = a
		if !slices.Contains(want, name) || a.Name == "" || !a.Role.Known() || a.Area() == "" || !region.Valid(a.Office) {
			t.Errorf("%+v", a)
		}
		for _, area := range a.Areas {
			if !access.Fits(a.Role, area) {
				t.Errorf("%s is granted %s", name, area)
			}
		}
	}
	if len(byName) != len(want) {
		t.Fatalf("%d accounts, want %d", len(byName), len(want))
	}
	if !slices.Equal(byName["worker"].Areas, byName["worker2"].Areas) || byName["worker"].Name == byName["worker2"].Name {
		t.Error("worker and worker2 are two people of one village")
	}
	if slices.Equal(byName["worker"].Areas, byName["neighbor"].Areas) || region.Town(byName["neighbor"].Areas[0]) != byName["town"].Areas[0] {
		t.Error("neighbor works in another village of the same town")
	}
	if !byName["social"].Assigned || len(byName["social"].Areas) > 0 {
		t.Error("the social worker sees assigned households only")
	}
	if region.Contains(byName["othertown"].Areas[0], WorkerVillage) || !region.Contains(byName["county"].Areas[0], WorkerVillage) {
		t.Error("othertown or county sees the wrong villages")
	}
	for _, name := range []string{"data", "admin"} {
		if len(byName[name].Areas) > 0 {
			t.Errorf("%s sees households", name)
		}
	}
}

func TestVisitsAreMadeByTheWorkersWhoSignIn(t *testing.T) {
	names := workersOf(WorkerVillage)
	for b := range Build(config(60)) {
		for _, op := range b.Operations {
			if op.Type == "visits" && b.Region == WorkerVillage && op.Set["kind"] != "investigation" && !slices.Contains(names[:], op.Set["visitor"].(string)) {
				t.Fatalf("visited by %v", op.Set["visitor"])
			}
		}
	}
}
