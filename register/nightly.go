package register

import (
	"context"
	"errors"
	"sync"
	"time"

	"doorstep/domain/indicator"
	"doorstep/domain/workflow"
	"doorstep/sync/engine"
	"doorstep/sync/wire"
)

// The nightly round: what time alone changes. Households are read page by page on
// snapshots beside the writer; only those for which something is to be written are
// looked at again inside it, a few at a time, so that no push waits long.
const (
	roundPage  = 500 // households of a snapshot
	roundWrite = 25  // households of a transaction
)

// Round is what one round did.
type Round struct {
	Begun      string `json:"begun"`
	Ended      string `json:"ended"`
	Why        string `json:"why"`
	Households int    `json:"households"`
	Raised     int    `json:"raised"`
	Joined     int    `json:"joined"`
	Cleared    int    `json:"cleared"`
	Reminded   int    `json:"reminded"`
	Escalated  int    `json:"escalated"`
	Error      string `json:"error"`
	Running    bool   `json:"running"`
}

// round is the one that runs.
type round struct {
	mu  sync.Mutex
	now *Round
}

// ErrRunning: a round is on its way already.
var ErrRunning = errors.New("register: a round is running")

// Run makes one round. It ends early when ctx does, and at the first error; the next
// begins from the beginning, and what was written stands.
func (m *Monitor) Run(ctx context.Context, why string) (Round, error) {
	r := &Round{Begun: wire.Format(m.Engine.Now()), Why: why, Running: true}
	if !m.round.begin(r) {
		return Round{}, ErrRunning
	}
	err := m.rounds(ctx, r)
	done := m.round.end(func(r *Round) {
		r.Ended, r.Running = wire.Format(m.Engine.Now()), false
		if err != nil {
			r.Error = err.Error()
		}
	})
	return done, errors.Join(err, m.keep(context.WithoutCancel(ctx), done))
}

func (m *Monitor) rounds(ctx context.Context, r *Round) error {
	rows := m.Warnings.InForce().Rows()
	for after := ""; ; {
		ids, due, err := m.page(ctx, rows, after)
		if err != nil {
			return err
		}
		for len(due) > 0 {
			n := min(len(due), roundWrite)
			if err := m.write(ctx, due[:n], rows); err != nil {
				return err
			}
			due = due[n:]
		}
		m.round.add(func(r *Round) { r.Households += len(ids) })
		if len(ids) < roundPage {
			return m.deadlines(ctx)
		}
		after = ids[len(ids)-1]
	}
}

// page reads the next households and says for which something is to be written.
func (m *Monitor) page(ctx context.Context, rows []indicator.Indicator, after string) (ids, due []string, err error) {
	err = m.Engine.View(ctx, func(v *engine.View) error {
		if ids, err = householdsAfter(v, after); err != nil || len(ids) == 0 {
			return err
		}
		read, err := m.Warnings.pageAhead(v, ids, rows, append([]string{"households", "warnings"}, partTypes()...))
		if err != nil {
			return err
		}
		for _, id := range ids {
			if err := ctx.Err(); err != nil {
				return err
			}
			drafts, _, err := read.plan(v, id, rows, func() string { return "" }, "")
			if err != nil {
				return err
			}
			if len(drafts) > 0 || m.aged(v, id) {
				due = append(due, id)
			}
		}
		return nil
	})
	return ids, due, err
}

func householdsAfter(v *engine.View, after string) ([]string, error) {
	return idsOf(v.Query(`SELECT id FROM households WHERE id > ? AND deleted = 0 AND home = id ORDER BY id LIMIT ?`, after, roundPage))
}

// aged reports whether time alone has changed what the household is entitled to. What
// cannot be read is looked at by the writer, which says why.
func (m *Monitor) aged(v *engine.View, household string) bool {
	if m.entitled == nil {
		return false
	}
	drafts, err := m.entitled.plan(v, household, func() string { return "" })
	return err != nil || len(drafts) > 0
}

// write looks at these households again, inside the writer's transaction.
func (m *Monitor) write(ctx context.Context, households []string, rows []indicator.Indicator) error {
	var done Round
	err := m.Engine.Update(ctx, func(tx *engine.Tx) error {
		done = Round{}
		for _, id := range households {
			if m.entitled != nil {
				if err := m.entitled.settle(tx, id); err != nil {
					return err
				}
			}
			drafts, _, err := m.Warnings.plan(tx, id, rows, tx.NewID, wire.Format(tx.Now()))
			if err != nil {
				return err
			}
			if len(drafts) == 0 {
				continue
			}
			done.count(drafts)
			if err := tx.Do(m.Warnings.Name(), drafts); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		m.round.add(func(r *Round) { r.Raised += done.Raised; r.Joined += done.Joined; r.Cleared += done.Cleared })
	}
	return err
}

func (r *Round) count(drafts []engine.Draft) {
	for _, d := range drafts {
		switch {
		case d.Kind == wire.KindCreate:
			r.Raised++
		case d.Set["evidence"] != nil:
			r.Joined++
		default:
			r.Cleared++
		}
	}
}

// deadlines reminds of what falls due and takes what is overdue one office up.
func (m *Monitor) deadlines(ctx context.Context) error {
	params := m.Warnings.InForce()
	day, err := time.Parse(time.DateOnly, today(m.Engine))
	if err != nil {
		return err
	}
	remindUntil := workflow.AddWorkingDays(day, int(params.Number("remind", day)), params.Calendar).Format(time.DateOnly)
	for after := ""; ; {
		var ids []string
		if err := m.Engine.View(ctx, func(v *engine.View) error {
			ids, err = fallingDue(v, after, remindUntil)
			return err
		}); err != nil {
			return err
		}
		if len(ids) == 0 {
			return nil
		}
		var reminded, escalated int
		if err := m.Engine.Update(ctx, func(tx *engine.Tx) error {
			reminded, escalated, err = m.push(tx, ids, day)
			return err
		}); err != nil {
			return err
		}
		m.round.add(func(r *Round) { r.Reminded += reminded; r.Escalated += escalated })
		after = ids[len(ids)-1]
	}
}

// fallingDue are open warnings that nobody was reminded of, or that are overdue below
// the county.
func fallingDue(v *engine.View, after, until string) ([]string, error) {
	return idsOf(v.Query(`SELECT id FROM warnings WHERE id > ?1 AND deleted = 0 AND due_on <> '' AND due_on <= ?2
		AND state IN ('open', 'office', 'county', 'verifying', 'verified', 'referred', 'deliberated')
		AND (reminded_on = '' OR due_on < ?3 AND office <> 'county') ORDER BY id LIMIT ?4`, after, until, v.Today(), roundWrite))
}

func (m *Monitor) push(tx *engine.Tx, ids []string, day time.Time) (reminded, escalated int, err error) {
	var drafts []engine.Draft
	for _, id := range ids {
		k, ok, err := tx.Record("warnings", id)
		if err != nil {
			return 0, 0, err
		}
		if !ok || !workflow.IsOpen(k.Text("state")) || k.Text("due_on") == "" {
			continue
		}
		set := map[string]any{}
		office := officeOf(k)
		if over := workflow.Above(office); k.Text("due_on") < tx.Today() && over != "" {
			set["office"], set["escalated_on"] = over, tx.Today()
			if over == "town" { // the village's time is over, the office's begins
				set["due_on"], set["reminded_on"] = max(k.Text("settle_by"), tomorrow(day, m.Warnings.InForce())), nil
			} else if k.Text("reminded_on") == "" {
				set["reminded_on"] = tx.Today()
			}
			escalated++
		} else if k.Text("reminded_on") == "" {
			set["reminded_on"] = tx.Today()
			reminded++
		}
		if len(set) > 0 {
			drafts = append(drafts, engine.Draft{Type: "warnings", Record: id, Kind: wire.KindPatch, Set: set})
		}
	}
	if len(drafts) == 0 {
		return 0, 0, nil
	}
	return reminded, escalated, tx.Do(ruleDisposition, drafts)
}

// officeOf is who has to act: as it was said, else by the state.
func officeOf(k engine.Record) string {
	if o := k.Text("office"); o != "" {
		return o
	}
	stage, _ := workflow.StageOf(k.Text("state"))
	return stage.Office
}

func (r *round) begin(n *Round) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.now != nil && r.now.Running {
		return false
	}
	r.now = n
	return true
}

func (r *round) add(f func(*Round)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	f(r.now)
}

func (r *round) end(f func(*Round)) Round {
	r.add(f)
	return *r.now
}

// keep writes the round down.
func (m *Monitor) keep(ctx context.Context, r Round) error {
	return m.Engine.Update(ctx, func(tx *engine.Tx) error {
		if err := tx.Exec(`DELETE FROM monitoring_rounds WHERE id <= (SELECT max(id) - ? FROM monitoring_rounds)`, keptRounds); err != nil {
			return err
		}
		return tx.Exec(`INSERT INTO monitoring_rounds (begun, ended, why, households, raised, joined, cleared, reminded, escalated, error) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			r.Begun, r.Ended, r.Why, r.Households, r.Raised, r.Joined, r.Cleared, r.Reminded, r.Escalated, r.Error)
	})
}

// keptRounds are about two years of nights.
const keptRounds = 800

// Rounds lists the newest rounds, the running one first.
func (m *Monitor) Rounds(ctx context.Context, limit int) ([]Round, error) {
	out := []Round{}
	m.round.mu.Lock()
	if m.round.now != nil && m.round.now.Running {
		out = append(out, *m.round.now)
	}
	m.round.mu.Unlock()
	err := m.Engine.View(ctx, func(v *engine.View) error {
		rows, err := v.Query(`SELECT begun, ended, why, households, raised, joined, cleared, reminded, escalated, error FROM monitoring_rounds ORDER BY id DESC LIMIT ?`, limit)
		if err != nil {
			return err
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			var r Round
			if err := rows.Scan(&r.Begun, &r.Ended, &r.Why, &r.Households, &r.Raised, &r.Joined, &r.Cleared, &r.Reminded, &r.Escalated, &r.Error); err != nil {
				return err
			}
			out = append(out, r)
		}
		return rows.Err()
	})
	return out, err
}

// Running reports whether a round is on its way.
func (m *Monitor) Running() bool {
	m.round.mu.Lock()
	defer m.round.mu.Unlock()
	return m.round.now != nil && m.round.now.Running
}
