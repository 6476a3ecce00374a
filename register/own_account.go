package register

import (
	"context"
	"errors"
	"strings"

	"doorstep/domain/access"
	"doorstep/domain/passphrase"
	"doorstep/sync/engine"
	"doorstep/sync/wire"

	"github.com/pocketbase/pocketbase/core"
)

// OwnAccount is what somebody does with their own account: another passphrase, the second
// factor, their sessions.
type OwnAccount struct {
	App      core.App
	Engine   *engine.Engine
	Attempts *Attempts
	Sessions *Sessions
	Factors  *Factors
}

// Steps that an account must take before anything else, in this order.
const (
	StepPassword = "password" // the first passphrase is on a slip of paper
	StepFactor   = "factor"   // this office must have a second factor, and this account has none
)

// markFirst notes that an account's passphrase was handed out by somebody.
const markFirst = `INSERT OR REPLACE INTO account_firsts (account, since) VALUES (?, ?)`

// Step is what an account must do first, "" for nothing.
func (o *OwnAccount) Step(ctx context.Context, account string, role access.Role, factorAsked bool) (string, error) {
	rows, err := o.Engine.Query(ctx, `SELECT 1 FROM account_firsts WHERE account = ?`, account)
	if err != nil {
		return "", err
	}
	first := rows.Next()
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return "", err
	}
	if first {
		return StepPassword, nil
	}
	if !factorAsked || !access.AboveVillage(role) {
		return "", nil
	}
	factor, err := o.Factors.Of(ctx, account)
	if err == nil && factor.Since == "" {
		return StepFactor, nil
	}
	return "", err
}

// Passphrases are the old and the new one.
type Passphrases struct {
	Old string `json:"old" validate:"required,max=255"`
	New string `json:"new" validate:"required,max=255"`
}

// SetPassphrase changes one's own. All other sessions end; the account's record is
// answered, whose new key signs the next token. Errors: wire.Invalid with the field,
// wire.Busy for who guesses the old one.
func (o *OwnAccount) SetPassphrase(ctx context.Context, by *engine.Account, p Passphrases, proof, origin string) (*core.Record, error) {
	rec, err := o.App.FindRecordById("users", by.ID)
	if err != nil {
		return nil, err
	}
	try, err := o.Attempts.Begin(ctx, by.ID, rec.Email(), proof, origin)
	if err != nil {
		return nil, err
	}
	if !rec.ValidatePassword(p.Old) {
		return nil, wire.InvalidField("old", passphraseWrong)
	}
	if err := try.Right(ctx); err != nil {
		return nil, err
	}
	if p.New == p.Old {
		return nil, wire.InvalidField("new", passphraseSame)
	}
	if code, text := passphrase.Fault(p.New, strings.TrimSuffix(rec.Email(), localLogins), rec.GetString("name")); code != "" {
		return nil, wire.InvalidField("new", text)
	}
	rec.SetPassword(p.New)
	rec.RefreshTokenKey()
	if err := o.App.Save(rec); err != nil {
		return nil, err
	}
	err = o.Engine.Update(context.WithoutCancel(ctx), func(tx *engine.Tx) error {
		if err := tx.Exec(`DELETE FROM account_firsts WHERE account = ?`, by.ID); err != nil {
			return err
		}
		return tx.Audit(by, origin, "account.password", by.ID, "")
	})
	if err != nil {
		return nil, err
	}
	return rec, o.Sessions.EndAll(ctx, by, by.ID, "", "password", origin)
}

// Checked checks one's own passphrase again, before something that a browser left open
// must not do. Errors: wire.Invalid, wire.Busy.
func (o *OwnAccount) Checked(ctx context.Context, by *engine.Account, typed, proof, origin string) (*core.Record, error) {
	rec, err := o.App.FindRecordById("users", by.ID)
	if err != nil {
		return nil, err
	}
	try, err := o.Attempts.Begin(ctx, by.ID, rec.Email(), proof, origin)
	if err != nil {
		return nil, err
	}
	if !rec.ValidatePassword(typed) {
		return nil, wire.InvalidField("password", passphraseWrong)
	}
	return rec, try.Right(ctx)
}

const (
	passphraseWrong = "现在的密码不对，请再试。"
	passphraseSame  = "新密码不能和现在的一样。"
)
