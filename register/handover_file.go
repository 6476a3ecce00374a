package register

import (
	"database/sql"
	"slices"
	"strings"

	"doorstep/domain/handover"
	"doorstep/sync/engine"
	"doorstep/sync/wire"

	"github.com/go-json-experiment/json"
)

// handoverFile is one line of the book.
type handoverFile struct {
	ID        string
	Side      handover.Side
	Other     string // the other county
	Household string // the record here; "" none
	Theirs    string // the other county's
	Area      string
	State     handover.State
	HeadName  string
	People    int
	Reason    string
	MovedOn   string
	Begins    string
	Ticket    string
	Made      string
	Changed   string
	Body      handoverBody
}

// handoverBody is what is kept sealed.
type handoverBody struct {
	Dossier Dossier           `json:"dossier"`
	Anew    bool              `json:"anew"`  // taken in without that the categories go on
	Way     []handoverNote    `json:"way"`   // 办理经过
	Ended   string            `json:"ended"` // yielded: the last day of help here
	Was     map[string]string `json:"was"`   // and to which day the categories were given before
}

// handoverNote is one line of the way that it took.
type handoverNote struct {
	At   string `json:"at"`
	By   string `json:"by"`
	Text string `json:"text"`
}

// mostNotes bounds the way: words of a restored history may come again.
const mostNotes = 40

// say enters what somebody did, with their words.
func (h *handoverFile) say(tx *engine.Tx, by, label, text string) {
	if text != "" {
		label += "：" + text
	}
	if len(h.Body.Way) < mostNotes {
		h.Body.Way = append(h.Body.Way, handoverNote{wire.Format(tx.Now()), by, label})
	}
}

// sayOnce enters what words say that may come again.
func (h *handoverFile) sayOnce(tx *engine.Tx, text string) bool {
	if len(h.Body.Way) >= mostNotes || slices.ContainsFunc(h.Body.Way, func(n handoverNote) bool { return n.Text == text }) {
		return false
	}
	h.say(tx, "", text, "")
	return true
}

// lastSaid is what was entered last.
func (h *handoverFile) lastSaid() string {
	if len(h.Body.Way) == 0 {
		return ""
	}
	return h.Body.Way[len(h.Body.Way)-1].Text
}

// brief puts beside the body what lists show.
func (h *handoverFile) brief() {
	d := &h.Body.Dossier
	h.HeadName, _ = d.home()["head_name"].(string)
	h.People, h.Reason, h.MovedOn = len(d.Records["members"]), d.Reason, d.MovedOn
}

// seenBy: whoever sees where the household lives; of one that only waits, the county.
func (h *handoverFile) seenBy(by *engine.Account) bool { return seesArea(by, h.Area) }

// seenHandover is one that somebody may see. What they may not is not there for them:
// NotFound.
func seenHandover(q engine.Reader, by *engine.Account, id string) (*handoverFile, error) {
	h, there, err := readHandover(q, id)
	if err == nil && (!there || !h.seenBy(by)) {
		err = wire.Err(wire.NotFound, "handover")
	}
	return h, err
}

const handoverColumns = `id, side, other, household, theirs, area, state, head_name, people, reason, moved_on, begins, ticket, made, changed, body`

func readHandover(q engine.Reader, id string) (*handoverFile, bool, error) {
	rows, err := q.Query(`SELECT `+handoverColumns+` FROM handovers WHERE id = ?`, id)
	if err != nil {
		return nil, false, err
	}
	list, err := scanHandovers(q, rows)
	if err != nil || len(list) == 0 {
		return nil, false, err
	}
	return list[0], true, nil
}

func scanHandovers(q engine.Reader, rows *sql.Rows) ([]*handoverFile, error) {
	defer func() { _ = rows.Close() }()
	var out []*handoverFile
	for rows.Next() {
		h, body := &handoverFile{}, ""
		if err := rows.Scan(&h.ID, &h.Side, &h.Other, &h.Household, &h.Theirs, &h.Area, &h.State, &h.HeadName, &h.People, &h.Reason, &h.MovedOn, &h.Begins, &h.Ticket, &h.Made, &h.Changed, &body); err != nil {
			return nil, err
		}
		text, err := q.Ring().OpenText(h.ID, body)
		if err == nil {
			err = json.Unmarshal([]byte(text), &h.Body)
		}
		if err != nil {
			return nil, err
		}
		out = append(out, h)
	}
	return out, rows.Err()
}

func (h *handoverFile) store(tx *engine.Tx) error {
	body, err := tx.Ring().SealText(h.ID, encode(h.Body))
	if err != nil {
		return err
	}
	h.Changed = wire.Format(tx.Now())
	tx.Signal(h.Area) // no record of its own changes, and desks look at it
	return tx.Exec(`INSERT OR REPLACE INTO handovers (`+handoverColumns+`) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		h.ID, h.Side, h.Other, h.Household, h.Theirs, h.Area, h.State, h.HeadName, h.People, h.Reason, h.MovedOn, h.Begins, h.Ticket, h.Made, h.Changed, body)
}

// heard keeps what a word of the other county made of it, and enters that: the state, or the day.
func (h *handoverFile) heard(tx *engine.Tx, word handover.Word, what string) error {
	if err := h.store(tx); err != nil {
		return err
	}
	return tx.Audit(engine.Server, "", "handover.heard", h.ID, string(word)+" "+what+" "+h.Other)
}

// waits is the condition under which one of a side waits.
func waits(side handover.Side) string {
	out := []string{}
	for _, s := range handover.Waiting(side) {
		out = append(out, string(s))
	}
	return `side = '` + string(side) + `' AND state IN ('` + strings.Join(out, `', '`) + `')`
}

// openOut reports whether a household is on its way to another county.
func openOut(q engine.Reader, household string) (bool, error) {
	ids, err := idsOf(q.Query(`SELECT id FROM handovers WHERE household = ? AND `+waits(handover.Out), household))
	return len(ids) > 0, err
}

// HandoverCounty is a county that can be written to.
type HandoverCounty struct {
	County string `json:"value"`
	Name   string `json:"label"`
	public []byte
}

// handoverCounties are those that the province told of.
func handoverCounties(q engine.Reader) ([]HandoverCounty, error) {
	rows, err := q.Query(`SELECT county, name, public FROM province_counties ORDER BY county`)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	out := []HandoverCounty{}
	for rows.Next() {
		var c HandoverCounty
		if err := rows.Scan(&c.County, &c.Name, &c.public); err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, rows.Err()
}

func countyCard(q engine.Reader, county string) (*HandoverCounty, error) {
	list, err := handoverCounties(q)
	for i := range list {
		if list[i].County == county {
			return &list[i], err
		}
	}
	return nil, err
}

// countyName is a county in words, as far as it is known.
func countyName(q engine.Reader, county string) (string, error) {
	c, err := countyCard(q, county)
	if err != nil || c == nil {
		return county, err
	}
	return c.Name, nil
}
