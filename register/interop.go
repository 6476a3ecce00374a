package register

import (
	"context"
	"time"

	"doorstep/domain/idnumber"
	"doorstep/interop"
	"doorstep/interop/dci"
	"doorstep/sync/engine"
	"doorstep/sync/wire"

	"github.com/go-json-experiment/json"
)

// Interop is the county's register as other offices' systems search it (interop.Register).
type Interop struct {
	Engine *engine.Engine
}

var _ interop.Register = Interop{}

// Admit takes a message once; a day of them is kept, longer than any signature holds, so
// that a copy is known for one also after a restart.
func (i Interop) Admit(ctx context.Context, a interop.Arrival) (why dci.Reason, err error) {
	err = i.Engine.Update(ctx, func(tx *engine.Tx) error {
		now, day := wire.Format(tx.Now()), wire.Format(tx.Now().Add(-24*time.Hour))
		var repeated, minute, whole int
		rows, err := tx.Query(`SELECT coalesce(sum(message = ?2), 0), coalesce(sum(iif(at > ?3, searches, 0)), 0), coalesce(sum(iif(at > ?4, searches, 0)), 0) FROM interop_messages WHERE sender = ?1`,
			a.Sender.ID, a.MessageID, wire.Format(tx.Now().Add(-time.Minute)), day)
		if err != nil {
			return err
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			if err := rows.Scan(&repeated, &minute, &whole); err != nil {
				return err
			}
		}
		if err := rows.Err(); err != nil {
			return err
		}
		switch {
		case repeated > 0:
			why = dci.RepeatedMessage
		case minute+a.Searches > a.Sender.PerMinute, whole+a.Searches > a.Sender.PerDay:
			why = dci.TooManyRequests
		default:
			if err := tx.Exec(`DELETE FROM interop_messages WHERE sender = ? AND at <= ?`, a.Sender.ID, day); err != nil {
				return err
			}
			return tx.Exec(`INSERT INTO interop_messages (sender, message, at, searches) VALUES (?, ?, ?, ?)`, a.Sender.ID, a.MessageID, now, a.Searches)
		}
		return nil
	})
	return why, err
}

// Enter writes every search into the audit log: who asked, for what purpose, by what, and
// how many were found. Of an ID number it keeps what a masked one shows.
func (i Interop) Enter(ctx context.Context, entries []interop.Entry) error {
	return i.Engine.Update(ctx, func(tx *engine.Tx) error {
		for k := range entries {
			n := &entries[k]
			detail, err := json.Marshal(map[string]any{"sender": n.Sender.Name, "message": n.MessageID, "reference": n.Reference, "purpose": n.Purpose,
				"asked": n.Where.Told(idnumber.Mask), "found": n.Total, "rejected": string(n.Reason)}, json.Deterministic(true))
			if err != nil {
				return err
			}
			if err := tx.Audit(&engine.Account{ID: "dci:" + n.Sender.ID}, n.Origin, "registry.search", n.Subject, string(detail)); err != nil {
				return err
			}
		}
		return nil
	})
}
