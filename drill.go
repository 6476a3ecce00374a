package main

import (
	"fmt"
	"os"
	"time"

	"doorstep/backup"
	"doorstep/sync/engine"

	"github.com/spf13/cobra"
)

func drillCommand() *cobra.Command {
	var b backups
	d := backup.Drill{Now: time.Now}
	c := &cobra.Command{Use: "drill", Short: "恢复演练：在副本上备份、恢复、启动、校验，报告用时和平板将补回什么(服务运行时也可执行，不改动任何数据)", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) (err error) {
			if b.address != "" {
				if d.Place, err = b.place(); err != nil {
					return err
				}
			}
			d.Begin = func(stage string, m *backup.Manifest, used int64) (int64, error) {
				return beginEpoch(c.Context(), stage, "drill of "+m.Name, used)
			}
			d.Open = func(dir string) (engine.Report, error) {
				o, err := open(dir)
				if err != nil {
					return engine.Report{}, err
				}
				defer o.close()
				return o.server.Engine.Verify(c.Context())
			}
			done, err := d.Run(c.Context())
			if err != nil {
				return err
			}
			fmt.Fprintln(c.OutOrStdout(), done)
			return nil
		}}
	c.Flags().StringVar(&d.DataDir, "dir", "doorstep_data", "数据目录")
	c.Flags().StringVar(&d.Name, "name", "", "备份名称，默认取最新的一份")
	c.Flags().StringVar(&d.Work, "work", os.TempDir(), "演练用的临时位置，须容得下数据库和照片")
	b.at(c, "from")
	return c
}
