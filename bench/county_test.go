package bench

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"doorstep/domain/indicator"
	"doorstep/hooks"
	_ "doorstep/migrations"
	"doorstep/register"
	"doorstep/sync/engine"

	"github.com/go-json-experiment/json"
	"github.com/google/uuid"
	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
)

const (
	village  = "370281102200"
	password = "Bench-2026-visit"
)

// county is the real server on a fresh directory.
type county struct {
	url    string
	app    core.App
	engine *engine.Engine
	client *http.Client
}

func newCounty(b *testing.B) *county {
	b.Helper()
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: b.TempDir(), DBConnect: engine.Connect})
	must(b, app.Bootstrap())
	must(b, app.RunAllMigrations())
	rules := []engine.Rule{&register.Warnings{Params: indicator.Defaults()}}
	server, err := hooks.Open(app, engine.Config{Rules: rules}, nil)
	must(b, err)
	for _, name := range []string{"worker", "worker2"} {
		_, err := register.SetAccount(context.Background(), app, server.Engine, register.NewAccount{Email: name + "@bench.test", Name: name,
			Role: "worker", Office: village, Areas: []string{village}, Password: password})
		must(b, err)
	}
	router, err := apis.NewRouter(app)
	must(b, err)
	event := &core.ServeEvent{App: app, Router: router}
	server.Bind(event)
	mux, err := router.BuildMux()
	must(b, err)
	web := httptest.NewServer(mux)
	b.Cleanup(func() {
		web.Close()
		server.Engine.Close()
		_ = app.ResetBootstrapState()
	})
	return &county{url: web.URL, app: app, engine: server.Engine, client: &http.Client{Transport: &http.Transport{DisableCompression: true, MaxIdleConnsPerHost: 64}}}
}

func must(b *testing.B, err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

func (c *county) workerID(b *testing.B) string {
	r, err := c.app.FindAuthRecordByEmail("users", "worker@bench.test")
	must(b, err)
	return r.Id
}

// client is one signed-in tablet that counts its bytes.
type client struct {
	b        *testing.B
	c        *county
	token    string
	device   string
	epoch    string
	n        int64
	up, down int64
}

func (c *county) signIn(b *testing.B, name string) *client {
	b.Helper()
	cl := &client{b: b, c: c, n: 1}
	var in struct {
		Token string `json:"token"`
	}
	cl.json("POST", "/api/collections/users/auth-with-password", map[string]string{"identity": name + "@bench.test", "password": password}, &in)
	cl.token = in.Token
	var dev struct {
		Device string `json:"device"`
		Epoch  string `json:"epoch"`
	}
	cl.json("POST", "/api/sync/v1/devices", map[string]string{"name": "bench"}, &dev)
	cl.device, cl.epoch, cl.up, cl.down = dev.Device, dev.Epoch, 0, 0
	return cl
}

func (cl *client) json(method, path string, body, into any) {
	cl.b.Helper()
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	if body != nil {
		must(cl.b, json.MarshalWrite(z, body))
	}
	must(cl.b, z.Close())
	var r io.Reader
	if body != nil {
		cl.up += int64(packed.Len())
		r = &packed
	}
	req, err := http.NewRequest(method, cl.c.url+path, r)
	must(cl.b, err)
	req.Header.Set("Accept-Encoding", "gzip")
	if cl.token == "" && body != nil { // PocketBase's own sign-in takes plain JSON
		plain, err := json.Marshal(body)
		must(cl.b, err)
		req, err = http.NewRequest(method, cl.c.url+path, bytes.NewReader(plain))
		must(cl.b, err)
	} else if body != nil {
		req.Header.Set("Content-Encoding", "gzip")
	}
	req.Header.Set("Content-Type", "application/json")
	if cl.token != "" {
		req.Header.Set("Authorization", "Bearer "+cl.token)
	}
	res, err := cl.c.client.Do(req)
	must(cl.b, err)
	defer func() { _ = res.Body.Close() }()
	raw, err := io.ReadAll(res.Body)
	must(cl.b, err)
	cl.down += int64(len(raw))
	if res.StatusCode != http.StatusOK {
		cl.b.Fatalf("%s %s: %d %s", method, path, res.StatusCode, raw)
	}
	if res.Header.Get("Content-Encoding") == "gzip" {
		z, err := gzip.NewReader(bytes.NewReader(raw))
		must(cl.b, err)
		raw, err = io.ReadAll(z)
		must(cl.b, err)
	}
	if into != nil {
		must(cl.b, json.Unmarshal(raw, into))
	}
}

type answer struct {
	Results []struct {
		Outcome string `json:"outcome"`
	} `json:"results"`
	Changes []struct {
		ID string `json:"id"`
	} `json:"changes"`
	Cursor string `json:"cursor"`
	More   bool   `json:"more"`
}

// push hands in ops in batches of 500 and fails on any that is not applied.
func (cl *client) push(ops []map[string]any) {
	cl.b.Helper()
	for len(ops) > 0 {
		n := min(500, len(ops))
		var a answer
		cl.json("POST", "/api/sync/v1/push", map[string]any{"device": cl.device, "epoch": cl.epoch, "schema": 1, "clock": time.Now().UTC().Format(time.RFC3339), "ops": ops[:n]}, &a)
		if len(a.Results) != n {
			cl.b.Fatalf("%d of %d answered", len(a.Results), n)
		}
		for _, r := range a.Results {
			if r.Outcome != "applied" && r.Outcome != "merged" && r.Outcome != "conflict" {
				cl.b.Fatalf("outcome %s", r.Outcome)
			}
		}
		ops = ops[n:]
	}
}

// pull reads the feed to its end and answers how many changes came.
func (cl *client) pull() int {
	cl.b.Helper()
	total, cursor := 0, ""
	for {
		var a answer
		cl.json("GET", "/api/sync/v1/pull?limit=1000&device="+cl.device+"&cursor="+cursor, nil, &a)
		total += len(a.Changes)
		if cursor = a.Cursor; !a.More {
			return total
		}
	}
}

// households are creates of about 520 bytes of values each, in Chinese.
func (cl *client) households(n int, seed uint64) []map[string]any {
	r := rand.New(rand.NewPCG(seed, 7))
	pick := func(s []string) string { return s[r.IntN(len(s))] }
	surnames, given := []string{"王", "李", "张", "刘", "陈", "杨", "赵", "黄"}, []string{"建国", "秀英", "桂兰", "志强", "玉梅", "福生", "春花", "德全"}
	ops := make([]map[string]any, n)
	for i := range ops {
		text := ""
		for range 6 {
			text += pick([]string{"户主患慢性病需长期服药，", "家中有一名在校学生，", "去年冬季房屋漏雨已修缮，", "主要靠务农和打零工，", "子女在外务工偶尔寄钱，", "老人行动不便需要照料，", "邻居反映生活较为困难，", "医药费支出占收入大半，"})
		}
		ops[i] = map[string]any{"n": cl.n, "id": uuid.Must(uuid.NewV7()).String(), "at": "2026-11-23T02:00:00.000Z", "type": "households",
			"record": uuid.Must(uuid.NewV7()).String(), "kind": "create", "base": 0, "set": map[string]any{
				"region": village, "head_name": pick(surnames) + pick(given), "phone": fmt.Sprintf("13%09d", r.IntN(1e9)),
				"address":        fmt.Sprintf("李哥庄镇港东新村%d号楼%d单元%d室", r.IntN(60), r.IntN(6), r.IntN(900)),
				"monthly_income": 500 + r.IntN(4000), "medical_cost_12m": r.IntN(30000), "cause": pick([]string{"illness", "disability", "schooling", "no_labour"}),
				"housing_kind": "owned", "housing_grade": pick([]string{"A", "B", "C"}), "tags": []string{"empty_nest"},
				"remarks": []map[string]any{{"id": uuid.Must(uuid.NewV7()).String(), "at": "2026-11-23T02:00:00.000Z", "text": text}}}}
		cl.n++
	}
	return ops
}
