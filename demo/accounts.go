package demo

import (
	"strconv"

	"doorstep/domain/access"
	"doorstep/domain/region"
)

// Password opens every demo account. It is no secret: the command prints it, and
// `serve` makes no accounts.
const Password = "Demo-2026-visit"

// Account is one of the people who show the demo (protocol, Appendix B).
type Account struct {
	Email    string
	Name     string
	Role     access.Role
	Office   string   // the region they answer to
	Of       string   // the department, of who answers referrals
	Areas    []string // what they are granted
	Assigned bool     // is granted the households of Bundle.Assigned
}

// Area is what the account sees, in words.
func (a Account) Area() string {
	switch {
	case a.Assigned:
		return labelAssigned
	case len(a.Areas) == 0:
		return labelNoArea
	}
	return region.FullName(a.Areas[0])
}

// Accounts lists the demo's accounts, in the order in which they are shown.
func Accounts() []Account {
	worker, neighbor := workersOf(WorkerVillage), workersOf(NeighborVillage)
	out := []Account{
		{Email: "worker@demo.test", Name: worker[0], Role: access.Worker, Office: WorkerVillage},
		{Email: "worker2@demo.test", Name: worker[1], Role: access.Worker, Office: WorkerVillage},
		{Email: "neighbor@demo.test", Name: neighbor[0], Role: access.Worker, Office: NeighborVillage},
		{Email: "social@demo.test", Name: socialWorker, Role: access.Social, Office: HomeTown, Assigned: true},
		{Email: "town@demo.test", Name: townStaff[0], Role: access.Town, Office: HomeTown},
		{Email: "othertown@demo.test", Name: townStaff[3], Role: access.Town, Office: OtherTown},
		{Email: "county@demo.test", Name: "民政局 韩立新", Role: access.County, Office: region.County},
	}
	for _, d := range departmentAccounts {
		out = append(out, Account{Email: d[0] + "@demo.test", Name: d[1], Role: access.Department, Office: region.County, Of: d[0]})
	}
	out = append(out,
		Account{Email: "data@demo.test", Name: "大数据中心 迟晓晨", Role: access.Data, Office: region.County},
		Account{Email: "auditor@demo.test", Name: "监督检查 尹正华", Role: access.Auditor, Office: region.County},
		Account{Email: "admin@demo.test", Name: "系统管理员 栾志远", Role: access.Admin, Office: region.County})
	for i := range out {
		if access.Fits(out[i].Role, out[i].Office) {
			out[i].Areas = []string{out[i].Office}
		}
	}
	return out
}

// workersOf are the two who visit a village: the same all year, and other ones
// next door.
func workersOf(village string) [2]string {
	n, _ := strconv.Atoi(village[6:9])
	m, _ := strconv.Atoi(village[9:])
	at := func(i int) string { return visitorsOfVillages[i%len(visitorsOfVillages)] }
	return [2]string{at(n + m), at(n + m + 1)}
}
