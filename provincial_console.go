package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"doorstep/front"
	"doorstep/province/consume"
	"doorstep/province/desk"
	"doorstep/province/store"
	"doorstep/province/streams"
	"doorstep/province/wire"

	"github.com/spf13/cobra"
)

// provinceConsole is what the province's console is told. It is a process of its own,
// beside those that read the stream: it can stand where the province's people reach it.
type provinceConsole struct {
	where    streams.Where
	database string
	keys     string // province.keys; "": nobody is shown by name
	names    string // a file with the places' names
	factor   string // who must have a second factor
	at       front.Config
}

func provinceConsoleCommand() *cobra.Command {
	var p provinceConsole
	c := &cobra.Command{Use: "console", Short: "省级平台网页：各市县数字、失联、逾期；查看个人须写明用途", Args: cobra.NoArgs, RunE: func(c *cobra.Command, _ []string) error { return p.run(c) }}
	databaseFlag(c, &p.database)
	streamFlags(c, &p.where)
	c.Flags().StringVar(&p.keys, "keys", "", "省级密钥文件 province.keys；不设则不能查看个人")
	c.Flags().StringVar(&p.names, "names", "", "各市县名称文件(JSON，代码对名称)；不设则显示代码")
	c.Flags().StringVar(&p.factor, "second-factor", string(desk.FactorOff), "动态口令：off 自愿绑定，persons 能查人、管账号、看查询记录的必须绑定(建议)，all 都必须绑定")
	listenFlags(c, &p.at, "127.0.0.1:8092", "监听地址；没有证书时只能是本机地址")
	return c
}

// provinceAccountCommand keeps accounts of the console from the server itself: the first
// of those who keep them is made by it.
func provinceAccountCommand() *cobra.Command {
	var p provinceConsole
	var fullName, role string
	var disable, dropFactor bool
	c := &cobra.Command{Use: "account 账号", Short: "省级平台账号：新建、重置密码，或停用(--disable)、解除动态口令(--drop-factor)", Args: cobra.ExactArgs(1), RunE: func(c *cobra.Command, args []string) error {
		return p.with(c.Context(), func(d *desk.Desk, _ *store.Store) error {
			switch {
			case disable:
				_, err := d.Change(c.Context(), desk.Command, args[0], desk.Shut, "")
				return err
			case dropFactor:
				_, err := d.Change(c.Context(), desk.Command, args[0], desk.DropFactor, "")
				return err
			}
			password, err := d.SetAccount(c.Context(), desk.Command, args[0], fullName, role)
			if err == nil {
				fmt.Fprintf(c.OutOrStdout(), "账号 %s 的密码：%s\n只显示这一次，请当面交给本人。\n", args[0], password)
			}
			return err
		})
	}}
	databaseFlag(c, &p.database)
	c.Flags().StringVar(&fullName, "full-name", "", "使用人姓名")
	c.Flags().StringVar(&role, "role", "figures", "角色：figures 看数字，inquiry 查人，auditor 审计，keeper 管账号")
	c.Flags().BoolVar(&disable, "disable", false, "停用账号，并立即结束其登录")
	c.Flags().BoolVar(&dropFactor, "drop-factor", false, "解除动态口令(手机丢失时)，并立即结束其登录")
	return c
}

var (
	errFactor     = errors.New("--second-factor 须为 off、persons 或 all")
	errFactorKeys = errors.New("要求动态口令时须用 --keys 指定 province.keys：动态口令的密钥凭它加密")
)

// with opens the desk for the time of fn.
func (p *provinceConsole) with(ctx context.Context, fn func(*desk.Desk, *store.Store) error) error {
	st, err := provinceStore(ctx, p.database)
	if err != nil {
		return err
	}
	defer st.Close()
	log := quiet()
	c := desk.Config{Store: st, Now: time.Now, Fault: func(err error) { log.Error("province: the console", "error", err) }}
	if p.keys != "" {
		keys, err := provinceKeys(p.keys)
		if err != nil {
			return err
		}
		if c.Opener, err = wire.NewOpener(keys); err != nil {
			return err
		}
		c.FactorKey = keys.Private
	}
	switch c.SecondFactor = desk.SecondFactor(p.factor); {
	case c.SecondFactor != "" && c.SecondFactor != desk.FactorOff && c.SecondFactor != desk.FactorPersons && c.SecondFactor != desk.FactorAll:
		return errFactor
	case p.keys == "" && c.SecondFactor != "" && c.SecondFactor != desk.FactorOff:
		return errFactorKeys
	}
	if p.names != "" {
		text, err := os.ReadFile(p.names)
		if err == nil {
			c.Names, err = desk.ParseNames(text)
		}
		if err != nil {
			return fmt.Errorf("--names：名称文件应为 JSON，例如 {\"370281\": \"胶州市\"}：%w", err)
		}
	}
	if p.where.Servers != "" {
		p.where.Name = "province"
		conn, js, err := streams.Dial(p.where)
		if err != nil {
			return err
		}
		defer conn.Close()
		c.Waiting = consume.Waiting(js, st, gaugeTime)
	}
	d, err := desk.Open(ctx, c)
	if err != nil {
		return err
	}
	return fn(d, st)
}

func (p *provinceConsole) run(c *cobra.Command) error {
	if err := p.at.Check(); err != nil {
		return err
	}
	return p.with(c.Context(), func(d *desk.Desk, _ *store.Store) error {
		counting, stop := context.WithCancel(c.Context())
		var counter sync.WaitGroup
		counter.Go(func() { d.Count(counting) })
		defer counter.Wait()
		defer stop()
		return listen(c, p.at, d.Handler(), "省级平台已启动")
	})
}
