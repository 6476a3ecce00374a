package demo

import (
	"fmt"

	"doorstep/sync/engine"

	"github.com/pocketbase/pocketbase/core"
)

// accounts makes who is missing and grants what they see. The last account stands
// for a load that was finished.
func (l *loader) accounts() error {
	users, err := l.App.FindCollectionByNameOrId("users")
	if err != nil {
		return fmt.Errorf("demo: accounts: %w", err)
	}
	var hash string // bcrypt takes longer than the rest of an account; they share one password anyway
	for _, a := range Accounts() {
		user, err := l.App.FindAuthRecordByEmail(users, a.Email)
		if err != nil {
			if user, hash, err = l.newUser(users, a, hash); err != nil {
				return fmt.Errorf("demo: account %s: %w", a.Email, err)
			}
		}
		if err := l.grant(user.Id, a); err != nil {
			return fmt.Errorf("demo: grants of %s: %w", a.Email, err)
		}
	}
	return nil
}

func (l *loader) newUser(users *core.Collection, a Account, hash string) (*core.Record, string, error) {
	user := core.NewRecord(users)
	user.SetEmail(a.Email)
	user.SetVerified(true)
	user.Set("name", a.Name)
	user.Set("role", string(a.Role))
	user.Set("office", a.Office)
	user.Set("department", a.Of)
	if hash == "" {
		user.SetPassword(Password)
	} else {
		user.SetRaw(core.FieldNamePassword, &core.PasswordFieldValue{Hash: hash})
	}
	if err := l.App.Save(user); err != nil {
		return nil, "", err
	}
	if value, ok := user.GetRaw(core.FieldNamePassword).(*core.PasswordFieldValue); ok {
		hash = value.Hash
	}
	return user, hash, nil
}

func (l *loader) grant(user string, a Account) error {
	var grants []engine.Grant
	for _, area := range a.Areas {
		grants = append(grants, engine.Grant{Kind: engine.GrantArea, Value: area})
	}
	if a.Assigned {
		for _, household := range l.assigned {
			grants = append(grants, engine.Grant{Kind: engine.GrantHome, Value: household})
		}
	}
	return l.Engine.Update(l.ctx, func(tx *engine.Tx) error { return tx.SetGrants(user, grants, engine.Server) })
}
