package desk

import "slices"

// Right is what a page asks of whoever opens it.
type Right string

// Rights.
const (
	Anybody      Right = ""         // who is signed in
	SeeSums      Right = "sums"     // figures of places
	SeePersons   Right = "persons"  // somebody, for a purpose
	KeepAccounts Right = "accounts" // the console's accounts
	SeeLooks     Right = "looks"    // who looked at whom, and why
)

// Role is what somebody is to the console.
type Role struct {
	Code, Name, Note string
	Rights           []Right
}

// Roles is the table: who keeps accounts sees nobody, who reads the log looks nobody up.
var Roles = []Role{
	{"figures", "看数字", "各地合计，不看个人", []Right{SeeSums}},
	{"inquiry", "查人", "各地合计；写明用途后查看个人", []Right{SeeSums, SeePersons}},
	{"auditor", "审计", "各地合计；谁为什么查了谁，可导出；不查人", []Right{SeeSums, SeeLooks}},
	{"keeper", "管账号", "建立和停用账号、重置密码；不看数字，不看个人", []Right{KeepAccounts}},
}

// RoleOf is a role of the table; nil: there is none.
func RoleOf(code string) *Role {
	i := slices.IndexFunc(Roles, func(r Role) bool { return r.Code == code })
	if i < 0 {
		return nil
	}
	return &Roles[i]
}

// Can reports whether a role has a right.
func (r *Role) Can(right Right) bool {
	return right == Anybody || r != nil && slices.Contains(r.Rights, right)
}

// SecondFactor is who must have one.
type SecondFactor string

// Who must; everybody may.
const (
	FactorOff     SecondFactor = "off"
	FactorPersons SecondFactor = "persons" // who may look at people, keep accounts or read the log
	FactorAll     SecondFactor = "all"
)

// Asks reports whether a role must have a second factor.
func (s SecondFactor) Asks(r *Role) bool {
	return s == FactorAll || s == FactorPersons && (r.Can(SeePersons) || r.Can(KeepAccounts) || r.Can(SeeLooks))
}
