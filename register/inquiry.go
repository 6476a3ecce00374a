package register

import (
	"context"
	"slices"
	"strings"
	"time"

	"doorstep/domain/access"
	"doorstep/domain/idnumber"
	"doorstep/domain/referral"
	"doorstep/sync/engine"
	"doorstep/sync/wire"

	"github.com/go-json-experiment/json"
)

// Inquiry asks for somebody's status (身份查询, policy 三(一): no paper certificates).
type Inquiry struct {
	IDNumber string `json:"id_number" validate:"required,max=40"`
	Name     string `json:"name" validate:"required,max=60"`
	Purpose  string `json:"purpose" validate:"required,max=40"` // an item that the department gives
	Note     string `json:"note" validate:"max=200"`
}

// Status is the answer: which categories stand on the day, and how long. Who is not in
// the register, whose name is another and who holds none are one answer.
type Status struct {
	AsOf       string              `json:"as_of"`
	Categories []referral.Standing `json:"categories"`
}

// Inquire answers a department's officer. Each one is entered in the audit log with its
// purpose, also one that finds nothing; too many are refused.
func (d *Referrals) Inquire(ctx context.Context, by *engine.Account, origin string, q Inquiry) (Status, error) {
	var out Status
	if by.Role != access.Department || by.Department == "" {
		return out, wire.Err(wire.Forbidden, "department")
	}
	if !slices.Contains(referral.Inquiries(by.Department), q.Purpose) {
		return out, wire.InvalidField("purpose", "请从本部门承担的救助事项中选择查询用途。")
	}
	number, err := idnumber.Parse(q.IDNumber)
	if err != nil {
		return out, wire.InvalidField("id_number", "身份证号不正确，请核对后重新输入。")
	}
	err = d.Engine.Update(ctx, func(tx *engine.Tx) error {
		if err := d.within(tx, by); err != nil {
			return err
		}
		out = Status{AsOf: tx.Today()}
		var found string
		if out.Categories, found, err = standingOf(tx, by, string(number), q.Name); err != nil {
			return err
		}
		if err := tx.Exec(`INSERT INTO status_inquiries (at, account, department, purpose) VALUES (?, ?, ?, ?)`, wire.Format(tx.Now()), by.ID, by.Department, q.Purpose); err != nil {
			return err
		}
		detail, err := json.Marshal(map[string]any{"number": idnumber.Mask(string(number)), "purpose": q.Purpose, "note": strings.TrimSpace(q.Note), "categories": len(out.Categories)}, json.Deterministic(true))
		if err != nil {
			return err
		}
		return tx.Audit(by, origin, "status.inquiry", found, string(detail))
	})
	return out, err
}

// within refuses what is past the limits of an account.
func (d *Referrals) within(tx *engine.Tx, by *engine.Account) error {
	for name, since := range map[string]time.Time{
		"inquiries_a_minute": tx.Now().Add(-time.Minute),
		"inquiries_a_day":    tx.Now().Add(-24 * time.Hour),
	} {
		rows, err := tx.Query(`SELECT count(*) FROM status_inquiries WHERE account = ? AND at > ?`, by.ID, wire.Format(since))
		if err != nil {
			return err
		}
		n := 0
		if rows.Next() {
			err = rows.Scan(&n)
		}
		if closing := rows.Close(); err == nil {
			err = closing
		}
		if err != nil {
			return err
		}
		if n >= int(d.Settings.Referrals().Number(name, tx.Today())) {
			return wire.Overloaded()
		}
	}
	return nil
}

// standingOf is what stands for the member with this number and name in the account's
// area, and whose record was found. The same reads are made for whoever is there.
func standingOf(tx *engine.Tx, by *engine.Account, number, name string) (standing []referral.Standing, member string, err error) {
	standing = []referral.Standing{}
	ids, err := membersNumbered(tx, number)
	if err != nil {
		return nil, "", err
	}
	for _, id := range ids {
		m, ok, err := tx.Record("members", id)
		if err != nil {
			return nil, "", err
		}
		home, there, err := tx.Record("households", m.Household())
		if err != nil {
			return nil, "", err
		}
		held, err := heldBy(tx, m.Household())
		if err != nil {
			return nil, "", err
		}
		if !ok || !there || home.Text("state") == "closed" || m.Value("alive") == false || !by.Scope().Shows("", m.Area()) || !referral.SameName(m.Text("name"), name) {
			continue
		}
		member = id
		standing = append(standing, referral.Stands(held, id, tx.Today())...)
	}
	return standing, member, nil
}

// membersNumbered finds the members with an ID number, at most 20; the register keeps a
// number as it was entered, and finds it by its blind.
func membersNumbered(q engine.Reader, number string) ([]string, error) {
	return idsOf(q.Query(`SELECT id FROM members WHERE id_number_blind IN (SELECT value FROM json_each(?)) AND deleted = 0 ORDER BY id LIMIT 20`,
		encode(q.Ring().Blinds(number, before1999(number)))))
}

// before1999 is the number in its old form of 15 digits, as an old certificate says it
// and the register may still; "" for who is too young to have one.
func before1999(number string) string {
	old := number[:6] + number[8:17]
	if n, err := idnumber.Parse(old); err != nil || string(n) != number {
		return ""
	}
	return old
}
