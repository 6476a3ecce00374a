// Command counties serves two demo counties for a browser scenario, joined as by a province
// that passes on what they say to each other: the product's own routes and screens, without
// a stream between them. It is for tests alone.
package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"doorstep/hooks"
	_ "doorstep/migrations"
	"doorstep/province/handing"
	"doorstep/province/wire"
	"doorstep/register"
	"doorstep/sync/engine"

	"github.com/google/uuid"
	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
)

// county is one of them: its code and name, and where its data and its door are.
type county struct {
	code, name, dir, addr string
	engine                *engine.Engine
	book                  *register.Handovers
	end                   func()
}

// Arguments: two pairs of a data directory and an address; the second county takes in.
func main() {
	if len(os.Args) != 5 {
		fmt.Fprintln(os.Stderr, "counties DIR ADDR DIR ADDR")
		os.Exit(2)
	}
	a := &county{code: "370282", name: "即墨区", dir: os.Args[1], addr: os.Args[2]}
	b := &county{code: "370281", name: "胶州市", dir: os.Args[3], addr: os.Args[4]}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	if err := run(ctx, a, b); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, a, b *county) error {
	for _, c := range []*county{a, b} {
		if err := c.open(ctx); err != nil {
			return fmt.Errorf("%s: %w", c.code, err)
		}
		defer c.end()
	}
	third := make(chan os.Signal, 1)
	signal.Notify(third, syscall.SIGUSR1)
	told, late := map[string]bool{}, false
	for ctx.Err() == nil {
		var err error
		if !late {
			_, err = pass(ctx, told, a, b)
		}
		answers, other := pass(ctx, told, b, a)
		late = late && answers == 0
		if err = errors.Join(err, other); err != nil && ctx.Err() == nil {
			return err
		}
		select {
		case <-ctx.Done():
		case <-third:
			if err := a.gaveToAThird(ctx); err != nil {
				return err
			}
			late = true
		case <-time.After(200 * time.Millisecond):
		}
	}
	return nil
}

// gaveToAThird lets a county hear that a third one has taken in what it offers: it offered it
// to that one, too, and forgot so in a restore. What it says then is late, as long as the
// other county has not answered the offer.
func (c *county) gaveToAThird(ctx context.Context) error {
	const third = "370283"
	keys, err := wire.NewHandKeys(rand.Reader)
	if err != nil {
		return err
	}
	public, err := keys.Public()
	if err != nil {
		return err
	}
	return c.engine.Update(ctx, func(tx *engine.Tx) error {
		rows, err := tx.Query(`SELECT household FROM handovers WHERE side = 'out' AND state = 'offered'`)
		if err != nil {
			return err
		}
		home := ""
		for rows.Next() {
			err = errors.Join(err, rows.Scan(&home))
		}
		if err = errors.Join(err, rows.Err(), rows.Close()); err != nil {
			return err
		}
		id, today := uuid.NewString(), tx.Today()
		for _, w := range []*wire.Hand{
			{ID: third, Word: wire.SaysCards, Cards: []wire.Card{{County: third, Name: "平度市", Public: public}}},
			{ID: id, Word: wire.SaysAnswer, From: c.code, To: third, Household: home, Ticket: c.book.Keys.Ticket(id, third, home), Result: "accepted", Taken: uuid.NewString(), Begins: today},
		} {
			if err := handing.Hear(c.book)(tx, w); err != nil {
				return err
			}
		}
		return nil
	})
}

// open brings a county up, as the product does, on its address.
func (c *county) open(ctx context.Context) error {
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: c.dir, DBConnect: engine.Connect})
	if err := errors.Join(app.Bootstrap(), app.RunAllMigrations()); err != nil {
		return err
	}
	server, err := hooks.Open(app, engine.Config{Rules: register.Rules()}, os.DirFS("pb_public"))
	if err != nil {
		return err
	}
	keys, err := handing.Keys(c.dir, rand.Reader)
	if err != nil {
		return err
	}
	c.engine, c.book = server.Engine, handing.Book(server.Engine, c.code, keys, rand.Reader)
	server.Handovers(c.book)
	if err := c.engine.Update(ctx, c.book.Introduce); err != nil {
		return err
	}
	router, err := apis.NewRouter(app)
	if err != nil {
		return err
	}
	server.Bind(&core.ServeEvent{App: app, Router: router})
	mux, err := router.BuildMux()
	if err != nil {
		return err
	}
	web := &http.Server{Addr: c.addr, Handler: mux, ReadHeaderTimeout: time.Minute}
	go func() {
		if err := web.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
			fmt.Fprintln(os.Stderr, c.addr, err)
		}
	}()
	c.end = func() { _ = web.Close(); server.Engine.Close() }
	return nil
}

// pass takes what one says to the other, as the wire carries it and the province passes it
// on: each word once. It answers how many there were.
func pass(ctx context.Context, told map[string]bool, from, to *county) (int, error) {
	var words []*wire.Hand
	if err := from.engine.Update(ctx, func(tx *engine.Tx) error {
		names, list, err := handing.Outbox{Book: from.book}.Unsaid(tx, "scenario", 50)
		if words = list; err != nil || len(names) == 0 {
			return err
		}
		return from.book.Said(tx, "scenario", names)
	}); err != nil {
		return 0, err
	}
	for _, h := range words {
		m := &wire.Message{Kind: wire.Says, County: from.code, Type: wire.HandedOver, Hand: h}
		text, err := m.Encode()
		if err != nil {
			return 0, err
		}
		if m, err = wire.Decode(m.Subject(), text); err != nil {
			return 0, err
		}
		if h = m.Hand; told[h.Name()] {
			continue
		}
		told[h.Name()] = true
		if h.Word == wire.SaysCard {
			h = &wire.Hand{ID: h.ID, Word: wire.SaysCards, Cards: []wire.Card{{County: from.code, Name: from.name, Public: h.Cards[0].Public}}}
		}
		if err := to.engine.Update(ctx, func(tx *engine.Tx) error { return handing.Hear(to.book)(tx, h) }); err != nil {
			return 0, err
		}
	}
	return len(words), nil
}
