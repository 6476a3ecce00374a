// Package checkup looks at a province from outside, running or not: the keys, the
// database, the stream, who reads it, its counties. A line for each thing, with what to
// do; it changes nothing, and names nobody.
package checkup

import (
	"context"
	"os"
	"strings"
	"time"

	"doorstep/doctor/finding"
	"doorstep/province/consume"
	"doorstep/province/store"
	"doorstep/province/streams"
	"doorstep/province/wire"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// Patient is the province as it is told to its commands.
type Patient struct {
	Version  string
	Keys     string        // the file
	Database string        // an address
	Where    streams.Where // the stream
	Replicas int
	Now      func() time.Time
}

// visit is one examination, with what was opened for it.
type visit struct {
	Patient
	st     *store.Store
	conn   *nats.Conn
	js     jetstream.JetStream
	opener *wire.Opener
	ready  bool // the database has its tables

	noKeys, noStore, noStream error

	states []streams.State
	lags   []consume.Lag
	noLags error
}

// connectTime bounds the looking.
const connectTime = 5 * time.Second

// check is a row of the table.
type check struct {
	name string
	ask  func(context.Context, *visit) finding.Finding
}

// checks in the order in which one looks: what is needed for the next comes first.
var checks = []check{
	{"版本", version}, {"密钥", keys}, {"数据库", database}, {"密钥与数据", envelopes}, {"消息服务器", servers}, {"上传消息流", up}, {"下发消息流", down}, {"时钟", clock},
	{"接收程序", readers}, {"入库进度", lag}, {"首次上传", whole}, {"失联的县", silent}, {"拒收的消息", refused}, {"数字统计", counted}, {"待下发的提示", findings}, {"查询记录", looked},
}

// Examine asks everything.
func Examine(ctx context.Context, p Patient) []finding.Finding {
	v := &visit{Patient: p}
	defer v.close()
	v.open(ctx)
	out := make([]finding.Finding, len(checks))
	for i, c := range checks {
		out[i] = c.ask(ctx, v)
		out[i].Check = c.name
	}
	return out
}

func (v *visit) open(ctx context.Context) {
	text, err := os.ReadFile(v.Keys)
	if err == nil {
		var k *wire.ProvinceKeys
		if k, err = wire.ParseProvinceKeys(text); err == nil {
			v.opener, err = wire.NewOpener(k)
		}
	}
	v.noKeys = err
	connecting, cancel := context.WithTimeout(ctx, connectTime)
	defer cancel()
	if v.st, v.noStore = store.Look(connecting, v.Database); v.noStore == nil {
		done, known, err := v.st.Schema(connecting)
		v.ready, v.noStore = done >= known, err
	}
	if v.conn, v.js, v.noStream = streams.Dial(v.Where); v.noStream == nil {
		v.noStream = streams.Connected(connecting, v.conn)
	}
	if v.noStream != nil {
		return
	}
	if v.states, v.noStream = streams.Examine(connecting, v.js, streams.Setup{Replicas: v.Replicas}); v.noStream == nil && v.ready && !v.states[0].Gone {
		v.lags, v.noLags = consume.Lags(connecting, v.js, v.st, v.Now())
	}
}

func (v *visit) close() {
	if v.conn != nil {
		v.conn.Close()
	}
	if v.st != nil {
		v.st.Close()
	}
}

// counties lists some of them, so that a line stays one.
func counties(list []string) string {
	const most = 12
	if len(list) > most {
		return strings.Join(list[:most], "、") + " 等"
	}
	return strings.Join(list, "、")
}
