package consume_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"doorstep/domain/handover"
	"doorstep/province/consume"
	"doorstep/province/handing"
	"doorstep/province/relay"
	"doorstep/province/servers"
	"doorstep/province/wire"
	"doorstep/register"
	"doorstep/sync/engine"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// joined is a county with its book of handovers.
type joined struct {
	*county
	s    *site
	book *register.Handovers
	post *relay.Post
}

func (s *site) join(c *county) *joined {
	s.t.Helper()
	keys, err := wire.NewHandKeys(rand.Reader)
	if err != nil {
		s.t.Fatal(err)
	}
	book := handing.Book(c.Engine, c.Code, keys, rand.Reader)
	if err := c.Engine.Update(s.t.Context(), book.Introduce); err != nil {
		s.t.Fatal(err)
	}
	return &joined{c, s, book, &relay.Post{Engine: c.Engine, County: c.Code, Stream: c.relay.Stream, Outbox: handing.Outbox{Book: book}}}
}

// say carries up what the county says, and answers how much that was.
func (j *joined) say() int {
	j.T.Helper()
	n, err := j.post.Drain(j.T.Context())
	if err != nil {
		j.T.Fatal(err)
	}
	return n
}

// listen hears what comes down to the county until the returned function is called.
func (j *joined) listen() (stop func()) {
	conn, js := j.s.cluster.Dial(j.Code)
	ctx, cancel := context.WithCancel(j.s.t.Context())
	r := &relay.Receiver{Engine: j.Engine, County: j.Code, Keys: j.relay.Keys, JS: js, Tell: func(error) {},
		Take: func(tx *engine.Tx, f *wire.Finding) error {
			return register.TakeFinding(tx, register.ProvinceFinding{ID: f.ID, Kind: f.Kind, Member: f.Member, AsOf: f.AsOf, Values: f.Values})
		}, Hear: handing.Hear(j.book)}
	var running sync.WaitGroup
	running.Go(func() { r.Run(ctx) })
	return func() { cancel(); running.Wait(); conn.Close() }
}

func (s *site) courier() (stop func()) {
	ctx, cancel := context.WithCancel(s.t.Context())
	signer, err := wire.NewSigner(s.keys)
	if err != nil {
		s.t.Fatal(err)
	}
	c := &consume.Courier{Store: s.store, JS: s.js, Signer: signer, Random: rand.Reader, Now: time.Now, Tell: func(err error) { s.t.Logf("courier: %v", err) }}
	var running sync.WaitGroup
	running.Go(func() { c.Run(ctx) })
	return func() { cancel(); running.Wait() }
}

// stands is what a county's register says of a household: its state, and its categories.
func (j *joined) stands(household string) (out []string) {
	j.T.Helper()
	if err := j.Engine.View(j.T.Context(), func(v *engine.View) error {
		home, ok, err := v.Record("households", household)
		if err != nil || !ok {
			return err
		}
		list, err := v.Records("categories", household)
		for _, c := range list {
			out = append(out, c.Text("category")+" "+c.Text("from")+" "+c.Text("to"))
		}
		slices.Sort(out)
		out = append(out, home.Text("state"))
		return err
	}); err != nil {
		j.T.Fatal(err)
	}
	return out
}

// A household goes from one county to another by the real servers: once, sealed to the
// county that it is for, and nobody takes it for helped twice meanwhile.
func (s *site) handsOver(t *testing.T) {
	from, to := s.join(s.counties[1]), s.join(s.counties[0]) // into the county whose villages are known
	number := servers.Number("370282", 950)
	home, _, drafts := from.Household(number)
	from.Do(append(drafts, engine.Draft{Type: "categories", Record: from.ID(), Kind: "create", Set: map[string]any{"household": home, "category": "subsistence", "from": "2026-01-01"}},
		engine.Draft{Type: "households", Record: home, Kind: "patch", Set: map[string]any{"last_visited": "2026-11-20"}})...)
	from.drain()
	stopCourier, stopFinder := s.courier(), s.finder()
	defer stopCourier()
	defer stopFinder()
	stopTo, stopFrom := to.listen(), from.listen()
	from.say()
	to.say()
	offer := register.NewHandover{ID: from.ID(), Household: home, County: to.Code, Reason: "kin", MovedOn: "2026-11-20", ConsentBy: "测试户", ConsentOn: "2026-11-20"}
	s.until("the counties can write to each other", func() bool {
		_, err := from.book.Preview(t.Context(), engine.Server, home)
		if err == nil {
			_, err = from.book.Offer(t.Context(), engine.Server, "", offer)
		}
		return err == nil
	}, func() string { return "no card came" })
	stopFrom() // it is away while the other one decides
	if n := from.say(); n != 1 {
		t.Fatalf("%d words went up", n)
	}
	accept := register.TakeHandover{Region: "370281102200", Begins: "2026-11-23", GoesOn: true}
	var taken string
	s.until("the other county sees the offer", func() bool {
		out, err := to.book.Accept(t.Context(), engine.Server, "", offer.ID, accept)
		if err == nil {
			taken = out["household"].(string)
		}
		return err == nil
	}, func() string { return "no offer came" })
	s.nothingReadable(t, number)
	to.say()
	to.drain()
	s.settle(s.store)
	s.looked()
	if got := from.stands(home); !slices.Equal(got, []string{"subsistence 2026-01-01 ", "active"}) {
		t.Errorf("it stands here until this county knows: %v", got)
	}
	stopFrom = from.listen()
	s.until("the county that gave it knows", func() bool {
		return slices.Equal(from.stands(home), []string{"subsistence 2026-01-01 2026-11-22", "closed"})
	}, func() string { return fmt.Sprint(from.stands(home)) })
	from.say()
	from.drain()
	s.settle(s.store)
	s.looked()
	for i, m := range s.down(t, to.Code) { // again, past what the stream remembers
		if _, err := s.js.PublishMsg(t.Context(), &nats.Msg{Subject: wire.DownSubject(to.Code), Data: m}, jetstream.WithMsgID(fmt.Sprint("handed again ", i))); err != nil {
			t.Fatal(err)
		}
	}
	other, _, drafts := from.Household(servers.Number("370282", 951)) // what is offered after it is heard after it
	from.Do(drafts...)
	after := offer
	after.ID, after.Household = from.ID(), other
	if _, err := from.book.Offer(t.Context(), engine.Server, "", after); err != nil {
		t.Fatal(err)
	}
	from.say()
	from.drain()
	s.until("what came again was heard", func() bool {
		_, err := to.book.Refuse(t.Context(), engine.Server, "", after.ID, "不在本市")
		return err == nil
	}, func() string { return "not yet" })
	if got := to.stands(taken); !slices.Equal(got, []string{"subsistence 2026-11-23 ", "active"}) {
		t.Errorf("%v", got)
	}
	if a, b := from.warnings(home), to.warnings(taken); slices.Contains(a, "N2 1") || slices.Contains(b, "N2 1") {
		t.Errorf("helped twice: %v %v", a, b)
	}
	to.say()
	stopTo()
	stopFrom()
	to.drain()
	s.settle(s.store)
	for id, want := range map[string]handover.State{offer.ID: handover.Accepted, after.ID: handover.Refused} {
		var state, begins string
		s.until("the province knows how it ended", func() bool {
			err := s.store.Pool.QueryRow(t.Context(), `SELECT state, begins FROM handovers WHERE id = $1`, id).Scan(&state, &begins)
			return err == nil && state == string(want) && (want != handover.Accepted || begins == accept.Begins)
		}, func() string { return id + " " + state + " " + begins })
	}
}

// looked waits until the finder has looked at everybody.
func (s *site) looked() {
	s.t.Helper()
	s.until("everybody was looked at", func() bool {
		var n int
		err := s.store.Pool.QueryRow(s.t.Context(), `SELECT count(*) FROM looks`).Scan(&n)
		return err == nil && n == 0
	}, func() string { return "looks are left" })
}

// nothingReadable: whoever has the province's database and keys reads nobody's number in
// what counties say to each other.
func (s *site) nothingReadable(t *testing.T, number string) {
	t.Helper()
	var words, open int
	if err := s.store.Pool.QueryRow(t.Context(), `SELECT count(*), count(*) FILTER (WHERE position(convert_to($1, 'UTF8') IN text) > 0) FROM words`, number).Scan(&words, &open); err != nil || words < 3 || open != 0 {
		t.Errorf("%d words, %d with the number, %v", words, open, err)
	}
}
