package sim

import (
	"context"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"doorstep/sync/engine"
	"doorstep/sync/wire"
)

// backup is a copy of the data directory with what the administrator's own
// papers said at that time.
type backup struct {
	dir    string
	seq    int64
	grants map[string][]engine.Grant
	off    map[string]bool
}

// restored is a restore that happened, for the checkers.
type restored struct {
	seq     int64 // what the backup knew
	newest  bool  // not an older one by mistake
	durable int64 // what tablets had been told is safe
	said    bool
}

const keptBackups = 4

// backup copies the data and, the copy being good, tells the tablets how far
// they need not keep what they sent.
func (w *World) backup() {
	s := w.server
	if !s.up {
		return
	}
	seq := s.engine.Status().Seq
	b := backup{dir: filepath.Join(s.root, "backup"+w.label()), seq: seq, grants: maps.Clone(w.grants), off: maps.Clone(w.disabled)}
	if err := copyImage(s.dir, b.dir); err != nil {
		w.fail("harness", "backup: %v", err)
		return
	}
	if err := s.exec(`UPDATE sync_state SET durable_seq = ? WHERE id = 1`, seq); err != nil {
		w.fail("harness", "backup: %v", err)
		return
	}
	s.backups, s.reached = append(s.backups, b), max(s.reached, seq)
	if len(s.backups) > keptBackups {
		_ = os.RemoveAll(s.backups[0].dir)
		s.backups = s.backups[1:]
	}
	w.note("backup at seq %d", seq)
}

// restore puts a backup in the place of the data: the newest, or an older one by
// mistake, with or without telling the engine.
func (w *World) restore() {
	s := w.server
	if !s.up || len(s.backups) == 0 {
		return
	}
	i := len(s.backups) - 1
	if i > 0 && w.chance(w.faults.OldBackup) {
		i = w.rng.IntN(i)
	}
	b := s.backups[i]
	was := s.engine.Status().Seq
	w.used = max(w.used, was)
	durable := w.count(`SELECT durable_seq FROM sync_state`)
	s.shut()
	w.boots = slices.DeleteFunc(w.boots, func(seq int64) bool { return seq > b.seq }) // the lost history's
	_ = os.RemoveAll(s.dir)
	_ = os.RemoveAll(filepath.Join(s.root, "pending"))
	dir := s.newDir()
	if err := copyImage(b.dir, dir); err != nil {
		w.fail("harness", "restore: %v", err)
		return
	}
	if err := s.open(dir); err != nil {
		w.fail("starts", "the server does not start on a backup: %v", err)
		return
	}
	newest := i == len(s.backups)-1
	s.backups = s.backups[:i+1]
	said := !w.chance(w.faults.Unannounced)
	w.note("RESTORED to seq %d from %d (durable %d, announced %v)", b.seq, was, durable, said)
	w.restored = append(w.restored, restored{b.seq, newest, durable, said})
	w.answers, w.sent = map[string]string{}, nil
	w.grants, w.disabled = maps.Clone(b.grants), maps.Clone(b.off)
	if said {
		// The lost data are ruined: what the folder knows is all there is.
		if err := s.engine.NewEpoch(context.Background(), "restore", s.reached); err != nil {
			w.fail("harness", "new epoch: %v", err)
		}
		s.reached = max(s.reached, s.engine.Status().Seq)
		w.checkNumbers()
	}
	w.revokeAgain()
}

// checkNumbers: "nothing written before the loss can pass for newer than what came
// after" (§8): no history numbers again what another one has numbered. A restore that
// nobody announced may have raised a counter of which the folder knows nothing.
func (w *World) checkNumbers() {
	secret := slices.ContainsFunc(w.restored, func(r restored) bool { return !r.said })
	if seq := w.server.engine.Status().Seq; seq <= w.used && !secret {
		w.fail("numbers", "after a restore the counter is at %d; histories before it have used numbers up to %d", seq, w.used)
	}
}

// revokeAgain applies the revocations that are journalled outside the database.
func (w *World) revokeAgain() {
	for _, id := range slices.Sorted(maps.Keys(w.revoked)) {
		err := w.server.engine.Revoke(context.Background(), w.admin(), id, "sim")
		var coded *wire.Error
		if err != nil && !(errors.As(err, &coded) && coded.Code == wire.NotFound) {
			w.fail("harness", "revoke again: %v", err)
		}
	}
}

// admin is the county's administrator.
func (w *World) admin() *engine.Account {
	a, err := account(context.Background(), w.server.engine, "county000000001")
	if err != nil {
		w.fail("harness", "the administrator: %v", err)
	}
	return a
}
