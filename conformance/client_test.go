package conformance

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

type object = map[string]any

// person is a signed-in account.
type person struct {
	name, id, token string
	areas           []string
}

// answer is a reply of the server, whatever it is.
type answer struct {
	status int
	code   string // of the error
	text   string
	body   object
}

func ask(t *testing.T, token, method, path string, body any) answer {
	t.Helper()
	var in io.Reader
	if body != nil {
		raw, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		in = bytes.NewReader(raw)
	}
	req, err := http.NewRequest(method, home.url()+path, in)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	a := answer{status: res.StatusCode, text: string(raw)}
	if err := json.Unmarshal(raw, &a.body); err != nil {
		t.Fatalf("%s %s answers no JSON: %d %s", method, path, a.status, raw)
	}
	if e, ok := a.body["error"].(object); ok {
		a.code, _ = e["code"].(string)
	}
	return a
}

// good is ask where success is expected.
func good(t *testing.T, token, method, path string, body any) object {
	t.Helper()
	a := ask(t, token, method, path, body)
	if a.status != 200 {
		t.Fatalf("%s %s: %d %s", method, path, a.status, a.text)
	}
	return a.body
}

// signed keeps who has signed in: checking a password is slow on purpose.
var signed = map[string]person{}

func signIn(t *testing.T, name string) person {
	t.Helper()
	if p, ok := signed[name]; ok {
		return p
	}
	p := signInAgain(t, name)
	signed[name] = p
	return p
}

func signInAgain(t *testing.T, name string) person {
	t.Helper()
	in := good(t, "", "POST", "/api/collections/users/auth-with-password", object{"identity": name + "@demo.test", "password": "Demo-2026-visit"})
	rec := in["record"].(object)
	p := person{name: name, id: rec["id"].(string), token: in["token"].(string)}
	if scope, ok := rec["scope"].(object); ok {
		for _, a := range list(scope["areas"]) {
			p.areas = append(p.areas, a.(string))
		}
	}
	return p
}

// device is one installation: base and outbox apart, as §7 says.
type device struct {
	t         *testing.T
	who       person
	id, epoch string
	next      int64
	cursor    string
	base      map[string]object // by record
	gone      map[string]string // how a record went
	news      []object          // later results
}

func newDevice(t *testing.T, name string) *device {
	t.Helper()
	who := signIn(t, name)
	r := good(t, who.token, "POST", "/api/sync/v1/devices", object{"name": name, "platform": "test", "app": "1"})
	return &device{t: t, who: who, id: r["device"].(string), epoch: r["epoch"].(string), next: whole(r["next_n"]), base: map[string]object{}, gone: map[string]string{}}
}

// pull follows the cursor to its end.
func (d *device) pull() *device { return d.pages(500) }

func (d *device) pages(limit int) *device {
	d.t.Helper()
	for range 10000 {
		a := good(d.t, d.who.token, "GET", fmt.Sprintf("/api/sync/v1/pull?device=%s&cursor=%s&limit=%d", d.id, d.cursor, limit), nil)
		for _, x := range list(a["changes"]) {
			c := x.(object)
			id := c["id"].(string)
			if c["kind"] == "put" {
				d.base[id] = c["record"].(object)
				delete(d.gone, id)
			} else {
				delete(d.base, id)
				d.gone[id] = c["kind"].(string)
			}
		}
		for _, r := range list(a["results"]) {
			d.news = append(d.news, r.(object))
		}
		d.cursor = a["cursor"].(string)
		if a["more"] != true {
			return d
		}
	}
	d.t.Fatal("the feed has no end")
	return nil
}

// op makes an edit with the device's next number, on the base as pulled.
func (d *device) op(kind, typ, record string, set object, was object) object {
	o := object{"n": d.next, "id": uuid7(), "at": now(), "type": typ, "record": record, "kind": kind, "base": rev(d.base[record])}
	if set != nil {
		o["set"] = set
	}
	if was != nil {
		o["was"] = was
	}
	d.next++
	return o
}

func (d *device) create(typ string, set object) (string, object) {
	id := uuid7()
	return id, d.op("create", typ, id, set, nil)
}

// patch edits one field of a household as it stands in the base.
func (d *device) patch(record, field string, value any) object {
	return d.op("patch", "households", record, object{field: value}, object{field: d.base[record][field]})
}

func (d *device) try(ops ...object) answer {
	d.t.Helper()
	if ops == nil {
		ops = []object{}
	}
	return ask(d.t, d.who.token, "POST", "/api/sync/v1/push", object{"device": d.id, "epoch": d.epoch, "schema": 1, "clock": now(), "ops": ops})
}

// push hands ops in and answers their results.
func (d *device) push(ops ...object) []object {
	d.t.Helper()
	a := d.try(ops...)
	if a.status != 200 {
		d.t.Fatalf("push: %d %s", a.status, a.text)
	}
	var out []object
	for _, r := range list(a.body["results"]) {
		out = append(out, r.(object))
	}
	return out
}

// gets pushes and wants these outcomes.
func (d *device) gets(outcomes string, ops ...object) []object {
	d.t.Helper()
	results := d.push(ops...)
	if got := outcomesOf(results); got != outcomes {
		d.t.Fatalf("outcomes %q, want %q: %v", got, outcomes, results)
	}
	return results
}

func outcomesOf(results []object) string {
	var out []string
	for _, r := range results {
		out = append(out, fmt.Sprint(r["outcome"]))
	}
	return strings.Join(out, " ")
}

// household is a new one in the account's village, made by the town, confirmed.
func household(t *testing.T, town *device, region string) string {
	t.Helper()
	id, o := town.create("households", object{"region": region, "head_name": "张三", "phone": "13800000000", "monthly_income": 3000})
	town.gets("applied", o)
	return id
}

// casesOf are the open cases of a record, as a reviewer sees them.
func casesOf(t *testing.T, who person, record string) (out []object) {
	t.Helper()
	return inQueue(t, who, "/api/sync/v1/cases?state=open&limit=100", "record", record)
}

// inQueue are a queue's items with this value, through all of its pages.
func inQueue(t *testing.T, who person, path, key, value string) (out []object) {
	t.Helper()
	cursor := ""
	for range 1000 {
		page := good(t, who.token, "GET", path+"&cursor="+cursor, nil)
		for _, x := range list(page["items"]) {
			if item := x.(object); item[key] == value {
				out = append(out, item)
			}
		}
		if cursor, _ = page["cursor"].(string); cursor == "" {
			return out
		}
	}
	t.Fatal("the queue has no end")
	return nil
}

func list(v any) []any { l, _ := v.([]any); return l }

func whole(v any) int64 { f, _ := v.(float64); return int64(f) }

func rev(record object) int64 { return whole(record["rev"]) }

func now() string { return time.Now().UTC().Format("2006-01-02T15:04:05.000Z") }

func uuid7() string {
	var b [16]byte
	_, _ = rand.Read(b[:])
	ms := time.Now().UnixMilli()
	for i := range 6 {
		b[i] = byte(ms >> (40 - 8*i))
	}
	b[6], b[8] = 0x70|b[6]&0x0f, 0x80|b[8]&0x3f
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

func want(t *testing.T, what string, got, want any) {
	t.Helper()
	a, _ := json.Marshal(got)
	b, _ := json.Marshal(want)
	if !bytes.Equal(a, b) {
		t.Fatalf("%s: got %s, want %s", what, a, b)
	}
}
