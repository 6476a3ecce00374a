package sim

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"

	"doorstep/domain/handover"
)

// known is one record of a person in a county's book.
type known struct {
	*county
	m, home *entry
}

// people are those who are in the register of some county, by number.
func (w *world) people() map[string][]known {
	out := map[string][]known{}
	for _, c := range w.counties {
		for _, m := range c.book.living("members", "") {
			if home := c.book.entries[m.home]; !home.gone {
				out[m.text("id_number")] = append(out[m.text("id_number")], known{c, m, home})
			}
		}
	}
	return out
}

func (k known) alive() bool { return k.m.set["alive"] != false }
func (k known) open() bool  { return k.home.text("state") != "closed" }

// helped says whether somebody is helped on a day, by what the county's book says.
func (k known) helped(today string) bool {
	for _, c := range k.book.living("categories", k.m.home) {
		whom, to := c.text("member"), c.text("to")
		if c.text("category") != "relapse_risk" && (whom == "" || whom == k.m.id) && c.text("from") <= today && (to == "" || today <= to) {
			return true
		}
	}
	return false
}

// handedTo: the household that it is in came of the other's, which was closed then and has
// taken somebody in again.
func (k known) handedTo(o known) bool {
	return len(k.book.some(func(h *hand) bool {
		line := o.book.hands[h.id]
		return h.out && h.home == k.home.id && h.state == handover.Accepted && line != nil && !line.out && line.home == o.home.id
	})) > 0
}

// told is one finding in a county, as anybody would name it.
type told struct{ county, kind, member, other string }

// mustFind is this simulation's own account of what two counties' registers say about one
// person: what the policy wants seen, and not how the province looks for it.
func (w *world) mustFind() (out []told) {
	today := w.today()
	for _, all := range w.people() {
		for _, a := range all {
			for _, b := range all {
				if a.county == b.county || !a.alive() || !a.open() {
					continue
				}
				add := func(kind string) { out = append(out, told{a.Code, kind, a.m.id, b.Code}) }
				if !b.alive() {
					add("death")
					continue
				}
				if !b.open() {
					continue
				}
				if a.handedTo(b) || b.handedTo(a) { // both counties know of each other's
					continue
				}
				if a.helped(today) && b.helped(today) {
					add("helped_elsewhere")
				}
				if a.helped(today) && a.m.text("work_state") != "employed" && b.m.text("work_state") == "employed" {
					add("works_elsewhere")
				}
				if !b.helped(today) && strings.HasPrefix(b.home.text("registered_region"), b.Code) && !strings.HasPrefix(a.home.text("registered_region"), a.Code) {
					add("moved")
				}
			}
		}
	}
	return out
}

// finding is a line of a county's province_findings.
type finding struct {
	told
	id string
}

func (c *county) findings() (out []finding) {
	var f finding
	var values string
	c.scan(`SELECT id, kind, member, "values" FROM province_findings`, func() {
		var v struct {
			County string `json:"county"`
		}
		if err := json.Unmarshal([]byte(values), &v); err != nil {
			c.w.fail("harness", "%v", err)
		}
		f.county, f.other = c.Code, v.County
		out = append(out, f)
	}, &f.id, &f.kind, &f.member, &values)
	return out
}

// findings: each county was told everything that it must be told, once, and nothing of
// somebody whom the other county never had.
func (w *world) checkFindings() {
	times := map[told]int{}
	for _, c := range w.counties {
		for _, f := range c.findings() {
			w.found++
			times[f.told]++
			if times[f.told] == 1+w.ways(f.told) {
				w.fail("once", "%s was told twice: %+v", c.Code, f.told)
			}
			if f.id == "forged" {
				w.fail("once", "%s took in what the province never said", c.Code)
			}
			if !w.both(f.told) {
				w.fail("once", "%s was told of nobody: %+v", c.Code, f.told)
			}
		}
	}
	for _, m := range w.mustFind() {
		if times[m] == 0 {
			w.fail("told", "%s was not told: %+v", m.county, m)
		}
	}
}

// both says whether a finding is of somebody whom both counties ever wrote down.
func (w *world) both(f told) bool { return w.ways(f) > 0 }

// ways counts the records that the other county ever had of whom a finding is of: each may
// be found once.
func (w *world) ways(f told) (n int) {
	var here, there *county
	for _, c := range w.counties {
		switch c.Code {
		case f.county:
			here = c
		case f.other:
			there = c
		}
	}
	if here == nil || there == nil {
		return 0
	}
	for _, numbers := range there.knew {
		for number := range here.knew[f.member] {
			if numbers[number] {
				n++
				break
			}
		}
	}
	return n
}

// warned: what must be found of somebody who is helped in two counties is a cause of a
// warning of the household, and no cause stands in two of them.
func (w *world) checkWarnings() {
	for _, c := range w.counties {
		causes := map[[2]string]bool{} // household, cause
		var household, list string
		c.scan(`SELECT home, evidence FROM warnings WHERE deleted = 0 AND indicator = 'N2'`, func() {
			var entries []struct {
				ID string `json:"id"`
			}
			if err := json.Unmarshal([]byte(list), &entries); err != nil {
				w.fail("harness", "%v", err)
			}
			for _, e := range entries {
				key := [2]string{household, e.ID}
				if causes[key] {
					w.fail("warned", "%s: household %s is warned twice of one thing", c.Code, household)
				}
				causes[key] = true
			}
		}, &household, &list)
		for _, m := range w.mustFind() {
			if home := c.book.entries[m.member]; m.county == c.Code && m.kind == "helped_elsewhere" && !causes[[2]string{home.home, m.cause()}] {
				w.fail("warned", "%s: household %s is not warned of %+v", c.Code, home.home, m)
			}
		}
	}
}

// cause is what a county's warnings call a finding (domain/indicator): kind, member and
// the other county.
func (t told) cause() string {
	sum := sha256.Sum256([]byte(t.kind + "\x00" + t.member + "\x00" + t.other))
	return "r-" + hex.EncodeToString(sum[:16])
}
