//go:build !unix

package photo

// SyncDir does nothing where directories cannot be fsynced (Windows journals
// its own); production runs on Linux.
func SyncDir(string) error { return nil }
