package consume

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"doorstep/province/store"
	"doorstep/province/streams"
	"doorstep/province/wire"

	"github.com/nats-io/nats.go/jetstream"
)

// Lag is how far the store is behind one county, and how the county stands.
type Lag struct {
	County  string    `json:"county"`
	Waiting uint64    `json:"waiting"` // messages in the stream that are not in the store
	Heard   time.Time `json:"heard"`   // when something of it was taken in last; zero: never
	Whole   bool      `json:"whole"`   // its register is complete
	Records int       `json:"records"` // living ones in the store, where they were counted (Count)
	Silent  bool      `json:"silent"`  // not heard for SilentAfter
}

// SilentAfter is when a county counts as silent: a working day's writes come up at once.
const SilentAfter = 3 * 24 * time.Hour

// Lags looks it up for every county that ever published.
func Lags(ctx context.Context, js jetstream.JetStream, st *store.Store, now time.Time) ([]Lag, error) {
	stream, err := js.Stream(ctx, wire.Register)
	if err != nil {
		return nil, fmt.Errorf("consume: the stream: %w", err)
	}
	info, err := stream.Info(ctx, jetstream.WithSubjectFilter("up.*.*."+wire.History))
	if err != nil {
		return nil, err
	}
	identity := streams.IdentityOf(stream)
	positions, err := st.Positions(ctx)
	if err != nil {
		return nil, err
	}
	standings, err := st.Standings(ctx)
	if err != nil {
		return nil, err
	}
	behind := map[int]uint64{} // partition -> what waits in all of it
	var out []Lag
	for subject := range info.State.Subjects {
		county, _, ok := wire.CountyOf(subject)
		partition, err := strconv.Atoi(strings.Split(subject, ".")[1])
		if !ok || err != nil {
			continue
		}
		l := Lag{County: county}
		from := uint64(1)
		if p := positions[partition]; p.Stream == identity {
			from = p.At + 1
		}
		if _, asked := behind[partition]; !asked {
			if behind[partition], err = pending(ctx, stream, wire.PartitionSubjects(partition), from); err != nil {
				return nil, err
			}
		}
		if behind[partition] > 0 { // else the servers are asked for none of its counties
			if l.Waiting, err = pending(ctx, stream, strings.TrimSuffix(subject, wire.History)+"*", from); err != nil {
				return nil, err
			}
		}
		if i := slices.IndexFunc(standings, func(s store.Standing) bool { return s.County == county }); i >= 0 {
			s := standings[i]
			l.Heard, l.Whole = s.Heard, s.Whole
		}
		l.Silent = now.Sub(l.Heard) > SilentAfter
		out = append(out, l)
	}
	slices.SortFunc(out, func(a, b Lag) int { return strings.Compare(a.County, b.County) })
	return out, nil
}

// Count adds how many records the store has of each, which takes a pass over all of them.
func Count(ctx context.Context, st *store.Store, lags []Lag) error {
	living, err := st.Living(ctx)
	for i := range lags {
		lags[i].Records = living[lags[i].County]
	}
	return err
}

// pending asks the servers how much of some subjects lies behind a place.
func pending(ctx context.Context, stream jetstream.Stream, subjects string, from uint64) (uint64, error) {
	ctx, cancel := context.WithTimeout(ctx, askTime) // counting millions takes a busy server its time
	defer cancel()
	c, err := stream.CreateConsumer(ctx, jetstream.ConsumerConfig{FilterSubject: subjects, AckPolicy: jetstream.AckNonePolicy,
		DeliverPolicy: jetstream.DeliverByStartSequencePolicy, OptStartSeq: from, MemoryStorage: true, Replicas: 1, InactiveThreshold: time.Minute})
	if err != nil {
		return 0, err
	}
	info := c.CachedInfo()
	return info.NumPending, stream.DeleteConsumer(ctx, info.Name)
}

// Waiting asks how many messages of each county are not in the store, within a time.
func Waiting(js jetstream.JetStream, st *store.Store, within time.Duration) func(context.Context) (map[string]uint64, error) {
	return func(ctx context.Context) (map[string]uint64, error) {
		ctx, cancel := context.WithTimeout(ctx, within)
		defer cancel()
		lags, err := Lags(ctx, js, st, time.Now())
		out := map[string]uint64{}
		for _, l := range lags {
			out[l.County] = l.Waiting
		}
		return out, err
	}
}
