package sim

import (
	"regexp"
	"slices"
	"strings"

	"doorstep/sync/engine"
	"doorstep/sync/policy"
	"doorstep/sync/wire"

	"github.com/go-json-experiment/json"
)

// canary is the record whose text carries a token.
type canary struct{ typ, record string }

// token is a record's canary: text that may be where the record may be, and
// nowhere else.
func (w *World) token(typ, record string) string {
	t := "#" + record[24:] + "#"
	w.canaries[t] = canary{typ, record}
	return t
}

var tokens = regexp.MustCompile(`#[0-9a-f]{12}#`)

// checkDelivery: "No response, error … contains a byte of a record outside the
// scope" (§2.5). Every token in what a client gets must be of a record that its
// account may see at this moment.
func (w *World) checkDelivery(account, what string, answer any, err error) {
	var text []byte
	if err != nil {
		text = []byte(err.Error())
	} else if text, err = json.Marshal(answer); err != nil {
		w.fail("harness", "%v", err)
		return
	}
	asked := map[string]bool{}
	for _, t := range tokens.FindAllString(string(text), -1) {
		c, ok := w.canaries[t]
		if !ok || asked[t] {
			continue
		}
		asked[t] = true
		if !w.allowed(account, c.typ, c.record) {
			w.fail("scope", "%s for %s carries text of %s %s, which is not in its scope", what, account, c.typ, c.record)
			return
		}
	}
}

// byRules are the types whose text the rules write from what they read: a warning
// names a person who has since moved to another family, and is still that
// household's.
var byRules = map[string]bool{"warnings": true, "tasks": true, "entitlements": true}

// checkPage: no record outside the scope is sent, whatever its text, and no text
// of one in what is sent.
func (w *World) checkPage(account string, a *wire.PullAnswer) {
	text := *a
	text.Changes = nil
	for _, c := range a.Changes {
		if c.Kind == wire.ChangePut && !w.allowed(account, c.Type, c.ID) {
			w.fail("scope", "a page for %s carries %s %s, which is not in its scope", account, c.Type, c.ID)
		}
		if !byRules[c.Type] {
			text.Changes = append(text.Changes, c)
		}
	}
	w.checkDelivery(account, "a page", &text, nil)
}

// place is where a record is, as its own tables say.
type place struct{ region, home, author string }

// placeOf reads where a record is. Its region is its household's, not what the
// engine keeps beside it.
func (w *World) placeOf(typ, record string) (p place, ok bool) {
	if policy.Lookup(typ) == nil {
		return p, false
	}
	w.rows(func(scan func(...any) error) error {
		ok = true
		return scan(&p.home, &p.region)
	}, `SELECT r.home, coalesce(h.region, '') FROM `+typ+` r LEFT JOIN households h ON h.id = r.home WHERE r.id = ?`, record)
	if author, alone := strings.CutPrefix(p.home, "@"); alone {
		return place{region: officeOf(author), author: author}, ok
	}
	return p, ok
}

func isWorker(account string) bool {
	return slices.ContainsFunc(workers, func(p person) bool { return p.id == account })
}

// allowed is the simulator's own idea of scope: by the administrator's papers,
// not by the engine's grants.
func (w *World) allowed(account, typ, record string) bool {
	p, ok := w.placeOf(typ, record)
	return ok && w.sees(account, p) && (typ != "warnings" || !isWorker(account) || w.openWarning(record))
}

// openWarning: "tablets read the open ones of their scope" (Appendix A).
func (w *World) openWarning(record string) bool {
	state := w.text(`SELECT state FROM warnings WHERE id = ?`, record)
	return state == "open" || state == "verifying"
}

func (w *World) sees(account string, p place) bool {
	if p.author != "" && (p.author == account || isWorker(account)) {
		return p.author == account // what waits is its author's and the office's alone
	}
	for _, g := range w.grants[account] {
		if g.Kind == engine.GrantArea && strings.HasPrefix(p.region, g.Value) || g.Kind == engine.GrantHome && g.Value == p.home && p.home != "" {
			return true
		}
	}
	return false
}
