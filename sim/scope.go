package sim

import (
	"regexp"
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
	for _, t := range tokens.FindAllString(string(text), -1) {
		c, ok := w.canaries[t]
		if !ok || w.allowed(account, c.typ, c.record) {
			continue
		}
		w.fail("scope", "%s for %s carries text of %s %s, which is not in its scope", what, account, c.typ, c.record)
		return
	}
}

// checkScope: no record outside the scope is sent, whatever its text.
func (w *World) checkScope(account string, a *wire.PullAnswer) {
	for _, c := range a.Changes {
		if c.Kind == wire.ChangePut && !w.allowed(account, c.Type, c.ID) {
			w.fail("scope", "a page for %s carries %s %s, which is not in its scope", account, c.Type, c.ID)
		}
	}
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
		return scan(&p.region, &p.home)
	}, `SELECT area, home FROM `+typ+` WHERE id = ?`, record)
	if author, alone := strings.CutPrefix(p.home, "@"); alone {
		return place{region: officeOf(author), author: author}, ok
	}
	p.region = w.text(`SELECT region FROM households WHERE id = ?`, p.home)
	return p, ok
}

// allowed is the simulator's own idea of scope: by the administrator's papers,
// not by the engine's grants.
func (w *World) allowed(account, typ, record string) bool {
	p, ok := w.placeOf(typ, record)
	return ok && w.sees(account, p)
}

func (w *World) sees(account string, p place) bool {
	if p.author != "" && p.author == account {
		return true
	}
	for _, g := range w.grants[account] {
		if g.Kind == engine.GrantArea && strings.HasPrefix(p.region, g.Value) || g.Kind == engine.GrantHome && g.Value == p.home && p.home != "" {
			return true
		}
	}
	return false
}
