package relay_test

import (
	"context"
	"crypto/rand"
	"sync"
	"testing"
	"time"

	"doorstep/province/relay"
	"doorstep/province/servers"
	"doorstep/province/wire"

	"github.com/nats-io/nats.go"
)

// soon is much less than the relay waits by itself where the stream has been away for
// long, and much more than a server needs to come up.
const soon = 40 * time.Second

// The stream's server was away for so long that the relay tries once a minute; when it is
// there again, what waits goes up at once.
func TestWhatWaitsGoesUpAsSoonAsTheStreamIsReachedAgain(t *testing.T) {
	b := newBench(t)
	node := servers.NewNode(t, b.Code)
	node.Await()
	conn, js := node.Dial(b.Code)
	defer conn.Close()
	_, keys, _ := servers.Keys(t)
	failed := make(chan error, 100)
	r := &relay.Relay{Engine: b.Engine, County: b.Code, Keys: keys, Stream: relay.JetStream{JS: js}, Random: rand.Reader,
		Pause: time.Hour, // no look between: at its longest wait from the first failure on
		Back:  conn.StatusChanged(nats.CONNECTED), Tell: func(err error) { failed <- err }}
	_, _, drafts := b.Household(servers.Number("370281", 1))
	b.Do(drafts...)

	node.Stop(0)
	ctx, cancel := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { r.Run(ctx) })
	defer running.Wait()
	defer cancel()
	select {
	case <-failed:
	case <-time.After(soon):
		t.Fatal("a stopped server was not noticed")
	}
	node.Start(0)

	for began := time.Now(); ; time.Sleep(50 * time.Millisecond) {
		p, err := r.Progress(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if p.Waiting == 0 && p.Whole {
			break
		}
		if time.Since(began) > soon {
			t.Fatalf("%v after the server came back %d records wait", soon, p.Waiting)
		}
	}
	reading, province := node.Dial("province")
	defer reading.Close()
	s, err := province.Stream(t.Context(), wire.Register)
	if err != nil {
		t.Fatal(err)
	}
	if n := s.CachedInfo().State.Msgs; n != 4 { // begin, a household, a person, whole
		t.Errorf("%d messages in the stream", n)
	}
}
