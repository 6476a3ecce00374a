package main

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"doorstep/config"
	"doorstep/doctor/finding"
	"doorstep/province/checkup"
	"doorstep/province/relay"
	"doorstep/province/streams"
	"doorstep/province/wire"

	"github.com/spf13/cobra"
)

// provinceCheckCommand looks at the province from outside. It ends with 0 (well), 1
// (something to look at) or 2 (something is broken), as `doorstep doctor` does.
func provinceCheckCommand() *cobra.Command {
	var p provincial
	var asJSON bool
	c := &cobra.Command{Use: "check", Short: "省级自检：密钥、数据库、消息流、接收进度、拒收、失联的县，逐项说明是否正常、该怎么办", Args: cobra.NoArgs, RunE: func(c *cobra.Command, _ []string) error {
		address, err := os.ReadFile(p.database)
		if err != nil {
			return fmt.Errorf("--database：不能读取存放数据库地址的文件：%w", err)
		}
		p.where.Name = "province"
		return tellFindings(c, checkup.Examine(c.Context(), checkup.Patient{Version: version, Keys: p.keys, Database: strings.TrimSpace(string(address)), Where: p.where, Replicas: p.replicas, Now: time.Now}), asJSON)
	}}
	streamFlags(c, &p.where)
	databaseFlag(c, &p.database)
	config.Describe(c.Flags())
	c.Flags().StringVar(&p.keys, "keys", "province.keys", "省级密钥文件 province.keys")
	c.Flags().IntVar(&p.replicas, "replicas", 3, "每条消息应存几份")
	c.Flags().BoolVar(&asJSON, "json", false, "以 JSON 输出，供程序读取")
	return c
}

// What the county's doctor says of its province.
const (
	textProvince     = "已连接 %s，%s还有 %d 条未上传，最近一次被收下 %s"
	textProvinceAway = "%s 内连不上省级消息服务器：%v"
	textProvinceLate = "连接正常，但有 %d 条等了 %s 还没有被收下"
	textOverreaches  = "本县账号能读到下发给别县的内容"
	doProvinceAway   = "检查网络、province-servers 和账号文件；连不上时本县照常工作，恢复后自动补传"
	doProvinceLate   = "确认 doorstep serve 在运行，查看日志中 province: 开头的行；仍不动时联系省级管理员(doorstep province check)"
	doOverreaches    = "请省级管理员按 docs/province.md 收紧消息服务器上本县账号的权限"
)

// provinceTime bounds the doctor's look at the province; lateAfter is how long what is new
// may wait while the servers answer.
const (
	provinceTime = 5 * time.Second
	lateAfter    = 30 * time.Minute
)

// examine says whether the province is reached, and how far the county is behind.
func (u *upward) examine(ctx context.Context, dir string, now time.Time) finding.Finding {
	ctx, cancel := context.WithTimeout(ctx, provinceTime)
	defer cancel()
	away := func(err error) finding.Finding {
		return finding.Bad(finding.Warn, doProvinceAway, textProvinceAway, provinceTime, err)
	}
	conn, js, err := streams.Dial(u.where)
	if err != nil {
		return away(err)
	}
	defer conn.Close()
	if err := streams.Connected(ctx, conn); err != nil {
		return away(err)
	}
	if _, err := streams.Identity(ctx, js, wire.Register); err != nil {
		return away(err)
	}
	over, err := streams.Overreaches(ctx, js, u.county)
	if err != nil {
		return away(err)
	}
	if over {
		return finding.Bad(finding.Fail, doOverreaches, textOverreaches)
	}
	p, err := relay.Beside(ctx, dir)
	if err != nil {
		return finding.Bad(finding.Warn, doProvinceLate, "%v", err)
	}
	acked, first := "(从未)", ""
	if !p.Acked.IsZero() {
		acked = p.Acked.In(now.Location()).Format("2006-01-02 15:04")
	}
	if !p.Whole {
		first = "第一遍还没有传完，"
	}
	if wait := now.Sub(p.Acked); p.Waiting > 0 && wait > lateAfter {
		return finding.Bad(finding.Warn, doProvinceLate, textProvinceLate, p.Waiting, map[bool]string{true: "很久", false: wait.Round(time.Minute).String()}[p.Acked.IsZero()])
	}
	return finding.Good(textProvince, conn.ConnectedServerName(), first, p.Waiting, acked)
}
