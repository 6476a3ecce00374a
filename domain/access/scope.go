package access

import (
	"slices"

	"doorstep/domain/region"
)

// Scope is what an account may see: areas by prefix of the region code, and
// households that are assigned one by one (social workers).
type Scope struct {
	Areas      []string `json:"areas"`
	Households []string `json:"households"`
}

// Shows reports whether a household in a region lies in the scope. The empty
// scope shows nothing.
func (s Scope) Shows(household, regionCode string) bool {
	return slices.ContainsFunc(s.Areas, func(area string) bool { return region.Contains(area, regionCode) }) ||
		household != "" && slices.Contains(s.Households, household)
}

// Fits reports whether a role may be granted an area: a village to a village
// worker, a town to a town reviewer, the county to county offices, none to those
// who see no area. A wider area than the office has would widen what it sees by
// mistake; a narrower one is allowed (a town reviewer for two villages).
func Fits(role Role, area string) bool {
	digits := role.AreaDigits()
	return digits > 0 && region.Valid(area) && len(area) >= digits
}
