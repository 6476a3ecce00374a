package register

import (
	"doorstep/domain/indicator"
	"doorstep/sync/engine"
)

// Departments is what departments' lists tell the indicators.
type Departments struct{}

var _ Lists = Departments{}

// Of reads what stands of these households: matched surely, or by a person.
func (Departments) Of(r engine.Reader, households []string) (map[string][]indicator.Reported, error) {
	listed, err := ListedOf(r, households)
	if err != nil {
		return nil, err
	}
	if err := declaredSince(r, listed); err != nil {
		return nil, err
	}
	out := make(map[string][]indicator.Reported, len(listed))
	for home, lines := range listed {
		for _, l := range lines {
			out[home] = append(out[home], indicator.Reported{ID: l.ID, Source: l.Department, Kind: l.Kind, Member: l.Member, AsOf: l.AsOf, Values: l.Values, Confirmed: true})
		}
	}
	return out, toldByProvince(r, households, out)
}
