// Package indicator is the table of warnings (动态监测指标, policy 三(一)): what each
// one watches, how grave it is, by which dated parameters, what it asks for and by
// when; and the pure function that holds a household's facts against it.
//
// It reads no record and writes none: the caller (sync/engine inside a push,
// register/ at night) gathers Facts, and joins the findings to open warnings. A rule
// never stops a payment and never decides; a person does. What is not known
// gives no warning. A further indicator is a further row of the table and, where it
// looks at something new, a further field of Facts.
package indicator

import (
	"slices"

	"doorstep/domain/parameter"
)

// Level is how grave a warning is; the values are sync/policy's.
type Level string

const (
	Red    Level = "red"
	Orange Level = "orange"
	Yellow Level = "yellow"
)

// Family is the kind of trouble that an indicator watches for.
type Family string

const (
	ExpenseSurge     Family = "expense_surge"      // 支出骤增, 三(一)
	IncomeDrop       Family = "income_drop"        // 收入骤减, 三(一)
	UnstableIncome   Family = "unstable_income"    // 收入无法持续稳定, 三(一)
	PropertyLoss     Family = "property_loss"      // 财产遭受重大损失, 三(一)
	UnmetPolicy      Family = "unmet_policy"       // 救助政策落实不到位, 三(三)(四)
	NoLongerEligible Family = "no_longer_eligible" // 可能不再符合救助条件, 三(四)
	OtherHardship    Family = "other_hardship"     // 其他困难需求情况, 三(三)
	Supervision      Family = "supervision"        // 监督检查, 五(三)
	OwnFamily        Family = "own"                // 自定义: an expression of the county's
)

// Reach says whom an indicator watches (三(三): in the register above all whether
// policy is delivered, outside it whether things have changed).
type Reach string

const (
	Both     Reach = "both"
	Register Reach = "register" // holders of a category
	Outside  Reach = "outside"
)

// Indicator is one row.
type Indicator struct {
	Code        string // stable: stored in warnings
	Title       string
	Family      Family
	Clause      string   // the clause of 胶民政发〔2024〕61号 it stands on
	Sources     []string // visit, or a department of sync/policy
	Triggers    []string // kinds of status_changes that may raise it
	Watches     Watches  // whose change may raise it
	Reach       Reach
	Level       Level    // unless a parameter says otherwise
	Params      []Param  // its own numbers
	Disposition []string // suggested ways out: items of the matrix, or of WaysOut
	Begins      string   // the state in which its warnings begin, of domain/workflow: office and county reach no tablet; "": open
	Own         bool     // the county's own, by expression
	find        func(*search) []cause
	// clears says that one cause is over, given what is found now; nil: a person says so.
	clears func(s *search, found []cause, id string) bool
}

// ClearsItself reports whether its warnings settle when what they rest on is over.
func (row Indicator) ClearsItself() bool { return row.clears != nil }

// Watches names what an indicator looks at: record type -> fields, as sync/policy
// has them. What no change of these can raise is not looked for when something
// else changes. That time alone raises something (a birthday, a parameter's date)
// is for the nightly round, which asks for everything.
type Watches map[string][]string

// Change is what happened to one record of a household. Fields are those that got
// another value; nil: it came, went, or nobody knows.
type Change struct {
	Type   string
	Fields map[string]any
}

// concerns reports whether the change touches what is watched.
func (w Watches) concerns(c Change) bool {
	fields, watched := w[c.Type]
	return watched && (c.Fields == nil || slices.ContainsFunc(fields, func(f string) bool { _, set := c.Fields[f]; return set }))
}

// LookAt reports whether any of the rows looks at records of a type.
func LookAt(rows []Indicator, typ string) bool {
	return slices.ContainsFunc(rows, func(row Indicator) bool { return row.Watches[typ] != nil })
}

// Param is one number that the county sets, by date; its key is Code + "." + Name.
type Param = parameter.Param

// All lists the table, in the order in which warnings are shown.
func All() []Indicator { return table }

// Lookup finds a row by its code; nil if there is none.
func Lookup(code string) *Indicator {
	for i := range table {
		if table[i].Code == code {
			return &table[i]
		}
	}
	return nil
}

// TriggeredBy lists the indicators that a kind of status change may raise.
func TriggeredBy(kind string) []Indicator {
	var out []Indicator
	for _, row := range table {
		for _, k := range row.Triggers {
			if k == kind {
				out = append(out, row)
			}
		}
	}
	return out
}
