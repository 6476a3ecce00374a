package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"doorstep/front"
	"doorstep/health"
	"doorstep/register"
	"doorstep/sync/engine"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"
)

// running is the product as `serve` starts it, in this process.
type running struct {
	t       *testing.T
	url     string
	opened  *opened
	disk    *health.Disk
	free    *atomic.Int64
	log     *written
	stop    context.CancelFunc
	stopped chan error
	token   string
}

// written is a log that one reads while others write.
type written struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (w *written) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.b.Write(p)
}

func (w *written) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.b.String()
}

const (
	reserve     = 64 << 20
	worker      = "worker@test.test"
	village     = "370281102200"
	metricToken = "a-token-of-the-monitoring"
)

func run(t *testing.T) *running {
	t.Helper()
	r := &running{t: t, free: &atomic.Int64{}, log: &written{}, stopped: make(chan error, 1)}
	r.free.Store(1 << 40)
	dir := t.TempDir()
	// A clock of its own, so that the disk is measured anew each time.
	var clock atomic.Int64
	r.disk = &health.Disk{Dir: dir, Reserve: reserve, Free: func(string) (int64, error) { return r.free.Load(), nil },
		Now: func() time.Time { return time.Unix(clock.Add(10), 0) }}
	metrics := health.NewMetrics()
	var err error
	if r.opened, err = openWith(dir, engine.Config{Full: r.disk.Full, Committed: metrics.Committed}, health.NewLog(r.log, true, slog.LevelDebug)); err != nil {
		t.Fatal(err)
	}
	account := register.NewAccount{Email: worker, Name: "张三", Role: "worker", Office: village, Areas: []string{village}, Password: "Right-horse-2026"}
	if _, err := register.SetAccount(t.Context(), r.opened.app, r.opened.server.Engine, account); err != nil {
		t.Fatal(err)
	}
	record, err := r.opened.app.FindAuthRecordByEmail("users", worker)
	if err != nil {
		t.Fatal(err)
	}
	if r.token, err = record.NewAuthToken(); err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	_ = l.Close()
	r.url = "http://" + addr
	ctx, cancel := context.WithCancel(context.Background())
	r.stop = cancel
	r.opened.server.Figures.Keep = 0 // else what was counted at the start stands for seconds
	w := watch(r.opened, r.disk, metrics, metricToken)
	w.ready.Now = r.disk.Now
	go func() {
		r.stopped <- r.opened.serve(ctx, front.Config{Addr: addr}, time.Minute, w)
		close(r.stopped)
	}()
	t.Cleanup(func() {
		cancel()
		<-r.stopped
		r.opened.close()
	})
	r.until("it answers", func() bool {
		res, err := http.Get(r.url + "/healthz")
		if err != nil {
			return false
		}
		_ = res.Body.Close()
		return res.StatusCode == 200
	})
	return r
}

func (r *running) until(what string, is func() bool) {
	r.t.Helper()
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if is() {
			return
		}
	}
	r.t.Fatalf("in a minute not: %s\n%s", what, r.log)
}

// ask makes a call; headers in pairs.
func (r *running) ask(method, path string, body io.Reader, header ...string) (int, string) {
	r.t.Helper()
	req, err := http.NewRequest(method, r.url+path, body)
	if err != nil {
		r.t.Fatal(err)
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		r.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	return res.StatusCode, string(text)
}

func (r *running) call(method, path string, body any) (int, string) {
	r.t.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		r.t.Fatal(err)
	}
	return r.ask(method, path, bytes.NewReader(raw), "Authorization", "Bearer "+r.token, "Content-Type", "application/json")
}

// device registers a tablet.
func (r *running) device() (id, epoch string) {
	r.t.Helper()
	status, text := r.call("POST", "/api/sync/v1/devices", map[string]any{"name": "平板"})
	var d struct {
		Device string `json:"device"`
		Epoch  string `json:"epoch"`
	}
	if err := json.Unmarshal([]byte(text), &d); err != nil || status != 200 {
		r.t.Fatalf("register: %d %s", status, text)
	}
	return d.Device, d.Epoch
}

func batch(device, epoch string, n int, set map[string]any) map[string]any {
	now := time.Now().UTC().Format("2006-01-02T15:04:05.000Z")
	op := map[string]any{"n": n, "id": uuid.Must(uuid.NewV7()).String(), "at": now, "type": "households", "record": uuid.Must(uuid.NewV7()).String(), "kind": "create", "base": 0, "set": set}
	return map[string]any{"device": device, "epoch": epoch, "schema": 1, "clock": now, "ops": []any{op}}
}

func family(word string) map[string]any {
	return map[string]any{"region": village, "head_name": word, "phone": "13905320001", "address": word + "街1号"}
}

// One server, for each costs a migration: the parts are told in the order in which
// they leave it usable for the next.
func TestOperation(t *testing.T) {
	r := run(t)
	t.Run("the metrics count what happened and name nobody", r.counts)
	t.Run("a nearly full disk refuses writes, shows everything and heals", r.nearlyFull)
	t.Run("the log of a day's work holds nobody", r.logged)
	t.Run("the doctor finds it well, and each fault", r.examined)
	t.Run("a server that stops answers what is on its way", r.stops)
	t.Run("a server whose disk failed is not ready", r.failed)
}

// Below the reserve nothing is taken and everything is shown; with room again all goes on.
func (r *running) nearlyFull(t *testing.T) {
	device, epoch := r.device()
	if status, text := r.call("POST", "/api/sync/v1/push", batch(device, epoch, 1, family("甲"))); status != 200 {
		t.Fatalf("with room: %d %s", status, text)
	}
	r.free.Store(reserve - 1)
	status, text := r.call("POST", "/api/sync/v1/push", batch(device, epoch, 2, family("乙")))
	if status != 507 || !strings.Contains(text, "storage_full") {
		t.Errorf("a push on a nearly full disk: %d %s", status, text)
	}
	if status, text := r.ask("POST", "/api/sync/v1/uploads/", nil, "Authorization", "Bearer "+r.token, "Tus-Resumable", "1.0.0", "Upload-Length", "10"); status != 507 {
		t.Errorf("an upload: %d %s", status, text)
	}
	if status, text := r.call("POST", "/api/sync/v1/push", map[string]any{"device": device, "epoch": epoch, "schema": 1, "clock": "2026-11-26T08:00:00.000Z", "ops": []any{}}); status != 200 || !strings.Contains(text, `"next_n":2`) {
		t.Errorf("nothing of the refused batch is there, and the tablet may ask: %d %s", status, text)
	}
	if status, text := r.call("GET", "/api/sync/v1/pull?device="+device, nil); status != 200 || !strings.Contains(text, "甲街1号") {
		t.Errorf("reading: %d %.200s", status, text)
	}
	if status, text := r.ask("GET", "/readyz", nil); status != 503 || !strings.Contains(text, `"disk"`) {
		t.Errorf("readiness: %d %s", status, text)
	}
	if status, _ := r.ask("GET", "/healthz", nil); status != 200 {
		t.Errorf("it is alive all the same: %d", status)
	}
	r.free.Store(reserve)
	if status, text := r.call("POST", "/api/sync/v1/push", batch(device, epoch, 2, family("丙"))); status != 200 || !strings.Contains(text, "applied") {
		t.Errorf("with room again: %d %s", status, text)
	}
	if status, text := r.ask("GET", "/readyz", nil); status != 200 {
		t.Errorf("readiness after that: %d %s", status, text)
	}
}

// Every number that the manual promises is there, by words of our own alone.
func (r *running) counts(t *testing.T) {
	device, epoch := r.device()
	if status, text := r.call("POST", "/api/sync/v1/push", batch(device, epoch, 1, family("金丝雀"))); status != 200 {
		t.Fatalf("push: %d %s", status, text)
	}
	wants := []string{
		`doorstep_requests_total{action="push",status="2xx"} 1`, `doorstep_request_seconds_count{action="push"} 1`,
		`doorstep_ops_total{outcome="applied"} 1`, "doorstep_commit_seconds_bucket", "doorstep_push_queue 0", "doorstep_tablets 1", "doorstep_tablets_silent 0",
		"doorstep_reviews_open 1", "doorstep_cases_open 0", "doorstep_disk_free_bytes 1.099511627776e+12", "doorstep_disk_full 0", "doorstep_uploads 0", "doorstep_seq ", "doorstep_durable_seq 0",
	}
	var text, missing string
	r.until("every number is told", func() bool { // a count that began before the push may be under way
		_, text = r.ask("GET", "/metrics", nil)
		i := slices.IndexFunc(wants, func(want string) bool { return !strings.Contains(text, want) })
		if i < 0 {
			return true
		}
		if wants[i] != missing {
			missing = wants[i]
			t.Logf("not yet: %s", missing)
		}
		return false
	})
	for _, secret := range []string{"金丝雀", "13905320001", device, worker, village, "张三"} {
		if strings.Contains(text, secret) {
			t.Errorf("the metrics hold %q", secret)
		}
	}
	for _, c := range []struct {
		name   string
		header []string
		status int
	}{
		{"from another machine, as a proxy on this one hands it on", []string{"X-Forwarded-For", "10.1.2.3"}, 404},
		{"the same with the token", []string{"X-Forwarded-For", "10.1.2.3", "Authorization", "Bearer " + metricToken}, 200},
		{"with another token", []string{"X-Forwarded-For", "10.1.2.3", "Authorization", "Bearer " + metricToken + "x"}, 404},
		{"with a worker's token", []string{"X-Forwarded-For", "10.1.2.3", "Authorization", "Bearer " + r.token}, 404},
	} {
		if status, _ := r.ask("GET", "/metrics", nil, c.header...); status != c.status {
			t.Errorf("%s: %d, want %d", c.name, status, c.status)
		}
	}
}

// A push that is on its way when the server is told to stop is answered, and what it
// brought is there; nobody new is let in, and live streams do not hold the server up.
func (r *running) stops(t *testing.T) {
	device, epoch := r.device()
	raw, err := json.Marshal(batch(device, epoch, 1, family("末")))
	if err != nil {
		t.Fatal(err)
	}
	live, err := http.NewRequest("GET", r.url+"/api/sync/v1/events?device="+device, nil)
	if err != nil {
		t.Fatal(err)
	}
	live.Header.Set("Authorization", "Bearer "+r.token)
	stream, err := http.DefaultClient.Do(live)
	if err != nil || stream.StatusCode != 200 {
		t.Fatalf("events: %v %v", stream, err)
	}
	defer func() { _ = stream.Body.Close() }()
	conn, err := net.Dial("tcp", strings.TrimPrefix(r.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	half := len(raw) / 2
	// "100 Continue" comes when the handler begins to read: the request is under way.
	fmt.Fprintf(conn, "POST /api/sync/v1/push HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n", r.token, len(raw))
	first := make([]byte, len("HTTP/1.1 100 Continue\r\n\r\n"))
	if _, err := io.ReadFull(conn, first); err != nil || !bytes.HasPrefix(first, []byte("HTTP/1.1 100")) {
		t.Fatalf("the push did not begin: %v %q", err, first)
	}
	if _, err := conn.Write(raw[:half]); err != nil {
		t.Fatal(err)
	}
	r.stop()
	r.until("nobody new is let in", func() bool {
		c, err := net.Dial("tcp", strings.TrimPrefix(r.url, "http://"))
		if err == nil {
			_ = c.Close()
		}
		return err != nil
	})
	if _, err := io.ReadAll(stream.Body); err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("the live stream ended with %v", err)
	}
	if _, err := conn.Write(raw[half:]); err != nil {
		t.Fatal(err)
	}
	answer, err := io.ReadAll(conn)
	if err != nil || !bytes.HasPrefix(answer, []byte("HTTP/1.1 200")) || !bytes.Contains(answer, []byte("applied")) {
		t.Errorf("the push on its way: %v %q", err, answer)
	}
	if err := <-r.stopped; err != nil {
		t.Errorf("serve: %v", err)
	}
	if got := r.opened.server.Engine.Status().Seq; got < 1 {
		t.Errorf("nothing was written: seq %d", got)
	}
}

// What people looked for, mistyped and sent broken stands in no log, at the level at
// which it says most.
func (r *running) logged(t *testing.T) {
	device, epoch := r.device()
	const name, number, phone = "金丝雀", "370281195001011239", "13905329999"
	auth := []string{"Authorization", "Bearer " + r.token}
	member := batch(device, epoch, 1, map[string]any{"household": uuid.Must(uuid.NewV7()).String(), "name": name, "id_kind": "resident", "id_number": number})
	member["ops"].([]any)[0].(map[string]any)["type"] = "members"
	for _, body := range []any{batch(device, epoch, 1, family(name)), member, map[string]any{"device": name, "ops": []any{map[string]any{"set": number}}}} {
		r.call("POST", "/api/sync/v1/push", body)
	}
	query := url.Values{"q": {name}, "number": {number}, "filter": {"phone='" + phone + "'"}}.Encode()
	for _, path := range []string{"/api/console/v1/households?", "/api/sync/v1/pull?device=" + device + "&", "/api/collections/members/records?", "/api/none/" + url.PathEscape(name) + "?", "/" + url.PathEscape(name) + "/x?", "/x.js?"} {
		r.ask("GET", path+query, nil, auth...)
	}
	r.ask("POST", "/api/sync/v1/push", strings.NewReader(`{"`+name+number), auth...)
	r.ask("POST", "/api/collections/users/auth-with-password", strings.NewReader(`{"identity":"`+name+`","password":"`+number+`"}`), "Content-Type", "application/json")
	r.ask("POST", "/api/sync/v1/uploads/", nil, append(auth, "Tus-Resumable", "1.0.0", "Upload-Length", "10", "Upload-Metadata", "name "+base64.StdEncoding.EncodeToString([]byte(name)))...)
	r.opened.app.Logger().Error("somebody else's words", "error", fmt.Errorf("UNIQUE constraint failed: %s, %s", number, phone))
	text := r.log.String()
	if strings.Count(text, `"msg":"request"`) < 10 || !strings.Contains(text, "somebody else's words") || !strings.Contains(text, `"route":"POST /api/sync/v1/push"`) {
		t.Fatalf("the log does not tell of these requests:\n%s", text)
	}
	for _, secret := range []string{name, url.PathEscape(name), number, phone, worker, "张三", "街1号", r.token, "Right-horse"} {
		if strings.Contains(text, secret) {
			t.Errorf("the log holds %q:\n%s", secret, text)
		}
	}
	for _, line := range strings.Split(strings.TrimSpace(text), "\n") {
		if !jsontext.Value(line).IsValid() {
			t.Errorf("a line is no JSON: %s", line)
		}
	}
}

// failed comes last: a latched engine takes nothing more in this process. By then
// PocketBase has written what it had to log.
func (r *running) failed(t *testing.T) {
	var kept int
	if err := r.opened.app.AuxDB().NewQuery("SELECT count(*) FROM _logs").Row(&kept); err != nil || kept != 0 {
		t.Errorf("PocketBase keeps %d lines of its own (%v)", kept, err)
	}
	ready := &health.Ready{Checks: readiness(r.opened, r.disk), Now: r.disk.Now}
	if failed := ready.Failed(t.Context()); len(failed) > 0 {
		t.Fatalf("at first: %v", failed)
	}
	r.opened.server.Engine.Latch(errors.New("fsync failed"))
	page := httptest.NewRecorder()
	ready.ServeHTTP(page, httptest.NewRequest("GET", "/readyz", nil))
	if page.Code != 503 || strings.TrimSpace(page.Body.String()) != `{"failed":["engine"],"ready":false}` {
		t.Errorf("latched: %d %s", page.Code, page.Body)
	}
}
