package sim

import (
	"fmt"
	"time"
)

// heal ends all faults and lets everybody finish: what was on its way arrives,
// forms are saved, tablets push and pull until nothing is left to do.
func (w *World) heal() {
	w.note("the network heals")
	w.healing = true
	w.skew = 0
	w.server.armed = ""
	w.server.start("is there again")
	for _, p := range workers {
		if w.server.up && w.disabled[p.id] {
			w.setDisabled(p.id, false)
		}
	}
	for _, t := range w.tablets {
		t.offline, t.old = false, false
	}
	w.until(w.now.Add(4 * time.Hour)) // longer than any form, any request
	const beats = 80
	for range beats {
		if len(w.failures) > 0 {
			return
		}
		busy := false
		for _, t := range w.tablets {
			t.sync()
			busy = busy || !t.quiet()
		}
		for _, f := range w.followers {
			w.follow(f, 1000)
		}
		w.until(w.now.Add(minutes(5)))
		if !busy {
			return
		}
	}
	for _, t := range w.tablets {
		if !t.quiet() {
			w.fail("progress", "%s is not through: %d edits wait, device known %v, loss to report from %d, idle %d, revoked %v%s",
				t.name, len(t.s.unsent()), t.s.device != "", t.s.lostFrom, t.idle, t.s.revoked, t.stuck())
		}
	}
}

// stuck names the edits that the cursor never passed.
func (t *tablet) stuck() (out string) {
	for _, o := range t.s.ops {
		if !o.passed {
			out += fmt.Sprintf("; edit %d of device %.8s (now %.8s) is %q at %d", o.n, o.device, t.s.device, o.outcome, o.seq)
		}
	}
	return out
}

// quiet: nothing waits, and the last rounds brought nothing to do.
func (t *tablet) quiet() bool {
	if t.retired {
		return true
	}
	for _, p := range t.s.photos {
		if !p.stored {
			return false
		}
	}
	for _, o := range t.s.ops {
		if !o.passed {
			return false
		}
	}
	return t.s.device != "" && t.s.lostFrom == 0 && t.idle >= 2
}
