// Package region knows the administrative divisions (行政区划) of the county:
// codes of 6 (county), 9 (town or subdistrict) and 12 (village or community)
// digits, their names and how they contain each other.
//
// The table is a published data set of 胶州市 (see README.md), embedded and read
// once. What the package is not: a register of who may see which region
// (domain/access), or of regions that were merged or renamed since; an unknown code of
// valid shape is therefore possible and has no name.
package region

import (
	_ "embed"
	"strings"
)

// County is the county that the table describes, 胶州市.
const County = "370281"

// Region is one row of the table.
type Region struct {
	Code string // 6, 9 or 12 digits
	Name string // the official name, 李新社区居民委员会
	// Closed marks one that is no more; what lay there keeps its name. Successor is the
	// one that it went into, "" where it just ended.
	Closed    bool
	Successor string
}

// Short is the name in daily use: without 居民委员会 or 村民委员会.
func (r Region) Short() string {
	for _, suffix := range []string{"居民委员会", "村民委员会", "居委会"} {
		if name, ok := strings.CutSuffix(r.Name, suffix); ok {
			return name
		}
	}
	return r.Name
}

// Urban reports whether a residents' committee (居委会) runs the place, not a
// villagers' committee (村委会).
func (r Region) Urban() bool {
	return strings.HasSuffix(r.Name, "居民委员会") || strings.HasSuffix(r.Name, "居委会")
}

// Virtual marks the statistical placeholders of zones without a committee.
func (r Region) Virtual() bool { return strings.HasSuffix(r.Name, "虚拟社区") }

//go:embed jiaozhou.csv
var data string

// Lookup finds a region by its code.
func Lookup(code string) (Region, bool) {
	r, ok := now.Load().byCode[code]
	return r, ok
}

// Towns lists the towns and subdistricts by code.
func Towns() []Region { return within(County, 9) }

// Villages lists the villages and communities of today within a region, by code: those of
// a town (9 digits), of the county (6) or the one itself (12).
func Villages(code string) []Region { return within(code, 12) }

// Within lists a region and all that lie in it, by code.
func Within(code string) []Region {
	var out []Region
	for _, r := range now.Load().rows {
		if !r.Closed && Contains(code, r.Code) && !r.Virtual() {
			out = append(out, r)
		}
	}
	return out
}

func within(code string, digits int) []Region {
	var out []Region
	for _, r := range now.Load().rows {
		if len(r.Code) == digits && !r.Closed && Contains(code, r.Code) {
			out = append(out, r)
		}
	}
	return out
}

// Name is the name in daily use, "" for an unknown code.
func Name(code string) string { return now.Load().byCode[code].Short() }

// FullName is the name from the county down, 胶州市李哥庄镇港东新村; of an unknown
// village it is as much as is known.
func FullName(code string) string {
	var name strings.Builder
	for _, digits := range []int{6, 9, 12} {
		if len(code) >= digits {
			name.WriteString(Name(code[:digits]))
		}
	}
	return name.String()
}

// Valid reports the shape of a code: 6, 9 or 12 digits that do not begin with 0.
// It does not ask whether the table has it.
func Valid(code string) bool {
	if len(code) != 6 && len(code) != 9 && len(code) != 12 || code[0] == '0' {
		return false
	}
	return strings.Trim(code, "0123456789") == ""
}

// Town is the town's code of a village or town, "" if the code is shorter or is
// no code.
func Town(code string) string {
	if !Valid(code) || len(code) < 9 {
		return ""
	}
	return code[:9]
}

// Contains reports whether region code lies in, or is, region prefix. Codes of a
// wrong shape contain nothing and lie nowhere: an empty prefix is not the world.
func Contains(prefix, code string) bool {
	return Valid(prefix) && Valid(code) && strings.HasPrefix(code, prefix)
}
