package main

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"time"

	"doorstep/sync/atrest"

	"github.com/spf13/cobra"
)

// keysCommand looks after the keys that seal what lies on the disk
// (docs/decisions/0046). Only retire opens the database.
func keysCommand() *cobra.Command {
	var p place
	path := func() string { return filepath.Join(p.dir, atrest.File) }
	c := &cobra.Command{Use: "keys", Short: "查看和管理静态加密密钥(身份证号、操作记录、照片)", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return tellKeys(c.OutOrStdout(), path()) }}
	c.PersistentFlags().StringVar(&p.dir, "dir", "doorstep_data", "数据目录")
	step := func(use, short string, args cobra.PositionalArgs, run func(c *cobra.Command, args []string) error) *cobra.Command {
		s := &cobra.Command{Use: use, Short: short, Args: args, RunE: run}
		c.AddCommand(s)
		return s
	}
	step("copy 文件", "把密钥复制到另一个位置(如加密U盘)，交专人保管", cobra.ExactArgs(1), func(c *cobra.Command, args []string) error {
		if err := atrest.Copy(path(), args[0]); err != nil {
			return err
		}
		fmt.Fprintf(c.OutOrStdout(), "密钥已复制到 %s。请与备份分开保管；丢失全部密钥后，已加密的内容无法恢复。\n", args[0])
		return nil
	})
	step("move 文件", "把密钥移出数据目录，备份从此不含密钥(请先停止服务)", cobra.ExactArgs(1), func(c *cobra.Command, args []string) error {
		if err := atrest.Move(path(), args[0]); err != nil {
			return err
		}
		fmt.Fprintf(c.OutOrStdout(), "密钥已移到 %s，数据目录中只留下指向它的链接。此后的备份不含密钥，恢复备份时需要它，请另行保管一份副本。\n", args[0])
		return nil
	})
	var cipher string
	var blind bool
	rotate := step("rotate", "启用新密钥；服务运行时一分钟内生效，旧内容在后台逐步改用新密钥", cobra.NoArgs, func(c *cobra.Command, _ []string) error {
		if err := atrest.Rotate(path(), cipher, blind, time.Now()); err != nil {
			return err
		}
		fmt.Fprintln(c.OutOrStdout(), "新密钥已启用。请立即重新保管一份副本(doorstep keys copy)；旧密钥在改写完成前仍需保留。")
		return tellKeys(c.OutOrStdout(), path())
	})
	rotate.Flags().StringVar(&cipher, "cipher", atrest.Ciphers[0], "加密算法："+strings.Join(atrest.Ciphers, "、"))
	rotate.Flags().BoolVar(&blind, "blind", false, "同时更换查询身份证号用的索引密钥")
	step("retire", "移除已不再使用的旧密钥(请先停止服务；旧备份需要旧密钥，请先确认不再恢复它们)", cobra.NoArgs, func(c *cobra.Command, _ []string) error {
		o, err := open(p.dir)
		if err != nil {
			return err
		}
		defer o.close()
		n, err := o.server.Engine.Reseal(c.Context(), 0)
		if err != nil {
			return err
		}
		files, err := o.server.Photos.Reseal(c.Context(), 0)
		if err != nil {
			return err
		}
		taken, err := atrest.Retire(path())
		if err != nil {
			return err
		}
		fmt.Fprintf(c.OutOrStdout(), "改写了 %d 条记录和 %d 个照片文件，移除了 %d 把旧密钥。\n", n, files, taken)
		return tellKeys(c.OutOrStdout(), path())
	})
	return c
}

func tellKeys(out io.Writer, path string) error {
	sealing, blind, signing, err := atrest.Describe(path)
	if err != nil {
		return err
	}
	if to, linked := atrest.Linked(path); linked {
		fmt.Fprintf(out, "密钥文件：%s(不在数据目录中，备份不含密钥)\n", to)
	} else {
		fmt.Fprintf(out, "密钥文件：%s(在数据目录中，备份含密钥；可用 doorstep keys move 移出)\n", path)
	}
	for _, sort := range []struct {
		what string
		list []atrest.Described
	}{{"加密", sealing}, {"索引", blind}, {"签名", signing}} {
		for i, k := range sort.list {
			state := "旧"
			if i == len(sort.list)-1 {
				state = "使用中"
			}
			fmt.Fprintf(out, "%s  %s  %s  %s  %s\n", sort.what, k.ID, k.Cipher, k.Made, state)
		}
	}
	return nil
}
