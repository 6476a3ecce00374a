package register

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"strings"

	"doorstep/domain/casefile"
	"doorstep/domain/region"
	"doorstep/sync/engine"
	"doorstep/sync/wire"
)

// Casework is what offices do that hangs on no application and no warning: leads, help
// before the papers, charity. It takes the steps that domain/casefile allows, each in
// one transaction with what follows from it in the register.
type Casework struct {
	Engine   *engine.Engine
	Settings *Settings
}

// ruleCasework is the device under which a file's effects are written; the audit log
// says who caused them.
const ruleCasework = "desk:casework"

// CaseFile is what all files have. Those who see the file's area see it; the household
// that it may name they see by their scope.
type CaseFile struct {
	ID         string         `json:"id"`
	Kind       casefile.Kind  `json:"kind"`
	Area       string         `json:"area"`
	Household  string         `json:"household"`
	State      casefile.State `json:"state"`
	MadeOn     string         `json:"made_on"`
	DueOn      string         `json:"due_on"`
	RemindedOn string         `json:"reminded_on"`
	OverdueOn  string         `json:"overdue_on"`
	ClosedOn   string         `json:"closed_on"`
	Steps      []CaseStep     `json:"steps"`
}

// CaseStep is one line of the way that a file took (办理经过).
type CaseStep struct {
	At   string `json:"at"`
	By   string `json:"by"`
	Act  string `json:"act"`
	Text string `json:"text"`
}

// maxSteps bounds one file's way.
const maxSteps = 200

func (f *CaseFile) file() *CaseFile { return f }

// filed is a pointer to a kind of file.
type filed[T any] interface {
	*T
	file() *CaseFile
}

// loadFile reads a file; nil if there is none of this kind.
func loadFile[T any, P filed[T]](q engine.Reader, kind casefile.Kind, id string) (P, error) {
	bodies, err := idsOf(q.Query(`SELECT body FROM case_files WHERE id = ? AND kind = ?`, id, string(kind)))
	if err != nil || len(bodies) == 0 {
		return nil, err
	}
	f := P(new(T))
	if !decode(bodies[0], f) {
		return nil, errBadFile
	}
	return f, openAbout(q, id, f)
}

// seenFile is loadFile for an account; wire.NotFound for what is not there or not its.
func seenFile[T any, P filed[T]](q engine.Reader, by *engine.Account, kind casefile.Kind, id string) (P, error) {
	f, err := loadFile[T, P](q, kind, id)
	if err == nil && (f == nil || !seesArea(by, f.file().Area)) {
		err = wire.Err(wire.NotFound, string(kind))
	}
	return f, err
}

func seesArea(by *engine.Account, area string) bool {
	return by == engine.Server || by.Scope().Shows("", area)
}

// storeFile writes a file as it is now.
func storeFile(tx *engine.Tx, f *CaseFile, body any) error {
	unseal, err := sealAbout(tx, f.ID, body)
	if err != nil {
		return err
	}
	text := encode(body)
	unseal()
	err = tx.Exec(`INSERT INTO case_files (id, kind, area, household, state, due_on, reminded_on, overdue_on, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET area = excluded.area, household = excluded.household, state = excluded.state, due_on = excluded.due_on,
			reminded_on = excluded.reminded_on, overdue_on = excluded.overdue_on, body = excluded.body`,
		f.ID, string(f.Kind), f.Area, f.Household, string(f.State), f.DueOn, f.RemindedOn, f.OverdueOn, text)
	if t, ok := body.(tells); ok && err == nil {
		err = tx.Exec(`UPDATE case_files SET about_blind = ? WHERE id = ?`, tx.Ring().Blind(t.somebody().IDNumber), f.ID)
	}
	return err
}

// hand is one step of a file, while it is taken.
type hand struct {
	tx     *engine.Tx
	by     *engine.Account
	step   casefile.Step
	drafts []engine.Draft
	said   string // what the way it took says beside the step's label
}

// begin makes a file. Sent twice it is one: known is the one that is there already.
func begin[T any, P filed[T]](ctx context.Context, c *Casework, by *engine.Account, origin string, kind casefile.Kind, act, id string, make func(h *hand) (P, error)) (P, error) {
	if !wire.IsUUIDv7(id) {
		return nil, wire.Err(wire.Invalid, "id")
	}
	var out P
	err := c.Engine.Update(ctx, func(tx *engine.Tx) error {
		known, err := idsOf(tx.Query(`SELECT kind FROM case_files WHERE id = ?`, id))
		if err != nil {
			return err
		}
		if len(known) > 0 {
			if out, err = seenFile[T, P](tx, by, kind, id); err != nil {
				return wire.Err(wire.IDTaken, "id")
			}
			return nil
		}
		step, ok := casefile.Take(kind, act, casefile.None)
		if !ok {
			return wire.Err(wire.Decided, "state")
		}
		h := &hand{tx: tx, by: by, step: step}
		if out, err = make(h); err != nil {
			return err
		}
		f := out.file()
		f.ID, f.Kind, f.MadeOn = id, kind, tx.Today()
		if !seesArea(by, f.Area) {
			return wire.Err(wire.NotFound, "area")
		}
		return h.close(f, out, origin)
	})
	return out, err
}

// take takes one step of a file that an account sees.
func take[T any, P filed[T]](ctx context.Context, c *Casework, by *engine.Account, origin string, kind casefile.Kind, id, act, reason string, do func(h *hand, f P) error) (P, error) {
	var out P
	err := c.Engine.Update(ctx, func(tx *engine.Tx) error {
		f, err := seenFile[T, P](tx, by, kind, id)
		if err != nil {
			return err
		}
		out = f
		return takeIn(tx, by, origin, act, reason, f, f.file(), func(h *hand) error { return do(h, f) })
	})
	return out, err
}

// takeIn is the same inside a transaction.
func takeIn(tx *engine.Tx, by *engine.Account, origin, act, reason string, body any, f *CaseFile, do func(h *hand) error) error {
	step, ok := casefile.Take(f.Kind, act, f.State)
	if !ok || step.System && by != engine.Server {
		return &wire.Error{Code: wire.Decided, Field: "state", Message: caseText("not_open", casefile.LabelOf(f.Kind, f.State))}
	}
	if reason = strings.TrimSpace(reason); step.Reason && reason == "" {
		return decline("reason", "reason")
	}
	if len(f.Steps) >= maxSteps {
		return decline("state", "too_many_steps")
	}
	h := &hand{tx: tx, by: by, step: step, said: reason}
	if err := do(h); err != nil {
		return err
	}
	return h.close(f, body, origin)
}

// close writes a step with its effects. A new stage begins without the marks of the
// one before; the way it took keeps them.
func (h *hand) close(f *CaseFile, body any, origin string) error {
	if f.State != h.step.To {
		f.RemindedOn, f.OverdueOn = "", ""
	}
	f.State = h.step.To
	if casefile.IsOpen(f.Kind, f.State) {
		f.ClosedOn = ""
	} else {
		f.DueOn, f.ClosedOn = "", cmp.Or(f.ClosedOn, h.tx.Today())
	}
	f.Steps = append(f.Steps, h.line(h.step.Act, h.step.Label, h.said))
	if len(h.drafts) > 0 {
		if err := h.tx.Do(ruleCasework, h.drafts); err != nil {
			return err
		}
	}
	if f.Household != "" && !h.step.Kin && h.by != engine.Server { // 回避: also where the household was only now made
		if err := recused(h.tx, h.by, f.Household); err != nil {
			return err
		}
	}
	if err := storeFile(h.tx, f, body); err != nil {
		return err
	}
	return h.tx.Audit(h.by, origin, string(f.Kind)+"."+h.step.Act, f.ID, string(f.State))
}

func (h *hand) line(act, label, said string) CaseStep {
	if said != "" {
		label += "：" + shortened(said, 500)
	}
	return CaseStep{At: wire.Format(h.tx.Now()), By: h.by.Name, Act: act, Text: label}
}

func (h *hand) draft(kind, typ, id string, set map[string]any) {
	for k, v := range set {
		if v == "" {
			delete(set, k)
		}
	}
	h.drafts = append(h.drafts, engine.Draft{Type: typ, Record: id, Kind: kind, Set: set})
}

// filesOf pages through the files of a kind in an account's area: the overdue first,
// then what is due soonest.
func filesOf[T any, P filed[T]](ctx context.Context, c *Casework, by *engine.Account, kind casefile.Kind, q FileQuery, show func(*engine.View, P) (map[string]any, error)) (Page, error) {
	flag := map[bool]int{true: 1}
	return pageOf(ctx, c.Engine, `SELECT id FROM case_files f WHERE kind = ?1 AND state IN (SELECT value FROM json_each(?2)) AND (?3 = 0 OR overdue_on <> '') AND (?4 = '' OR household = ?4)
		AND EXISTS (SELECT 1 FROM json_each(?5) WHERE f.area >= value AND f.area < value || '~' OR ?6 = 1 AND value >= f.area AND value < f.area || '~')
		ORDER BY overdue_on = '', due_on = '', due_on, id LIMIT ?7 OFFSET ?8`, []any{string(kind), q.States, flag[q.Overdue], q.Household, by.Scope().Areas, flag[q.Above]}, q.Limit, q.After,
		func(v *engine.View, id string) (map[string]any, error) {
			f, err := loadFile[T, P](v, kind, id)
			if err != nil || f == nil {
				return map[string]any{"id": id}, err
			}
			return show(v, f)
		})
}

// FileQuery is which files a list has.
type FileQuery struct {
	States    []string
	Overdue   bool
	Above     bool   // those of the areas above the account's, too
	Household string // "" of all
	Limit     int
	After     int64
}

// read reads what names people on a snapshot, and answers it when the audit log has
// that it was read.
func (c *Casework) read(ctx context.Context, by *engine.Account, origin string, kind casefile.Kind, id string, fn func(*engine.View) error) error {
	if err := c.Engine.View(ctx, fn); err != nil {
		return err
	}
	return c.Engine.Audit(ctx, by.ID, "", origin, string(kind)+".read", id, "")
}

// Waiting is how many files of a kind an account's areas have open, and overdue.
type Waiting struct {
	Open    int `json:"open"`
	Overdue int `json:"overdue"`
}

// Count counts what is open, by kind.
func (c *Casework) Count(ctx context.Context, by *engine.Account) (map[casefile.Kind]Waiting, error) {
	out := map[casefile.Kind]Waiting{}
	err := c.Engine.View(ctx, func(v *engine.View) error {
		for _, kind := range casefile.Kinds() {
			var n Waiting
			rows, err := v.Query(`SELECT count(*), coalesce(sum(overdue_on <> ''), 0) FROM case_files f WHERE kind = ? AND state IN (SELECT value FROM json_each(?))
				AND EXISTS (SELECT 1 FROM json_each(?) WHERE f.area >= value AND f.area < value || '~')`, string(kind), encode(casefile.States(kind, true)), encode(by.Scope().Areas))
			if err := scanEach(rows, err, func(r *sql.Rows) error { return r.Scan(&n.Open, &n.Overdue) }); err != nil {
				return err
			}
			out[kind] = n
		}
		return nil
	})
	return out, err
}

// scanEach goes through a query's rows.
func scanEach(rows *sql.Rows, err error, take func(*sql.Rows) error) error {
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		if err := take(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// isDecided reports whether an error is that somebody was first.
func isDecided(err error) bool {
	coded, ok := err.(*wire.Error)
	return ok && coded.Code == wire.Decided
}

// shown is a file as a desk is told it: its own fields, where it is, whose household it
// is about if the account sees that, and what may be done next.
func shown(q engine.Reader, by *engine.Account, f *CaseFile, body any) (map[string]any, error) {
	out := map[string]any{}
	if !decode(encode(body), &out) {
		return nil, errBadFile
	}
	out["region_name"], out["state_name"], out["head_name"] = region.FullName(f.Area), casefile.LabelOf(f.Kind, f.State), nil
	out["open_steps"] = []string{}
	if by.Role.Circle() != 0 {
		out["open_steps"] = casefile.Open(f.Kind, f.State)
	}
	if f.Household == "" {
		return out, nil
	}
	home, ok, err := q.Record("households", f.Household)
	if err == nil && ok && home.SeenBy(by) {
		out["head_name"] = home.Text("head_name")
	} else {
		out["household"] = ""
	}
	return out, err
}

// errBadFile: what stands in the table is no file of its kind.
var errBadFile = errors.New("register: a case file cannot be read")
