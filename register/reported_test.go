package register_test

import (
	"context"
	"testing"

	"doorstep/register"
	"doorstep/tables"
)

// 三(三)(四): from a department's file to a warning, and back when the file was wrong.
func TestAListRaisesItsWarningOnceAndTakesItBackWithItself(t *testing.T) {
	c := newCounty(t)
	c.m.Warnings.Lists = register.Departments{}
	l := &lists{T: t, Comparisons: &register.Comparisons{Engine: c.e, Limits: tables.Default, Withdrawn: c.m.Warnings.Withdrawn}, e: c.e, county: c.county, homes: map[string]string{}, people: map[string]string{}}
	l.family("张三", number(t, 1), "subsistence")
	content := "姓名,身份证号,号牌号码\n张三," + number(t, 1) + ",鲁B12345\n"
	b := l.take("vehicle", content)
	home := l.homes["张三"]
	w := c.warnings(home)["N3"]
	if w == nil || w["state"] != "office" || w["confirmed"] != true {
		t.Fatalf("%s: %v", c.stands(home), w)
	}
	seq := c.e.Status().Seq
	l.take("vehicle", content)
	if c.e.Status().Seq != seq {
		t.Error("the same file again wrote something")
	}
	other := l.take("vehicle", content+"\n")
	if n := len(c.warnings(home)["N3"]["evidence"].([]any)); n != 1 {
		t.Errorf("the same fact in another file is %d causes", n)
	}
	withdraw := func(batch, want string) {
		t.Helper()
		if _, err := l.Withdraw(context.Background(), c.county, batch, "发错文件", ""); err != nil {
			t.Fatal(err)
		}
		c.want("after a withdrawal", c.warnings(home)["N3"]["state"].(string), want)
	}
	withdraw(b.ID, "office") // the other file still says so
	withdraw(other.ID, "unconfirmed")
}
