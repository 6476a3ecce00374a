package region

import (
	"maps"
	"slices"
	"strings"
	"sync/atomic"
)

// table is the divisions as they stand; it is never changed, another takes its place.
type table struct {
	rows    []Region
	byCode  map[string]Region
	edition int64
}

var (
	published = read(data)
	now       atomic.Pointer[table]
)

func init() { now.Store(published) }

func read(data string) *table {
	byCode := map[string]Region{}
	for line := range strings.Lines(data) {
		if code, name, ok := strings.Cut(strings.TrimSpace(line), ","); ok {
			byCode[code] = Region{Code: code, Name: name}
		}
	}
	return sorted(byCode, 0)
}

func sorted(byCode map[string]Region, edition int64) *table {
	rows := slices.SortedFunc(maps.Values(byCode), func(a, b Region) int { return strings.Compare(a.Code, b.Code) })
	return &table{rows, byCode, edition}
}

// Install puts what the county has changed over the published table. The whole program
// then speaks of the divisions of today; there is one county to a program.
func Install(changed []Region) {
	byCode := maps.Clone(published.byCode)
	for _, r := range changed {
		byCode[r.Code] = r
	}
	for {
		old := now.Load()
		if now.CompareAndSwap(old, sorted(byCode, old.edition+1)) {
			return
		}
	}
}

// Edition counts the tables that were in force: what is made of one is made anew when
// it changes.
func Edition() int64 { return now.Load().edition }

// All lists every division within one, those that are no more, too, by code.
func All(code string) []Region {
	var out []Region
	for _, r := range now.Load().rows {
		if Contains(code, r.Code) {
			out = append(out, r)
		}
	}
	return out
}

// mostSteps bounds a chain of mergers.
const mostSteps = 20

// Today is the code under which a division goes on: its own, or that of what it went
// into.
func Today(code string) string {
	byCode := now.Load().byCode
	for range mostSteps {
		next := byCode[code].Successor
		if next == "" {
			return code
		}
		code = next
	}
	return code
}
