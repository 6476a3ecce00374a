package register

import (
	"context"
	"time"

	"doorstep/domain/access"
	"doorstep/domain/referral"
	"doorstep/sync/engine"
	"doorstep/sync/wire"

	"github.com/go-json-experiment/json"
)

// The messages to departments' systems: what is to be told stands in the database
// with the deed that it tells of, in one transaction, and stays until it arrived or
// was given up. Nobody is named in one: it says which referral, and who has the
// department's account reads it.

// notice is a message's body, whole. A person's name, number or household is no
// member of it, and none may become one (domain §8).
type notice struct {
	Type      string     `json:"type"`
	Timestamp string     `json:"timestamp"`
	Data      noticeData `json:"data"`
}

type noticeData struct {
	Referral   string `json:"referral"`
	Kind       string `json:"kind"`
	Department string `json:"department"`
	Item       string `json:"item"`
	State      string `json:"state"`
	DueOn      string `json:"due_on"`
}

// maxWaiting bounds the messages of one department that wait: a system that has been
// away for so long asks the list instead.
const maxWaiting = 10_000

// notify enters a message where the department has a system that is told.
func notify(tx *engine.Tx, event string, r engine.Record) error {
	department := r.Text("department")
	found, err := idsOf(tx.Query(`SELECT department FROM webhook_targets WHERE department = ? AND enabled = 1
		AND (SELECT count(*) FROM webhook_messages m WHERE m.department = webhook_targets.department AND m.state = 'waiting') < ?`, department, maxWaiting))
	if err != nil || len(found) == 0 {
		return err
	}
	body, err := json.Marshal(notice{event, wire.Format(tx.Now()), noticeData{r.ID(), r.Text("kind"), department, r.Text("item"), r.Text("state"), r.Text("due_on")}}, json.Deterministic(true))
	if err != nil {
		return err
	}
	return tx.Exec(`INSERT INTO webhook_messages (id, department, event, referral, body, made, state, attempts, next_at, ended) VALUES (?, ?, ?, ?, ?, ?, 'waiting', 0, ?, '')`,
		tx.NewID(), department, event, r.ID(), string(body), wire.Format(tx.Now()), wire.Format(tx.Now()))
}

// Courier keeps what departments' systems are told.
type Courier struct{ Engine *engine.Engine }

// Letter is a message that is due, with what it takes to deliver it.
type Letter struct {
	ID, Department, URL string
	Body                []byte
	Keys                []string
	Attempt             int // this one's number since it was made or replayed
}

// Waiting lists the departments for whose systems something is due.
func (c *Courier) Waiting(ctx context.Context) (departments []string, err error) {
	err = c.Engine.View(ctx, func(v *engine.View) error {
		departments, err = idsOf(v.Query(`SELECT DISTINCT m.department FROM webhook_messages m JOIN webhook_targets t ON t.department = m.department AND t.enabled = 1
			WHERE m.state = 'waiting' AND m.next_at <= ? ORDER BY 1`, wire.Format(c.Engine.Now())))
		return err
	})
	return departments, err
}

// Claim takes the oldest due message of a department for one attempt; nil if there is
// none. It counts the attempt, and puts the message off to after it, before it is
// made: a server that dies in between tries again later, and never more often.
func (c *Courier) Claim(ctx context.Context, department string, wait func(attempt int) (time.Duration, bool)) (*Letter, error) {
	var out *Letter
	err := c.Engine.Update(ctx, func(tx *engine.Tx) error {
		out = nil
		rows, err := tx.Query(`SELECT m.id, m.body, m.attempts, t.url, t.key, t.older_key FROM webhook_messages m JOIN webhook_targets t ON t.department = m.department AND t.enabled = 1
			WHERE m.state = 'waiting' AND m.next_at <= ? AND m.department = ? ORDER BY m.next_at, m.id LIMIT 1`, wire.Format(tx.Now()), department)
		if err != nil {
			return err
		}
		l := Letter{Department: department}
		var body, key, older string
		found := rows.Next()
		if found {
			err = rows.Scan(&l.ID, &body, &l.Attempt, &l.URL, &key, &older)
		}
		if closing := rows.Close(); err == nil {
			err = closing
		}
		if err != nil || !found {
			return err
		}
		l.Attempt++
		l.Body, l.Keys = []byte(body), []string{key}
		if older != "" {
			l.Keys = append(l.Keys, older)
		}
		next, more := wait(l.Attempt)
		if !more {
			next = 24 * time.Hour // it is the last; only a server that dies in it comes back
		}
		out = &l
		return tx.Exec(`UPDATE webhook_messages SET attempts = ?, next_at = ? WHERE id = ?`, l.Attempt, wire.Format(tx.Now().Add(next)), l.ID)
	})
	return out, err
}

// Tried is what came of an attempt.
type Tried struct {
	At     time.Time
	Status int
	Fault  string
	Millis int64
	Ended  string // "delivered", "failed"; "" it is tried again
}

// Note enters an attempt into the delivery log.
func (c *Courier) Note(ctx context.Context, l *Letter, t Tried) error {
	return c.Engine.Update(ctx, func(tx *engine.Tx) error {
		if err := tx.Exec(`INSERT INTO webhook_attempts (message, n, at, status, fault, millis) SELECT ?1, coalesce(max(n), 0) + 1, ?2, ?3, ?4, ?5 FROM webhook_attempts WHERE message = ?1`,
			l.ID, wire.Format(t.At), t.Status, t.Fault, t.Millis); err != nil {
			return err
		}
		if t.Ended == "" {
			return nil
		}
		return tx.Exec(`UPDATE webhook_messages SET state = ?, next_at = '', ended = ? WHERE id = ?`, t.Ended, wire.Format(tx.Now()), l.ID)
	})
}

// keptDays is how long the delivery log says what was told (等保: six months at least).
const keptDays = 200

// Forget removes what ended long ago, and inquiries that no limit counts any more;
// the audit log keeps its own.
func (c *Courier) Forget(ctx context.Context) error {
	return c.Engine.Update(ctx, func(tx *engine.Tx) error {
		before := wire.Format(tx.Now().AddDate(0, 0, -keptDays))
		for _, q := range []string{
			`DELETE FROM webhook_attempts WHERE message IN (SELECT id FROM webhook_messages WHERE ended <> '' AND ended < ?)`,
			`DELETE FROM webhook_messages WHERE ended <> '' AND ended < ?`,
			`DELETE FROM status_inquiries WHERE at < ?`,
		} {
			if err := tx.Exec(q, before); err != nil {
				return err
			}
		}
		return nil
	})
}

// receives reports whether a department is one that referrals go to.
func receives(department string) bool {
	return access.IsDepartment(department) && len(referral.Inquiries(department)) > 0
}
