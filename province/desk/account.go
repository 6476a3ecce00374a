package desk

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"doorstep/province/looks"

	"github.com/jackc/pgx/v5"
	"golang.org/x/crypto/bcrypt"
)

// Account is who is signed in.
type Account struct {
	Name, FullName string
	Role           *Role
	HasFactor      bool
	FactorSince    time.Time

	session []byte
	proven  bool // of the session: the second factor was shown
}

// Can is for the templates.
func (a Account) Can(right Right) bool { return a.Role.Can(right) }

// By is who changes an account, for the log.
type By struct{ Name, FullName, Origin string }

// Command is whoever has the server itself.
var Command = By{"command", "服务器命令", "本机"}

// Faults of what is asked of an account, told as they stand.
var (
	errName     = errors.New("账号须为 2 至 40 个小写字母、数字、点、横线")
	errFullName = errors.New("请写明使用人姓名(2 至 40 字)，查询记录中会显示")
	errRole     = errors.New("请选择角色：figures 看数字，inquiry 查人，auditor 审计，keeper 管账号")
	errThere    = errors.New("已有这个账号，请换一个，或在账号页重置它的密码")
	errNobody   = errors.New("没有这个账号")
)

var accountName = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{1,39}$`)

func checked(name, fullName, role string) error {
	switch n := utf8.RuneCountInString(fullName); {
	case !accountName.MatchString(name):
		return errName
	case n < 2 || n > 40:
		return errFullName
	case RoleOf(role) == nil:
		return errRole
	}
	return nil
}

// SetAccount makes an account, or gives it another role and a new password, which is
// answered once; its sessions end.
func (d *Desk) SetAccount(ctx context.Context, by By, name, fullName, role string) (password string, err error) {
	if err := checked(name, fullName, role); err != nil {
		return "", err
	}
	password, hash, err := d.draw()
	if err != nil {
		return "", err
	}
	return password, pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `INSERT INTO desk.accounts (name, full_name, role, hash, made) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (name) DO UPDATE SET full_name = excluded.full_name, role = excluded.role, hash = excluded.hash, disabled = false`, name, fullName, role, hash, d.Now()); err != nil {
			return err
		}
		return d.ended(ctx, tx, by, name, fmt.Sprintf("设账号 %s：%s，%s，新密码", name, fullName, RoleOf(role).Name))
	})
}

// draw makes a password of twenty letters and digits.
func (d *Desk) draw() (password string, hash []byte, err error) {
	password = rand.Text()[:20]
	hash, err = bcrypt.GenerateFromPassword([]byte(password), d.Cost)
	return password, hash, err
}

// ended ends an account's sessions and waits, and enters what was changed.
func (d *Desk) ended(ctx context.Context, tx pgx.Tx, by By, name, what string) error {
	for _, sql := range []string{`DELETE FROM desk.attempts WHERE name = $1 OR name = $1 || ' code'`, `DELETE FROM desk.sessions WHERE account = $1`} {
		if _, err := tx.Exec(ctx, sql, name); err != nil {
			return err
		}
	}
	return looks.Enter(ctx, tx, looks.Look{At: d.Now(), Account: by.Name, By: by.FullName, Origin: by.Origin, Action: looks.Account, Asked: what})
}

// Change is what is done to an account that is there.
type Change string

// Changes, as the forms and the command name them.
const (
	SetRole    Change = "role"
	NewSecret  Change = "password"
	Shut       Change = "disable"
	Reopen     Change = "enable"
	DropFactor Change = "factor"
)

// changes is the table: the statement, and the words of the log.
var changes = map[Change]struct{ sql, words string }{
	SetRole:    {`UPDATE desk.accounts SET role = $2 WHERE name = $1`, "改角色"},
	NewSecret:  {`UPDATE desk.accounts SET hash = $2 WHERE name = $1`, "重置密码"},
	Shut:       {`UPDATE desk.accounts SET disabled = true WHERE name = $1 AND $2::text IS NOT NULL`, "停用"},
	Reopen:     {`UPDATE desk.accounts SET disabled = false WHERE name = $1 AND $2::text IS NOT NULL`, "恢复使用"},
	DropFactor: {`UPDATE desk.accounts SET factor = NULL, factor_since = NULL, factor_pending = NULL WHERE name = $1 AND $2::text IS NOT NULL`, "解除动态口令"},
}

// Change changes an account and ends its sessions; a new password is answered once.
func (d *Desk) Change(ctx context.Context, by By, name string, change Change, role string) (password string, err error) {
	row, known := changes[change]
	if !known || change == SetRole && RoleOf(role) == nil {
		return "", errRole
	}
	var value any = ""
	what := fmt.Sprintf("%s %s", row.words, name)
	switch change {
	case SetRole:
		value, what = role, what+"："+RoleOf(role).Name
	case NewSecret:
		var hash []byte
		if password, hash, err = d.draw(); err != nil {
			return "", err
		}
		value = hash
	}
	return password, pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) error {
		done, err := tx.Exec(ctx, row.sql, name, value)
		if err == nil && done.RowsAffected() == 0 {
			err = errNobody
		}
		if err != nil {
			return err
		}
		return d.ended(ctx, tx, by, name, what)
	})
}

// Listed is an account as its keeper sees it.
type Listed struct {
	Name, FullName string
	Role           *Role
	Factor         bool
	Disabled       bool
	Seen           time.Time
	Own            bool
}

func (d *Desk) listed(ctx context.Context, by Account) (out []Listed, err error) {
	rows, err := d.pool.Query(ctx, `SELECT a.name, a.full_name, a.role, a.factor_since IS NOT NULL, a.disabled, coalesce(a.seen, 'epoch') FROM desk.accounts a ORDER BY a.disabled, a.name`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var l Listed
		var role string
		if err := rows.Scan(&l.Name, &l.FullName, &role, &l.Factor, &l.Disabled, &l.Seen); err != nil {
			return nil, err
		}
		l.Role, l.Own = RoleOf(role), l.Name == by.Name
		if l.Seen.Unix() == 0 {
			l.Seen = time.Time{}
		}
		out = append(out, l)
	}
	return out, rows.Err()
}

func (d *Desk) accounts(w http.ResponseWriter, r *http.Request, a Account) {
	d.accountsPage(w, r, a, http.StatusOK, page{})
}

func (d *Desk) accountsPage(w http.ResponseWriter, r *http.Request, a Account, status int, p page) {
	var err error
	p.Title, p.By = "账号", a
	if p.Accounts, err = d.listed(r.Context(), a); err != nil {
		d.broken(w, err)
		return
	}
	d.show(w, status, "accounts", p)
}

// keeper is who keeps accounts, for the log.
func keeper(a Account, r *http.Request) By { return By{a.Name, a.FullName, origin(r)} }

func (d *Desk) newAccount(w http.ResponseWriter, r *http.Request, a Account) {
	name, fullName, role := strings.TrimSpace(r.FormValue("name")), strings.TrimSpace(r.FormValue("full_name")), r.FormValue("role")
	err := checked(name, fullName, role)
	var there bool
	if err == nil {
		if e := d.pool.QueryRow(r.Context(), `SELECT EXISTS (SELECT 1 FROM desk.accounts WHERE name = $1)`, name).Scan(&there); e != nil {
			d.broken(w, e)
			return
		}
	}
	if there {
		err = errThere
	}
	if err != nil {
		d.accountsPage(w, r, a, http.StatusUnprocessableEntity, page{Fault: err.Error(), Name: name, Purpose: fullName, Asked: role})
		return
	}
	password, err := d.SetAccount(r.Context(), keeper(a, r), name, fullName, role)
	if err != nil {
		d.broken(w, err)
		return
	}
	d.accountPage(w, r, a, name, http.StatusOK, page{Password: password})
}

func (d *Desk) account(w http.ResponseWriter, r *http.Request, a Account) {
	d.accountPage(w, r, a, r.PathValue("name"), http.StatusOK, page{})
}

func (d *Desk) accountPage(w http.ResponseWriter, r *http.Request, a Account, name string, status int, p page) {
	list, err := d.listed(r.Context(), a)
	if err != nil {
		d.broken(w, err)
		return
	}
	for i := range list {
		if list[i].Name == name {
			p.One = &list[i]
		}
	}
	if p.One == nil {
		http.NotFound(w, r)
		return
	}
	p.Title, p.By = p.One.FullName, a
	d.show(w, status, "account", p)
}

// changeAccount changes another's account; one's own is another keeper's, so that there
// is always one left.
func (d *Desk) changeAccount(w http.ResponseWriter, r *http.Request, a Account) {
	name := r.PathValue("name")
	if name == a.Name {
		d.accountPage(w, r, a, name, http.StatusForbidden, page{Fault: "自己的账号不能自己改，请另一位管账号的人来改。"})
		return
	}
	password, err := d.Change(r.Context(), keeper(a, r), name, Change(r.FormValue("change")), r.FormValue("role"))
	switch {
	case errors.Is(err, errNobody):
		http.NotFound(w, r)
	case errors.Is(err, errRole):
		d.accountPage(w, r, a, name, http.StatusUnprocessableEntity, page{Fault: err.Error()})
	case err != nil:
		d.broken(w, err)
	case password != "":
		d.accountPage(w, r, a, name, http.StatusOK, page{Password: password})
	default:
		http.Redirect(w, r, "/accounts/"+name, http.StatusSeeOther)
	}
}
