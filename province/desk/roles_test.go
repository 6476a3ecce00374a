package desk

import (
	"encoding/csv"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"doorstep/domain/zone"
	"doorstep/province/looks"

	"github.com/pquerna/otp/totp"
)

// as is a browser in which somebody of a role has signed in.
func (p *place) as(role string) *visitor {
	p.t.Helper()
	return p.signIn("of-"+role, p.password("of-"+role, role))
}

func (p *place) password(name, role string) string {
	p.t.Helper()
	password, err := p.desk.SetAccount(p.t.Context(), Command, name, "某"+role, role)
	if err != nil {
		p.t.Fatal(err)
	}
	return password
}

func (p *place) signIn(name, password string) *visitor {
	p.t.Helper()
	v := p.visitor()
	if status, at, body := v.post("/sign-in", "name", name, "password", password); at == "/sign-in" {
		p.t.Fatalf("%s does not sign in: %d %s", name, status, body)
	}
	return v
}

// Every page × role is as the table says; what may not be opened shows nothing of it.
func TestEveryPageOpensForTheRolesOfItsRight(t *testing.T) {
	p := newPlace(t)
	p.password("li", "figures")
	for i := range Roles {
		role := &Roles[i]
		v := p.as(role.Code)
		for _, rt := range p.desk.routes() {
			method, path, _ := strings.Cut(rt.pattern, " ")
			path = strings.NewReplacer("{$}", "", "{code}", "3702", "{name}", "li").Replace(path)
			ask := func() (int, string, string) { return v.get(path) }
			if method == "POST" {
				ask = func() (int, string, string) {
					return v.post(path, "number", number, "purpose", "核实信访件", "change", "role", "role", "figures", "name", "x", "full_name", "")
				}
			}
			status, at, body := ask()
			if role.Code == "keeper" && path == "/" {
				if at != "/accounts" {
					t.Errorf("a keeper begins at %s", at)
				}
				continue
			}
			if opened := status != http.StatusForbidden; opened != role.Can(rt.right) {
				t.Errorf("%s %s: %d", role.Code, rt.pattern, status)
			}
			if !role.Can(rt.right) && (strings.Contains(body, "于秀") || strings.Contains(body, "青岛") || strings.Contains(body, "of-")) {
				t.Errorf("%s %s: refused, and shown %s", role.Code, rt.pattern, body)
			}
		}
	}
	t.Run("an account is made, changed and shut on its page, by another than its own", p.keeps)
	t.Run("the log is filtered and taken out, and that stands in it", p.tellsTheAuditor)
	t.Run("a second factor is bound, asked for, and each code good once", p.factor)
}

func (p *place) keeps(t *testing.T) {
	k := p.as("keeper")
	for name, form := range map[string][]string{"no name": {"name", "", "full_name", "王五", "role", "figures"}, "a strange name": {"name", "Wang Wu", "full_name", "王五", "role", "figures"},
		"nobody's": {"name", "wang", "full_name", "", "role", "figures"}, "no role": {"name", "wang", "full_name", "王五", "role", "root"}, "one that is there": {"name", "li", "full_name", "王五", "role", "figures"}} {
		if status, _, body := k.post("/accounts", form...); status != 422 || strings.Contains(body, "只显示这一次") {
			t.Errorf("%s: %d", name, status)
		}
	}
	password := func(body string) string {
		_, rest, _ := strings.Cut(body, `<b class="secret">`)
		word, _, ok := strings.Cut(rest, "</b>")
		if !ok {
			t.Fatalf("no password in %s", body)
		}
		return word
	}
	_, _, body := k.post("/accounts", "name", "wang", "full_name", "王五", "role", "figures")
	first := password(body)
	w := p.signIn("wang", first)
	if status, _, _ := w.get("/person"); status != 403 {
		t.Errorf("who sees figures opens persons: %d", status)
	}
	if _, at, _ := k.post("/accounts/wang", "change", "role", "role", "inquiry"); at != "/accounts/wang" {
		t.Errorf("at %s", at)
	}
	if _, at, _ := w.get("/"); at != "/sign-in" {
		t.Errorf("another role, and signed in still: at %s", at)
	}
	if status, _, _ := p.signIn("wang", first).get("/person"); status != 200 {
		t.Errorf("with the other role: %d", status)
	}
	_, _, body = k.post("/accounts/wang", "change", "password")
	second := password(body)
	if status, _, _ := p.visitor().post("/sign-in", "name", "wang", "password", first); status != 401 {
		t.Errorf("the old password: %d", status)
	}
	w = p.signIn("wang", second)
	k.post("/accounts/wang", "change", "disable")
	if _, at, _ := w.get("/"); at != "/sign-in" {
		t.Errorf("shut, and signed in still: at %s", at)
	}
	if status, _, _ := k.post("/accounts/of-keeper", "change", "role", "role", "inquiry"); status != 403 {
		t.Errorf("one's own account: %d", status)
	}
	if status, _, _ := k.post("/accounts/nobody", "change", "disable"); status != 404 {
		t.Errorf("nobody's account: %d", status)
	}
	for _, want := range []string{"设账号 wang：王五，看数字，新密码", "改角色 wang：查人", "重置密码 wang", "停用 wang"} {
		if !slices.ContainsFunc(p.log(looks.Filter{Action: looks.Account, Account: "of-keeper"}), func(l looks.Look) bool { return l.Asked == want && l.By == "某keeper" && l.Origin != "" }) {
			t.Errorf("the log has no %q", want)
		}
	}
}

func (p *place) log(f looks.Filter) (out []looks.Look) {
	p.t.Helper()
	if err := looks.Each(p.t.Context(), p.store.Pool, f, 1000, func(l *looks.Look) error { out = append(out, *l); return nil }); err != nil {
		p.t.Fatal(err)
	}
	return out
}

func (p *place) tellsTheAuditor(t *testing.T) {
	v := p.as("inquiry")
	v.post("/person", "number", number, "purpose", "核实信访件甲")
	v.post("/person", "number", number, "purpose", "=cmd()|核实信访件乙")
	a := p.as("auditor")
	day := zone.Day(p.now)
	for query, want := range map[string][2]bool{
		"": {true, true}, "word=" + "%E7%94%B2": {true, false}, "action=person": {true, true}, "action=export": {false, false}, "account=of-inquiry": {true, true}, "account=li": {false, false},
		"from=" + day + "&to=" + day: {true, true}, "to=2020-01-01": {false, false}, "from=2999-01-01": {false, false},
	} {
		_, _, body := a.get("/looks?" + query)
		if got := [2]bool{strings.Contains(body, ">核实信访件甲<"), strings.Contains(body, "核实信访件乙<")}; got != want {
			t.Errorf("%s: %v, not %v", query, got, want)
		}
	}
	const whole, changed = "完整：共 ", "起被改动"
	if _, _, body := a.post("/looks/check"); !strings.Contains(body, whole) || !strings.Contains(body, ">核实信访件甲<") {
		t.Errorf("a log that nobody touched: %s", body)
	}
	if got := p.log(looks.Filter{Action: looks.Checked}); len(got) == 0 || got[0].Account != "of-auditor" || !strings.HasPrefix(got[0].Asked, "完整，共 ") {
		t.Errorf("that it was asked is not entered: %+v", got)
	}
	behind := func(purpose string) {
		if _, err := p.store.Pool.Exec(t.Context(), `ALTER TABLE desk.looks DISABLE TRIGGER looks_kept; UPDATE desk.looks SET purpose = '`+purpose+`' WHERE purpose LIKE '核实信访件甲%'; ALTER TABLE desk.looks ENABLE TRIGGER looks_kept`); err != nil {
			t.Fatal(err)
		}
	}
	behind("核实信访件甲乙")
	if _, _, body := a.post("/looks/check"); strings.Contains(body, whole) || !strings.Contains(body, changed) {
		t.Errorf("a log that was changed: %s", body)
	}
	behind("核实信访件甲")
	status, _, file := a.post("/looks/export", "word", "核实信访件", "account", "of-inquiry")
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(file, "\ufeff"))).ReadAll()
	if status != 200 || err != nil || len(rows) != 4 || !slices.Equal(rows[0], columns) {
		t.Fatalf("%d %v %v", status, err, rows)
	}
	if strings.HasPrefix(rows[1][7], "=") || !strings.Contains(rows[2][7], "甲") || strings.Contains(file, number) {
		t.Errorf("%q", rows)
	}
	taken := p.log(looks.Filter{Action: looks.Export})
	if len(taken) != 2 || taken[0].Account != "of-auditor" || !strings.Contains(taken[0].Asked, "of-inquiry") {
		t.Errorf("%+v", taken)
	}
	for i := range mostLooks + 5 {
		if err := looks.Enter(t.Context(), p.store.Pool, looks.Look{At: p.now, Account: "many", Action: looks.Person, Purpose: "第" + string(rune('a'+i%26)), Found: i}); err != nil {
			t.Fatal(err)
		}
	}
	_, _, body := a.get("/looks?account=many")
	_, rest, _ := strings.Cut(body, `href="/looks?`)
	older, _, ok := strings.Cut(rest, `"`)
	if !ok || strings.Count(body, "<td class=\"num\">") != mostLooks {
		t.Fatalf("%d rows, older %q", strings.Count(body, "<td class=\"num\">"), older)
	}
	if _, _, body = a.get("/looks?" + strings.ReplaceAll(older, "&amp;", "&")); strings.Count(body, "<td class=\"num\">") != 5 {
		t.Errorf("%d older rows", strings.Count(body, "<td class=\"num\">"))
	}
}

func (p *place) factor(t *testing.T) {
	p.desk.SecondFactor = FactorPersons
	defer func() { p.desk.SecondFactor = FactorOff }()
	if _, at, _ := p.as("figures").get("/"); at != "/" {
		t.Errorf("who sees figures alone is at %s", at)
	}
	password := p.password("zhao", "inquiry")
	v := p.signIn("zhao", password)
	for _, path := range []string{"/", "/person", "/area/3702", "/own"} {
		if _, at, body := v.get(path); at != "/factor" || strings.Contains(body, "青岛") {
			t.Errorf("%s without the factor that is asked for: at %s", path, at)
		}
	}
	_, _, body := v.get("/factor")
	_, rest, _ := strings.Cut(body, `<span class="secret">`)
	secret, _, _ := strings.Cut(rest, "</span>")
	if status, _, image := v.get("/factor.png"); status != 200 || !strings.HasPrefix(image, "\x89PNG") {
		t.Errorf("the image: %d", status)
	}
	code := func() string {
		t.Helper()
		c, err := totp.GenerateCode(secret, p.now)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	if status, _, body := v.post("/factor", "code", "000000"); status != 422 || !strings.Contains(body, "动态口令不对") {
		t.Errorf("a wrong code: %d", status)
	}
	elsewhere := p.signIn("zhao", password)
	used := code()
	if _, at, _ := v.post("/factor", "code", used); at != "/" {
		t.Fatalf("the right code: at %s", at)
	}
	if status, at, _ := v.get("/person"); status != 200 || at != "/person" {
		t.Errorf("with it: %d at %s", status, at)
	}
	if _, at, _ := elsewhere.get("/"); at != "/sign-in" {
		t.Errorf("what was signed in without it: at %s", at)
	}
	var lies []byte
	if err := p.store.Pool.QueryRow(t.Context(), `SELECT factor FROM desk.accounts WHERE name = 'zhao'`).Scan(&lies); err != nil || strings.Contains(string(lies), secret) || len(lies) == 0 {
		t.Errorf("the secret lies open: %v", err)
	}
	w := p.signIn("zhao", password)
	for _, path := range []string{"/person", "/factor", "/factor.png", "/own"} {
		if status, at, body := w.get(path); at != "/code" && status != 404 || strings.Contains(body, secret) || strings.Contains(body, "PNG") {
			t.Errorf("%s by the password alone: %d at %s", path, status, at)
		}
	}
	if status, _, _ := w.post("/code", "code", used); status != 422 {
		t.Errorf("the code that was used: %d", status)
	}
	p.now = p.now.Add(time.Minute)
	if _, at, _ := w.post("/code", "code", code()[:3]+" "+code()[3:]); at != "/" {
		t.Errorf("the next code: at %s", at)
	}
	x := p.signIn("zhao", password)
	for range freeFailures + 1 {
		x.post("/code", "code", "123456")
	}
	p.now = p.now.Add(time.Second)
	if status, _, body := x.post("/code", "code", code()); status != 429 || !strings.Contains(body, "后再试") {
		t.Errorf("guessing: %d", status)
	}
	if _, err := p.desk.Change(t.Context(), Command, "zhao", DropFactor, ""); err != nil {
		t.Fatal(err)
	}
	if _, at, _ := p.signIn("zhao", password).get("/"); at != "/factor" {
		t.Errorf("after it was taken: at %s", at)
	}
}
