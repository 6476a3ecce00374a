package hooks

import (
	"bytes"
	_ "embed"
	sheets "html/template"
	"time"

	"doorstep/domain/deliberation"
	"doorstep/domain/region"
	"doorstep/domain/zone"
	"doorstep/register"
)

//go:embed print/deliberation.html
var deliberationSheet string

var deliberationTemplate = sheets.Must(sheets.New("deliberation").Parse(deliberationSheet))

// minutesSheet is what the printed minutes show beside the meeting.
type minutesSheet struct {
	*register.DeliberationView
	RegionName    string
	LevelLabel    string
	StateLabel    string
	DecisionLabel string
	AwardLabels   []string
	Signers       []signer
	Added         []string
}

// signer is one who took part. Signed is empty where there is to be signed by hand.
type signer struct {
	deliberation.Attendee
	StanceLabel string
	Signed      string
}

// deliberationPage is the minutes to be printed: read, signed on paper, filed.
func (s *Server) deliberationPage(c *call) error {
	id, err := c.id()
	if err != nil {
		return err
	}
	d, err := s.meetings().Deliberation(c.Request.Context(), c.by, c.origin(), id)
	if err != nil {
		return err
	}
	filled := minutesSheet{DeliberationView: d, RegionName: region.FullName(d.Region), LevelLabel: register.Label("deliberations", "level", d.Level),
		StateLabel: register.Label("deliberations", "state", d.State), DecisionLabel: register.Label("deliberations", "decision", d.Decision)}
	for _, a := range d.Awards {
		filled.AwardLabels = append(filled.AwardLabels, register.Label("categories", "category", a.Category))
	}
	for _, a := range d.Attendees {
		filled.Signers = append(filled.Signers, signer{a, deliberation.StanceLabel(a.Stance), signedWords(d, a)})
	}
	for _, e := range d.Supplements {
		if m, ok := e.(map[string]any); ok {
			text, _ := m["text"].(string)
			by, _ := m["by"].(string)
			filled.Added = append(filled.Added, text+"（"+by+"）")
		}
	}
	var out bytes.Buffer
	if err := deliberationTemplate.Execute(&out, filled); err != nil {
		return err
	}
	return c.sheetOf(out.Bytes())
}

// signedWords says how somebody signed by account. Who signs on paper signs this sheet.
func signedWords(d *register.DeliberationView, a deliberation.Attendee) string {
	for _, s := range d.Signatures {
		if s.Attendee == a.ID && a.Account != "" {
			at, err := time.Parse(time.RFC3339, s.At)
			if err != nil {
				return s.By
			}
			return s.By + "（账号签字，" + zone.Day(at) + "）"
		}
	}
	return ""
}
