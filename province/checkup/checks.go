package checkup

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"strings"
	"time"

	"doorstep/doctor/finding"
	"doorstep/province/consume"
	"doorstep/province/looks"
	"doorstep/province/wire"
)

type line = finding.Finding

var (
	good = finding.Good
	bad  = finding.Bad
)

const (
	warn = finding.Warn
	fail = finding.Fail
)

func version(context.Context, *visit) line { return good(textVersion, runtime.Version()) }

func keys(_ context.Context, v *visit) line {
	if v.noKeys != nil {
		return bad(fail, doKeys, "%v", v.noKeys)
	}
	if info, err := os.Stat(v.Keys); err == nil && info.Mode().Perm()&0o077 != 0 {
		return bad(fail, fmt.Sprintf(doChmod, v.Keys), textKeysOpen, v.Keys, info.Mode().Perm())
	}
	return good(textKeys, v.Keys)
}

func database(ctx context.Context, v *visit) line {
	if v.noStore != nil {
		return bad(fail, doDatabase, "%v", v.noStore)
	}
	done, known, err := v.st.Schema(ctx)
	switch {
	case err != nil:
		return bad(fail, doDatabase, "%v", err)
	case done == 0:
		return bad(warn, doEmpty, textEmpty)
	case done < known:
		return bad(warn, doSteps, textSteps, known-done)
	case done > known:
		return bad(fail, doNewer, textNewer, done, known)
	}
	return good(textDatabase, done)
}

// envelopes: the keys open what each county seals, and find it by its number.
func envelopes(ctx context.Context, v *visit) line {
	if v.opener == nil || !v.ready {
		return good(textNotLooked)
	}
	list, err := v.st.SealedOnes(ctx)
	if err != nil {
		return bad(fail, doDatabase, "%v", err)
	}
	var strange []string
	for i := range list {
		r := &list[i]
		values, err := v.opener.Open(r.County, r.Type, r.Record, r.Sealed)
		if number, _ := values["id_number"].(string); err != nil || v.opener.Blind(number) != r.Blind {
			strange = append(strange, r.County)
		}
	}
	if len(strange) > 0 {
		return bad(fail, doEnvelopes, textEnvelopes, len(strange), counties(strange))
	}
	return good(textOpens, len(list))
}

func servers(_ context.Context, v *visit) line {
	if v.noStream != nil {
		return bad(fail, doServers, "%v", v.noStream)
	}
	took, err := v.conn.RTT()
	if err != nil {
		return bad(fail, doServers, "%v", err)
	}
	return good(textServers, v.conn.ConnectedServerName(), len(v.conn.Servers()), took.Round(time.Microsecond*10))
}

func up(_ context.Context, v *visit) line   { return stream(v, 0) }
func down(_ context.Context, v *visit) line { return stream(v, 1) }

func stream(v *visit, i int) line {
	if v.noStream != nil {
		return good(textNotLooked)
	}
	switch s := v.states[i]; {
	case s.Gone:
		return bad(fail, doNoStream, textNoStream, s.Name)
	case len(s.Differs) > 0:
		return bad(fail, doDiffers, "%s：%s", s.Name, strings.Join(s.Differs, "；"))
	case len(s.Behind) > 0:
		return bad(warn, doBehind, textBehind, s.Name, strings.Join(s.Behind, "、"))
	default:
		return good(textStream, s.Name, s.Stored, float64(s.Bytes)/(1<<30), s.Copies)
	}
}

// slack is how far apart the machines' clocks may be: deadlines go by days.
const slack = 2 * time.Minute

func clock(ctx context.Context, v *visit) line {
	now := v.Now()
	apart := func(of string, at time.Time) (line, bool) {
		if d := at.Sub(now).Abs(); d > slack {
			return bad(fail, doClock, textClock, of, d.Round(time.Second)), true
		}
		return line{}, false
	}
	if v.noStore == nil {
		at, err := v.st.Clock(ctx)
		if err != nil {
			return bad(fail, doDatabase, "%v", err)
		}
		if l, far := apart("数据库", at); far {
			return l
		}
	}
	if v.noStream == nil && !v.states[0].Gone {
		if l, far := apart("消息服务器", v.states[0].Clock); far {
			return l
		}
	}
	return good(textClockOK, now.Format(time.DateTime), slack)
}

func readers(ctx context.Context, v *visit) line {
	if !v.ready {
		return good(textNotLooked)
	}
	held, err := v.st.Held(ctx, wire.Partitions)
	switch {
	case err != nil:
		return bad(fail, doDatabase, "%v", err)
	case held == 0:
		return bad(fail, doRun, textNoReader)
	case held < wire.Partitions:
		return bad(warn, doSomeHeld, textSomeHeld, held, wire.Partitions)
	}
	return good(textHeld, held)
}

// muchBehind is what the readers take in within some seconds.
const muchBehind = 50_000

func lag(_ context.Context, v *visit) line {
	if v.lags == nil && v.noLags == nil {
		return good(textNotLooked)
	}
	if v.noLags != nil {
		return bad(fail, doServers, "%v", v.noLags)
	}
	var all uint64
	worst := consume.Lag{}
	for _, l := range v.lags {
		if all += l.Waiting; l.Waiting > worst.Waiting {
			worst = l
		}
	}
	if all > muchBehind {
		return bad(warn, doLag, textLag, all, worst.County, worst.Waiting)
	}
	return good(textLagOK, len(v.lags), all)
}

func whole(_ context.Context, v *visit) line {
	var part []string
	for _, l := range v.lags {
		if !l.Whole {
			part = append(part, l.County)
		}
	}
	if len(part) > 0 {
		return bad(warn, doPart, textPart, len(part), counties(part))
	}
	return good(textWhole, len(v.lags))
}

func silent(_ context.Context, v *visit) line {
	var list []string
	for _, l := range v.lags {
		if l.Silent {
			heard := "从未"
			if !l.Heard.IsZero() {
				heard = l.Heard.Local().Format(time.DateOnly)
			}
			list = append(list, fmt.Sprintf("%s(%s)", l.County, heard))
		}
	}
	if len(list) > 0 {
		return bad(warn, doSilent, textSilent, len(list), counties(list))
	}
	return good(textNoneSilent)
}

// reasons is what to do about a message that was refused, by the words that refuse it
// (wire.Decode, store.Apply).
var reasons = []struct{ has, word, do string }{
	{"a term that never began", "县里说的上传批次这里没有开头", doNoTerm},
	{"no message:", "不是本系统的消息", doNoMessage},
	{"a message of county", "用别县的账号发来，或县代码不符", doForeign},
	{"is no subject of ours", "主题或版本不对", doNoMessage},
	{"of kind", "消息种类不认识", doNewerCounty},
	{"a record of type", "记录种类不认识，或与主题不符", doNewerCounty},
	{"under ", "内容与主题不符", doForeign},
	{"bytes", "超过单条上限", doNoMessage},
	{"without values", "记录没有内容", doNoMessage},
}

// mostReasons are told.
const mostReasons = 5

func refused(ctx context.Context, v *visit) line {
	if !v.ready {
		return good(textNotLooked)
	}
	list, err := v.st.Refusals(ctx, mostReasons)
	if err != nil {
		return bad(fail, doDatabase, "%v", err)
	}
	if len(list) == 0 {
		return good(textNoneRefused)
	}
	var texts, dos []string
	for _, r := range list {
		word, do := r.Reason, doReport
		for _, known := range reasons {
			if strings.Contains(r.Reason, known.has) {
				word, do = known.word, known.do
				break
			}
		}
		county, _, _ := wire.CountyOf(r.Subject)
		texts = append(texts, fmt.Sprintf(textRefused, word, r.Count, county, r.Last.Local().Format("2006-01-02 15:04")))
		if !strings.Contains(strings.Join(dos, "；"), do) {
			dos = append(dos, do)
		}
	}
	return bad(warn, strings.Join(dos, "；"), "%s", strings.Join(texts, "；"))
}

// overdue is how long a finding may wait: the finder looks twice a second.
const overdue = 10 * time.Minute

func findings(ctx context.Context, v *visit) line {
	if !v.ready {
		return good(textNotLooked)
	}
	n, err := v.st.Overdue(ctx, v.Now().Add(-overdue))
	switch {
	case err != nil:
		return bad(fail, doDatabase, "%v", err)
	case n > 0:
		return bad(warn, doUnsent, textUnsent, n)
	}
	return good(textSent)
}

// looked: the log of who looked at people is as it was entered.
func looked(ctx context.Context, v *visit) line {
	if v.noStore != nil {
		return good(textNotLooked)
	}
	s, err := looks.Check(ctx, v.st.Pool)
	switch {
	case errors.Is(err, looks.ErrNone):
		return good(textNoLooks)
	case err != nil:
		return bad(fail, doDatabase, "%v", err)
	case !s.Whole():
		return bad(fail, doLooks, "%s", s)
	}
	return good("%s", s)
}
