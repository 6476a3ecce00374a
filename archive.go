package main

import (
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"
)

// archiveCommand packs the bodies of old ops and gives the space back. It needs the
// directory for itself: only a database that is written anew gets smaller.
func archiveCommand() *cobra.Command {
	var p place
	days := 730
	c := &cobra.Command{Use: "archive", Short: "归档旧操作记录的内容并压缩数据库(需先停止服务)", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if days < 1 {
				return fmt.Errorf("--days 至少为 1")
			}
			o, err := open(p.dir)
			if err != nil {
				return err
			}
			defer o.close()
			before, err := databaseBytes(p.dir)
			if err != nil {
				return err
			}
			moved, err := o.server.Engine.Archive(c.Context(), time.Duration(days)*24*time.Hour)
			if err != nil {
				return fmt.Errorf("已归档 %d 条，随后出错(已归档的内容完好，可重新执行)：%w", moved, err)
			}
			for _, sql := range []string{"VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"} {
				if _, err := o.app.NonconcurrentDB().NewQuery(sql).Execute(); err != nil {
					return fmt.Errorf("已归档 %d 条，数据库文件未能缩小(需要与数据库同样大小的空闲空间)：%w", moved, err)
				}
			}
			after, err := databaseBytes(p.dir)
			if err != nil {
				return err
			}
			fmt.Fprintf(c.OutOrStdout(), "已归档 %d 条操作记录的内容，数据库由 %.1f MB 变为 %.1f MB。\n", moved, float64(before)/1e6, float64(after)/1e6)
			return nil
		}}
	c.Flags().StringVar(&p.dir, "dir", "doorstep_data", "数据目录")
	c.Flags().IntVar(&days, "days", days, "归档多少天以前的记录(只归档备份已确认、且没有待办事项的)")
	return c
}

func databaseBytes(dir string) (n int64, err error) {
	for _, name := range []string{"data.db", "data.db-wal"} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err == nil {
			n += info.Size()
		} else if name == "data.db" {
			return 0, err
		}
	}
	return n, nil
}
