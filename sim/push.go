package sim

import (
	"context"
	"errors"
	"slices"

	"doorstep/sync/engine"
	"doorstep/sync/wire"

	"github.com/go-json-experiment/json/jsontext"
)

type ctxt = context.Context

// batch is one push as it is on the wire: it can arrive late, twice, or never.
type batch struct {
	account, device, epoch, clock string
	schema                        int
	raws                          []jsontext.Value
	ops                           []*op
	answered                      []int64 // the n that had an outcome when it was sent
}

// batch is a push of these edits.
func (t *tablet) batch(ops []*op) *batch {
	b := &batch{account: t.account, device: t.s.device, epoch: t.s.epoch, clock: wire.Format(t.now()), schema: max(t.schema(), 1)}
	if len(ops) > 0 {
		b.schema = ops[0].schema
	}
	for _, o := range ops {
		b.ops, b.raws = append(b.ops, o), append(b.raws, o.raw())
	}
	for _, o := range t.s.ops {
		if o.device == b.device && o.outcome != "" {
			b.answered = append(b.answered, o.n)
		}
	}
	return b
}

func (t *tablet) push(l *lane, ops []*op) {
	b := t.batch(ops)
	t.w.request(t, l, "pushes", func() (any, error) { return t.w.push(b) }, func(answer any, err error) {
		if t.s.device != b.device || t.s.epoch != b.epoch {
			return // the answer is of another life
		}
		if t.refused(err) {
			var e *engine.EpochError
			if errors.As(err, &e) {
				t.again(l)
			}
			return
		}
		t.pushed(b, answer.(*pushAnswer))
		t.again(l)
	})
}

// push is what the server's door does: decode each op, hand them to the engine.
func (w *World) push(b *batch) (*pushAnswer, error) {
	ops := make([]*wire.Op, len(b.raws))
	for i, raw := range b.raws {
		o, err := wire.DecodeOp(raw, i)
		if err != nil {
			return nil, err
		}
		ops[i] = o
	}
	var out *wire.PushAnswer
	var before int64
	others := w.server.meanwhile
	err := w.server.write(func(ctx ctxt, e *engine.Engine) error {
		a, err := account(ctx, e, b.account)
		if err != nil {
			return err
		}
		before = e.Status().Seq
		out, err = e.Push(ctx, a, &wire.Push{Device: b.device, Epoch: b.epoch, Schema: b.schema, Clock: b.clock, Ops: b.raws}, ops, "sim")
		return err
	})
	if err == nil || !errors.Is(err, errCrashed) && !errors.Is(err, errDown) {
		w.checkDelivery(b.account, "the answer of a push", out, err)
	}
	if err != nil {
		return nil, err
	}
	w.checkRepeat(b, out, before, w.server.meanwhile == others)
	return &pushAnswer{out, len(w.restored)}, nil
}

// pushAnswer is a push's answer, with the history that gave it.
type pushAnswer struct {
	*wire.PushAnswer
	history int
}

// pushed takes in the answer of a push.
func (t *tablet) pushed(b *batch, a *pushAnswer) {
	s := t.s
	for _, r := range a.Results {
		if r.Error != nil && r.Error.Code == wire.OpMismatch {
			t.anew("a number or an id means something else to the server")
			return
		}
		if o := s.find(r.ID); o != nil && o.outcome == "" {
			o.outcome, o.seq = r.Outcome, r.Seq
			t.w.handIn(t, o, r, a.history)
		}
	}
	if a.NextN > s.nextN {
		t.anew("the server has seen more than this tablet ever made")
		return
	}
	if less := slices.ContainsFunc(b.answered, func(n int64) bool { return n >= a.NextN }); less || len(a.Results) == 0 && len(b.ops) > 0 && b.ops[0].n > a.NextN {
		t.w.note("%s: the server knows only up to %d", t.name, a.NextN-1)
		t.forgetOutcomes(func(o *op) bool { return o.device == s.device && o.n >= a.NextN })
		t.rewound(a.NextN)
		return // and believe nothing else of this answer: its history is another
	}
	s.durable = a.DurableSeq
	s.forget()
	if a.Wipe && len(s.unsent()) == 0 {
		t.wiped()
	}
}

// wiped erases everything: it comes only when nothing waits.
func (t *tablet) wiped() {
	t.w.note("%s is wiped", t.name)
	t.w.checkWipe(t)
	t.s, t.retired = newStorage(), true
	t.life++
}

// lose is what the server's door does with a report of loss: it answers next_n.
func (t *tablet) lose(report wire.Lost) (next int64, err error) {
	err = t.w.server.write(func(ctx ctxt, e *engine.Engine) error {
		a, err := account(ctx, e, t.account)
		if err != nil {
			return err
		}
		next, err = e.Lost(ctx, a, report, "sim")
		return err
	})
	return next, err
}

// reportLost tells the server which edits it will never get.
func (t *tablet) reportLost(l *lane) {
	s := t.s
	report := wire.Lost{Device: s.device, Epoch: s.epoch, From: s.lostFrom, To: s.lostTo}
	t.w.request(t, l, "reports a loss", func() (any, error) { return t.lose(report) }, func(_ any, err error) {
		if s != t.s || s.device != report.Device || s.epoch != report.Epoch || s.lostFrom != report.From {
			return
		}
		var coded *wire.Error
		if errors.As(err, &coded) && coded.Code == wire.Invalid {
			s.lostFrom = 0 // it was told already; the next push shows from where to go on
			return
		}
		if t.refused(err) {
			return
		}
		s.lostFrom = 0
		t.again(l)
	})
}
