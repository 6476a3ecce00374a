// Package referral is 一门受理、协同办理 (policy 三(四)) as tables: the states of what
// a town asks of a department, who may take which step, what an answer means for the
// chain of help and for the warning behind it, by when it is due, and which columns
// of a household a department sees for which purpose.
//
// It is pure: records, accounts and the day are passed in; register/ takes the steps
// it allows. It tells nobody anything (webhook/, hooks/) and decides no aid.
package referral

import "slices"

// Kind is what is asked.
type Kind string

const (
	Deliver Kind = "deliver" // 转办落实: give what somebody is entitled to
	Verify  Kind = "verify"  // 商请核查: say whether something is so
)

// State is where a referral stands.
type State string

const (
	None      State = ""
	Sent      State = "sent"      // 已转办
	Received  State = "received"  // 已接收
	Returned  State = "returned"  // 已退回
	Answered  State = "answered"  // 已办结
	Overdue   State = "overdue"   // 已超期: the county sees it
	Withdrawn State = "withdrawn" // 已撤回
)

// Open lists the states in which a department still owes something.
func Open() []State { return []State{Sent, Received, Overdue} }

// IsOpen reports whether the department still owes something.
func (s State) IsOpen() bool { return slices.Contains(Open(), s) }

// Side is who acts.
type Side string

const (
	Sender   Side = "sender"   // the town, or the county, that asks
	Receiver Side = "receiver" // the department
	Above    Side = "above"    // 市民政局, to whom what is overdue goes up
	System   Side = "system"   // the passing of time
)

// Act is one step.
type Act string

const (
	Send     Act = "send"
	Receive  Act = "receive"
	Return   Act = "return"
	Answer   Act = "answer"
	Withdraw Act = "withdraw"
	Resend   Act = "resend"
	Urge     Act = "urge"
	Expire   Act = "expire"
)

// Step is one row of the table of states.
type Step struct {
	Act    Act
	Label  string // as the way it took is told (办理经过)
	By     []Side
	From   []State
	To     State  // "" stays where it is
	Reason bool   // a reason must be given
	Result bool   // a result must be given
	Marks  string // the date field of the record that the day goes into
	Tells  string // the event that goes to the department's system; "" none
}

// steps is the whole of it: what stands in no row nobody does. What is overdue is
// received and answered as before, and stays overdue until it is answered.
var steps = []Step{
	{Act: Send, Label: "转办", By: []Side{Sender}, From: []State{None}, To: Sent, Marks: "sent_on", Tells: "referral.sent"},
	{Act: Receive, Label: "接收", By: []Side{Receiver}, From: []State{Sent}, To: Received, Marks: "received_on"},
	{Act: Receive, Label: "接收", By: []Side{Receiver}, From: []State{Overdue}, Marks: "received_on"},
	{Act: Return, Label: "退回", By: []Side{Receiver}, From: Open(), To: Returned, Reason: true, Marks: "closed_on"},
	{Act: Answer, Label: "办结", By: []Side{Receiver}, From: Open(), To: Answered, Result: true, Marks: "closed_on"},
	{Act: Withdraw, Label: "撤回", By: []Side{Sender, Above}, From: append(Open(), Returned), To: Withdrawn, Reason: true, Marks: "closed_on", Tells: "referral.withdrawn"},
	{Act: Resend, Label: "重新转办", By: []Side{Sender}, From: []State{Returned}, To: Sent, Reason: true, Marks: "sent_on", Tells: "referral.sent"},
	{Act: Urge, Label: "催办", By: []Side{Above}, From: []State{Overdue}, Marks: "urged_on", Tells: "referral.urged"},
	{Act: Expire, Label: "超期上报", By: []Side{System}, From: []State{Sent, Received}, To: Overdue, Marks: "overdue_on", Tells: "referral.overdue"},
}

// Steps lists the table.
func Steps() []Step { return slices.Clone(steps) }

// Take is the step that a side may take from a state; ok is false where no row
// allows it.
func Take(act Act, by Side, from State) (step Step, ok bool) {
	for _, s := range steps {
		if s.Act == act && slices.Contains(s.By, by) && slices.Contains(s.From, from) {
			if s.To == "" {
				s.To = from
			}
			return s, true
		}
	}
	return Step{}, false
}

// Events lists what a department's system may be told.
func Events() []string {
	var out []string
	for _, s := range steps {
		if s.Tells != "" && !slices.Contains(out, s.Tells) {
			out = append(out, s.Tells)
		}
	}
	return out
}
