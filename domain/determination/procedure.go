package determination

import "slices"

// Act is something that a person does with an application.
type Act string

const (
	Accept    Act = "accept"    // 受理
	Determine Act = "determine" // 审核: the test is run; again and again, also to convert the procedure midway
	Confirm   Act = "confirm"   // 提出审核意见: as the test says, or departing from it with a reason
	Publish   Act = "publish"   // 公示
	Object    Act = "object"    // 登记异议
	Dismiss   Act = "dismiss"   // 异议不成立
	Uphold    Act = "uphold"    // 异议成立: back to the test
	Approve   Act = "approve"   // 确认
	Refuse    Act = "refuse"    // 不予确认
	Withdraw  Act = "withdraw"  // 申请人撤回
)

// move is one row: an act that is open in a state, and where it leads.
type move struct {
	from string // states of applications.state
	act  Act
	to   string
}

// moves is the whole procedure. What is not here cannot be done. Beyond the state
// each act has its own conditions (consent, days of publicity, a second pair of eyes);
// they are register's.
var moves = []move{
	{"submitted", Accept, "accepted"},
	{"submitted", Refuse, "refused"},
	{"submitted", Withdraw, "withdrawn"},
	{"accepted", Determine, "investigating"},
	{"accepted", Withdraw, "withdrawn"},
	{"investigating", Determine, "investigating"},
	{"investigating", Confirm, "investigating"},
	{"investigating", Publish, "publicity"},
	{"investigating", Refuse, "refused"},
	{"investigating", Withdraw, "withdrawn"},
	{"publicity", Object, "publicity"},
	{"publicity", Dismiss, "publicity"},
	{"publicity", Uphold, "investigating"},
	{"publicity", Determine, "investigating"},
	{"publicity", Approve, "approved"},
	{"publicity", Refuse, "refused"},
	{"publicity", Withdraw, "withdrawn"},
}

// Next is the state that an act leads to; ok is false where it is not open.
func Next(state string, act Act) (to string, ok bool) {
	at := slices.IndexFunc(moves, func(m move) bool { return m.from == state && m.act == act })
	if at < 0 {
		return "", false
	}
	return moves[at].to, true
}

// Open lists the acts that a state leaves open, in the order of the procedure.
func Open(state string) []Act {
	out := []Act{}
	for _, m := range moves {
		if m.from == state {
			out = append(out, m.act)
		}
	}
	return out
}

// Ended reports whether nothing can be done any more.
func Ended(state string) bool { return len(Open(state)) == 0 }
