package assistance

// Entitlement is one item that a household or a member is entitled to or must be
// asked about, with how it stands; the states are those of sync/policy.
type Entitlement struct {
	Item   string
	Member string
	State  string // delivered, in_progress, not_delivered, to_verify
	Reason string
	Ask    []string // questions, while it is to verify
}

// Settle lays the chain beside what the matrix says: delivered where somebody gave
// it lately enough, in progress where it is planned, not delivered else. What is only
// open on request, or not named, is not kept.
func Settle(needs []Need, chain []Given, today string, p Params) []Entitlement {
	var out []Entitlement
	for _, n := range needs {
		if n.State < StateToVerify {
			continue
		}
		e := Entitlement{Item: n.Item, Member: n.Member, Reason: n.Reason, State: "not_delivered"}
		if n.State == StateToVerify {
			e.State, e.Ask = "to_verify", n.Ask
		}
		if found := delivery(n, chain, today, p); found != "" {
			e.State, e.Ask = found, nil
		}
		out = append(out, e)
	}
	return out
}

// delivery is the best state that the chain proves; "" if none. Help to the whole
// household counts for each of its members, help to one member for that one.
func delivery(n Need, chain []Given, today string, p Params) string {
	found := ""
	fresh := int(p.Number(n.Item+".fresh_days", today))
	for _, g := range chain {
		if g.Item != n.Item || g.Member != "" && n.Member != "" && g.Member != n.Member {
			continue
		}
		switch g.State {
		case "given":
			if fresh == 0 || g.GivenOn != "" && since(g.GivenOn, today) <= fresh {
				return "delivered"
			}
		case "planned":
			found = "in_progress"
		}
	}
	return found
}
