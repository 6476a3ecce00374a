package doctor

import (
	"os"
	"syscall"
)

// unsynced is STA_UNSYNC of adjtimex(2): nothing keeps the clock right.
const unsynced = 0x40

func clockSynced() (synced, known bool) {
	var t syscall.Timex
	if _, err := syscall.Adjtimex(&t); err != nil {
		return false, false
	}
	return t.Status&unsynced == 0, true
}

func fileLimit() (limit uint64, known bool) {
	var r syscall.Rlimit
	err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &r)
	return r.Max, err == nil // Go raises the soft limit to it by itself
}

func ownerOf(path string) uint32 {
	info, err := os.Lstat(path)
	if err != nil {
		return 0
	}
	s, _ := info.Sys().(*syscall.Stat_t)
	if s == nil {
		return 0
	}
	return s.Uid
}
