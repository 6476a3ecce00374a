package bench

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"testing"
	"time"

	"doorstep/hooks"
	_ "doorstep/migrations"
	"doorstep/register"
	"doorstep/sync/engine"
	"doorstep/sync/wire"

	"github.com/go-json-experiment/json"
	"github.com/pocketbase/pocketbase/core"
)

const (
	village  = "370281102200"
	password = "Bench-2026-visit"
)

// county is a data directory opened in this process: to fill it before the real
// binary serves it, and to look into it afterwards.
type county struct {
	b       *testing.B
	dir     string
	app     core.App
	engine  *engine.Engine
	monitor *register.Monitor
}

func openCounty(b *testing.B, dir string) *county { return openBy(b, dir, register.Rules(), nil) }

// openBy opens it with other rules, and another clock.
func openBy(b *testing.B, dir string, rules []engine.Rule, now func() time.Time) *county {
	b.Helper()
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: dir, DBConnect: engine.Connect})
	must(b, app.Bootstrap())
	must(b, app.RunAllMigrations())
	server, err := hooks.Open(app, engine.Config{Rules: rules, Now: now}, nil)
	must(b, err)
	return &county{b: b, dir: dir, app: app, engine: server.Engine, monitor: server.Monitor}
}

func (c *county) close() {
	c.engine.Close()
	must(c.b, c.app.ResetBootstrapState())
}

func must(b *testing.B, err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

// account is a signed-in person: the token was issued beforehand.
type account struct{ id, token string }

// account makes an account of an office that sees these areas.
func (c *county) account(name, role, office string, areas ...string) account {
	c.b.Helper()
	_, err := register.SetAccount(context.Background(), c.app, c.engine, register.NewAccount{Email: name + "@bench.test", Name: name,
		Role: role, Office: office, Areas: areas, Password: password})
	must(c.b, err)
	r, err := c.app.FindAuthRecordByEmail("users", name+"@bench.test")
	must(c.b, err)
	token, err := r.NewAuthToken()
	must(c.b, err)
	return account{r.Id, token}
}

// workers makes n accounts of one village.
func (c *county) workers(n int, area string) []account {
	out := make([]account, n)
	for i := range out {
		out[i] = c.account(fmt.Sprintf("worker%d-%s", i, area), "worker", area, area)
	}
	return out
}

// device registers a tablet.
func (c *county) device(a account) wire.Registered {
	c.b.Helper()
	by, err := c.engine.Account(context.Background(), a.id)
	must(c.b, err)
	d, err := c.engine.Register(context.Background(), by, wire.Register{Name: "bench"}, "bench")
	must(c.b, err)
	return d
}

// push takes a request's body through the engine, without HTTP.
func (c *county) push(a account, body []byte) *wire.PushAnswer {
	c.b.Helper()
	var p wire.Push
	must(c.b, json.Unmarshal(body, &p))
	ops := make([]*wire.Op, len(p.Ops))
	for i := range p.Ops {
		op, err := wire.DecodeOp(p.Ops[i], i)
		must(c.b, err)
		ops[i] = op
	}
	by, err := c.engine.Account(context.Background(), a.id)
	must(c.b, err)
	out, err := c.engine.Push(context.Background(), by, &p, ops, "bench")
	must(c.b, err)
	return out
}

// briefBodies are the same requests as our own client sends them: the answer is
// to be brief, and an op does not say again when its id was made (docs/protocol.md, C.11).
func briefBodies(b *testing.B, d wire.Registered, ops []op, size int) [][]byte {
	b.Helper()
	ops = slices.Clone(ops)
	for i := range ops {
		if ops[i].At != wire.TimeOf(ops[i].ID) {
			b.Fatalf("the time of %s is not %s", ops[i].ID, ops[i].At)
		}
		ops[i].At = ""
	}
	return envelopes(b, map[string]any{"device": d.Device, "epoch": d.Epoch, "schema": 1, "clock": "2026-11-23T02:00:00.000Z", "brief": true}, ops, size)
}

// bodies are the requests that hand in ops, so many at a time.
func bodies(b *testing.B, d wire.Registered, ops []op, size int) [][]byte {
	b.Helper()
	return envelopes(b, map[string]any{"device": d.Device, "epoch": d.Epoch, "schema": 1, "clock": "2026-11-23T02:00:00.000Z"}, ops, size)
}

func envelopes(b *testing.B, envelope map[string]any, ops []op, size int) [][]byte {
	b.Helper()
	var out [][]byte
	for batch := range slices.Chunk(ops, size) {
		envelope["ops"] = batch
		out = append(out, text(b, envelope))
	}
	return out
}

func packed(b *testing.B, body []byte) []byte {
	b.Helper()
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	_, err := z.Write(body)
	must(b, err)
	must(b, z.Close())
	return out.Bytes()
}

// remote is Doorstep over HTTP, with the bytes of the bodies counted.
type remote struct {
	url      string
	brief    bool // asks for pages without what their lines say anyhow
	http     *http.Client
	up, down int64
}

func newRemote(url string) *remote {
	return &remote{url: url, http: &http.Client{Transport: &http.Transport{DisableCompression: true, MaxIdleConnsPerHost: 64}}}
}

// call sends one request, its body packed already, and unpacks the answer.
func (r *remote) call(b *testing.B, token, method, path string, body []byte, into any) {
	b.Helper()
	req, err := http.NewRequest(method, r.url+path, bytes.NewReader(body))
	must(b, err)
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("Accept-Encoding", "gzip")
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Content-Encoding", "gzip")
	}
	res, err := r.http.Do(req)
	must(b, err)
	defer func() { _ = res.Body.Close() }()
	raw, err := io.ReadAll(res.Body)
	must(b, err)
	r.up, r.down = r.up+int64(len(body)), r.down+int64(len(raw))
	if res.Header.Get("Content-Encoding") == "gzip" {
		z, err := gzip.NewReader(bytes.NewReader(raw))
		must(b, err)
		raw, err = io.ReadAll(z)
		must(b, err)
	}
	if res.StatusCode != http.StatusOK {
		b.Fatalf("%s %s: %d %s", method, path, res.StatusCode, raw)
	}
	if into != nil {
		must(b, json.Unmarshal(raw, into))
	}
}

// push hands in requests that were packed before, and counts the outcomes.
func (r *remote) push(b *testing.B, token string, requests [][]byte) map[string]int {
	b.Helper()
	counts := map[string]int{}
	for _, body := range requests {
		var a wire.PushAnswer
		r.call(b, token, "POST", "/api/sync/v1/push", body, &a)
		for _, res := range a.Results {
			counts[res.Outcome]++
		}
		for _, run := range a.Applied {
			counts["applied"] += int(run.Count)
		}
	}
	return counts
}

// pull reads the feed to its end and answers the revisions of what came.
func (r *remote) pull(b *testing.B, token, device string) map[string]int64 {
	b.Helper()
	revs, cursor, how := map[string]int64{}, "", ""
	if r.brief {
		how = "brief=1&"
	}
	for {
		var a wire.PullAnswer
		r.call(b, token, "GET", "/api/sync/v1/pull?"+how+"limit=1000&device="+device+"&cursor="+cursor, nil, &a)
		for _, c := range a.Changes {
			revs[c.ID] = cmp.Or(c.Rev, c.Seq)
		}
		if cursor = a.Cursor; !a.More {
			return revs
		}
	}
}
