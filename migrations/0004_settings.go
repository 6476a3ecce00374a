package migrations

import "github.com/pocketbase/pocketbase/core"

// PocketBase logs every request with its query, address and account. A search
// holds names, so only warnings and errors are kept, without who and from where.
func init() {
	step("0004_settings.go", func(app core.App) error {
		s := app.Settings()
		s.Meta.AppName = "Doorstep · 铁脚板"
		s.Logs.MinLevel = 4 // slog.LevelWarn
		s.Logs.LogIP, s.Logs.LogAuthId = false, false
		s.Batch.Enabled = false
		return app.Save(s)
	})
}
