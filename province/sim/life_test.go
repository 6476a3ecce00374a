package sim

import (
	"doorstep/domain/region"
	"doorstep/domain/zone"
	"doorstep/province/servers"
	"doorstep/sync/engine"
	"doorstep/sync/wire"
)

// act is one thing that people do in a county. It answers no drafts where there is
// nobody to do it to.
type act struct {
	often int
	do    func(*county) []engine.Draft
}

// acts is the table of what is done, and how often.
var acts = []act{
	{6, (*county).newHome}, {3, (*county).visit}, {3, (*county).income}, {3, (*county).moveVillage}, {3, (*county).moveRegistration},
	{6, (*county).help}, {2, (*county).endHelp}, {1, (*county).dropHelp}, {3, (*county).work}, {2, (*county).death},
	{1, (*county).closeHome}, {1, (*county).deleteMember}, {1, (*county).deleteHome}, {1, (*county).correctNumber},
	{2, (*county).aid}, {1, (*county).determine}, {5, (*county).offer}, {6, (*county).decide}, {2, (*county).withdraw}, {2, (*county).settleSome},
}

// live is a county's weeks: some things are done, in some pushes.
func (c *county) live() {
	c.sendAgain()
	total := 0
	for _, a := range acts {
		total += a.often
	}
	for range 2 + c.rng.IntN(3) {
		for range 1 + c.rng.IntN(4) {
			at := c.rng.IntN(total)
			for _, a := range acts {
				if at -= a.often; at < 0 {
					c.do(a.do(c)...)
					break
				}
			}
		}
	}
}

func pick[T any](c *county, of []T) T { return of[c.rng.IntN(len(of))] }

func (c *county) any(typ string) *entry {
	if list := c.book.living(typ, ""); len(list) > 0 {
		return pick(c, list)
	}
	return nil
}

func (c *county) patch(e *entry, set map[string]any) []engine.Draft {
	if e == nil {
		return nil
	}
	return []engine.Draft{{Type: e.typ, Record: e.id, Kind: "patch", Set: set}}
}

// day is some days from today.
func (c *county) day(from int) string {
	return zone.Day(c.w.clock().AddDate(0, 0, from))
}

var villages = []string{"102200", "102201", "103200"}

// nameVillages puts every county's villages into the program's table, which has those of
// one: a household is taken in where somebody knows the village.
func nameVillages() {
	var rows []region.Region
	for _, code := range codes {
		for _, v := range villages {
			for _, r := range []region.Region{{Code: code, Name: code + "县"}, {Code: code + v[:3], Name: v[:3] + "街道"}, {Code: code + v, Name: v + "村"}} {
				if region.Name(r.Code) == "" {
					rows = append(rows, r)
				}
			}
		}
	}
	region.Install(rows)
}

// newHome registers a household; some of its people are known in another county, too.
func (c *county) newHome() []engine.Draft {
	home := c.ID()
	drafts := []engine.Draft{{Type: "households", Record: home, Kind: "create", Set: map[string]any{
		"region": c.Code + pick(c, villages), "head_name": "户主", "monthly_income": float64(c.rng.IntN(3000)), "state": "active"}}}
	for range 1 + c.rng.IntN(3) {
		number := c.newNumber()
		if c.rng.IntN(2) == 0 {
			number = servers.Number("370200", c.rng.IntN(wanderers))
		}
		id := c.person(number)
		if c.book.entries[id] != nil || inDrafts(drafts, id) {
			continue
		}
		drafts = append(drafts, engine.Draft{Type: "members", Record: id, Kind: "create", Set: map[string]any{
			"household": home, "name": "某人", "id_kind": "resident", "id_number": number, "alive": true, "work_state": pick(c, []string{"farming", "unemployed", "employed"})}})
	}
	return drafts
}

// wanderers are so many people who stand in more than one county.
const wanderers = 12

func (c *county) newNumber() string { c.numbers++; return servers.Number(c.Code, c.numbers) }

func inDrafts(drafts []engine.Draft, id string) bool {
	for _, d := range drafts {
		if d.Record == id {
			return true
		}
	}
	return false
}

func (c *county) visit() []engine.Draft {
	e := c.any("households")
	if e == nil {
		return nil
	}
	return []engine.Draft{{Type: "visits", Record: c.ID(), Kind: "create", Set: map[string]any{
		"household": e.id, "kind": "routine", "visited_on": c.day(-c.rng.IntN(3)), "conclusion": "无变化"}}}
}

func (c *county) income() []engine.Draft {
	return c.patch(c.any("households"), map[string]any{"monthly_income": float64(c.rng.IntN(5000))})
}

func (c *county) moveVillage() []engine.Draft {
	return c.patch(c.any("households"), map[string]any{"region": c.Code + pick(c, villages)})
}

func (c *county) moveRegistration() []engine.Draft {
	return c.patch(c.any("households"), map[string]any{"registered_region": pick(c, []string{c.Code, pick(c, codes)}) + "102"})
}

// help begins a category: at once, long ago or, as most do, with the next month; for the
// household, or one of it alone.
func (c *county) help() []engine.Draft {
	e := c.any("households")
	if e == nil {
		return nil
	}
	set := map[string]any{"household": e.id, "category": pick(c, []string{"subsistence", "destitute", "marginal", "rigid_expense", "relapse_risk"}), "from": c.day(pick(c, []int{-300, 0, 20}))}
	if list := c.book.living("members", e.id); len(list) > 0 && c.rng.IntN(3) == 0 {
		set["member"] = pick(c, list).id
	}
	return []engine.Draft{{Type: "categories", Record: c.ID(), Kind: "create", Set: set}}
}

func (c *county) endHelp() []engine.Draft {
	return c.patch(c.any("categories"), map[string]any{"to": c.day(pick(c, []int{-1, 10, 40}))})
}

func (c *county) dropHelp() []engine.Draft { return deleted(c.any("categories")) }

func deleted(list ...*entry) (out []engine.Draft) {
	for _, e := range list {
		if e != nil {
			out = append(out, engine.Draft{Type: e.typ, Record: e.id, Kind: "delete"})
		}
	}
	return out
}

func (c *county) work() []engine.Draft {
	return c.patch(c.any("members"), map[string]any{"work_state": pick(c, []string{"employed", "employed", "unemployed", "farming"})})
}

func (c *county) death() []engine.Draft {
	return c.patch(c.any("members"), map[string]any{"alive": false, "death_date": c.day(-c.rng.IntN(5))})
}

func (c *county) closeHome() []engine.Draft {
	return c.patch(c.any("households"), map[string]any{"state": "closed", "state_reason": "moved"})
}

// deleteMember takes somebody out who was entered by mistake, with what names them.
func (c *county) deleteMember() []engine.Draft {
	m := c.any("members")
	if m == nil {
		return nil
	}
	var list []*entry
	for _, k := range c.book.living("categories", m.home) {
		if k.text("member") == m.id {
			list = append(list, k)
		}
	}
	return deleted(append(list, m)...)
}

func (c *county) deleteHome() []engine.Draft {
	e := c.any("households")
	if e == nil {
		return nil
	}
	var list []*entry
	for _, typ := range []string{"categories", "visits", "assistance", "determinations", "members"} {
		list = append(list, c.book.living(typ, e.id)...)
	}
	return deleted(append(list, e)...)
}

// sendAgain is what tablets hand in again after a restore. What names somebody who came
// from another county, and is not there, names nobody: the tablet keeps it.
func (c *county) sendAgain() {
	for _, drafts := range c.again {
		var kept []engine.Draft
		known := func(id any) bool {
			text, named := id.(string)
			return !named || text == "" || c.book.entries[text] != nil || inDrafts(kept, text)
		}
		for _, d := range drafts {
			// What was taken in again meanwhile, under the name that it had, is not made twice.
			if known(d.Set["household"]) && known(d.Set["member"]) && known(d.Record) != (d.Kind == wire.KindCreate) {
				kept = append(kept, d)
			}
		}
		c.do(kept...)
	}
	c.again = nil
}

// aid and determine are what went before with a household, and goes along as a dossier.
func (c *county) aid() []engine.Draft {
	e := c.any("households")
	if e == nil {
		return nil
	}
	return []engine.Draft{{Type: "assistance", Record: c.ID(), Kind: "create", Set: map[string]any{
		"household": e.id, "item": "medical_aid", "department": "medical", "amount": float64(100 + c.rng.IntN(900)), "given_on": c.day(-c.rng.IntN(60)), "state": "given"}}}
}

func (c *county) determine() []engine.Draft {
	e := c.any("households")
	if e == nil {
		return nil
	}
	return []engine.Draft{{Type: "determinations", Record: c.ID(), Kind: "create", Set: map[string]any{
		"household": e.id, "determined_on": c.day(-c.rng.IntN(60)), "rules": "2024-61", "status": "determined", "result": "subsistence", "state": "approved"}}}
}

func (c *county) correctNumber() []engine.Draft {
	return c.patch(c.any("members"), map[string]any{"id_number": c.newNumber()})
}
