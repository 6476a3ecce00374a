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
	for _, n := range Numbers() {
		if n.Default < n.Low || n.Default > n.High || n.Label == "" || n.Unit == "" {
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
