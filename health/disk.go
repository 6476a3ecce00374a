// Package health is how a running server says how it is: whether it is alive, ready to
// be written to, what it has done (metrics), and that its disk is nearly full, so that
// writing ends before the disk does. It is told everything; it knows no routes of the
// product, no database and nobody's data.
package health

import (
	"sync/atomic"
	"time"
)

// measuredFor is how long a measurement of the free space stands: a herd's worst
// second writes far less than any sensible reserve.
const measuredFor = time.Second

// Disk is the space that is left where the data lie. Below the reserve nothing more is
// taken, while what is left still carries audit lines, sign-ins and SQLite's own files;
// as soon as there is room again, all goes on.
type Disk struct {
	Dir     string
	Reserve int64 // bytes
	Free    func(dir string) (int64, error)
	Now     func() time.Time

	last atomic.Pointer[measured]
}

type measured struct {
	at   time.Time
	free int64
	err  error
}

// Left is the free bytes, as of a second ago at most.
func (d *Disk) Left() (int64, error) {
	now := d.Now()
	m := d.last.Load()
	if m == nil || now.Sub(m.at) >= measuredFor || now.Before(m.at) {
		free, err := d.Free(d.Dir)
		m = &measured{now, free, err}
		d.last.Store(m)
	}
	return m.free, m.err
}

// Full reports whether nothing more may be taken. A disk that cannot be measured is not
// held to be full: it will say so itself.
func (d *Disk) Full() bool {
	free, err := d.Left()
	return err == nil && free < d.Reserve
}
