package register

import (
	"context"
	"slices"

	"doorstep/domain/access"
	"doorstep/domain/casefile"
	"doorstep/domain/deliberation"
	"doorstep/domain/supervision"
	"doorstep/sync/engine"
)

// HouseholdFile is one line of a household's page about what offices do for it: enough to
// know what it is and how it stands, and where its screen shows the rest.
type HouseholdFile struct {
	ID    string `json:"id"`
	Queue string `json:"queue"` // of its screen, "" the first
	Title string `json:"title"`
	State string `json:"state"`
	Day   string `json:"day"`
	DueOn string `json:"due_on"` // while somebody has to do something
	Open  bool   `json:"open"`
}

// HouseholdFiles are those of one screen. More is how many older ones it has.
type HouseholdFiles struct {
	Screen string          `json:"screen"`
	Items  []HouseholdFile `json:"items"`
	More   int             `json:"more"`
}

// filesShown of each screen, of at most filesCounted.
const (
	filesShown   = 4
	filesCounted = 100
)

// householdScreens are the screens that may hold something of a household, in the page's
// order, with who reads them.
var householdScreens = []struct {
	screen string
	action access.Action
	read   func(q engine.Reader, by *engine.Account, household string) ([]HouseholdFile, error)
}{
	{"applications", access.ApplicationRead, applicationFiles},
	{"deliberations", access.DeliberationRead, deliberationFiles},
	{"handovers", access.HandoverRead, handoverFiles},
	{"leads", access.LeadRead, caseFiles(casefile.Lead, leadLine)},
	{"urgent", access.UrgentRead, caseFiles(casefile.UrgentAid, urgentLine)},
	{"charity", access.CharityRead, caseFiles(casefile.Need, needLine)},
	{"declarations", access.SupervisionRead, entryFiles(entryDeclaration, entryFinding, declarationLine)},
	{"corrections", access.SupervisionRead, entryFiles(entryCorrection, entryRuling, correctionLine)},
}

// HouseholdFilesOf reads what there is about a household, screen by screen, as far as the
// account reads that screen. Whether it sees the household was asked before.
func HouseholdFilesOf(ctx context.Context, e *engine.Engine, by *engine.Account, household string) ([]HouseholdFiles, error) {
	out := []HouseholdFiles{}
	err := e.View(ctx, func(v *engine.View) error {
		for _, s := range householdScreens {
			if !access.Can(by.Role, s.action) {
				continue
			}
			items, err := s.read(v, by, household)
			if err != nil {
				return err
			}
			if len(items) > 0 {
				shown := items[:min(len(items), filesShown)]
				out = append(out, HouseholdFiles{s.screen, shown, len(items) - len(shown)})
			}
		}
		return nil
	})
	return out, err
}

// newestFirst are a household's records of a type as the account sees them.
func newestFirst(q engine.Reader, by *engine.Account, typ, household string) ([]engine.Record, error) {
	found, err := q.Records(typ, household)
	found = slices.DeleteFunc(slices.Clone(found), func(r engine.Record) bool { return !r.SeenBy(by) })
	slices.Reverse(found)
	return found[:min(len(found), filesCounted)], err
}

var closedApplications = []string{"approved", "refused", "withdrawn"}

func applicationFiles(q engine.Reader, by *engine.Account, household string) ([]HouseholdFile, error) {
	found, err := newestFirst(q, by, "applications", household)
	var out []HouseholdFile
	for _, r := range found {
		state := r.Text("state")
		f := HouseholdFile{ID: r.ID(), Title: label("applications", "way", r.Text("way")), State: label("applications", "state", state), Day: r.Text("applied_on"), Open: !slices.Contains(closedApplications, state)}
		if !f.Open {
			f.Queue = "closed"
		}
		out = append(out, f)
	}
	return out, err
}

// meetingQueues are the queues of the screen of meetings, by state.
var meetingQueues = map[string]string{deliberation.Signing: "", deliberation.Signed: "signed"}

func deliberationFiles(q engine.Reader, by *engine.Account, household string) ([]HouseholdFile, error) {
	found, err := newestFirst(q, by, "deliberations", household)
	var out []HouseholdFile
	for _, r := range found {
		queue, known := meetingQueues[r.Text("state")]
		if !known {
			queue = "closed"
		}
		out = append(out, HouseholdFile{ID: r.ID(), Queue: queue, Title: r.Text("subject"), State: label("deliberations", "state", r.Text("state")), Day: r.Text("held_on"), Open: r.Text("state") == deliberation.Signing})
	}
	return out, err
}

// caseLine says what a file is about, and its day; of the reporter of a lead nothing.
type caseLine func(body string) (title, day string, f *CaseFile, ok bool)

func caseFiles(kind casefile.Kind, line caseLine) func(engine.Reader, *engine.Account, string) ([]HouseholdFile, error) {
	return func(q engine.Reader, by *engine.Account, household string) ([]HouseholdFile, error) {
		bodies, err := idsOf(q.Query(`SELECT body FROM case_files WHERE household = ? AND kind = ? AND household <> '' ORDER BY id DESC LIMIT ?`, household, string(kind), filesCounted))
		var out []HouseholdFile
		for _, body := range bodies {
			title, day, f, ok := line(body)
			if !ok {
				return nil, errBadFile
			}
			if !seesArea(by, f.Area) {
				continue
			}
			one := HouseholdFile{ID: f.ID, Title: title, State: casefile.LabelOf(kind, f.State), Day: day, Open: casefile.IsOpen(kind, f.State)}
			if one.Open {
				one.DueOn = f.DueOn
			} else {
				one.Queue = "closed"
			}
			out = append(out, one)
		}
		return out, err
	}
}

func leadLine(body string) (string, string, *CaseFile, bool) {
	var l Lead
	ok := decode(body, &l)
	title, _ := casefile.ChannelLabel(l.Channel)
	return title, l.ReceivedOn, &l.CaseFile, ok
}

func urgentLine(body string) (string, string, *CaseFile, bool) {
	var u UrgentAid
	ok := decode(body, &u)
	title, _ := casefile.EmergencyLabel(u.Emergency)
	return title, u.GivenOn, &u.CaseFile, ok
}

func needLine(body string) (string, string, *CaseFile, bool) {
	var n CharityNeed
	ok := decode(body, &n)
	return optionLabel("households", "needs", n.Need), n.MadeOn, &n.CaseFile, ok
}

// entryLine says what an entry of supervision is, and how it stands by what was said of it.
type entryLine func(e Entry, about []Entry) HouseholdFile

func entryFiles(kind, answer string, line entryLine) func(engine.Reader, *engine.Account, string) ([]HouseholdFile, error) {
	return func(q engine.Reader, by *engine.Account, household string) ([]HouseholdFile, error) {
		found, err := entriesOf(q, `WHERE household = ? AND kind = ? ORDER BY id DESC LIMIT ?`, household, kind, filesCounted)
		if err != nil {
			return nil, err
		}
		var out []HouseholdFile
		for _, e := range found {
			if !seesArea(by, e.Area) {
				continue
			}
			about, err := entriesOf(q, `WHERE about = ? AND kind = ? ORDER BY id`, e.ID, answer)
			if err != nil {
				return nil, err
			}
			f := line(e, about)
			f.ID = e.ID
			out = append(out, f)
		}
		return out, nil
	}
}

func declarationLine(e Entry, about []Entry) HouseholdFile {
	f := HouseholdFile{Title: householdWords("declaration"), State: householdWords("unchecked"), Open: len(about) == 0}
	f.Day, _ = e.Body["declared_on"].(string)
	if n := len(about); n > 0 {
		code, _ := about[n-1].Body["outcome"].(string)
		if o, known := supervision.OutcomeOf(code); known {
			f.State = o.Label
		}
	}
	return f
}

func correctionLine(e Entry, about []Entry) HouseholdFile {
	f := HouseholdFile{State: householdWords("unruled"), Open: len(about) == 0}
	f.Title, _ = e.Body["error"].(string)
	f.Day, _ = e.Body["corrected_on"].(string)
	if n := len(about); n > 0 {
		f.State = householdWords("not_excused")
		if excused, _ := about[n-1].Body["excused"].(bool); excused {
			f.State = householdWords("excused")
		}
	}
	return f
}
