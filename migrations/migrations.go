// Package migrations builds and changes the database, step by step and in order.
//
// Each file is one step with one purpose. The columns of synced collections are
// not listed here: they follow the table in sync/policy (AlignCollections), so a
// new field there needs only a step that aligns again. It holds no data and no
// rules.
package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	_ "github.com/pocketbase/pocketbase/migrations" // its own system tables come first
)

// step registers one migration under its file's name.
func step(name string, up func(core.App) error) {
	core.AppMigrations.Add(&core.Migration{File: name, Up: up, Down: func(core.App) error { return nil }})
}
