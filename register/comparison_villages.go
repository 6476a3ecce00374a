package register

import (
	"strings"
	"sync/atomic"

	"doorstep/domain/region"
)

// villageOf finds a village's code by the code itself or by its name, with or without
// town and county; "" where none or several have it.
func villageOf(written string) string {
	if len(written) == 12 && region.Valid(written) {
		return region.Today(written)
	}
	return villageNames()[plainVillage(written)]
}

// namedVillages are the villages' names of one edition of the divisions.
type namedVillages struct {
	edition int64
	codes   map[string]string
}

var villagesByName atomic.Pointer[namedVillages]

func villageNames() map[string]string {
	edition := region.Edition()
	if known := villagesByName.Load(); known != nil && known.edition == edition {
		return known.codes
	}
	codes := nameVillages()
	villagesByName.Store(&namedVillages{edition, codes})
	return codes
}

// nameVillages knows those that are no more, too: lists go on naming them.
func nameVillages() map[string]string {
	names := map[string]string{}
	county := region.Name(region.County)
	for _, v := range region.All(region.County) {
		code := region.Today(v.Code)
		if r, _ := region.Lookup(code); len(v.Code) != 12 || r.Closed {
			continue
		}
		short, town := plainVillage(v.Name), region.Name(region.Town(v.Code))
		for _, name := range []string{short, town + short, county + town + short} {
			if other, taken := names[name]; taken && other != code {
				names[name] = "" // two villages of one name: the town must be written, too
				continue
			}
			names[name] = code
		}
	}
	return names
}

func plainVillage(name string) string {
	name = strings.Join(strings.Fields(name), "")
	for _, prefix := range []string{"山东省", "青岛市"} {
		name = strings.TrimPrefix(name, prefix)
	}
	for _, suffix := range []string{"居民委员会", "村民委员会", "居委会", "村委会"} {
		name = strings.TrimSuffix(name, suffix)
	}
	return name
}
