package deliberation

import "slices"

// Rule is one thing that minutes must be before anybody signs them. Origin as in
// domain/determination: P policy, N national rule, C the county's.
type Rule struct {
	Code   string
	Field  string
	Clause string
	Origin string
	broken func(Minutes, int) bool
}

// leastAccounts have to sign by an account of their own: nobody enters a meeting alone.
const leastAccounts = 2

// rules: 集体研究 is several people, of whom each says something, and a decision that
// is theirs. How many they are is the county's number.
var rules = []Rule{
	{"least", "attendees", "三(四)集体研究", "C", func(m Minutes, least int) bool { return len(m.Attendees) < least }},
	{"chair", "attendees", "三(四)集体研究", "C", func(m Minutes, _ int) bool { return count(m, func(a Attendee) bool { return a.Chair }) != 1 }},
	{"twice", "attendees", "三(四)集体研究", "C", func(m Minutes, _ int) bool { return twice(m.Attendees) }},
	{"accounts", "attendees", "三(四)集体研究", "C", func(m Minutes, _ int) bool {
		return count(m, func(a Attendee) bool { return a.Account != "" }) < leastAccounts
	}},
	{"opinion", "attendees", "三(四)集体研究", "P", func(m Minutes, _ int) bool {
		return count(m, func(a Attendee) bool { return a.Stance == "" || a.Opinion == "" }) > 0
	}},
	{"majority", "decision", "三(四)集体研究", "C", func(m Minutes, _ int) bool { return m.Decision == Agree && !carried(m) }},
	{"carried", "decision", "三(四)集体研究", "C", func(m Minutes, _ int) bool { return m.Decision == Disagree && carried(m) }},
	{"proposal", "awards", "二(二)分类审核认定", "P", func(m Minutes, _ int) bool { return m.Awards != nil && m.Application == "" }},
}

// Rules lists the table.
func Rules() []Rule { return slices.Clone(rules) }

// Fault is the first rule that minutes break, where a meeting has at least so many
// people; ok is true where they break none.
func Fault(m Minutes, least int) (broken Rule, ok bool) {
	for _, r := range rules {
		if r.broken(m, least) {
			return r, false
		}
	}
	return Rule{}, true
}

func count(m Minutes, is func(Attendee) bool) int {
	n := 0
	for _, a := range m.Attendees {
		if is(a) {
			n++
		}
	}
	return n
}

// carried: more than half of those who took part agree; who keeps an opinion back does
// not agree.
func carried(m Minutes) bool {
	return 2*count(m, func(a Attendee) bool { return a.Stance == Agree }) > len(m.Attendees)
}

// twice: one account, or one name of one office, stands there two times.
func twice(all []Attendee) bool {
	seen := map[[2]string]bool{}
	for _, a := range all {
		key := [2]string{a.Name, a.Unit}
		if a.Account != "" {
			key = [2]string{"@", a.Account}
		}
		if seen[key] {
			return true
		}
		seen[key] = true
	}
	return false
}
