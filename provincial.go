package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"doorstep/config"
	"doorstep/front"
	"doorstep/health"
	"doorstep/province/consume"
	"doorstep/province/store"
	"doorstep/province/streams"
	"doorstep/province/wire"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/spf13/cobra"
)

// provincial is what the province's program is told.
type provincial struct {
	where    streams.Where
	keys     string // province.keys
	database string // a file with the address: it may hold a password
	at       front.Config
	replicas int
}

// provinceCommand is the province's side: it reads its counties' stream into its store.
func provinceCommand() *cobra.Command {
	var p provincial
	c := &cobra.Command{Use: "province", Short: "省级登记簿：接收各县上传，汇入省级数据库(部署见 docs/province.md)"}
	c.AddCommand(p.command("run", "持续接收各县上传，直到停止", p.run),
		p.command("setup", "建立或更新消息流(首次部署时执行一次)", p.setup),
		p.command("lag", "各县进度：还有多少条未入库，多久没有消息", p.lag),
		p.command("digest", "全库校验值：两个库内容相同则校验值相同", p.digest),
		provinceKeysCommand(), p.rebuildCommand(), provinceConsoleCommand(), provinceAccountCommand(), provinceSearchCommand(), provinceCheckCommand())
	return c
}

func (p *provincial) command(use, short string, run func(*cobra.Command) error) *cobra.Command {
	c := &cobra.Command{Use: use, Short: short, Args: cobra.NoArgs, RunE: func(c *cobra.Command, _ []string) error { return run(c) }}
	streamFlags(c, &p.where)
	databaseFlag(c, &p.database)
	if use == "run" {
		c.Flags().StringVar(&p.keys, "keys", "province.keys", "省级密钥文件 province.keys：下发各县的提示用它签名")
		listenFlags(c, &p.at, "127.0.0.1:8091", "监听地址：/healthz、/metrics、/lag；没有证书时只能是本机地址")
	}
	config.Describe(c.Flags())
	if use == "setup" {
		c.Flags().IntVar(&p.replicas, "replicas", 3, "每条消息存几份")
	}
	return c
}

func (p *provincial) dial() (*nats.Conn, jetstream.JetStream, error) {
	p.where.Name = "province"
	return streams.Dial(p.where)
}

func provinceStore(ctx context.Context, file string) (*store.Store, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("--database：不能读取存放数据库地址的文件：%w", err)
	}
	return store.Open(ctx, strings.TrimSpace(string(text)))
}

// with opens both ends for the time of fn.
func (p *provincial) with(c *cobra.Command, fn func(jetstream.JetStream, *store.Store) error) error {
	conn, js, err := p.dial()
	if err != nil {
		return err
	}
	defer conn.Close()
	st, err := provinceStore(c.Context(), p.database)
	if err != nil {
		return err
	}
	defer st.Close()
	if err = fn(js, st); errors.Is(err, context.DeadlineExceeded) {
		err = fmt.Errorf("消息服务器没有按时回答，请稍后再运行一次；总是这样的，用 doorstep province check 看是哪一台：%w", err)
	}
	return err
}

func (p *provincial) setup(c *cobra.Command) error {
	conn, js, err := p.dial()
	if err != nil {
		return err
	}
	defer conn.Close()
	ctx, cancel := context.WithTimeout(c.Context(), time.Minute)
	defer cancel()
	if err := streams.Ensure(ctx, js, streams.Setup{Replicas: p.replicas}); err != nil {
		return err
	}
	fmt.Fprintf(c.OutOrStdout(), "消息流 %s、%s 已就绪，每条消息存 %d 份。\n", wire.Register, wire.Down, p.replicas)
	return nil
}

func (p *provincial) lag(c *cobra.Command) error {
	return p.with(c, func(js jetstream.JetStream, st *store.Store) error {
		lags, err := consume.Lags(c.Context(), js, st, time.Now())
		if err == nil {
			err = consume.Count(c.Context(), st, lags)
		}
		if err != nil {
			return err
		}
		fmt.Fprintln(c.OutOrStdout(), "县      未入库  记录数   完整  最近收到")
		for _, l := range lags {
			heard, whole := "从未", "否"
			if !l.Heard.IsZero() {
				heard = l.Heard.Local().Format("2006-01-02 15:04")
			}
			if l.Whole {
				whole = "是"
			}
			if l.Silent {
				heard += "  (失联)"
			}
			fmt.Fprintf(c.OutOrStdout(), "%s %8d %8d   %s   %s\n", l.County, l.Waiting, l.Records, whole, heard)
		}
		return nil
	})
}

func (p *provincial) digest(c *cobra.Command) error {
	return p.with(c, func(_ jetstream.JetStream, st *store.Store) error {
		_, err := tellDigests(c, st)
		return err
	})
}

// tellDigests prints the digest of a whole store, and answers each county's.
func tellDigests(c *cobra.Command, st *store.Store) ([]store.Digest, error) {
	list, err := st.Digests(c.Context())
	if err == nil {
		digest, n := store.Total(list)
		fmt.Fprintf(c.OutOrStdout(), "%s  %d 条\n", digest, n)
	}
	return list, err
}

// rebuildCommand builds a second database from the stream's beginning.
func (p *provincial) rebuildCommand() *cobra.Command {
	var into string
	c := p.command("rebuild", "从消息流的开头重建一个新数据库，并与现有的逐县比较", func(c *cobra.Command) error {
		return p.with(c, func(js jetstream.JetStream, old *store.Store) error {
			fresh, err := provinceStore(c.Context(), into)
			if err != nil {
				return err
			}
			defer fresh.Close()
			reader := &consume.Consumer{Store: fresh, JS: js, Tell: func(part int, err error) { fmt.Fprintf(c.ErrOrStderr(), "分区 %d：%v\n", part, err) }}
			if err := reader.CatchUp(c.Context()); err != nil {
				return err
			}
			return compare(c, old, fresh)
		})
	})
	c.Flags().StringVar(&into, "into", "", "存放新数据库(空库)地址的文件")
	return c
}

// compare holds two stores against each other, county by county.
func compare(c *cobra.Command, old, fresh *store.Store) error {
	was, err := tellDigests(c, old)
	if err != nil {
		return err
	}
	is, err := tellDigests(c, fresh)
	if err != nil {
		return err
	}
	same, differ, ahead := store.Compare(was, is)
	if len(differ) > 0 {
		return fmt.Errorf("重建的数据库与现有的不一致：%s。若比较时正有消息到达，请再运行一次；仍不一致的，以重建的为准", strings.Join(differ, "、"))
	}
	fmt.Fprintf(c.OutOrStdout(), "%d 个县一致。\n", same)
	if len(ahead) > 0 {
		fmt.Fprintf(c.OutOrStdout(), "%s：比较时又有新消息，没有比较，请再运行一次。\n", strings.Join(ahead, "、"))
	}
	return nil
}

// run reads until it is told to stop.
func (p *provincial) run(c *cobra.Command) error {
	if err := p.at.Check(); err != nil {
		return err
	}
	keys, err := provinceKeys(p.keys)
	if err != nil {
		return err
	}
	signer, err := wire.NewSigner(keys)
	if err != nil {
		return err
	}
	log := quiet()
	return p.with(c, func(js jetstream.JetStream, st *store.Store) error {
		reader := &consume.Consumer{Store: st, JS: js, Tell: func(part int, err error) {
			log.Warn("province: a partition is not read; it is tried again", "partition", part, "error", err)
		}}
		var running sync.WaitGroup
		defer running.Wait()
		ctx, cancel := context.WithCancel(c.Context())
		defer cancel()
		finder := &consume.Finder{Store: st, JS: js, Signer: signer, Random: rand.Reader, Now: time.Now, Tell: func(err error) { log.Warn("province: nothing is found or sent down; it is tried again", "error", err) }}
		courier := &consume.Courier{Store: st, JS: js, Signer: signer, Random: rand.Reader, Now: time.Now, Tell: func(err error) {
			log.Warn("province: words of counties to each other are not passed on; it is tried again", "error", err)
		}}
		running.Go(func() { reader.Run(ctx) })
		running.Go(func() { courier.Run(ctx) })
		running.Go(func() { finder.Run(ctx) })
		return listen(c, p.at, p.pages(js, st), "省级登记簿已启动")
	})
}

func databaseFlag(c *cobra.Command, file *string) {
	c.Flags().StringVar(file, "database", "", "存放数据库地址的文件：postgres://用户:密码@主机/数据库，只许运行服务的用户读取")
}

func listenFlags(c *cobra.Command, at *front.Config, addr, usage string) {
	c.Flags().StringVar(&at.Addr, "listen", addr, usage)
	c.Flags().StringVar(&at.Cert, "cert", "", "https 证书文件(PEM)")
	c.Flags().StringVar(&at.Key, "key", "", "https 私钥文件(PEM)")
}

// listen serves pages until the command is told to stop.
func listen(c *cobra.Command, at front.Config, pages http.Handler, started string) error {
	server := &http.Server{Handler: pages}
	l, err := front.Open(at, server, time.Now, nil)
	if err != nil {
		return err
	}
	fmt.Fprintf(c.OutOrStdout(), "%s：%s\n", started, at.Origin())
	defer context.AfterFunc(c.Context(), func() { _ = server.Close() })()
	if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

func provinceKeys(file string) (*wire.ProvinceKeys, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("--keys：不能读取省级密钥文件(用 doorstep province keys 生成)：%w", err)
	}
	return wire.ParseProvinceKeys(text)
}

// pages are for whoever looks after it: nobody's name is on them.
func (p *provincial) pages(js jetstream.JetStream, st *store.Store) http.Handler {
	metrics := health.NewMetrics()
	lags := func() ([]consume.Lag, error) {
		ctx, cancel := context.WithTimeout(context.Background(), gaugeTime)
		defer cancel()
		return consume.Lags(ctx, js, st, time.Now())
	}
	reading := func(name, help string, of func(consume.Lag) float64) health.Reading[[]consume.Lag] {
		return health.Reading[[]consume.Lag]{Name: name, Help: help, Of: func(list []consume.Lag) float64 {
			total := 0.0
			for _, l := range list {
				total += of(l)
			}
			return total
		}}
	}
	health.Look(metrics, lags,
		reading("province_lag", "Messages of all counties that are not in the store.", func(l consume.Lag) float64 { return float64(l.Waiting) }),
		reading("province_silent", "Counties that were not heard of for three days.", func(l consume.Lag) float64 { return truth(l.Silent) }),
		reading("province_counties", "Counties that ever published.", func(consume.Lag) float64 { return 1 }))
	metrics.Watch(health.Gauge{Name: "province_refused", Help: "Messages that were none, and are kept with the reason.", Ask: func() (map[string]float64, error) {
		ctx, cancel := context.WithTimeout(context.Background(), gaugeTime)
		defer cancel()
		n, err := st.Refused(ctx)
		return health.One(float64(n)), err
	}})
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", health.Alive)
	mux.Handle("GET /metrics", health.Private(metrics.Handler(), "", false))
	mux.Handle("GET /lag", health.Private(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		list, err := lags()
		if err == nil {
			err = consume.Count(r.Context(), st, list)
		}
		if err != nil {
			http.Error(w, "消息流或数据库暂时不可用", http.StatusServiceUnavailable)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(list)
	}), "", false))
	return mux
}

// provinceKeysCommand makes the province's keys, and what its counties are given.
func provinceKeysCommand() *cobra.Command {
	return &cobra.Command{Use: "keys 目录", Short: "生成省级密钥：province.keys 省里保管，county.keys 发给各县", Args: cobra.ExactArgs(1), RunE: func(c *cobra.Command, args []string) error {
		k, err := wire.NewKeys(rand.Reader)
		if err != nil {
			return err
		}
		county, err := k.County()
		if err != nil {
			return err
		}
		for name, keys := range map[string]any{"province.keys": k, "county.keys": county} {
			text, err := wire.Text(keys)
			if err != nil {
				return err
			}
			f, err := os.OpenFile(filepath.Join(args[0], name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
			if errors.Is(err, fs.ErrExist) {
				return fmt.Errorf("%s 中已有 %s：换了密钥，各县已上传的姓名和证件号就解不开了", args[0], name)
			}
			if err != nil {
				return err
			}
			_, err = f.Write(text)
			if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
				return err
			}
		}
		fmt.Fprintf(c.OutOrStdout(), "已生成 %s 中的 province.keys(省里保管，另存一份)和 county.keys(经可靠途径发给各县)。\n", args[0])
		return nil
	}}
}
