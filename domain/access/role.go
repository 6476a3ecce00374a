// Package access says who may do what: the roles of the policy's offices, their
// write circle, the calls each may make, and what a scope shows. One table; a new
// route needs a row in it.
//
// It knows no accounts, tokens or requests (hooks/ and sync/engine ask it), and
// which field a circle may write is the table of sync/policy.
package access

import "slices"

// Role is an account's office. Its values are stored in accounts and sent to
// clients.
type Role string

const (
	Worker     Role = "worker"     // 村(社区)工作人员: assists, decides nothing (policy 五(一))
	Social     Role = "social"     // 社工, purchased service (三(三))
	Town       Role = "town"       // 镇(街道)经办人员
	County     Role = "county"     // 市民政局
	Department Role = "department" // 教体、人社、住房保障、农业农村、卫健、应急、医保、残联、财政
	Auditor    Role = "auditor"    // 监督检查: reads, writes nothing (五(三))
	Data       Role = "data"       // 大数据中心: sources and counts, no household content
	Admin      Role = "admin"      // 系统管理员: accounts, devices, backup, no household content
)

// Circle is the lowest circle of writers that a role belongs to. Its letters are
// those of sync/policy.Writer.
type Circle byte

const (
	NoCircle     Circle = 0   // writes no record
	TabletCircle Circle = 'W' // village and social workers
	TownCircle   Circle = 'T' // town and above: confirmed at once, enters no review queue
)

type office struct {
	role   Role
	label  string
	circle Circle
	area   int // digits of the areas it is granted, 0: none
}

var offices = []office{
	{Worker, "村(社区)工作人员", TabletCircle, 12},
	{Social, "社工", TabletCircle, 0},
	{Town, "镇(街道)经办人员", TownCircle, 9},
	{County, "市民政局", TownCircle, 6},
	{Department, "部门工作人员", NoCircle, 6},
	{Auditor, "监督检查人员", NoCircle, 6},
	{Data, "大数据中心", NoCircle, 0},
	{Admin, "系统管理员", NoCircle, 0},
}

func (r Role) office() (office, bool) {
	for _, o := range offices {
		if o.role == r {
			return o, true
		}
	}
	return office{}, false
}

// Roles lists all roles, from the village up.
func Roles() []Role {
	out := make([]Role, 0, len(offices))
	for _, o := range offices {
		out = append(out, o.role)
	}
	return out
}

// Known reports whether the value is a role.
func (r Role) Known() bool { _, ok := r.office(); return ok }

// Label is the office's Chinese name, "" for an unknown role.
func (r Role) Label() string { o, _ := r.office(); return o.label }

// Circle is the role's write circle; an unknown role writes nothing. Ask it for
// NoCircle before handing it to sync/policy, which knows only writers.
func (r Role) Circle() Circle { o, _ := r.office(); return o.circle }

// AreaDigits is the length of the region codes that the role is granted: 12 for a
// village, 9 for a town, 6 for the county, 0 where it sees no area.
func (r Role) AreaDigits() int { o, _ := r.office(); return o.area }

// departments are those of the policy that an officer may be of, by the codes of
// sync/policy: 教体、人社、住房保障、农业农村、卫健、应急、医保、残联、财政. 民政 is the county's
// own office.
var departments = []string{"education", "employment", "housing", "agriculture", "health", "emergency", "medical", "disabled", "finance"}

// Departments lists them.
func Departments() []string { return slices.Clone(departments) }

// IsDepartment reports whether a code is one of them.
func IsDepartment(code string) bool { return slices.Contains(departments, code) }

// AboveVillage reports whether a role is a town's or above: who sees more than a village,
// decides, or keeps the system. A second factor can be asked of these.
func AboveVillage(r Role) bool { return r.Known() && r != Worker && r != Social }
