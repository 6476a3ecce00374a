package register

import (
	"context"
	"crypto/rand"
	"database/sql"

	"doorstep/sync/engine"
	"doorstep/sync/wire"
)

// KeyMaker draws a key's text; the rooms that sign know its shape.
type KeyMaker func() (string, error)

// Target is a department's system as the desk sees it: never its keys.
type Target struct {
	Department string `json:"department"`
	URL        string `json:"url"`
	Enabled    bool   `json:"enabled"`
	Keys       int    `json:"keys"` // how many are valid
	Changed    string `json:"changed"`
	Waiting    int    `json:"waiting"`
	Failed     int    `json:"failed"`
	Delivered  string `json:"delivered"` // when the last one arrived
}

// Targets lists the departments' systems.
func (c *Courier) Targets(ctx context.Context) ([]Target, error) {
	out := []Target{}
	err := c.Engine.View(ctx, func(v *engine.View) error {
		rows, err := v.Query(`SELECT department, url, enabled, 1 + (older_key <> ''), changed,
			(SELECT count(*) FROM webhook_messages m WHERE m.department = t.department AND m.state = 'waiting'),
			(SELECT count(*) FROM webhook_messages m WHERE m.department = t.department AND m.state = 'failed'),
			coalesce((SELECT max(ended) FROM webhook_messages m WHERE m.department = t.department AND m.state = 'delivered'), '')
			FROM webhook_targets t ORDER BY department`)
		if err != nil {
			return err
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			var t Target
			if err := rows.Scan(&t.Department, &t.URL, &t.Enabled, &t.Keys, &t.Changed, &t.Waiting, &t.Failed, &t.Delivered); err != nil {
				return err
			}
			out = append(out, t)
		}
		return rows.Err()
	})
	return out, err
}

// Set says where a department's system is told, or that it is told no more. The first
// time a key is drawn and answered, once.
func (c *Courier) Set(ctx context.Context, by *engine.Account, origin, department, url string, enabled bool, draw KeyMaker) (key string, err error) {
	if !receives(department) {
		return "", wire.Err(wire.NotFound, "department")
	}
	fresh, err := draw()
	if err != nil {
		return "", err
	}
	err = c.Engine.Update(ctx, func(tx *engine.Tx) error {
		key = ""
		known, err := idsOf(tx.Query(`SELECT department FROM webhook_targets WHERE department = ?`, department))
		if err != nil {
			return err
		}
		if len(known) == 0 {
			key = fresh
			err = tx.Exec(`INSERT INTO webhook_targets (department, url, enabled, key, older_key, changed, changed_by) VALUES (?, ?, ?, ?, '', ?, ?)`, department, url, enabled, key, wire.Format(tx.Now()), by.ID)
		} else {
			err = tx.Exec(`UPDATE webhook_targets SET url = ?, enabled = ?, changed = ?, changed_by = ? WHERE department = ?`, url, enabled, wire.Format(tx.Now()), by.ID, department)
		}
		if err != nil {
			return err
		}
		return tx.Audit(by, origin, "webhook.set", department, url)
	})
	return key, err
}

// Rotate draws a new key, which is answered once; the one before stays valid beside it
// until it is retired or the next is drawn.
func (c *Courier) Rotate(ctx context.Context, by *engine.Account, origin, department string, draw KeyMaker) (string, error) {
	key, err := draw()
	if err != nil {
		return "", err
	}
	return key, c.change(ctx, by, origin, "webhook.rotate", department, `UPDATE webhook_targets SET older_key = key, key = ?, changed = ?, changed_by = ? WHERE department = ?`, key)
}

// Retire ends the older of two keys.
func (c *Courier) Retire(ctx context.Context, by *engine.Account, origin, department string) error {
	return c.change(ctx, by, origin, "webhook.retire", department, `UPDATE webhook_targets SET older_key = ?, changed = ?, changed_by = ? WHERE department = ?`, "")
}

func (c *Courier) change(ctx context.Context, by *engine.Account, origin, action, department, query, key string) error {
	return c.Engine.Update(ctx, func(tx *engine.Tx) error {
		known, err := idsOf(tx.Query(`SELECT department FROM webhook_targets WHERE department = ?`, department))
		if err == nil && len(known) == 0 {
			err = wire.Err(wire.NotFound, "department")
		}
		if err != nil {
			return err
		}
		if err := tx.Exec(query, key, wire.Format(tx.Now()), by.ID, department); err != nil {
			return err
		}
		return tx.Audit(by, origin, action, department, "")
	})
}

// Message is one line of the delivery log, with its last attempt.
type Message struct {
	ID         string `json:"id"`
	Department string `json:"department"`
	Event      string `json:"event"`
	Referral   string `json:"referral"`
	Made       string `json:"made"`
	State      string `json:"state"` // waiting, delivered, failed
	Attempts   int    `json:"attempts"`
	NextAt     string `json:"next_at"`
	Ended      string `json:"ended"`
	LastAt     string `json:"last_at"`
	Status     int    `json:"status"`
	Fault      string `json:"fault"`
	Millis     int64  `json:"millis"`
}

// Messages lists the delivery log of one department or ("") of all, the newest first.
func (c *Courier) Messages(ctx context.Context, department, state string, limit int, after int64) (items []Message, next string, err error) {
	items = []Message{}
	err = c.Engine.View(ctx, func(v *engine.View) error {
		rows, err := v.Query(`SELECT m.id, m.department, m.event, m.referral, m.made, m.state, (SELECT count(*) FROM webhook_attempts a WHERE a.message = m.id), m.next_at, m.ended,
				coalesce(a.at, ''), coalesce(a.status, 0), coalesce(a.fault, ''), coalesce(a.millis, 0)
			FROM webhook_messages m LEFT JOIN webhook_attempts a ON a.message = m.id AND a.n = (SELECT max(n) FROM webhook_attempts b WHERE b.message = m.id)
			WHERE (?1 = '' OR m.department = ?1) AND (?2 = '' OR m.state = ?2) ORDER BY m.made DESC, m.id DESC LIMIT ?3 OFFSET ?4`, department, state, limit+1, after)
		if err != nil {
			return err
		}
		items, err = scanMessages(rows)
		return err
	})
	if len(items) > limit {
		items, next = items[:limit], engine.NextPage(after+int64(limit))
	}
	return items, next, err
}

func scanMessages(rows *sql.Rows) ([]Message, error) {
	defer func() { _ = rows.Close() }()
	out := []Message{}
	for rows.Next() {
		var m Message
		if err := rows.Scan(&m.ID, &m.Department, &m.Event, &m.Referral, &m.Made, &m.State, &m.Attempts, &m.NextAt, &m.Ended, &m.LastAt, &m.Status, &m.Fault, &m.Millis); err != nil {
			return nil, err
		}
		out = append(out, m)
	}
	return out, rows.Err()
}

// Replay lets a message be told again from its first attempt, with the id and the bytes
// it had: a receiver that has it already knows it.
func (c *Courier) Replay(ctx context.Context, by *engine.Account, origin, id string) error {
	return c.Engine.Update(ctx, func(tx *engine.Tx) error {
		known, err := idsOf(tx.Query(`SELECT id FROM webhook_messages WHERE id = ?`, id))
		if err == nil && len(known) == 0 {
			err = wire.Err(wire.NotFound, "message")
		}
		if err != nil {
			return err
		}
		if err := tx.Exec(`UPDATE webhook_messages SET state = 'waiting', attempts = 0, next_at = ?, ended = '' WHERE id = ?`, wire.Format(tx.Now()), id); err != nil {
			return err
		}
		return tx.Audit(by, origin, "webhook.replay", id, "")
	})
}

// Spread draws from 0 to 1, so that what failed together does not come back together.
func Spread() float64 {
	var b [1]byte
	if _, err := rand.Read(b[:]); err != nil {
		return 0
	}
	return float64(b[0]) / 255
}
