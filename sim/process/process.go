// Package process tries the real binary: killed at random moments under clients
// that retry, like tablets do. What was acknowledged must be there, once.
//
// It is only tests. What a single process can be asked with an injected clock and
// network is sim's.
package process
