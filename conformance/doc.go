// Package conformance plays docs/protocol.md as a stranger would: a client written
// from the page alone, over HTTP, against the binary as it is shipped. It imports
// nothing of this module, so a misunderstanding that the engine and its own tests
// share shows here. Its cases are named by their numbers in the list of cases where
// other systems failed.
//
// It is only tests. What a single device can be asked with an injected clock is
// sync/engine's, faults are sim's.
package conformance
