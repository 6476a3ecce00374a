package sim

import (
	"fmt"
	"time"
)

// people sets everybody to work: each tablet's worker, the reviewers, the
// administrator, and whatever goes wrong.
func (w *World) people(o Options) {
	n := o.Tablets
	if n == 0 {
		n = 6
	}
	for i := range n {
		p := workers[i%len(workers)]
		t := w.newTablet(fmt.Sprintf("t%d:%s", i+1, p.id[:7]), p.account())
		if i == 0 && o.Golden {
			t.golden = newGolden(w.Seed, p.account())
		}
		w.addTablet(t)
	}
	for _, p := range workers {
		f := w.newTablet("f:"+p.id[:7], p.account())
		f.reader = true
		w.followers = append(w.followers, f)
		w.every(25*time.Minute, func() { w.follow(f, 1+w.rng.IntN(3)) })
	}
	for _, p := range reviewers {
		w.every(20*time.Minute, func() { w.decide(p.id) })
	}
	w.troubles()
	w.office()
}

func (p person) account() string { return p.id }

func (w *World) addTablet(t *tablet) {
	w.tablets = append(w.tablets, t)
	w.every(18*time.Minute, t.work)
	w.every(9*time.Minute, t.sync)
	f := w.faults
	w.hourly(f.ClockJump, func() {
		t.clock = time.Duration(w.rng.Int64N(int64(4*365*24*time.Hour))) - 2*365*24*time.Hour
		w.note("%s: the clock jumps by %v", t.name, t.clock)
		t.tell("clock")
	})
	w.hourly(f.TwoTabs, func() {
		if len(t.tabs) == 1 {
			t.tabs = append(t.tabs, &lane{})
		} else {
			t.tabs = t.tabs[:1]
		}
		w.note("%s: %d tabs", t.name, len(t.tabs))
	})
	w.hourly(f.Offline, func() {
		t.offline = !t.offline
		w.note("%s: offline %v", t.name, t.offline)
	})
	w.hourly(f.OldApp, func() { t.old = !t.old })
	w.hourly(f.RollBack/2, t.keepCopy)
	w.hourly(f.RollBack, t.rollBack)
	w.hourly(f.Evict, t.evict)
	if t.golden != nil {
		w.hourly(0.3, func() { t.tell("reload") })
	}
	w.hourly(f.Clone, t.clone)
}

// keepCopy keeps what a restored profile would bring back.
func (t *tablet) keepCopy() {
	if t.retired {
		return
	}
	t.copies = append(t.copies, t.s.copy())
	t.tell("keep")
}

// tell writes into a courier's trace what befell its browser.
func (t *tablet) tell(what string) {
	if t.golden != nil && !t.retired {
		t.golden.step(t, &goldenStep{Do: what})
	}
}

// rollBack: the browser's storage comes back as it was (a restored profile).
func (t *tablet) rollBack() {
	if len(t.copies) == 0 || t.retired {
		return
	}
	t.w.note("%s: storage rolled back", t.name)
	t.closeBrowser()
	old := t.s
	t.s = t.copies[len(t.copies)-1].copy()
	for _, o := range old.ops {
		if t.s.find(o.id) == nil {
			t.w.rolledBack[o.id] = true
		}
	}
	t.tell("rollback")
}

// evict: the browser gives the site's storage up.
func (t *tablet) evict() {
	if t.retired {
		return
	}
	t.w.note("%s: storage evicted", t.name)
	t.closeBrowser()
	t.s = newStorage()
	t.tell("evict")
}

// clone: the whole profile is copied to another tablet.
func (t *tablet) clone() {
	if t.retired || len(t.w.tablets) >= 12 {
		return
	}
	twin := t.w.newTablet(fmt.Sprintf("t%d:%s", len(t.w.tablets)+1, t.account[:7]), t.account)
	twin.s = t.s.copy()
	t.w.note("%s: cloned as %s", t.name, twin.name)
	t.w.addTablet(twin)
}

func (t *tablet) closeBrowser() {
	t.life++
	t.tabs = []*lane{{}}
}

// follow lets a follower read some pages, over a network that is always well.
func (w *World) follow(f *tablet, pages int) { w.followBy(f, pages, 9) }

// followBy reads pages of up to so many changes.
func (w *World) followBy(f *tablet, pages, most int) {
	for range pages {
		if !w.server.up || f.retired {
			return
		}
		if f.s.device == "" {
			f.registerNow()
			continue
		}
		p, err := w.pull(f, f.s.device, f.s.cursor, 1+w.rng.IntN(most))
		if f.refused(err) {
			continue
		}
		f.pulled(p, nil)
		if !p.More {
			return
		}
	}
}
