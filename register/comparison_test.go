package register_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"doorstep/domain/idnumber"
	"doorstep/register"
	"doorstep/sync/engine"
	"doorstep/sync/wire"
	"doorstep/tables"

	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/pocketbase/pocketbase/core"
)

// lists is a county office with families, and what it takes departments' lists with.
type lists struct {
	*testing.T
	*register.Comparisons
	app    core.App
	e      *engine.Engine
	county *engine.Account
	homes  map[string]string // head's name -> household
	people map[string]string // name -> member
}

const listVillage = "370281102200"

func newLists(t *testing.T) *lists {
	app, e := office(t)
	_, county := set(t, app, e, register.NewAccount{Email: "c@office.test", Name: "民政局", Role: "county", Office: "370281", Areas: []string{"370281"}})
	return &lists{T: t, app: app, Comparisons: &register.Comparisons{Engine: e, Limits: tables.Default}, e: e, county: county, homes: map[string]string{}, people: map[string]string{}}
}

// number is the valid ID number of the i-th person.
func number(t *testing.T, i int) string {
	t.Helper()
	day := fmt.Sprintf("19%02d-%02d-%02d", 40+i%60, 1+i/60%12, 1+i/720%28)
	n, err := idnumber.Make("370281", parseDay(t, day), 1+i%900)
	if err != nil {
		t.Fatal(err)
	}
	return string(n)
}

func parseDay(t *testing.T, s string) time.Time {
	t.Helper()
	day, err := time.Parse(time.DateOnly, s)
	if err != nil {
		t.Fatal(err)
	}
	return day
}

// family enters a household of one, with a category unless it is "".
func (l *lists) family(name, id, category string, more ...engine.Draft) {
	l.Helper()
	home, member := l.e.NewID(), l.e.NewID()
	l.homes[name], l.people[name] = home, member
	born := ""
	if id != "" {
		born = idnumber.Number(id).BirthDate()
	}
	drafts := []engine.Draft{
		{Type: "households", Record: home, Kind: wire.KindCreate, Set: map[string]any{"region": listVillage, "head_name": name}},
		{Type: "members", Record: member, Kind: wire.KindCreate, Set: map[string]any{"household": home, "name": name, "id_kind": "resident", "id_number": id, "birth_date": born, "relation": "02", "alive": true}},
	}
	if category != "" {
		drafts = append(drafts, engine.Draft{Type: "categories", Record: l.e.NewID(), Kind: wire.KindCreate, Set: map[string]any{"household": home, "category": category, "from": "2025-01-01"}})
	}
	for _, d := range more {
		d.Record, d.Kind = l.e.NewID(), wire.KindCreate
		d.Set["household"] = home
		drafts = append(drafts, d)
	}
	results, err := l.e.Do(context.Background(), engine.Server, drafts)
	if err != nil {
		l.Fatalf("%s: %v", name, err)
	}
	for _, r := range results {
		if r.Error != nil {
			l.Fatalf("%s: %v", name, r.Error)
		}
	}
}

func (l *lists) file(content string) register.Incoming {
	l.Helper()
	path := filepath.Join(l.TempDir(), "list.csv")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		l.Fatal(err)
	}
	sum := sha256.Sum256([]byte(content))
	return register.Incoming{AsOf: "2026-06-30", Period: "2026-06", Name: "名单.csv", Path: path, SHA256: hex.EncodeToString(sum[:]), Bytes: int64(len(content))}
}

func (l *lists) take(source, content string) *register.Batch {
	l.Helper()
	in := l.file(content)
	in.Source = source
	b, err := l.Take(context.Background(), l.county, in)
	if err != nil {
		l.Fatalf("%s: %v", source, err)
	}
	return b
}

func (l *lists) results(q register.ResultQuery) []register.ResultItem {
	l.Helper()
	q.Limit = 1000
	items, _, err := l.Results(context.Background(), l.county, q)
	if err != nil {
		l.Fatal(err)
	}
	return items
}

// told is the results as short words, by the list's line.
func told(items []register.ResultItem) string {
	var out []string
	for i := len(items) - 1; i >= 0; i-- {
		out = append(out, fmt.Sprint(items[i].Line, " ", items[i].Result, " ", items[i].Strength, " ", items[i].State))
	}
	return strings.Join(out, "\n")
}

func paid(on string) engine.Draft {
	return engine.Draft{Type: "assistance", Set: map[string]any{"item": "basic_living", "department": "civil_affairs", "amount": 600.0, "given_on": on, "state": "given"}}
}

func TestAListIsMatchedClassifiedAndCounted(t *testing.T) {
	l := newLists(t)
	l.family("张三", number(t, 1), "subsistence", paid("2026-06-10"))
	l.family("李四", number(t, 2), "subsistence", paid("2026-04-10"))
	l.family("王五", number(t, 3), "subsistence")
	l.family("赵六", "", "subsistence")
	b := l.take("death", "姓名,身份证号,死亡日期,村,出生日期\n"+
		"张三,"+number(t, 1)+",2026/5/2,,\n"+ // paid in June
		"李四,"+number(t, 2)+",2026年4月2日,,\n"+ // paid for the month of death only
		"王武,"+number(t, 3)+",20260401,,\n"+ // another name
		"赵六,,2026.5.1,港东新村,1950-01-01\n"+ // the register knows no birth date
		"钱七,"+number(t, 9)+",2026-05-05,,\n") // nobody of ours
	if b.State != "done" || b.Rows != 5 || b.Bad != 0 || b.Share != 1 || b.Counts["dead_paid"] != 1 || b.Counts["ineligible"] != 1 || b.Counts["identity"] != 1 || b.Counts["unmatched"] != 2 {
		t.Fatalf("%+v", b)
	}
	items := l.results(register.ResultQuery{Batch: b.ID})
	want := "2 dead_paid strong standing\n3 ineligible strong standing\n4 identity name_conflict to_confirm"
	if got := told(items); got != want {
		t.Errorf("\n%s\nwant\n%s", got, want)
	}
	for _, it := range items {
		if it.Household == "" || it.HeadName == "" || it.RegionName == "" || it.Reason == "" || it.ResultLabel == "" || it.Values["died_on"] == nil {
			t.Errorf("%+v", it)
		}
		if strings.Contains(fmt.Sprint(it), number(t, 3)) {
			t.Errorf("an ID number in the clear: %+v", it)
		}
	}
}

// What is kept of whom the register does not know names nobody by a digest that could be
// guessed: the ID number lies sealed, and there is no cause.
func TestOfWhomNobodyKnowsThereIsNoDigest(t *testing.T) {
	l := newLists(t)
	l.family("张三", number(t, 1), "subsistence")
	l.take("serious_illness", "姓名,身份证号,病种,确诊日期\n张三,"+number(t, 1)+",尿毒症,2026-05-02\n钱七,"+number(t, 9)+",尿毒症,2026-05-05\n")
	rows, err := l.Engine.Query(t.Context(), `SELECT household, cause, person FROM comparison_results ORDER BY line`)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	var causes []bool
	for rows.Next() {
		var household, cause, person string
		if err := rows.Scan(&household, &cause, &person); err != nil {
			t.Fatal(err)
		}
		if (household == "") != (cause == "") || strings.Contains(person, number(t, 9)) {
			t.Errorf("of household %q: cause %q, person %s", household, cause, person)
		}
		causes = append(causes, cause != "")
	}
	if !slices.Equal(causes, []bool{true, false}) {
		t.Errorf("causes %v", causes)
	}
}

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

// What is not sure waits for a person; confirmed, it is classified for the one chosen.
func TestAPersonSaysWhoIsMeant(t *testing.T) {
	l := newLists(t)
	l.family("王五", number(t, 3), "subsistence")
	l.family("孙八", number(t, 4), "subsistence")
	l.take("vehicle", "姓名,身份证号,号牌号码\n王武,"+number(t, 3)+",鲁B1\n孙巴,"+number(t, 4)+",鲁B2\n")
	waiting := l.results(register.ResultQuery{State: "to_confirm"})
	if len(waiting) != 2 || l.listed("王五") != 0 {
		t.Fatalf("%s", told(waiting))
	}
	for _, w := range waiting {
		choice := "dismiss"
		if w.HeadName == "王五" {
			choice = "confirm"
		}
		it, err := l.Decide(context.Background(), l.county, w.ID, register.Decision{Choice: choice})
		if err != nil {
			t.Fatal(err)
		}
		if choice == "confirm" && (it.Result != "ineligible" || it.State != "standing" || it.Member != l.people["王五"]) || choice == "dismiss" && it.State != "dismissed" {
			t.Errorf("%+v", it)
		}
		if _, err := l.Decide(context.Background(), l.county, w.ID, register.Decision{Choice: "confirm"}); err == nil {
			t.Error("decided twice")
		}
	}
	if l.listed("王五") != 1 || l.listed("孙八") != 0 {
		t.Error("what was confirmed is not told, or what was dismissed is")
	}
}

// The register of sources: what was agreed, how the columns were laid, who is late.
func TestTheRegisterOfSourcesRemembersAndTellsWhoIsLate(t *testing.T) {
	l := newLists(t)
	l.family("张三", number(t, 1), "subsistence")
	_, err := l.Agree(context.Background(), l.county, "vehicle", register.Agreement{Kind: "vehicle", Days: 1, Active: true, Mapping: map[string]string{"name": "车主", "id_number": "号码", "plate": "牌"}})
	if err != nil {
		t.Fatal(err)
	}
	if b := l.take("vehicle", "车主,号码,牌\n张三,"+number(t, 1)+",鲁B1\n"); b.State != "done" || b.Counts["ineligible"] != 1 {
		t.Fatalf("%+v", b)
	}
	// Another file of the same source needs no mapping again.
	if b := l.take("vehicle", "牌,号码,车主\n鲁B2,"+number(t, 1)+",张三\n"); b.State != "done" || b.Rows != 1 {
		t.Fatalf("%+v", b)
	}
	if late, err := l.Overdue(context.Background()); err != nil || len(late) != 0 {
		t.Errorf("late on the day: %v %v", late, err)
	}
	err = l.e.Update(context.Background(), func(tx *engine.Tx) error {
		return tx.Exec(`UPDATE comparison_batches SET received = '2025-01-01T00:00:00.000Z'`)
	})
	if err != nil {
		t.Fatal(err)
	}
	late, err := l.Overdue(context.Background())
	if err != nil || len(late) != 1 || late[0].Code != "vehicle" || late[0].OverdueDays < 100 || late[0].DueOn != "2025-01-02" || late[0].Mapping["plate"] != "牌" {
		t.Errorf("%+v %v", late, err)
	}
	for _, bad := range []register.Agreement{{Kind: "none", Days: 1}, {Kind: "death", Days: 1}, {Kind: "vehicle", Days: 1, Mapping: map[string]string{"wealth": "x"}}} {
		if _, err := l.Agree(context.Background(), l.county, "vehicle", bad); err == nil {
			t.Errorf("%+v was agreed", bad)
		}
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
