//go:build !unix

package durable

// SyncDir does nothing where directories cannot be fsynced (Windows journals
// its own); production runs on Linux.
func SyncDir(string) error { return nil }
