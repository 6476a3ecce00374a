package register_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"doorstep/register"
	"doorstep/sync/engine"
	"doorstep/sync/wire"

	"golang.org/x/text/encoding/simplifiedchinese"
)

func TestTheSameFileAgainChangesNothing(t *testing.T) {
	l := newLists(t)
	l.family("张三", number(t, 1), "subsistence")
	content := "姓名,身份证号,号牌号码\n张三," + number(t, 1) + ",鲁B12345\n"
	first := l.take("vehicle", content)
	seq := l.e.Status().Seq
	if again := l.take("vehicle", content); again.ID != first.ID || l.e.Status().Seq != seq || len(l.results(register.ResultQuery{})) != 1 {
		t.Errorf("%+v", again)
	}
	// Of another source it is another list; a changed file is another file.
	if other := l.take("company", strings.Replace(content, "号牌号码", "企业名称", 1)); other.ID == first.ID {
		t.Error("another source's list was not taken")
	}
}

// Bad rows are told by line, column and reason; downloaded, corrected and sent again
// they are taken, and the good ones are not taken twice.
func TestBadRowsAreListedCorrectedAndTakenInAgain(t *testing.T) {
	l := newLists(t)
	l.family("张三", number(t, 1), "subsistence")
	l.family("李四", number(t, 2), "subsistence")
	wrong := number(t, 2)[:17] + "0"
	if wrong == number(t, 2) {
		wrong = number(t, 2)[:17] + "1"
	}
	gb, err := simplifiedchinese.GB18030.NewEncoder().String("重病患者名单,,,\n患者姓名,证件号码,病种,确诊日期\n张三," + number(t, 1) + ",尿毒症,2026-03-05\n李四," + wrong + ",=1+1,2026-03-05\n王五," + number(t, 3) + ",癌症,昨天\n")
	if err != nil {
		t.Fatal(err)
	}
	b := l.take("serious_illness", gb)
	if b.State != "done" || b.Format != "gb18030" || b.Rows != 3 || b.Bad != 2 {
		t.Fatalf("%+v", b)
	}
	var out bytes.Buffer
	if err := l.Faults(context.Background(), b, &out); err != nil {
		t.Fatal(err)
	}
	text := out.String()
	for _, want := range []string{"行号,错误列,错误原因,患者姓名", "4,证件号码,", "校验位", "5,确诊日期,", ",'=1+1,"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	corrected := strings.Replace(strings.Replace(text, wrong, number(t, 2), 1), "昨天", "2026-03-01", 1)
	again := l.take("serious_illness", corrected)
	if again.Rows != 2 || again.Bad != 0 || again.State != "done" {
		t.Fatalf("%+v", again)
	}
	if items := l.results(register.ResultQuery{}); len(items) != 3 {
		t.Errorf("%s", told(items))
	}
}

// A file that breaks off in the middle leaves nothing but the word why.
func TestAFileThatBreaksInTheMiddleIsNotHalfTaken(t *testing.T) {
	l := newLists(t)
	l.family("张三", number(t, 1), "subsistence")
	var content strings.Builder
	content.WriteString("姓名,身份证号,号牌号码\n张三," + number(t, 1) + ",鲁B0\n")
	for i := range 1200 {
		fmt.Fprintf(&content, "某%d,%s,鲁B%d\n", i, number(t, i+10), i)
	}
	content.WriteString("\"张三," + number(t, 1) + ",鲁B1\n")
	b := l.take("vehicle", content.String())
	if b.State != "failed" || !strings.Contains(b.Error, "引号") || len(b.Counts) != 0 {
		t.Fatalf("%+v", b)
	}
	if items := l.results(register.ResultQuery{}); len(items) != 0 {
		t.Errorf("%s", told(items))
	}
	for _, c := range []struct{ content, words string }{{"", "空的"}, {"a,b\n1,2\n", "表头"}, {"PK\x03\x04x", "损坏"}, {"姓名,年龄\n张三,3\n", "表头"}} {
		in := l.file(c.content)
		in.Source = "vehicle"
		_, err := l.Take(context.Background(), l.county, in)
		var coded *wire.Error
		if !errors.As(err, &coded) || coded.Code != wire.Invalid || !strings.Contains(coded.Message, c.words) {
			t.Errorf("%q: %v", c.content, err)
		}
	}
	// The next good file goes in.
	if b := l.take("vehicle", "姓名,身份证号,号牌号码\n张三,"+number(t, 1)+",鲁B0\n"); b.State != "done" || b.Counts["ineligible"] != 1 {
		t.Errorf("%+v", b)
	}
}

func TestWhatWasSentByMistakeIsWithdrawnAndMayComeAgain(t *testing.T) {
	l := newLists(t)
	l.family("张三", number(t, 1), "subsistence")
	content := "姓名,身份证号,号牌号码\n张三," + number(t, 1) + ",鲁B0\n"
	b := l.take("vehicle", content)
	if got := l.listed("张三"); got != 1 {
		t.Fatalf("%d listed", got)
	}
	if _, err := l.Withdraw(context.Background(), l.county, b.ID, "发错了", ""); err != nil {
		t.Fatal(err)
	}
	b, err := l.Batch(context.Background(), b.ID)
	if err != nil || b.State != "withdrawn" || b.Reason != "发错了" || l.listed("张三") != 0 {
		t.Errorf("%+v %v", b, err)
	}
	if items := l.results(register.ResultQuery{Batch: b.ID}); len(items) != 1 || items[0].State != "withdrawn" {
		t.Errorf("%+v", items)
	}
	if _, err := l.Withdraw(context.Background(), l.county, b.ID, "再撤", ""); err == nil {
		t.Error("withdrawn twice")
	}
	if again := l.take("vehicle", content); again.ID == b.ID || again.State != "done" || l.listed("张三") != 1 {
		t.Errorf("%+v", again)
	}
}

func (l *lists) listed(name string) int {
	l.Helper()
	n := 0
	err := l.e.Update(context.Background(), func(tx *engine.Tx) error {
		found, err := register.ListedOf(tx, []string{l.homes[name]})
		n = len(found[l.homes[name]])
		return err
	})
	if err != nil {
		l.Fatal(err)
	}
	return n
}

// A list that is the whole of what is so takes the place of the one before; what
// happened once stays told.
func TestTheNewestWholeListStands(t *testing.T) {
	l := newLists(t)
	l.family("张三", number(t, 1), "subsistence")
	l.family("李四", number(t, 2), "subsistence")
	at := func(source, asOf, content string) {
		in := l.file(content)
		in.Source, in.AsOf = source, asOf
		if _, err := l.Take(context.Background(), l.county, in); err != nil {
			t.Fatal(err)
		}
	}
	at("unemployed", "2026-05-31", "姓名,身份证号,登记日期\n张三,"+number(t, 1)+",2026-05-01\n李四,"+number(t, 2)+",2026-05-01\n")
	at("disaster", "2026-05-31", "姓名,身份证号,受灾日期\n张三,"+number(t, 1)+",2026-05-20\n")
	if l.listed("张三") != 2 || l.listed("李四") != 1 {
		t.Fatalf("%d %d", l.listed("张三"), l.listed("李四"))
	}
	at("unemployed", "2026-06-30", "姓名,身份证号,登记日期\n李四,"+number(t, 2)+",2026-05-01\n")
	at("disaster", "2026-06-30", "姓名,身份证号,受灾日期\n李四,"+number(t, 2)+",2026-06-20\n")
	if l.listed("张三") != 1 || l.listed("李四") != 2 {
		t.Errorf("%d %d", l.listed("张三"), l.listed("李四"))
	}
}

// A list that says again what an older one said, after another came between, is news as of
// its own day; the newest once more, or the older one's own day, is not.
func TestAnOlderListThatComesAgainIsNewsOfItsDay(t *testing.T) {
	l := newLists(t)
	l.family("张三", number(t, 1), "subsistence")
	l.family("李四", number(t, 2), "subsistence")
	lists := map[string]string{}
	for name, i := range map[string]int{"张三": 1, "李四": 2} {
		lists[name] = "姓名,身份证号,登记日期\n" + name + "," + number(t, i) + ",2026-05-01\n"
	}
	at := func(asOf, name string) string {
		in := l.file(lists[name])
		in.Source, in.AsOf = "unemployed", asOf
		b, err := l.Take(context.Background(), l.county, in)
		if err != nil || b.State != "done" {
			t.Fatalf("%+v %v", b, err)
		}
		return b.ID
	}
	may, june := at("2026-05-31", "张三"), at("2026-06-30", "李四")
	if l.listed("张三") != 0 || l.listed("李四") != 1 {
		t.Fatalf("June: %d %d", l.listed("张三"), l.listed("李四"))
	}
	july := at("2026-07-31", "张三")
	if july == may || l.listed("张三") != 1 || l.listed("李四") != 0 {
		t.Errorf("July says what May said: %v, %d %d", july == may, l.listed("张三"), l.listed("李四"))
	}
	seq := l.e.Status().Seq
	for asOf, want := range map[string]string{"2026-07-31": july, "2026-08-31": july, "2026-05-31": may} {
		if got := at(asOf, "张三"); got != want {
			t.Errorf("the same bytes of %s were taken as another list", asOf)
		}
	}
	if got := at("2026-06-30", "李四"); got != june || l.e.Status().Seq != seq || l.listed("张三") != 1 {
		t.Error("a list that was known changed something")
	}
}

// What a stopped server left half read is ended at the next start, and the file may
// come again.
func TestAnImportThatWasInterruptedLeavesNothing(t *testing.T) {
	l := newLists(t)
	l.family("张三", number(t, 1), "subsistence")
	content := "姓名,身份证号,号牌号码\n张三," + number(t, 1) + ",鲁B0\n"
	b := l.take("vehicle", content)
	err := l.e.Update(context.Background(), func(tx *engine.Tx) error {
		return tx.Exec(`UPDATE comparison_batches SET state = 'loading' WHERE id = ?`, b.ID)
	})
	if err != nil {
		t.Fatal(err)
	}
	if l.listed("张三") != 0 {
		t.Error("a file that is being read counts")
	}
	if err := l.Recover(context.Background()); err != nil {
		t.Fatal(err)
	}
	b, err = l.Batch(context.Background(), b.ID)
	if err != nil || b.State != "failed" || b.Error == "" || len(l.results(register.ResultQuery{})) != 0 {
		t.Errorf("%+v %v", b, err)
	}
	if again := l.take("vehicle", content); again.State != "done" || l.listed("张三") != 1 {
		t.Errorf("%+v", again)
	}
}
