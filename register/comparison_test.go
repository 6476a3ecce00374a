package register_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
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
