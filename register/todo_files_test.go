package register_test

import (
	"strings"
	"testing"

	"doorstep/register"
	"doorstep/sync/engine"
)

// waiting is one line of a desk's day, as a test compares it.
func waiting(items []register.Todo, id string) string {
	for _, i := range items {
		if i.ID == id {
			return strings.Join([]string{i.Kind, i.State, i.DueOn, i.HeadName, i.Text, []string{"at once", "first", "in turn"}[i.Urgency]}, "|")
		}
	}
	return ""
}

// files are the office's files under the county's settings.
func (s searching) files() *register.Casework {
	s.t.Helper()
	settings, err := register.OpenSettings(s.t.Context(), s.m)
	if err != nil {
		s.t.Fatal(err)
	}
	return &register.Casework{Engine: s.e, Settings: settings}
}

// line is what the day says of one thing; "" it does not wait.
func (s searching) line(id string) string {
	s.t.Helper()
	items, _, _ := s.waits("", 500, 0)
	return waiting(items, id)
}

// Thursday 2026-11-26: an urgent lead comes before all, an ordinary one first; what the
// village looks into is the village's until its day is near.
func TestLeadsWaitUntilSomebodyWasAnsweredTo(t *testing.T) {
	s, _ := newSearching(t)
	files := s.files()
	lead := func(urgency string) string {
		id := newID(t)
		_, err := files.ReceiveLead(t.Context(), s.town, "", register.NewLead{ID: id, Channel: "neighbour", Urgency: urgency, About: register.Somebody{Name: "匡老人", Region: villager.Areas[0]}, Text: "独居，摔伤了"})
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	urgent, ordinary := lead("urgent"), lead("ordinary")
	if got := s.line(urgent); got != "lead|received|2026-12-01|匡老人|独居，摔伤了|at once" {
		t.Errorf("urgent: %s", got)
	}
	if got := s.line(ordinary); got != "lead|received|2026-12-10|匡老人|独居，摔伤了|first" {
		t.Errorf("ordinary: %s", got)
	}
	if _, err := files.TakeLead(t.Context(), s.town, "", ordinary, register.LeadStep{Action: "dispatch", Distinct: true}); err != nil {
		t.Fatal(err)
	}
	if got := s.line(ordinary); got != "" {
		t.Errorf("with the village: %s", got)
	}
	s.days(8)
	if _, _, err := files.Due(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := s.line(ordinary); !strings.HasPrefix(got, "lead|dispatched|2026-12-03|") || !strings.HasSuffix(got, "at once") {
		t.Errorf("past the village's day: %s", got)
	}
}

// What is missing after help that came first is said by name, with its day; another
// town's office is told nothing.
func TestHelpBeforeThePapersWaitsForThem(t *testing.T) {
	s, ids := newSearching(t)
	files := s.files()
	id := newID(t)
	_, err := files.GiveUrgentAid(t.Context(), s.town, "", register.NewUrgentAid{ID: id, Household: ids["王秀英"], Emergency: "fire", Text: "房子着火", Item: "temporary_aid", Amount: 500, Missing: []string{"identity", "opinion"}})
	if err != nil {
		t.Fatal(err)
	}
	if got := s.line(id); got != "urgent|given|2026-12-10|王秀英|身份证明、经办意见|first" {
		t.Errorf("%s", got)
	}
	s.days(30)
	if got := s.line(id); !strings.HasSuffix(got, "at once") {
		t.Errorf("past its day: %s", got)
	}
	other := &engine.Account{ID: "elsewhere", Role: "town", Grants: []engine.Grant{{Kind: engine.GrantArea, Value: "370281105"}}}
	items, _, _, err := s.x.Todos(t.Context(), other, atDesk, "", 100, 0)
	if err != nil || len(items) != 0 {
		t.Errorf("another town: %+v %v", items, err)
	}
}

// An application is due by what it waits for: to be accepted, then to be decided.
func TestAnApplicationWaitsByItsDay(t *testing.T) {
	s, ids := newSearching(t)
	desk := &register.Determinations{Engine: s.e}
	a, err := desk.Apply(t.Context(), s.town, "", register.Application{Household: ids["王大明"], Way: "own", Consents: []string{"honesty_1", "verification_1", "classify_1"}})
	if err != nil {
		t.Fatal(err)
	}
	if got := s.line(a.ID); a.DueOn != "2026-12-03" || got != "application|submitted|2026-12-03|王大明||in turn" {
		t.Errorf("submitted: %s, %s", a.DueOn, got)
	}
	s.days(8)
	if got := s.line(a.ID); !strings.HasSuffix(got, "at once") {
		t.Errorf("nobody accepted it: %s", got)
	}
	if a, err = desk.Accept(t.Context(), s.town, "", a.ID); err != nil {
		t.Fatal(err)
	}
	if got := s.line(a.ID); a.AcceptedOn != "2026-12-04" || got != "application|accepted|"+a.DueOn+"|王大明||in turn" {
		t.Errorf("accepted: %+v, %s", a, got)
	}
}

// Signatures that are missing wait, and a warning that was brought before a meeting.
func TestMeetingsWaitForTheirSignaturesAndWarningsForTheirMeeting(t *testing.T) {
	s, ids := newSearching(t)
	id := newID(t)
	_, err := (&register.Deliberations{Engine: s.e}).Enter(t.Context(), s.town, "", register.NewDeliberation{ID: id, Household: ids["王大明"], Subject: "低保续保", HeldOn: "2026-11-26", Decision: "agree", Minutes: "议过",
		Attendees: []register.NewAttendee{{Account: s.town.ID, Chair: true, Stance: "agree", Opinion: "同意"}, {Account: s.county.county.ID, Stance: "agree", Opinion: "同意"}, {Name: "丙", Stance: "agree", Opinion: "同意"}}})
	if err != nil {
		t.Fatal(err)
	}
	if got := s.line(id); got != "deliberation|signing||王大明|低保续保|first" {
		t.Errorf("unsigned minutes: %s", got)
	}
	s.report(ids["王大明"], "", "disaster")
	for _, w := range s.records(ids["王大明"], "warnings") {
		warning := w["id"].(string)
		if _, err := s.m.Dispose(t.Context(), s.town, warning, register.Step{Action: "deliberate", Reason: "议一议"}, ""); err != nil {
			t.Fatal(err)
		}
		if got := s.line(warning); !strings.HasPrefix(got, "deliberation|deliberated|2026-") {
			t.Errorf("brought before a meeting: %s", got)
		}
	}
	_, counts, _ := s.waits("deliberation", 100, 0)
	for _, c := range counts {
		if c.Kind == "deliberation" && c.Count != 2 {
			t.Errorf("counted %+v", counts)
		}
	}
}

// An order is the office's again when its day is near and households are left.
func TestAnOrderWaitsWhenItsDayIsNear(t *testing.T) {
	s, _ := newSearching(t)
	files, id := s.files(), newID(t)
	if _, err := files.GiveOrder(t.Context(), s.town, "", register.NewVisitOrder{ID: id, Title: "冬季走访", TaskKind: "visit", DueOn: "2026-12-04"}); err != nil {
		t.Fatal(err)
	}
	if got := s.line(id); got != "" {
		t.Errorf("given today: %s", got)
	}
	s.days(7)
	if _, _, err := files.Due(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := s.line(id); got != "order|open|2026-12-04||冬季走访|in turn" {
		t.Errorf("a day before: %s", got)
	}
}
