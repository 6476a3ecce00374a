// Package sim is a deterministic simulator of a county: model tablets, reviewers
// and an administrator against the real engine on a real SQLite file, over a
// network, clocks, crashes and people that are all drawn from one seed. The same
// seed makes the same run, to the last line of its trace.
//
// The model tablet is written from docs/protocol.md §7-§9 alone; it shares no code
// with the browser's client, so that the two cannot be wrong together. One of them
// can work as that client does, and write down what it asks and shows (courier.go,
// golden.go): the client is held to these traces. The faults
// know nothing of the checkers, and each checker proves one sentence of the
// protocol's guarantees.
//
// It is no test of speed (bench), of HTTP and sign-in (hooks), or of a process
// that is killed (the binary's own tests): calls here are made in-process, photos
// through the real door for them (sync/uploads).
package sim
