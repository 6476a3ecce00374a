package sim

import (
	"context"
	cryptorand "crypto/rand"
	"fmt"
	"math/rand/v2"
	"net/url"
	"sync"

	"doorstep/province/consume"
	"doorstep/province/store"
	"doorstep/province/wire"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// process is `doorstep province run` on a machine of its own: it reads, finds, sends and passes
// on.
type process struct {
	w       *world
	name    string
	store   *store.Store
	conn    *nats.Conn
	end     context.CancelFunc
	running sync.WaitGroup
}

// mouth is a process's way down: of each message that it publishes, the message or its
// acknowledgement may be lost. One goroutine speaks.
type mouth struct {
	jetstream.JetStream
	lossy float64
	rng   *rand.Rand
}

func (m *mouth) Publish(ctx context.Context, subject string, data []byte, opts ...jetstream.PublishOpt) (*jetstream.PubAck, error) {
	lost, arrives := m.rng.Float64() < m.lossy, m.rng.IntN(2) == 0
	if lost && !arrives {
		return nil, errCut
	}
	ack, err := m.JetStream.Publish(ctx, subject, data, opts...)
	if lost && err == nil {
		return nil, errCut
	}
	return ack, err
}

// start starts a process; two share the partitions between them.
func (w *world) start() *process {
	w.started++
	p := &process{w: w, name: fmt.Sprintf("reader%d", w.started)}
	if !w.until("a reader's database answers", func(ctx context.Context) (ok bool) {
		var err error
		p.store, err = store.Open(ctx, w.url(p.name))
		return err == nil
	}) {
		return nil
	}
	conn, js := w.cluster.Dial("province")
	p.conn = conn
	signer, err := wire.NewSigner(w.keys)
	if err != nil {
		w.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(w.t.Context())
	p.end = cancel
	c := &consume.Consumer{Store: p.store, JS: js, Most: 1 + w.rng.IntN(60)}
	f := &consume.Finder{Store: p.store, JS: &mouth{js, w.lossy(), rand.New(rand.NewPCG(w.seed, 300+uint64(w.started)))}, Signer: signer, Random: cryptorand.Reader, Now: w.clock}
	p.running.Go(func() { c.Run(ctx) })
	p.running.Go(func() { f.Run(ctx) })
	courier := &consume.Courier{Store: p.store, JS: &mouth{js, w.lossy() / 8, rand.New(rand.NewPCG(w.seed, 500+uint64(w.started)))}, Signer: signer, Random: cryptorand.Reader, Now: w.clock}
	p.running.Go(func() { courier.Run(ctx) })
	return p
}

// kill ends a process as a power cut would: its connections are gone in the middle of
// whatever they did.
func (p *process) kill() {
	p.conn.Close()
	_, _ = p.w.store.Pool.Exec(p.w.t.Context(), `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1`, p.name)
	p.stop()
}

func (p *process) stop() {
	p.end()
	p.running.Wait()
	p.store.Close()
	p.conn.Close()
}

// url is how somebody reaches the seed's database.
func (w *world) url(name string) string {
	return w.base + "&application_name=" + url.QueryEscape(name)
}

// replaceProcesses ends all readers and starts as many: another machine takes over.
func (w *world) replaceProcesses() {
	for i, p := range w.processes {
		if p != nil {
			p.kill()
		}
		w.processes[i] = w.start()
	}
}
