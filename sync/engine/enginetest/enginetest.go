// Package enginetest starts applications, and makes the directory that they begin on,
// for the tests of the packages that know PocketBase. It is for tests only, and knows
// neither policy nor engine.
package enginetest

import "github.com/pocketbase/pocketbase/core"

// Bootstrap starts an application without PocketBase's log writer. Every three
// seconds that reads settings and connections without a lock, while migrations and
// the end of a test write them: under the race detector, on a busy machine, each
// such test may fail. What a test logs stays in memory.
func Bootstrap(app core.App) error {
	if err := app.Bootstrap(); err != nil {
		return err
	}
	return app.OnTerminate().Trigger(&core.TerminateEvent{App: app})
}
