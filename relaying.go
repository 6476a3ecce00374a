package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"sync"

	"doorstep/health"
	"doorstep/province/handing"
	"doorstep/province/relay"
	"doorstep/province/streams"
	"doorstep/province/wire"
	"doorstep/register"
	"doorstep/sync/engine"

	"github.com/nats-io/nats.go"
	"github.com/spf13/cobra"
)

// upward is how a county's server reaches its province; without servers, not at all.
type upward struct {
	where  streams.Where
	county string
	keys   string
}

func (u *upward) flags(c *cobra.Command) {
	streamFlags(c, &u.where)
	c.Flags().StringVar(&u.county, "province-county", "", "")
	c.Flags().StringVar(&u.keys, "province-keys", "", "")
}

// streamFlags are those of whoever connects to the stream.
func streamFlags(c *cobra.Command, w *streams.Where) {
	c.Flags().StringVar(&w.Servers, "province-servers", "", "")
	c.Flags().StringVar(&w.Credentials, "province-credentials", "", "")
	c.Flags().StringVar(&w.CA, "province-ca", "", "")
}

var (
	errNoProvince = errors.New("配置了 province-county 等项，却没有 province-servers：请补上省级消息服务器地址，或去掉这些项")
	errNoCounty   = errors.New("配置项 province-county 须是本县(市、区)的六位行政区划代码")
)

// check reads everything that can be wrong before the start.
func (u *upward) check() (*wire.CountyKeys, error) {
	if u.where.Servers == "" {
		if u.county+u.keys+u.where.Credentials+u.where.CA != "" {
			return nil, errNoProvince
		}
		return nil, nil
	}
	if !wire.IsCounty(u.county) {
		return nil, errNoCounty
	}
	u.where.Name = u.county
	if err := u.where.Check(); err != nil {
		return nil, err
	}
	text, err := os.ReadFile(u.keys)
	if err != nil {
		return nil, fmt.Errorf("配置项 province-keys：不能读取省里发给的密钥文件：%w", err)
	}
	return wire.ParseCountyKeys(text)
}

// start carries the county's changes up beside the server until end is called.
func (u *upward) start(ctx context.Context, o *opened, metrics *health.Metrics) (end func(), err error) {
	keys, err := u.check()
	if err != nil || keys == nil {
		return func() {}, err
	}
	conn, js, err := streams.Dial(u.where)
	if err != nil {
		return nil, err
	}
	log := o.app.Logger()
	r := &relay.Relay{Engine: o.server.Engine, County: u.county, Keys: keys, Stream: relay.JetStream{JS: js}, Random: rand.Reader,
		Back: conn.StatusChanged(nats.CONNECTED),
		Tell: func(err error) {
			log.Warn("province: the stream does not take what is new; it is tried again", "error", err)
		}}
	watchRelay(metrics, r)
	book, err := u.openBook(ctx, o)
	if err != nil {
		conn.Close()
		return nil, err
	}
	post := &relay.Post{Engine: r.Engine, County: r.County, Stream: r.Stream, Outbox: handing.Outbox{Book: book},
		Tell: func(err error) {
			log.Warn("province: the stream does not take words to other counties; it is tried again", "error", err)
		}}
	down := &relay.Receiver{Engine: r.Engine, County: r.County, Keys: keys, JS: js, Take: takeFinding, Hear: handing.Hear(book),
		Tell: func(err error) { log.Warn("province: a message of the province's was not taken in", "error", err) }}
	ctx, cancel := context.WithCancel(ctx)
	var running sync.WaitGroup
	running.Go(func() { r.Run(ctx) })
	running.Go(func() { post.Run(ctx) })
	running.Go(func() { down.Run(ctx) })
	return func() {
		cancel()
		running.Wait()
		conn.Close()
	}, nil
}

// openBook opens the county's book of handovers and introduces the county to the others.
func (u *upward) openBook(ctx context.Context, o *opened) (*register.Handovers, error) {
	own, err := handing.Keys(o.app.DataDir(), rand.Reader)
	if err != nil {
		return nil, err
	}
	book := handing.Book(o.server.Engine, u.county, own, rand.Reader)
	o.server.Handovers(book)
	return book, o.server.Engine.Update(ctx, book.Introduce)
}

// takeFinding is what the province found, as the register knows it.
func takeFinding(tx *engine.Tx, f *wire.Finding) error {
	return register.TakeFinding(tx, register.ProvinceFinding{ID: f.ID, Kind: f.Kind, Member: f.Member, AsOf: f.AsOf, Values: f.Values})
}

func watchRelay(m *health.Metrics, r *relay.Relay) {
	health.Look(m, func() (relay.Progress, error) {
		ctx, cancel := context.WithTimeout(context.Background(), gaugeTime)
		defer cancel()
		return r.Progress(ctx)
	},
		health.Reading[relay.Progress]{Name: "province_waiting", Help: "Changed records that the province's stream has not acknowledged.", Of: func(p relay.Progress) float64 { return float64(p.Waiting) }},
		health.Reading[relay.Progress]{Name: "province_acked_timestamp_seconds", Help: "When the province's stream acknowledged last; 0: never.", Of: func(p relay.Progress) float64 {
			if p.Acked.IsZero() {
				return 0
			}
			return float64(p.Acked.Unix())
		}},
		health.Reading[relay.Progress]{Name: "province_whole", Help: "1 when everything was told once since the last restore.", Of: func(p relay.Progress) float64 { return truth(p.Whole) }})
}
