package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"doorstep/domain/region"
	"doorstep/register"
	"doorstep/sync/engine"
	"doorstep/tables"

	"github.com/spf13/cobra"
)

// importCommand takes lists in where no server runs on the directory: the first load
// above all. With a server, lists come over HTTP (docs/operations.md).
func importCommand() *cobra.Command {
	c := &cobra.Command{Use: "import", Short: "导入：首次导入花名册、救助记录，或部门名单比对(服务未运行时)"}
	c.AddCommand(importLoad(), importList(), importBack(), importSources())
	return c
}

// withLists opens the directory and closes it again.
func withLists(dir string, do func(o *opened, lists *register.Comparisons) error) error {
	o, err := open(dir)
	if err != nil {
		return err
	}
	defer o.close()
	if err := o.server.Lists.Recover(context.Background()); err != nil {
		return err
	}
	return do(o, o.server.Lists)
}

func incoming(path string) (register.Incoming, error) {
	file, err := os.Open(path)
	if err != nil {
		return register.Incoming{}, err
	}
	defer func() { _ = file.Close() }()
	hash := sha256.New()
	n, err := io.Copy(hash, io.LimitReader(file, tables.Default.FileBytes+1))
	return register.Incoming{Name: filepath.Base(path), Path: path, SHA256: hex.EncodeToString(hash.Sum(nil)), Bytes: n}, err
}

func importLoad() *cobra.Command {
	var dir, kind, as string
	var dry, skip bool
	c := &cobra.Command{Use: "load 文件", Short: "首次导入：行政区划(regions)、账号(accounts)、花名册(people)、救助发放记录(assistance)、近亲属备案(relatives)；同一条不会导入两次", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			in, err := incoming(args[0])
			if err != nil {
				return err
			}
			return withLists(dir, func(o *opened, lists *register.Comparisons) error {
				var r *register.LoadReport
				if !register.IsDeskLoad(kind) {
					r, err = lists.Load(c.Context(), engine.Server, kind, in, dry, skip)
				} else if by, e := o.accountOf(c.Context(), as); e != nil {
					return e
				} else {
					r, err = o.server.DeskLoads().Load(c.Context(), by, kind, in, dry, skip, "")
				}
				if err != nil {
					return err
				}
				return printLoad(c.OutOrStdout(), r)
			})
		}}
	c.Flags().StringVar(&dir, "dir", "doorstep_data", "数据目录")
	c.Flags().StringVar(&kind, "kind", "people", "文件种类：regions、accounts、people、assistance、relatives")
	c.Flags().StringVar(&as, "as", "", "以哪个账号(邮箱)的权限导入：regions、accounts、relatives 须指定县(市)账号")
	c.Flags().BoolVar(&dry, "dry-run", false, "只检查，不写入")
	c.Flags().BoolVar(&skip, "skip-bad", false, "有错的户整户略过，其余导入")
	return c
}

// accountOf is the account whose rights an import has, which keeps its hands off what is
// not that account's.
func (o *opened) accountOf(ctx context.Context, email string) (*engine.Account, error) {
	rec, err := o.app.FindAuthRecordByEmail("users", email)
	if err != nil {
		return nil, fmt.Errorf("没有账号 %q，请用 --as 指定县(市)账号的邮箱", email)
	}
	return o.server.Engine.Account(ctx, rec.Id)
}

func printLoad(w io.Writer, r *register.LoadReport) error {
	for _, f := range r.Faults {
		fmt.Fprintf(w, "第 %d 行\t%s\t%s (%s)\n", f.Line, f.Column, f.Reason, f.Code)
	}
	switch r.State {
	case "known":
		fmt.Fprintf(w, "这个文件已导入过，没有变化。批次 %s\n", r.Batch)
	case "dry":
		fmt.Fprintf(w, "检查完毕：%d 行，%d 行有错；没有写入。\n", r.Rows, r.Bad)
	case "failed":
		return fmt.Errorf("%d 行，%d 行有错；没有导入任何一行。请改正后重新导入，或加 --skip-bad 略过有错的户", r.Rows, r.Bad)
	default:
		fmt.Fprintf(w, "已导入：%d 行，略过 %d 行；新建 %v，补填 %d 项，与现有不同而未改 %d 项。批次 %s\n", r.Rows, r.Bad, r.Created, r.Filled, r.Differs, r.Batch)
	}
	return nil
}

func importList() *cobra.Command {
	var dir, faults string
	var in register.Incoming
	c := &cobra.Command{Use: "list 文件", Short: "部门名单比对：CSV(UTF-8、GB18030)或 xlsx", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			file, err := incoming(args[0])
			if err != nil {
				return err
			}
			file.Source, file.AsOf, file.Period = in.Source, in.AsOf, in.Period
			return withLists(dir, func(_ *opened, lists *register.Comparisons) error {
				b, err := lists.Take(c.Context(), engine.Server, file)
				if err != nil {
					return err
				}
				fmt.Fprintf(c.OutOrStdout(), "批次 %s：%s，%d 行，%d 行有错；%v\n", b.ID, b.State, b.Rows, b.Bad, b.Counts)
				if b.State == "failed" {
					return errors.New(b.Error)
				}
				if b.Bad == 0 || faults == "" {
					return nil
				}
				out, err := os.OpenFile(faults, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
				if err != nil {
					return err
				}
				return errors.Join(lists.Faults(c.Context(), b, out), out.Close())
			})
		}}
	c.Flags().StringVar(&dir, "dir", "doorstep_data", "数据目录")
	c.Flags().StringVar(&in.Source, "source", "", "数据源，见 import sources")
	c.Flags().StringVar(&in.AsOf, "as-of", time.Now().Format(time.DateOnly), "名单说的是哪一天的情况")
	c.Flags().StringVar(&in.Period, "period", "", "所属期，如 2026-06")
	c.Flags().StringVar(&faults, "faults", "", "把有错的行另存为这个 CSV 文件，改好后可直接再导入")
	return c
}

func importBack() *cobra.Command {
	var dir, reason, as string
	c := &cobra.Command{Use: "withdraw 批次", Short: "撤回一次导入及其引起的一切", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return withLists(dir, func(o *opened, lists *register.Comparisons) error {
				b, err := lists.Batch(c.Context(), args[0])
				if err != nil {
					return err
				}
				kept := 0
				if !register.IsDeskLoad(b.Kind) {
					kept, err = lists.TakeAnyBack(c.Context(), engine.Server, args[0], reason, "")
				} else if by, e := o.accountOf(c.Context(), as); e != nil {
					return e
				} else {
					kept, err = o.server.DeskLoads().TakeBack(c.Context(), by, b.ID, reason, "")
				}
				if err == nil {
					fmt.Fprintf(c.OutOrStdout(), "已撤回。已有后续工作、正在使用而保留的：%d。\n", kept)
				}
				return err
			})
		}}
	c.Flags().StringVar(&dir, "dir", "doorstep_data", "数据目录")
	c.Flags().StringVar(&reason, "reason", "", "原因")
	c.Flags().StringVar(&as, "as", "", "以哪个账号(邮箱)的权限撤回：regions、accounts、relatives 的批次须指定")
	_ = c.MarkFlagRequired("reason")
	return c
}

func importSources() *cobra.Command {
	var dir string
	c := &cobra.Command{Use: "sources", Short: "数据源台账：部门、共享频次、最近收到、是否逾期", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return withLists(dir, func(_ *opened, lists *register.Comparisons) error {
				all, err := lists.Sources(c.Context())
				for _, s := range all {
					fmt.Fprintf(c.OutOrStdout(), "%s\t%s\t%s\t每 %d 天\t最近 %s\t逾期 %d 天\n", s.Code, s.Label, s.Department, s.Days, s.LastReceived, s.OverdueDays)
				}
				return err
			})
		}}
	c.Flags().StringVar(&dir, "dir", "doorstep_data", "数据目录")
	return c
}

// exportCommand writes visit results and changes as a list for the provincial platform.
func exportCommand() *cobra.Command {
	var dir, since string
	c := &cobra.Command{Use: "export 种类 文件", Short: "导出走访结果和变化(visits、status_changes、followups、households、members)为 CSV 或 xlsx", Args: cobra.ExactArgs(2),
		RunE: func(c *cobra.Command, args []string) error {
			return withLists(dir, func(o *opened, _ *register.Comparisons) error {
				out, err := os.OpenFile(args[1], os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
				if err != nil {
					return err
				}
				write := tables.NewCSV
				if filepath.Ext(args[1]) == ".xlsx" {
					write = tables.NewXLSX
				}
				w, err := write(out)
				if err != nil {
					return errors.Join(err, out.Close())
				}
				n, err := register.Export(c.Context(), o.server.Engine, everything, args[0], since, "", w)
				if err == nil {
					fmt.Fprintf(c.OutOrStdout(), "已导出 %d 条到 %s；文件含证件号码，请妥善保管。\n", n, args[1])
				}
				return errors.Join(err, out.Close())
			})
		}}
	c.Flags().StringVar(&dir, "dir", "doorstep_data", "数据目录")
	c.Flags().StringVar(&since, "since", "", "只要这一天以来改动的，如 2026-06-01")
	return c
}

// everything is who runs a command on the server's own directory: the whole county.
var everything = &engine.Account{ID: "server", Name: "系统", Grants: []engine.Grant{{Kind: engine.GrantArea, Value: region.County}}}
