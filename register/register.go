// Package register is what people do with what came in: warnings and their
// disposition, reviews that take effect, tasks that go back to the field. It gathers
// facts, asks the pure rules of domain/, and writes operations through sync/engine like
// everybody else.
//
// It decides no merge and opens no door: access is hooks' and the engine's.
package register

import (
	"doorstep/domain/assistance"
	"doorstep/domain/indicator"
	"doorstep/sync/engine"
)

// Rules are the product's, with a county's numbers as they are shipped. The order is
// that in which they are asked: warnings last, for they look at what the others wrote.
func Rules() []engine.Rule {
	return []engine.Rule{Recusal{}, &Entitlements{Params: assistance.Defaults()}, &Findings{}, &Warnings{Params: indicator.Defaults(), Lists: Departments{}}}
}
