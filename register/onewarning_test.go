package register_test

import (
	"context"
	"flag"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"doorstep/domain/idnumber"
	"doorstep/domain/workflow"
	"doorstep/register"
	"doorstep/sync/engine"
	"doorstep/sync/wire"
	"doorstep/tables"

	"github.com/go-json-experiment/json"
	"pgregory.net/rapid"
)

// happening is something that befalls a family, told by a report from the spot or by a
// department's list, and which causes it is of which indicators: said by hand, so that
// the rules are not their own judges.
type happening struct {
	name   string
	report string // kind of the status change; else
	list   string // the source
	cells  string // of the list behind name and number: heading=cell, parted by ;
	whole  bool   // a later list of the source takes back what it does not repeat
	who    int    // 0 the earner, guardian of the child; 1 the spouse; 2 the child
	raises []string
}

var happenings = []happening{
	{name: "an illness is reported", report: "serious_illness", who: 1, raises: []string{"E3"}},
	{name: "an accident is reported", report: "accident", who: 1, raises: []string{"P1"}},
	{name: "a second accident is reported", report: "accident", who: 0, raises: []string{"P1"}},
	{name: "a flood is reported", report: "disaster", raises: []string{"P1"}},
	{name: "help with bathing is reported", report: "self_care", who: 1, raises: []string{"D2"}},
	{name: "the guardian's loss is reported", report: "guardian_lost", who: 2, raises: []string{"G1"}},
	{name: "a birth is reported", report: "birth", who: 1, raises: []string{"N4"}},
	{name: "the earner's death is reported", report: "death", raises: []string{"G1", "I1"}},
	{name: "on 医保's list of illnesses", list: "serious_illness", cells: "病种=尿毒症", who: 1, raises: []string{"E3"}},
	{name: "on it with a second illness", list: "serious_illness", cells: "病种=白血病", who: 1, raises: []string{"E3"}},
	{name: "on 残联's list", list: "disability", cells: "残疾类别=肢体;残疾等级=二级", who: 1, raises: []string{"D1"}},
	{name: "on the list of those who dropped out", list: "dropped_out", cells: "学校=三中", who: 2, raises: []string{"S1"}},
	{name: "on the list of pupils", list: "enrolled", cells: "学段=高中", whole: true, who: 2, raises: []string{"S1"}},
	{name: "on the list of vehicles", list: "vehicle", cells: "号牌号码=鲁B12345", whole: true, raises: []string{"N3"}},
	{name: "on the list of companies", list: "company", cells: "企业名称=树林超市", whole: true, raises: []string{"N3"}},
	{name: "on the list of floods", list: "disaster", cells: "发生日期=2026-11-02", raises: []string{"P1"}},
	{name: "on the list of fires", list: "fire", cells: "发生日期=2026-11-03", raises: []string{"P1"}},
	{name: "on the list of unsafe houses", list: "house_grade", cells: "鉴定等级=D", raises: []string{"P2"}},
	{name: "on the bank's list", list: "payment_returned", cells: "救助事项=heating;发放日期=2026-11-10", raises: []string{"A3"}},
	{name: "on the list of marriages", list: "marriage", cells: "登记日期=2026-11-04", raises: []string{"N4"}},
	{name: "on the list of the uninsured", list: "uninsured", cells: "年度=2026", whole: true, who: 1, raises: []string{"M1"}},
	{name: "on the list of kin", list: "staff_kin", cells: "经办人员=王某;是否备案=否", whole: true, raises: []string{"R1"}},
	{name: "on the list of the dead", list: "death", cells: "死亡日期=2026-11-01", who: 1, raises: []string{"N1"}},
	{name: "on the list of the unemployed", list: "unemployed", cells: "登记日期=2026-09-01", whole: true, raises: []string{"I2"}},
	{name: "on the list of costs", list: "medical_cost", cells: "自付金额=12000", whole: true, who: 1, raises: []string{"E1", "E1", "E2"}},
}

// telling is what the test knows of a happening.
type telling struct {
	stands  bool
	causes  []string // "E3 <evidence>": once they are known
	batch   *wire.Push
	ops     []*wire.Op
	batches []string // files that say it and were not withdrawn
	copies  int
}

// story is one family with all that befell it.
type story struct {
	county
	*lists
	rt      *rapid.T
	home    string
	people  [3]string
	numbers [3]string
	told    map[int]*telling
	begun   map[string]bool // what stood before anything happened
	device  wire.Registered
	nextN   *int64
}

// few lets a property run so often, unless the flag says otherwise.
func few(t *testing.T, checks string) {
	t.Helper()
	f := flag.Lookup("rapid.checks")
	if before := f.Value.String(); before == f.DefValue {
		if err := flag.Set("rapid.checks", checks); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = flag.Set("rapid.checks", before) })
	}
}

// One open warning for a household and indicator, and each cause in one warning: in
// whatever order reports and lists come, however often they are told again, in the same
// file or in another, with rounds between, and people who settle and reopen. A file that
// is withdrawn and comes again tells again. -rapid.checks=1000 makes many more runs.
func TestNoOrderOfEventsDoublesOrLosesAWarning(t *testing.T) {
	few(t, "8")
	c := newCounty(t)
	l := &lists{T: t, Comparisons: &register.Comparisons{Engine: c.e, Limits: tables.Default, Withdrawn: c.m.Warnings.Withdrawn}, e: c.e, county: c.county}
	device, err := c.e.Register(context.Background(), c.worker, wire.Register{Name: "p"}, "")
	if err != nil {
		t.Fatal(err)
	}
	families, n := 0, device.NextN
	rapid.Check(t, func(rt *rapid.T) {
		families++
		s := &story{county: c, lists: l, rt: rt, told: map[int]*telling{}, device: device, nextN: &n}
		s.begin(families)
		for range rapid.IntRange(4, 30).Draw(rt, "steps") {
			at := rapid.IntRange(0, len(happenings)-1).Draw(rt, "at")
			switch what := rapid.IntRange(0, 9).Draw(rt, "what"); {
			case what < 5:
				s.happens(at)
			case what < 7:
				s.settles()
			case what == 7:
				s.withdraws(at)
			case what == 8:
				s.round()
			}
			s.check()
		}
	})
}

// begin is a family on 低保 to which nothing is owed: no cause stands.
func (s *story) begin(serial int) {
	s.home = s.create("households", map[string]any{"region": listVillage, "head_name": "匡树林", "urban": false, "monthly_income": 900.0, "last_visited": "2026-11-20", "review_class": "B", "housing_grade": "A"})
	for i, p := range []map[string]any{
		{"name": "匡树林", "relation": "02", "earner": true, "sex": "1", "health": "healthy", "work_state": "casual"},
		{"name": "李秀英", "relation": "12", "sex": "2", "health": "healthy", "work_state": "at_home"},
		{"name": "匡晨", "relation": "20", "guardian": "匡树林", "sex": "1", "health": "healthy", "school_stage": "none"},
	} {
		born := parseDay(s.T, "1975-03-01").AddDate(i%2+i/2*37, 0, serial/300)
		number, err := idnumber.Make("370281", born, 1+(serial%300)*3+i)
		if err != nil {
			s.Fatal(err)
		}
		s.numbers[i] = string(number)
		maps.Copy(p, map[string]any{"household": s.home, "id_kind": "resident", "id_number": s.numbers[i], "birth_date": born.Format("2006-01-02"), "insured": true, "alive": true})
		s.people[i] = s.create("members", p)
	}
	s.create("categories", map[string]any{"household": s.home, "category": "subsistence", "from": "2026-01-01"})
	for _, item := range []string{"basic_living", "insurance_premium"} {
		s.create("assistance", map[string]any{"household": s.home, "item": item, "state": "given", "given_on": "2026-11-20"})
	}
	s.begun = s.causes(func(engine.Record) bool { return true })
}

// causes are "code evidence" of the warnings for which is holds; a cause that two of
// them hold is a failure.
func (s *story) causes(is func(engine.Record) bool) map[string]bool {
	out := map[string]bool{}
	for _, w := range s.warnings() {
		if !is(w) {
			continue
		}
		for _, e := range w.List("evidence") {
			cause := w.Text("indicator") + " " + e.(map[string]any)["id"].(string)
			if out[cause] {
				s.rt.Fatalf("%s is the cause of two warnings", cause)
			}
			out[cause] = true
		}
	}
	return out
}

// warnings are the family's, as they stand.
func (s *story) warnings() (out []engine.Record) {
	err := s.county.e.View(context.Background(), func(v *engine.View) (err error) {
		out, err = v.Records("warnings", s.home)
		return err
	})
	if err != nil {
		s.Fatal(err)
	}
	return out
}

func isOpen(w engine.Record) bool { return workflow.IsOpen(w.Text("state")) }

// counts: a warning that settled by itself, for what it rested on was gone, holds nothing.
func counts(w engine.Record) bool {
	return isOpen(w) || w.Text("reason") != "引发预警的情况已消除，系统自动办结" && w.Text("reason") != "所依据的上报或数据已退回、撤回"
}

// happens lets it happen, or tells it again.
func (s *story) happens(at int) {
	h, k := happenings[at], s.told[at]
	if k == nil {
		k = &telling{}
		s.told[at] = k
	}
	before, fresh := s.causes(counts), !k.stands
	if h.report != "" {
		s.reports(h, k)
	} else {
		s.listed(h, k)
	}
	k.stands = true
	var codes, causes []string
	open := s.causes(isOpen)
	for cause := range s.causes(counts) {
		if before[cause] {
			continue
		}
		if !open[cause] {
			s.rt.Fatalf("%s: %s went into a warning that is settled", h.name, cause)
		}
		code, _, _ := strings.Cut(cause, " ")
		codes, causes = append(codes, code), append(causes, cause)
	}
	slices.Sort(codes)
	slices.Sort(causes)
	switch {
	case !fresh && len(causes) > 0:
		s.rt.Fatalf("%s, told again, raised %v", h.name, causes)
	case fresh && k.causes == nil:
		if !slices.Equal(codes, h.raises) {
			s.rt.Fatalf("%s raised %v, want %v", h.name, codes, h.raises)
		}
		k.causes = causes
	case fresh: // it was withdrawn: what people have settled since, or what stayed with another cause, is there already
		for _, cause := range causes {
			if !slices.Contains(k.causes, cause) {
				s.rt.Fatalf("%s, told again after it was withdrawn, raised %s for the first time", h.name, cause)
			}
		}
	}
}

// reports pushes from a tablet; told again it is the same batch.
func (s *story) reports(h happening, k *telling) {
	if k.batch == nil {
		raw, err := json.Marshal(map[string]any{"n": *s.nextN, "id": newID(s.T), "at": wire.Format(*s.now), "type": "status_changes", "record": newID(s.T), "kind": "create",
			"set": map[string]any{"household": s.home, "member": s.people[h.who], "kind": h.report, "happened_on": "2026-11-20"}})
		if err != nil {
			s.Fatal(err)
		}
		op, err := wire.DecodeOp(raw, 0)
		if err != nil {
			s.Fatal(err)
		}
		k.batch, k.ops = &wire.Push{Device: s.device.Device, Epoch: s.device.Epoch, Schema: 1}, []*wire.Op{op}
		*s.nextN++
	}
	a, err := s.county.e.Push(context.Background(), s.worker, k.batch, k.ops, "")
	if err != nil || len(a.Results) != 1 || a.Results[0].Outcome != "applied" {
		s.Fatalf("%s: %v %+v", h.name, err, a)
	}
}

// listed imports the fact: the same file, or another of another day and another order
// of columns. Of a list that stands for the whole the day stays the same.
func (s *story) listed(h happening, k *telling) {
	head, row := []string{"姓名", "身份证号"}, []string{s.nameOf(h.who), s.numbers[h.who]}
	for cell := range strings.SplitSeq(h.cells, ";") {
		heading, value, _ := strings.Cut(cell, "=")
		head, row = append(head, heading), append(row, value)
	}
	asOf := "2026-11-15"
	if rapid.Bool().Draw(s.rt, "another file") {
		slices.Reverse(head)
		slices.Reverse(row)
		if k.copies++; !h.whole {
			asOf = fmt.Sprintf("2026-11-%02d", 1+k.copies%25)
		}
	}
	in := s.file(strings.Join(head, ",") + "\n" + strings.Join(row, ",") + "\n" + strings.Repeat("\n", k.copies))
	in.Source, in.AsOf = h.list, asOf
	b, err := s.Take(context.Background(), s.county.county, in)
	if err != nil || b.State != "done" || b.Bad != 0 {
		s.Fatalf("%s: %v %+v", h.name, err, b)
	}
	if !slices.Contains(k.batches, b.ID) {
		k.batches = append(k.batches, b.ID)
	}
}

func (s *story) nameOf(who int) string { return []string{"匡树林", "李秀英", "匡晨"}[who] }

// withdraws takes back every file that said it.
func (s *story) withdraws(at int) {
	k := s.told[at]
	if k == nil || !k.stands || happenings[at].list == "" {
		return
	}
	for _, b := range k.batches {
		if _, err := s.Withdraw(context.Background(), s.county.county, b, "发错文件", ""); err != nil {
			s.Fatal(err)
		}
	}
	k.batches, k.stands = nil, false
}

// settles lets somebody take a step with one of the warnings. Nobody opens again what
// settled by itself: its cause, if it is told again, has a warning of its own.
func (s *story) settles() {
	known := slices.DeleteFunc(s.warnings(), func(w engine.Record) bool { return !counts(w) })
	if len(known) == 0 {
		return
	}
	w := known[rapid.IntRange(0, len(known)-1).Draw(s.rt, "warning")]
	steps := workflow.Steps(w.Text("state"))
	step := steps[rapid.IntRange(0, len(steps)-1).Draw(s.rt, "step")]
	_, err := s.m.Dispose(context.Background(), s.county.county, w.ID(), register.Step{Action: step.Action, Reason: "试", Department: "medical"}, "")
	waits := workflow.WantsMeeting(w.Text("state"), step)                       // no meeting is held here
	if err == nil && waits || err != nil && !waits && step.Action != "reopen" { // refused where another is open
		s.Fatalf("%s: %v", step.Action, err)
	}
}

// check: one open warning of an indicator; each cause that stands in one warning that
// people see; nothing that nobody told.
func (s *story) check() {
	open := map[string]int{}
	for _, w := range s.warnings() {
		if code := w.Text("indicator"); isOpen(w) {
			if open[code]++; open[code] > 1 {
				s.rt.Fatalf("two open warnings of %s", code)
			}
		}
	}
	held := s.causes(counts)
	known := maps.Clone(s.begun)
	for at, k := range s.told {
		for _, cause := range k.causes {
			known[cause] = true
			if k.stands && !held[cause] {
				s.rt.Fatalf("%s: %s is lost", happenings[at].name, cause)
			}
		}
	}
	for cause := range held {
		if !known[cause] {
			s.rt.Fatalf("%s was told by nobody", cause)
		}
	}
}
