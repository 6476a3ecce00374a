package consume_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"doorstep/province/consume"
	"doorstep/province/desk"
	"doorstep/province/servers"
	"doorstep/sync/engine"

	"golang.org/x/crypto/bcrypt"
)

// Who is helped here and works there, and whose household is registered there, become
// this county's own warnings, by its own rules, and the other county's none.
func (s *site) warnsOfWorkAndMove(t *testing.T) {
	a, b := s.counties[0], s.counties[1]
	set := func(c *county, typ, record string, values map[string]any) engine.Draft {
		return engine.Draft{Type: typ, Record: record, Kind: "patch", Set: values}
	}
	helped := func(c *county, home string) engine.Draft {
		return engine.Draft{Type: "categories", Record: c.ID(), Kind: "create", Set: map[string]any{"household": home, "category": "subsistence", "from": "2026-01-01"}}
	}
	visited := map[string]any{"last_visited": "2026-11-20"}
	worker, mover := servers.Number("370283", 910), servers.Number("370283", 911)
	works, _, drafts := a.Household(worker)
	a.Do(append(drafts, helped(a, works), set(a, "households", works, visited))...)
	elsewhere, people, drafts := b.Household(worker)
	b.Do(append(drafts, set(b, "members", people[0], map[string]any{"work_state": "employed"}), set(b, "households", elsewhere, visited))...)
	moves, _, drafts := a.Household(mover)
	a.Do(append(drafts, helped(a, moves), set(a, "households", moves, visited))...)
	arrived, _, drafts := b.Household(mover)
	b.Do(append(drafts, set(b, "households", arrived, map[string]any{"registered_region": b.Code + "102200", "last_visited": "2026-11-20"}))...)
	a.drain()
	b.drain()
	stopFinder := s.finder()
	defer stopFinder()
	stopA, _ := s.receive(a)
	stopB, _ := s.receive(b)
	for home, want := range map[string]string{works: "N3 1", moves: "N4 1"} {
		s.until(want, func() bool { return slices.Contains(a.warnings(home), want) }, func() string { return fmt.Sprint(a.warnings(home)) })
	}
	stopA()
	stopB()
	for _, home := range []string{elsewhere, arrived} {
		if got := b.warnings(home); slices.ContainsFunc(got, func(w string) bool { return strings.HasPrefix(w, "N") }) {
			t.Errorf("the county that knew it is warned: %v", got)
		}
	}
	a.drain()
	b.drain()
	s.settle(s.store)
}

// console is the province's, with the real stream behind it: it says how many messages of
// a county wait, in its row.
func (s *site) console(t *testing.T, code string, waiting int) {
	d, err := desk.Open(t.Context(), desk.Config{Store: s.store, Now: time.Now, Waiting: consume.Waiting(s.js, s.store, time.Minute), Fault: func(err error) { t.Error(err) }, Cost: bcrypt.MinCost})
	if err != nil {
		t.Fatal(err)
	}
	password, err := d.SetAccount(t.Context(), desk.Command, "zhang", "张处长", "figures")
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(d.Handler())
	defer web.Close()
	jar, _ := cookiejar.New(nil)
	browser := &http.Client{Jar: jar}
	ask := func(form url.Values, path string) string {
		t.Helper()
		method := "GET"
		if form != nil {
			method = "POST"
		}
		req, err := http.NewRequestWithContext(context.Background(), method, web.URL+path, strings.NewReader(form.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		res, err := browser.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = res.Body.Close() }()
		text, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	ask(url.Values{"name": {"zhang"}, "password": {password}}, "/sign-in")
	page := ask(nil, "/area/"+code[:4])
	_, row, _ := strings.Cut(page, `href="/area/`+code+`"`)
	row, _, _ = strings.Cut(row, "</tr>")
	if want := fmt.Sprintf(`<td class="num">%d</td>`, waiting); !strings.Contains(page, "未入库") || !strings.HasSuffix(strings.TrimSpace(row), want) {
		t.Errorf("no %s at the end of %s", want, row)
	}
}
