package main

import (
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"doorstep/register"
	"doorstep/sync/atrest"
	"doorstep/sync/engine"

	"github.com/spf13/cobra"
)

// auditCommand takes the audit log out, month by month, signed, and checks what was taken
// out (docs/decisions/0052). Checking needs no database: it runs on any computer.
func auditCommand() *cobra.Command {
	c := &cobra.Command{Use: "audit", Short: "审计日志：按月导出并签名，校验导出的文件"}
	c.AddCommand(auditExportCommand(), auditVerifyCommand(), auditKeyCommand())
	return c
}

func auditExportCommand() *cobra.Command {
	var p place
	var month, out string
	c := &cobra.Command{Use: "export", Short: "导出一个月的审计日志并签名(需先停止服务；运行中的服务按 audit-export 每月自动导出)", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			o, err := open(p.dir)
			if err != nil {
				return err
			}
			defer o.close()
			made, err := (&register.Auditing{Engine: o.server.Engine}).Export(c.Context(), engine.Server, "command", month, out)
			if err != nil {
				return err
			}
			fmt.Fprintf(c.OutOrStdout(), "已导出 %s：%d 条 → %s，签名 %s%s。\n", made.Month, made.Lines, made.Path, filepath.Base(made.Path), register.AuditSigned)
			return tellSigningKey(c, p.dir)
		}}
	c.Flags().StringVar(&p.dir, "dir", "doorstep_data", "数据目录")
	c.Flags().StringVar(&month, "month", "", "月份，如 2026-10")
	c.Flags().StringVar(&out, "out", "", "导出到哪个目录")
	_ = c.MarkFlagRequired("month")
	_ = c.MarkFlagRequired("out")
	return c
}

func auditVerifyCommand() *cobra.Command {
	var key string
	c := &cobra.Command{Use: "verify 文件...", Short: "校验导出的审计日志：签名、哈希链、各月是否首尾相接(任何电脑上都可执行)", Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, files []string) error {
			proofs, err := register.ProveAudit(files, key)
			if err != nil {
				return err
			}
			bad := 0
			for _, p := range proofs {
				if len(p.Faults) == 0 {
					fmt.Fprintf(c.OutOrStdout(), "完好  %s  %s  %d 条，签名有效，链完整\n", p.Month, p.Path, p.Lines)
					continue
				}
				bad++
				for _, fault := range p.Faults {
					fmt.Fprintf(c.OutOrStdout(), "有问题  %s  %s  %s\n", p.Month, p.Path, fault)
				}
			}
			if key == "" {
				fmt.Fprintln(c.OutOrStdout(), "公钥取自文件旁边，请将指纹与另行保管的核对：")
			}
			for _, fingerprint := range fingerprints(proofs) {
				fmt.Fprintf(c.OutOrStdout(), "公钥指纹 %s\n", fingerprint)
			}
			if bad > 0 {
				return fmt.Errorf("%d 个文件没有通过校验", bad)
			}
			return nil
		}}
	c.Flags().StringVar(&key, "key", "", "另行保管的公钥文件(PEM)；不指定则用文件旁边的")
	return c
}

func fingerprints(proofs []register.AuditProof) (out []string) {
	for _, p := range proofs {
		if p.Fingerprint != "" && !slices.Contains(out, p.Fingerprint) {
			out = append(out, p.Fingerprint)
		}
	}
	return out
}

func auditKeyCommand() *cobra.Command {
	var p place
	c := &cobra.Command{Use: "key", Short: "打印校验签名用的公钥和指纹(请另行保管)", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return tellSigningKey(c, p.dir) }}
	c.Flags().StringVar(&p.dir, "dir", "doorstep_data", "数据目录")
	return c
}

func tellSigningKey(c *cobra.Command, dir string) error {
	signer, err := atrest.SigningKey(filepath.Join(dir, atrest.File), time.Now())
	if err != nil {
		return err
	}
	text, err := signer.Public()
	if err != nil {
		return err
	}
	public, err := atrest.ParsePublic(text)
	if err != nil {
		return err
	}
	fingerprint, err := public.Fingerprint()
	if err != nil {
		return err
	}
	fmt.Fprintf(c.OutOrStdout(), "签名公钥(国密 SM2，密钥 %s)，指纹 %s：\n%s", signer.ID, fingerprint, text)
	return nil
}
