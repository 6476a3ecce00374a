package register

import (
	"context"
	"crypto/rand"
	"fmt"
	"math/big"
	"strings"

	"doorstep/domain/access"
	"doorstep/domain/region"
	"doorstep/sync/engine"
	"doorstep/sync/wire"

	"github.com/pocketbase/pocketbase/core"
)

// NewAccount is the command that makes an account or changes one of this address.
type NewAccount struct {
	Email         string   `validate:"required,email"`
	Name          string   `validate:"required,max=40"`
	Role          string   `validate:"required,oneof=worker social town county department auditor data admin"`
	Office        string   `validate:"omitempty,numeric,max=12"`
	Department    string   `validate:"omitempty,max=20"` // of whoever is a department's officer
	Areas         []string `validate:"max=500,dive,numeric"`
	Households    []string `validate:"max=5000,dive,uuid"`
	Password      string   `validate:"omitempty,min=10,max=70"`
	Disabled      bool
	ResetPassword bool
	DropFactor    bool // its telephone and its recovery codes are lost
}

// SetAccount saves an account with exactly these grants, beside those that a contract
// gives it. A new one gets the
// password given or an invented one, which is returned once and kept nowhere.
func SetAccount(ctx context.Context, app core.App, e *engine.Engine, a NewAccount) (password string, err error) {
	if err := wire.Check(&a); err != nil {
		return "", err
	}
	grants, err := a.grants()
	if err != nil {
		return "", err
	}
	rec, err := app.FindAuthRecordByEmail("users", a.Email)
	if err != nil {
		users, err := app.FindCollectionByNameOrId("users")
		if err != nil {
			return "", err
		}
		rec = core.NewRecord(users)
		rec.SetEmail(a.Email)
		rec.SetVerified(true)
		a.ResetPassword = true
	}
	invented := false
	if a.ResetPassword {
		if password = a.Password; password == "" {
			invented = true
			if password, err = inventPassword(); err != nil {
				return "", err
			}
		}
		rec.SetPassword(password)
	}
	if a.Disabled && !rec.GetBool("disabled") {
		rec.RefreshTokenKey() // every token that is out ends now
	}
	rec.Set("name", a.Name)
	rec.Set("role", a.Role)
	rec.Set("office", a.Office)
	rec.Set("department", a.Department)
	rec.Set("disabled", a.Disabled)
	if err := app.Save(rec); err != nil {
		return "", fmt.Errorf("save account %s: %w", a.Email, err)
	}
	return password, e.Update(ctx, func(tx *engine.Tx) error {
		if invented {
			if err := tx.Exec(markFirst, rec.Id, wire.Format(tx.Now())); err != nil {
				return err
			}
		}
		if a.DropFactor {
			if err := tx.Exec(`DELETE FROM account_factors WHERE account = ?`, rec.Id); err != nil {
				return err
			}
		}
		served, err := contractGrants(tx, rec.Id)
		if err != nil {
			return err
		}
		return tx.SetGrants(rec.Id, append(grants, served...), engine.Server)
	})
}

func (a *NewAccount) grants() ([]engine.Grant, error) {
	if a.Office != "" && !region.Valid(a.Office) {
		return nil, wire.InvalidField("office", "所属地区代码应为 6、9 或 12 位："+a.Office)
	}
	if (access.Role(a.Role) == access.Department) != access.IsDepartment(a.Department) {
		return nil, wire.InvalidField("department", "部门账号须注明所属部门("+strings.Join(access.Departments(), "、")+")，其他账号不填。")
	}
	var out []engine.Grant
	for _, area := range a.Areas {
		if !region.Valid(area) || !access.Fits(access.Role(a.Role), area) {
			return nil, wire.InvalidField("areas", "该角色不能管辖地区 "+area)
		}
		out = append(out, engine.Grant{Kind: engine.GrantArea, Value: area})
	}
	for _, h := range a.Households {
		out = append(out, engine.Grant{Kind: engine.GrantHome, Value: h})
	}
	return out, nil
}

// inventPassword draws a passphrase that is read off paper and typed on a tablet: four
// groups of four (79 bits).
func inventPassword() (string, error) {
	w, err := drawLetters(16)
	if err != nil {
		return "", err
	}
	return w[:4] + "-" + w[4:8] + "-" + w[8:12] + "-" + w[12:], nil
}

// drawLetters draws small letters and digits that are told apart easily.
func drawLetters(n int) (string, error) {
	const letters = "abcdefghjkmnpqrstuvwxyz23456789"
	out := make([]byte, n)
	for i := range out {
		at, err := rand.Int(rand.Reader, big.NewInt(int64(len(letters))))
		if err != nil {
			return "", err
		}
		out[i] = letters[at.Int64()]
	}
	return string(out), nil
}
