package main

import (
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"doorstep/config"
	"doorstep/domain/idnumber"
	"doorstep/front"
	"doorstep/health"
	"doorstep/interop"
	"doorstep/province/search"
	"doorstep/province/wire"

	"github.com/google/uuid"
	"github.com/spf13/cobra"
)

// provinceSearch is what the province's answering of other offices' systems is told. It is
// a process of its own: without it nobody may ask.
type provinceSearch struct {
	database string
	senders  string
	keys     string // province.keys
	own      string // by which answers are signed
	at       front.Config
}

var errNoSenders = errors.New("请用 --interop 指定查询单位文件(TOML)：哪些系统、凭哪把公钥、为什么用途、可查哪些信息")

func provinceSearchCommand() *cobra.Command {
	var p provinceSearch
	c := &cobra.Command{Use: "search", Short: "外单位系统查询接口(DCI)：凭签名查询全省登记簿，每次查询先记录再回答", Args: cobra.NoArgs, RunE: func(c *cobra.Command, _ []string) error { return p.run(c) }}
	databaseFlag(c, &p.database)
	c.Flags().StringVar(&p.senders, "interop", "", "")
	c.Flags().StringVar(&p.keys, "keys", "province.keys", "省级密钥文件 province.keys：凭它按证件号查找、解开姓名和证件号")
	c.Flags().StringVar(&p.own, "signing-key", interop.KeyFile, "本接口的签名密钥文件；首次启动时生成，请另存一份")
	listenFlags(c, &p.at, "127.0.0.1:8093", "监听地址；没有证书时只能是本机地址")
	config.Describe(c.Flags())
	return c
}

func (p *provinceSearch) run(c *cobra.Command) error {
	if p.senders == "" {
		return errNoSenders
	}
	if err := p.at.Check(); err != nil {
		return err
	}
	keys, err := provinceKeys(p.keys)
	if err != nil {
		return err
	}
	opener, err := wire.NewOpener(keys)
	if err != nil {
		return err
	}
	st, err := provinceStore(c.Context(), p.database)
	if err != nil {
		return err
	}
	defer st.Close()
	register := &search.Register{Store: st, Opener: opener, Now: time.Now}
	desk, err := interop.Open(interop.Config{Senders: p.senders, KeyFile: p.own, Register: register, Now: time.Now, NewID: uuid.NewString, Mask: idnumber.Mask, Random: rand.Reader, Lacks: search.Lacks})
	if err != nil {
		return err
	}
	if err := search.Open(c.Context(), register); err != nil {
		return err
	}
	log := quiet()
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", health.Alive)
	mux.HandleFunc(interop.Path, func(w http.ResponseWriter, r *http.Request) {
		origin, _, _ := net.SplitHostPort(r.RemoteAddr)
		desk.Serve(w, r, origin, func(err error) { log.Error("province: a search", "error", err) })
	})
	return listen(c, p.at, mux, fmt.Sprintf("外单位系统查询接口已开放：%d 个单位，本机标识 %s，公钥(ed25519，k1) %s", desk.Senders(), desk.ID(), desk.Public()))
}
