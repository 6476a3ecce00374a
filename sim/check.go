package sim

import (
	"errors"
	"slices"

	"doorstep/sync/wire"
)

// checkers are run when everybody is through. Each proves one sentence of the
// protocol; those that watch the run itself (scope, repeats, the outbox, expiry,
// acknowledgements after a crash) are called where their matter happens.
var checkers = []struct {
	name  string
	check func(*World)
}{
	{"lost", (*World).checkNothingLost},
	{"outcomes", (*World).checkOutcomes},
	{"forms", (*World).checkForms},
	{"order", (*World).checkOrder},
	{"converged", (*World).checkConverged},
	{"follower", (*World).checkFollowers},
	{"review", (*World).checkMerging},
	{"replay", (*World).checkReplay},
	{"feed", (*World).checkFeed},
	{"photos", (*World).checkPhotos},
	{"repeat", (*World).checkRepeats},
	{"verify", (*World).checkVerify},
}

func (w *World) checkAll() {
	for _, c := range checkers {
		c.check(w)
	}
}

// checkVerify: the log's hash chain and the audit's hold (§2.1, and `verify`).
func (w *World) checkVerify() {
	if _, err := w.server.engine.Verify(bg); err != nil {
		w.fail("verify", "%v", err)
	}
}

// checkOutbox: "Only `wipe` touches the outbox" (§2.6): no page, whatever leaves
// in it, takes an edit away that waits.
func (w *World) checkOutbox(t *tablet, before []string) {
	if after := t.outbox(); !slices.Equal(before, after) {
		w.fail("outbox", "%s: a page changed the outbox from %v to %v", t.name, before, after)
	}
}

// checkWipe: a wipe "comes after everything in it is held on the server" (§2.6).
func (w *World) checkWipe(t *tablet) {
	if !w.server.up {
		return // it died after the answer, and cannot be asked; whether it lost them is asked when it is back
	}
	for _, o := range t.s.ops {
		if o.outcome == "" || w.count(`SELECT count(*) FROM sync_ops WHERE id = ?`, o.id) == 0 {
			w.fail("wipe", "%s is wiped, but the server does not hold edit %d, %s", t.name, o.n, o.id)
		}
	}
}

// checkExpiry: "An exhausted pull returns the high-water mark … not the last
// matching row" (§3.4): who has read to the end is sent back to the beginning
// only if the feed was compacted past that.
func (w *World) checkExpiry(t *tablet, err error) {
	var coded *wire.Error
	floor, fromTheBeginning := w.server.engine.Status().Floor, t.s.from == ""
	if errors.As(err, &coded) && coded.Code == wire.CursorExpired && !fromTheBeginning && floor <= t.s.endedAt {
		w.fail("mark", "%s had read to seq %d, and is told that its cursor expired at floor %d", t.name, t.s.endedAt, floor)
	}
}

// handedIn is an edit that some tablet was told is accepted.
type handedIn struct {
	t       *tablet
	op      *op
	device  string
	n, seq  int64
	outcome string
	history int // how many restores there had been
}

// handIn notes what a tablet was told. "Every accepted op ends in exactly one
// outcome" (§2.3): nobody is told two.
func (w *World) handIn(t *tablet, o *op, r wire.Result, history int) {
	old := w.handed[o.id]
	if old == nil {
		w.order = append(w.order, o.id)
	} else if old.history == history && old.outcome != "held" && (old.outcome != r.Outcome || old.seq != r.Seq) {
		w.fail("outcomes", "edit %s was answered %s at %d, and then %s at %d", o.id, old.outcome, old.seq, r.Outcome, r.Seq)
	}
	w.handed[o.id] = &handedIn{t: t, op: o, device: o.device, n: o.n, seq: r.Seq, outcome: r.Outcome, history: history}
}
