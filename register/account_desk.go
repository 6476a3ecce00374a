package register

import (
	"context"
	"errors"
	"slices"
	"strings"

	"doorstep/domain/access"
	"doorstep/domain/region"
	"doorstep/sync/engine"
	"doorstep/sync/wire"

	"github.com/pocketbase/pocketbase/core"
)

// Accounts is the desk of whoever keeps accounts: the town its workers', the county and
// the administrator all that domain/access gives them. A passphrase is told once, on a
// slip, and kept nowhere.
type Accounts struct {
	App      core.App
	Engine   *engine.Engine
	Attempts *Attempts // nil, and those below: nobody signs in here (a command, a load)
	Sessions *Sessions
	Factors  *Factors
}

// AccountItem is an account as its keeper sees it.
type AccountItem struct {
	ID         string   `json:"id"`
	Login      string   `json:"login"`
	Name       string   `json:"name"`
	Role       string   `json:"role"`
	RoleLabel  string   `json:"role_label"`
	Office     string   `json:"office"`
	OfficeName string   `json:"office_name"`
	Department string   `json:"department"`
	Areas      []string `json:"areas"`
	AreaNames  []string `json:"area_names"`
	Disabled   bool     `json:"disabled"`
	Slip       string   `json:"slip"`      // when a passphrase was last handed out
	LastSeen   string   `json:"last_seen"` // of its tablets
	Kept       bool     `json:"kept"`      // the reader keeps it
}

// AccountQuery is what a keeper looks for; "" is all.
type AccountQuery struct {
	Text, Role, Area, ID string
	Limit                int
	After                int64
}

// List reads those in the reader's area, by office and name.
func (d *Accounts) List(ctx context.Context, by *engine.Account, q AccountQuery) (items []AccountItem, next string, err error) {
	areas := by.Scope().Areas
	if by.Role.AreaDigits() == 0 || by.Role == access.County || by.Role == access.Auditor {
		areas = []string{""}
	}
	rows, err := d.Engine.Query(ctx, `SELECT u.id, u.email, u.name, u.role, u.office, u.department, u.disabled, coalesce(s.issued, ''),
			coalesce((SELECT max(d.last_seen) FROM sync_devices d WHERE d.account = u.id), ''),
			coalesce((SELECT group_concat(g.value) FROM sync_grants g WHERE g.account = u.id AND g.kind = 'area' AND g.until_seq = 0), '')
		FROM users u LEFT JOIN account_slips s ON s.account = u.id
		WHERE EXISTS (SELECT 1 FROM json_each(?) a WHERE substr(u.office, 1, length(a.value)) = a.value)
			AND (? = '' OR u.id = ?) AND (? = '' OR u.role = ?) AND (? = '' OR substr(u.office, 1, length(?)) = ?) AND (? = '' OR instr(u.name, ?) > 0 OR instr(u.email, ?) > 0)
		ORDER BY u.office, u.role, u.name, u.id LIMIT ? OFFSET ?`,
		encode(areas), q.ID, q.ID, q.Role, q.Role, q.Area, q.Area, q.Area, q.Text, q.Text, q.Text, q.Limit+1, q.After)
	if err != nil {
		return nil, "", err
	}
	defer func() { _ = rows.Close() }()
	items = []AccountItem{}
	for rows.Next() {
		var it AccountItem
		var granted string
		if err := rows.Scan(&it.ID, &it.Login, &it.Name, &it.Role, &it.Office, &it.Department, &it.Disabled, &it.Slip, &it.LastSeen, &granted); err != nil {
			return nil, "", err
		}
		it.Areas = strings.FieldsFunc(granted, func(r rune) bool { return r == ',' })
		slices.Sort(it.Areas)
		it.finish(by)
		items = append(items, it)
	}
	if len(items) > q.Limit {
		items, next = items[:q.Limit], engine.NextPage(q.After+int64(q.Limit))
	}
	return items, next, rows.Err()
}

func (it *AccountItem) finish(by *engine.Account) {
	it.Login = strings.TrimSuffix(it.Login, localLogins)
	it.RoleLabel, it.OfficeName = access.Role(it.Role).Label(), region.FullName(it.Office)
	it.AreaNames = []string{}
	for _, a := range it.Areas {
		it.AreaNames = append(it.AreaNames, region.FullName(a))
	}
	it.Kept = it.ID != by.ID && access.Manages(by.Role, by.Scope(), access.Role(it.Role), it.Office, it.Areas)
}

// one reads an account that the reader keeps. Errors: wire.NotFound, for what they do
// not see and what is not theirs alike.
func (d *Accounts) one(ctx context.Context, by *engine.Account, id string) (*AccountItem, error) {
	if id == "" {
		return nil, wire.Err(wire.NotFound, "account")
	}
	items, _, err := d.List(ctx, by, AccountQuery{ID: id, Limit: 1})
	if err != nil {
		return nil, err
	}
	if len(items) == 0 || !items[0].Kept {
		return nil, wire.Err(wire.NotFound, "account")
	}
	return &items[0], nil
}

// AccountOrder makes an account, or changes one.
type AccountOrder struct {
	ID         string   `json:"id" validate:"max=40"` // "": a new one
	Login      string   `json:"login" validate:"max=100"`
	Name       string   `json:"name" validate:"required,max=40"`
	Role       string   `json:"role" validate:"required,max=20"`
	Office     string   `json:"office" validate:"omitempty,numeric,max=12"`
	Department string   `json:"department" validate:"max=20"`
	Areas      []string `json:"areas" validate:"max=500,dive,numeric,max=12"`
	Disabled   bool     `json:"disabled"`
}

// Slip is a passphrase on its way to whom it belongs: shown once, kept nowhere.
type Slip struct {
	Account    string `json:"account"`
	Login      string `json:"login"`
	Name       string `json:"name"`
	OfficeName string `json:"office_name"`
	Passphrase string `json:"passphrase"`
}

// Set carries it out; the slip is of a new account.
func (d *Accounts) Set(ctx context.Context, by *engine.Account, o AccountOrder, origin string) (*Slip, error) {
	it, passphrase, err := d.enter(ctx, by, o, origin)
	if err != nil || o.ID != "" {
		return nil, err
	}
	return d.hand(ctx, by, it, passphrase)
}

// checked is the account that an order asks for. Errors: wire.Invalid with the field.
func (d *Accounts) checked(ctx context.Context, by *engine.Account, o AccountOrder) (a NewAccount, err error) {
	if !access.Manages(by.Role, by.Scope(), access.Role(o.Role), o.Office, o.Areas) {
		return a, wire.InvalidField("role", accountNotYours)
	}
	login := LoginOf(o.Login)
	if o.ID != "" {
		held, err := d.one(ctx, by, o.ID)
		if err != nil {
			return a, err
		}
		login = LoginOf(held.Login) // it is what everybody knows the account by
	} else if _, err := d.App.FindAuthRecordByEmail("users", login); err == nil {
		return a, wire.InvalidField("login", accountTaken)
	}
	a = NewAccount{Email: login, Name: o.Name, Role: o.Role, Office: o.Office, Department: o.Department, Areas: o.Areas, Disabled: o.Disabled}
	if err := wire.Check(&a); err != nil {
		return a, accountField(err)
	}
	return a, nil
}

// enter makes or changes an account; the passphrase is a new one's, which nobody has yet.
func (d *Accounts) enter(ctx context.Context, by *engine.Account, o AccountOrder, origin string) (*AccountItem, string, error) {
	a, err := d.checked(ctx, by, o)
	if err != nil {
		return nil, "", err
	}
	passphrase, err := SetAccount(ctx, d.App, d.Engine, a)
	if err != nil {
		return nil, "", err
	}
	rec, err := d.App.FindAuthRecordByEmail("users", a.Email)
	if err != nil {
		return nil, "", err
	}
	deed := "account.change"
	if o.ID == "" {
		deed = "account.create"
	}
	if err := d.Engine.Audit(ctx, by.ID, "", origin, deed, rec.Id, encode(o)); err != nil {
		return nil, "", err
	}
	if o.Disabled && d.Sessions != nil {
		if err := d.Sessions.EndAll(ctx, by, rec.Id, "", "disabled", origin); err != nil {
			return nil, "", err
		}
	}
	return &AccountItem{ID: rec.Id, Login: a.Email, Name: o.Name, OfficeName: region.FullName(o.Office)}, passphrase, nil
}

const (
	accountNotYours = "您不能建立或修改这个角色、这个地区的账号。"
	accountTaken    = "这个登录名已经有人用了。"
	accountLogin    = "登录名应为邮箱、手机号，或不含空格的字母、数字、汉字。"
	localLogins     = "@local.doorstep"
)

func accountField(err error) error {
	coded := new(wire.Error)
	if errors.As(err, &coded) && coded.Field == "email" {
		return wire.InvalidField("login", accountLogin)
	}
	return err
}

// LoginOf is how a login is stored: PocketBase knows addresses; a telephone number or a
// plain name becomes one, which the sign-in completes the same way.
func LoginOf(written string) string {
	written = strings.ToLower(strings.TrimSpace(written))
	if written == "" || strings.Contains(written, "@") {
		return written
	}
	return written + localLogins
}

// LoginShown is how a stored login is written again.
func LoginShown(stored string) string { return strings.TrimSuffix(stored, localLogins) }

// Reset gives an account another passphrase; whoever is signed in with it is out.
func (d *Accounts) Reset(ctx context.Context, by *engine.Account, id, origin string) (*Slip, error) {
	held, err := d.one(ctx, by, id)
	if err != nil {
		return nil, err
	}
	rec, err := d.App.FindRecordById("users", held.ID)
	if err != nil {
		return nil, err
	}
	passphrase, err := inventPassword()
	if err != nil {
		return nil, err
	}
	rec.SetPassword(passphrase)
	rec.RefreshTokenKey()
	if err := d.App.Save(rec); err != nil {
		return nil, err
	}
	if err := d.Engine.Audit(ctx, by.ID, "", origin, "account.slip", held.ID, ""); err != nil {
		return nil, err
	}
	if d.Attempts != nil {
		if err := d.Attempts.Forgive(ctx, held.ID); err != nil {
			return nil, err
		}
	}
	if d.Sessions != nil {
		if err := d.Sessions.EndAll(ctx, by, held.ID, "", "slip", origin); err != nil {
			return nil, err
		}
	}
	return d.hand(ctx, by, held, passphrase)
}

// hand notes that a slip was made.
func (d *Accounts) hand(ctx context.Context, by *engine.Account, it *AccountItem, passphrase string) (*Slip, error) {
	err := d.Engine.Update(ctx, func(tx *engine.Tx) error {
		if err := tx.Exec(markFirst, it.ID, wire.Format(tx.Now())); err != nil {
			return err
		}
		return tx.Exec(`INSERT OR REPLACE INTO account_slips (account, issued, by) VALUES (?, ?, ?)`, it.ID, wire.Format(tx.Now()), by.ID)
	})
	return &Slip{Account: it.ID, Login: strings.TrimSuffix(it.Login, localLogins), Name: it.Name, OfficeName: it.OfficeName, Passphrase: passphrase}, err
}

// mostSlips is how many are printed at once: a town's.
const mostSlips = 300

// Slips makes those of an area that never had one: after a first load, a village's are
// printed and cut apart.
func (d *Accounts) Slips(ctx context.Context, by *engine.Account, area, origin string) ([]Slip, error) {
	if len(area) < 9 {
		return nil, wire.InvalidField("area", slipsArea)
	}
	items, _, err := d.List(ctx, by, AccountQuery{Area: area, Limit: mostSlips})
	if err != nil {
		return nil, err
	}
	out := []Slip{}
	for _, it := range items {
		if it.Slip != "" || it.Disabled || !it.Kept {
			continue
		}
		slip, err := d.Reset(ctx, by, it.ID, origin)
		if err != nil {
			return out, err
		}
		out = append(out, *slip)
	}
	return out, nil
}

const slipsArea = "请选择一个镇(街道)或一个村(社区)。"

// Handover gives a village of one account to another for a time, or for good.
type Handover struct {
	To     string `json:"to" validate:"required,max=40"`
	Area   string `json:"area" validate:"required,numeric,max=12"`
	Keeps  bool   `json:"keeps"` // the first goes on seeing it
	Reason string `json:"reason" validate:"required,max=500"`
}

// HandOver carries it out. What the first one's tablet still sends of the village is
// held for the town to decide about; nothing is lost.
func (d *Accounts) HandOver(ctx context.Context, by *engine.Account, from string, h Handover, origin string) error {
	a, err := d.one(ctx, by, from)
	if err != nil {
		return err
	}
	b, err := d.one(ctx, by, h.To)
	if err != nil {
		return err
	}
	if a.ID == b.ID || a.Role != b.Role || !slices.Contains(a.Areas, h.Area) {
		return wire.InvalidField("to", handoverWrong)
	}
	return d.Engine.Update(ctx, func(tx *engine.Tx) error {
		gets, err := tx.Grants(b.ID)
		if err != nil {
			return err
		}
		if err := tx.SetGrants(b.ID, append(gets, engine.Grant{Kind: engine.GrantArea, Value: h.Area}), by); err != nil {
			return err
		}
		if !h.Keeps {
			has, err := tx.Grants(a.ID)
			if err != nil {
				return err
			}
			has = slices.DeleteFunc(has, func(g engine.Grant) bool { return g.Kind == engine.GrantArea && g.Value == h.Area })
			if err := tx.SetGrants(a.ID, has, by); err != nil {
				return err
			}
		}
		return tx.Audit(by, origin, "account.handover", a.ID, encode(h))
	})
}

const handoverWrong = "请选择同一类角色的另一个账号，且只能移交对方正在管辖的村(社区)。"
