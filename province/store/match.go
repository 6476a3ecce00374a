package store

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"doorstep/province/wire"
)

// person is one record of somebody in one county; those with one blind are one person.
type person struct {
	county, member string
	alive          bool
	died           string // "" unknown
	work           string
	active         bool     // the household stands in the register
	registered     string   // 户籍地, a region code
	helped         []string // categories that stand today, sorted
	household      string
	goes           []going // its household's handovers to other counties that are under way or done
}

// going is one of them.
type going struct {
	to, taken, begins, state string
	again                    bool // the person was given a category here after it
}

// handedOver reports whether one of these records is the other's household on its way to
// another county, or there already: what both counties have of it meanwhile is one help,
// not two. While it is offered that is so of whatever the other county has of the person;
// once it was taken in, of that household alone, and until this county helps anew.
func handedOver(a, b person) bool {
	on := func(from, to person) bool {
		return slices.ContainsFunc(from.goes, func(g going) bool {
			return g.to == to.county && (g.state == "offered" || g.taken == to.household && !g.again)
		})
	}
	return on(a, b) || on(b, a)
}

// helping are the categories by which somebody is helped each month: in two counties at
// once it is one too many (三(二)). The others only say who is watched.
var helping = []string{"subsistence", "destitute", "marginal", "rigid_expense"}

// match is what the province sees of one person's records: for each county what another
// one knows. today is the day it speaks of.
func match(blind string, all []person, today string) (out []wire.Finding) {
	for _, a := range all {
		if !a.alive || !a.active {
			continue
		}
		for _, b := range all {
			if a.county == b.county {
				continue
			}
			handed := handedOver(a, b)
			for _, rule := range matches {
				if handed && rule.kind != "death" {
					continue
				}
				if values := rule.find(a, b); values != nil {
					out = append(out, wire.Finding{ID: findingID(rule.kind, blind, a, b), County: a.county, Kind: rule.kind, Member: a.member, AsOf: today, Values: values})
				}
			}
		}
	}
	return out
}

// matches is the table: what county b's record says to county a about its living member.
var matches = []struct {
	kind string
	find func(a, b person) map[string]any
}{
	{"helped_elsewhere", func(a, b person) map[string]any {
		if !b.alive || !b.active || len(a.helped) == 0 || len(b.helped) == 0 {
			return nil
		}
		return map[string]any{"county": b.county, "category": strings.Join(b.helped, ",")}
	}},
	{"death", func(_, b person) map[string]any {
		if b.alive {
			return nil
		}
		values := map[string]any{"county": b.county}
		if b.died != "" {
			values["died_on"] = b.died
		}
		return values
	}},
	{"works_elsewhere", func(a, b person) map[string]any {
		if !b.alive || !b.active || b.work != "employed" || a.work == "employed" || len(a.helped) == 0 {
			return nil
		}
		return map[string]any{"county": b.county}
	}},
	{"moved", func(a, b person) map[string]any {
		if !b.alive || !b.active || !strings.HasPrefix(b.registered, b.county) || strings.HasPrefix(a.registered, a.county) || len(b.helped) > 0 {
			return nil
		}
		return map[string]any{"direction": "out", "county": b.county}
	}},
}

// findingID is the same for the same thing found again: a county is told once.
func findingID(kind, blind string, a, b person) string {
	sum := sha256.Sum256([]byte(strings.Join([]string{kind, blind, a.county, a.member, b.county, b.member}, "\x00")))
	return hex.EncodeToString(sum[:16])
}

// stands are the helping categories among these that hold on a day.
func stands(categories []category, member, today string) (out []string) {
	for _, c := range categories {
		if (c.member == "" || c.member == member) && slices.Contains(helping, c.name) && c.from <= today && (c.to == "" || c.to >= today) {
			out = append(out, c.name)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// begun reports whether a helping category that stands was begun on a day or after it.
func begun(categories []category, member, today, day string) bool {
	return len(stands(slices.DeleteFunc(slices.Clone(categories), func(c category) bool { return c.from < day }), member, today)) > 0
}

// goings reads handovers as the query joins them.
func goings(joined []string) (out []going) {
	for _, text := range joined {
		if p := strings.Split(text, "|"); len(p) == 4 {
			out = append(out, going{to: p[0], taken: p[1], begins: p[2], state: p[3]})
		}
	}
	return out
}

type category struct{ member, name, from, to string }

// split reads categories as the query joins them.
func split(joined []string) (out []category) {
	for _, text := range joined {
		if p := strings.Split(text, "|"); len(p) == 4 {
			out = append(out, category{p[0], p[1], p[2], p[3]})
		}
	}
	return out
}
