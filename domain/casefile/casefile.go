// Package casefile is what offices do that begins with no application and no warning,
// as tables: a lead (线索) on its way to its answer, a contract with a provider of social
// work (政府购买服务), an order of many visits, help given before the papers (先行救助), charity
// that looks for whom to help and who looks for it (慈善救急难). Each is a file that has a
// state; a row says which step leads from one state to another, under which clause of
// the policy; the deadlines are parameters.
//
// It is pure: files, days and facts are passed in; register/ takes the steps that it
// allows. Warnings have their own table (domain/workflow), referrals theirs
// (domain/referral).
package casefile

import "slices"

// Kind is what a file is about.
type Kind string

// State is where a file stands; None it does not exist yet.
type State string

const None State = ""

// Stage is a state with its official word.
type Stage struct {
	Kind  Kind   `json:"-"`
	State State  `json:"state"`
	Label string `json:"label"`
	Open  bool   `json:"open"` // something is still to be done
}

// Step is one row of the table: what stands in none nobody does.
type Step struct {
	Kind   Kind
	Act    string
	Label  string // as the way it took is told (办理经过)
	Clause string
	From   []State
	To     State // "" stays where it is
	Reason bool  // a reason must be given
	Kin    bool  // whose kin it is about need not keep out: it only takes something down
	System bool  // taken by the register itself, by no person
}

// stages and steps are all kinds together; each kind's rows stand in its own file.
var (
	stages = slices.Concat(leadStages, contractStages, orderStages, urgentStages, charityStages)
	steps  = slices.Concat(leadSteps, contractSteps, orderSteps, urgentSteps, charitySteps)
)

// Kinds lists them.
func Kinds() []Kind { return []Kind{Lead, Contract, Order, UrgentAid, Offer, Need} }

// Stages lists the states of a kind, in the order in which a file goes through them.
func Stages(kind Kind) []Stage {
	var out []Stage
	for _, s := range stages {
		if s.Kind == kind {
			out = append(out, s)
		}
	}
	return out
}

// States lists those in which something is still to be done, or nothing any more.
func States(kind Kind, open bool) []string {
	var out []string
	for _, s := range stages {
		if s.Kind == kind && s.Open == open {
			out = append(out, string(s.State))
		}
	}
	return out
}

// IsOpen reports whether something is still to be done in a state.
func IsOpen(kind Kind, state State) bool {
	return slices.ContainsFunc(stages, func(s Stage) bool { return s.Kind == kind && s.State == state && s.Open })
}

// LabelOf is the official word of a state.
func LabelOf(kind Kind, state State) string {
	for _, s := range stages {
		if s.Kind == kind && s.State == state {
			return s.Label
		}
	}
	return string(state)
}

// Steps lists the whole table.
func Steps() []Step { return slices.Clone(steps) }

// Act is what a person may do with a file, as a desk offers it.
type Act struct {
	Act    string `json:"act"`
	Label  string `json:"label"`
	Clause string `json:"clause"`
	Reason bool   `json:"reason"` // a reason must be given
}

// Acts lists what persons do with files of a kind, in the order of the table; the first
// makes one.
func Acts(kind Kind) []Act {
	var out []Act
	for _, s := range steps {
		if s.Kind == kind && !s.System {
			out = append(out, Act{s.Act, s.Label, s.Clause, s.Reason})
		}
	}
	return out
}

// Open lists what a person may do in a state.
func Open(kind Kind, state State) []string {
	out := []string{}
	for _, s := range steps {
		if s.Kind == kind && !s.System && slices.Contains(s.From, state) {
			out = append(out, s.Act)
		}
	}
	return out
}

// Take is the step that an act is in a state; ok is false where no row allows it.
func Take(kind Kind, act string, from State) (step Step, ok bool) {
	for _, s := range steps {
		if s.Kind == kind && s.Act == act && slices.Contains(s.From, from) {
			if s.To == "" {
				s.To = from
			}
			return s, true
		}
	}
	return Step{}, false
}
