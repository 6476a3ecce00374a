// Package determination is the ordered test of 一次申请、分类审核认定 (policy 二(二)):
// 特困 → 低保 → 低保边缘 → 刚性支出困难, the first that holds is the result. Versions of
// the rules are tables of steps, steps are tables of conditions, and the figures that
// the county sets are dated parameters; the answer carries its whole trace.
//
// It is a pure function of facts, parameters and day: it reads no record, writes none
// and decides nothing. What is unknown gives a question, never a silent no. Who
// applies, who confirms and what is published is register/'s; how an application goes
// on is the table of procedure.go.
package determination

import "doorstep/domain/parameter"

// Outcome is what a check, a step or a result says.
type Outcome string

const (
	Yes       Outcome = "yes"
	No        Outcome = "no"
	Unknown   Outcome = "unknown"    // 待核实: a fact is missing
	NotTested Outcome = "not_tested" // a category before it holds, or the order began behind it
)

// Status is what a whole test came to.
const (
	Determined = "determined" // awards are what holds
	ToVerify   = "to_verify"  // questions are open; awards are what holds at the least
	None       = "none"       // no category of the order holds
)

// Result is a test with its whole trace.
type Result struct {
	Rules       string     `json:"rules"` // the version
	RulesTitle  string     `json:"rules_title"`
	Day         string     `json:"day"`
	Start       string     `json:"start"` // the category that the order began with; "" the first
	Status      string     `json:"status"`
	Category    string     `json:"category"` // of the first award; "" none
	Awards      []Award    `json:"awards"`
	Steps       []Step     `json:"steps"`
	Questions   []Question `json:"questions"`
	Unconfirmed []Figure   `json:"unconfirmed"` // reported and not confirmed by the town; the test used them
	SelfCare    []SelfCare `json:"self_care"`
	Why         string     `json:"why"`
}

// Award is a category that holds: of the household, or of one member (单独纳入).
type Award struct {
	Category string `json:"category"`
	Member   string `json:"member"` // "" the household
	Name     string `json:"name"`
	Way      string `json:"way"` // the step: household, single, one_person
	Clause   string `json:"clause"`
}

// Step is one step of the order as it was tested.
type Step struct {
	Code     string  `json:"code"`
	Category string  `json:"category"`
	Title    string  `json:"title"`
	Clause   string  `json:"clause"`
	Outcome  Outcome `json:"outcome"`
	Why      string  `json:"why"`
	Checks   []Check `json:"checks"`
}

// Check is one condition held against the facts.
type Check struct {
	Code    string     `json:"code"`
	Title   string     `json:"title"`
	Clause  string     `json:"clause"`
	Member  string     `json:"member"` // "" asked of the household
	Name    string     `json:"name"`
	Outcome Outcome    `json:"outcome"`
	Why     string     `json:"why"`
	Figures []Figure   `json:"figures"`
	Params  []Measured `json:"params"`
	asks    []Question
}

// Figure is a fact that a check looked at.
type Figure struct {
	Fact      string `json:"fact"`
	Label     string `json:"label"`
	Unit      string `json:"unit"`
	Member    string `json:"member"`
	Name      string `json:"name"`
	Value     any    `json:"value"` // nil: unknown
	Confirmed bool   `json:"confirmed"`
	Note      string `json:"note"` // of an answer at the desk: what it rests on
}

// Measured is a parameter as it stood on the day. Example says that the figure is no
// one's: the county has not set its own.
type Measured struct {
	parameter.Value
	Origin  string `json:"origin"` // P, N or C, as in the rule book
	Example bool   `json:"example"`
}

// Question is what must be asked before a step can be decided.
type Question struct {
	Fact   string `json:"fact"`
	Member string `json:"member"`
	Name   string `json:"name"`
	Text   string `json:"text"`
}

// SelfCare is a member's ability to look after themselves (特困: 六项).
type SelfCare struct {
	Member string `json:"member"`
	Name   string `json:"name"`
	Failed int    `json:"failed"`
	Grade  string `json:"grade"` // able, partly, dependent; "" not assessed
}

// and is Kleene's: one no decides, else one unknown leaves it open.
func and(all ...Outcome) Outcome {
	out := Yes
	for _, o := range all {
		if o == No {
			return No
		}
		if o == Unknown {
			out = Unknown
		}
	}
	return out
}

func or(all ...Outcome) Outcome {
	out := No
	for _, o := range all {
		if o == Yes {
			return Yes
		}
		if o == Unknown {
			out = Unknown
		}
	}
	return out
}

func not(o Outcome) Outcome {
	switch o {
	case Yes:
		return No
	case No:
		return Yes
	}
	return o
}

func when(b bool) Outcome {
	if b {
		return Yes
	}
	return No
}
