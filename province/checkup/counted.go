package checkup

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"doorstep/province/sums"
)

// cause is why a county cannot be counted, by how it begins, and what to do.
type cause struct{ begins, word, do string }

var causes = []cause{
	{sums.TooLong, "五分钟没有统计完", doBusy},
	{sums.CutOff, "统计时数据库断开", doBusy},
	{"22", "有数字超出范围", doNumber}, // SQLSTATE: data exception
	{"53", "数据库的磁盘、内存或连接不够", doBusy},
	{"57", "数据库停止或重启", doBusy},
	{"", "数据库报错", doReport},
}

// counted: each county's figures can be counted, as far as anybody tried.
func counted(ctx context.Context, v *visit) line {
	if !v.ready {
		return good(textNotLooked)
	}
	list, err := sums.Standings(ctx, v.st.Pool, "")
	if err != nil {
		return bad(fail, doDatabase, "%v", err)
	}
	var failing, dos []string
	for _, s := range list {
		if s.Failing.IsZero() {
			continue
		}
		c := causes[slices.IndexFunc(causes, func(c cause) bool { return strings.HasPrefix(s.Cause, c.begins) })]
		failing = append(failing, fmt.Sprintf(textFailing, s.County, s.Failing.Local().Format("2006-01-02 15:04"), c.word, s.Cause))
		if !slices.Contains(dos, c.do) {
			dos = append(dos, c.do)
		}
	}
	if len(failing) > 0 {
		return bad(warn, strings.Join(dos, "；"), textUncountable, len(failing), counties(failing))
	}
	return good(textCountable)
}
