package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"doorstep/demo"
	"doorstep/domain/access"
	"doorstep/front"
	"doorstep/life"
	"doorstep/register"

	"github.com/spf13/cobra"
)

// place is where a command works.
type place struct {
	dir     string
	at      front.Config
	address string
}

func (p *place) flags(c *cobra.Command) {
	c.Flags().StringVar(&p.dir, "dir", "", "")
	c.Flags().StringVar(&p.at.Addr, "http", "", "")
	c.Flags().StringVar(&p.at.Cert, "cert", "", "")
	c.Flags().StringVar(&p.at.Key, "key", "", "")
	c.Flags().StringVar(&p.at.ACME.Names, "acme", "", "")
	c.Flags().BoolVar(&p.at.ACME.Terms, "acme-terms", false, "")
	c.Flags().StringVar(&p.at.ACME.Mail, "acme-mail", "", "")
	c.Flags().StringVar(&p.at.ACME.Directory, "acme-directory", "", "")
	c.Flags().StringVar(&p.at.ACME.Account, "acme-account", "", "")
	c.Flags().StringVar(&p.at.ACME.CA, "acme-ca", "", "")
	c.Flags().StringVar(&p.at.ACME.Cache, "acme-cache", "", "")
	c.Flags().BoolVar(&p.at.BehindProxy, "behind-proxy", false, "")
	c.Flags().StringVar(&p.address, "address", "", "")
}

// front is where the server listens, with what follows from the other values.
func (p *place) front() front.Config {
	at := p.at
	if at.ACME.Cache == "" {
		at.ACME.Cache = filepath.Join(p.dir, "acme")
	}
	return at
}

func demoCommand() *cobra.Command {
	return demo.Command(func(dir string) (*demo.Site, error) {
		o, err := open(dir)
		if err != nil {
			return nil, err
		}
		office := demo.Office{App: o.app, Engine: o.server.Engine, Photos: o.server.Photos}
		return &demo.Site{Office: office, Serve: func(ctx context.Context, addr string) error {
			return o.serve(ctx, front.Config{Addr: addr}, demoStop, o.demoWatch(dir))
		}, Close: o.close}, nil
	}, time.Now)
}

func simulateCommand() *cobra.Command {
	return life.Command(func(dir string, now func() time.Time) (*life.Site, error) {
		o, err := openAt(dir, now)
		if err != nil {
			return nil, err
		}
		return &life.Site{App: o.app, Engine: o.server.Engine, Monitor: o.server.Monitor, Lists: o.server.Lists, Close: o.close}, nil
	}, time.Now)
}

func accountCommand() *cobra.Command {
	var p place
	var a register.NewAccount
	c := &cobra.Command{Use: "account", Short: "新建或修改账号(第一个管理员也由此建立)", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			o, err := open(p.dir)
			if err != nil {
				return err
			}
			defer o.close()
			password, err := register.SetAccount(c.Context(), o.app, o.server.Engine, a)
			if err != nil {
				return err
			}
			fmt.Fprintf(c.OutOrStdout(), "账号 %s 已保存。", a.Email)
			if password != "" {
				fmt.Fprintf(c.OutOrStdout(), "初始密码：%s", password)
			}
			fmt.Fprintln(c.OutOrStdout())
			return nil
		}}
	c.Flags().StringVar(&p.dir, "dir", "doorstep_data", "数据目录")
	c.Flags().StringVar(&a.Email, "email", "", "登录邮箱")
	c.Flags().StringVar(&a.Name, "name", "", "姓名")
	c.Flags().StringVar(&a.Role, "role", "", "角色：worker、social、town、county、department、auditor、data、admin")
	c.Flags().StringVar(&a.Office, "office", "", "所属地区代码(村12位、镇9位、县6位)")
	c.Flags().StringVar(&a.Department, "department", "", "部门账号所属部门："+strings.Join(access.Departments(), "、"))
	c.Flags().StringSliceVar(&a.Areas, "area", nil, "管辖地区代码，可多个")
	c.Flags().BoolVar(&a.Disabled, "disabled", false, "停用账号")
	c.Flags().BoolVar(&a.ResetPassword, "reset-password", false, "重置密码(本人登录后须先改成自己的密码)")
	c.Flags().BoolVar(&a.DropFactor, "drop-factor", false, "解除动态口令(手机和恢复码都没有时)")
	return c
}

func verifyCommand() *cobra.Command {
	var p place
	c := &cobra.Command{Use: "verify", Short: "校验操作日志与审计日志的哈希链", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			o, err := open(p.dir)
			if err != nil {
				return err
			}
			defer o.close()
			report, err := o.server.Engine.Verify(c.Context())
			if err != nil {
				return err
			}
			fmt.Fprintln(c.OutOrStdout(), report)
			return nil
		}}
	c.Flags().StringVar(&p.dir, "dir", "doorstep_data", "数据目录")
	return c
}

func monitorCommand() *cobra.Command {
	var p place
	c := &cobra.Command{Use: "monitor", Short: "立即执行一轮动态监测(平时每日凌晨自动执行；需先停止服务)", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			o, err := open(p.dir)
			if err != nil {
				return err
			}
			defer o.close()
			r, err := o.server.Monitor.Run(c.Context(), "命令")
			if err != nil {
				return err
			}
			fmt.Fprintf(c.OutOrStdout(), "监测完成：%d 户，新增预警 %d 条，补充依据 %d 条，自动办结 %d 条，提醒 %d 条，逾期上提 %d 条。\n",
				r.Households, r.Raised, r.Joined, r.Cleared, r.Reminded, r.Escalated)
			return nil
		}}
	c.Flags().StringVar(&p.dir, "dir", "doorstep_data", "数据目录")
	return c
}
