package workflow

import "slices"

// The disposition of warnings (分类精细处置, policy 三(四)) as a table: which states there
// are, whose they are, and which steps lead from one to another. The four ways out are
// (a) delivered by ourselves or referred to a department, (b) deliberated case by case,
// (c) ended by rule after a verification, (d) verified, no help needed.

// Stage is one state of a warning; the codes and their official words are sync/policy's.
type Stage struct {
	State  string
	Open   bool   // something is still to be done: new evidence joins it
	Office string // who has to act
	Away   bool   // it is with somebody else: a department, a meeting
	Meets  bool   // it is settled by what a meeting decided (一事一议)
}

var stages = []Stage{
	{"open", true, "town", false, false},
	{"office", true, "town", false, false},   // the office's from the beginning: no tablet, until somebody is sent
	{"county", true, "county", false, false}, // the county's from the beginning: no tablet, no town
	{"verifying", true, "village", false, false},
	{"verified", true, "town", false, false},
	{"referred", true, "department", true, false},
	{"deliberated", true, "town", true, true},
	{"delivered", false, "", false, false},
	{"ended", false, "", false, false},
	{"no_help", false, "", false, false},
	{"unconfirmed", false, "", false, false},
}

// Stages lists the states, those in which something is to be done first.
func Stages() []Stage { return stages }

// StageOf is a state's row; false if there is none.
func StageOf(state string) (Stage, bool) {
	i := slices.IndexFunc(stages, func(s Stage) bool { return s.State == state })
	if i < 0 {
		return Stage{}, false
	}
	return stages[i], true
}

// IsOpen reports whether a warning in this state still asks for something.
func IsOpen(state string) bool {
	s, ok := StageOf(state)
	return ok && s.Open
}

// States lists the states that a condition holds for.
func States(is func(Stage) bool) []string {
	var out []string
	for _, s := range stages {
		if is(s) {
			out = append(out, s.State)
		}
	}
	return out
}

// Step is one thing that an office does with a warning.
type Step struct {
	Action string
	Label  string
	Way    string // of 三(四): a, b, c, d; "" it only moves on
	From   []string
	To     string
	Needs  []string // what must be said: reason, department
	Due    string   // the next deadline: verify, refer (working days, parameters), settle (as it was set at the beginning); "": none
}

// Before a household is struck off somebody looked: end is not open from open.
var steps = []Step{
	{"verify", "派村(社区)核实", "", []string{"open", "office", "verified", "referred", "deliberated"}, "verifying", nil, "verify"},
	{"no_help", "核实无需救助", "d", []string{"open", "office", "county", "verifying", "verified", "referred", "deliberated"}, "no_help", []string{"reason"}, ""},
	{"deliver", "已落实", "a", []string{"open", "office", "county", "verifying", "verified", "referred", "deliberated"}, "delivered", []string{"reason"}, ""},
	{"refer", "转办部门", "a", []string{"open", "office", "county", "verifying", "verified", "deliberated"}, "referred", []string{"department"}, "refer"},
	{"take_back", "部门退回", "", []string{"referred"}, "verified", []string{"reason"}, "settle"},
	{"deliberate", "提请一事一议", "b", []string{"open", "office", "county", "verified", "referred"}, "deliberated", []string{"reason"}, "settle"},
	{"end", "终止救助", "c", []string{"county", "verified", "referred", "deliberated"}, "ended", []string{"reason"}, ""},
	{"not_true", "情况不属实", "", []string{"open", "office", "county", "verifying", "verified", "referred", "deliberated"}, "unconfirmed", []string{"reason"}, ""},
	{"reopen", "更正，重新处置", "", []string{"delivered", "ended", "no_help", "unconfirmed"}, "open", []string{"reason"}, "verify"},
}

// Steps lists what can be done in a state, the most usual first.
func Steps(state string) []Step {
	var out []Step
	for _, s := range steps {
		if slices.Contains(s.From, state) {
			out = append(out, s)
		}
	}
	return out
}

// AllSteps lists the table.
func AllSteps() []Step { return steps }

// StepOf finds an action in a state; false where it is not allowed there.
func StepOf(state, action string) (Step, bool) {
	for _, s := range Steps(state) {
		if s.Action == action {
			return s, true
		}
	}
	return Step{}, false
}

// WantsMeeting reports whether a step out of a state waits for a meeting's decision: all
// that settle what was brought before one; whoever goes to look again may go.
func WantsMeeting(state string, s Step) bool {
	stage, ok := StageOf(state)
	return ok && stage.Meets && s.To != "verifying"
}

// above is the office one level up, to which goes what is overdue.
var above = map[string]string{"village": "town", "town": "county", "department": "county"}

// Above is the office over another; "" over the county.
func Above(office string) string { return above[office] }

// Offers are the procedures into which a household that leaves a category may go, with
// its consent (policy 二(二)).
func Offers(category string) []string {
	switch category {
	case "destitute":
		return []string{"subsistence", "marginal", "temporary_aid"}
	case "subsistence":
		return []string{"marginal", "rigid_expense", "temporary_aid"}
	case "marginal":
		return []string{"rigid_expense", "temporary_aid"}
	}
	return nil
}
