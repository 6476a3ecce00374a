package doctor

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"doorstep/backup"
	"doorstep/doctor/finding"
	"doorstep/sync/atrest"
	"doorstep/sync/engine"

	"github.com/pocketbase/dbx"
)

// visit is one examination, with what was read once for several checks.
type visit struct {
	Patient
	found    *engine.Inspection
	noAnswer error // of the database
	fresh    bool  // there is no database yet
}

func (v *visit) look(ctx context.Context) {
	if _, err := os.Stat(filepath.Join(v.Dir, "data.db")); errors.Is(err, fs.ErrNotExist) {
		v.fresh = true
		return
	}
	v.found, v.noAnswer = engine.Inspect(ctx, v.Dir)
}

func ok(format string, args ...any) Finding { return finding.Good(format, args...) }
func bad(level Level, do, format string, args ...any) Finding {
	return finding.Bad(level, do, format, args...)
}

func version(_ context.Context, v *visit) Finding {
	return ok(textVersion, v.Version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
}

func configuration(_ context.Context, v *visit) Finding {
	if v.Config != nil {
		return bad(Fail, doConfig, "%s", strings.ReplaceAll(v.Config.Error(), "\n", "；"))
	}
	return ok(textConfigOK)
}

func directory(_ context.Context, v *visit) Finding {
	info, err := os.Stat(v.Dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return bad(Warn, doNoDir, textNoDir, v.Dir)
	case err != nil:
		return bad(Fail, doReadDir, "%v", err)
	case !info.IsDir():
		return bad(Fail, doNoDir, textNotDir, v.Dir)
	}
	probe, err := os.CreateTemp(v.Dir, ".doctor-*")
	if err != nil {
		return bad(Fail, doWriteDir, textNotWritable, v.Dir, err)
	}
	_ = probe.Close()
	_ = os.Remove(probe.Name())
	if mode := info.Mode().Perm(); mode&0o077 != 0 {
		return bad(Warn, fmt.Sprintf(doChmodDir, v.Dir), textDirOpen, v.Dir, mode)
	}
	if other := foreign(v.Dir); other != "" {
		return bad(Fail, doOwner, textForeign, other)
	}
	return ok(textDirOK, v.Dir)
}

// foreign is a file of the data directory that is not of the user who asks: it was
// made by another, root as a rule, and the service cannot write it.
func foreign(dir string) string {
	own := ownerOf(dir)
	entries, _ := os.ReadDir(dir)
	for _, e := range entries {
		if e.Name() == "lost+found" { // the file system's own
			continue
		}
		if path := filepath.Join(dir, e.Name()); ownerOf(path) != own {
			return path
		}
	}
	return ""
}

func space(_ context.Context, v *visit) Finding {
	free, err := v.Free(existing(v.Dir))
	switch {
	case err != nil:
		return bad(Fail, doReadDir, "%v", err)
	case free < v.Reserve:
		return bad(Fail, doSpace, textFull, gb(free), gb(v.Reserve))
	case free < 8*v.Reserve:
		return bad(Warn, doSpace, textLittle, gb(free))
	}
	return ok(textSpace, gb(free))
}

func gb(n int64) float64 { return float64(n) / (1 << 30) }

// existing is the nearest folder that is there.
func existing(dir string) string {
	for {
		if _, err := os.Stat(dir); err == nil || dir == filepath.Dir(dir) {
			return dir
		}
		dir = filepath.Dir(dir)
	}
}

const (
	syncTries   = 9
	syncSlow    = 50 * time.Millisecond
	syncTooFast = 20 * time.Microsecond // no disk, nor an SSD with a capacitor, is that fast
)

// syncing tells what an fsync costs here, and that a connection of ours asks for it.
func syncing(_ context.Context, v *visit) Finding {
	if existing(v.Dir) != v.Dir {
		return ok(textNotTried)
	}
	where, err := os.MkdirTemp(v.Dir, ".doctor-*")
	if err != nil {
		return bad(Fail, doWriteDir, textNotWritable, v.Dir, err)
	}
	defer func() { _ = os.RemoveAll(where) }()
	db, err := engine.Connect(filepath.Join(where, "try.db"))
	if err != nil {
		return bad(Fail, doReport, "%v", err)
	}
	level, err := synchronous(db)
	if err != nil || level != 2 {
		return bad(Fail, doReport, textNotFull, level, err)
	}
	took, err := medianSync(filepath.Join(where, "try"))
	switch {
	case err != nil:
		return bad(Fail, doDisk, "%v", err)
	case took > syncSlow:
		return bad(Warn, doSlow, textSync, took.Round(time.Microsecond))
	case took < syncTooFast:
		return bad(Warn, doVolatile, textSync, took.Round(time.Microsecond))
	}
	return ok(textSync, took.Round(time.Microsecond))
}

func synchronous(db *dbx.DB) (level int, err error) {
	defer func() { _ = db.Close() }()
	err = db.NewQuery("PRAGMA synchronous").Row(&level)
	return level, err
}

func medianSync(path string) (time.Duration, error) {
	f, err := os.Create(path)
	if err != nil {
		return 0, err
	}
	defer func() { _ = f.Close() }()
	var took []time.Duration
	for i := range syncTries {
		began := time.Now()
		if _, err := f.WriteAt(make([]byte, 4096), int64(i)*4096); err != nil {
			return 0, err
		}
		if err := f.Sync(); err != nil {
			return 0, err
		}
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	return took[len(took)/2], nil
}

// The clock decides no order, but deadlines and certificates go by it.
const clockSlack = 10 * time.Minute

func clock(_ context.Context, v *visit) Finding {
	now := v.Now()
	if v.found != nil && v.found.LastHeard != "" {
		if last, err := time.Parse(time.RFC3339, v.found.LastHeard); err == nil && last.After(now.Add(clockSlack)) {
			return bad(Fail, doClock, textClockBack, now.Format(time.DateTime), last.In(now.Location()).Format(time.DateTime))
		}
	}
	if synced, known := clockSynced(); known && !synced {
		return bad(Warn, doNTP, textNotSynced, now.Format(time.DateTime))
	}
	return ok(textClock, now.Format(time.DateTime))
}

func database(_ context.Context, v *visit) Finding {
	if v.fresh {
		return ok(textFresh)
	}
	if v.noAnswer != nil {
		return bad(Fail, doDatabase, "%v", v.noAnswer)
	}
	missing, extra := 0, ""
	for _, m := range v.Migrations {
		if !slices.Contains(v.found.Migrations, m) {
			missing++
		}
	}
	for _, m := range v.found.Migrations {
		if !slices.Contains(v.Migrations, m) {
			extra = m
		}
	}
	switch {
	case extra != "":
		return bad(Fail, doNewer, textNewer, extra)
	case missing > 0:
		return bad(Warn, doMigrate, textMissing, missing)
	}
	return ok(textDatabase, v.found.Status.Seq, v.found.Status.Epoch)
}

func tail(_ context.Context, v *visit) Finding {
	switch {
	case v.found == nil:
		return ok(textNoLog)
	case v.found.TailFault != nil:
		return bad(Fail, doTail, "%v", v.found.TailFault)
	}
	return ok(textTail)
}

func keys(_ context.Context, v *visit) Finding {
	found, _ := filepath.Glob(filepath.Join(v.Dir, "*.key"))
	ring := filepath.Join(v.Dir, atrest.File)
	_, linked := atrest.Linked(ring)
	if !v.fresh {
		found = append(found, ring) // also one that points to where nothing is
	}
	all := append(found, v.Secrets...)
	for _, path := range all {
		info, err := os.Stat(path)
		if err != nil {
			return bad(Fail, doKey, "%v", err)
		}
		if info.Mode().Perm()&0o077 != 0 {
			return bad(Fail, fmt.Sprintf(doChmodKey, path), textKeyOpen, path, info.Mode().Perm())
		}
	}
	if !v.fresh && len(found) == 1 {
		return bad(Fail, doKeyGone, textKeyGone, v.Dir)
	}
	if linked || v.fresh {
		return ok(textKeys, len(all))
	}
	return ok(textKeys+textKeysHere, len(all))
}

const certSoon = 30 * 24 * time.Hour

// certificate answers for the one that needs most to be looked after.
func certificate(_ context.Context, v *visit) Finding {
	if v.Cert == "" && len(v.Issued) == 0 {
		return ok(textNoCert)
	}
	if v.Cert != "" {
		return ended(v, v.Cert, v.Key, doCert, func(*x509.Certificate) time.Duration { return certSoon })
	}
	worst := Finding{}
	for i, file := range v.Issued { // key and chain in one
		f := ended(v, file, file, doACME, func(c *x509.Certificate) time.Duration { return c.NotAfter.Sub(c.NotBefore) / 4 })
		if _, err := os.Stat(file); os.IsNotExist(err) {
			f = bad(Fail, doACME, textNoIssued, filepath.Base(file))
		}
		if i == 0 || f.Level > worst.Level {
			worst = f
		}
	}
	return worst
}

// ended looks at how long a certificate is good for yet.
func ended(v *visit, cert, key, do string, soon func(*x509.Certificate) time.Duration) Finding {
	pair, err := tls.LoadX509KeyPair(cert, key)
	if err != nil {
		return bad(Fail, do, "%v", err)
	}
	switch end := pair.Leaf.NotAfter; {
	case v.Now().After(end):
		return bad(Fail, do, textCertOver, end.Format(time.DateOnly))
	case v.Now().Add(min(soon(pair.Leaf), certSoon)).After(end):
		return bad(Warn, do, textCertSoon, end.Format(time.DateOnly))
	default:
		return ok(textCert, end.Format(time.DateOnly))
	}
}

// lateBackups is how many backups may be missing before it is a fault.
const lateBackups = 3

func backups(ctx context.Context, v *visit) Finding {
	if v.Backups == nil {
		return bad(Warn, doBackup, textNoBackups)
	}
	m, err := backup.Newest(ctx, v.Backups)
	if err != nil {
		return bad(Fail, doBackupPlace, "%v", err)
	}
	if m == nil {
		return bad(Fail, doBackupNone, textBackupNone, v.Backups)
	}
	made, err := time.Parse(time.RFC3339, m.Made)
	if err != nil {
		return bad(Fail, doBackupPlace, "%v", err)
	}
	age := v.Now().Sub(made).Round(time.Minute)
	if age > lateBackups*max(v.BackupEvery, time.Hour) {
		return bad(Fail, doBackupOld, textBackupOld, m.Name, age)
	}
	if v.found != nil && m.Epoch == v.found.Status.Epoch && v.found.Status.DurableSeq < m.Seq {
		return bad(Warn, doVouch, textBackupUnheard, m.Name, m.Seq, v.found.Status.DurableSeq)
	}
	return ok(textBackup, m.Name, age, m.Seq)
}

func province(ctx context.Context, v *visit) Finding {
	if v.Province == nil {
		return ok(textNoProvince)
	}
	return v.Province(ctx)
}

func superusers(_ context.Context, v *visit) Finding {
	if v.found == nil || v.found.Superusers == 0 {
		return ok(textNoSuper)
	}
	return bad(Warn, doSuper, textSuper, v.found.Superusers)
}

// filesLeast: a connection is a file, and there may be 8,192 of them.
const filesLeast = 16384

func openFiles(context.Context, *visit) Finding {
	limit, known := fileLimit()
	switch {
	case !known:
		return ok(textFilesUnknown)
	case limit < filesLeast:
		return bad(Warn, doFiles, textFiles, limit)
	}
	return ok(textFiles, limit)
}
