package register_test

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"doorstep/domain/indicator"
	"doorstep/register"
	"doorstep/sync/engine"
	"doorstep/sync/wire"
)

// county is an office with its people on a clock that the test sets.
type county struct {
	desk
	m                    *register.Monitor
	now                  *time.Time
	county, town, worker *engine.Account
}

var thursday = time.Date(2026, 11, 26, 2, 0, 0, 0, time.UTC)

func newCounty(t *testing.T) county {
	t.Helper()
	now := thursday
	app, e, m := officeAt(t, func() time.Time { return now })
	_, town := set(t, app, e, register.NewAccount{Email: "t@office.test", Name: "宋丽", Role: "town", Office: "370281102", Areas: []string{"370281102"}})
	_, chief := set(t, app, e, register.NewAccount{Email: "c@office.test", Name: "高局", Role: "county", Office: "370281", Areas: []string{"370281"}})
	_, worker := set(t, app, e, villager)
	return county{desk{t, e, town}, m, &now, chief, town, worker}
}

func (c county) days(n int) { *c.now = c.now.AddDate(0, 0, n) }

// home is a household of one earner in the worker's village, with what else is given.
func (c county) home(more map[string]any) (household, earner string) {
	c.t.Helper()
	set := map[string]any{"region": villager.Areas[0], "head_name": "匡树林", "urban": false, "monthly_income": 900.0, "last_visited": "2026-11-20"}
	maps.Copy(set, more)
	household = c.create("households", set)
	return household, c.create("members", map[string]any{"household": household, "name": "匡树林", "relation": "02", "birth_date": "1960-03-01", "earner": true, "insured": true})
}

func (c county) report(household, member, kind string) string {
	c.t.Helper()
	set := map[string]any{"household": household, "kind": kind, "happened_on": c.now.Format(time.DateOnly)}
	if member != "" {
		set["member"] = member
	}
	id := newID(c.t)
	c.do(c.worker, wire.KindCreate, "status_changes", id, set)
	return id
}

// warnings of a household: its records by indicator, the newest of each.
func (c county) warnings(household string) map[string]map[string]any {
	c.t.Helper()
	out := map[string]map[string]any{}
	for _, w := range c.records(household, "warnings") {
		if code := w["indicator"].(string); out[code] == nil {
			out[code] = w
		}
	}
	return out
}

func (c county) records(household, typ string) []map[string]any {
	c.t.Helper()
	story, err := c.e.Household(context.Background(), c.county, household)
	if err != nil {
		c.t.Fatal(err)
	}
	var out []map[string]any
	for _, raw := range story.Records[typ] {
		out = append(out, decoded(c.t, raw))
	}
	return out
}

// stands is "code state office" of all warnings, sorted.
func (c county) stands(household string) string {
	var out []string
	for _, w := range c.records(household, "warnings") {
		office, _ := w["office"].(string)
		out = append(out, strings.TrimSpace(w["indicator"].(string)+" "+w["state"].(string)+" "+office))
	}
	slices.Sort(out)
	return strings.Join(out, ", ")
}

func (c county) want(what, got, want string) {
	c.t.Helper()
	if got != want {
		c.t.Errorf("%s: %q, want %q", what, got, want)
	}
}

func (c county) step(by *engine.Account, id string, s register.Step) *register.Taken {
	c.t.Helper()
	out, err := c.m.Dispose(context.Background(), by, id, s, "")
	if err != nil {
		c.t.Fatalf("%s: %v", s.Action, err)
	}
	return out
}

func (c county) refused(what string, err error, code wire.Code) {
	c.t.Helper()
	var coded *wire.Error
	if !errors.As(err, &coded) || coded.Code != code {
		c.t.Errorf("%s: %v, want %s", what, err, code)
	}
}

func (c county) round() register.Round {
	c.t.Helper()
	r, err := c.m.Run(context.Background(), "试")
	if err != nil {
		c.t.Fatal(err)
	}
	return r
}

// 三(四): from the report to one tap of the town, through a worker's tablet.
func TestAWarningGoesToTheVillageAndComesBackWithWhatWasFound(t *testing.T) {
	c := newCounty(t)
	home, earner := c.home(nil)
	c.report(home, earner, "serious_illness")
	w := c.warnings(home)["E3"]
	c.want("raised", c.stands(home), "E3 open town")
	if w["due_on"] != "2026-12-03" || w["settle_by"] != "2026-12-24" || w["confirmed"] != false { // 5 and 20 working days
		t.Errorf("%v", w)
	}
	taken := c.step(c.town, w["id"].(string), register.Step{Action: "verify", Reason: "看看病历"})
	c.want("sent", c.stands(home), "E3 verifying village")
	var task map[string]any
	for _, x := range c.records(home, "tasks") {
		if x["id"] == taken.Task {
			task = x
		}
	}
	if task == nil || task["kind"] != "verify" || task["due_on"] != "2026-12-03" || !strings.Contains(task["detail"].(string), "看看病历") || !strings.Contains(task["detail"].(string), "匡树林患重大疾病") {
		t.Fatalf("the task: %v", task)
	}
	visit := newID(t)
	c.do(c.worker, wire.KindCreate, "visits", visit, map[string]any{"household": home, "kind": "verification", "visited_on": "2026-11-26", "outcome": "met", "conclusion": "已出院，医保已报销", "task": taken.Task})
	c.do(c.worker, wire.KindPatch, "tasks", taken.Task, map[string]any{"state": "done", "visit": visit, "result": nil})
	c.want("answered", c.stands(home), "E3 verified town")
	w = c.warnings(home)["E3"]
	if w["findings"] != "已出院，医保已报销" || w["due_on"] != "2026-12-24" {
		t.Errorf("the findings: %v", w)
	}
	_, err := c.m.Dispose(context.Background(), c.town, w["id"].(string), register.Step{Action: "no_help"}, "")
	c.refused("without a reason", err, wire.Invalid)
	c.step(c.town, w["id"].(string), register.Step{Action: "no_help", Reason: "费用已报销，无需救助"})
	w = c.warnings(home)["E3"]
	c.want("settled", c.stands(home), "E3 no_help")
	if w["handled_by"] != "宋丽" || w["handled_on"] != "2026-11-26" || w["reason"] != "费用已报销，无需救助" || w["due_on"] != nil {
		t.Errorf("%v", w)
	}
	_, err = c.m.Dispose(context.Background(), c.town, w["id"].(string), register.Step{Action: "no_help", Reason: "x"}, "")
	c.refused("twice", err, wire.Decided)
	c.report(home, earner, "serious_illness")
	c.want("another illness is another warning", c.stands(home), "E3 no_help, E3 open town")
	_, err = c.m.Dispose(context.Background(), c.town, w["id"].(string), register.Step{Action: "reopen", Reason: "弄错了"}, "")
	c.refused("two open ones of one indicator", err, wire.Invalid)
}

func TestTheFourWaysOutAndTheirRefusals(t *testing.T) {
	c := newCounty(t)
	home, earner := c.home(nil)
	c.create("categories", map[string]any{"household": home, "category": "subsistence", "from": "2026-01-01"})
	c.report(home, "", "disaster")
	id := c.warnings(home)["P1"]["id"].(string)
	ctx := context.Background()
	_, err := c.m.Dispose(ctx, c.town, id, register.Step{Action: "end", Reason: "x"}, "")
	c.refused("nobody has looked", err, wire.Decided)
	_, err = c.m.Dispose(ctx, c.town, id, register.Step{Action: "refer", Department: "moon"}, "")
	c.refused("no such department", err, wire.Invalid)
	_, err = c.m.Dispose(ctx, c.worker, newID(t), register.Step{Action: "verify"}, "")
	c.refused("no such warning", err, wire.NotFound)
	out := c.step(c.town, id, register.Step{Action: "refer", Department: "emergency"})
	c.want("referred", c.stands(home), "A1 office town, P1 referred department")
	c.want("the department's time", out.DueOn, "2026-12-10") // 10 working days
	c.report(home, earner, "accident")
	if n := len(c.warnings(home)["P1"]["evidence"].([]any)); n != 2 {
		t.Errorf("new evidence did not join a referred warning: %d", n)
	}
	c.step(c.town, id, register.Step{Action: "take_back", Reason: "不属本部门"})
	c.step(c.town, id, register.Step{Action: "deliberate", Reason: "情形复杂"})
	_, err = c.m.Dispose(ctx, c.town, id, register.Step{Action: "end", Reason: "x"}, "")
	c.refused("no meeting was held", err, wire.Invalid)
	c.meet(home, id)
	out = c.step(c.town, id, register.Step{Action: "end", Reason: "不再符合条件"})
	c.want("offers", strings.Join(out.Offers, " "), "marginal rigid_expense temporary_aid")
	c.step(c.town, id, register.Step{Action: "reopen", Reason: "更正"})
	out = c.step(c.town, id, register.Step{Action: "verify"})
	c.step(c.town, id, register.Step{Action: "deliver", Reason: "已发放救灾物资"})
	for _, x := range c.records(home, "tasks") {
		if x["id"] == out.Task && x["state"] != "cannot" {
			t.Errorf("the task stays on the tablet: %v", x)
		}
	}
	items, err := c.m.Indicators(ctx, c.county, "")
	if err != nil {
		t.Fatal(err)
	}
	at := slices.IndexFunc(items, func(i register.IndicatorItem) bool { return i.Code == "P1" })
	if p := items[at].Precision; p.Raised != 1 || p.Delivered != 1 || p.Share == nil || *p.Share != 1 {
		t.Errorf("precision %+v", p)
	}
}

// What the town confirms makes the warning sure; what it returns closes it.
func TestAWarningSaysWhetherItIsConfirmed(t *testing.T) {
	c := newCounty(t)
	home, earner := c.home(nil)
	op := c.do(c.worker, wire.KindCreate, "status_changes", newID(t), map[string]any{"household": home, "member": earner, "kind": "serious_illness", "happened_on": "2026-11-25"})
	if c.warnings(home)["E3"]["confirmed"] != false {
		t.Error("a report that waits counts as confirmed")
	}
	if _, err := c.e.Accept(context.Background(), c.town, []string{op.ID}, ""); err != nil {
		t.Fatal(err)
	}
	if w := c.warnings(home)["E3"]; w["confirmed"] != true || w["state"] != "open" {
		t.Errorf("after the town confirmed: %v", w)
	}
	income := c.do(c.worker, wire.KindPatch, "households", home, map[string]any{"monthly_income": 300.0})
	if c.warnings(home)["I3"]["confirmed"] != false {
		t.Error("an income that waits counts as confirmed")
	}
	if _, err := c.e.Accept(context.Background(), c.town, []string{income.ID}, ""); err != nil {
		t.Fatal(err)
	}
	if c.warnings(home)["I3"]["confirmed"] != true {
		t.Error("the income was confirmed, the warning does not say so")
	}
}

// Time alone: a visit falls overdue, a determination ends, a deadline passes; each once.
func TestTheNightlyRoundFindsWhatTimeChangesAndOnlyOnce(t *testing.T) {
	c := newCounty(t)
	home, _ := c.home(map[string]any{"review_class": "C", "last_visited": "2026-11-01"})
	c.create("categories", map[string]any{"household": home, "category": "subsistence", "from": "2026-01-01", "to": "2027-01-20"})
	c.create("assistance", map[string]any{"household": home, "item": "basic_living", "state": "given", "given_on": "2026-11-20"})
	c.want("at first", c.stands(home), "A1 office town") // the premium of insurance
	for _, w := range c.records(home, "warnings") {
		c.step(c.town, w["id"].(string), register.Step{Action: "deliver", Reason: "已参保资助"})
	}
	r := c.round()
	c.want("a quiet night", c.stands(home), "A1 delivered")
	if r.Households != 1 || r.Raised != 0 {
		t.Errorf("%+v", r)
	}
	c.days(6) // 2 December: the 31st day unseen
	r = c.round()
	c.want("overdue", c.stands(home), "A1 delivered, V1 open town")
	if r.Raised != 1 {
		t.Errorf("%+v", r)
	}
	if again := c.round(); again.Raised+again.Joined+again.Cleared+again.Escalated+again.Reminded != 0 {
		t.Errorf("the second round of a day did something: %+v", again)
	}
	c.days(20) // 22 December: ends in 29 days; the visit's deadline of 5 working days is long over
	c.round()
	c.want("it ends, and nobody acted", c.stands(home), "A1 delivered, A2 office town, V1 open county")
	if w := c.warnings(home)["V1"]; w["escalated_on"] != "2026-12-22" {
		t.Errorf("%v", w)
	}
	seq := c.e.Status().Seq
	c.round()
	if c.e.Status().Seq != seq {
		t.Error("a second round wrote something")
	}
	c.do(c.worker, wire.KindPatch, "households", home, map[string]any{"last_visited": "2026-12-22"})
	w := c.warnings(home)["V1"]
	if w["state"] != "delivered" || w["handled_by"] != nil || w["reason"] == nil {
		t.Errorf("the visit was made: %v", w)
	}
	rounds, err := c.m.Rounds(context.Background(), 10)
	if err != nil || len(rounds) != 5 || rounds[0].Ended == "" || rounds[3].Raised != 1 {
		t.Errorf("%v %+v", err, rounds)
	}
}

func TestADeadlineIsRemindedOfAndGoesUpOneOfficeAtATime(t *testing.T) {
	c := newCounty(t)
	home, earner := c.home(nil)
	c.report(home, earner, "serious_illness") // Thursday; to be verified by Thursday 3 December
	id := c.warnings(home)["E3"]["id"].(string)
	c.step(c.town, id, register.Step{Action: "verify"})
	at := func(days int, what, want string) {
		t.Helper()
		c.days(days)
		c.round()
		w := c.warnings(home)["E3"]
		got := strings.TrimSpace(w["office"].(string) + " " + strings.Join([]string{str(w["reminded_on"]), str(w["escalated_on"]), str(w["due_on"])}, "/"))
		c.want(what, got, want)
	}
	at(5, "Tuesday: two working days before", "village //2026-12-03")
	at(1, "Wednesday: one before", "village 2026-12-02//2026-12-03")
	at(1, "the day itself", "village 2026-12-02//2026-12-03")
	at(1, "a day over: the town's", "town /2026-12-04/2026-12-24")
	at(19, "23 December: reminded again", "town 2026-12-23/2026-12-04/2026-12-24")
	at(2, "over: the county's", "county 2026-12-23/2026-12-25/2026-12-24")
	at(30, "there is nobody above", "county 2026-12-23/2026-12-25/2026-12-24")
	c.want("all the while it is verified by the village", c.stands(home), "E3 verifying county")
}

func str(v any) string { s, _ := v.(string); return s }

// One warning however often and in whatever order: lists, reports and rounds.
type given map[string][]indicator.Reported

func (g given) Of(engine.Reader, []string) (map[string][]indicator.Reported, error) { return g, nil }

func TestListsRaiseJoinAndAreWithdrawn(t *testing.T) {
	c := newCounty(t)
	home, earner := c.home(nil)
	lists := given{}
	c.m.Warnings.Lists = lists
	look := func() {
		t.Helper()
		if err := c.e.Update(context.Background(), func(tx *engine.Tx) error {
			return c.m.Warnings.Look(tx, home, []indicator.Change{{Type: indicator.ReportedType, Fields: map[string]any{"medical_cost": nil, "serious_illness": nil}}})
		}); err != nil {
			t.Fatal(err)
		}
	}
	cost := func(id, asOf string, yuan float64) indicator.Reported {
		return indicator.Reported{ID: id, Source: "medical", Kind: "medical_cost", Member: earner, AsOf: asOf, Values: map[string]any{"amount": yuan, "year": 2026.0}, Confirmed: true}
	}
	lists[home] = []indicator.Reported{cost("r1", "2026-10-31", 16000)}
	look()
	c.want("over 15,000 and over half of an income", c.stands(home), "E1 open town, E2 open town")
	seq := c.e.Status().Seq
	lists[home] = append(lists[home], cost("r2", "2026-10-31", 16000), cost("r3", "2026-11-15", 17000))
	look()
	c.round()
	if c.e.Status().Seq != seq {
		t.Error("the same cause again wrote something")
	}
	lists[home] = append(lists[home], cost("r4", "2026-11-20", 31000))
	look()
	w := c.warnings(home)["E1"]
	if w["level"] != "red" || w["due_on"] != "2026-11-30" || len(w["evidence"].([]any)) != 2 || w["confirmed"] != true {
		t.Errorf("twice the figure: %v", w)
	}
	lists[home] = nil
	if err := c.e.Update(context.Background(), func(tx *engine.Tx) error { return c.m.Warnings.Withdrawn(tx, home) }); err != nil {
		t.Fatal(err)
	}
	c.want("withdrawn", c.stands(home), "E1 unconfirmed, E2 unconfirmed")
}

// R1 is the county's: no tablet and no town acts on it.
func TestWhatIsTheCountysAloneNobodyElseSettles(t *testing.T) {
	c := newCounty(t)
	home, earner := c.home(nil)
	c.create("categories", map[string]any{"household": home, "category": "marginal", "from": "2026-01-01"})
	c.m.Warnings.Lists = given{home: {{ID: "r", Source: "staff", Kind: "staff_kin", Member: earner, AsOf: "2026-11-01", Values: map[string]any{"staff": "王某", "declared": false}, Confirmed: true}}}
	c.round()
	w := c.warnings(home)["R1"]
	if w["state"] != "county" || w["office"] != "county" {
		t.Fatalf("%v", w)
	}
	_, err := c.m.Dispose(context.Background(), c.town, w["id"].(string), register.Step{Action: "no_help", Reason: "x"}, "")
	c.refused("the town", err, wire.Forbidden)
	c.step(c.county, w["id"].(string), register.Step{Action: "no_help", Reason: "已入户核查，符合条件"})
}

// meet holds a meeting about a warning, signed by all.
func (c county) meet(home, warning string) {
	c.t.Helper()
	meetings := &register.Deliberations{Engine: c.e}
	agreed := func(account, name string, chair bool) register.NewAttendee {
		return register.NewAttendee{Account: account, Name: name, Chair: chair, Stance: "agree", Opinion: "同意"}
	}
	d, err := meetings.Enter(c.t.Context(), c.town, "", register.NewDeliberation{ID: newID(c.t), Household: home, Warning: warning, Subject: "是否终止", HeldOn: c.now.Format(time.DateOnly), Decision: "agree", Minutes: "会议研究决定终止。",
		Attendees: []register.NewAttendee{agreed(c.town.ID, "", true), agreed(c.county.ID, "", false), agreed("", "村主任", false)}})
	if err != nil {
		c.t.Fatal(err)
	}
	for i, by := range []*engine.Account{c.town, c.county, c.town} {
		if _, err := meetings.Sign(c.t.Context(), by, "", d.ID, register.Signing{Attendee: d.Attendees[i].ID, Digest: d.Digest}); err != nil {
			c.t.Fatal(err)
		}
	}
}
