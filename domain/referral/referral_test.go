package referral

import (
	"slices"
	"strings"
	"testing"

	"doorstep/domain/assistance"
	"doorstep/domain/parameter"

	"pgregory.net/rapid"
)

var (
	acts   = []Act{Send, Receive, Return, Answer, Withdraw, Resend, Urge, Expire}
	sides  = []Side{Sender, Receiver, Above, System}
	states = []State{None, Sent, Received, Returned, Answered, Overdue, Withdrawn}
)

// The table once more, in the other direction: what each side may do in each state
// (policy 三(四): 转办落实, 商请核查). What is not here must be refused.
func TestWhoMayDoWhatInWhichState(t *testing.T) {
	want := map[Side]map[State]string{
		Sender:   {None: "send>sent", Sent: "withdraw>withdrawn", Received: "withdraw>withdrawn", Overdue: "withdraw>withdrawn", Returned: "withdraw>withdrawn resend>sent"},
		Receiver: {Sent: "receive>received return>returned answer>answered", Received: "return>returned answer>answered", Overdue: "receive>overdue return>returned answer>answered"},
		Above:    {Sent: "withdraw>withdrawn", Received: "withdraw>withdrawn", Overdue: "withdraw>withdrawn urge>overdue", Returned: "withdraw>withdrawn"},
		System:   {Sent: "expire>overdue", Received: "expire>overdue"},
	}
	for _, side := range sides {
		for _, state := range states {
			var got []string
			for _, act := range acts {
				if step, ok := Take(act, side, state); ok {
					got = append(got, string(act)+">"+string(step.To))
				}
			}
			if told := strings.Join(got, " "); told != want[side][state] {
				t.Errorf("%s at %q: %q, want %q", side, state, told, want[side][state])
			}
		}
	}
}

func TestEveryWayOutOfADepartmentNeedsAWord(t *testing.T) {
	for _, s := range Steps() {
		if s.To != "" && !s.To.IsOpen() && !s.Reason && !s.Result {
			t.Errorf("%s to %s needs neither a reason nor a result", s.Act, s.To)
		}
		if s.Marks == "" {
			t.Errorf("%s leaves no date", s.Act)
		}
	}
}

// Whatever people do, what is over moves only by being sent again, and what is
// withdrawn or answered not at all.
func TestWhatIsAnsweredOrWithdrawnStays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		state := None
		for range rapid.IntRange(1, 30).Draw(t, "steps") {
			before := state
			act, side := rapid.SampledFrom(acts).Draw(t, "act"), rapid.SampledFrom(sides).Draw(t, "side")
			step, ok := Take(act, side, before)
			if !ok {
				continue
			}
			state = step.To
			if (before == Answered || before == Withdrawn) || before == Returned && state != Sent && state != Withdrawn {
				t.Fatalf("%s by %s moved %s to %s", act, side, before, state)
			}
			if state == None {
				t.Fatalf("%s by %s from %s leads nowhere", act, side, before)
			}
		}
	})
}

func TestOnlyADeliveryBecomesHelp(t *testing.T) {
	for _, kind := range []Kind{Deliver, Verify} {
		for _, r := range Results(kind) {
			if found, ok := ResultOf(kind, r.Code); !ok || found != r {
				t.Errorf("%s %s is not found", kind, r.Code)
			}
			if r.Gives != "" && kind != Deliver || (r.Gives == "") != (r.Warning == "") {
				t.Errorf("%+v", r)
			}
		}
	}
	if _, ok := ResultOf(Verify, "delivered"); ok {
		t.Error("a question is answered by a delivery")
	}
}

// Each item that the policy lays upon a department other than 民政 can be asked of
// it, and of nobody whom the policy does not name (四(一)–(六)).
func TestEveryDepartmentIsAskedForWhatThePolicyLaysUponIt(t *testing.T) {
	for _, it := range assistance.All() {
		for _, d := range it.Departments {
			_, asked := PurposeOf(Deliver, d, it.Code)
			if !asked && d != "civil_affairs" && it.Code != "basic_living" { // 低保、特困 are the town's own
				t.Errorf("%s cannot be asked of %s", it.Code, d)
			}
		}
	}
	for _, p := range Purposes() {
		for _, d := range p.Departments {
			if d == "finance" || d == "civil_affairs" || d == "charity" {
				t.Errorf("%s is asked about somebody", d)
			}
			if p.Kind == Deliver && !slices.Contains(assistance.Lookup(p.Item).Departments, d) {
				t.Errorf("%s is asked of %s, which the policy does not name", p.Item, d)
			}
		}
		if _, ok := PurposeOf(p.Kind, p.Departments[0], "no such"); ok {
			t.Error("an unknown item is a purpose")
		}
	}
}

// Money, phone numbers of a question, remarks and the place of a house are nobody's
// business; what is over shows the name alone.
func TestAPurposeShowsNoMoreThanItNeeds(t *testing.T) {
	never := []string{"monthly_income", "rigid_cost", "medical_cost", "property", "remarks", "households.place", "guardian", "marriage", "nation"}
	for _, p := range Purposes() {
		for _, c := range p.Shown(Received) {
			if slices.ContainsFunc(never, func(n string) bool { return strings.Contains(c, n) }) || p.Kind == Verify && c == "households.phone" {
				t.Errorf("%s %s %v shows %s", p.Kind, p.Item, p.Departments, c)
			}
		}
		if slices.Contains(p.Columns, "members.illness") && !slices.Contains([]string{"medical_aid", "emergency_medical"}, p.Item) {
			t.Errorf("%s shows the illness", p.Item)
		}
		for _, s := range []State{Returned, Answered, Withdrawn} {
			if !slices.Equal(p.Shown(s), []string{"members.name"}) {
				t.Errorf("%s when %s shows %v", p.Item, s, p.Shown(s))
			}
		}
	}
}

func TestADeadlineIsCountedInWorkingDaysOfTheDayItWasSent(t *testing.T) {
	set, err := Defaults().With([]parameter.Setting{{Name: "verify_days", From: "2026-11-01", Value: 3}})
	p := Params{set}
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		kind       Kind
		sent, want string
	}{
		{Deliver, "2026-11-23", "2026-12-21"}, // 20 working days
		{Verify, "2026-09-24", "2026-10-15"},  // 10, over 中秋 and 国庆, the 10th of October is worked
		{Verify, "2026-11-26", "2026-12-01"},  // 3 since the county said so
	} {
		if got, err := p.Due(c.kind, c.sent); err != nil || got != c.want {
			t.Errorf("%s sent %s: %s %v", c.kind, c.sent, got, err)
		}
	}
	if _, err := p.Due(Deliver, "soon"); err == nil {
		t.Error("a day that is none has a deadline")
	}
	if _, err := p.With([]parameter.Setting{{Name: "verify_days", From: "2026-11-01", Value: 0}}); err == nil {
		t.Error("no days at all are accepted")
	}
}

func TestAnInquiryToldNothingButWhatStandsOnTheDay(t *testing.T) {
	held := []Held{
		{Category: "subsistence", From: "2026-01-01"}, {Category: "marginal", From: "2025-01-01", To: "2025-12-31"},
		{Category: "destitute", Member: "m2", From: "2026-01-01"}, {Category: "rigid_expense", From: "2026-11-26", To: "2026-11-26"}, {Category: "other", From: "2026-11-27"},
	}
	got := Stands(held, "m1", "2026-11-26")
	if !slices.Equal(got, []Standing{{"rigid_expense", "2026-11-26", "2026-11-26"}, {"subsistence", "2026-01-01", ""}}) {
		t.Errorf("got %v", got)
	}
	if got := Stands(held, "m2", "2026-11-28"); len(got) != 3 {
		t.Errorf("the member admitted alone: %v", got)
	}
	if got := Stands(nil, "m1", "2026-11-26"); got == nil || len(got) != 0 {
		t.Errorf("of nobody: %v", got)
	}
}

func TestOneNameInTwoSpellings(t *testing.T) {
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{"王芳", " 王 芳\u3000", true}, {"买买提·艾力", "买买提•艾力", true}, {"王芳", "王方", false}, {"", "", false}, {" ", "", false},
	} {
		if SameName(c.a, c.b) != c.same {
			t.Errorf("%q and %q", c.a, c.b)
		}
	}
}
