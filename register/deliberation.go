package register

import (
	"context"
	"strings"
	"time"

	"doorstep/domain/access"
	"doorstep/domain/deliberation"
	"doorstep/sync/engine"
	"doorstep/sync/wire"
)

// Deliberations is 一事一议 for those who hold the meetings: minutes are entered whole
// once, signed, and from then on added to only.
type Deliberations struct {
	Engine *engine.Engine
}

// deskMeeting is the device under which minutes are written; the audit log says who
// entered and who signed them.
const deskMeeting = "desk:deliberation"

// NewDeliberation are the minutes of a meeting. ID is the client's, so that minutes sent
// twice are one meeting.
type NewDeliberation struct {
	ID          string        `json:"id" validate:"required,uuid"`
	Household   string        `json:"household" validate:"required,uuid"`
	Application string        `json:"application" validate:"omitempty,uuid"`
	Warning     string        `json:"warning" validate:"omitempty,uuid"`
	Replaces    string        `json:"replaces" validate:"omitempty,uuid"`
	Subject     string        `json:"subject" validate:"required,max=200"`
	HeldOn      string        `json:"held_on" validate:"required,datetime=2006-01-02"`
	Place       string        `json:"place" validate:"max=120"`
	Attendees   []NewAttendee `json:"attendees" validate:"required,min=1,max=30,dive"`
	Decision    string        `json:"decision" validate:"required,oneof=agree disagree again"`
	Awards      *[]Chosen     `json:"awards" validate:"omitempty,max=20"`
	Minutes     string        `json:"minutes" validate:"required,max=4000"`
}

// NewAttendee is one who took part. With an account the name is the account's.
type NewAttendee struct {
	Name    string `json:"name" validate:"required_without=Account,max=40"`
	Unit    string `json:"unit" validate:"max=80"`
	Account string `json:"account" validate:"max=40"`
	Chair   bool   `json:"chair"`
	Stance  string `json:"stance" validate:"required,oneof=agree disagree abstain"`
	Opinion string `json:"opinion" validate:"required,max=1000"`
}

// oldestMeetingDays bounds how late the minutes of a meeting may be entered.
const oldestMeetingDays = 366

// Enter takes the minutes down. They are signed next, each attendee by account or on
// paper; nothing in them changes any more.
func (d *Deliberations) Enter(ctx context.Context, by *engine.Account, origin string, n NewDeliberation) (*DeliberationView, error) {
	if !wire.IsUUIDv7(n.ID) {
		return nil, wire.Err(wire.Invalid, "id")
	}
	people, err := d.accounts(ctx, n.Attendees)
	if err != nil {
		return nil, err
	}
	err = d.Engine.Update(ctx, func(tx *engine.Tx) error {
		known, there, err := tx.Record("deliberations", n.ID)
		if err != nil {
			return err
		}
		if there {
			if !known.SeenBy(by) || known.Text("household") != n.Household || known.Text("recorded_by") != by.ID {
				return wire.Err(wire.IDTaken, "id")
			}
			return nil
		}
		m, err := composed(tx, by, n, people)
		if err != nil {
			return err
		}
		return writeMinutes(tx, by, origin, m)
	})
	if err != nil {
		return nil, err
	}
	return d.view(ctx, by, n.ID)
}

// accounts reads the accounts that took part.
func (d *Deliberations) accounts(ctx context.Context, all []NewAttendee) (map[string]*engine.Account, error) {
	out := map[string]*engine.Account{}
	for _, a := range all {
		if a.Account == "" {
			continue
		}
		account, err := d.Engine.Account(ctx, a.Account)
		if err != nil {
			return nil, err
		}
		out[a.Account] = account
	}
	return out, nil
}

// composed is the minutes as they will be signed, checked.
func composed(tx *engine.Tx, by *engine.Account, n NewDeliberation, people map[string]*engine.Account) (deliberation.Minutes, error) {
	m := deliberation.Minutes{ID: n.ID, Household: n.Household, Application: n.Application, Warning: n.Warning, Replaces: n.Replaces,
		Level: string(by.Role), Subject: strings.TrimSpace(n.Subject), HeldOn: n.HeldOn, Place: strings.TrimSpace(n.Place), Decision: n.Decision, Text: strings.TrimSpace(n.Minutes)}
	home, err := visible(tx, by, "households", n.Household, "household")
	if err != nil {
		return m, err
	}
	if err := recused(tx, by, n.Household); err != nil {
		return m, err
	}
	if err := heldWithin(tx.Today(), n.HeldOn); err != nil {
		return m, err
	}
	if m.Text == "" || m.Subject == "" {
		return m, unfit("minutes", "empty")
	}
	if err := about(tx, home, &m); err != nil {
		return m, err
	}
	if m.Awards, err = proposed(tx, home, n.Awards); err != nil {
		return m, err
	}
	if m.Attendees, err = attended(tx, home, n.Attendees, people); err != nil {
		return m, err
	}
	params, err := settingsIn(tx)
	if err != nil {
		return m, err
	}
	least := int(params.At("deliberation_least", tx.Today()).Value.Value)
	switch broken, ok := deliberation.Fault(m, least); {
	case ok:
		return m, nil
	case broken.Code == "least":
		return m, unfit(broken.Field, broken.Code, least)
	default:
		return m, unfit(broken.Field, broken.Code)
	}
}

// proposed are the categories that the meeting held right; nil: it was not about any.
func proposed(tx *engine.Tx, home engine.Record, named *[]Chosen) ([]deliberation.Award, error) {
	if named == nil {
		return nil, nil
	}
	members, err := tx.Records("members", home.ID())
	if err != nil {
		return nil, err
	}
	out := []deliberation.Award{}
	for _, a := range *named {
		if !awardable(members, a) {
			return nil, refuse("awards", "award", a.Category+" "+a.Member)
		}
		out = append(out, deliberation.Award(a))
	}
	return out, nil
}

// attended are those who took part; an account has to be one that can sign for this
// household.
func attended(tx *engine.Tx, home engine.Record, named []NewAttendee, people map[string]*engine.Account) ([]deliberation.Attendee, error) {
	ties, err := tiesOf(tx, home.ID())
	if err != nil {
		return nil, err
	}
	out := make([]deliberation.Attendee, 0, len(named))
	for _, a := range named {
		one := deliberation.Attendee{ID: tx.NewID(), Name: strings.TrimSpace(a.Name), Unit: strings.TrimSpace(a.Unit), Account: a.Account, Chair: a.Chair, Stance: a.Stance, Opinion: strings.TrimSpace(a.Opinion)}
		if a.Account != "" {
			account := people[a.Account]
			if account == nil || account.Disabled || account.Role.Circle() != access.TownCircle || !home.SeenBy(account) {
				return nil, unfit("attendees", "no_account", one.Name)
			}
			one.Name = account.Name
		}
		if err := boundBy(ties, one.Account, one.Name, "attendees"); err != nil {
			return nil, err
		}
		out = append(out, one)
	}
	return out, nil
}

func heldWithin(today, held string) error {
	day, err := time.Parse(time.DateOnly, today)
	if err != nil {
		return err
	}
	if held > today || held < day.AddDate(0, 0, -oldestMeetingDays).Format(time.DateOnly) {
		return unfit("held_on", "held_on")
	}
	return nil
}

// about checks what the meeting was about, and takes in which determination lay on the
// table.
func about(tx *engine.Tx, home engine.Record, m *deliberation.Minutes) error {
	for _, of := range [][3]string{{"applications", m.Application, "application"}, {"warnings", m.Warning, "warning"}, {"deliberations", m.Replaces, "replaces"}} {
		if err := belongs(tx, home, of[0], of[1], of[2]); err != nil {
			return err
		}
	}
	if m.Replaces != "" {
		r, _, err := tx.Record("deliberations", m.Replaces)
		if err != nil {
			return err
		}
		if r.Text("state") != deliberation.Signed {
			return meetingMoved(r)
		}
	}
	if m.Application != "" {
		a, _, err := tx.Record("applications", m.Application)
		if err != nil {
			return err
		}
		m.Determination = a.Text("determination")
	}
	return nil
}

// writeMinutes writes minutes that nobody has signed yet.
func writeMinutes(tx *engine.Tx, by *engine.Account, origin string, m deliberation.Minutes) error {
	digest, err := m.Digest()
	if err != nil {
		return err
	}
	attendance, err := object(map[string]any{"people": m.Attendees})
	if err != nil {
		return err
	}
	set := map[string]any{"household": m.Household, "level": m.Level, "subject": m.Subject, "held_on": m.HeldOn, "attendance": attendance, "decision": m.Decision,
		"minutes": m.Text, "digest": digest, "recorder": by.Name, "recorded_by": by.ID, "state": deliberation.Signing}
	for field, v := range map[string]string{"application": m.Application, "determination": m.Determination, "warning": m.Warning, "replaces": m.Replaces, "place": m.Place} {
		if v != "" {
			set[field] = v
		}
	}
	if m.Awards != nil {
		if set["proposal"], err = object(map[string]any{"awards": m.Awards}); err != nil {
			return err
		}
	}
	if err := tx.Do(deskMeeting, []engine.Draft{{Type: "deliberations", Record: m.ID, Kind: wire.KindCreate, Set: set}}); err != nil {
		return err
	}
	return tx.Audit(by, origin, "deliberation.enter", m.ID, digest)
}
