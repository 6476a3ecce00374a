package sim

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	mathrand "math/rand/v2"
	"sync"
	"sync/atomic"

	"doorstep/province/handing"
	"doorstep/province/relay"
	"doorstep/province/servers"
	"doorstep/province/wire"
	"doorstep/register"
	"doorstep/sync/engine"
	core "doorstep/sync/wire"

	"github.com/google/uuid"
	"github.com/nats-io/nats.go/jetstream"
)

// county is one of the twelve: a real engine, its relay behind a line, its receiver.
type county struct {
	*servers.County
	w       *world
	rng     *mathrand.Rand
	line    *line // of its register
	letters *line // of its words to other counties
	relay   *relay.Relay
	post    *relay.Post
	desk    *register.Handovers
	keys    *wire.HandKeys
	js      jetstream.JetStream
	book    *book
	knew    map[string]map[string]bool // by member: the numbers that it ever had
	written [][]engine.Draft           // in this history
	again   [][]engine.Draft           // lost by a restore, handed in again by the tablets
	backups []backup
	away    int          // until this round its network is cut
	stumble atomic.Int32 // so often taking in what comes down fails
	ill     atomic.Value // what went wrong with it last, a text
	numbers int          // of people who are its own
	hang    func()       // ends the receiver
}

type backup struct {
	dir     string
	book    *book
	written int
}

func (w *world) newCounty(i int, code string) *county {
	c := &county{w: w, rng: mathrand.New(mathrand.NewPCG(w.seed, 100+uint64(i))), book: newBook(), knew: map[string]map[string]bool{}, hang: func() {}}
	c.County = servers.NewCounty(w.t, code, w.seed<<8|uint64(i), register.Rules()...)
	c.Clock = w.clock
	conn, js := w.cluster.Dial(code)
	w.t.Cleanup(conn.Close)
	c.js = js
	c.line = &line{JetStream: relay.JetStream{JS: js}, rng: mathrand.New(mathrand.NewPCG(w.seed, 200+uint64(i)))}
	c.letters = &line{JetStream: c.line.JetStream, rng: mathrand.New(mathrand.NewPCG(w.seed, 400+uint64(i)))}
	c.relay = &relay.Relay{Engine: c.Engine, County: code, Keys: w.public, Stream: c.line, Random: rand.Reader, Most: 1 + c.rng.IntN(40)}
	var err error
	if c.keys, err = handing.Keys(w.t.TempDir(), rand.Reader); err != nil { // a backup has them, too
		w.t.Fatal(err)
	}
	c.begin()
	w.t.Cleanup(func() { c.hang() })
	return c
}

// do writes, and notes in the book what was acknowledged. A household that has what the
// rules made stays when somebody deletes it; nothing else is refused.
func (c *county) do(drafts ...engine.Draft) {
	if len(drafts) == 0 {
		return
	}
	results, err := c.Engine.Do(c.w.t.Context(), engine.Server, drafts)
	if err != nil {
		c.w.fail("harness", "%s: %v", c.Code, err)
		return
	}
	var written []engine.Draft
	for i, r := range results {
		switch {
		case r.Error == nil:
			written = append(written, drafts[i])
		case r.Error.Code != core.HasChildren:
			c.w.fail("harness", "%s: %s %s: %v", c.Code, drafts[i].Kind, drafts[i].Type, r.Error)
		}
	}
	c.book.enter(written)
	c.meet(written)
	c.written = append(c.written, written)
	c.w.writes += len(written)
}

// meet notes who ever stood in the county's book.
func (c *county) meet(drafts []engine.Draft) {
	for _, d := range drafts {
		if number, ok := d.Set["id_number"].(string); ok {
			if c.knew[d.Record] == nil {
				c.knew[d.Record] = map[string]bool{}
			}
			c.knew[d.Record][number] = true
		}
	}
}

// begin is what the county's server does for handovers when it starts.
func (c *county) begin() {
	c.desk = handing.Book(c.Engine, c.Code, c.keys, rand.Reader)
	if err := c.Engine.Update(c.w.t.Context(), c.desk.Introduce); err != nil {
		c.w.fail("harness", "%s: %v", c.Code, err)
	}
	c.post = &relay.Post{Engine: c.Engine, County: c.Code, Stream: c.letters, Outbox: handing.Outbox{Book: c.desk}}
}

// receive lets the county take in what comes down; where its server ends, another is
// started.
func (c *county) receive() {
	c.hang()
	ctx, cancel := context.WithCancel(c.w.t.Context())
	e, hear := c.Engine, handing.Hear(c.desk)
	var running sync.WaitGroup
	running.Go(func() {
		for ctx.Err() == nil {
			one, end := context.WithCancel(ctx)
			r := &relay.Receiver{Engine: e, County: c.Code, Keys: c.w.public, JS: c.js, Take: c.take, Hear: func(tx *engine.Tx, h *wire.Hand) error {
				if err := hear(tx, h); err != nil {
					return err
				}
				return c.stumbles()
			}, Tell: func(err error) {
				if c.ill.Store(err.Error()); errors.Is(err, errStumbled) {
					end()
				}
			}}
			r.Run(one)
			end()
		}
	})
	c.hang = sync.OnceFunc(func() { cancel(); running.Wait() })
}

var errStumbled = errors.New("the county's server ends while it takes in what came down")

// take is what the county's server does with a finding; it may end when all but the
// transaction's end is done.
func (c *county) take(tx *engine.Tx, f *wire.Finding) error {
	if err := register.TakeFinding(tx, register.ProvinceFinding{ID: f.ID, Kind: f.Kind, Member: f.Member, AsOf: f.AsOf, Values: f.Values}); err != nil {
		return err
	}
	return c.stumbles()
}

func (c *county) stumbles() error {
	if c.stumble.Load() > 0 && c.stumble.Add(-1) >= 0 {
		return errStumbled
	}
	return nil
}

// backUp keeps a copy of the county as it stands.
func (c *county) backUp() {
	c.backups = append(c.backups, backup{c.Backup(), c.book.clone(), len(c.written)})
}

// restore puts a backup in the place of what stands. What was written since is lost, or
// comes again from the tablets, which keep it.
func (c *county) restore(b backup, again bool) {
	c.hang()
	c.learn()
	c.forgets(b.book)
	c.Restore(b.dir)
	c.relay.Engine = c.Engine
	c.begin()
	c.again = nil
	if again {
		c.again = append([][]engine.Draft{}, c.written[b.written:]...)
	}
	c.written, c.book = c.written[:b.written:b.written], b.book.clone()
	if !c.isAway() {
		c.receive()
	}
}

func (c *county) isAway() bool { return c.away > c.w.round }

// person is the id that somebody's record has in this county, whenever it is made: what
// tablets hand in again after a restore has the id that it had.
func (c *county) person(number string) string {
	sum := sha256.Sum256([]byte(c.Code + number))
	sum[6], sum[8] = sum[6]&0x0f|0x70, sum[8]&0x3f|0x80
	return uuid.UUID(sum[:16]).String()
}
