package register

import (
	"strings"
	"sync"

	"doorstep/domain/region"
)

// villageOf finds a village's code by the code itself or by its name, with or without
// town and county; "" where none or several have it.
func villageOf(written string) string {
	if len(written) == 12 && region.Valid(written) {
		return written
	}
	return villageNames()[plainVillage(written)]
}

var villageNames = sync.OnceValue(func() map[string]string {
	names := map[string]string{}
	county := region.Name(region.County)
	for _, v := range region.Villages(region.County) {
		short, town := plainVillage(v.Name), region.Name(region.Town(v.Code))
		for _, name := range []string{short, town + short, county + town + short} {
			if other, taken := names[name]; taken && other != v.Code {
				names[name] = "" // two villages of one name: the town must be written, too
				continue
			}
			names[name] = v.Code
		}
	}
	return names
})

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
