// Package bench measures the whole path of push and pull over real HTTP on
// loopback: sign-in, gzip, decoding, merging, scope, audit, FULL. Run it with
// `make bench`; docs/benchmarks.md says what was measured and how. Timed numbers
// are printed, never asserted.
package bench
