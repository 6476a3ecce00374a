package process

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"doorstep/interop/interoptest"
	"doorstep/province/servers"
	"doorstep/province/wire"

	"github.com/go-json-experiment/json"
	"github.com/jackc/pgx/v5"
)

// A county's server with a province: it starts while the stream is away, tells everything
// once it is there, and what the province finds comes down as its own warning. A county
// that is told of no province has no goroutine and no process of it.
func TestACountysServerAndItsProvince(t *testing.T) {
	began := time.Now()
	say := func(what string) { t.Logf("%5.1f s: %s", time.Since(began).Seconds(), what) }
	p := newProvinceSite(t)
	say("the province's database and keys")
	s := newServer(t)
	say("the county")
	s.shut()
	s.serve = []string{}
	s.start()
	if got := s.waiting(); got != -1 {
		t.Errorf("a county alone tells that %d wait for its province", got)
	}
	if got := children(t, s.cmd.Process.Pid); len(got) > 0 {
		t.Errorf("a county alone has processes: %v", got)
	}
	if found := ofProvince.FindString(s.goroutines()); found != "" {
		t.Errorf("a county alone has goroutines at %s", found)
	}
	s.serve = append(p.reach(demoCounty), "--province-county", demoCounty, "--province-keys", filepath.Join(p.dir, "county.keys"))
	s.start()
	say("the county with a province that is away")
	first := s.waiting()
	if first < 100 {
		t.Errorf("with the stream away %d wait", first)
	}
	var both sync.WaitGroup // each waits for the stream in vain
	both.Go(func() { p.checksAway(t) })
	if text, code := p.doctor(s); code == 0 || !strings.Contains(text, "省级连接：") || !strings.Contains(text, "连不上省级消息服务器") {
		t.Errorf("the doctor, with the stream away: %d %s", code, text)
	}
	both.Wait()
	say("both looks, with the stream away")

	for i := range servers.Nodes {
		p.cluster.Start(i)
	}
	p.cluster.Await()
	say("the stream")
	stop := p.run()
	p.until("everything is told", func() bool { return s.waiting() == 0 }, func() string { return fmt.Sprint(s.waiting(), " wait") })
	say("everything is told")
	w := newTablets(t, s)[0]
	visit := w.visit()
	if err := w.push(); err != nil {
		t.Fatal(err)
	}
	p.inStore(t, visit)
	number := p.warned(t, s)
	say("warned")
	p.searched(t, number)
	say("searched")
	p.checked(t, s)
	say("looked at")
	stop()
	if text, code := p.says("check", "--database", p.database, "--keys", filepath.Join(p.dir, "province.keys")); code != 2 || !strings.Contains(text, "没有程序在接收") {
		t.Errorf("with nobody reading: %d %s", code, text)
	}
	if got := children(t, s.cmd.Process.Pid); len(got) > 0 {
		t.Errorf("a county of a province has processes: %v", got)
	}
	if stacks := s.goroutines(); !ofProvince.MatchString(stacks) {
		t.Error("a county of a province has no goroutine of it: the look for them finds nothing")
	}
}

// shut ends the server as its service does, so that the next one finds its data whole.
func (s *server) shut() {
	s.t.Helper()
	_ = s.cmd.Process.Signal(syscall.SIGTERM)
	_ = s.cmd.Wait()
	s.cmd = nil
}

func (p *provinceSite) doctor(s *server) (string, int) {
	p.t.Helper()
	cmd := exec.Command(p.bin, append([]string{"doctor", "--dir", s.dir}, s.serve...)...)
	text, _ := cmd.CombinedOutput()
	return string(text), cmd.ProcessState.ExitCode()
}

// checksAway: the province's own look, with the stream away, says so and goes on.
func (p *provinceSite) checksAway(t *testing.T) {
	t.Helper()
	text, code := p.says("check", "--database", p.database, "--keys", filepath.Join(p.dir, "county.keys"))
	for _, want := range []string{"[异常] 密钥", "[正常] 数据库：可连接", "[异常] 消息服务器", "[正常] 上传消息流：前面的项目有问题，未查"} {
		if code != 2 || !strings.Contains(text, want) {
			t.Errorf("no %s in (%d) %s", want, code, text)
		}
	}
}

// inStore: what the tablet brought is the province's.
func (p *provinceSite) inStore(t *testing.T, visit string) {
	t.Helper()
	p.until("a visit is in the province's store", func() bool {
		var there bool
		err := p.store.Pool.QueryRow(t.Context(), `SELECT EXISTS (SELECT 1 FROM records WHERE county = $1 AND record = $2)`, demoCounty, visit).Scan(&there)
		return err == nil && there
	}, func() string { return "not there" })
}

// warned: somebody of this county died in another one; the warning is made by the county's
// server, and comes up as its record.
func (p *provinceSite) warned(t *testing.T, s *server) (number string) {
	t.Helper()
	var record, home string
	var sealed []byte
	if err := p.store.Pool.QueryRow(t.Context(), `SELECT m.record, m.household, m.sealed FROM records m JOIN records h ON h.county = m.county AND h.record = m.household AND NOT h.gone AND h."values"->>'state' = 'active'
		JOIN records c ON c.county = m.county AND c.household = m.household AND c.type = 'categories' AND NOT c.gone AND coalesce(c."values"->>'to', '') = '' AND coalesce(c."values"->>'member', '') = '' AND c."values"->>'category' IN ('subsistence', 'destitute')
		WHERE m.county = $1 AND m.type = 'members' AND NOT m.gone AND m.blind <> '' AND m."values"->'alive' = 'true'::jsonb AND NOT EXISTS (SELECT 1 FROM records x WHERE x.county = m.county AND x.household = m.household AND x.type = 'warnings' AND x."values"->>'indicator' = 'N1')
		ORDER BY m.record LIMIT 1`, demoCounty).Scan(&record, &home, &sealed); err != nil {
		t.Fatal(err)
	}
	values, err := p.opener.Open(demoCounty, "members", record, sealed)
	if err != nil {
		t.Fatal(err)
	}
	number, _ = values["id_number"].(string)
	p.telling.Says("370282", "far", "households", "far", "370282101200", map[string]any{"state": "active"})
	p.telling.Person("370282", "dead", "far", "370282101200", "同一人", number, map[string]any{"alive": false, "death_date": "2026-11-20"})
	p.until("the county's own warning comes up", func() bool {
		var n int
		err := p.store.Pool.QueryRow(t.Context(), `SELECT count(*) FROM records WHERE county = $1 AND household = $2 AND type = 'warnings' AND "values"->>'indicator' = 'N1' AND NOT gone`, demoCounty, home).Scan(&n)
		return err == nil && n == 1
	}, func() string {
		var found, sent, looks int
		_ = p.store.Pool.QueryRow(t.Context(), `SELECT count(*), count(sent), (SELECT count(*) FROM looks) FROM findings`).Scan(&found, &sent, &looks)
		return fmt.Sprintf("%d found, %d sent, %d to be looked at\n%s\n%s", found, sent, looks, p.log.String(), s.log.String())
	})
	return number
}

// searched: another office's system finds the person in both counties, by the program that
// answers such systems, and its signature holds.
func (p *provinceSite) searched(t *testing.T, number string) {
	t.Helper()
	k := interoptest.New(t, interoptest.Registry{ID: "37.register", Schemas: "../../interop/dci/testdata", Far: []string{"37"}, Near: []string{demoCounty}, Attributes: []string{"UIN", "name", "area_code", "is_deceased"}, Found: 6})
	addr := freePort(t)
	cmd := exec.Command(p.bin, "province", "search", "--database", p.database, "--keys", filepath.Join(p.dir, "province.keys"), "--interop", k.File, "--signing-key", filepath.Join(p.dir, "interop.key"), "--listen", addr)
	said, err := os.Create(filepath.Join(p.dir, "search.log"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = said.Close() }()
	cmd.Stdout, cmd.Stderr = said, said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = cmd.Process.Kill(); _ = cmd.Wait() }()
	p.until("province search answers", func() bool { return get("http://"+addr+"/healthz") != "" }, func() string { return "nothing" })
	text, err := os.ReadFile(said.Name())
	if err != nil {
		t.Fatal(err)
	}
	_, k.Public, _ = strings.Cut(string(text), "公钥(ed25519，k1) ")
	k.Public, _, _ = strings.Cut(k.Public, "：http")
	k.Post = func(t testing.TB, body any) (int, []byte) {
		t.Helper()
		raw, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		res, err := http.Post("http://"+addr+"/registry/sync/search", "application/json", bytes.NewReader(raw))
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = res.Body.Close() }()
		answer, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		return res.StatusCode, answer
	}
	if a := k.Wide.Asks(t, interoptest.ByNumber(number)); len(a.Message.Answers) != 1 || len(a.Message.Answers[0].Data.Records) != 2 || !strings.Contains(a.Raw, "同一人") {
		t.Errorf("%s", a.Raw)
	}
}

// checked: both looks find it well, and what is not.
func (p *provinceSite) checked(t *testing.T, s *server) {
	t.Helper()
	p.until("the doctor finds the county's province well", func() bool {
		text, _ := p.doctor(s)
		return strings.Contains(text, "[正常] 省级连接：已连接")
	}, func() string { text, _ := p.doctor(s); return text })
	check := func() (string, int) {
		return p.says("check", "--database", p.database, "--keys", filepath.Join(p.dir, "province.keys"))
	}
	text, _ := check()
	for _, want := range []string{"[正常] 密钥：", "[正常] 数据库：可连接", "[正常] 密钥与数据：抽查 2 个县", "[正常] 消息服务器：已连接", "[正常] 上传消息流：REGISTER：设置正确", "[正常] 下发消息流：DOWN：设置正确", "[正常] 时钟：", "[正常] 接收程序：16 个分区", "[正常] 首次上传：1 个县都已传完", "[正常] 失联的县：没有", "[正常] 拒收的消息：没有", "[正常] 待下发的提示：都已发出", "[正常] 查询记录：完整，共 "} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s in %s", want, text)
		}
	}
	conn, js := p.cluster.Dial("province")
	defer conn.Close()
	stream, err := js.Stream(t.Context(), wire.Register)
	if err != nil {
		t.Fatal(err)
	}
	sound := stream.CachedInfo().Config
	changed := sound
	changed.MaxAge = 24 * time.Hour
	if _, err := js.UpdateStream(t.Context(), changed); err != nil {
		t.Fatal(err)
	}
	if _, err := js.Publish(t.Context(), "register.370281.members", []byte(`{"v":1,"kind":"put","county":"370282","term":"x","type":"members","record":"r"}`)); err != nil {
		t.Fatal(err)
	}
	p.until("what is no message is refused", func() bool { n, err := p.store.Refused(t.Context()); return err == nil && n == 1 }, func() string { return "nothing is" })
	if err := pgx.BeginFunc(t.Context(), p.store.Pool, func(tx pgx.Tx) error {
		for _, sql := range []string{`UPDATE counties SET heard = now() - interval '5 days', whole = false WHERE county = '370281'`, `INSERT INTO findings (id, county, kind, member, as_of, "values", found) VALUES ('old', '370299', 'death', 'm', '2026-11-01', '{}', now() - interval '1 hour')`,
			`UPDATE records SET sealed = 'x' WHERE record = 'dead'`, `ALTER TABLE desk.looks DISABLE TRIGGER looks_kept`, `UPDATE desk.looks SET purpose = '别的用途' WHERE id = 1`} {
			if _, err := tx.Exec(context.Background(), sql); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	text, code := check()
	for _, want := range []string{"[异常] 密钥与数据：1 个县上传的姓名和证件号解不开，或证件号对不上：370282", "[异常] 上传消息流：REGISTER：最长保留时间", "[注意] 首次上传：1 个县", "[注意] 失联的县：1 个县超过 3 天没有消息：370281(", "[注意] 拒收的消息：用别县的账号发来，或县代码不符：1 条(如 370281", "→ 检查消息服务器上该县账号的权限", "[异常] 查询记录：自第 1 条起被改动"} {
		if code != 2 || !strings.Contains(text, want) {
			t.Errorf("no %s in (%d) %s", want, code, text)
		}
	}
	if _, err := js.UpdateStream(t.Context(), sound); err != nil {
		t.Fatal(err)
	}
}
