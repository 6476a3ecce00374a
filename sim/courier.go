package sim

import (
	"errors"
	"slices"

	"doorstep/sync/engine"
	"doorstep/sync/wire"
)

// A courier is a tablet that works as the browser's client does: not a beat at a
// time but a whole run, from the registration to the end of the feed, which ends
// at the first failure and begins anew later. What it does and what it shows is
// written down (golden.go), and the real client has to do and show the same.

var errNoProgress = errors.New("no_progress")

// Bounds of a run.
const (
	runRestarts = 3   // how often it begins anew because the server was restored
	runPatience = 4   // pushes without progress
	runOps      = 500 // in a push
)

func (t *tablet) run() {
	t.golden.begin(t)
	wipe, err := t.exchange()
	if coded := new(wire.Error); errors.As(err, &coded) && coded.Code == wire.DeviceRevoked {
		t.s.revoked = true
		wipe, _ = t.pushAll() // hand in the rest, and learn whether to wipe
	}
	if err == nil {
		t.s.revoked = false
		t.idle++
		t.storePhotos()
	}
	t.golden.end(t, err, wipe)
	if wipe {
		t.wiped()
	}
}

// exchange is push, then pull; true if the server orders to wipe.
func (t *tablet) exchange() (wipe bool, err error) {
	if t.s.device == "" {
		if err := t.enrol(false); err != nil {
			return false, err
		}
	}
	for range runRestarts {
		if wipe, err = t.pushAll(); wipe || err != nil {
			return wipe, err
		}
		if done, err := t.pullAll(); done || err != nil {
			return false, err
		}
	}
	return false, errNoProgress
}

// enrol registers, and issues open edits under the new device: all of them,
// answered or not, where the server that answered them is gone.
func (t *tablet) enrol(all bool) error {
	s := t.s
	first := s.device == ""
	answer, err := t.call("register", nil, t.enter)
	if err != nil {
		return err
	}
	r := answer.(*wire.Registered)
	if all || s.epoch != "" && s.epoch != r.Epoch {
		t.forgetOutcomes(func(*op) bool { return true })
	}
	s.device, s.epoch, s.nextN, s.lostFrom = r.Device, r.Epoch, r.NextN, 0
	t.issueAgain()
	if !first {
		t.fromTheBeginning()
	}
	return nil
}

// fromTheBeginning pulls anew. Until a push has shown that the server's number
// line is still ours, nothing is forgotten.
func (t *tablet) fromTheBeginning() {
	s := t.s
	s.restart()
	s.chainAck, s.inChain, s.passedSeq, s.doubt = 0, false, 0, true
}

func (t *tablet) pushAll() (wipe bool, err error) {
	s := t.s
	for idle := 0; idle < runPatience; {
		ops := s.unsent()
		ops = ops[:min(len(ops), runOps)]
		if len(ops) == 0 && !s.revoked && !s.doubt && s.lostFrom == 0 {
			return false, nil
		}
		if s.lostFrom > 0 {
			if err = t.tellLost(); err == nil {
				continue
			}
		} else {
			var moved bool
			if moved, wipe, err = t.pushOnce(ops); err == nil {
				if len(ops) == 0 && !moved {
					return wipe, nil
				}
				idle++
				if moved {
					idle = 0
				}
				continue
			}
		}
		if err = t.putRight(err); err != nil {
			return false, err
		}
		idle++
	}
	return false, errNoProgress
}

// putRight deals with what a request can find out about the server's history; an
// error is what ends the run.
func (t *tablet) putRight(err error) error {
	var coded *wire.Error
	var epoch *engine.EpochError
	switch {
	case errors.As(err, &epoch):
		t.adopt(epoch.Epoch)
		t.rewindTo(epoch.NextN)
		return nil
	case errors.As(err, &coded) && coded.Code == wire.NotFound:
		return t.enrol(true)
	}
	return err
}

// adopt takes on a restored server's epoch. Everything that is still here goes
// again: what the server has it answers as before.
func (t *tablet) adopt(epoch string) {
	t.w.note("%s learns of a restore", t.name)
	t.s.epoch, t.s.durable, t.s.history, t.s.lostFrom = epoch, 0, true, 0
	t.forgetOutcomes(func(o *op) bool { return o.device == t.s.device })
	t.fromTheBeginning()
}

// rewindTo: the server lacks the edits from nextN on. They go again; those that
// are no longer here are to be reported lost.
func (t *tablet) rewindTo(nextN int64) {
	s := t.s
	s.passedSeq = 0
	if nextN >= s.nextN {
		return
	}
	t.forgetOutcomes(func(o *op) bool { return o.device == s.device && o.n >= nextN })
	s.missing(nextN)
}

func (t *tablet) pushOnce(ops []*op) (moved, wipe bool, err error) {
	s := t.s
	b := t.batch(ops)
	answer, err := t.call("push", b, func() (any, error) { return t.w.push(b) })
	if err != nil {
		return false, false, err
	}
	a := answer.(*pushAnswer)
	for _, r := range a.Results {
		if o := s.find(r.ID); o != nil && o.outcome == "" && r.Outcome != "" {
			o.outcome, o.seq, moved = r.Outcome, r.Seq, true
			t.w.handIn(t, o, r, a.history)
		}
	}
	right, err := t.reconcile(a)
	if err == nil && !right {
		t.noteDurable(a.DurableSeq)
	}
	return moved || right, a.Wipe, err
}

// reconcile compares the server's number line with ours; true if something was
// put right.
func (t *tablet) reconcile(a *pushAnswer) (bool, error) {
	s := t.s
	mismatch := slices.ContainsFunc(a.Results, func(r wire.Result) bool { return r.Outcome == "" })
	if mismatch || a.NextN > s.nextN {
		return true, t.enrol(false)
	}
	open, history := s.nextN, s.history
	if unsent := s.unsent(); len(unsent) > 0 {
		open = unsent[0].n
	}
	less := a.NextN < open
	if less {
		t.golden.cover("gap")
		t.rewindTo(a.NextN)
	}
	s.doubt, s.history = false, false
	if history && slices.ContainsFunc(s.ops, func(o *op) bool { return o.device != s.device }) {
		return true, t.enrol(true) // what former devices sent the backup may lack as well
	}
	return less, nil
}

// noteDurable forgets what a backup covers, but not what its author should hear of.
func (t *tablet) noteDurable(durable int64) {
	s := t.s
	if durable <= 0 || s.doubt {
		return
	}
	s.durable = durable
	s.settle()
	s.ops = slices.DeleteFunc(s.ops, func(o *op) bool {
		return o.passed && o.seq <= durable && o.ending() == "applied" && !o.returned
	})
}

// settle moves what the cursor has passed out of the view.
func (s *storage) settle() {
	for _, o := range s.ops {
		o.passed = o.passed || o.outcome != "" && o.seq <= s.passedSeq
	}
}

// ending is what the tablet knows of an edit's end.
func (o *op) ending() string {
	if o.final != "" {
		return o.final
	}
	return o.outcome
}

func (t *tablet) tellLost() error {
	s := t.s
	report := wire.Lost{Device: s.device, Epoch: s.epoch, From: s.lostFrom, To: s.lostTo}
	_, err := t.call("lost", report, func() (any, error) {
		next, err := t.lose(report)
		return map[string]any{"next_n": next, "epoch": s.epoch}, err
	})
	if coded := new(wire.Error); errors.As(err, &coded) && coded.Code == wire.Invalid {
		err = nil // it was told already; the next push shows from where to go on
	}
	if err == nil {
		s.lostFrom = 0
	}
	return err
}

// pullAll reads to the end of the feed; done is false where something must be
// pushed first.
func (t *tablet) pullAll() (done bool, err error) {
	s := t.s
	resumed := s.inChain
	if err = t.pullChain(); err == nil && resumed {
		err = t.pullChain() // what was pushed since the first one began lies behind its end
	}
	if coded := new(wire.Error); errors.As(err, &coded) && coded.Code == wire.CursorExpired {
		t.fromTheBeginning()
		err = t.pullChain()
		return err == nil, err
	}
	if other := new(otherEpoch); errors.As(err, &other) {
		t.adopt(other.epoch)
		return false, nil
	}
	if err != nil {
		return false, t.putRight(err)
	}
	return true, nil
}

// otherEpoch is a page of another history than ours.
type otherEpoch struct{ epoch string }

func (e *otherEpoch) Error() string { return "epoch_changed" }

func (t *tablet) pullChain() error {
	s := t.s
	if !s.inChain {
		s.inChain, s.chainAck = true, 0
		for _, o := range s.ops {
			s.chainAck = max(s.chainAck, o.seq)
		}
	}
	for {
		answer, err := t.call("pull", s.cursor, func() (any, error) { return t.w.pull(t, s.device, s.cursor, 1+t.w.rng.IntN(12)) })
		if err != nil {
			return err
		}
		p := answer.(*page)
		if p.Epoch != s.epoch {
			return &otherEpoch{p.Epoch}
		}
		if err := t.take(p); err != nil || !p.More {
			return err
		}
	}
}

// take takes a page into the base.
func (t *tablet) take(p *page) error {
	s := t.s
	before := t.outbox()
	if err := s.apply(p.PullAnswer); err != nil {
		return err
	}
	for _, r := range p.Results {
		if o := s.find(r.ID); o != nil && r.Outcome != "" {
			o.final, o.returned = r.Outcome, o.returned || r.Returned != ""
			if r.Seq > 0 {
				o.seq = r.Seq
			}
		}
	}
	if !p.More {
		s.endedAt, s.inChain = p.seq, false
		s.passedSeq = max(s.passedSeq, s.chainAck)
		s.settle()
		s.tidy()
	}
	t.w.checkOutbox(t, before)
	t.noteDurable(p.DurableSeq)
	return nil
}
