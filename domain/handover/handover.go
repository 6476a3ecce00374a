// Package handover is how a household goes from one county to another (户籍/救助关系转移):
// the states with who may take which step, what each county's word does to the other's
// book, and the table of what travels and why. It is pure: books, days and records are
// passed in; register/ writes what it allows.
//
// The county that takes the household decides, and says so once; the one that gives it
// keeps it until it has heard that. No word that comes twice, late or from a restored
// history leads anywhere else.
package handover

import "slices"

// State is where a handover stands in a county's book.
type State string

const (
	None        State = ""
	Offered     State = "offered"
	Withdrawing State = "withdrawing" // taken back, and the other county has not said yet that it knows
	Accepted    State = "accepted"
	Refused     State = "refused"
	Withdrawn   State = "withdrawn"
	Clashed     State = "clashed" // taken in here, after a restore, while it stayed or went elsewhere
	Kept        State = "kept"    // a clash that people settled: it is this county's
	Yielded     State = "yielded" // a clash that people settled: it is another county's
)

// Side is which end of it a county is.
type Side string

const (
	Out Side = "out" // 转出
	In  Side = "in"  // 转入
)

// Act is what a person does.
type Act string

const (
	Offer    Act = "offer"
	Withdraw Act = "withdraw"
	Accept   Act = "accept"
	Refuse   Act = "refuse"
	Keep     Act = "keep"
	Yield    Act = "yield"
)

// Step is one row of what people do: what stands in none nobody does.
type Step struct {
	Side   Side
	Act    Act
	Label  string // as the audit log tells it
	From   State
	To     State
	Reason bool // a reason must be given
}

var steps = []Step{
	{Out, Offer, "提出转出", None, Offered, false},
	{Out, Withdraw, "撤回转出", Offered, Withdrawing, true},
	{In, Accept, "接收转入", Offered, Accepted, false},
	{In, Refuse, "不予接收", Offered, Refused, true},
	{In, Keep, "核对：本县留下", Clashed, Kept, true},
	{In, Yield, "核对：归对方", Clashed, Yielded, true},
}

// Steps is the table.
func Steps() []Step { return slices.Clone(steps) }

// Take is the step that an act is on a side from a state.
func Take(side Side, act Act, from State) (Step, bool) {
	i := slices.IndexFunc(steps, func(s Step) bool { return s.Side == side && s.Act == act && s.From == from })
	if i < 0 {
		return Step{}, false
	}
	return steps[i], true
}

// Word is what one county tells the other.
type Word string

const (
	Offers    Word = "offer"
	Withdraws Word = "withdraw"
	Answers   Word = "answer"  // of the county that takes: accepted, refused or withdrawn
	Settles   Word = "settled" // of the county that gives: how it has it now; it tells a restored county what that had decided
)

// Heard is what a word does to a book.
type Heard struct {
	To    State // "" stays where it is
	Takes bool  // the household comes in
	Gives bool  // the household goes out
	Tells Word  // what is said in return; "" nothing
}

// Hear is the table of what counties say to each other. result is what an answer or a
// settlement says. Each pair of books ends in one pair of states, in whatever order and
// however often the words come (handover_test.go walks them).
func Hear(side Side, word Word, from, result State) Heard {
	switch {
	case side == In && word == Offers && from == None:
		return Heard{To: Offered}
	case side == In && word == Withdraws && (from == None || from == Offered): // None: a late offer must not open it again
		return Heard{To: Withdrawn, Tells: Answers}
	case side == In && word == Settles:
		return settled(from, result)
	case side == Out && word == Answers:
		return answered(from, result)
	}
	return Heard{}
}

// settled: the other county has it so. What was decided here and lost in a restore is so
// again. What people settled stays; only where the other county gives the household after
// all, it stands there no more, and must stand here.
func settled(from, result State) Heard {
	switch {
	case from == None || from == result || from == Kept:
		return Heard{}
	case result == Accepted:
		return Heard{To: Accepted, Takes: from != Clashed}
	case from == Yielded:
		return Heard{}
	case from == Accepted || from == Clashed:
		return Heard{To: Clashed}
	}
	return Heard{To: result}
}

// answered: the first answer is so. An acceptance beats what was not one: the household is
// in the other county's book, and stands in both as long as it stands in this one.
func answered(from, result State) Heard {
	switch {
	case from == Accepted:
		return Heard{Tells: Settles}
	case result == Accepted:
		return Heard{To: Accepted, Gives: true, Tells: Settles}
	case from == Refused || from == Withdrawn:
		return Heard{Tells: Settles}
	}
	return Heard{To: result, Tells: Settles}
}

// waiting are the states of each side in which something is still to come.
var waiting = map[Side][]State{Out: {Offered, Withdrawing}, In: {Offered, Clashed}}

// Waiting are those of a side.
func Waiting(side Side) []State { return slices.Clone(waiting[side]) }

// IsOpen reports whether a state is one of them.
func (s State) IsOpen() bool {
	return slices.Contains(waiting[Out], s) || slices.Contains(waiting[In], s)
}

// IsAnswer reports whether a state is something that a county answers.
func (s State) IsAnswer() bool { return s == Accepted || s == Refused || s == Withdrawn }

// labels are the states' official words, by side.
var labels = map[Side]map[State]string{
	Out: {Offered: "待对方接收", Withdrawing: "撤回中", Accepted: "已转出", Refused: "对方不予接收", Withdrawn: "已撤回"},
	In:  {Offered: "待接收", Accepted: "已转入", Refused: "不予接收", Withdrawn: "对方已撤回", Clashed: "须与对方核对", Kept: "核对后留下", Yielded: "核对后归对方"},
}

// Label is a state in words.
func Label(side Side, s State) string { return labels[side][s] }

// Reason is why a household goes.
type Reason struct {
	Code  string `json:"value"`
	Label string `json:"label"`
}

var reasons = []Reason{{"registration", "户口迁入对方"}, {"kin", "投靠亲属，在对方常住"}, {"marriage", "婚姻迁移"}, {"resettled", "易地安置"}, {"care", "在对方供养机构长期居住"}, {"other", "其他"}}

// Reasons is the table.
func Reasons() []Reason { return slices.Clone(reasons) }

// ReasonLabel is a reason in words; "" there is none of that code.
func ReasonLabel(code string) string {
	for _, r := range reasons {
		if r.Code == code {
			return r.Label
		}
	}
	return ""
}
