package register

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"doorstep/domain/access"
	"doorstep/domain/determination"
	"doorstep/domain/handover"
	"doorstep/domain/idnumber"
	"doorstep/domain/region"
	"doorstep/domain/zone"
	"doorstep/sync/engine"
	"doorstep/sync/policy"
	"doorstep/sync/wire"
)

// HandoverQuery is what a list of them asks for.
type HandoverQuery struct {
	Queue     string // in, out, closed
	Household string
	Limit     int
	After     int64
}

// handoverQueues are the lists: what waits on each side, and what is over.
var handoverQueues = map[string]string{
	"in":     waits(handover.In),
	"out":    waits(handover.Out),
	"closed": `NOT (` + waits(handover.In) + ` OR ` + waits(handover.Out) + `)`,
	"":       `1`,
}

// List is a page of them, of those that wait the oldest first.
func (d *Handovers) List(ctx context.Context, by *engine.Account, q HandoverQuery) (Page, error) {
	order := map[string]string{"in": `made, id`, "out": `made, id`}[q.Queue]
	if order == "" {
		order = `changed DESC, id`
	}
	return pageOf(ctx, d.Engine, `SELECT id FROM handovers h WHERE `+handoverQueues[q.Queue]+` AND (?1 = '' OR household = ?1)
		AND EXISTS (SELECT 1 FROM json_each(?2) WHERE h.area >= value AND h.area < value || '~') ORDER BY `+order+` LIMIT ? OFFSET ?`,
		[]any{q.Household, by.Scope().Areas}, q.Limit, q.After, func(v *engine.View, id string) (map[string]any, error) {
			h, _, err := readHandover(v, id)
			if err != nil {
				return nil, err
			}
			return d.line(v, h)
		})
}

// HandoverCount is how many wait.
type HandoverCount struct {
	In  int `json:"in"`
	Out int `json:"out"`
}

// Count counts what waits for an account.
func (d *Handovers) Count(ctx context.Context, by *engine.Account) (*HandoverCount, error) {
	out := &HandoverCount{}
	return out, d.Engine.View(ctx, func(v *engine.View) error {
		rows, err := v.Query(`SELECT coalesce(sum(side = 'in'), 0), coalesce(sum(side = 'out'), 0) FROM handovers h WHERE (`+waits(handover.In)+` OR `+waits(handover.Out)+`)
			AND EXISTS (SELECT 1 FROM json_each(?) WHERE h.area >= value AND h.area < value || '~')`, encode(by.Scope().Areas))
		if err != nil {
			return err
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			if err := rows.Scan(&out.In, &out.Out); err != nil {
				return err
			}
		}
		return rows.Err()
	})
}

// line is one as a list shows it.
func (d *Handovers) line(q engine.Reader, h *handoverFile) (map[string]any, error) {
	other, err := countyName(q, h.Other)
	over, clashed := "", ""
	switch {
	case h.State == handover.Clashed:
		clashed = dayOf(h.Changed)
	case !h.State.IsOpen():
		over = dayOf(h.Changed)
	}
	return map[string]any{"area": h.Area, "made_on": dayOf(h.Made), "due_on": "", "overdue_on": clashed, "closed_on": over, "open_steps": []handover.Act{}, "id": h.ID, "side": h.Side, "state": h.State, "state_name": handover.Label(h.Side, h.State), "other": h.Other, "other_name": other,
		"household": h.Household, "head_name": h.HeadName, "people": h.People, "region_name": region.FullName(h.Area), "reason": h.Reason,
		"reason_name": handover.ReasonLabel(h.Reason), "moved_on": h.MovedOn, "begins": h.Begins}, err
}

// dayOf is the county's day of a time.
func dayOf(at string) string {
	if t, err := time.Parse(wire.TimeLayout, at); err == nil {
		return zone.Day(t)
	}
	return ""
}

// Show is one, whole; that it was looked at is audited, for it names people.
func (d *Handovers) Show(ctx context.Context, by *engine.Account, origin, id string) (map[string]any, error) {
	var out map[string]any
	err := d.Engine.Update(ctx, func(tx *engine.Tx) error {
		h, err := seenHandover(tx, by, id)
		if err != nil {
			return err
		}
		if out, err = d.view(tx, by, h); err != nil {
			return err
		}
		return tx.Audit(by, origin, "handover.read", id, h.Other)
	})
	return out, err
}

func (d *Handovers) view(q engine.Reader, by *engine.Account, h *handoverFile) (map[string]any, error) {
	out, err := d.line(q, h)
	if err != nil {
		return nil, err
	}
	dossier := &h.Body.Dossier
	out["address"], out["note"], out["consent_by"], out["consent_on"] = dossier.Address, dossier.Note, dossier.ConsentBy, dossier.ConsentOn
	out["office"], out["by"], out["steps"] = dossier.Office, dossier.By, h.Body.Way
	out["travels"], out["tests"] = handedIn(dossier), testsOf(dossier)
	steps := []handover.Act{}
	for _, s := range handover.Steps() {
		if s.Side == h.Side && s.From == h.State && access.Can(by.Role, handoverActions[s.Act]) {
			steps = append(steps, s.Act)
		}
	}
	out["open_steps"] = steps
	if out["alike"] = []LookAlike{}; h.Side == handover.In && h.State == handover.Offered {
		out["alike"], err = d.alike(q, by, dossier)
	}
	if h.Side == handover.Out && h.State.IsOpen() && err == nil {
		out["since"], err = grantedSince(q, h)
	}
	if h.State == handover.Clashed && err == nil {
		out["here"], err = standsAs(q, h)
		out["joined"], out["clash"] = h.joined(), h.lastSaid()
	}
	return out, err
}

// Options are the tables that the forms are made of.
func (d *Handovers) Options(ctx context.Context, by *engine.Account) (map[string]any, error) {
	acts := []map[string]any{}
	for _, s := range handover.Steps() {
		if s.Act != handover.Offer {
			acts = append(acts, map[string]any{"act": s.Act, "label": s.Label, "clause": "", "reason": s.Reason})
		}
	}
	out := map[string]any{"acts": acts, "reasons": handover.Reasons(), "places": Places(by), "stays": stayingWords(), "today": today(d.Engine)}
	return out, d.Engine.View(ctx, func(v *engine.View) (err error) {
		out["counties"], err = handoverCounties(v)
		return err
	})
}

// handoverActions are what the access table calls the steps.
var handoverActions = map[handover.Act]access.Action{handover.Withdraw: access.HandoverOffer, handover.Accept: access.HandoverDecide, handover.Refuse: access.HandoverDecide,
	handover.Keep: access.HandoverDecide, handover.Yield: access.HandoverDecide}

// HandedGroup is what travels of one type, in words.
type HandedGroup struct {
	Type  string       `json:"type"`
	Label string       `json:"label"`
	Total int          `json:"total"` // of which the newest travel
	Rows  [][]HandedOf `json:"rows"`
}

// HandedOf is one value of it.
type HandedOf struct {
	Column  string `json:"column"`
	Label   string `json:"label"`
	Text    string `json:"text"`
	Purpose string `json:"purpose"`
}

// handedIn says what travels, column by column of the table; numbers are masked as everywhere
// at a desk, and a trace has a shape of its own (testsOf).
func handedIn(d *Dossier) []HandedGroup {
	out := []HandedGroup{}
	for _, t := range handover.Travels() {
		typ := policy.Lookup(t.Name)
		g := HandedGroup{Type: t.Name, Label: typ.Label, Total: d.Totals[t.Name], Rows: [][]HandedOf{}}
		for _, r := range d.Records[t.Name] {
			row := []HandedOf{}
			for _, c := range t.Columns {
				if v := r.Values[c.Name]; v != nil && typ.Field(c.Name).Kind != policy.Object {
					row = append(row, HandedOf{c.Name, typ.Field(c.Name).Label, d.words(typ.Field(c.Name), v), string(c.Purpose)})
				}
			}
			g.Rows = append(g.Rows, row)
		}
		out = append(out, g)
	}
	return out
}

// words is a value as people read it.
func (d *Dossier) words(f *policy.Field, v any) string {
	switch x := v.(type) {
	case float64:
		return strings.TrimSpace(strconv.FormatFloat(x, 'f', -1, 64) + f.Unit)
	case string:
		if f.Kind == policy.Reference {
			return d.named(x)
		}
		if f.Masked {
			return idnumber.Mask(x)
		}
		if f.Check == "region" {
			return PlaceName(x, nil)
		}
	}
	return inWords(f, "", v)
}

// HandedTest is a determination with the way by which it was come to.
type HandedTest struct {
	On         string                `json:"on"`
	Rules      string                `json:"rules"`
	Status     string                `json:"status"`
	Result     string                `json:"result"`
	State      string                `json:"state"`
	DecidedOn  string                `json:"decided_on"`
	NextReview string                `json:"next_review"`
	Trace      *determination.Result `json:"trace"` // nil: of a version that this program does not know
}

// testsOf reads the determinations. A trace of a version that this program does not know
// is left out, the determination stays.
func testsOf(d *Dossier) []HandedTest {
	out := []HandedTest{}
	for _, r := range d.Records["determinations"] {
		text := func(name string) string { s, _ := r.Values[name].(string); return s }
		one := HandedTest{On: text("determined_on"), Rules: text("rules"), Status: label("determinations", "status", text("status")), Result: label("determinations", "result", text("result")),
			State: label("determinations", "state", text("state")), DecidedOn: text("decided_on"), NextReview: text("next_review")}
		var trace determination.Result
		if fromObject(r.Values["trace"], &trace) == nil && len(trace.Steps) > 0 {
			one.Trace = &trace
		}
		out = append(out, one)
	}
	return out
}

// Preview is what would travel of a household if it were offered now, to whom it may go,
// and why not if it may not.
func (d *Handovers) Preview(ctx context.Context, by *engine.Account, household string) (map[string]any, error) {
	var out map[string]any
	err := d.Engine.View(ctx, func(v *engine.View) error {
		home, err := d.offerable(v, by, household)
		if err != nil {
			return err
		}
		if open, err := openOut(v, household); err != nil || open {
			if err == nil {
				err = refuseHandover("household", "offered")
			}
			return err
		}
		dossier, err := gatherDossier(v, home)
		if err != nil {
			return err
		}
		out = map[string]any{"household": household, "head_name": home.Text("head_name"), "region_name": region.FullName(home.Area()), "travels": handedIn(dossier), "tests": testsOf(dossier)}
		return nil
	})
	return out, err
}

// stayingWords are the types that stay whole, in words, with why.
func stayingWords() []map[string]string {
	out := []map[string]string{}
	for _, t := range policy.Types() {
		if why := handover.Stays(t.Name, ""); why != "" {
			out = append(out, map[string]string{"label": t.Label, "why": string(why)})
		}
	}
	slices.SortFunc(out, func(a, b map[string]string) int { return strings.Compare(a["why"], b["why"]) })
	return out
}

// handoverLine is how a household's page tells of one.
func handoverFiles(q engine.Reader, by *engine.Account, household string) ([]HouseholdFile, error) {
	ids, err := idsOf(q.Query(`SELECT id FROM handovers WHERE household = ? ORDER BY changed DESC LIMIT ?`, household, filesCounted))
	if err != nil {
		return nil, err
	}
	out := []HouseholdFile{}
	for _, id := range ids {
		h, _, err := readHandover(q, id)
		if err != nil {
			return nil, err
		}
		if !h.seenBy(by) {
			continue
		}
		other, err := countyName(q, h.Other)
		if err != nil {
			return nil, err
		}
		title := handoverWords("title_out", other)
		if h.Side == handover.In {
			title = handoverWords("title_in", other)
		}
		queue := "closed"
		if h.State.IsOpen() {
			queue = string(h.Side)
		}
		out = append(out, HouseholdFile{ID: h.ID, Queue: queue, Title: title, State: handover.Label(h.Side, h.State), Day: dayOf(h.Made), Open: h.State.IsOpen()})
	}
	return out, nil
}
