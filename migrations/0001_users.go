package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

// Accounts: a role, an office (the region code of the town or county they answer
// to) and a switch. Every door but viewing oneself is shut; PocketBase's default
// lets people register and set their own role.
func init() {
	step("0001_users.go", func(app core.App) error {
		users, err := app.FindCollectionByNameOrId("users")
		if err != nil {
			return err
		}
		users.ListRule, users.CreateRule, users.UpdateRule, users.DeleteRule, users.ManageRule = nil, nil, nil, nil, nil
		users.ViewRule = types.Pointer("@request.auth.id != '' && id = @request.auth.id")
		users.AuthRule = types.Pointer("disabled = false")
		users.OAuth2.Enabled = false
		users.OTP.Enabled = false
		users.AuthAlert.Enabled = false
		users.AuthToken.Duration = 14 * 24 * 3600 // seconds: a tablet may be without signal for a week
		users.Fields.RemoveByName("avatar")
		users.Fields.Add(
			&core.TextField{Name: "role", Required: true, Max: 20},
			&core.TextField{Name: "office", Max: 12, Pattern: `^(\d{6}(\d{3}(\d{3})?)?)?$`},
			&core.BoolField{Name: "disabled"},
		)
		return app.Save(users)
	})
}
