package streams_test

import (
	"strconv"
	"testing"
	"time"

	"doorstep/province/servers"
	"doorstep/province/streams"
	"doorstep/province/wire"

	"github.com/nats-io/nats.go/jetstream"
)

// The servers forget a reader that asks for nothing for a while, sooner than by themselves;
// of one that only took its time nothing is lost, and nothing comes twice.
func TestAReaderThatWasForgottenReadsOn(t *testing.T) {
	const county, messages = "370281", 40
	c := servers.NewNode(t, county)
	c.Await()
	conn, js := c.Dial("province")
	t.Cleanup(conn.Close)
	for i := range messages {
		if _, err := js.Publish(t.Context(), wire.DownSubject(county), []byte(strconv.Itoa(i))); err != nil {
			t.Fatal(err)
		}
	}
	down, err := js.Stream(t.Context(), wire.Down)
	if err != nil {
		t.Fatal(err)
	}
	known := func() (out []*jetstream.ConsumerInfo) {
		list := down.ListConsumers(t.Context())
		for info := range list.Info() {
			out = append(out, info)
		}
		if list.Err() != nil {
			t.Fatal(list.Err())
		}
		return out
	}
	reader, err := streams.Follow(t.Context(), js, wire.Down, wire.DownSubject(county), 0, 16)
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Stop()
	first := ""
	for i := range messages {
		msg, err := reader.Next(jetstream.NextMaxWait(time.Minute))
		if err != nil {
			t.Fatal(err)
		}
		if got := string(msg.Data()); got != strconv.Itoa(i) {
			t.Fatalf("message %s comes as the %dth", got, i)
		}
		if i == 3 {
			now := known()
			if len(now) != 1 || now[0].Config.InactiveThreshold <= 0 || now[0].Config.InactiveThreshold > time.Minute {
				t.Fatalf("%d readers, %+v", len(now), now)
			}
			first = now[0].Name
			if err := js.DeleteConsumer(t.Context(), wire.Down, first); err != nil {
				t.Fatal(err)
			}
		}
	}
	if now := known(); len(now) != 1 || now[0].Name == first || now[0].Config.InactiveThreshold > time.Minute {
		t.Errorf("made again: %d readers, %+v", len(now), now)
	}
}
