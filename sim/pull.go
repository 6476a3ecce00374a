package sim

import (
	"cmp"
	"errors"
	"slices"

	"doorstep/sync/engine"
	"doorstep/sync/wire"
)

// page is a pull's answer, with what a checker must know of the server then.
type page struct {
	*wire.PullAnswer
	seq int64
}

func (t *tablet) pull(l *lane) {
	device, cursor, epoch := t.s.device, t.s.cursor, t.s.epoch
	limit := 1 + t.w.rng.IntN(12)
	var passing []*op // what was answered before the round began is behind its end
	for _, o := range t.s.ops {
		if o.outcome != "" && !o.passed {
			passing = append(passing, o)
		}
	}
	t.w.request(t, l, "pulls", func() (any, error) { return t.w.pull(t, device, cursor, limit) }, func(answer any, err error) {
		if t.s.device != device || t.s.cursor != cursor || t.s.epoch != epoch {
			return // another tab has read on
		}
		if t.refused(err) {
			if again := new(engine.EpochError); errors.As(err, &again) || t.s.device == "" || t.s.cursor != cursor {
				t.again(l)
			}
			return
		}
		t.pulled(answer.(*page), passing)
		if answer.(*page).More || len(t.s.unsent()) > 0 {
			t.again(l)
			return
		}
		t.idle++
	})
}

// pull asks the server for a page.
func (w *World) pull(t *tablet, device, cursor string, limit int) (*page, error) {
	s := w.server
	if !s.up {
		return nil, errDown
	}
	a, err := account(bg, s.engine, t.account)
	if err != nil {
		return nil, err
	}
	schema := cmp.Or(t.schema(), -1) // never 0, which is "not said"
	out, err := s.engine.Pull(bg, a, engine.PullRequest{Device: device, Cursor: cursor, Limit: limit, Schema: schema})
	if err != nil {
		w.checkDelivery(t.account, "a page", nil, err)
		if t.s.device == device && t.s.cursor == cursor {
			w.checkExpiry(t, err)
		}
		return nil, err
	}
	w.checkPage(t.account, out)
	return &page{out, s.engine.Status().Seq}, nil
}

// pulled takes a page into the base. It never touches the outbox but for what it
// says of it.
func (t *tablet) pulled(p *page, passing []*op) {
	s := t.s
	before := t.outbox()
	if s.epoch != p.Epoch {
		t.otherEpoch(p)
		return
	}
	if err := s.apply(p.PullAnswer); err != nil {
		t.w.fail("readable", "%s: %v", t.name, err)
		return
	}
	for _, r := range p.Results {
		if o := s.find(r.ID); o != nil {
			o.final = r.Outcome
		}
	}
	if !p.More {
		s.endedAt = p.seq
		for _, o := range passing {
			if o.outcome != "" && o.seq <= p.seq {
				o.passed = true
			}
		}
		s.tidy()
	}
	t.w.checkOutbox(t, before)
	s.durable = p.DurableSeq
	s.forget()
}

// otherEpoch: a pull from the beginning, which names no history, was answered by
// another one. What it knows of this device the next push is told.
func (t *tablet) otherEpoch(p *page) {
	if t.s.cursor != "" {
		t.w.fail("epoch", "%s got a page of another epoch without being told of it", t.name)
		return
	}
	if t.reader {
		t.epochChanged(&engine.EpochError{Epoch: p.Epoch, NextN: t.s.nextN})
		return
	}
	t.s.doubt = true
}

// outbox lists the ids of what waits.
func (t *tablet) outbox() []string {
	var ids []string
	for _, o := range t.s.ops {
		if o.outcome == "" {
			ids = append(ids, o.id)
		}
	}
	slices.Sort(ids)
	return ids
}
