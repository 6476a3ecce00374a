// Package demo is the demo county: the real towns and villages of 胶州市 with
// invented people, their visits, categories, assistance, tasks and warnings, the
// same from the same seed; and the accounts that show it (protocol, Appendix B).
//
// Build is pure and streams household by household, so that 50,000 of them never
// stand in memory. Load hands them to the engine's one write path. Nobody in it is
// real: names, numbers, phones and addresses within a village are drawn by a
// seeded generator, and the money standards are examples, not the county's.
package demo

import (
	"iter"
	"math/rand/v2"
	"time"
)

// Config says which county is built. The same Config gives the same county, byte
// for byte.
type Config struct {
	Seed       int64
	Households int
	Today      time.Time // tasks, visits and ages count from this day
}

// Operation is the draft of one create; its fields and values are those of
// sync/policy.
type Operation struct {
	Type   string
	Record string
	Set    map[string]any
}

// Photo is the file behind a photos record. Several records may share one.
type Photo struct {
	Record string
	SHA256 string
	JPEG   []byte
}

// Bundle is one household with all that belongs to it, parents before children.
type Bundle struct {
	Household  string
	Region     string
	Operations []Operation
	Photos     []Photo
	Assigned   bool // a social worker looks after it
}

// Build streams the county, village by village.
func Build(c Config) iter.Seq[Bundle] {
	return func(yield func(Bundle) bool) {
		taken, album := identities{}, drawAlbum(c.Seed)
		index := 0
		for _, lot := range allot(c) {
			for place := range lot.households {
				if !yield(newMaker(c, lot, index, place, taken, album).bundle()) {
					return
				}
				index++
			}
		}
	}
}

// maker builds one household with a generator of its own, so that a change in one
// household moves no other.
type maker struct {
	*rand.Rand
	ids
	today    time.Time
	lot      lot
	index    int // in the county
	place    int // in the village
	taken    identities
	album    []drawing
	family   family
	people   []*person
	home     home
	visits   []visit
	pictures int
	single   string // the member admitted alone
	out      Bundle
}

func newMaker(c Config, l lot, index, place int, taken identities, album []drawing) *maker {
	today := time.Date(c.Today.Year(), c.Today.Month(), c.Today.Day(), 0, 0, 0, 0, time.UTC)
	random := rand.New(rand.NewPCG(uint64(c.Seed), uint64(index)))
	return &maker{Rand: random, ids: newIDs(random, today, index), today: today, lot: l, index: index, place: place, taken: taken, album: album}
}

// bundle builds the household and everything that hangs on it. The order is that
// of the draws: moving a line changes every county.
func (m *maker) bundle() Bundle {
	m.family = m.chooseFamily()
	m.people = m.family.build(m)
	m.settle()
	m.emitHousehold()
	m.emitMembers()
	m.emitCategories()
	m.emitTasks()
	m.emitVisits()
	m.emitEvents()
	m.emitAid()
	return m.out
}

// emit adds a record and returns its id. Fields without a value are left out.
func (m *maker) emit(kind string, set map[string]any) string {
	id := m.next()
	m.emitAs(kind, id, set)
	return id
}

func (m *maker) emitAs(kind, id string, set map[string]any) {
	for name, v := range set {
		if v == nil || v == "" {
			delete(set, name)
		}
	}
	m.out.Operations = append(m.out.Operations, Operation{kind, id, set})
}
