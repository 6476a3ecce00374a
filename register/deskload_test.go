package register_test

import (
	"context"
	"strings"
	"testing"

	"doorstep/domain/region"
	"doorstep/register"
	"doorstep/sync/engine"
)

func (l *lists) desk() *register.DeskLoads {
	return &register.DeskLoads{Lists: l.Comparisons, Regions: &register.Regions{Engine: l.e}, Accounts: &register.Accounts{App: l.app, Engine: l.e}, Supervision: &register.Supervision{Engine: l.e}}
}

func (l *lists) deskLoad(kind, content string, dry, skip bool) *register.LoadReport {
	l.Helper()
	r, err := l.desk().Load(context.Background(), l.county, kind, l.file(content), dry, skip, "")
	if err != nil {
		l.Fatalf("%s: %v", kind, err)
	}
	return r
}

func (l *lists) back(r *register.LoadReport) int {
	l.Helper()
	kept, err := l.desk().TakeBack(context.Background(), l.county, r.Batch, "发错", "")
	if err != nil {
		l.Fatal(err)
	}
	b, err := l.Batch(context.Background(), r.Batch)
	if err != nil || b.State != "withdrawn" {
		l.Errorf("the batch is %v (%v)", b.State, err)
	}
	return kept
}

func faultsOf(r *register.LoadReport) string {
	var out []string
	for _, f := range r.Faults {
		out = append(out, f.Column)
	}
	return strings.Join(out, " ")
}

// number1 is how many rows a query counts.
func (l *lists) number1(query string, args ...any) (n int) {
	l.Helper()
	rows, err := l.e.Query(context.Background(), query, args...)
	if err != nil {
		l.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	rows.Next()
	if err := rows.Scan(&n); err != nil {
		l.Fatal(err)
	}
	return n
}

func TestDivisionsAreLoadedTownsFirstAndTakenBack(t *testing.T) {
	l := newLists(t)
	t.Cleanup(func() { region.Install(nil) })
	file := "地区代码,地区名称\n370281901201,新风村\n370281901,新城街道\n370281102200," + region.Name("370281102200") + "\n"
	if r := l.deskLoad("regions", file, true, false); r.State != "dry" || r.Rows != 3 || r.Bad != 0 {
		t.Fatalf("looked through: %+v", r)
	}
	if _, there := region.Lookup("370281901"); there {
		t.Fatal("a dry run wrote")
	}
	r := l.deskLoad("regions", file, false, false)
	if r.State != "done" || r.Created["regions"] != 2 {
		t.Fatalf("loaded: %+v", r)
	}
	if got := region.FullName("370281901201"); !strings.HasSuffix(got, "新风村") || !strings.Contains(got, "新城街道") {
		t.Errorf("the new village is %q", got)
	}
	if again := l.deskLoad("regions", file, false, false); again.State != "known" || again.Batch != r.Batch {
		t.Errorf("the same file again: %+v", again)
	}
	if same := l.deskLoad("regions", file+"\n", false, false); same.State != "done" || same.Created["regions"] != 0 {
		t.Errorf("the same rows in another file: %+v", same)
	}
	bad := l.deskLoad("regions", "代码,名称\n370281902201,孤村\n110101001,外县\n370281102200,另一个名\n370281903,甲\n370281903,乙\n37,丙\n,丁\n", false, false)
	if bad.State != "failed" || bad.Bad != 6 || faultsOf(bad) != "地区代码 地区代码 地区名称 地区代码 地区代码 地区代码" {
		t.Errorf("what is wrong: %+v", bad)
	}
	l.family("有人", number(t, 1), "")
	if err := l.move("有人", "370281901201"); err != nil {
		t.Fatal(err)
	}
	if kept := l.back(r); kept != 2 { // the village is lived in, and so its town is
		t.Errorf("%d divisions stay", kept)
	}
	if err := l.move("有人", "370281102200"); err != nil {
		t.Fatal(err)
	}
}

// move sends a family to another village.
func (l *lists) move(name, village string) error {
	_, err := l.e.Do(context.Background(), engine.Server, []engine.Draft{{Type: "households", Record: l.homes[name], Kind: "patch", Set: map[string]any{"region": village}}})
	return err
}

func TestAccountsAreLoadedWithoutAPassphraseInTheFileAndStoppedAgain(t *testing.T) {
	l := newLists(t)
	file := "姓名,手机号,角色,所属地区,部门\n王芳,15400000001,村(社区)工作人员,370281102200,\n李强,15400000002,镇（街道）经办人员,370281102,\n孙梅,15400000003,部门工作人员,370281,教体局\n"
	r := l.deskLoad("accounts", file, false, false)
	if r.State != "done" || r.Created["accounts"] != 3 {
		t.Fatalf("%+v", r)
	}
	if n := l.number1(`SELECT count(*) FROM sync_grants WHERE value IN ('370281102200', '370281102')`); n != 2 {
		t.Errorf("%d of the two see their place", n)
	}
	if n := l.number1(`SELECT count(*) FROM account_slips`); n != 0 {
		t.Errorf("%d passphrases were handed out by a load", n)
	}
	if same := l.deskLoad("accounts", file+"\n", false, false); same.Created["accounts"] != 0 || same.Bad != 0 {
		t.Errorf("the same people again: %+v", same)
	}
	bad := l.deskLoad("accounts", "姓名,登录名,角色,所属地区,部门\n甲,15400000001,社工,370281102,\n乙,15400000009,村长,370281102200,\n丙,15400000008,村(社区)工作人员,没有的村,\n丁,15400000007,部门工作人员,370281,没有的局\n戊,15400000006,系统管理员,370281,\n", false, false)
	if bad.Bad != 5 || faultsOf(bad) != "登录名 角色 所属地区 部门 角色" {
		t.Errorf("what is wrong: %+v", bad)
	}
	slips, err := l.desk().Accounts.Slips(context.Background(), l.county, "370281102", "")
	if err != nil || len(slips) != 2 {
		t.Fatalf("%d slips (%v)", len(slips), err)
	}
	if kept := l.back(r); kept != 2 { // whose passphrase is out
		t.Errorf("%d accounts stay", kept)
	}
	if n := l.number1(`SELECT count(*) FROM users WHERE disabled = 1`); n != 1 {
		t.Errorf("%d accounts are stopped", n)
	}
}

func TestStaffsRelativesAreLoadedAndTheirDeclarationsEndAgain(t *testing.T) {
	l := newLists(t)
	set(t, l.app, l.e, villager)
	file := "工作人员姓名,登录名,单位地区,关系,亲属姓名,亲属身份证号\n王芳,w@office.test,370281102200,配偶,张三," + number(t, 3) + "\n赵六,,370281102,父母,赵老," + number(t, 4) + "\n"
	r := l.deskLoad("relatives", file, false, false)
	if r.State != "done" || r.Created["relatives"] != 2 {
		t.Fatalf("%+v", r)
	}
	if same := l.deskLoad("relatives", file+"\n", false, false); same.Created["relatives"] != 0 || same.Bad != 0 {
		t.Errorf("the same again: %+v", same)
	}
	bad := l.deskLoad("relatives", "工作人员姓名,登录名,单位地区,关系,亲属姓名,亲属身份证号\n甲,,370281102,邻居,乙,"+number(t, 5)+"\n甲,,370281102,配偶,乙,123\n甲,nobody@office.test,370281102,配偶,乙,"+number(t, 6)+"\n", false, false)
	if bad.Bad != 3 || faultsOf(bad) != "关系 亲属身份证号 工作人员登录名" {
		t.Errorf("what is wrong: %+v", bad)
	}
	if kept := l.back(r); kept != 0 {
		t.Errorf("%d declarations stay", kept)
	}
	if n := l.number1(`SELECT count(*) FROM staff_relatives WHERE ended_on = ''`); n != 0 {
		t.Errorf("%d declarations hold", n)
	}
}
