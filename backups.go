package main

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"doorstep/backup"
	"doorstep/config"
	"doorstep/sync/engine"

	"github.com/spf13/cobra"
)

// backups is where and how often backups are made, as flags.
type backups struct {
	address string // a folder, or s3://…
	options backup.Options
	every   time.Duration
}

// at says where backups are; its words are those of the configuration's table.
func (b *backups) at(c *cobra.Command, name string) {
	c.Flags().StringVar(&b.address, name, "", config.Find("backup").For)
	c.Flags().StringVar(&b.options.KeysFile, "s3-keys", "", config.Find("s3-keys").For)
}

func (b *backups) flags(c *cobra.Command, name string) {
	b.at(c, name)
	c.Flags().IntVar(&b.options.Keep, "backup-keep", 48, "保留最近多少份备份")
	c.Flags().BoolVar(&b.options.SameVolume, "same-volume", false, "允许备份目录与数据目录在同一块磁盘(仅限试用)")
}

// place is where the backups are kept.
func (b *backups) place() (backup.Place, error) {
	b.options.Now = time.Now
	return backup.Open(b.address, b.options)
}

func (b *backups) scheduleFlags(c *cobra.Command) {
	b.flags(c, "backup")
	c.Flags().DurationVar(&b.every, "backup-every", 0, "")
}

// schedule makes backups beside a running server, where a place for them is given;
// what it answers ends that and waits for it.
func (b *backups) schedule(c *cobra.Command, o *opened, dir string) (end func(), err error) {
	if b.address == "" {
		return func() {}, nil
	}
	place, err := b.place()
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(c.Context())
	var done sync.WaitGroup
	done.Go(func() {
		backup.Schedule(ctx, place, dir, max(b.every, time.Second), o.server.Engine, func(m *backup.Manifest, err error) {
			if err != nil {
				o.app.Logger().Error("backup: it failed", "error", err)
				fmt.Fprintf(c.ErrOrStderr(), "备份失败：%v\n", err)
				return
			}
			o.app.Logger().Info("backup: done", "name", m.Name, "seq", m.Seq, "photos", m.Photos.Count, "copied", m.Photos.Copied)
		})
	})
	return func() { cancel(); done.Wait() }, nil
}

func backupCommand() *cobra.Command {
	var p place
	var b backups
	c := &cobra.Command{Use: "backup", Short: "备份数据库与照片并校验(服务运行时也可执行)", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			place, err := b.place()
			if err != nil {
				return err
			}
			m, err := place.Make(c.Context(), p.dir)
			if err != nil {
				return err
			}
			fmt.Fprintf(c.OutOrStdout(), "备份已完成并通过校验：%s  序号 %d  操作 %d 条  照片 %d 张(本次新增 %d 张)\n", m.Name, m.Seq, m.Ops, m.Photos.Count, m.Photos.Copied)
			o, err := open(p.dir)
			if engine.IsTaken(err) {
				fmt.Fprintln(c.OutOrStdout(), "服务正在运行：以同一 --backup 地址启动的服务会在一分钟内确认这份备份，平板才会清理已上传的数据。")
				return nil
			}
			if err != nil {
				return err
			}
			defer o.close()
			return place.Vouch(c.Context(), o.server.Engine)
		}}
	c.Flags().StringVar(&p.dir, "dir", "doorstep_data", "数据目录")
	b.flags(c, "to")
	_ = c.MarkFlagRequired("to")
	return c
}

func restoreCommand() *cobra.Command {
	var p place
	var name, database string
	var replace bool
	var b backups
	c := &cobra.Command{Use: "restore", Short: "从备份恢复(需先停止服务)", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			place, err := b.place()
			if err != nil {
				return err
			}
			if database != "" {
				place = backup.With(place, database, func(shas []string) {
					fmt.Fprintf(c.ErrOrStderr(), "注意：%d 张照片在这份备份之后才收到，备份和数据目录中都没有，这些照片将无法打开：\n  %s\n", len(shas), strings.Join(shas, "\n  "))
				})
			}
			unlock, err := engine.LockDir(p.dir)
			if err != nil {
				return err
			}
			defer unlock()
			m, away, err := backup.Restore(c.Context(), place, name, p.dir, replace, time.Now(), func(stage string, m *backup.Manifest, used int64) (int64, error) {
				return beginEpoch(c.Context(), stage, "restore of "+m.Name, used)
			})
			if err != nil {
				return err
			}
			fmt.Fprintf(c.OutOrStdout(), "已恢复备份 %s(制作于 %s，序号 %d，操作 %d 条，照片 %d 张)。\n", m.Name, m.Made, m.Seq, m.Ops, m.Photos.Count)
			fmt.Fprintln(c.OutOrStdout(), "已开始新的历史：平板下次联网时会自动重新提交备份之后的记录；平板上已不存在的记录会标为“遗失”，可在控制台查看。")
			if replace {
				fmt.Fprintf(c.OutOrStdout(), "原来的数据库(如有)保存在 %s，确认无误后可自行删除。\n", away)
			}
			return nil
		}}
	c.Flags().StringVar(&p.dir, "dir", "doorstep_data", "数据目录")
	b.at(c, "from")
	c.Flags().StringVar(&name, "name", "", "备份名称，默认取最新的一份")
	c.Flags().StringVar(&database, "database", "", "用这个更新的数据库代替备份中的(Litestream 恢复出来的文件)，照片和密钥仍取自备份")
	c.Flags().BoolVar(&replace, "replace", false, "替换数据目录中已有的数据库(原数据库会移到一旁)")
	_ = c.MarkFlagRequired("from")
	return c
}

// beginEpoch opens a restored database beside the data, begins its new epoch above
// the seqs that are used, with the journalled revocations applied, and leaves all of
// it in the database file. It answers the new counter.
func beginEpoch(ctx context.Context, stage, why string, used int64) (int64, error) {
	app := newApp(stage)
	if err := bootstrap(app); err != nil {
		return 0, err
	}
	defer func() { _ = app.ResetBootstrapState() }()
	e, err := engine.New(app, engine.Config{})
	if err != nil {
		return 0, err
	}
	defer e.Close()
	if err := e.NewEpoch(ctx, why, used); err != nil {
		return 0, err
	}
	_, err = app.NonconcurrentDB().NewQuery("PRAGMA wal_checkpoint(TRUNCATE)").Execute()
	return e.Status().Seq, err
}
