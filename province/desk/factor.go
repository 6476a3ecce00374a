package desk

import (
	"context"
	"crypto/cipher"
	"crypto/rand"
	"errors"
	"image/png"
	"net/http"

	"doorstep/domain/factor"
	"doorstep/province/looks"

	"github.com/jackc/pgx/v5"
)

// Second factors of the console. Secrets lie in the database under a key that does not; a
// lost telephone is its keeper's matter, or the command's.

const imagePixels = 220

var errFactorKey = errors.New("desk: a second factor is sealed with another province.keys: start the console with those it was begun with, or take the factor from the account (doorstep province account --drop-factor)")

func (d *Desk) cipher() (cipher.AEAD, error) {
	if d.FactorKey == nil {
		return nil, errFactorKey
	}
	return factor.Sealing(d.FactorKey, "province console second factor")
}

// secret opens what lies in a column of an account; "": nothing.
func (d *Desk) secret(ctx context.Context, q interface {
	QueryRow(context.Context, string, ...any) pgx.Row
}, account, column string) (secret string, step int64, err error) {
	var sealed []byte
	if err := q.QueryRow(ctx, `SELECT `+column+`, factor_step FROM desk.accounts WHERE name = $1`, account).Scan(&sealed, &step); err != nil || len(sealed) == 0 {
		return "", 0, err
	}
	c, err := d.cipher()
	if err != nil {
		return "", 0, err
	}
	plain, err := c.Open(nil, nil, sealed, []byte(account))
	if err != nil {
		return "", 0, errFactorKey
	}
	return string(plain), step, nil
}

// begun is the secret that an account is about to take into use, made where there is none.
func (d *Desk) begun(ctx context.Context, account string) (secret string, err error) {
	if secret, _, err = d.secret(ctx, d.pool, account, "factor_pending"); err != nil || secret != "" {
		return secret, err
	}
	key, err := factor.New(account, rand.Reader)
	if err != nil {
		return "", err
	}
	c, err := d.cipher()
	if err != nil {
		return "", err
	}
	_, err = d.pool.Exec(ctx, `UPDATE desk.accounts SET factor_pending = $2 WHERE name = $1 AND factor_pending IS NULL`, account, c.Seal(nil, nil, []byte(key.Secret()), []byte(account)))
	if err != nil {
		return "", err
	}
	secret, _, err = d.secret(ctx, d.pool, account, "factor_pending") // of two at once the first
	return secret, err
}

// open is whether somebody may bind a second factor now: who has none, or has shown it.
func (a Account) open() bool { return !a.HasFactor || a.proven }

func (d *Desk) factorPage(w http.ResponseWriter, r *http.Request, a Account) {
	d.bindPage(w, r, a, http.StatusOK, "")
}

func (d *Desk) bindPage(w http.ResponseWriter, r *http.Request, a Account, status int, fault string) {
	if !a.open() {
		http.Redirect(w, r, "/code", http.StatusSeeOther)
		return
	}
	p := page{Title: "绑定动态口令", By: a, Fault: fault, CanBind: d.FactorKey != nil, MustBind: d.SecondFactor.Asks(a.Role) && !a.HasFactor}
	if p.CanBind {
		var err error
		if p.Secret, err = d.begun(r.Context(), a.Name); err != nil {
			d.broken(w, err)
			return
		}
	}
	d.show(w, status, "factor", p)
}

// factorImage is the secret as a telephone reads it.
func (d *Desk) factorImage(w http.ResponseWriter, r *http.Request, a Account) {
	if !a.open() || d.FactorKey == nil {
		http.NotFound(w, r)
		return
	}
	secret, err := d.begun(r.Context(), a.Name)
	if err != nil {
		d.broken(w, err)
		return
	}
	key, err := factor.Again(a.Name, secret)
	if err != nil {
		d.broken(w, err)
		return
	}
	image, err := key.Image(imagePixels, imagePixels)
	if err != nil {
		d.broken(w, err)
		return
	}
	w.Header().Set("Content-Type", "image/png")
	_ = png.Encode(w, image)
}

const factorWrong = "动态口令不对，或已经用过。请看手机验证器上现在的 6 位数字，并确认手机时间准确。"

// factorConfirm takes the new secret into use by a first code of it.
func (d *Desk) factorConfirm(w http.ResponseWriter, r *http.Request, a Account) {
	if !a.open() || d.FactorKey == nil {
		http.Redirect(w, r, "/code", http.StatusSeeOther)
		return
	}
	d.tried(w, r, a, "factor_pending", func(tx pgx.Tx, step int64) error {
		if _, err := tx.Exec(r.Context(), `UPDATE desk.accounts SET factor = factor_pending, factor_pending = NULL, factor_since = $2, factor_step = $3 WHERE name = $1`, a.Name, d.Now(), step); err != nil {
			return err
		}
		// What was signed in without it, elsewhere, ends.
		if _, err := tx.Exec(r.Context(), `DELETE FROM desk.sessions WHERE account = $1 AND token <> $2`, a.Name, a.session); err != nil {
			return err
		}
		return looks.Enter(r.Context(), tx, looks.Look{At: d.Now(), Account: a.Name, By: a.FullName, Origin: origin(r), Action: looks.Account, Asked: "绑定动态口令 " + a.Name})
	}, func(status int, fault string) { d.bindPage(w, r, a, status, fault) })
}

func (d *Desk) codePage(w http.ResponseWriter, r *http.Request, a Account) {
	if a.open() {
		http.Redirect(w, r, "/", http.StatusSeeOther)
		return
	}
	d.show(w, http.StatusOK, "code", page{Title: "动态口令"})
}

// code proves a session by a code, each good once.
func (d *Desk) code(w http.ResponseWriter, r *http.Request, a Account) {
	if a.open() {
		http.Redirect(w, r, "/", http.StatusSeeOther)
		return
	}
	d.tried(w, r, a, "factor", func(tx pgx.Tx, step int64) error {
		_, err := tx.Exec(r.Context(), `UPDATE desk.accounts SET factor_step = $2 WHERE name = $1`, a.Name, step)
		return err
	}, func(status int, fault string) { d.show(w, status, "code", page{Title: "动态口令", Fault: fault}) })
}

// tried compares a code with the secret in a column; a right one is taken by take and
// proves the session. Wrong ones wait as wrong passwords do, counted apart from them.
func (d *Desk) tried(w http.ResponseWriter, r *http.Request, a Account, column string, take func(pgx.Tx, int64) error, again func(status int, fault string)) {
	ctx := r.Context()
	wait, err := d.attempt(ctx, a.Name+" code")
	if err != nil {
		d.broken(w, err)
		return
	}
	if wait > 0 {
		again(http.StatusTooManyRequests, "动态口令连续输错，请 "+minutes(wait)+" 后再试。")
		return
	}
	right := false
	err = pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `SELECT 1 FROM desk.accounts WHERE name = $1 FOR UPDATE`, a.Name); err != nil {
			return err
		}
		secret, last, err := d.secret(ctx, tx, a.Name, column)
		if err != nil || secret == "" {
			return err
		}
		step, err := factor.Step(secret, factor.Plain(r.FormValue("code")), d.Now())
		if err != nil || step == 0 || column == "factor" && step <= last {
			return err
		}
		right = true
		if _, err := tx.Exec(ctx, `UPDATE desk.sessions SET proven = true WHERE token = $1`, a.session); err != nil {
			return err
		}
		return take(tx, step)
	})
	if err == nil && right {
		err = d.forgive(ctx, a.Name+" code")
	}
	switch {
	case err != nil:
		d.broken(w, err)
	case !right:
		again(http.StatusUnprocessableEntity, factorWrong)
	default:
		http.Redirect(w, r, "/", http.StatusSeeOther)
	}
}

func (d *Desk) own(w http.ResponseWriter, _ *http.Request, a Account) {
	d.show(w, http.StatusOK, "own", page{Title: "我的账号", By: a, CanBind: d.FactorKey != nil})
}
