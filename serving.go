package main

import (
	"fmt"
	"os"
	"slices"

	"doorstep/config"
	"doorstep/health"
	"doorstep/interop"
	"doorstep/sync/engine"

	"github.com/spf13/cobra"
)

// rootCommand is the whole command line. Before a command runs, its flags that were
// not given are set from the configuration; the commands of an invented county have
// none.
func rootCommand() *cobra.Command {
	root := &cobra.Command{Use: "doorstep", Short: "Doorstep · 铁脚板：社会救助入户走访系统", Version: version, SilenceUsage: true, SilenceErrors: true}
	var from configured
	root.PersistentFlags().StringVar(&from.file, "config", "", "配置文件(TOML)；不指定时依次看 "+config.FileVariable+" 和 "+config.DefaultFile)
	root.PersistentPreRunE = func(c *cobra.Command, _ []string) (err error) {
		if slices.Contains(invented, c.Name()) {
			return nil
		}
		from.origins, err = config.Apply(config.Sources{File: from.file, Environ: os.Environ()}, c.Name(), c.Flags())
		if c.Name() == "doctor" { // which tells of it among the rest
			from.fault, err = err, nil
		}
		return err
	}
	root.AddCommand(serveCommand(), configCommand(&from), doctorCommand(&from), demoCommand(), accountCommand(), verifyCommand(), auditCommand(), keysCommand(), monitorCommand(), archiveCommand(), backupCommand(), restoreCommand(), drillCommand(), importCommand(), exportCommand(), simulateCommand(), provinceCommand())
	return root
}

// invented are the commands that work on invented people in a folder of their own.
var invented = []string{"demo", "simulate-county", "help", "completion"}

// configured is what was read before the command ran.
type configured struct {
	file    string
	origins map[string]config.Origin
	fault   error
}

// serving is everything that a server is told.
type serving struct {
	place
	secondFactor string
	auditTo      string
	interop      string // the senders' file; "": no other office's system may ask
	backups      backups
	operation    operation
	upward       upward
}

// secondFactorTown asks towns and above for a second factor.
const secondFactorTown = "town"

func (s *serving) flags(c *cobra.Command) {
	s.place.flags(c)
	c.Flags().StringVar(&s.secondFactor, "second-factor", "", "")
	c.Flags().StringVar(&s.auditTo, "audit-export", "", "")
	c.Flags().StringVar(&s.interop, "interop", "", "")
	s.backups.scheduleFlags(c)
	s.operation.flags(c)
	s.upward.flags(c)
	config.Describe(c.Flags())
}

// check is of what can be known to be wrong before the start.
func (s *serving) check() error {
	if s.interop != "" {
		if err := interop.Check(s.interop); err != nil {
			return err
		}
	}
	if err := s.front().Check(); err != nil {
		return err
	}
	if _, err := s.upward.check(); err != nil || s.backups.address == "" {
		return err
	}
	_, err := s.backups.place()
	return err
}

func serveCommand() *cobra.Command {
	var s serving
	c := &cobra.Command{Use: "serve", Short: "启动服务(正式使用：无演示数据，无默认账号)", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return s.run(c) }}
	s.flags(c)
	return c
}

// run serves until the command is told to stop.
func (s *serving) run(c *cobra.Command) error {
	if err := s.check(); err != nil {
		return err
	}
	token, err := s.operation.token()
	if err != nil {
		return err
	}
	disk, metrics := s.operation.disk(s.dir), health.NewMetrics()
	o, err := openWith(s.dir, engine.Config{Full: disk.Full, Committed: metrics.Committed}, s.operation.log())
	if err != nil {
		return err
	}
	defer o.close()
	fmt.Fprintf(c.OutOrStdout(), "Doorstep 已启动：%s  数据目录：%s\n", s.at.Origin(), s.dir)
	end, err := s.backups.schedule(c, o, s.dir)
	if err != nil {
		return err
	}
	defer end()
	o.server.SecondFactor = s.secondFactor == secondFactorTown
	o.server.Address = s.address
	if err := s.openInterop(c, o); err != nil {
		return err
	}
	o.server.AuditTo = s.auditTo
	watched := watch(o, disk, metrics, token)
	parted, err := s.upward.start(c.Context(), o, metrics)
	if err != nil {
		return err
	}
	defer parted()
	return o.serve(c.Context(), s.front(), s.operation.stopWithin, watched)
}

// openInterop lets other offices' systems ask, where the county wants it.
func (s *serving) openInterop(c *cobra.Command, o *opened) error {
	if s.interop == "" {
		return nil
	}
	desk, err := o.server.OpenInterop(s.interop, s.dir)
	if err != nil {
		return err
	}
	fmt.Fprintf(c.OutOrStdout(), "外单位系统查询接口已开放：%d 个单位，本机标识 %s，公钥(ed25519，k1) %s\n", desk.Senders(), desk.ID(), desk.Public())
	return nil
}

// configCommand prints what a server that started now would go by.
func configCommand(from *configured) *cobra.Command {
	var s serving
	c := &cobra.Command{Use: "config", Short: "检查配置并打印生效的值(密钥不显示)", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if err := s.check(); err != nil {
				return err
			}
			if _, err := s.operation.token(); err != nil {
				return err
			}
			return config.Print(c.OutOrStdout(), c.Flags(), from.origins)
		}}
	s.flags(c)
	return c
}
