package consume_test

import (
	"strings"
	"testing"
	"time"

	"doorstep/province/consume"
	"doorstep/province/streams"
	"doorstep/province/wire"
)

// Whoever rebuilds a store from a stream that is lost meanwhile is told so, and does not
// wait for what no longer comes.
func TestAStreamThatIsMadeAgainEndsTheCatchingUp(t *testing.T) {
	s := newSite(t, "370281")
	s.counties[0].grow(0, 2)
	s.counties[0].drain()
	for part := range wire.Partitions { // another process reads, which does not come on
		release, held, err := s.store.Hold(t.Context(), part)
		if err != nil || !held {
			t.Fatal(held, err)
		}
		defer release()
	}
	ended := make(chan error, 1)
	go func() { ended <- (&consume.Consumer{Store: s.store, JS: s.js}).CatchUp(t.Context()) }()
	select {
	case err := <-ended:
		t.Fatalf("it ended before anything was read: %v", err)
	case <-time.After(2 * time.Second):
	}
	if err := s.js.DeleteStream(t.Context(), wire.Register); err != nil {
		t.Fatal(err)
	}
	if err := streams.Ensure(t.Context(), s.js, streams.Setup{Replicas: 3}); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-ended:
		if err == nil || !strings.Contains(err.Error(), "重建过") {
			t.Fatal(err)
		}
	case <-time.After(time.Minute):
		t.Fatal("it waits for a stream that is no more")
	}
}
