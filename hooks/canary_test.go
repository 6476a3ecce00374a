package hooks

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"doorstep/domain/access"
	"doorstep/figures"
	"doorstep/register"
)

// No byte of another scope, whoever asks for whatever: the walk takes the routes from the
// table, their parameters from the access matrix (a route without a row fails there), and
// every list and export as CSV and as a workbook.
func TestNoByteOfAnotherScopeIsSent(t *testing.T) {
	c := newCanaries(t)
	asked := c.calls()
	n := 0
	for _, o := range c.looking {
		for _, a := range asked {
			for _, path := range a.paths(o, c) {
				n++
				c.look(o, a, path)
			}
		}
		for _, path := range files(o) {
			n++
			c.look(o, asking{route: route{method: "GET", action: access.ListFile}, row: row{}}, path)
		}
	}
	t.Logf("%d answers looked at", n)
	if own := c.served("worker", "GET", syncPrefix+"/photos/"+c.own.photo+"?size=full", nil); own.status != 200 || !strings.Contains(string(own.body), c.own.word) {
		t.Errorf("the village's own picture is not there, so nothing was tried: %d %s", own.status, own.body)
	}
	c.heardByNobodyElse()
	c.logged()
}

// asking is one route called for one scene.
type asking struct {
	route route
	row   row
	scene *scene
	path  string
	body  any
}

// calls are all routes of the table, called once for one's own scene and once for the far
// one: each makes what it asks for.
func (c *canaries) calls() []asking {
	c.t.Helper()
	c.target("education", "http://127.0.0.1:1/")
	var out []asking
	fill(c.site, c.own)
	for _, sc := range []*scene{c.own, c.far} {
		for _, rt := range routes {
			r, ok := matrix[rt.method+" "+rt.path]
			if !ok {
				c.t.Errorf("no row for %s %s", rt.method, rt.path)
				continue
			}
			if r.call == nil || rt.method != "GET" && (r.foreign == 0 || sc != c.own) {
				continue // a stream, below; or a write of one's own, which names no scene
			}
			a := asking{route: rt, row: r, scene: sc}
			a.path, a.body = r.call(c.site, sc.worker, sc)
			out = append(out, a)
		}
	}
	return out
}

var deviceParam = regexp.MustCompile(`device=[0-9a-f-]+`)

// paths are how somebody asks: as the scene does, and where they may ask at all with their
// own tablet, and with what narrows a list to what is not theirs.
func (a asking) paths(o *onlooker, c *canaries) []string {
	if !access.Can(access.Role(o.role), a.route.action) {
		return nil // what offices may not call at all: TestEveryRouteAnswersEveryRoleWithinItsScope
	}
	wide := len(o.sees) == len(c.scenes)
	if wide && (a.scene != c.own || a.route.method != "GET") {
		return nil // the whole county is theirs: of what they read, numbers in full are looked for
	}
	out := []string{a.path}
	if o.device != "" && strings.Contains(a.path, "device=") {
		out = append(out, deviceParam.ReplaceAllString(a.path, "device="+o.device))
	}
	if strings.HasSuffix(a.route.path, "/photos/{id}") {
		return append(out, a.path+"?size=thumb", a.path+"?size=full")
	}
	if a.route.method != "GET" || strings.Contains(a.route.path, "{") || o.may(a.scene) || !slices.Contains([]string{"town", "fartown"}, o.name) {
		return out
	}
	mark := "?"
	if strings.Contains(a.path, "?") {
		mark = "&"
	}
	for _, q := range []string{"area=" + villageOfScene(a.scene), "region=" + villageOfScene(a.scene), "household=" + a.scene.household, "q=" + url.QueryEscape(a.scene.word)} {
		out = append(out, a.path+mark+q)
	}
	return out
}

// files are every list, every export and every tile that somebody's office may ask for;
// for the two towns as workbooks, too.
func files(o *onlooker) []string {
	formats := []string{"csv"}
	if o.name == "town" || o.name == "fartown" {
		formats = append(formats, "xlsx")
	}
	may := func(a access.Action) bool { return access.Can(access.Role(o.role), a) }
	var out []string
	for _, format := range formats {
		for _, l := range register.ListFiles() {
			i := slices.IndexFunc(routes, func(r route) bool { return r.method == "GET" && r.path == l.Path })
			if may(access.ListFile) && may(routes[i].action) {
				out = append(out, consolePrefix+"/lists/"+l.Name+"/file?format="+format)
			}
		}
		for _, typ := range register.Exports {
			if may(access.Export) {
				out = append(out, consolePrefix+"/exports/"+typ+"?format="+format)
			}
		}
	}
	for _, tile := range figures.Tiles() {
		if may(access.FiguresRead) {
			out = append(out, consolePrefix+"/figures/"+tile.Key)
		}
	}
	return out
}

// look asks, and looks for what is not theirs in all that comes back.
func (c *canaries) look(o *onlooker, a asking, path string) {
	c.t.Helper()
	got := c.served(o.name, a.route.method, path, a.body)
	if a.route.method == "" {
		got = c.served(o.name, "HEAD", path, nil)
	}
	text, asked := got.whole(), path+unescaped(path)+fmt.Sprint(a.body)
	if got.status >= 500 {
		c.t.Errorf("%s %s %s: %d %.200s", o.name, a.route.method, path, got.status, got.body)
	}
	for _, sc := range c.scenes {
		if o.may(sc) {
			continue
		}
		if l := sc.leaks(text, asked); l != "" && !c.itsOwn(o, path, l) && !(strings.HasPrefix(o.name, "gone") && gone(path, l, sc)) {
			c.t.Errorf("%s %s %s shows %s: %d %.400s", o.name, a.route.method, path, l, got.status, around(text, l))
		}
	}
	for _, sc := range c.scenes {
		if strings.Contains(text, c.numbers[sc]) && !strings.Contains(asked, c.numbers[sc]) && !whole(o, path) {
			c.t.Errorf("%s %s shows an ID number in full: %.200s", o.name, path, around(text, c.numbers[sc]))
		}
	}
	if a.scene != nil && a.row.foreign >= 400 && !o.may(a.scene) && got.status < 400 && !slices.Contains([]string{"department", "admin"}, o.role) {
		c.t.Errorf("%s %s %s of another scope is answered: %d %.200s", o.name, a.route.method, path, got.status, got.body)
	}
	if o.name == "disabled" && got.status != 401 {
		c.t.Errorf("a disabled account: %s %d", path, got.status)
	}
	if o.name == "revoked" && strings.Contains(path, "device="+o.device) && got.status != 403 && !strings.Contains(string(got.body), `"wipe":true`) {
		c.t.Errorf("a revoked tablet: %s %d %.200s", path, got.status, got.body)
	}
}

func unescaped(path string) string {
	out, _ := url.QueryUnescape(path)
	return out
}

// itsOwn is what an office is asked about that sees no household: a department, by the
// columns of its purpose (referrals_test.go); the administrator's tablets, by their ids.
func (c *canaries) itsOwn(o *onlooker, path, leak string) bool {
	switch o.role {
	case "department":
		return o.name == "department" && (strings.Contains(path, "/department/") || strings.Contains(path, "/lists/inbox/") || strings.Contains(path, "/lists/delivered/"))
	case "admin":
		return (strings.HasPrefix(path, consolePrefix+"/devices") || strings.Contains(path, "/lists/devices/")) && !strings.Contains(leak, "金丝雀")
	}
	return false
}

// gone is what a tablet is told to forget: the ids that it had, nothing of what they were.
func gone(path, leak string, sc *scene) bool {
	return (strings.HasPrefix(path, syncPrefix+"/pull") || strings.HasPrefix(path, syncPrefix+"/snapshot")) && leak != sc.word
}

// whole is where an ID number is sent in full: to offices that write records, for their
// forms, and in what goes back to the province's platform.
func whole(o *onlooker, path string) bool {
	office := o.role == "town" || o.role == "county"
	return office && (strings.HasPrefix(path, syncPrefix+"/pull") || strings.HasPrefix(path, syncPrefix+"/snapshot") || strings.HasPrefix(path, consolePrefix+"/exports/"))
}

func around(text, what string) string {
	i := strings.Index(text, what)
	return text[max(0, i-150):min(len(text), i+150)]
}

// logged looks for people in the log that operators read.
func (c *canaries) logged() {
	c.t.Helper()
	text := c.log.String()
	if !strings.Contains(text, `"route"`) {
		c.t.Error("nothing was logged: the test reads the wrong log")
	}
	for _, sc := range c.scenes {
		for _, personal := range []string{sc.word, url.QueryEscape(sc.word), c.numbers[sc]} {
			if strings.Contains(text, personal) {
				c.t.Errorf("the operators' log names %s: %.400s", personal, around(text, personal))
			}
		}
	}
	if strings.Contains(text, password) {
		c.t.Error("the operators' log has a password")
	}
}

// heardByNobodyElse: what happens in a village is told on no stream of another, of nobody's
// and of who sees nothing any more.
func (c *canaries) heardByNobodyElse() {
	c.t.Helper()
	own, others := c.stream("worker", ""), map[string]<-chan string{}
	for _, who := range []string{"nextworker", "farworker", "fartown", "noneworker", "nonetown", "goneworker", "gonetown"} {
		others[who] = c.stream(who, "")
	}
	d := c.tablet("worker2")
	d.push("applied", d.op("create", "visits", newID(), map[string]any{"household": c.own.household, "kind": "routine", "visited_on": "2026-11-20"}, nil))
	if text, _ := heard(own, 20*time.Second); text == "" {
		c.t.Error("the village's own worker hears nothing")
	}
	for who, lines := range others {
		if text, open := heard(lines, 50*time.Millisecond); text != "" || !open {
			c.t.Errorf("%s hears %q, open %v", who, text, open)
		}
	}
}
