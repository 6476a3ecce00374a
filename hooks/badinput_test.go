package hooks

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"doorstep/sync/wire"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Bad input: each is answered by a clear coded error, nothing is stored, the
// process is alive and its memory bounded.

func zipped(t *testing.T, b []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	if _, err := z.Write(b); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// zeros is an endless body, as far as the test reads it.
type zeros struct{ left int64 }

func (z *zeros) Read(p []byte) (int, error) {
	if z.left <= 0 {
		return 0, io.EOF
	}
	n := min(int64(len(p)), z.left)
	for i := range p[:n] {
		p[i] = ' '
	}
	z.left -= n
	return int(n), nil
}

func TestBadPushesAreRefusedWithACodeAndStoreNothing(t *testing.T) {
	s := newSite(t)
	d := s.tablet("worker")
	valid := d.op("patch", "households", newID(), map[string]any{"phone": "13900000001"}, nil)
	envelope := func(change func(m map[string]any)) []byte {
		m := d.envelope(valid)
		change(m)
		b, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	set := func(k string, v any) []byte { return envelope(func(m map[string]any) { m[k] = v }) }
	text := string(envelope(func(map[string]any) {}))
	opWith := func(k string, v any) []byte {
		o := op{}
		for key, x := range valid {
			o[key] = x
		}
		o[k] = v
		return set("ops", []any{o})
	}
	bomb := zipped(t, bytes.Repeat([]byte(" "), 200<<20))
	if len(bomb) > wire.MaxCompressed {
		t.Fatal("the bomb is too large to be one")
	}
	noise := make([]byte, 2<<20) // does not compress, so it is larger than 1 MiB on the wire
	for i := range noise {
		noise[i] = "0123456789abcdef"[rand.IntN(16)]
	}
	var many []any
	for range wire.MaxOps + 1 {
		many = append(many, valid)
	}
	for _, x := range []struct {
		name   string
		body   any
		header []string
		status int
		code   string
		field  string
	}{
		{"nothing", "", nil, 400, "invalid", ""},
		{"no JSON", "hello", nil, 400, "invalid", ""},
		{"a list", "[]", nil, 400, "invalid", ""},
		{"null", "null", nil, 422, "invalid", "device"},
		{"cut off", text[:len(text)/2], nil, 400, "invalid", ""},
		{"something behind it", text + "{}", nil, 400, "invalid", ""},
		{"a device of another type", set("device", 7), nil, 400, "invalid", "device"},
		{"no device", set("device", nil), nil, 422, "invalid", "device"},
		{"a device that is no id", set("device", "../../etc"), nil, 422, "invalid", "device"},
		{"ops of another type", set("ops", "many"), nil, 400, "invalid", "ops"},
		{"an unknown field", set("colour", "red"), nil, 400, "invalid", "colour"},
		{"a name that stands twice", strings.Replace(text, `"schema":1`, `"schema":1,"schema":1`, 1), nil, 400, "invalid", ""},
		{"a name that stands twice in an op", strings.Replace(text, `"kind":"patch"`, `"kind":"patch","kind":"delete"`, 1), nil, 400, "invalid", ""},
		{"invalid UTF-8 in the envelope", strings.Replace(text, `"schema":1`, "\"schema\":1,\"\xff\":1", 1), nil, 400, "invalid", ""},
		{"an op that is no object", set("ops", []any{7}), nil, 400, "invalid", "ops.0"},
		{"an op without n", opWith("n", nil), nil, 422, "invalid", "ops.0.n"},
		{"an op with n 0", opWith("n", 0), nil, 422, "invalid", "ops.0.n"},
		{"an op with n beyond a double", opWith("n", int64(1)<<60), nil, 422, "invalid", "ops.0.n"},
		{"nested without end", `{"ops":` + strings.Repeat("[", 1<<20), nil, 400, "invalid", ""},
		{"an op nested without end", strings.Replace(text, `"13900000001"`, strings.Repeat("[", 20000)+strings.Repeat("]", 20000), 1), nil, 400, "invalid", ""},
		{"501 ops", set("ops", many), nil, 413, "too_large", "ops"},
		{"5 MiB", bytes.Repeat([]byte(" "), 5<<20), nil, 413, "too_large", ""},
		{"5 MiB in chunks", io.MultiReader(&zeros{5 << 20}), nil, 413, "too_large", ""},
		{"more than 1 MiB compressed", zipped(t, []byte(`{"device":"` + string(noise) + string(noise) + `"}`)[:4<<20]), []string{"Content-Encoding", "gzip"}, 413, "too_large", ""},
		{"a bomb", bomb, []string{"Content-Encoding", "gzip"}, 413, "too_large", ""},
		{"a bomb in a bomb", zipped(t, bomb), []string{"Content-Encoding", "gzip"}, 400, "invalid", ""},
		{"gzip cut off", zipped(t, []byte(text))[:40], []string{"Content-Encoding", "gzip"}, 400, "invalid", ""},
		{"no gzip", text, []string{"Content-Encoding", "gzip"}, 400, "invalid", ""},
		{"an unknown encoding", text, []string{"Content-Encoding", "br"}, 400, "invalid", "Content-Encoding"},
		{"a device that is not there", set("device", "6f9619ff-8b86-4011-b42d-00c04fc964ff"), nil, 404, "not_found", "device"},
		{"another history", set("epoch", "6f9619ff-8b86-4011-b42d-00c04fc964ff"), nil, 409, "epoch_changed", ""},
	} {
		t.Run(x.name, func(t *testing.T) {
			before := s.counts()
			r := s.ask("worker", "POST", syncPrefix+"/push", x.body, x.header...)
			var e struct{ Error wire.Error }
			if err := json.Unmarshal(r.body, &e, json.MatchCaseInsensitiveNames(true)); err != nil {
				t.Fatalf("%d %s: %v", r.status, r.body, err)
			}
			if r.status != x.status || string(e.Error.Code) != x.code || x.field != "" && e.Error.Field != x.field || e.Error.Message == "" {
				t.Errorf("%d %s", r.status, r.body)
			}
			if after := s.counts(); after != before {
				t.Errorf("something was stored:\n%s\n%s", before, after)
			}
		})
	}
	d.push("held", valid) // alive, and the number is still free
}

// What is wrong with one op alone is answered for that op, and uses up its n.
func TestABadOpIsRejectedForItselfAlone(t *testing.T) {
	s := newSite(t)
	own := s.scene("本处金丝雀", ownVillage, "worker", "worker2", "town")
	for _, x := range []struct {
		name   string
		change func(o op)
		code   string
		field  string
	}{
		{"an id of another kind", func(o op) { o["id"] = "7" }, "invalid", "id"},
		{"an upper-case id", func(o op) { o["id"] = strings.ToUpper(newID()) }, "invalid", "id"},
		{"a type that is none", func(o op) { o["type"] = "pets" }, "invalid", "type"},
		{"a type of another type", func(o op) { o["type"] = 7 }, "invalid", "type"},
		{"an unknown member", func(o op) { o["colour"] = "red" }, "invalid", "colour"},
		{"set of another type", func(o op) { o["set"] = []any{} }, "invalid", "set"},
		{"a base from below", func(o op) { o["base"] = -1 }, "invalid", "base"},
		{"a kind that is none", func(o op) { o["kind"] = "destroy" }, "invalid", "kind"},
		{"a number beyond a double", func(o op) {
			o["set"] = map[string]any{"monthly_income": jsontext.Value("1e999")}
			o["was"] = map[string]any{"monthly_income": 1.0}
		}, "invalid", ""},
		{"an unknown field", func(o op) { o["set"] = map[string]any{"colour": "red"} }, "invalid", "colour"},
		{"a column of the server's", func(o op) { o["set"] = map[string]any{"area": "37"} }, "invalid", "area"},
		{"its versions", func(o op) { o["set"] = map[string]any{"versions": map[string]any{}} }, "invalid", "versions"},
		{"SQL as a field", func(o op) { o["set"] = map[string]any{`phone" = '1', "rev`: "1"} }, "invalid", ""},
		{"SQL as a type", func(o op) { o["type"] = "households; DROP TABLE households" }, "invalid", "type"},
		{"an object in the place of a text", func(o op) { o["set"] = map[string]any{"phone": map[string]any{}} }, "invalid", "phone"},
		{"a text too long", func(o op) { o["set"] = map[string]any{"address": strings.Repeat("长", 121)} }, "invalid", "address"},
		{"an author who is not there", func(o op) { o["author"] = "nobody000000000" }, "invalid", "author"},
		{"the server as its author", func(o op) { o["author"] = "server" }, "invalid", "author"},
	} {
		t.Run(x.name, func(t *testing.T) {
			d := s.tablet("worker")
			bad := d.op("patch", "households", own.household, map[string]any{"phone": "13900000001"}, nil)
			x.change(bad)
			good := d.op("patch", "households", own.household, map[string]any{"remarks": []any{map[string]any{"id": newID(), "text": "好"}}}, nil)
			results := d.push("rejected merged", bad, good)
			e := results[0].Error
			if string(e.Code) != x.code || x.field != "" && e.Field != x.field {
				t.Errorf("%+v", e)
			}
			kept := s.ask("town", "GET", syncPrefix+"/ops?outcome=rejected&limit=1", nil)
			if !strings.Contains(string(kept.body), results[0].ID) {
				t.Errorf("the rejected op cannot be read: %s", kept.body)
			}
		})
	}
}

// Text that no JSON can hold is the op's own fault, too.
func TestAnOpOfBrokenTextIsRejectedForItselfAlone(t *testing.T) {
	s := newSite(t)
	for _, broken := range []string{"\xff\xfe", `\ud800`} {
		d := s.tablet("worker")
		body, err := json.Marshal(d.envelope(d.op("patch", "households", newID(), map[string]any{"phone": "BROKEN"}, nil), d.op("patch", "households", newID(), map[string]any{"phone": "13900000001"}, nil)))
		if err != nil {
			t.Fatal(err)
		}
		r := s.ask("worker", "POST", syncPrefix+"/push", strings.Replace(string(body), "BROKEN", broken, 1))
		var a wire.PushAnswer
		if err := json.Unmarshal(r.body, &a); err != nil || len(a.Results) != 2 || a.Results[0].Outcome != "rejected" || a.Results[1].Outcome != "held" {
			t.Errorf("%q: %d %s", broken, r.status, r.body)
		}
		if again := s.ask("worker", "POST", syncPrefix+"/push", strings.Replace(string(body), "BROKEN", broken, 1)); !strings.Contains(string(again.body), `"rejected"`) {
			t.Errorf("%q again: %s", broken, again.body)
		}
	}
	if kept := s.ask("town", "GET", syncPrefix+"/ops?outcome=rejected", nil); kept.status != 200 || !jsontext.Value(kept.body).IsValid() {
		t.Errorf("the town cannot read them: %d %s", kept.status, kept.body)
	}
}

// Acceptance 22: whatever a tablet's clock says, the push is taken and nothing blocks.
func TestClocksOfAllYearsAreTaken(t *testing.T) {
	s := newSite(t)
	own := s.scene("本处金丝雀", ownVillage, "worker", "worker2", "town")
	for i, clock := range []string{"2099-01-01T00:00:00.000Z", "9999-12-31T23:59:59.999Z", "0001-01-01T00:00:00Z", "yesterday", ""} {
		d := s.tablet("worker")
		o := d.op("create", "visits", newID(), map[string]any{"household": own.household, "kind": "routine", "visited_on": "2099-01-01"}, nil)
		o["at"] = clock
		m := d.envelope(o)
		m["clock"] = clock
		if r := s.ask("worker", "POST", syncPrefix+"/push", m); r.status != 200 || !strings.Contains(string(r.body), `"applied"`) {
			t.Errorf("%d: %d %s", i, r.status, r.body)
		}
	}
	// C.15: what a tablet says of itself never fails its pull.
	d := s.tablet("worker")
	for _, said := range []string{"waiting=-1&photos=0", "waiting=many&photos=0", "waiting=1", "photos=99999999999999999999&waiting=0", "waiting=0&photos=0&app=" + strings.Repeat("9", 41), "waiting=0&photos=0&clock=yesterday", "waiting=3&photos=2&app=1.0"} {
		if r := s.ask("worker", "GET", syncPrefix+"/pull?device="+d.id+"&"+said, nil); r.status != 200 {
			t.Errorf("%s: %d %s", said, r.status, r.body)
		}
	}
	if r := s.ask("town", "GET", consolePrefix+"/devices", nil); r.status != 200 {
		t.Errorf("devices: %d %s", r.status, r.body)
	}
	if r := s.ask("town", "GET", consolePrefix+"/households/"+own.household, nil); r.status != 200 {
		t.Errorf("household: %d %s", r.status, r.body)
	}
}

func TestBadQueriesAndBodiesOfTheOtherRoutes(t *testing.T) {
	s := newSite(t)
	own := s.scene("本处金丝雀", ownVillage, "worker", "worker2", "town")
	device := own.device.id
	long := strings.Repeat("x", 5<<20)
	before := s.counts()
	for _, x := range []struct {
		who, method, path string
		body              any
		status            int
		code              string
	}{
		{"worker", "GET", syncPrefix + "/pull", nil, 400, "invalid"},
		{"worker", "GET", syncPrefix + "/pull?device=" + url.QueryEscape("' OR 1=1"), nil, 400, "invalid"},
		{"worker", "GET", syncPrefix + "/pull?device=" + newID(), nil, 404, "not_found"},
		{"worker", "GET", syncPrefix + "/pull?device=" + device + "&limit=0", nil, 400, "invalid"},
		{"worker", "GET", syncPrefix + "/pull?device=" + device + "&limit=99999999999999999999", nil, 400, "invalid"},
		{"worker", "GET", syncPrefix + "/pull?device=" + device + "&cursor=AAAA", nil, 400, "invalid"},
		{"worker", "GET", syncPrefix + "/snapshot?device=" + device + "&resume=AAAA", nil, 400, "invalid"},
		{"worker", "POST", syncPrefix + "/devices", `{"name":7}`, 400, "invalid"},
		{"worker", "POST", syncPrefix + "/devices", `{"name":"` + strings.Repeat("长", 81) + `"}`, 422, "invalid"},
		{"worker", "POST", syncPrefix + "/devices", long, 413, "too_large"},
		{"worker", "POST", syncPrefix + "/lost", map[string]any{"device": device, "epoch": own.device.epoch, "from": 5, "to": 1}, 422, "invalid"},
		{"worker", "POST", syncPrefix + "/lost", map[string]any{"device": device, "epoch": own.device.epoch, "from": 1, "to": 1}, 422, "invalid"},
		{"town", "GET", syncPrefix + "/reviews?limit=-1", nil, 400, "invalid"},
		{"town", "GET", syncPrefix + "/reviews?cursor=%25%25", nil, 400, "invalid"},
		{"town", "GET", syncPrefix + "/reviews?state=all", nil, 400, "invalid"},
		{"town", "GET", syncPrefix + "/ops?outcome=applied", nil, 400, "invalid"},
		{"town", "POST", syncPrefix + "/reviews/accept", `{"ops":[]}`, 422, "invalid"},
		{"town", "POST", syncPrefix + "/reviews/accept", `{"ops":["x"]}`, 422, "invalid"},
		{"town", "POST", syncPrefix + "/reviews/" + own.reviewOp + "/return", `{"reason":""}`, 422, "invalid"},
		{"town", "POST", syncPrefix + "/reviews/" + own.reviewOp + "/return", `{"reason":"` + strings.Repeat("长", 501) + `"}`, 422, "invalid"},
		{"town", "POST", syncPrefix + "/reviews/no-id/accept", nil, 404, "not_found"},
		{"town", "POST", syncPrefix + "/cases/" + own.caseID + "/resolve", `{"choice":"both"}`, 422, "invalid"},
		{"town", "POST", syncPrefix + "/cases/" + own.caseID + "/resolve", `{"choice":"value","value":{"a":1},"expect_rev":99999}`, 422, "invalid"},
		{"town", "POST", syncPrefix + "/cases/" + own.caseID + "/resolve", `{"choice":"server","expect_rev":1}`, 409, "case_moved"},
		{"town", "GET", consolePrefix + "/households?area=x", nil, 400, "invalid"},
		{"town", "GET", consolePrefix + "/households?q=" + strings.Repeat("x", 200), nil, 400, "invalid"},
		{"town", "GET", consolePrefix + "/households/" + url.PathEscape("../x"), nil, 404, "not_found"},
		{"town", "GET", syncPrefix + "/photos/" + own.photo + "?size=huge", nil, 400, "invalid"},
	} {
		r := s.ask(x.who, x.method, x.path, x.body)
		if r.status != x.status || r.code() != x.code {
			t.Errorf("%s %.90s %.60v: %d %.200s", x.method, x.path, x.body, r.status, r.body)
		}
	}
	for _, q := range []string{"%", "_", `\`, "'", `"`, "' OR '1'='1"} {
		if r := s.ask("town", "GET", consolePrefix+"/households?q="+url.QueryEscape(q), nil); r.status != 200 || strings.Contains(string(r.body), own.household) {
			t.Errorf("q=%q: %d %s", q, r.status, r.body)
		}
	}
	if after := s.counts(); after != before {
		t.Errorf("something was stored:\n%s\n%s", before, after)
	}
}

// A body without end, and many bombs at once, are cut off: the heap stays small.
func TestMemoryStaysBounded(t *testing.T) {
	s := newSite(t)
	d := s.tablet("worker")
	bomb := zipped(t, bytes.Repeat([]byte(" "), 200<<20))
	runtime.GC()
	var peak atomic.Uint64
	stop := make(chan struct{})
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		for {
			select {
			case <-stop:
				return
			case <-time.After(5 * time.Millisecond):
				var m runtime.MemStats
				runtime.ReadMemStats(&m)
				if m.HeapAlloc > peak.Load() {
					peak.Store(m.HeapAlloc)
				}
			}
		}
	}()
	var start runtime.MemStats
	runtime.ReadMemStats(&start)
	done := make(chan error, 16)
	for i := range 16 {
		go func() {
			body, header := io.Reader(bytes.NewReader(bomb)), []string{"Content-Encoding", "gzip"}
			if i%2 == 1 {
				body, header = &zeros{1 << 30}, nil
			}
			r, err := s.try("worker", "POST", syncPrefix+"/push", body, header...)
			if err == nil && r.status != 413 {
				err = fmt.Errorf("%d %s", r.status, r.body)
			}
			if i%2 == 1 && err != nil && r.status == 0 {
				err = nil // the server hung up on a client that goes on sending
			}
			done <- err
		}()
	}
	for range 16 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	close(stop)
	<-watched
	if grown := int64(peak.Load()) - int64(start.HeapAlloc); grown > 256<<20 {
		t.Errorf("the heap grew by %d MiB", grown>>20)
	}
	d.push("held", d.op("patch", "households", newID(), map[string]any{"phone": "13900000001"}, nil))
}

// A client that stops in the middle of its body stores nothing and holds nothing up.
func TestABodyThatBreaksOffStoresNothing(t *testing.T) {
	s := newSite(t)
	d := s.tablet("worker")
	body, err := json.Marshal(d.envelope(d.op("patch", "households", newID(), map[string]any{"phone": "13900000001"}, nil)))
	if err != nil {
		t.Fatal(err)
	}
	before := s.counts()
	conn, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(conn, "POST %s/push HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Length: %d\r\n\r\n%s", syncPrefix, s.tokens["worker"], len(body), body[:len(body)-10])
	if err := conn.Close(); err != nil {
		t.Fatal(err)
	}
	if r := s.ask("worker", "GET", syncPrefix+"/schema", nil); r.status != http.StatusOK {
		t.Errorf("alive: %d", r.status)
	}
	if after := s.counts(); after != before {
		t.Errorf("something was stored:\n%s\n%s", before, after)
	}
}
