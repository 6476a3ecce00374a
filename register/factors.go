package register

import (
	"context"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"slices"
	"strings"
	"time"

	"doorstep/domain/factor"
	"doorstep/sync/engine"
	"doorstep/sync/wire"

	"github.com/go-json-experiment/json"
	"github.com/pquerna/otp"
)

// Factors are second factors (动态口令): six digits that a telephone's authenticator makes
// every thirty seconds (RFC 6238), or one of ten codes on paper, each good once. The secret
// lies sealed under a key that is outside of the database.
type Factors struct {
	Engine *engine.Engine
	Key    []byte
}

const recoveryCodes = 10

// Factor is what an account's owner sees of it.
type Factor struct {
	Since string `json:"since"` // "" none
	Left  int    `json:"recovery_left"`
}

type factorRow struct {
	secret, pending []byte
	since           string
	step            int64
	recovery        []string // digests
}

func (f *Factors) row(q func(string, ...any) (*sql.Rows, error), account string) (r factorRow, err error) {
	rows, err := q(`SELECT secret, since, step, recovery, pending FROM account_factors WHERE account = ?`, account)
	if err != nil {
		return r, err
	}
	defer func() { _ = rows.Close() }()
	if rows.Next() {
		var recovery string
		if err := rows.Scan(&r.secret, &r.since, &r.step, &recovery, &r.pending); err != nil {
			return r, err
		}
		if err := json.Unmarshal([]byte(recovery), &r.recovery); err != nil {
			return r, err
		}
	}
	return r, rows.Err()
}

// Of is an account's.
func (f *Factors) Of(ctx context.Context, account string) (Factor, error) {
	r, err := f.row(func(query string, args ...any) (*sql.Rows, error) { return f.Engine.Query(ctx, query, args...) }, account)
	return Factor{Since: r.since, Left: len(r.recovery)}, err
}

// Begin makes a secret, which counts once a code of it was seen.
func (f *Factors) Begin(ctx context.Context, account, login string) (*otp.Key, error) {
	key, err := factor.New(strings.TrimSuffix(login, localLogins), rand.Reader)
	if err != nil {
		return nil, err
	}
	sealed, err := f.seal(account, key.Secret())
	if err != nil {
		return nil, err
	}
	return key, f.Engine.Update(ctx, func(tx *engine.Tx) error {
		return tx.Exec(`INSERT INTO account_factors (account, secret, since, step, recovery, pending) VALUES (?, x'', '', 0, '[]', ?)
			ON CONFLICT (account) DO UPDATE SET pending = excluded.pending`, account, sealed)
	})
}

// Confirm takes the new secret into use by a first code of it, and answers the recovery
// codes, which are told once. Errors: wire.Invalid for a wrong code.
func (f *Factors) Confirm(ctx context.Context, by *engine.Account, code, origin string) (codes []string, err error) {
	err = f.Engine.Update(ctx, func(tx *engine.Tx) error {
		r, err := f.row(tx.Query, by.ID)
		if err != nil {
			return err
		}
		if len(r.pending) == 0 {
			return wire.InvalidField("code", factorNotBegun)
		}
		step, err := f.step(by.ID, r.pending, code, tx.Now())
		if err != nil {
			return err
		}
		if step == 0 {
			return wire.InvalidField("code", factorWrong)
		}
		digests, err := f.draw(&codes)
		if err != nil {
			return err
		}
		if err := tx.Exec(`UPDATE account_factors SET secret = pending, pending = x'', since = ?, step = ?, recovery = ? WHERE account = ?`, wire.Format(tx.Now()), step, encode(digests), by.ID); err != nil {
			return err
		}
		return tx.Audit(by, origin, "account.factor", by.ID, "")
	})
	return codes, err
}

// Renew answers other recovery codes; those before are worth nothing.
func (f *Factors) Renew(ctx context.Context, by *engine.Account, origin string) (codes []string, err error) {
	err = f.Engine.Update(ctx, func(tx *engine.Tx) error {
		digests, err := f.draw(&codes)
		if err != nil {
			return err
		}
		if err := tx.Exec(`UPDATE account_factors SET recovery = ? WHERE account = ?`, encode(digests), by.ID); err != nil {
			return err
		}
		return tx.Audit(by, origin, "account.recovery", by.ID, "")
	})
	return codes, err
}

// Drop takes the factor away: the telephone is lost, or its owner wants another.
func (f *Factors) Drop(ctx context.Context, by *engine.Account, account, origin string) error {
	return f.Engine.Update(ctx, func(tx *engine.Tx) error {
		if err := tx.Exec(`DELETE FROM account_factors WHERE account = ?`, account); err != nil {
			return err
		}
		return tx.Audit(by, origin, "account.factor_drop", account, "")
	})
}

// Right checks a code, of the authenticator or of the paper, and uses it up: a code that
// somebody looked over is worth nothing a second time.
func (f *Factors) Right(ctx context.Context, account, code, origin string) (right bool, err error) {
	code = factor.Plain(code)
	err = f.Engine.Update(context.WithoutCancel(ctx), func(tx *engine.Tx) error {
		right = false
		r, err := f.row(tx.Query, account)
		if err != nil || len(r.secret) == 0 {
			return err
		}
		step, err := f.step(account, r.secret, code, tx.Now())
		if err != nil {
			return err
		}
		if step > r.step {
			right = true
			return tx.Exec(`UPDATE account_factors SET step = ? WHERE account = ?`, step, account)
		}
		at := slices.Index(r.recovery, f.digest(code))
		if at < 0 {
			return nil
		}
		right = true
		left := slices.Delete(r.recovery, at, at+1)
		if err := tx.Exec(`UPDATE account_factors SET recovery = ? WHERE account = ?`, encode(left), account); err != nil {
			return err
		}
		return tx.Audit(&engine.Account{ID: account}, origin, "session.recovery_code", account, encode(map[string]int{"left": len(left)}))
	})
	return right && err == nil, err
}

// step is the thirty seconds whose code this is, 0 for a wrong one.
func (f *Factors) step(account string, sealed []byte, code string, now time.Time) (int64, error) {
	secret, err := f.open(account, sealed)
	if err != nil {
		return 0, err
	}
	return factor.Step(secret, code, now)
}

// draw makes recovery codes and what is kept of them.
func (f *Factors) draw(codes *[]string) (digests []string, err error) {
	*codes = nil
	for range recoveryCodes {
		word, err := drawLetters(10)
		if err != nil {
			return nil, err
		}
		*codes = append(*codes, word[:5]+"-"+word[5:])
		digests = append(digests, f.digest(word))
	}
	return digests, nil
}

func (f *Factors) digest(code string) string {
	mac := hmac.New(sha256.New, f.Key)
	mac.Write([]byte("recovery code\n" + code))
	return hex.EncodeToString(mac.Sum(nil))
}

func (f *Factors) cipher() (cipher.AEAD, error) { return factor.Sealing(f.Key, "second factor") }

func (f *Factors) seal(account, secret string) ([]byte, error) {
	c, err := f.cipher()
	if err != nil {
		return nil, err
	}
	return c.Seal(nil, nil, []byte(secret), []byte(account)), nil
}

var errFactorKey = errors.New("the key of second factors is another than the one they were sealed with: put the old server's sealing.key back, or take the factor from the account (doorstep account --drop-factor)")

func (f *Factors) open(account string, sealed []byte) (string, error) {
	c, err := f.cipher()
	if err != nil {
		return "", err
	}
	secret, err := c.Open(nil, nil, sealed, []byte(account))
	if err != nil {
		return "", errFactorKey
	}
	return string(secret), nil
}

const (
	factorNotBegun = "请先扫描二维码，再输入 6 位数字。"
	factorWrong    = "动态口令不对。请看手机验证器上现在的 6 位数字，并确认手机时间准确。"
)
