package sim

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"doorstep/sync/engine"
	"doorstep/sync/wire"
)

// tablet is a model client, written from docs/protocol.md §7-§9.
type tablet struct {
	w            *World
	name         string
	account      string
	s            *storage
	life         int // the browser's: answers to a former one reach nobody
	tabs         []*lane
	clock        time.Duration // how far it is off
	offline      bool
	old          bool // an app too old to pull
	retired      bool // nobody uses it any more
	uploadFailed bool // the last one: something else comes first
	idle         int  // rounds in a row that had nothing to do
	copies       []*storage
	reader       bool    // a follower: it never writes
	golden       *golden // a courier: its trace
}

func (w *World) newTablet(name, account string) *tablet {
	return &tablet{w: w, name: name, account: account, s: newStorage(), tabs: []*lane{{}}}
}

func (t *tablet) now() time.Time { return t.w.now.Add(t.clock) }

// sync is one beat of every tab that leads: one request at most each.
func (t *tablet) sync() {
	if t.golden != nil {
		if !t.retired {
			t.run()
		}
		return
	}
	for _, l := range t.tabs {
		if !l.busy && !t.retired {
			t.step(l)
		}
	}
}

// step sends what is due next: a registration, a report of loss, edits, photos,
// and then a pull.
func (t *tablet) step(l *lane) {
	unsent := t.s.unsent()
	switch {
	case t.s.device == "":
		t.register(l)
	case t.s.lostFrom > 0:
		t.reportLost(l)
	case len(unsent) > 0 || t.s.revoked || t.s.doubt:
		t.push(l, sameSchema(unsent[:min(len(unsent), 1+t.w.rng.IntN(6))]))
	case t.uploads(l):
	default:
		t.pull(l)
	}
}

// again goes on at once with what is due, as a client does that has not finished.
func (t *tablet) again(l *lane) {
	t.idle = 0
	t.w.after(t.w.latency()/4, func() {
		if !l.busy && !t.retired && slices.Contains(t.tabs, l) {
			t.step(l)
		}
	})
}

func (t *tablet) register(l *lane) {
	t.w.request(t, l, "registers", t.enter, func(answer any, err error) {
		if err != nil || t.s.device != "" {
			return
		}
		t.registered(answer.(*wire.Registered))
		t.again(l)
	})
}

// enter is what the server's door does with a registration.
func (t *tablet) enter() (any, error) {
	var out wire.Registered
	err := t.w.server.write(func(ctx ctxt, e *engine.Engine) error {
		a, err := account(ctx, e, t.account)
		if err != nil {
			return err
		}
		out, err = e.Register(ctx, a, wire.Register{Name: t.name}, "sim")
		return err
	})
	return &out, err
}

// registered takes on a new device: what has no outcome is issued again under it,
// in its order and with its ids.
func (t *tablet) registered(r *wire.Registered) {
	s := t.s
	if s.epoch != "" && s.epoch != r.Epoch {
		t.forgetOutcomes(func(*op) bool { return true })
	}
	s.device, s.epoch, s.nextN = r.Device, r.Epoch, r.NextN
	s.revoked, s.doubt, s.lostFrom = false, false, 0
	s.restart()
	t.issueAgain()
}

// issueAgain gives every op without an outcome that is numbered for a former
// device its number under this one.
func (t *tablet) issueAgain() {
	for _, o := range t.s.ops {
		if o.outcome == "" && o.device != t.s.device {
			o.device, o.n = t.s.device, t.s.nextN
			t.s.nextN++
		}
	}
}

// forgetOutcomes: the server may not know these any more.
func (t *tablet) forgetOutcomes(which func(*op) bool) {
	for _, o := range t.s.ops {
		if which(o) {
			o.outcome, o.final, o.seq, o.passed, o.returned = "", "", 0, false, false
		}
	}
	for i := range t.s.photos {
		t.s.photos[i] = newPicture(t.s.photos[i].id)
	}
}

// anew: this device was cloned, rolled back or is unknown. The next step registers.
func (t *tablet) anew(why string) {
	t.w.note("%s registers anew: %s", t.name, why)
	t.s.device = ""
}

// refused handles the errors that any request can meet; handled is false where
// there was none.
func (t *tablet) refused(err error) (handled bool) {
	if err == nil {
		return false
	}
	var coded *wire.Error
	var epoch *engine.EpochError
	switch {
	case errors.As(err, &epoch):
		t.epochChanged(epoch)
	case errors.As(err, &coded) && coded.Code == wire.NotFound && coded.Field == "device":
		t.forgetOutcomes(func(*op) bool { return true })
		t.anew("the server does not know the device")
	case errors.As(err, &coded) && coded.Code == wire.DeviceRevoked:
		t.s.revoked = true
	case errors.As(err, &coded) && coded.Code == wire.CursorExpired:
		t.s.restart()
	}
	return true
}

// epochChanged is §8: the server was restored, and may know less.
func (t *tablet) epochChanged(e *engine.EpochError) {
	if t.s.epoch == e.Epoch {
		return
	}
	t.w.note("%s learns of a restore, next_n %d", t.name, e.NextN)
	s := t.s
	s.epoch, s.durable, s.doubt = e.Epoch, 0, false
	// All of them, not only those from next_n on: a cloned tablet may have taken the
	// numbers below with other edits, and then these are lost unless they go again.
	t.forgetOutcomes(func(*op) bool { return true })
	s.restart()
	t.rewound(e.NextN)
}

// rewound: the server expects nextN of this device. What is held is sent again
// from there, what is not is reported lost.
func (t *tablet) rewound(nextN int64) {
	s := t.s
	if nextN > s.nextN {
		t.anew(fmt.Sprintf("the server has seen edits up to %d", nextN-1))
		return
	}
	s.missing(nextN)
	t.issueAgain()
}
