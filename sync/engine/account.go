package engine

import (
	"context"
	"database/sql"
	"errors"
	"slices"

	"doorstep/domain/access"
	"doorstep/sync/policy"
	"doorstep/sync/wire"
)

// Kinds of a grant: an area by prefix of the region code, or one household.
const (
	GrantArea = "area"
	GrantHome = "home"
)

// Grant is one thing that an account may see.
type Grant struct {
	ID       int64
	Kind     string
	Value    string
	FromSeq  int64 // the seq at which it was given
	UntilSeq int64 // the seq at which it was withdrawn; 0: it stands
}

// Account is who acts: a role, an office and the grants that stand.
type Account struct {
	ID         string
	Name       string
	Role       access.Role
	Office     string
	Department string // of sync/policy's departments; "" but for a department's officer
	Disabled   bool
	Grants     []Grant // those that stand
	Withdrawn  []Grant
	everything bool // the server itself
}

// Server is the actor of rules, imports and the server's own work.
var Server = &Account{ID: "server", Name: "系统", everything: true}

// Circle is the account's circle of writers. Auditors and others without one
// never get here: hooks ask domain/access first.
func (a *Account) Circle() policy.Writer {
	if a.everything {
		return policy.Server
	}
	if a.Role.Circle() == access.TownCircle {
		return policy.Town
	}
	return policy.Tablet
}

// Reviewer reports whether the account's own operations are confirmed at once.
func (a *Account) Reviewer() bool { return a.Circle() != policy.Tablet }

// Person is the account as others see it.
func (a *Account) Person() wire.Person {
	return wire.Person{ID: a.ID, Name: a.Name, Role: string(a.Role)}
}

// Scope is the account's grants as its clients see them.
func (a *Account) Scope() access.Scope {
	s := access.Scope{Areas: []string{}, Households: []string{}}
	for _, g := range a.Grants {
		if g.Kind == GrantArea {
			s.Areas = append(s.Areas, g.Value)
		} else {
			s.Households = append(s.Households, g.Value)
		}
	}
	return s
}

// rowsQuerier is what reads share: the writer's transaction or a read snapshot.
type rowsQuerier interface {
	opener
	query(query string, args ...any) (*sql.Rows, error)
	queryRow(query string, args ...any) *sql.Row
}

// Account reads an account with its grants; nil if there is none.
func (e *Engine) Account(ctx context.Context, id string) (*Account, error) {
	return readAccount(&snapshot{ctx: ctx, ring: e.cfg.Ring, q: e.read}, id)
}

// account reads an account as of this transaction; nil if there is none.
func (tx *Tx) account(id string) (*Account, error) {
	if id == Server.ID {
		return Server, nil
	}
	if a, ok := tx.people[id]; ok {
		return a, nil
	}
	a, err := readAccount(tx, id)
	if err == nil {
		tx.people[id] = a
	}
	return a, err
}

func readAccount(q rowsQuerier, id string) (*Account, error) {
	a := &Account{}
	err := q.queryRow(`SELECT id, name, role, office, department, disabled FROM users WHERE id = ?`, id).
		Scan(&a.ID, &a.Name, &a.Role, &a.Office, &a.Department, &a.Disabled)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	rows, err := q.query(`SELECT id, kind, value, from_seq, until_seq FROM sync_grants WHERE account = ? ORDER BY id`, id)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var g Grant
		if err := rows.Scan(&g.ID, &g.Kind, &g.Value, &g.FromSeq, &g.UntilSeq); err != nil {
			return nil, err
		}
		if g.UntilSeq == 0 {
			a.Grants = append(a.Grants, g)
		} else {
			a.Withdrawn = append(a.Withdrawn, g)
		}
	}
	return a, rows.Err()
}

// Grants are those of an account that stand; wire.NotFound if there is no such account.
func (tx *Tx) Grants(account string) ([]Grant, error) {
	a, err := tx.account(account)
	if err == nil && a == nil {
		err = wire.Err(wire.NotFound, "account")
	}
	if err != nil {
		return nil, err
	}
	return slices.Clone(a.Grants), nil
}

// SetGrants makes the account's grants exactly these: what is missing is given,
// what is too much is withdrawn, each at a seq of its own. What the account
// handed in while it was out of scope is looked at again.
func (tx *Tx) SetGrants(account string, grants []Grant, by *Account) error {
	a, err := tx.account(account)
	if err != nil {
		return err
	}
	if a == nil {
		return wire.Err(wire.NotFound, "account")
	}
	keep := map[[2]string]bool{}
	for _, g := range grants {
		keep[[2]string{g.Kind, g.Value}] = true
	}
	for _, g := range a.Grants {
		key := [2]string{g.Kind, g.Value}
		if keep[key] {
			delete(keep, key)
			continue
		}
		seq, err := tx.note(by, "revoke", "grants", account, map[string]any{"kind": g.Kind, "value": g.Value})
		if err != nil {
			return err
		}
		if err := tx.exec(`UPDATE sync_grants SET until_seq = ? WHERE id = ?`, seq, g.ID); err != nil {
			return err
		}
	}
	for _, g := range grants {
		if !keep[[2]string{g.Kind, g.Value}] {
			continue
		}
		delete(keep, [2]string{g.Kind, g.Value})
		seq, err := tx.note(by, "grant", "grants", account, map[string]any{"kind": g.Kind, "value": g.Value})
		if err != nil {
			return err
		}
		if err := tx.exec(`INSERT INTO sync_grants (account, kind, value, from_seq, until_seq) VALUES (?, ?, ?, ?, 0)`, account, g.Kind, g.Value, seq); err != nil {
			return err
		}
	}
	delete(tx.people, account)
	tx.signals = append(tx.signals, signal{tx.status.Seq, location{Home: "@" + account}})
	return tx.retryHeldOf(account)
}
