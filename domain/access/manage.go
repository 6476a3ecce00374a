package access

import (
	"slices"

	"doorstep/domain/region"
)

// manages says whose accounts an office keeps: the town its own villages' workers, the
// county whoever works, the administrator everybody. Auditors and administrators are
// the administrator's alone, so that nobody at work names who watches over it.
var manages = map[Role][]Role{
	Town:   {Worker},
	County: {Worker, Social, Town, County, Department, Data},
	Admin:  Roles(),
}

// Managed lists whose accounts a role keeps.
func Managed(by Role) []Role { return slices.Clone(manages[by]) }

// Manages reports whether a role keeps an account of another with this office and these
// areas: all of them must lie in its own. Who is granted no area (the administrator)
// keeps accounts anywhere.
func Manages(by Role, own Scope, role Role, office string, areas []string) bool {
	if !slices.Contains(manages[by], role) {
		return false
	}
	if by.AreaDigits() == 0 {
		return true
	}
	within := func(code string) bool {
		return slices.ContainsFunc(own.Areas, func(area string) bool { return region.Contains(area, code) })
	}
	if office == "" {
		return by == County // who answers to no region is the county's
	}
	return within(office) && !slices.ContainsFunc(areas, func(a string) bool { return !within(a) })
}
