package register

import (
	"context"
	"errors"
	"strings"

	"doorstep/domain/access"
	"doorstep/domain/idnumber"
	"doorstep/domain/region"
	"doorstep/domain/supervision"
	"doorstep/sync/engine"
	"doorstep/sync/policy"
	"doorstep/sync/wire"
)

// What is wrong with a row, and what to do.
const (
	deskMissing     = "这一格必须填写。"
	deskTwice       = "文件里前面已经有这一条，请删去一行。"
	deskTooLong     = "一个文件最多 5000 行，请分成几个文件。"
	deskOtherName   = "库里这个代码是另一个名称；改名请在“地区”页面办理。"
	deskNoPlace     = "没有这个地区；请写 9 位镇(街道)代码、12 位村(社区)代码或全名，新的地区先导入行政区划。"
	deskNoRole      = "没有这个角色；请写：村(社区)工作人员、社工、镇(街道)经办人员、市民政局、部门工作人员等。"
	deskNoOffice    = "没有这个部门；请写教体、人社、医保、住房保障等部门名称。"
	deskOtherHolder = "这个登录名已经是另一个人的账号，请换一个登录名，或在“账号”页面修改。"
	deskNoRelation  = "没有这种关系；请写：配偶、父母、子女、兄弟姐妹等。"
	deskNoLogin     = "没有这个登录名的账号；不填登录名，只写工作人员姓名也可以。"
)

// deskKinds are the files, in the order in which a county loads them.
var deskKinds = []deskKind{
	{"regions", []deskColumn{
		{key: "code", label: "地区代码", names: []string{"代码", "行政区划代码", "区划代码", "统计用区划代码"}, required: true},
		{key: "name", label: "地区名称", names: []string{"名称", "行政区划名称", "村(社区)名称"}, required: true}},
		func(row map[string]string) int { return len(row["code"]) }, (*deskLoading).region, (*DeskLoads).closeRegion},
	{"accounts", []deskColumn{
		{key: "login", label: "登录名", names: []string{"账号", "手机号", "手机号码", "联系电话"}, required: true},
		{key: "name", label: "姓名", names: []string{"工作人员姓名"}, required: true},
		{key: "role", label: "角色", names: []string{"岗位", "身份"}, required: true},
		{key: "office", label: "所属地区", names: []string{"单位地区", "地区", "村(社区)", "地区代码"}, required: true},
		{key: "department", label: "部门", names: []string{"所属部门"}}},
		nil, (*deskLoading).account, (*DeskLoads).stopAccount},
	{"relatives", []deskColumn{
		{key: "staff_name", label: "工作人员姓名", names: []string{"经办人员姓名", "干部姓名"}, required: true},
		{key: "staff", label: "工作人员登录名", names: []string{"登录名"}},
		{key: "office", label: "单位地区", names: []string{"所属地区", "单位", "地区代码"}, required: true},
		{key: "relation", label: "关系", names: []string{"与工作人员关系", "亲属关系"}, required: true},
		{key: "name", label: "亲属姓名", required: true},
		{key: "id_number", label: "亲属身份证号", names: []string{"亲属身份证号码", "身份证号"}, required: true},
		{key: "note", label: "备注"}},
		nil, (*deskLoading).relative, (*DeskLoads).endRelative},
}

func (l *deskLoading) region(_ context.Context, row map[string]string) (deskOrder, error) {
	code, name := row["code"], strings.Join(strings.Fields(row["name"]), "")
	if err := l.twice(code, "code"); err != nil {
		return nil, err
	}
	if known, there := region.Lookup(code); there && !known.Closed {
		if name == known.Name || name == known.Short() || name == region.FullName(code) {
			return nil, nil
		}
		return nil, wire.InvalidField("name", deskOtherName)
	}
	o := RegionOrder{Code: code, Deed: "add", Name: name, Reason: deskReason}
	// A village's town may be a new one of the same file, which goes first.
	if town := region.Town(code); len(code) != 12 || !l.seen[town] || !region.Valid(code) || !region.Contains(region.County, code) {
		if err := o.check(); err != nil {
			return nil, err
		}
	}
	return func(ctx context.Context) (string, error) {
		return code, l.Regions.Change(ctx, l.by, o, l.origin)
	}, nil
}

const deskReason = "首次导入"

// closeRegion closes it again, unless somebody lives or sees there.
func (d *DeskLoads) closeRegion(ctx context.Context, by *engine.Account, code, reason, origin string) (kept bool, err error) {
	err = d.Regions.Change(ctx, by, RegionOrder{Code: code, Deed: "close", Reason: reason}, origin)
	coded := new(wire.Error)
	if errors.As(err, &coded) { // in use, or closed by now
		return coded.Message == regionInUse, nil
	}
	return false, err
}

func (l *deskLoading) account(ctx context.Context, row map[string]string) (deskOrder, error) {
	o := AccountOrder{Login: row["login"], Name: row["name"]}
	if o.Role = roleOf(row["role"]); o.Role == "" {
		return nil, wire.InvalidField("role", deskNoRole)
	}
	if o.Office = divisionOf(row["office"]); o.Office == "" {
		return nil, wire.InvalidField("office", deskNoPlace)
	}
	if access.Role(o.Role) == access.Department {
		code, ok := option(policy.Lookup("assistance").Field("department"), strings.TrimSuffix(row["department"], "局"))
		if !ok {
			return nil, wire.InvalidField("department", deskNoOffice)
		}
		o.Department = code
	}
	if access.Fits(access.Role(o.Role), o.Office) {
		o.Areas = []string{o.Office}
	}
	if err := l.twice(LoginOf(o.Login), "login"); err != nil {
		return nil, err
	}
	if held, err := l.Accounts.App.FindAuthRecordByEmail("users", LoginOf(o.Login)); err == nil {
		if held.GetString("name") == o.Name && held.GetString("role") == o.Role && held.GetString("office") == o.Office {
			return nil, nil
		}
		return nil, wire.InvalidField("login", deskOtherHolder)
	}
	if _, err := l.Accounts.checked(ctx, l.by, o); err != nil {
		return nil, err
	}
	return func(ctx context.Context) (string, error) {
		it, _, err := l.Accounts.enter(ctx, l.by, o, l.origin) // its passphrase is handed out on a slip later
		if err != nil {
			return "", err
		}
		return it.ID, nil
	}, nil
}

// stopAccount stops an account whose passphrase nobody got; one that is in use stays.
func (d *DeskLoads) stopAccount(ctx context.Context, by *engine.Account, id, _, origin string) (kept bool, err error) {
	issued := false
	if err := d.Lists.pairs(ctx, func(_, _, _, _ string) { issued = true }, `SELECT account, '', '', '' FROM account_slips WHERE account = ?`, id); err != nil || issued {
		return issued, err
	}
	it, err := d.Accounts.one(ctx, by, id)
	if coded := new(wire.Error); errors.As(err, &coded) { // no longer theirs to keep: it stays
		return true, nil
	}
	if err != nil {
		return false, err
	}
	_, err = d.Accounts.Set(ctx, by, AccountOrder{ID: id, Login: it.Login, Name: it.Name, Role: it.Role, Office: it.Office, Department: it.Department, Areas: it.Areas, Disabled: true}, origin)
	return false, err
}

func (l *deskLoading) relative(ctx context.Context, row map[string]string) (deskOrder, error) {
	n := NewRelative{StaffName: row["staff_name"], Name: row["name"], IDNumber: row["id_number"], Note: row["note"]}
	if n.Office = divisionOf(row["office"]); n.Office == "" {
		return nil, wire.InvalidField("office", deskNoPlace)
	}
	for _, r := range supervision.Relations() {
		if row["relation"] == r.Label || row["relation"] == r.Code {
			n.Relation = r.Code
		}
	}
	if n.Relation == "" {
		return nil, wire.InvalidField("relation", deskNoRelation)
	}
	if row["staff"] != "" {
		held, err := l.Accounts.App.FindAuthRecordByEmail("users", LoginOf(row["staff"]))
		if err != nil {
			return nil, wire.InvalidField("staff", deskNoLogin)
		}
		n.Staff, n.StaffName = held.Id, held.GetString("name")
	}
	number, err := idnumber.Parse(n.IDNumber)
	if err != nil {
		said := err.Error()
		var fault idnumber.Fault
		if errors.As(err, &fault) {
			said = fault.Label()
		}
		return nil, wire.InvalidField("id_number", supervisionWords("number", said))
	}
	if err := l.twice(n.Staff+" "+n.StaffName+" "+string(number), "id_number"); err != nil {
		return nil, err
	}
	declared := false
	err = l.Lists.pairs(ctx, func(_, _, _, _ string) { declared = true }, `SELECT id, '', '', '' FROM staff_relatives WHERE ended_on = '' AND staff = ? AND staff_name = ? AND id_number_blind IN (SELECT value FROM json_each(?))`,
		n.Staff, n.StaffName, encode(l.Lists.Engine.Ring().Blinds(string(number))))
	if err != nil || declared {
		return nil, err
	}
	return func(ctx context.Context) (string, error) {
		n.ID = l.Lists.Engine.NewID()
		_, err := l.Supervision.Declare(ctx, l.by, l.origin, n)
		return n.ID, err
	}, nil
}

func (d *DeskLoads) endRelative(ctx context.Context, by *engine.Account, id, reason, origin string) (kept bool, err error) {
	_, err = d.Supervision.EndRelative(ctx, by, origin, id, reason)
	coded := new(wire.Error)
	if errors.As(err, &coded) { // ended by now, or not theirs to end
		return coded.Code != wire.Decided, nil
	}
	return false, err
}

// roleOf finds a role by its code or its official word.
func roleOf(written string) string {
	plain := strings.NewReplacer("（", "(", "）", ")", " ", "").Replace(written)
	for _, r := range access.Roles() {
		if plain == string(r) || plain == strings.ReplaceAll(r.Label(), " ", "") {
			return string(r)
		}
	}
	return ""
}

// divisionOf finds a division by its code or its name; "" if there is none.
func divisionOf(written string) string {
	if region.Valid(written) {
		if r, ok := region.Lookup(written); ok && !r.Closed {
			return written
		}
		return ""
	}
	for _, t := range append(region.Towns(), mustRegion(region.County)) {
		if written == t.Name || written == t.Short() || written == region.FullName(t.Code) {
			return t.Code
		}
	}
	return villageOf(written)
}

func mustRegion(code string) region.Region {
	r, _ := region.Lookup(code)
	return r
}
