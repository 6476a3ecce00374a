package desk

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"doorstep/domain/indicator"
	"doorstep/domain/zone"
	"doorstep/province/servers"
	"doorstep/province/store"
	"doorstep/province/sums"

	"golang.org/x/crypto/bcrypt"
)

// place is a desk over a store in a real PostgreSQL, with what two counties said.
type place struct {
	t     *testing.T
	store *store.Store
	desk  *Desk
	web   *httptest.Server
	now   time.Time
}

const number = "11010519491231002X"

func newPlace(t *testing.T) *place {
	t.Helper()
	p := &place{t: t, now: time.Now()}
	var err error
	if p.store, err = store.Open(t.Context(), servers.NewPostgres(t).URL("desk")); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.store.Close)
	_, county, opener := servers.Keys(t)
	say := servers.NewTelling(t, p.store, county)
	p.desk, err = Open(t.Context(), Config{Store: p.store, Opener: opener, Now: func() time.Time { return p.now }, Cost: bcrypt.MinCost,
		Names: map[string]string{"370200": "青岛市", "370281": "胶州市", "370681": "龙口市"}, Fault: func(err error) { t.Error(err) }, FactorKey: []byte("a key that is in no database")})
	if err != nil {
		t.Fatal(err)
	}
	p.web = httptest.NewServer(p.desk.Handler())
	t.Cleanup(p.web.Close)
	told := map[string]any{"sex": "2", "birth_date": "1949-12-31", "alive": true}
	day := zone.Day(p.now)
	say.Says("370281", "h1", "households", "h1", "370281102200", map[string]any{"state": "active", "last_visited": day})
	say.Says("370281", "h2", "households", "h2", "370281105201", map[string]any{"state": "active", "last_visited": "2020-01-01"})
	say.Says("370281", "h3", "households", "h3", "370281105201", map[string]any{"state": "closed"})
	say.Person("370281", "m1", "h1", "370281102200", "于秀英", number, told)
	say.Says("370281", "m3", "members", "h3", "370281105201", map[string]any{"alive": true})
	say.Says("370281", "c1", "categories", "h1", "370281102200", map[string]any{"category": "subsistence", "from": "2025-01-01"})
	say.Says("370281", "c2", "categories", "h2", "370281105201", map[string]any{"category": "marginal", "from": "2020-01-01", "to": "2021-01-01"})
	say.Says("370281", "c3", "categories", "h2", "370281105201", map[string]any{"category": "destitute", "from": "2025-01-01"})
	say.Says("370281", "a1", "assistance", "h2", "370281105201", map[string]any{"item": "basic_living", "state": "given", "given_on": day, "amount": 2200})
	say.Says("370281", "w1", "warnings", "h1", "370281102200", map[string]any{"indicator": "A1", "created": day, "state": "open", "due_on": "2020-01-01"})
	say.Says("370281", "w2", "warnings", "h2", "370281105201", map[string]any{"indicator": "A1", "created": day, "state": "open", "due_on": "2999-01-01"})
	say.Says("370281", "w3", "warnings", "h2", "370281105201", map[string]any{"indicator": "A1", "created": day, "state": "delivered", "due_on": "2020-01-01"})
	say.Says("370681", "h9", "households", "h9", "370681001001", map[string]any{"state": "active"})
	say.Person("370681", "m9", "h9", "370681001001", "于秀瑛", number, told)
	for n := range 5 { // of fewer nothing is said
		say.Says("370281", fmt.Sprint("v", n), "warnings", "h2", "370281105201", map[string]any{"indicator": "A1", "created": day, "state": "open", "due_on": "2999-01-01"})
		say.Says("370681", fmt.Sprint("v", n), "warnings", "h9", "370681001001", map[string]any{"indicator": "A1", "created": day, "state": "open", "due_on": "2020-01-01"})
	}
	return p
}

// count counts until there is nothing more to be counted.
func (p *place) count(t *testing.T) {
	t.Helper()
	c := &sums.Counter{Pool: p.store.Pool, Now: func() time.Time { return p.now }, Fault: func(err error) { t.Error(err) }}
	for {
		done, err := c.Next(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if done.County == "" {
			return
		}
	}
}

// shows looks for texts on a page, and that it names nobody.
func (p *place) shows(v *visitor, path string, wants ...string) {
	p.t.Helper()
	status, _, body := v.get(path)
	for _, w := range wants {
		if status != 200 || !strings.Contains(body, w) {
			p.t.Errorf("%s: %d without %q: %s", path, status, w, body)
		}
	}
	if strings.Contains(body, "于秀") || strings.Contains(body, number) {
		p.t.Errorf("%s names somebody", path)
	}
}

// visitor is a browser.
type visitor struct {
	p *place
	c *http.Client
}

func (p *place) visitor() *visitor {
	jar, err := cookiejar.New(nil)
	if err != nil {
		p.t.Fatal(err)
	}
	return &visitor{p, &http.Client{Jar: jar}}
}

func (v *visitor) get(path string) (status int, at, body string) {
	v.p.t.Helper()
	return v.done(v.c.Get(v.p.web.URL + path))
}

func (v *visitor) post(path string, form ...string) (status int, at, body string) {
	v.p.t.Helper()
	values := url.Values{}
	for i := 0; i < len(form); i += 2 {
		values.Set(form[i], form[i+1])
	}
	return v.done(v.c.PostForm(v.p.web.URL+path, values))
}

func (v *visitor) done(r *http.Response, err error) (int, string, string) {
	v.p.t.Helper()
	if err != nil {
		v.p.t.Fatal(err)
	}
	defer func() { _ = r.Body.Close() }()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		v.p.t.Fatal(err)
	}
	return r.StatusCode, r.Request.URL.Path, string(body)
}

func TestTheProvincesConsole(t *testing.T) {
	p := newPlace(t)
	password, err := p.desk.SetAccount(t.Context(), Command, "zhang", "张处长", "inquiry")
	if err != nil {
		t.Fatal(err)
	}
	t.Run("nobody who is not signed in sees anything", func(t *testing.T) {
		for _, path := range []string{"/", "/area/3702", "/area/370281", "/person", "/looks"} {
			if status, at, body := p.visitor().get(path); status != 200 || at != "/sign-in" || strings.Contains(body, "胶州") {
				t.Errorf("%s: %d at %s", path, status, at)
			}
		}
		if _, at, body := p.visitor().post("/person", "number", number, "purpose", "核实信访件"); at != "/sign-in" || strings.Contains(body, "于秀") {
			t.Errorf("at %s: %s", at, body)
		}
	})
	v := p.visitor()
	if status, _, body := v.post("/sign-in", "name", "zhang", "password", "wrong"); status != 401 || !strings.Contains(body, "账号或密码不正确") {
		t.Errorf("%d %s", status, body)
	}
	if status, at, _ := v.post("/sign-in", "name", "zhang", "password", password); status != 200 || at != "/" {
		t.Fatalf("signing in: %d at %s", status, at)
	}
	t.Run("figures follow what counties said, and those of before are shown with their time", func(t *testing.T) {
		if _, _, body := v.get("/"); !strings.Contains(body, "2 个县中还有 2 个没有统计") {
			t.Errorf("before anything was counted: %s", body)
		}
		p.count(t)
		p.shows(v, "/", "青岛市", "/area/3702", "3706", "统计于 "+clock(p.now), "逾期率最高")
		p.shows(v, "/area/3702", "胶州市", "/area/370281", "首次上传中")
		p.shows(v, "/area/370281", "370281102", ">50%<")
		for path, wants := range map[string][]string{"/part/register": {"最低生活保障", "新认定", "按类别在册"}, "/area/3702/warnings": {"准确率", indicator.Lookup("A1").Title, "当月发出"}, "/area/370281/coverage": {"31至90天", "370281102"},
			"/part/delivery": {"落实率"}, "/area/370281/funds": {"金额", "2,200"}} {
			p.shows(v, path, wants...)
		}
		for _, path := range []string{"/area/370281102", "/area/37", "/area/abcd", "/part/none", "/part/", "/area/3702/none"} {
			if status, _, _ := v.get(path); status != 404 {
				t.Errorf("%s: %d", path, status)
			}
		}
		if _, err := p.store.Pool.Exec(t.Context(), `UPDATE counties SET heard = heard + interval '1 second' WHERE county = '370681'`); err != nil {
			t.Fatal(err)
		}
		before := clock(p.now)
		p.now = p.now.Add(10 * time.Minute) // a start after a while: there are the figures of before at once
		p.shows(v, "/area/3702", "统计于 "+before)
		p.count(t)
		p.shows(v, "/area/3702", "统计于 "+before)
		p.shows(v, "/area/3706", "统计于 "+clock(p.now))
		p.now = p.now.Add(-10 * time.Minute)
	})
	t.Run("places are compared, the worst first", func(t *testing.T) {
		_, _, home := v.get("/")
		_, home, _ = strings.Cut(home, "逾期率最高")
		if a, b := strings.Index(home, "3706"), strings.Index(home, "胶州市"); a < 0 || b < a || !strings.Contains(home[:b], "<b>100%</b>") || !strings.Contains(home[b:], "1 / 7 条") {
			t.Errorf("%s", home)
		}
		for by, want := range map[string][2]string{"": {"370281102", "370281105"}, "registered": {"370281102", "370281105"}, "overdue": {"370281102", "370281105"}, "visited": {"370281105", "370281102"}, "nothing": {"370281102", "370281105"}} {
			_, _, body := v.get("/area/370281?by=" + by)
			_, body, _ = strings.Cut(body, "<tbody>")
			if a, b := strings.Index(body, want[0]), strings.Index(body, want[1]); a < 0 || b < a {
				t.Errorf("by %q: %s at %d, %s at %d", by, want[0], a, want[1], b)
			}
		}
	})
	t.Run("a county that is silent is told of", func(t *testing.T) {
		p.now = p.now.Add(20 * time.Minute)
		if _, err := p.store.Pool.Exec(t.Context(), `UPDATE counties SET heard = $1 WHERE county = '370681'`, p.now.Add(-4*24*time.Hour)); err != nil {
			t.Fatal(err)
		}
		if _, _, body := v.get("/"); !strings.Contains(body, "1 个县超过 3 天没有上传") {
			t.Errorf("%s", body)
		}
		if _, _, body := v.get("/area/3706"); !strings.Contains(body, "失联") {
			t.Errorf("%s", body)
		}
	})
	t.Run("a county that cannot be counted is told of, with since when", func(t *testing.T) {
		if _, err := p.store.Pool.Exec(t.Context(), `INSERT INTO failing VALUES ('370281', $1, $1, $1, 1, '22003')`, p.now); err != nil {
			t.Fatal(err)
		}
		for path, text := range map[string]string{"/": "1 个县的数字统计失败：胶州市（自 " + clock(p.now) + " 起）", "/area/3702": `<span class="tag bad">统计失败</span>`, "/area/370281": "本县的数字统计失败"} {
			p.shows(v, path, text)
		}
		if _, _, body := v.get("/area/3706"); strings.Contains(body, "统计失败") {
			t.Errorf("another prefecture: %s", body)
		}
		if _, err := p.store.Pool.Exec(t.Context(), `DELETE FROM failing`); err != nil {
			t.Fatal(err)
		}
	})
	t.Run("a person is seen with a purpose alone, and that stays", func(t *testing.T) {
		for _, bad := range [][2]string{{number, ""}, {number, "查  "}, {"110105194912310021", "核实信访件"}} {
			if status, _, body := v.post("/person", "number", bad[0], "purpose", bad[1]); status != 422 || strings.Contains(body, "于秀") {
				t.Errorf("%v: %d %s", bad, status, body)
			}
		}
		if n := p.looks(); n != 0 {
			t.Errorf("%d looks were entered before any", n)
		}
		_, _, body := v.post("/person", "number", strings.ToLower(number), "purpose", "核实信访件：两县重复登记")
		for _, want := range []string{"于秀英", "于秀瑛", "胶州市", "龙口市", "最低生活保障", "在 2 处登记"} {
			if !strings.Contains(body, want) {
				t.Errorf("no %s in %s", want, body)
			}
		}
		if strings.Contains(body, number) {
			t.Error("the number is shown whole")
		}
		_, _, log := p.as("auditor").get("/looks")
		if !strings.Contains(log, "核实信访件：两县重复登记") || !strings.Contains(log, "张处长") || strings.Contains(log, number) {
			t.Errorf("%s", log)
		}
		for _, change := range []string{`DELETE FROM desk.looks`, `UPDATE desk.looks SET purpose = ''`, `TRUNCATE desk.looks`} {
			if _, err := p.store.Pool.Exec(t.Context(), change); err == nil || p.looks() != 1 {
				t.Errorf("%s: %v, %d left", change, err, p.looks())
			}
		}
	})
	t.Run("another site's form is refused", func(t *testing.T) {
		req, err := http.NewRequestWithContext(t.Context(), "POST", p.web.URL+"/person", strings.NewReader("number="+number+"&purpose=abcdefg"))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Sec-Fetch-Site", "cross-site")
		if status, _, body := v.done(v.c.Do(req)); status != 403 || p.looks() != 1 {
			t.Errorf("%d %s", status, body)
		}
	})
	t.Run("a session ends by itself, by signing out and with the account", func(t *testing.T) {
		in := func() *visitor {
			w := p.visitor()
			if _, at, _ := w.post("/sign-in", "name", "zhang", "password", password); at != "/" {
				t.Fatalf("at %s", at)
			}
			return w
		}
		out := func(name string, w *visitor) {
			t.Helper()
			if _, at, _ := w.get("/"); at != "/sign-in" {
				t.Errorf("%s: at %s", name, at)
			}
		}
		one, two := in(), in()
		_, _, _ = one.post("/sign-out")
		out("signed out", one)
		if _, at, _ := two.get("/"); at != "/" {
			t.Errorf("the other is at %s", at)
		}
		p.now = p.now.Add(idle + time.Second)
		out("idle", two)
		three := in()
		if _, err := p.desk.Change(context.Background(), Command, "zhang", Shut, ""); err != nil {
			t.Fatal(err)
		}
		out("shut", three)
		if status, _, _ := p.visitor().post("/sign-in", "name", "zhang", "password", password); status != 401 {
			t.Errorf("a shut account signs in: %d", status)
		}
	})
	t.Run("wrong passwords in a row have to wait, of whatever name", func(t *testing.T) {
		for _, name := range []string{"li", "nobody-there"} {
			right, err := "", error(nil)
			if name == "li" {
				right, err = p.desk.SetAccount(t.Context(), Command, name, "李处长", "figures")
			}
			if err != nil {
				t.Fatal(err)
			}
			for i := range freeFailures + 1 {
				if status, _, _ := p.visitor().post("/sign-in", "name", name, "password", "x"); status != 401 {
					t.Errorf("%s, try %d: %d", name, i+1, status)
				}
			}
			if status, _, body := p.visitor().post("/sign-in", "name", name, "password", right+"x"); status != 429 || !strings.Contains(body, "后再试") {
				t.Errorf("%s: %d %s", name, status, body)
			}
			if name != "li" {
				continue
			}
			if status, _, _ := p.visitor().post("/sign-in", "name", name, "password", right); status != 429 {
				t.Errorf("the right one at once: %d", status)
			}
			p.now = p.now.Add(31 * time.Second)
			if _, at, _ := p.visitor().post("/sign-in", "name", name, "password", right); at != "/" {
				t.Errorf("the right one after the wait: at %s", at)
			}
		}
	})
}

func (p *place) looks() (n int) {
	p.t.Helper()
	if err := p.store.Pool.QueryRow(context.Background(), `SELECT count(*) FROM desk.looks WHERE action = 'person'`).Scan(&n); err != nil {
		p.t.Fatal(err)
	}
	return n
}

var token = regexp.MustCompile(`(?m)^\s+(--[a-z-]+): ([^;]+);`)

func TestTheColoursAreTheConsoles(t *testing.T) {
	ours, err := os.ReadFile("pages/desk.css")
	if err != nil {
		t.Fatal(err)
	}
	theirs, err := os.ReadFile("../../web/src/console/theme/tokens.css")
	if err != nil {
		t.Fatal(err)
	}
	found := token.FindAllStringSubmatch(string(ours), -1)
	if len(found) < 15 {
		t.Fatalf("%d tokens", len(found))
	}
	for _, m := range found {
		if !strings.Contains(string(theirs), fmt.Sprintf("%s: %s;", m[1], m[2])) {
			t.Errorf("%s is another than the console's", m[1])
		}
	}
}
