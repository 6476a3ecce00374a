package streams

import (
	"context"
	"errors"
	"fmt"
	"time"

	"doorstep/province/wire"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// State is one of the two streams as an examination finds it.
type State struct {
	Name    string
	Gone    bool     // there is none
	Differs []string // what is set otherwise than it must be, in words
	Behind  []string // nodes whose copy is not whole, or away
	Copies  int
	Clock   time.Time // of the servers
	Stored  uint64    // messages
	Bytes   uint64
}

// differences is the table: what of a stream must be so, in words.
var differences = []struct {
	word string
	of   func(jetstream.StreamConfig) any
}{
	{"收件主题", func(c jetstream.StreamConfig) any { return fmt.Sprint(c.Subjects) }},
	{"主题改写(分区)", func(c jetstream.StreamConfig) any {
		if c.SubjectTransform == nil {
			return ""
		}
		return *c.SubjectTransform
	}},
	{"每条存几份", func(c jetstream.StreamConfig) any { return c.Replicas }},
	{"存储方式", func(c jetstream.StreamConfig) any { return c.Storage.String() }},
	{"保留方式", func(c jetstream.StreamConfig) any { return c.Retention.String() }},
	{"存满时", func(c jetstream.StreamConfig) any { return c.Discard.String() }},
	{"禁止删除", func(c jetstream.StreamConfig) any { return c.DenyDelete }},
	{"压缩", func(c jetstream.StreamConfig) any { return c.Compression.String() }},
	{"单条上限", func(c jetstream.StreamConfig) any { return c.MaxMsgSize }},
}

// limits are what must have none: the streams are kept for ever.
var limits = []struct {
	word string
	of   func(jetstream.StreamConfig) int64
}{
	{"最长保留时间", func(c jetstream.StreamConfig) int64 { return int64(c.MaxAge) }},
	{"条数上限", func(c jetstream.StreamConfig) int64 { return max(0, c.MaxMsgs) }},
	{"每主题条数上限", func(c jetstream.StreamConfig) int64 { return max(0, c.MaxMsgsPerSubject) }},
}

// Examine looks at both streams and changes nothing.
func Examine(ctx context.Context, js jetstream.JetStream, s Setup) (out []State, err error) {
	for _, want := range configs(s) {
		state := State{Name: want.Name}
		stream, err := js.Stream(ctx, want.Name)
		if errors.Is(err, jetstream.ErrStreamNotFound) {
			state.Gone = true
			out = append(out, state)
			continue
		}
		if err != nil {
			return nil, err
		}
		info := stream.CachedInfo()
		for _, d := range differences {
			if have, must := d.of(info.Config), d.of(want); have != must {
				state.Differs = append(state.Differs, fmt.Sprintf("%s为 %v，应为 %v", d.word, have, must))
			}
		}
		for _, l := range limits {
			if have := l.of(info.Config); have != 0 {
				state.Differs = append(state.Differs, fmt.Sprintf("%s为 %d，应不设", l.word, have))
			}
		}
		state.Copies, state.Clock, state.Stored, state.Bytes = 1, info.TimeStamp, info.State.Msgs, info.State.Bytes
		if info.Cluster != nil {
			for _, r := range info.Cluster.Replicas {
				if state.Copies++; r.Offline || !r.Current {
					state.Behind = append(state.Behind, r.Name)
				}
			}
		}
		out = append(out, state)
	}
	return out, nil
}

// overreach bounds the try: a server says nothing to who may not ask.
const overreach = 2 * time.Second

// Overreaches reports whether a county's account may read what goes down to another one.
// It tries, and takes back what it was let do; it publishes nothing.
func Overreaches(ctx context.Context, js jetstream.JetStream, county string) (bool, error) {
	other := "999999"
	if county == other {
		other = "999998"
	}
	asking, cancel := context.WithTimeout(ctx, overreach)
	defer cancel()
	c, err := js.CreateConsumer(asking, wire.Down, jetstream.ConsumerConfig{FilterSubject: wire.DownSubject(other), AckPolicy: jetstream.AckNonePolicy, MemoryStorage: true, Replicas: 1, InactiveThreshold: time.Minute})
	if err != nil {
		if ctx.Err() != nil {
			return false, ctx.Err()
		}
		return false, nil
	}
	return true, js.DeleteConsumer(ctx, wire.Down, c.CachedInfo().Name)
}

const lookAgain = 100 * time.Millisecond

// Connected waits until a connection, which tries for ever, is there.
func Connected(ctx context.Context, c *nats.Conn) error {
	for !c.IsConnected() {
		select {
		case <-ctx.Done():
			if err := c.LastError(); err != nil {
				return err
			}
			return ctx.Err()
		case <-time.After(lookAgain):
		}
	}
	return nil
}
