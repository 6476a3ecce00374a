package determination

import (
	"fmt"
	"strings"
)

// Skeleton is what a test answered without its words: each step and check with its
// outcome and the numbers it was measured by, then what holds. Two tests with one
// skeleton gave one answer, even if a sentence was worded better since.
func (r Result) Skeleton() string {
	var b strings.Builder
	fmt.Fprintf(&b, "rules %s on %s from %q\n", r.Rules, r.Day, r.Start)
	for _, s := range r.Steps {
		fmt.Fprintf(&b, "step %s %s\n", s.Code, s.Outcome)
		for _, c := range s.Checks {
			fmt.Fprintf(&b, "check %s %s %s", c.Code, c.Member, c.Outcome)
			for _, f := range c.Figures {
				fmt.Fprintf(&b, " %s=%v", f.Fact, f.Value)
			}
			for _, p := range c.Params {
				fmt.Fprintf(&b, " %s=%v@%s", p.Name, p.Value.Value, p.From)
			}
			b.WriteByte('\n')
		}
	}
	for _, a := range r.Awards {
		fmt.Fprintf(&b, "award %s %s by %s\n", a.Category, a.Member, a.Way)
	}
	for _, q := range r.Questions {
		fmt.Fprintf(&b, "ask %s %s\n", q.Fact, q.Member)
	}
	fmt.Fprintf(&b, "status %s\n", r.Status)
	return b.String()
}
