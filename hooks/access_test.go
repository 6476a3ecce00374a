package hooks

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"doorstep/domain/access"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// row is a route's verdict: who may call it, how it is called for a scene, and
// what a caller outside the scene is told ("": the call names no scene; a list
// or a write of one's own that must not show the other's content).
type row struct {
	roles   []access.Role
	call    func(s *site, who string, sc *scene) (path string, body any)
	foreign int
}

var (
	all      = access.Roles()
	writers  = []access.Role{"worker", "social", "town", "county"}
	deciders = []access.Role{"town", "county"}
	readers  = []access.Role{"town", "county", "auditor"}
	viewers  = []access.Role{"worker", "social", "town", "county", "auditor"}

	department = []access.Role{"department"}
)

func at(path string) func(*site, string, *scene) (string, any) {
	return func(*site, string, *scene) (string, any) { return path, nil }
}

// fresh makes a review of its own for each caller: a decision is taken once.
func fresh(s *site, sc *scene) string {
	d := s.tablet(sc.worker)
	return d.push("applied", d.op("create", "status_changes", newID(), map[string]any{"household": sc.household, "kind": "other", "happened_on": "2026-11-20", "detail": sc.word}, nil))[0].ID
}

func freshHeld(s *site, sc *scene) string {
	d := s.tablet(sc.worker)
	// A village that the worker does not see: the town, or the county, lets it in.
	return d.push("held", d.op("create", "households", newID(), map[string]any{"region": sibling[sc.worker], "head_name": sc.word}, nil))[0].ID
}

// freshComplaint names no household: it is its author's office's.
func freshComplaint(s *site, sc *scene) string {
	d, id := s.tablet(sc.worker), newID()
	d.push("applied", d.op("create", "complaints", id, map[string]any{"kind": "suggestion", "text": sc.word}, nil))
	return id
}

// freshWarning is an open warning of the scene's household: each caller settles its own.
func freshWarning(s *site, sc *scene) string {
	d := s.tablet(sc.worker)
	d.push("applied", d.op("create", "status_changes", newID(), map[string]any{"household": sc.household, "kind": "disaster", "happened_on": "2026-11-20"}, nil))
	county, err := s.server.Engine.Account(s.t.Context(), s.people["county"])
	if err != nil {
		s.t.Fatal(err)
	}
	story, err := s.server.Engine.Household(s.t.Context(), county, sc.household)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, raw := range story.Records["warnings"] {
		var w struct{ ID, Indicator, State string }
		if err := json.Unmarshal(raw, &w, json.MatchCaseInsensitiveNames(true)); err != nil {
			s.t.Fatal(err)
		}
		if w.Indicator == "P1" && w.State == "open" {
			return w.ID
		}
	}
	s.t.Fatal("no warning of a disaster")
	return ""
}

func condition(path string) func(*site, string, *scene) (string, any) {
	return func(*site, string, *scene) (string, any) {
		return path, map[string]any{"code": "C1", "title": "低收入", "level": "yellow", "reach": "both", "expression": "household.income_per_head < 500"}
	}
}

var sibling = map[string]string{"worker": "370281102220", "farworker": "370281105202"}

// matrix has one row for each route of the table.
var matrix = map[string]row{}

func init() {
	for _, rows := range []map[string]row{syncRows, deskRows, monitoringRows, determinationRows, supervisionRows, helpRows, handoverRows, fileRows, figureRows, auditRows, parameterRows, administrationRows, signInRows} {
		maps.Copy(matrix, rows)
	}
}

// deviceOf is a device of the caller's own; roles without one name a made-up one.
func deviceOf(s *site, who string) string {
	if !slices.Contains(writers, access.Role(roleOf(who))) {
		return newID()
	}
	return s.tablet(who).id
}

func roleOf(who string) string {
	for _, p := range people {
		if p.name == who {
			return p.role
		}
	}
	return ""
}

func withDevice(path string) func(*site, string, *scene) (string, any) {
	return func(s *site, who string, _ *scene) (string, any) { return path + "?device=" + deviceOf(s, who), nil }
}

// Each route × each role × {no token, a bad one, a superuser's, own scope, a
// foreign one}. A new route without a row fails.
func TestEveryRouteAnswersEveryRoleWithinItsScope(t *testing.T) {
	if len(matrix) != len(routes) {
		t.Errorf("%d rows for %d routes", len(matrix), len(routes))
	}
	shared := twoScenes(newSite(t)) // each row makes what it decides about
	for _, rt := range routes {
		key := rt.method + " " + rt.path
		r, ok := matrix[key]
		if !ok {
			t.Errorf("no row for %s", key)
			continue
		}
		if r.call == nil {
			continue
		}
		t.Run(strings.ReplaceAll(strings.TrimSpace(key), "/", "·"), func(t *testing.T) {
			on := shared
			if slices.Contains(alone, rt.path) {
				on = twoScenes(newSite(t))
			}
			s, own, far := on.site, on.own, on.far
			s.t = t
			method := rt.method
			if method == "" {
				method = "HEAD"
			}
			refused := map[*scene]request{}
			for _, sc := range []*scene{own, far} {
				path, body := r.call(s, "worker", sc)
				refused[sc] = request{path, body}
			}
			path, body := refused[own].path, refused[own].body
			for _, who := range []string{"", "bad", "superuser"} {
				got := s.ask(who, method, path, body)
				if got.status != 401 || method != "HEAD" && got.code() != "unauthenticated" || own.leaks(got.all(), path) != "" {
					t.Errorf("%q: %d %s", who, got.status, got.body)
				}
			}
			for _, role := range all {
				who := string(role)
				r.check(t, s, method, who, own, far, refused)
			}
		})
	}
}

// alone are routes that leave edits held, which the lists of both offices show.
var alone = []string{syncPrefix + "/push", syncPrefix + "/sealed", consolePrefix + "/own/sign-out"}

// scenes are a site with one's own scene and a foreign one.
type scenes struct {
	site     *site
	own, far *scene
}

func twoScenes(s *site) scenes {
	out := scenes{s, s.scene("本处金丝雀", ownVillage, "worker", "worker2", "town"), s.scene("他乡金丝雀", farVillage, "farworker", "farworker2", "fartown")}
	s.assign("social", out.own.household)
	return out
}

// request is a call of a scene, made once for all who may not make it: it changes nothing.
type request struct {
	path string
	body any
}

func (r row) check(t *testing.T, s *site, method, who string, own, far *scene, refused map[*scene]request) {
	t.Helper()
	may := slices.Contains(r.roles, access.Role(who))
	wide := who == "county" || who == "auditor" // the whole county is theirs
	for _, sc := range []*scene{own, far} {
		path, body := refused[sc].path, refused[sc].body
		if may {
			path, body = r.call(s, who, sc)
		}
		got := s.ask(who, method, path, body)
		asked := path + fmt.Sprint(body)
		switch {
		case !may:
			if got.status != 403 || method != "HEAD" && got.code() != "forbidden" {
				t.Errorf("%s may not, but: %d %.200s", who, got.status, got.body)
			}
		case sc == far && r.foreign != 0 && !wide && who != "admin":
			if got.status != r.foreign {
				t.Errorf("%s on a foreign scene: %d %.200s", who, got.status, got.body)
			}
		case sc == own && got.status >= 400 && !expected(path, got.status):
			t.Errorf("%s on its own: %d %.200s", who, got.status, got.body)
		}
		if got.status >= 500 {
			t.Errorf("%s: %d %s", who, got.status, got.body)
		}
		if !wide {
			if l := far.leaks(got.all(), asked); l != "" && who != "admin" {
				t.Errorf("%s %s shows %s: %s", who, path, l, got.body)
			}
		}
		itsOwn := strings.HasPrefix(path, consolePrefix+"/department/referrals") || strings.HasPrefix(path, consolePrefix+"/department/delivered")
		if itsOwn && who == "department" {
			continue // what was referred to it, by the columns of referrals_test.go, and what it gave itself
		}
		if who == "department" || who == "data" || who == "admin" { // no household content at all
			if strings.Contains(got.all(), own.word) || strings.Contains(got.all(), far.word) {
				t.Errorf("%s %s shows household content: %s", who, path, got.body)
			}
		}
	}
}

// expected are refusals for a reason other than access: no bytes of this photo
// have come, no such upload, a case that the one before has moved, a village
// that the scene's town does not know.
func expected(path string, status int) bool {
	return strings.Contains(path, "/photos/") && status == 404 || strings.Contains(path, "/uploads/") && status == 404 ||
		strings.Contains(path, "/resolve") && status == 200 || strings.Contains(path, "/own/") && (status == 422 || status == 429)
}

// A push onto a foreign record and onto a missing one are answered alike, byte
// for byte but for n, id and seq.
func TestForeignAndMissingAreOneAnswerOverHTTP(t *testing.T) {
	s := newSite(t)
	far := s.scene("他乡金丝雀", farVillage, "farworker", "farworker2", "fartown")
	d := s.tablet("worker")
	answer := func(record string) string {
		r := d.push("held", d.op("patch", "households", record, map[string]any{"phone": "13900000001"}, nil))[0]
		r.N, r.ID, r.Seq = 0, "", 0
		b, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	if a, b := answer(far.household), answer(newID()); a != b {
		t.Fatalf("%s\n%s", a, b)
	}
	for _, path := range []string{consolePrefix + "/households/", syncPrefix + "/photos/", consolePrefix + "/devices/"} {
		method, foreign := "GET", far.household
		switch {
		case strings.Contains(path, "photos"):
			foreign = far.photo
		case strings.Contains(path, "devices"):
			method, foreign = "POST", far.device.id
		}
		tail := map[string]string{"POST": "/revoke"}[method]
		a, b := s.ask("town", method, path+foreign+tail, nil), s.ask("town", method, path+newID()+tail, nil)
		if a.status != 404 || string(a.body) != string(b.body) {
			t.Errorf("%s: %d %s, %d %s", path, a.status, a.body, b.status, b.body)
		}
	}
}

// What the console reads of a queue's item stands beside each other, in one object.
func TestAQueuesItemsAreFlatAndNameTheirRegion(t *testing.T) {
	s := newSite(t)
	sc := s.scene("本处金丝雀", ownVillage, "worker", "worker2", "town")
	freshComplaint(s, sc)
	for path, fields := range map[string][]string{
		syncPrefix + "/reviews":       {"op", "seq", "kind", "type", "record", "household", "head_name", "region_name", "author", "device", "skew_ms", "at", "received", "fields", "warnings", "photos"},
		syncPrefix + "/cases":         {"case", "type", "record", "household", "field", "kind", "base", "server", "device", "rev", "version", "head_name", "region_name"},
		syncPrefix + "/ops":           {"op", "outcome", "type", "record", "author", "device", "at", "received", "error", "body"},
		consolePrefix + "/warnings":   {"id", "household", "indicator", "level", "title", "evidence", "state", "head_name", "region_name", "steps", "due_on", "settle_by", "confirmed", "office"},
		consolePrefix + "/complaints": {"id", "kind", "text", "state", "author", "head_name", "region_name"},
		consolePrefix + "/devices":    {"device", "name", "platform", "app", "account", "registered", "last_seen", "next_n", "waiting", "photos", "told", "skew_ms", "revoked"},
		consolePrefix + "/households": {"id", "number", "head_name", "region", "region_name", "address", "phone", "state", "categories"},
	} {
		var page struct {
			Items []map[string]jsontext.Value `json:"items"`
		}
		r := s.ask("town", "GET", path, nil)
		if err := json.Unmarshal(r.body, &page); err != nil || len(page.Items) == 0 {
			t.Errorf("%s: %d %s %v", path, r.status, r.body, err)
			continue
		}
		for _, f := range fields {
			if _, ok := page.Items[0][f]; !ok {
				t.Errorf("%s: no %s in %s", path, f, r.body)
			}
		}
	}
}
