package hooks

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"doorstep/domain/idnumber"
	"doorstep/photo"
	"doorstep/register"
	"doorstep/sync/engine"
	"doorstep/sync/engine/enginetest"

	"github.com/go-json-experiment/json"
	"github.com/klauspost/compress/gzip"
	"github.com/pocketbase/pocketbase/core"
)

// A county with canaries in it: two towns, three villages, four families, each with words,
// numbers and ids of its own; and everybody who might see too much.

const nextVillage = "370281102220" // of the same town as ownVillage

// tapped is an app whose log for operators is read by the test.
type tapped struct {
	core.App
	log *slog.Logger
}

func (a tapped) Logger() *slog.Logger { return a.log }

// tap keeps what was logged.
type tap struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *tap) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *tap) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// onlooker is somebody with a token, and which of the scenes are theirs.
type onlooker struct {
	name, role string
	sees       []*scene
	device     string // of their own, where the role has one
}

func (o *onlooker) may(sc *scene) bool {
	for _, own := range o.sees {
		if own == sc {
			return true
		}
	}
	return false
}

// canaries are the county, its scenes and who looks on.
type canaries struct {
	*site
	log                  *tap
	own, door, next, far *scene
	looking              []*onlooker
	numbers              map[*scene]string // an ID number of each
	scenes               []*scene
}

// newcomers are accounts that only this county has: of the next village, and those who
// have no area, or have none any more.
var newcomers = []person{
	{"nextworker", "worker", nextVillage, nextVillage},
	{"noneworker", "worker", ownVillage, ""}, {"nonetown", "town", "370281102", ""},
	{"goneworker", "worker", ownVillage, ownVillage}, {"gonetown", "town", "370281102", "370281102"},
	{"disabled", "town", "370281102", "370281102"}, {"revoked", "worker", ownVillage, ownVillage},
}

func newCanaries(t *testing.T) *canaries {
	t.Helper()
	log := &tap{}
	app := tapped{enginetest.App(t, engine.Connect, template), slog.New(slog.NewJSONHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))}
	c := &canaries{site: newSiteOn(t, nil, app), log: log, numbers: map[*scene]string{}}
	for _, p := range newcomers {
		c.account(p, p.area != "", false)
	}
	c.own = c.scene("本处金丝雀", ownVillage, "worker", "worker2", "town")
	c.door = c.scene("隔壁金丝雀", ownVillage, "worker", "worker2", "town")
	c.next = c.scene("邻村金丝雀", nextVillage, "nextworker", "nextworker", "town")
	c.far = c.scene("他乡金丝雀", farVillage, "farworker", "farworker2", "fartown")
	c.scenes = []*scene{c.own, c.door, c.next, c.far}
	for i, sc := range c.scenes {
		number, err := idnumber.Make("370281", time.Date(1951, 2, 3+i, 0, 0, 0, 0, time.UTC), 7)
		c.must(err)
		c.numbers[sc] = string(number)
		sc.ids = append(sc.ids, string(number), c.record("members", obj{"household": sc.household, "name": sc.word + "老人", "id_kind": "resident", "id_number": string(number), "illness": sc.word + "病", "guardian": sc.word + "监护人"}))
	}
	c.door.ids[len(c.door.ids)-3] = c.door.household // two families of a village have one telephone number here
	c.pictured(c.own, c.far)
	c.assign("social", c.own.household)
	c.people4()
	return c
}

// pictured gives scenes a picture whose bytes are there, with the scene's word in them.
func (c *canaries) pictured(scenes ...*scene) {
	for i, sc := range scenes {
		sha := strings.Repeat(fmt.Sprintf("%02x", 0xc0+i), 32)
		sc.photo = c.record("photos", obj{"owner_type": "visits", "owner": sc.visit, "sha256": sha, "caption": sc.word + "照片", "state": "stored"})
		sc.ids = append(sc.ids, sc.photo, sha)
		dir := photo.Place(c.server.App.DataDir(), sha)
		c.must(os.MkdirAll(dir, 0o700))
		for _, size := range []photo.Size{photo.Thumb, photo.Screen, photo.Full} {
			c.must(os.WriteFile(filepath.Join(dir, size.File()), []byte("\xff\xd8"+sc.word+string(size)), 0o600))
		}
	}
}

// account makes an account, or changes one, and gives it a token.
func (c *canaries) account(p person, granted, disabled bool) {
	c.t.Helper()
	a := register.NewAccount{Email: p.name + "@test.test", Name: p.name, Role: p.role, Office: p.office, Password: password, Disabled: disabled}
	if granted {
		a.Areas = []string{p.area}
	}
	_, err := register.SetAccount(context.Background(), c.server.App, c.server.Engine, a)
	c.must(err)
	rec, err := c.server.App.FindAuthRecordByEmail("users", a.Email)
	c.must(err)
	c.people[p.name] = rec.Id
	if c.tokens[p.name] == "" {
		c.tokens[p.name], err = rec.NewAuthToken()
		c.must(err)
	}
}

// people4 are all who look on, in the state in which they do: withdrawn after they had
// read, revoked, disabled.
func (c *canaries) people4() {
	all := c.scenes
	town, village := []*scene{c.own, c.door, c.next}, []*scene{c.own, c.door}
	c.looking = []*onlooker{
		{name: "worker", role: "worker", sees: village}, {name: "nextworker", role: "worker", sees: []*scene{c.next}}, {name: "farworker", role: "worker", sees: []*scene{c.far}},
		{name: "social", role: "social", sees: []*scene{c.own}}, {name: "town", role: "town", sees: town}, {name: "fartown", role: "town", sees: []*scene{c.far}},
		{name: "county", role: "county", sees: all}, {name: "auditor", role: "auditor", sees: all},
		{name: "department", role: "department"}, {name: "finance", role: "department"}, {name: "data", role: "data"}, {name: "admin", role: "admin"},
		{name: "noneworker", role: "worker"}, {name: "nonetown", role: "town"}, {name: "goneworker", role: "worker"}, {name: "gonetown", role: "town"},
		{name: "disabled", role: "town"}, {name: "revoked", role: "worker", sees: village},
	}
	for _, o := range c.looking {
		if o.role == "worker" || o.role == "social" || o.role == "town" || o.role == "county" {
			o.device = c.tablet(o.name).id
			c.served(o.name, "GET", syncPrefix+"/snapshot?device="+o.device, nil)
		}
	}
	for _, p := range newcomers {
		if strings.HasPrefix(p.name, "gone") {
			c.account(p, false, false)
		}
		if p.name == "disabled" {
			c.account(p, true, true)
		}
		if p.name == "revoked" {
			for _, o := range c.looking {
				if o.name == p.name {
					c.the(200, "town", "POST", "/devices/"+o.device+"/revoke", nil)
				}
			}
		}
	}
}

// served asks without a socket. What is packed is unpacked.
func (c *canaries) served(who, method, path string, body any) reply {
	c.t.Helper()
	var in io.Reader
	if body != nil {
		switch b := body.(type) {
		case string:
			in = strings.NewReader(b)
		default:
			raw, err := json.Marshal(b)
			c.must(err)
			in = bytes.NewReader(raw)
		}
	}
	req := httptest.NewRequest(method, path, in)
	if token := c.tokens[who]; token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	req.Header.Set("Content-Type", "application/json")
	rec := httptest.NewRecorder()
	c.mux.ServeHTTP(rec, req)
	out := reply{rec.Code, rec.Header(), rec.Body.Bytes()}
	if out.header.Get("Content-Encoding") == "gzip" {
		z, err := gzip.NewReader(bytes.NewReader(out.body))
		c.must(err)
		out.body, err = io.ReadAll(z)
		c.must(err)
	}
	return out
}

// whole is every byte of an answer, with a workbook's parts unpacked.
func (r reply) whole() string {
	if !bytes.HasPrefix(r.body, []byte("PK\x03\x04")) {
		return r.all()
	}
	var out strings.Builder
	out.WriteString(r.all())
	z, err := zip.NewReader(bytes.NewReader(r.body), int64(len(r.body)))
	if err != nil {
		return out.String() + err.Error()
	}
	for _, f := range z.File {
		out.WriteString(f.Name)
		in, err := f.Open()
		if err != nil {
			continue
		}
		_, _ = io.Copy(&out, in)
		_ = in.Close()
	}
	return out.String()
}
