package sim

import (
	"context"
	"fmt"
	"testing"
	"time"

	"doorstep/province/servers"
	"doorstep/province/streams"
	"doorstep/province/wire"

	"github.com/jackc/pgx/v5"
	"github.com/nats-io/nats.go/jetstream"
)

// codes are the counties of the province.
var codes = []string{"370202", "370203", "370211", "370212", "370213", "370214", "370215", "370281", "370282", "370283", "370285", "370302"}

// site is the servers that all seeds of a run have in turn.
type site struct {
	t        *testing.T
	cluster  *servers.Cluster
	postgres *servers.Postgres
	keys     *wire.ProvinceKeys
	public   *wire.CountyKeys
	opener   *wire.Opener
	js       jetstream.JetStream
	server   string // PostgreSQL's URL, whichever database
}

func newSite(t *testing.T) *site {
	s := &site{t: t, cluster: servers.NewCluster(t, codes...), postgres: servers.NewPostgres(t)}
	s.keys, s.public, s.opener = servers.Keys(t)
	if _, err := servers.Template(); err != nil {
		t.Fatal(err)
	}
	s.cluster.Await()
	conn, js := s.cluster.Dial("province")
	t.Cleanup(conn.Close)
	s.js, s.server = js, s.postgres.URL("postgres")
	return s
}

// bound is how long any one step of the harness may take on a busy machine.
const bound = 2 * time.Minute

// until waits for a condition that must come about.
func (w *world) until(what string, is func(context.Context) bool) bool {
	ctx, cancel := context.WithTimeout(w.t.Context(), bound)
	defer cancel()
	for !is(ctx) {
		select {
		case <-ctx.Done():
			w.fail("harness", "%s: not so within %v", what, bound)
			return false
		case <-time.After(50 * time.Millisecond):
		}
	}
	return true
}

// newStreams makes both streams anew, empty.
func (w *world) newStreams() {
	w.until("the streams are made anew", func(ctx context.Context) bool {
		one, cancel := context.WithTimeout(ctx, 10*time.Second)
		defer cancel()
		for _, name := range []string{wire.Register, wire.Down} {
			if _, err := w.js.Stream(one, name); err == nil {
				if w.js.DeleteStream(one, name) != nil {
					return false
				}
			}
		}
		return streams.Ensure(one, w.js, streams.Setup{Replicas: servers.Nodes, Dedupe: dedupe}) == nil
	})
}

// dedupe is how long the streams remember: what comes later comes again.
const dedupe = time.Second

// whole waits until every node has everything.
func (w *world) whole() {
	w.until("every node has both streams", func(ctx context.Context) bool {
		for _, name := range []string{wire.Register, wire.Down} {
			one, cancel := context.WithTimeout(ctx, 5*time.Second)
			stream, err := w.js.Stream(one, name)
			cancel()
			if err != nil {
				return false
			}
			c := stream.CachedInfo().Cluster
			if c == nil || c.Leader == "" || len(c.Replicas) != servers.Nodes-1 {
				return false
			}
			for _, r := range c.Replicas {
				if !r.Current || r.Offline {
					return false
				}
			}
		}
		return true
	})
}

// admin runs SQL beside the program, as an operator would.
func (w *world) admin(sql string, args ...any) error {
	ctx, cancel := context.WithTimeout(context.Background(), bound)
	defer cancel()
	_, err := w.store.Pool.Exec(ctx, sql, args...)
	return err
}

// maintain runs SQL on the server, beside any seed's database.
func (s *site) maintain(ctx context.Context, statements ...string) error {
	conn, err := pgx.Connect(ctx, s.server)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	for _, sql := range statements {
		if _, err := conn.Exec(ctx, sql); err != nil {
			return fmt.Errorf("%s: %w", sql, err)
		}
	}
	return nil
}

func drop(database string) string { return "DROP DATABASE IF EXISTS " + database + " WITH (FORCE)" }
