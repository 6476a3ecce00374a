package backup

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"doorstep/durable"
	"doorstep/sync/engine"

	"github.com/gofrs/flock"
)

// Drill (演练) proves that a county could be put back: it restores a backup into a
// directory of its own, starts on it what would start on the real one, and compares
// with the live data, which it only reads. Nothing of it is left, and nothing is noted
// where the backups are.
type Drill struct {
	Place   Place  // nil: a backup is made for the drill, and restored
	Name    string // of the backup; "": the newest
	DataDir string
	Work    string // where there is room; a directory is made in it and removed
	Now     func() time.Time
	Begin   Begin
	Open    func(dir string) (engine.Report, error) // as the server opens it, with both chains verified
}

// Step is one of the drill, with the time that it took.
type Step struct {
	Name string
	Took time.Duration
}

// Drilled is what came of it.
type Drilled struct {
	Backup *Manifest
	Made   bool // for the drill
	Steps  []Step
	Opened engine.Report
	Photos int
	// Live is false where there is no database to compare with, or not of this history.
	Live        bool
	LiveSeq     int64
	Newer       engine.Newer
	NewerPhotos int
}

const drilling = "doorstep-drill"

// Run does it all. The error, if any, says what would have gone wrong.
func (d Drill) Run(ctx context.Context) (out *Drilled, err error) {
	scratch, release, err := d.take()
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, release()) }()
	out = &Drilled{}
	place := d.Place
	if place == nil {
		out.Made = true
		place = Folder{Dir: filepath.Join(scratch, "backups"), Keep: 1, SameVolume: true, Now: d.Now}
		if err := d.step(out, stepBackup, func() error { _, err := place.Make(ctx, d.DataDir); return err }); err != nil {
			return nil, err
		}
	}
	restored := filepath.Join(scratch, "restored")
	if err := durable.MkdirAll(restored); err != nil {
		return nil, err
	}
	if err := lendKeys(d.DataDir, restored); err != nil {
		return nil, err
	}
	if err := d.step(out, stepRestore, func() (err error) {
		out.Backup, _, err = Restore(ctx, unnoted{place}, d.Name, restored, false, d.Now(), d.Begin)
		return err
	}); err != nil {
		return nil, err
	}
	if err := d.step(out, stepOpen, func() (err error) { out.Opened, err = d.Open(restored); return err }); err != nil {
		return nil, err
	}
	var shas []string
	if err := d.step(out, stepPhotos, func() (err error) { shas, err = photosOf(ctx, restored, out.Backup); return err }); err != nil {
		return nil, err
	}
	out.Photos = len(shas)
	if out.Opened.Ops < out.Backup.Ops || out.Photos != out.Backup.Photos.Count {
		return nil, fmt.Errorf(textDrillCounts, out.Opened.Ops, out.Photos, out.Backup.Ops, out.Backup.Photos.Count)
	}
	return out, d.step(out, stepCompare, func() error { return d.compare(ctx, scratch, shas, out) })
}

func (d Drill) step(out *Drilled, name string, do func() error) error {
	began := d.Now()
	err := do()
	out.Steps = append(out.Steps, Step{name, d.Now().Sub(began)})
	if err != nil {
		return fmt.Errorf(textDrillStep, name, err)
	}
	return nil
}

// take makes the scratch directory and holds it. What a drill that was killed left
// there is personal data: it goes first.
func (d Drill) take() (scratch string, release func() error, err error) {
	work, err := filepath.Abs(d.Work)
	if err != nil {
		return "", nil, err
	}
	data, err := filepath.Abs(d.DataDir)
	if err != nil {
		return "", nil, err
	}
	if work == data || strings.HasPrefix(work, data+string(filepath.Separator)) {
		return "", nil, fmt.Errorf(textDrillInside, d.Work)
	}
	lock := flock.New(filepath.Join(work, drilling+".lock"))
	if ok, err := lock.TryLock(); err != nil || !ok {
		return "", nil, errors.Join(err, fmt.Errorf(textDrillTaken, work))
	}
	scratch = filepath.Join(work, drilling)
	release = func() error {
		return errors.Join(os.RemoveAll(scratch), os.Remove(lock.Path()), lock.Unlock())
	}
	if err = os.RemoveAll(scratch); err == nil {
		err = durable.MkdirAll(scratch)
	}
	if err == nil {
		err = d.room(scratch)
	}
	if err != nil {
		return "", nil, errors.Join(err, release())
	}
	return scratch, release, nil
}

// room is for the database three times and the photos, twice where they are backed
// up here, too.
func (d Drill) room(scratch string) error {
	var database, photos int64
	err := filepath.WalkDir(d.DataDir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() {
			return ignoreGone(err)
		}
		info, err := e.Info()
		if err != nil {
			return ignoreGone(err)
		}
		switch {
		case path == filepath.Join(d.DataDir, databaseFile):
			database = info.Size()
		case strings.HasPrefix(path, filepath.Join(d.DataDir, "photos")):
			photos += info.Size()
		}
		return nil
	})
	if err != nil {
		return err
	}
	need := 3*database + photos
	if d.Place == nil {
		need += photos
	}
	free, err := freeBytes(scratch)
	if err == nil && free < need {
		err = fmt.Errorf(textDrillRoom, d.Work, need>>20, free>>20)
	}
	return err
}

// ignoreGone: a server at work removes files while one looks; a county whose data are
// gone altogether can be drilled, too.
func ignoreGone(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// photosOf reads every picture that a restored database names, once its history is the
// backup's; the new epoch has added to it.
func photosOf(ctx context.Context, dir string, m *Manifest) ([]string, error) {
	c, err := engine.OpenCopy(filepath.Join(dir, databaseFile), nil)
	if err != nil {
		return nil, err
	}
	defer func() { _ = c.Close() }()
	cover, err := m.Cover()
	if err != nil {
		return nil, err
	}
	if _, err := c.Newer(ctx, cover); err != nil {
		return nil, err
	}
	shas, err := c.Photos(ctx)
	for _, sha := range shas {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if _, err := readSums(dir, sha, true); err != nil {
			return nil, err
		}
	}
	return shas, err
}

// compare tells what the live data have that the backup lacks, from a copy of them.
func (d Drill) compare(ctx context.Context, scratch string, shas []string, out *Drilled) error {
	if _, err := os.Stat(filepath.Join(d.DataDir, databaseFile)); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	path := filepath.Join(scratch, "live.db")
	if err := copyDatabase(ctx, d.DataDir, path); err != nil {
		return err
	}
	c, err := engine.OpenCopy(path, nil)
	if err != nil {
		return err
	}
	defer func() { _ = c.Close() }()
	status, err := c.Status()
	if err != nil {
		return err
	}
	cover, err := out.Backup.Cover()
	if err != nil {
		return err
	}
	newer, err := c.Newer(ctx, cover)
	if errors.Is(err, engine.ErrOtherHistory) {
		return nil
	}
	if err != nil {
		return err
	}
	live, err := c.Photos(ctx)
	if err != nil {
		return err
	}
	held := map[string]bool{}
	for _, sha := range shas {
		held[sha] = true
	}
	for _, sha := range live {
		if !held[sha] {
			out.NewerPhotos++
		}
	}
	out.Live, out.LiveSeq, out.Newer = true, status.Seq, newer
	return nil
}

// unnoted is a place that a drill restores from: it leaves no note there.
type unnoted struct{ Place }

func (unnoted) setNote(context.Context, int64) {}

// String is the report for the operator.
func (o *Drilled) String() string {
	var b strings.Builder
	line := func(text string, args ...any) { fmt.Fprintf(&b, text+"\n", args...) }
	m := o.Backup
	line(drillBackup, m.Name, m.Made, m.Seq)
	if o.Made {
		line(drillMade)
	}
	var all time.Duration
	for _, s := range o.Steps {
		line(drillStep, s.Name, s.Took.Seconds())
		all += s.Took
	}
	line(drillStep, stepAll, all.Seconds())
	line(drillWhole, o.Opened.Ops, o.Opened.Audit, o.Photos)
	n := o.Newer
	switch {
	case !o.Live:
		line(drillNoLive)
	case o.LiveSeq == m.Seq && o.NewerPhotos == 0:
		line(drillNothing)
	default:
		line(drillNewer, o.LiveSeq, n.FromTablets-n.Forgotten, n.Tablets, o.NewerPhotos)
		if n.FromOffices > 0 {
			line(drillOffices, n.FromOffices)
		}
		if n.Forgotten > 0 {
			line(drillForgotten, n.Forgotten)
		}
	}
	b.WriteString(drillGone)
	return b.String()
}
