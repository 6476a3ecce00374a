package desk

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"golang.org/x/crypto/bcrypt"
)

// Bounds of signing in.
const (
	cookie       = "province_session"
	idle         = 30 * time.Minute
	longest      = 12 * time.Hour
	freeFailures = 4 // before somebody has to wait
	longestWait  = 15 * time.Minute
)

// Account is who is signed in.
type Account struct{ Name, FullName string }

// SetAccount makes an account, or gives it a new password, which is answered once; its
// sessions end.
func (d *Desk) SetAccount(ctx context.Context, name, fullName string) (password string, err error) {
	password = rand.Text()[:20]
	hash, err := bcrypt.GenerateFromPassword([]byte(password), d.Cost)
	if err != nil {
		return "", err
	}
	return password, pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `INSERT INTO desk.accounts (name, full_name, hash, made) VALUES ($1, $2, $3, $4)
			ON CONFLICT (name) DO UPDATE SET full_name = excluded.full_name, hash = excluded.hash, disabled = false`, name, fullName, hash, d.Now()); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `DELETE FROM desk.attempts WHERE name = $1`, name); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `DELETE FROM desk.sessions WHERE account = $1`, name)
		return err
	})
}

// Disable shuts an account, and ends its sessions.
func (d *Desk) Disable(ctx context.Context, name string) (found bool, err error) {
	err = pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) error {
		done, err := tx.Exec(ctx, `UPDATE desk.accounts SET disabled = true WHERE name = $1`, name)
		if err != nil {
			return err
		}
		found = done.RowsAffected() == 1
		_, err = tx.Exec(ctx, `DELETE FROM desk.sessions WHERE account = $1`, name)
		return err
	})
	return found, err
}

func (d *Desk) signInPage(w http.ResponseWriter, _ *http.Request) {
	d.show(w, http.StatusOK, "signin", page{Title: "登录"})
}

func (d *Desk) signIn(w http.ResponseWriter, r *http.Request) {
	name, password := strings.TrimSpace(r.FormValue("name")), r.FormValue("password")
	wait, ok, err := d.compare(r.Context(), name, password)
	switch {
	case err != nil:
		d.broken(w, err)
	case wait > 0:
		d.show(w, http.StatusTooManyRequests, "signin", page{Title: "登录", Name: name, Fault: "密码连续输错，请 " + minutes(wait) + " 后再试。忘记密码请找管理员重置。"})
	case !ok:
		d.show(w, http.StatusUnauthorized, "signin", page{Title: "登录", Name: name, Fault: "账号或密码不正确，请核对后重新输入。"})
	default:
		token := rand.Text()
		if _, err := d.pool.Exec(r.Context(), `INSERT INTO desk.sessions (token, account, began, seen) VALUES ($1, $2, $3, $3)`, digest(token), name, d.Now()); err != nil {
			d.broken(w, err)
			return
		}
		http.SetCookie(w, &http.Cookie{Name: cookie, Value: token, Path: "/", HttpOnly: true, SameSite: http.SameSiteStrictMode, Secure: r.TLS != nil})
		http.Redirect(w, r, "/", http.StatusSeeOther)
	}
}

// compare checks a password. Wrong ones in a row, of whatever name, wait twice as long
// each; an attempt counts before it is compared, so that many at once are many.
func (d *Desk) compare(ctx context.Context, name, password string) (wait time.Duration, ok bool, err error) {
	if name == "" || len(name) > 60 || len(password) > 72 {
		return 0, false, nil
	}
	now := d.Now()
	var until time.Time
	err = pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `DELETE FROM desk.attempts WHERE until < $1`, now.Add(-24*time.Hour)); err != nil {
			return err
		}
		var failures int
		err := tx.QueryRow(ctx, `INSERT INTO desk.attempts AS a (name, failures, until) VALUES ($1, 0, $2) ON CONFLICT (name) DO UPDATE SET failures = a.failures RETURNING failures, until`, name, now).Scan(&failures, &until)
		if err != nil || until.After(now) {
			return err
		}
		next := now
		if failures++; failures > freeFailures {
			next = now.Add(min(longestWait, 30*time.Second<<min(failures-freeFailures-1, 10)))
		}
		_, err = tx.Exec(ctx, `UPDATE desk.attempts SET failures = $2, until = $3 WHERE name = $1`, name, failures, next)
		return err
	})
	if err != nil || until.After(now) {
		return until.Sub(now), false, err
	}
	hash, known := d.nobody, true
	err = d.pool.QueryRow(ctx, `SELECT hash FROM desk.accounts WHERE name = $1 AND NOT disabled`, name).Scan(&hash)
	if errors.Is(err, pgx.ErrNoRows) {
		hash, known, err = d.nobody, false, nil
	}
	if err != nil {
		return 0, false, err
	}
	select {
	case d.hashing <- struct{}{}:
	case <-ctx.Done():
		return 0, false, ctx.Err()
	}
	wrong := bcrypt.CompareHashAndPassword(hash, []byte(password))
	<-d.hashing
	if wrong != nil || !known {
		return 0, false, nil
	}
	_, err = d.pool.Exec(ctx, `DELETE FROM desk.attempts WHERE name = $1`, name)
	return 0, err == nil, err
}

func digest(token string) []byte { s := sha256.Sum256([]byte(token)); return s[:] }

// with asks who is signed in; nobody is sent to sign in.
func (d *Desk) with(handle func(http.ResponseWriter, *http.Request, Account)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		c, err := r.Cookie(cookie)
		if err != nil {
			http.Redirect(w, r, "/sign-in", http.StatusSeeOther)
			return
		}
		var a Account
		now := d.Now()
		err = d.pool.QueryRow(r.Context(), `UPDATE desk.sessions s SET seen = $2 FROM desk.accounts a WHERE a.name = s.account AND NOT a.disabled AND s.token = $1 AND s.seen > $3 AND s.began > $4 RETURNING a.name, a.full_name`,
			digest(c.Value), now, now.Add(-idle), now.Add(-longest)).Scan(&a.Name, &a.FullName)
		if errors.Is(err, pgx.ErrNoRows) {
			http.Redirect(w, r, "/sign-in", http.StatusSeeOther)
			return
		}
		if err != nil {
			d.broken(w, err)
			return
		}
		handle(w, r, a)
	}
}

func (d *Desk) signOut(w http.ResponseWriter, r *http.Request) {
	if c, err := r.Cookie(cookie); err == nil {
		if _, err := d.pool.Exec(r.Context(), `DELETE FROM desk.sessions WHERE token = $1 OR began < $2`, digest(c.Value), d.Now().Add(-longest)); err != nil {
			d.broken(w, err)
			return
		}
	}
	http.SetCookie(w, &http.Cookie{Name: cookie, Path: "/", MaxAge: -1, HttpOnly: true, SameSite: http.SameSiteStrictMode})
	http.Redirect(w, r, "/sign-in", http.StatusSeeOther)
}

func origin(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

// numberDigest names an ID number in the log of looks without saying it.
func numberDigest(blind string) string {
	sum := sha256.Sum256([]byte(blind))
	return hex.EncodeToString(sum[:6])
}
