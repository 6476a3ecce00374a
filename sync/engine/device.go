package engine

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"doorstep/sync/wire"

	"github.com/google/uuid"
)

// Kinds of a device. Each console profile, import batch and rule has one of its own.
const (
	KindTablet  = "tablet"
	KindConsole = "console"
	KindRule    = "rule"
	KindImport  = "import"
)

// maxDevices bounds the registrations of one account.
const maxDevices = 200

type device struct {
	num     int64
	id      string
	account string
	kind    string
	nextN   int64
	revoked string
}

const deviceColumns = `num, id, account, kind, next_n, revoked`

func scanDevice(s scanner) (*device, error) {
	d := &device{}
	err := s.Scan(&d.num, &d.id, &d.account, &d.kind, &d.nextN, &d.revoked)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return d, err
}

// Register mints a device for one installation of the app.
func (e *Engine) Register(ctx context.Context, by *Account, r wire.Register, origin string) (wire.Registered, error) {
	var out wire.Registered
	err := e.Update(ctx, func(tx *Tx) error {
		var n int
		if err := tx.queryRow(`SELECT count(*) FROM sync_devices WHERE account = ? AND kind = 'tablet'`, by.ID).Scan(&n); err != nil {
			return err
		}
		if n >= maxDevices {
			return wire.Overloaded()
		}
		d, err := tx.newDevice(by.ID, KindTablet, r)
		if err != nil {
			return err
		}
		out = wire.Registered{Device: d.id, Epoch: tx.status.Epoch, NextN: d.nextN, ServerTime: tx.stamp}
		return tx.audit(by.ID, d.id, origin, "device.register", d.id, 0, 0, "")
	})
	return out, err
}

func (tx *Tx) newDevice(account, kind string, r wire.Register) (*device, error) {
	d := &device{id: uuid.NewString(), account: account, kind: kind, nextN: 1}
	err := tx.exec(`INSERT INTO sync_devices (id, account, kind, name, platform, app, registered, last_seen, next_n, skew_ms, revoked)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1, 0, '')`, d.id, account, kind, r.Name, r.Platform, r.App, tx.stamp, tx.stamp)
	if err != nil {
		return nil, err
	}
	return d, tx.queryRow(`SELECT num FROM sync_devices WHERE id = ?`, d.id).Scan(&d.num)
}

// desk is the device under which an account's own acts at a desk are logged.
func (tx *Tx) desk(by *Account) (*device, error) {
	kind := KindConsole
	if by.everything {
		kind = KindRule
	}
	return tx.serverDevice(kind, by.ID)
}

// serverDevice finds or makes a device that the server itself numbers.
func (tx *Tx) serverDevice(kind, name string) (*device, error) {
	d, err := scanDevice(tx.queryRow(`SELECT `+deviceColumns+` FROM sync_devices WHERE account = ? AND kind = ? LIMIT 1`, name, kind))
	if d != nil || err != nil {
		return d, err
	}
	return tx.newDevice(name, kind, wire.Register{Name: name})
}

func (tx *Tx) advance(d *device, nextN int64) error {
	d.nextN = nextN
	return tx.exec(`UPDATE sync_devices SET next_n = ? WHERE num = ?`, nextN, d.num)
}

// deviceFor finds a device that the account may speak for: its own, or one that
// it shares (registered by an account whose scope meets its own). Anything else
// is "not there".
func deviceFor(q rowsQuerier, a *Account, id string) (*device, error) {
	d, err := scanDevice(q.queryRow(`SELECT `+deviceColumns+` FROM sync_devices WHERE id = ? AND kind = 'tablet'`, id))
	if err != nil {
		return nil, err
	}
	if d == nil {
		return nil, wire.Err(wire.NotFound, "device")
	}
	if d.account == a.ID {
		return d, nil
	}
	owner, err := readAccount(q, d.account)
	if err != nil {
		return nil, err
	}
	if owner == nil || !a.meets(owner) {
		return nil, wire.Err(wire.NotFound, "device")
	}
	return d, nil
}

// meets reports whether two accounts have an area or a household in common,
// standing or withdrawn: colleagues who share a tablet.
func (a *Account) meets(b *Account) bool {
	for _, x := range append(a.Grants[:len(a.Grants):len(a.Grants)], a.Withdrawn...) {
		for _, y := range append(b.Grants[:len(b.Grants):len(b.Grants)], b.Withdrawn...) {
			if x.Kind == y.Kind && (x.Value == y.Value || x.Kind == GrantArea && len(x.Value) == 12 && len(y.Value) == 12 && strings.HasPrefix(x.Value, y.Value[:9])) {
				return true
			}
		}
	}
	return false
}

// Device checks that the account may speak for a device; hooks that take a
// device beside their own work (uploads) ask it.
func (e *Engine) Device(ctx context.Context, a *Account, id string) error {
	_, err := deviceFor(&snapshot{ctx: ctx, ring: e.cfg.Ring, q: e.read}, a, id)
	return err
}

// MayRead checks that the account may read on a device: wire.NotFound if it may
// not speak for it, wire.DeviceRevoked if that was withdrawn.
func (e *Engine) MayRead(ctx context.Context, a *Account, id string) error {
	d, err := deviceFor(&snapshot{ctx: ctx, ring: e.cfg.Ring, q: e.read}, a, id)
	if err == nil && d.revoked != "" {
		err = wire.Err(wire.DeviceRevoked, "device")
	}
	return err
}

// KeyOpened checks, as of now, that the account may still read on the device, and
// puts into the audit log that its data key was opened for it.
func (e *Engine) KeyOpened(ctx context.Context, by *Account, id, origin string) error {
	return e.Update(ctx, func(tx *Tx) error {
		d, err := deviceFor(tx, by, id)
		if err != nil {
			return err
		}
		if d.revoked != "" {
			return wire.Err(wire.DeviceRevoked, "device")
		}
		return tx.audit(by.ID, d.id, origin, "device.open_key", d.id, 0, 0, "")
	})
}

// Revoke withdraws a device: it reads nothing more, and what it hands in is held.
func (e *Engine) Revoke(ctx context.Context, by *Account, id, origin string) error {
	return e.Update(ctx, func(tx *Tx) error {
		d, err := scanDevice(tx.queryRow(`SELECT `+deviceColumns+` FROM sync_devices WHERE id = ?`, id))
		if err != nil {
			return err
		}
		if d == nil || d.kind != KindTablet {
			return wire.Err(wire.NotFound, "device")
		}
		owner, err := tx.account(d.account)
		if err != nil {
			return err
		}
		if owner == nil || !by.oversees(owner) {
			return wire.Err(wire.NotFound, "device")
		}
		seq, err := tx.note(by, "revoke_device", "devices", d.id, nil)
		if err != nil {
			return err
		}
		tx.signals = append(tx.signals, signal{seq, location{Home: "@" + d.account}})
		if err := tx.e.journal(revocation{Device: d.id, At: tx.stamp}); err != nil {
			return err
		}
		if err := tx.exec(`UPDATE sync_devices SET revoked = ? WHERE num = ?`, tx.stamp, d.num); err != nil {
			return err
		}
		return tx.audit(by.ID, d.id, origin, "device.revoke", d.id, seq, seq, "")
	})
}

// oversees reports whether an account's areas cover another's office: a town its
// villages' people, the county everybody's.
func (a *Account) oversees(b *Account) bool {
	for _, g := range a.Grants {
		if g.Kind == GrantArea && b.Office != "" && strings.HasPrefix(b.Office, g.Value) {
			return true
		}
	}
	return a.Role == "admin"
}
