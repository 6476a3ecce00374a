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
		if _, err := d.pool.Exec(r.Context(), `WITH seen AS (UPDATE desk.accounts SET seen = $3 WHERE name = $2) INSERT INTO desk.sessions (token, account, began, seen) VALUES ($1, $2, $3, $3)`, digest(token), name, d.Now()); err != nil {
			d.broken(w, err)
			return
		}
		http.SetCookie(w, &http.Cookie{Name: cookie, Value: token, Path: "/", HttpOnly: true, SameSite: http.SameSiteStrictMode, Secure: r.TLS != nil})
		http.Redirect(w, r, "/", http.StatusSeeOther)
	}
}

// attempt counts a try of whatever name, before it is compared, so that many at once are
// many; wrong ones in a row wait twice as long each.
func (d *Desk) attempt(ctx context.Context, name string) (wait time.Duration, err error) {
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
	return max(0, until.Sub(now)), err
}

// forgive forgets the tries of a name that was right.
func (d *Desk) forgive(ctx context.Context, name string) error {
	_, err := d.pool.Exec(ctx, `DELETE FROM desk.attempts WHERE name = $1`, name)
	return err
}

// compare checks a password.
func (d *Desk) compare(ctx context.Context, name, password string) (wait time.Duration, ok bool, err error) {
	if name == "" || len(name) > 60 || len(password) > 72 {
		return 0, false, nil
	}
	if wait, err := d.attempt(ctx, name); err != nil || wait > 0 {
		return wait, false, err
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
	err = d.forgive(ctx, name)
	return 0, err == nil, err
}

func digest(token string) []byte { s := sha256.Sum256([]byte(token)); return s[:] }

// signedIn asks who is; nobody is sent to sign in.
func (d *Desk) signedIn(handle func(http.ResponseWriter, *http.Request, Account)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		c, err := r.Cookie(cookie)
		if err != nil {
			http.Redirect(w, r, "/sign-in", http.StatusSeeOther)
			return
		}
		a := Account{session: digest(c.Value)}
		var role string
		now := d.Now()
		err = d.pool.QueryRow(r.Context(), `UPDATE desk.sessions s SET seen = $2 FROM desk.accounts a WHERE a.name = s.account AND NOT a.disabled AND s.token = $1 AND s.seen > $3 AND s.began > $4
			RETURNING a.name, a.full_name, a.role, coalesce(a.factor_since, 'epoch'), a.factor_since IS NOT NULL, s.proven`,
			a.session, now, now.Add(-idle), now.Add(-longest)).Scan(&a.Name, &a.FullName, &role, &a.FactorSince, &a.HasFactor, &a.proven)
		if errors.Is(err, pgx.ErrNoRows) {
			http.Redirect(w, r, "/sign-in", http.StatusSeeOther)
			return
		}
		if err != nil {
			d.broken(w, err)
			return
		}
		a.Role = RoleOf(role)
		handle(w, r, a)
	}
}

// with asks for a right, too, and before it for the second factor, where there is one or
// must be.
func (d *Desk) with(right Right, handle func(http.ResponseWriter, *http.Request, Account)) http.HandlerFunc {
	return d.signedIn(func(w http.ResponseWriter, r *http.Request, a Account) {
		switch {
		case a.HasFactor && !a.proven:
			http.Redirect(w, r, "/code", http.StatusSeeOther)
		case !a.HasFactor && d.SecondFactor.Asks(a.Role):
			http.Redirect(w, r, "/factor", http.StatusSeeOther)
		case r.URL.Path == "/" && !a.Role.Can(SeeSums) && a.Role.Can(KeepAccounts):
			http.Redirect(w, r, "/accounts", http.StatusSeeOther)
		case !a.Role.Can(right):
			d.show(w, http.StatusForbidden, "forbidden", page{Title: "不能打开这一页", By: a})
		default:
			handle(w, r, a)
		}
	})
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
