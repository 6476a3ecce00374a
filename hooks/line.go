package hooks

import (
	"context"
	"slices"
	"sync"
	"time"
)

// A client may send its next batch while the last is still being written. Sent
// first, a batch is mostly taken first; but the smaller one can be unpacked sooner,
// or its connection be quicker, and then it finds a gap that fills by itself. It
// waits so long for what came before it, and so many may wait.
const (
	overtakenWait = 5 * time.Second
	overtakenMost = 64 // each with its decoded batch
)

// line knows the pushes of each account that are under way, in the order in which
// they came.
type line struct {
	mu      sync.Mutex
	under   map[string][]*turn
	waiting int
}

func newLine() *line { return &line{under: map[string][]*turn{}} }

// turn is one push's place in the line.
type turn struct {
	line    *line
	account string
	before  []*turn
	over    chan struct{}
}

// join takes the next place.
func (l *line) join(account string) *turn {
	l.mu.Lock()
	defer l.mu.Unlock()
	t := &turn{line: l, account: account, before: slices.Clone(l.under[account]), over: make(chan struct{})}
	l.under[account] = append(l.under[account], t)
	return t
}

// leave ends the turn: what it handed in is on disk, or refused.
func (t *turn) leave() {
	l := t.line
	l.mu.Lock()
	defer l.mu.Unlock()
	rest := slices.DeleteFunc(l.under[t.account], func(o *turn) bool { return o == t })
	if l.under[t.account] = rest; len(rest) == 0 {
		delete(l.under, t.account)
	}
	t.before = nil
	close(t.over)
}

// wait lets those that came before end. It reports whether there were any and
// whether they ended: else nothing fills the gap.
func (t *turn) wait(ctx context.Context) bool {
	if len(t.before) == 0 || !t.line.enterWait(1) {
		return false
	}
	defer t.line.enterWait(-1)
	ctx, cancel := context.WithTimeout(ctx, overtakenWait)
	defer cancel()
	for _, earlier := range t.before {
		select {
		case <-earlier.over:
		case <-ctx.Done():
			return false
		}
	}
	return true
}

func (l *line) enterWait(n int) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if n > 0 && l.waiting >= overtakenMost {
		return false
	}
	l.waiting += n
	return true
}
