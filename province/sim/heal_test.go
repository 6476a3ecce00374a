package sim

import (
	"context"
	"errors"
	"fmt"
	"time"

	"doorstep/province/consume"
	"doorstep/province/store"
	"doorstep/province/streams"
	"doorstep/province/wire"

	"github.com/nats-io/nats.go/jetstream"
)

// heal ends every trouble and lets all of them work until nobody has anything to tell
// any more: a finding taken in makes a warning, which goes up, which makes people be
// looked at; a word between counties makes another.
func (w *world) heal() {
	w.round++
	w.note("healed")
	w.awake()
	w.whole()
	w.replaceProcesses()
	for _, c := range w.counties {
		c.away = 0
		c.hang()
		c.line.set(false, 0)
		c.letters.set(false, 0)
		c.stumble.Store(0)
		c.sendAgain()
		c.begin()
		c.receive()
	}
	settled := w.settle()
	for settled && w.decideAll() { // what was left lying is decided at last
		settled = w.settle()
	}
	if settled { // most categories begin with a month, and nobody writes anything on that day
		w.now.Add(int64(25 * 24 * time.Hour))
		w.note("some weeks pass in which nobody writes")
		w.settle()
	}
}

// settle lets all of them work until nothing is under way.
func (w *world) settle() bool {
	waits := "all of them"
	for end := time.Now().Add(*flagPatience); time.Now().Before(end) && len(w.failures) == 0; {
		before := waits
		sent, whole := w.carry(bound)
		// What came down after the carrying may have made a warning: quiet is what was quiet before.
		if waits = w.quiet(); whole && sent == 0 && waits == "" && before == "" {
			return true
		}
		time.Sleep(100 * time.Millisecond)
	}
	if len(w.failures) > 0 {
		return false
	}
	w.fail("settled", "not within %v: %s", *flagPatience, waits)
	return false
}

// behind says what the province has not read, not looked at or not sent yet; "" nothing.
func (w *world) behind() string {
	ctx, cancel := context.WithTimeout(w.t.Context(), 30*time.Second)
	defer cancel()
	read, err := w.allRead(ctx, w.store)
	if err != nil || !read {
		return fmt.Sprintf("the readers are behind (%v)", err)
	}
	var looks, unsent int
	var day string
	if err := w.store.Pool.QueryRow(ctx, `SELECT (SELECT count(*) FROM looks), (SELECT count(*) FROM findings WHERE sent IS NULL), (SELECT day FROM finder)`).Scan(&looks, &unsent, &day); err != nil || looks+unsent > 0 || day < w.today() {
		return fmt.Sprintf("%d people are not looked at, %d findings not sent, those of the days after %s are not looked for (%v)", looks, unsent, day, err)
	}
	return ""
}

// quiet says what is still under way; "" nothing.
func (w *world) quiet() string {
	if waits := w.behind(); waits != "" {
		return waits
	}
	ctx, cancel := context.WithTimeout(w.t.Context(), 30*time.Second)
	defer cancel()
	down, err := w.js.Stream(ctx, wire.Down)
	if err != nil {
		return err.Error()
	}
	var untold int
	if err := w.store.Pool.QueryRow(ctx, `SELECT count(*) FROM words WHERE told <> $1`, streams.IdentityOf(down)).Scan(&untold); err != nil || untold > 0 {
		return fmt.Sprintf("%d words between counties are not passed on (%v)", untold, err)
	}
	for _, c := range w.counties {
		last, err := down.GetLastMsgForSubject(ctx, wire.DownSubject(c.Code))
		if errors.Is(err, jetstream.ErrMsgNotFound) {
			continue
		}
		if err != nil || c.down() < last.Sequence {
			return fmt.Sprintf("%s has not taken in what came down (%v, %v)", c.Code, err, c.ill.Load())
		}
	}
	return ""
}

// allRead says whether a store has taken in all of the stream.
func (w *world) allRead(ctx context.Context, st *store.Store) (bool, error) {
	up, err := w.js.Stream(ctx, wire.Register)
	if err != nil {
		return false, err
	}
	positions, err := st.Positions(ctx)
	if err != nil {
		return false, err
	}
	stream := streams.IdentityOf(up)
	for part := range wire.Partitions {
		last, err := up.GetLastMsgForSubject(ctx, wire.PartitionSubjects(part))
		if errors.Is(err, jetstream.ErrMsgNotFound) {
			continue
		}
		if err != nil {
			return false, err
		}
		if p := positions[part]; p.Stream != stream || p.At < last.Sequence {
			return false, nil
		}
	}
	return true, nil
}

// down is how far the county has read what comes down.
func (c *county) down() (at uint64) {
	c.scan(`SELECT down FROM province_relay`, nil, &at)
	return at
}

// scan reads rows of the county's database: each is read into to, then told.
func (c *county) scan(sql string, each func(), to ...any) {
	rows, err := c.Engine.Query(c.w.t.Context(), sql)
	if err != nil {
		c.w.fail("harness", "%s: %v", sql, err)
		return
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		if err := rows.Scan(to...); err != nil {
			c.w.fail("harness", "%s: %v", sql, err)
			return
		}
		if each != nil {
			each()
		}
	}
}

// rebuild builds a second store from the stream's beginning.
func (w *world) rebuild() (*store.Store, error) {
	fresh, err := store.Open(w.t.Context(), w.postgres.URL(w.name+"again"))
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(w.t.Context(), bound)
	defer cancel()
	return fresh, (&consume.Consumer{Store: fresh, JS: w.js, Most: 1 + w.rng.IntN(90)}).CatchUp(ctx)
}
