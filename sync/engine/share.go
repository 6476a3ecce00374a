package engine

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"doorstep/sync/policy"
	"doorstep/sync/wire"
)

// ScopeOf checks that a device may take a snapshot from the beginning, and names
// what it would read: two accounts with the same name get the same records, masked
// alike, so the work can be shared. The name changes with the newest line of the
// feed in the scope; "" is a scope that is nobody else's. Errors: those of Pull.
func (e *Engine) ScopeOf(ctx context.Context, by *Account, r PullRequest) (name string, err error) {
	if r.Schema != 0 && r.Schema < e.cfg.Schemas.Oldest {
		return "", wire.Err(wire.UpgradeRequired, "")
	}
	err = e.view(ctx, func(s *snapshot) error {
		fresh, d, err := e.reader(s, by.ID, r.Device)
		if err != nil {
			return err
		}
		e.heard(d, nil)
		status, err := readStatus(s.q)
		if err != nil {
			return err
		}
		name, err = fresh.scopeName(s, status)
		return err
	})
	return name, err
}

// reader checks that an account may read on a device.
func (e *Engine) reader(s *snapshot, account, device string) (*Account, *device, error) {
	by, err := readAccount(s, account)
	if err != nil {
		return nil, nil, err
	}
	if by == nil || by.Disabled {
		return nil, nil, wire.Err(wire.Unauthenticated, "")
	}
	d, err := deviceFor(s, by, device)
	if err == nil && d.revoked != "" {
		err = wire.Err(wire.DeviceRevoked, "device")
	}
	return by, d, err
}

func (e *Engine) heard(d *device, told *Told) {
	e.seen.note(d.num, seen{e.cfg.Now(), told})
	e.boot.read.Store(d.num, true)
}

// scopeName is the epoch, the grants, and the newest seq that any of them shows.
// Offices are few and their scopes large; what waits with its author is nobody
// else's: neither is shared.
func (a *Account) scopeName(s *snapshot, status *Status) (string, error) {
	if a.Circle() != policy.Tablet || len(a.Grants) == 0 {
		return "", nil
	}
	parts := []string{status.Epoch}
	var newest int64
	for _, g := range append([]Grant{{Kind: GrantHome, Value: "@" + a.ID}}, a.Grants...) {
		column := "home"
		if g.Kind == GrantArea {
			column = "area"
			if len(g.Value) != 12 {
				return "", nil
			}
		}
		var seq int64
		if err := s.queryRow("SELECT coalesce(max(seq), 0) FROM sync_feed WHERE "+column+" = ?", g.Value).Scan(&seq); err != nil {
			return "", err
		}
		if strings.HasPrefix(g.Value, "@") {
			if seq != 0 {
				return "", nil
			}
			continue
		}
		newest = max(newest, seq)
		parts = append(parts, g.Kind+" "+g.Value)
	}
	slices.Sort(parts[1:])
	return strings.Join(append(parts, strconv.FormatInt(newest, 10)), "\n"), nil
}

var errNotShared = errors.New("engine: a cursor with work of its own is nobody else's")

// Readdress makes of one account's cursor at the end of a shared snapshot another's
// whose scope has the same name. It is for snapshots from the beginning alone: such
// a cursor has taken in the grants as they stand, and has no work left.
func (e *Engine) Readdress(text string, by *Account) (string, error) {
	c, err := e.unseal(text)
	if err != nil {
		return "", err
	}
	if c == nil || len(c.Tasks) > 0 || c.Results != 0 {
		return "", errNotShared
	}
	c.Account = by.ID
	return e.seal(c)
}
