package hooks

import (
	"context"
	"io"
	"net/http"
	"testing"
	"time"

	"doorstep/sync/wire"

	"github.com/go-json-experiment/json"
)

func TestAGapWithNothingUnderWayIsAnsweredAtOnce(t *testing.T) {
	l := newLine()
	if l.join("a").wait(context.Background()) {
		t.Error("waited for nobody")
	}
	other := l.join("b")
	if l.join("a").wait(context.Background()) {
		t.Error("waited for another account's push")
	}
	other.leave()
	if len(l.under["b"]) != 0 || len(l.under["a"]) != 2 {
		t.Errorf("under way: %d and %d", len(l.under["a"]), len(l.under["b"]))
	}
}

func TestAPushWaitsForThoseThatCameBeforeItAlone(t *testing.T) {
	l := newLine()
	first, second, third := l.join("a"), l.join("a"), l.join("a")
	done := make(chan bool)
	go func() { done <- second.wait(context.Background()) }()
	first.leave()
	if !<-done {
		t.Error("the one before it has ended")
	}
	third.leave()
	second.leave()
	if len(l.under) != 0 || l.waiting != 0 {
		t.Errorf("left behind: %v, %d", l.under, l.waiting)
	}
}

func TestAClientThatHasGoneWaitsNoLonger(t *testing.T) {
	l := newLine()
	defer l.join("a").leave()
	ctx, gone := context.WithCancel(context.Background())
	gone()
	if l.join("a").wait(ctx) || l.waiting != 0 {
		t.Errorf("waited, or still counted: %d", l.waiting)
	}
}

func TestNoMoreWaitThanMay(t *testing.T) {
	l := newLine()
	defer l.join("a").leave()
	l.waiting = overtakenMost
	if l.join("a").wait(context.Background()) {
		t.Error("one more than may")
	}
}

// sendFrom sends one batch, its body from a reader of its own.
func (d *tablet) sendFrom(body io.Reader, answer chan<- wire.PushAnswer) {
	r, err := d.s.try(d.who, "POST", syncPrefix+"/push", body)
	var a wire.PushAnswer
	if err != nil || r.status != http.StatusOK || json.Unmarshal(r.body, &a) != nil {
		d.s.t.Errorf("push: %v %d %s", err, r.status, r.body)
	}
	answer <- a
}

func until(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for range 2000 {
		if holds() {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Fatal("never: " + what)
}

// The second batch of a tablet is whole before the first: it waits, both are
// taken in order, and nothing has to be sent again.
func TestABatchThatOvertookTheOneBeforeItWaitsForIt(t *testing.T) {
	s := newSite(t)
	d := s.tablet("worker")
	household := newID()
	one, err := json.Marshal(d.envelope(d.op("create", "households", household, map[string]any{"region": ownVillage, "head_name": "王建国"}, nil)))
	if err != nil {
		t.Fatal(err)
	}
	two, err := json.Marshal(d.envelope(d.op("patch", "households", household, map[string]any{"phone": "13900000001"}, nil)))
	if err != nil {
		t.Fatal(err)
	}
	slow, pen := io.Pipe()
	first, second := make(chan wire.PushAnswer, 1), make(chan wire.PushAnswer, 1)
	go d.sendFrom(slow, first)
	if _, err := pen.Write(one[:20]); err != nil {
		t.Fatal(err)
	}
	under := func(n int) func() bool {
		return func() bool {
			s.server.line.mu.Lock()
			defer s.server.line.mu.Unlock()
			return len(s.server.line.under[s.people["worker"]]) == n
		}
	}
	until(t, "the first is under way", under(1))
	r, pipe := io.Pipe()
	go d.sendFrom(r, second)
	_, _ = pipe.Write(two)
	_ = pipe.Close()
	until(t, "the second waits", func() bool {
		s.server.line.mu.Lock()
		defer s.server.line.mu.Unlock()
		return s.server.line.waiting == 1
	})
	if _, err := pen.Write(one[20:]); err != nil {
		t.Fatal(err)
	}
	_ = pen.Close()
	for i, a := range []wire.PushAnswer{<-first, <-second} {
		if len(a.Results) != 1 || a.Results[0].Outcome != "applied" || a.NextN != int64(i+2) {
			t.Errorf("batch %d: %+v", i+1, a)
		}
	}
	until(t, "nobody is under way", under(0))
}

func TestARealGapIsToldWhereItBegins(t *testing.T) {
	s := newSite(t)
	d := s.tablet("worker")
	d.n = 5
	answer := make(chan wire.PushAnswer, 1)
	body, err := json.Marshal(d.envelope(d.op("create", "households", newID(), map[string]any{"region": ownVillage, "head_name": "王建国"}, nil)))
	if err != nil {
		t.Fatal(err)
	}
	r, pen := io.Pipe()
	go d.sendFrom(r, answer)
	_, _ = pen.Write(body)
	_ = pen.Close()
	if a := <-answer; len(a.Results) != 0 || a.NextN != 1 {
		t.Errorf("%+v", a)
	}
}
