// Package process tries the real binary under clients that retry, like tablets do:
// killed at random moments, its power cut, its disk failing or full, its network
// bad. What was acknowledged must be there, once. How each fault is made is told in
// docs/decisions/0012-process-faults.md.
//
// It is only tests. What a single process can be asked with an injected clock and
// network is sim's.
package process
