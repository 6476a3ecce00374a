package sim

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"sync"

	"doorstep/province/relay"
	"doorstep/province/wire"
)

// line is a county's way up: the real stream behind a network that can be cut, lose what
// is sent, or lose the answer to what arrived.
type line struct {
	relay.JetStream
	mu    sync.Mutex
	rng   *rand.Rand
	cut   bool
	lossy float64 // of each handing over, how likely it is that something is lost
	said  []said  // everything that was handed over
}

// said is a message as it was published.
type said struct {
	subject string
	data    []byte
	kind    wire.Kind
}

// heard is what was handed over so far.
func (l *line) heard() []said {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.said)
}

func (l *line) forget() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.said = nil
}

var errCut = errors.New("the network is cut")

func (l *line) Identity(ctx context.Context) (string, error) {
	if l.isCut() {
		return "", errCut
	}
	return l.JetStream.Identity(ctx)
}

func (l *line) isCut() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.cut
}

func (l *line) set(cut bool, lossy float64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.cut, l.lossy = cut, lossy
}

// luck draws how many of n messages leave the county, and how many are answered.
func (l *line) luck(n int) (leave, answered int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.cut {
		return 0, 0
	}
	leave, answered = n, n
	if l.rng.Float64() < l.lossy {
		if l.rng.IntN(2) == 0 {
			leave = l.rng.IntN(n + 1)
		}
		answered = l.rng.IntN(leave + 1)
	}
	return leave, answered
}

func (l *line) Publish(ctx context.Context, messages []*wire.Message) (relay.Sent, error) {
	leave, answered := l.luck(len(messages))
	if leave == 0 {
		return lost{}, nil
	}
	for _, m := range messages[:leave] {
		text, err := m.Encode()
		if err != nil {
			return nil, err
		}
		l.mu.Lock()
		l.said = append(l.said, said{m.Subject(), text, m.Kind})
		l.mu.Unlock()
	}
	sent, err := l.JetStream.Publish(ctx, messages[:leave])
	if answered == len(messages) {
		return sent, err
	}
	return lost{sent, answered}, err
}

// lost is messages under way whose answers stop after some.
type lost struct {
	relay.Sent
	answered int
}

func (l lost) Wait(ctx context.Context) (int, error) {
	if l.Sent == nil {
		return 0, errCut
	}
	acked, err := l.Sent.Wait(ctx)
	return min(acked, l.answered), errors.Join(errCut, err)
}
