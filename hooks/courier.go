package hooks

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"doorstep/register"
	"doorstep/webhook"
)

// courier takes what waits in the database to departments' systems: for each
// department one message after the other, departments beside each other, so that one
// that hangs holds up nobody else's. It keeps nothing itself: what a restart cuts off
// is found in the database again.
type courier struct {
	post   register.Courier
	sender *webhook.Sender
	log    *slog.Logger
	ctx    context.Context // ends with the server
	stop   context.CancelFunc

	mu     sync.Mutex
	busy   map[string]bool
	again  map[string]bool // something came while the department was being told
	rounds sync.WaitGroup
}

func newCourier(post register.Courier, log *slog.Logger) *courier {
	ctx, stop := context.WithCancel(context.Background())
	return &courier{post: post, log: log, ctx: ctx, stop: stop, busy: map[string]bool{}, again: map[string]bool{},
		sender: webhook.NewSender(post.Engine.Now, webhook.Timeout, nil)}
}

// kick lets what is due be told soon, and returns at once.
func (c *courier) kick() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ctx.Err() == nil {
		c.rounds.Go(c.round)
	}
}

// close ends what is under way; it is taken up after the next start.
func (c *courier) close() {
	c.mu.Lock()
	c.stop()
	c.mu.Unlock()
	c.rounds.Wait()
}

// round tells every department what is due for it, and returns when that is done.
func (c *courier) round() {
	departments, err := c.post.Waiting(c.ctx)
	if err != nil {
		if c.ctx.Err() == nil {
			c.log.Error("webhook: reading what waits", "err", err)
		}
		return
	}
	var all sync.WaitGroup
	for _, d := range departments {
		if c.begin(d) {
			all.Go(func() { c.tell(d) })
		}
	}
	all.Wait()
}

// begin claims a department for one round at a time.
func (c *courier) begin(department string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.busy[department] {
		c.again[department] = true
		return false
	}
	c.busy[department], c.again[department] = true, false
	return true
}

// over gives it back; false: something came meanwhile, look again.
func (c *courier) over(department string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.again[department] {
		c.again[department] = false
		return false
	}
	c.busy[department] = false
	return true
}

// tell delivers a department's messages until none is due or one fails: behind a
// failure the rest would wait for the same timeout each.
func (c *courier) tell(department string) {
	for {
		more, err := c.one(department)
		if err != nil && c.ctx.Err() == nil {
			c.log.Error("webhook: telling a department", "department", department, "err", err)
		}
		if !more && c.over(department) {
			return
		}
	}
}

// one makes one attempt; more is false when there is nothing left to do now.
func (c *courier) one(department string) (more bool, err error) {
	letter, err := c.post.Claim(c.ctx, department, func(n int) (time.Duration, bool) { return webhook.Wait(n, register.Spread()) })
	if err != nil || letter == nil {
		return false, err
	}
	keys := make([]webhook.Key, 0, len(letter.Keys))
	for _, text := range letter.Keys {
		k, err := webhook.ParseKey(text)
		if err != nil {
			return false, err
		}
		keys = append(keys, k)
	}
	a := c.sender.Post(c.ctx, letter.URL, letter.ID, letter.Body, keys...)
	if c.ctx.Err() != nil {
		return false, nil // cut off by the end of the server: it was no answer of theirs
	}
	t := register.Tried{At: a.At, Status: a.Status, Fault: a.Fault, Millis: a.Millis}
	switch {
	case a.Delivered():
		t.Ended = "delivered"
	case a.Final() || letter.Attempt >= webhook.Attempts:
		t.Ended = "failed"
	}
	return a.Delivered(), c.post.Note(c.ctx, letter, t)
}
