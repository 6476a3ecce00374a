package casefile

import (
	"slices"
	"strings"
	"testing"

	"doorstep/domain/parameter"
)

// Every state of a row is one of its kind's stages, every stage is reached, and from
// every open one somebody can go on.
func TestTheTablesAreWhole(t *testing.T) {
	reached := map[Kind][]State{}
	for _, s := range steps {
		if s.Act == "" || s.Label == "" || s.Clause == "" || len(s.From) == 0 {
			t.Errorf("%+v says too little", s)
		}
		for _, from := range s.From {
			if from != None && LabelOf(s.Kind, from) == string(from) {
				t.Errorf("%s %s begins in %s, which is no stage", s.Kind, s.Act, from)
			}
			got, ok := Take(s.Kind, s.Act, from)
			if !ok || got.To == None || LabelOf(s.Kind, got.To) == string(got.To) {
				t.Errorf("%s %s from %q leads to %q", s.Kind, s.Act, from, got.To)
			}
			reached[s.Kind] = append(reached[s.Kind], got.To)
		}
	}
	for _, s := range stages {
		if !slices.Contains(reached[s.Kind], s.State) {
			t.Errorf("no step leads to %s %s", s.Kind, s.State)
		}
		if s.Open && len(Open(s.Kind, s.State)) == 0 {
			t.Errorf("nobody can go on from %s %s", s.Kind, s.State)
		}
		if IsOpen(s.Kind, s.State) != s.Open || slices.Contains(States(s.Kind, s.Open), string(s.State)) == slices.Contains(States(s.Kind, !s.Open), string(s.State)) {
			t.Errorf("%s %s is open and closed", s.Kind, s.State)
		}
	}
}

func TestWhatStandsInNoRowNobodyDoes(t *testing.T) {
	for _, c := range []struct {
		act  string
		from State
		ok   bool
	}{
		{"answer", "received", true}, {"answer", "dispatched", false}, {"answer", "verified", true}, {"answer", "answered", false},
		{"dispatch", "verified", true}, {"dispatch", "dispatched", false}, {"find", "received", false}, {"delete", "received", false}, {"receive", "received", false},
	} {
		if _, ok := Take(Lead, c.act, c.from); ok != c.ok {
			t.Errorf("%s from %s: %v", c.act, c.from, ok)
		}
	}
	if slices.Contains(Open(Lead, "dispatched"), "find") {
		t.Error("a person is offered the register's own step")
	}
}

func TestDeadlinesAreTheCountysInWorkingDays(t *testing.T) {
	p, err := Defaults().With([]parameter.Setting{{Name: "lead_verify_urgent_days", From: "2026-11-01", Value: 1}})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, from, want string }{
		{"lead_verify_ordinary_days", "2026-11-26", "2026-12-03"},
		{"lead_verify_urgent_days", "2026-10-29", "2026-11-02"}, // 2, as shipped
		{"lead_verify_urgent_days", "2026-11-27", "2026-11-30"}, // 1, since the county said so
		{"lead_answer_ordinary_days", "2026-09-24", "2026-10-15"},
	} {
		if got, err := p.After(c.name, c.from); err != nil || got != c.want {
			t.Errorf("%s after %s: %s %v", c.name, c.from, got, err)
		}
	}
	if _, err := p.After("remind_days", "soon"); err == nil {
		t.Error("a day that is none has a deadline")
	}
	if _, err := p.With([]parameter.Setting{{Name: "remind_days", From: "2026-11-01", Value: 31}}); err == nil {
		t.Error("a reminder a month and more ahead is accepted")
	}
	for _, n := range p.Table() {
		if n.Default < n.Low || n.Default > n.High || n.Label == "" || n.Unit == "" || n.Clause == "" {
			t.Errorf("%+v", n)
		}
	}
}

// GB 32100: the example of the standard, every slip of one character, and neighbours.
func TestACreditCodeKnowsItsSlips(t *testing.T) {
	const code = "91350100M000100Y43"
	if !IsCreditCode(code) {
		t.Fatal("the standard's own example is refused")
	}
	for i := range code {
		for _, c := range creditCharacters {
			slip := code[:i] + string(c) + code[i+1:]
			if slip != code && IsCreditCode(slip) {
				t.Errorf("%s passes", slip)
			}
		}
	}
	for _, bad := range []string{"", code[:17], code + "0", strings.ToLower(code), strings.Replace(code, "M", "I", 1)} {
		if IsCreditCode(bad) {
			t.Errorf("%q passes", bad)
		}
	}
}

// 四(五) 重点关注重病患者、重度残疾人等群体: who they are, and that they come first.
func TestWhoComesFirstInCharity(t *testing.T) {
	for _, c := range []struct {
		name  string
		p     Person
		want  []string
		first bool
	}{
		{"seriously ill", Person{Age: 40, Health: "serious"}, []string{"seriously_ill"}, true},
		{"grade 2", Person{Age: 40, DisabilityGrade: "2", DisabilityKind: "4"}, []string{"severely_disabled"}, true},
		{"grade 3 of the limbs", Person{Age: 40, DisabilityGrade: "3", DisabilityKind: "4"}, nil, false},
		{"grade 3 of the mind", Person{Age: 70, DisabilityGrade: "3", DisabilityKind: "6"}, []string{"severely_disabled", "elderly"}, true},
		{"17", Person{Age: 17}, []string{"child"}, false}, {"18", Person{Age: 18}, nil, false}, {"59", Person{Age: 59}, nil, false}, {"60", Person{Age: 60}, []string{"elderly"}, false},
		{"of unknown age", Person{Age: -1, Health: "chronic"}, nil, false},
	} {
		if got := AudiencesOf(c.p); !slices.Equal(got, c.want) || ComesFirst(got) != c.first {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

func TestAnOfferIsForWhomItSays(t *testing.T) {
	offer := Terms{ID: "o", Needs: []string{"medical"}, Audiences: []string{"seriously_ill"}, Categories: []string{"subsistence", "marginal"}, Area: "370281102", From: "2026-11-01", To: "2026-11-30", Left: 1}
	need := Asked{ID: "n", Need: "medical", Area: "370281102200", Audiences: []string{"seriously_ill", "elderly"}, Categories: []string{"marginal"}, MadeOn: "2026-11-20"}
	if got := Misfits(offer, need, "2026-11-30"); len(got) != 0 {
		t.Fatalf("it fits, but %v", got)
	}
	for name, change := range map[string]func(*Terms, *Asked) string{
		"another need":     func(o *Terms, _ *Asked) string { o.Needs = []string{"goods"}; return "2026-11-30" },
		"another audience": func(_ *Terms, n *Asked) string { n.Audiences = []string{"elderly"}; return "2026-11-30" },
		"another category": func(_ *Terms, n *Asked) string { n.Categories = nil; return "2026-11-30" },
		"another town":     func(_ *Terms, n *Asked) string { n.Area = "370281105201"; return "2026-11-30" },
		"a day too late":   func(*Terms, *Asked) string { return "2026-12-01" },
		"a day too early":  func(*Terms, *Asked) string { return "2026-10-31" },
		"all promised":     func(o *Terms, _ *Asked) string { o.Left = 0; return "2026-11-30" },
	} {
		o, n := offer, need
		day := change(&o, &n)
		if got := Misfits(o, n, day); len(got) != 1 {
			t.Errorf("%s: %v", name, got)
		}
	}
	open := Terms{ID: "a", Needs: []string{"medical"}, From: "2026-11-01", Left: 5}
	soon := Terms{ID: "b", Needs: []string{"medical"}, From: "2026-11-01", To: "2026-11-28", Left: 5}
	var order []string
	for _, o := range OffersFor(need, []Terms{open, offer, soon}, "2026-11-25") {
		order = append(order, o.ID)
	}
	if !slices.Equal(order, []string{"o", "b", "a"}) { // made for them, then the one that ends
		t.Errorf("offers %v", order)
	}
	late := Asked{ID: "m", Need: "medical", MadeOn: "2026-11-24", Audiences: []string{"severely_disabled"}}
	early := Asked{ID: "k", Need: "medical", MadeOn: "2026-11-01"}
	order = nil
	for _, n := range NeedsFor(open, []Asked{early, need, late, {ID: "x", Need: "goods"}}, "2026-11-25") {
		order = append(order, n.ID)
	}
	if !slices.Equal(order, []string{"n", "m", "k"}) { // 重病、重度残疾 first, then who has waited longest
		t.Errorf("needs %v", order)
	}
}
