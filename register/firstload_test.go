package register_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"doorstep/register"
	"doorstep/sync/engine"
	"doorstep/sync/wire"
)

const rosterHead = "家庭编号,户主身份证号,户主姓名,村,家庭月收入,姓名,身份证号,与户主关系,性别,健康状况,残疾类别,救助类别,纳入日期,已参加医保\n"

func (l *lists) load(kind, content string, dry, skip bool) *register.LoadReport {
	l.Helper()
	r, err := l.Load(context.Background(), l.county, kind, l.file(content), dry, skip)
	if err != nil {
		l.Fatalf("%s: %v", kind, err)
	}
	return r
}

// count is the living records of each type.
func (l *lists) count() string {
	l.Helper()
	var out []string
	for _, typ := range []string{"households", "members", "categories", "assistance"} {
		rows, err := l.e.Query(context.Background(), `SELECT count(*) FROM `+typ+` WHERE deleted = 0`)
		if err != nil {
			l.Fatal(err)
		}
		var n int
		rows.Next()
		if err := rows.Scan(&n); err != nil {
			l.Fatal(err)
		}
		_ = rows.Close()
		out = append(out, fmt.Sprint(n))
	}
	return strings.Join(out, " ")
}

func (l *lists) member(number string) map[string]string {
	l.Helper()
	rows, err := l.e.Query(context.Background(), `SELECT m.name, m.health, m.relation, m.sex, h.head_name, h.number, coalesce(h.monthly_income, ''), h.id FROM members m JOIN households h ON h.id = m.home WHERE m.id_number_blind = ? AND m.deleted = 0`, l.e.Ring().Blind(number))
	if err != nil {
		l.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	out := map[string]string{}
	for rows.Next() {
		var v [8]string
		if err := rows.Scan(&v[0], &v[1], &v[2], &v[3], &v[4], &v[5], &v[6], &v[7]); err != nil {
			l.Fatal(err)
		}
		for i, k := range []string{"name", "health", "relation", "sex", "head", "number", "income", "home"} {
			out[k] = v[i]
		}
	}
	return out
}

func roster(t *testing.T) string {
	return rosterHead +
		"J001," + number(t, 1) + ",张三,港东新村,1200,张三," + number(t, 1) + ",户主,男,重病,,农村低保,2024年3月1日,是\n" +
		"J001," + number(t, 1) + ",张三,港东新村,1200,王芳," + number(t, 2) + ",妻,女,残疾,肢体,农村低保,2024-03-01,否\n" +
		"J002," + number(t, 3) + ",李四,370281102200,,李四," + number(t, 3) + ",户主,1,,,特困供养,2023-01-01,\n"
}

// 首次导入: a dry run writes nothing, the load goes through operations, and the same
// export, or a later one of the same people, makes nobody twice.
func TestARosterIsLoadedOnceThroughOperations(t *testing.T) {
	l := newLists(t)
	seq := l.e.Status().Seq
	dry := l.load("people", roster(t), true, false)
	if dry.State != "dry" || dry.Rows != 3 || dry.Bad != 0 || l.count() != "0 0 0 0" || l.e.Status().Seq != seq {
		t.Fatalf("%+v %s", dry, l.count())
	}
	done := l.load("people", roster(t), false, false)
	if done.State != "done" || l.count() != "2 3 2 0" || done.Created["members"] != 3 {
		t.Fatalf("%+v %s", done, l.count())
	}
	got := l.member(number(t, 2))
	if got["name"] != "王芳" || got["health"] != "disabled" || got["relation"] != "12" || got["sex"] != "2" || got["head"] != "张三" || got["number"] != "J001" || got["income"] != "1200.0" && got["income"] != "1200" {
		t.Errorf("%v", got)
	}
	if n := l.e.Status().Seq - seq; n < 7 {
		t.Errorf("%d operations for 7 records", n)
	}
	seq = l.e.Status().Seq
	if again := l.load("people", roster(t), false, false); again.State != "known" || again.Batch != done.Batch || l.e.Status().Seq != seq {
		t.Errorf("the same file: %+v", again)
	}
	// A later export: one value was unknown, one differs, one person is new.
	later := strings.Replace(strings.Replace(roster(t), ",,李四,", ",900,李四,", 1), "重病", "健康", 1) + "J002," + number(t, 3) + ",李四,港东新村,900,李小," + number(t, 4) + ",子,男,,,特困供养,2023-01-01,\n"
	r := l.load("people", later, false, false)
	if r.State != "done" || l.count() != "2 4 2 0" || r.Differs != 1 || r.Filled != 1 || l.member(number(t, 1))["health"] != "serious" || l.member(number(t, 3))["income"] == "" {
		t.Errorf("%+v %s %v", r, l.count(), l.member(number(t, 3)))
	}
}

func TestALoadWithAWrongRowIsToldByLineAndWritesNothing(t *testing.T) {
	l := newLists(t)
	wrong := roster(t) +
		"J003,,赵六,无此村,,赵六," + number(t, 5) + ",户主,男,,,,,\n" +
		"J004,,钱七,港东新村,很多,钱七," + number(t, 6) + ",户主,男,,,,,\n" +
		"J001,,张三,港东新村,,李四," + number(t, 3) + ",子,男,,,,,\n" +
		"J005,,孙八,港东新村,,孙八,,户主,男,,,,,\n" +
		"J006,,周九,港东新村,,周九," + number(t, 7) + ",户主,男,不好,,,,\n"
	r := l.load("people", wrong, false, false)
	if r.State != "failed" || l.count() != "0 0 0 0" {
		t.Fatalf("%+v %s", r, l.count())
	}
	var got []string
	for _, f := range r.Faults {
		got = append(got, fmt.Sprint(f.Line, " ", f.Column, " ", f.Code))
		if f.Reason == "" {
			t.Errorf("%+v", f)
		}
	}
	// With J001's wrong row the two good ones of the household are left out, too.
	want := "2  household_bad|3  household_bad|5 村 village_unknown|6 家庭月收入 number_form|7 身份证号 person_twice|8 身份证号 number_missing|9 健康状况 option_unknown"
	if strings.Join(got, "|") != want {
		t.Errorf("\n%s\n%s", strings.Join(got, "|"), want)
	}
	if r := l.load("people", wrong, false, true); r.State != "done" || l.count() != "1 1 1 0" || l.member(number(t, 3))["name"] != "李四" {
		t.Errorf("%+v %s", r, l.count())
	}
}

func TestAssistanceIsLoadedForPeopleWhoAreThere(t *testing.T) {
	l := newLists(t)
	l.load("people", roster(t), false, false)
	aid := "姓名,身份证号,救助事项,发放金额,发放日期,所属期\n" +
		"张三," + number(t, 1) + ",基本生活救助,600,2026-06-10,2026-06\n" +
		"王芳," + number(t, 2) + ",医疗救助,\"2,300.50\",2026/5/3,\n"
	if r := l.load("assistance", aid+"某人,"+number(t, 9)+",医疗救助,1,2026-05-03,\n", false, false); r.State != "failed" || len(r.Faults) != 1 || r.Faults[0].Code != "person_unlisted" || l.count() != "2 3 2 0" {
		t.Fatalf("%+v %s", r, l.count())
	}
	if r := l.load("assistance", aid, false, false); r.State != "done" || l.count() != "2 3 2 2" {
		t.Fatalf("%+v %s", r, l.count())
	}
	if r := l.load("assistance", aid+"王芳,"+number(t, 2)+",教育救助,1,2026-05-03,\n", false, false); r.State != "done" || l.count() != "2 3 2 3" {
		t.Errorf("with what was there: %+v %s", r, l.count())
	}
}

// Taken back, a load leaves nothing of itself but the household with which somebody
// has worked since; and it may come again.
func TestALoadIsTakenBackButForWhatPeopleHaveWorkedWith(t *testing.T) {
	l := newLists(t)
	r := l.load("people", roster(t), false, false)
	home := l.member(number(t, 3))["home"]
	results, err := l.e.Do(context.Background(), engine.Server, []engine.Draft{{Type: "visits", Record: l.e.NewID(), Kind: wire.KindCreate,
		Set: map[string]any{"household": home, "kind": "routine", "visited_on": "2026-06-01"}}})
	if err != nil || results[0].Error != nil {
		t.Fatalf("%v %v", err, results)
	}
	kept, err := l.TakeBack(context.Background(), l.county, r.Batch, "导错了", "")
	if err != nil || kept != 1 || l.count() != "1 1 1 0" || l.member(number(t, 3))["name"] != "李四" {
		t.Fatalf("%d kept, %s, %v", kept, l.count(), err)
	}
	b, err := l.Batch(context.Background(), r.Batch)
	if err != nil || b.State != "withdrawn" || b.Reason != "导错了" {
		t.Errorf("%+v %v", b, err)
	}
	if again := l.load("people", roster(t), false, false); again.State != "done" || l.count() != "2 3 2 0" {
		t.Errorf("%+v %s", again, l.count())
	}
}
