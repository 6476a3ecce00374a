package hooks

import (
	"fmt"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"doorstep/figures"
	"doorstep/figures/counting"
	"doorstep/sync/engine"
	"doorstep/sync/engine/enginetest"

	"github.com/go-json-experiment/json"
)

// plainly is each figure once more, as a question to the records that says nothing of
// how the monitor asks it. :of is what it is split by, "" all; :today and :first the days.
var plainly = map[string]string{
	"registered": `SELECT count(*) FROM households h WHERE (SELECT count(*) FROM categories c WHERE c.household = h.id AND c.deleted = 0 AND :today BETWEEN c."from" AND iif(c."to" = '', '9999', c."to")) > 0`,
	"category":   `SELECT count(*) FROM households h WHERE h.id IN (SELECT c.household FROM categories c WHERE c.deleted = 0 AND c.category = :of AND NOT c."from" > :today AND NOT (c."to" <> '' AND c."to" < :today))`,
	"entered":    `SELECT count(*) FROM households h WHERE h.id IN (SELECT c.household FROM categories c WHERE c.deleted = 0 AND c."from" LIKE :of || '-%' AND NOT c."from" > :today)`,
	"left":       `SELECT count(*) FROM households h WHERE h.id IN (SELECT c.household FROM categories c WHERE c.deleted = 0 AND c."to" LIKE :of || '-%' AND c."to" < :today)`,
	"seen": `SELECT count(*) FROM households h WHERE h.deleted = 0 AND h.state <> 'closed' AND h.id IN (SELECT c.household FROM categories c WHERE c.deleted = 0 AND :today BETWEEN c."from" AND iif(c."to" = '', '9999', c."to")) AND :of =
		iif(h.last_visited = '', 'never', iif(julianday(:today) - julianday(h.last_visited) < 30, 'd30', iif(julianday(:today) - julianday(h.last_visited) < 90, 'd90', iif(julianday(:today) - julianday(h.last_visited) < 180, 'd180', 'older'))))`,
	"entitled":        `SELECT count(DISTINCT h.id) FROM entitlements e JOIN households h ON h.id = e.household WHERE e.deleted = 0 AND e.item = :of AND e.state NOT IN ('to_verify', 'declined')`,
	"delivered":       `SELECT count(DISTINCT h.id) FROM entitlements e JOIN households h ON h.id = e.household WHERE e.deleted = 0 AND e.item = :of AND e.state = 'delivered'`,
	"lacking":         `SELECT count(DISTINCT h.id) FROM entitlements e JOIN households h ON h.id = e.household WHERE e.deleted = 0 AND e.item = :of AND e.state = 'not_delivered'`,
	"entitled_office": `SELECT count(DISTINCT h.id) FROM entitlements e JOIN households h ON h.id = e.household WHERE e.deleted = 0 AND e.state NOT IN ('to_verify', 'declined') AND :of = iif(e.item = 'education_aid', 'education', iif(e.item = 'insurance_premium', 'medical', 'civil_affairs'))`,
	"lacking_office":  `SELECT count(DISTINCT h.id) FROM entitlements e JOIN households h ON h.id = e.household WHERE e.deleted = 0 AND e.state = 'not_delivered' AND :of = iif(e.item = 'education_aid', 'education', iif(e.item = 'insurance_premium', 'medical', 'civil_affairs'))`,
	"lacking_any":     `SELECT count(*) FROM households h WHERE EXISTS (SELECT 1 FROM entitlements e WHERE e.household = h.id AND e.deleted = 0 AND e.state = 'not_delivered')`,
	"given":           `SELECT count(*) FROM households h WHERE 0 < (SELECT count(*) FROM assistance a WHERE a.household = h.id AND a.deleted = 0 AND a.state = 'given' AND a.given_on LIKE :of || '-%' AND NOT a.given_on > :today)`,
	"given_for":       `SELECT count(*) FROM households h WHERE 0 < (SELECT count(*) FROM assistance a WHERE a.household = h.id AND a.deleted = 0 AND a.state = 'given' AND a.item = :of AND a.given_on BETWEEN :first AND :today)`,

	"raised":     `SELECT count(*) FROM warnings h WHERE h.deleted = 0 AND h.indicator = :of AND datetime(h.created) >= datetime(:first, '-8 hours')`,
	"open":       `SELECT count(*) FROM warnings h WHERE h.deleted = 0 AND h.indicator = :of AND h.state NOT IN ('delivered', 'ended', 'no_help', 'unconfirmed')`,
	"overdue":    `SELECT count(*) FROM warnings h WHERE h.deleted = 0 AND h.indicator = :of AND h.state NOT IN ('delivered', 'ended', 'no_help', 'unconfirmed') AND julianday(h.due_on) < julianday(:today)`,
	"handled":    `SELECT count(*) FROM warnings h WHERE h.deleted = 0 AND h.indicator = :of AND h.state IN ('delivered', 'ended', 'no_help', 'unconfirmed') AND datetime(h.created) >= datetime(:first, '-8 hours')`,
	"decided":    `SELECT count(*) FROM warnings h WHERE h.deleted = 0 AND h.indicator = :of AND h.state IN ('delivered', 'ended', 'no_help', 'unconfirmed') AND (h.handled_by <> '' OR h.handled_on = '') AND datetime(h.created) >= datetime(:first, '-8 hours')`,
	"right":      `SELECT count(*) FROM warnings h WHERE h.deleted = 0 AND h.indicator = :of AND h.state IN ('delivered', 'ended') AND (h.handled_by <> '' OR h.handled_on = '') AND datetime(h.created) >= datetime(:first, '-8 hours')`,
	"raised_in":  `SELECT count(*) FROM warnings h WHERE h.deleted = 0 AND date(h.created, '+8 hours') LIKE :of || '-%' AND datetime(h.created) >= datetime(:first, '-8 hours')`,
	"handled_in": `SELECT count(*) FROM warnings h WHERE h.deleted = 0 AND h.state IN ('delivered', 'ended', 'no_help', 'unconfirmed') AND h.handled_on LIKE :of || '-%' AND h.handled_on BETWEEN :first AND :today`,
}

// invent fills a county with rows of every kind that figures tell apart, in two towns.
func (s *site) invent(random *rand.Rand, households int) {
	pick := func(of ...string) string { return of[random.IntN(len(of))] }
	day := func(oldest int) string {
		return s.server.Engine.Now().AddDate(0, 0, 20-random.IntN(oldest)).Format(time.DateOnly)
	}
	err := s.server.Engine.Update(s.t.Context(), func(tx *engine.Tx) error {
		for range households {
			id, area := newID(), pick("370281102200", "370281102201", "370281105201")
			row := func(table string, columns string, values ...any) error {
				marks := strings.Repeat(", ?", len(values))
				return tx.Exec(`INSERT INTO `+table+` (id, home, area, deleted, `+columns+`) VALUES (?, ?, ?, ?`+marks+`)`, append([]any{newID(), id, area, max(0, random.IntN(8)-6)}, values...)...)
			}
			seen := pick("", day(400), day(100), day(50))
			if seen > s.today() {
				seen = s.today()
			}
			if err := tx.Exec(`INSERT INTO households (id, home, area, region, deleted, head_name, state, last_visited) VALUES (?, ?, ?, ?, 0, ?, ?, ?)`, id, id, area, area, "户主"+id[30:], pick("active", "active", "closed", ""), seen); err != nil {
				return err
			}
			for range random.IntN(4) {
				if err := row("categories", `household, category, "from", "to"`, id, pick("destitute", "subsistence", "marginal"), day(700), pick("", "", day(500))); err != nil {
					return err
				}
				if err := row("entitlements", `household, item, state`, id, pick("basic_living", "education_aid", "insurance_premium"), pick("delivered", "in_progress", "not_delivered", "to_verify", "declined")); err != nil {
					return err
				}
				if err := row("assistance", `household, item, state, given_on, amount`, id, pick("basic_living", "education_aid"), pick("given", "given", "planned", "returned"), pick("", day(500)), random.IntN(900)); err != nil {
					return err
				}
				if err := row("warnings", `household, indicator, level, state, due_on, handled_on, handled_by, created`, id, pick("A1", "D2", "V1"), "red", pick("open", "office", "county", "verifying", "verified", "referred", "deliberated", "delivered", "ended", "no_help", "unconfirmed"),
					pick("", day(60)), pick("", day(500)), pick("", "someone"), day(500)+pick("T15:59:59.000Z", "T16:00:00.000Z", "T03:00:00.000Z")); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

// listed counts the rows of a list, page by page.
func (s *site) listed(who, path string) int64 {
	s.t.Helper()
	n, cursor := int64(0), ""
	for {
		var page struct {
			Items  []any   `json:"items"`
			Cursor *string `json:"cursor"`
		}
		r := s.ask(who, "GET", path+"&limit=40&cursor="+url.QueryEscape(cursor), nil)
		if err := json.Unmarshal(r.body, &page); err != nil || r.status != 200 {
			s.t.Fatalf("%s: %d %.300s %v", path, r.status, r.body, err)
		}
		n += int64(len(page.Items))
		if page.Cursor == nil || *page.Cursor == "" {
			return n
		}
		cursor = *page.Cursor
	}
}

func (s *site) tile(who, tile, area string) counting.Answer {
	s.t.Helper()
	var out counting.Answer
	r := s.ask(who, "GET", consolePrefix+"/figures/"+tile+"?area="+area, nil)
	if err := json.Unmarshal(r.body, &out); err != nil || r.status != 200 {
		s.t.Fatalf("%s: %d %.300s %v", tile, r.status, r.body, err)
	}
	return out
}

// plain counts by the question of its own, in an area.
func (s *site) plain(key, of, area, first string, wide bool) (n int64) {
	s.t.Helper()
	q := plainly[key] + " AND h.area LIKE '" + area + "%'"
	if !wide && strings.Contains(q, "FROM warnings h") {
		q += " AND h.state <> 'county'"
	}
	q = strings.NewReplacer(":of", "'"+of+"'", ":today", "'"+s.today()+"'", ":first", "'"+first+"'").Replace(q)
	rows, err := s.server.Engine.Query(s.t.Context(), q)
	if err != nil {
		s.t.Fatalf("%s: %v", key, err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		if err := rows.Scan(&n); err != nil {
			s.t.Fatal(err)
		}
	}
	return n
}

// A figure of the monitor is the number of rows of the list behind it, and what plain
// SQL counts, for whoever looks and wherever.
func TestAFigureIsTheListBehindItAndWhatPlainSQLCounts(t *testing.T) {
	random := enginetest.Random(t)
	s := newSiteAt(t, func() time.Time { return time.Date(2026, 11, 26, 2, 0, 0, 0, time.UTC) })
	s.server.Figures.Keep = 0
	s.invent(random, 70)
	places := map[string][]string{"county": {"", "370281", "370281102", "370281105", "370281102200"}, "auditor": {"", "370281105201"}, "town": {"", "370281102", "370281102201"}}
	names := map[string]string{"county": "370281", "auditor": "370281", "town": "370281102"}
	counted := 0
	for _, tile := range figures.Tiles() {
		for _, f := range tile.Figures {
			if plainly[f.Key] == "" {
				if f.List == figures.Households || f.List == figures.Warnings {
					t.Errorf("%s has no question of its own in this test", f.Key)
				}
				continue
			}
			for range 2 {
				who := []string{"county", "auditor", "town"}[random.IntN(3)]
				area := places[who][random.IntN(len(places[who]))]
				values := s.tile(who, tile.Key, area)
				got := counting.Count{Of: "2001-01"} // nothing is split by that
				if n := len(values.Figures[f.Key]); n > 0 {
					got = values.Figures[f.Key][random.IntN(n)]
					counted++
				}
				split := int64(0)
				for _, p := range values.ByPlace[f.Key] {
					if p.Of == got.Of {
						split += p.Count
					}
				}
				if f.Of == figures.Whole && got.Of != "" {
					got.Of = ""
				}
				in := area
				if in == "" {
					in = names[who]
				}
				list := s.listed(who, consolePrefix+"/"+string(f.List)+"?"+url.Values{"figure": {f.Key}, "of": {got.Of}, "area": {area}}.Encode())
				if want := s.plain(f.Key, got.Of, in, "2025-12-01", who != "town"); got.Count != want || list != want || split != want {
					t.Errorf("%s of %q in %q for the %s: %d (%d by place), its list has %d, plain SQL counts %d", f.Key, got.Of, area, who, got.Count, split, list, want)
				}
			}
		}
	}
	if counted < 25 {
		t.Errorf("only %d figures had anything to count", counted)
	}
}

// The health of the exchange: what waits is what the queues and the list of tablets show.
func TestTheExchangesFiguresAreItsQueues(t *testing.T) {
	s := newSite(t)
	s.server.Figures.Keep = 0
	s.scene("本处金丝雀", ownVillage, "worker", "worker2", "town")
	s.scene("他乡金丝雀", farVillage, "farworker", "farworker2", "fartown")
	s.exec(`UPDATE sync_devices SET last_seen = '2026-01-01T00:00:00.000Z' WHERE num = (SELECT min(num) FROM sync_devices WHERE kind = 'tablet')`)
	lists := map[string]string{"tablets": consolePrefix + "/devices?figure=tablets", "silent": consolePrefix + "/devices?figure=silent", "reviews": syncPrefix + "/reviews?state=open",
		"cases": syncPrefix + "/cases?state=open", "held": syncPrefix + "/ops?outcome=held", "rejected": syncPrefix + "/ops?outcome=rejected", "lost": syncPrefix + "/ops?outcome=lost"}
	for who, silent := range map[string]int64{"county": 1, "town": 1, "fartown": 0} {
		tile := s.tile(who, "sync", "")
		if len(tile.Figures) != len(lists) {
			t.Errorf("%d figures, %d lists", len(tile.Figures), len(lists))
		}
		for key, path := range lists {
			got := int64(0)
			for _, c := range tile.Figures[key] {
				got += c.Count
			}
			if list := s.listed(who, path); got != list || key == "tablets" && got == 0 || key == "silent" && got != silent {
				t.Errorf("%s for %s: %d, its list has %d", key, who, got, list)
			}
		}
	}
}

// A figure is asked of its own list, within one's own area; what is another's looks like
// what is not there.
func TestAFigureIsRefusedWhereItSaysNothing(t *testing.T) {
	s := newSite(t)
	for path, status := range map[string]int{
		"/figures/register?area=370281105": 404, "/figures/register?area=370299": 404, "/figures/nothing": 404, "/households?figure=open": 400, "/households?figure=none": 400,
		"/households?figure=registered&of=destitute": 400, "/households?figure=registered&area=370281105": 404, "/warnings?figure=seen": 400, "/devices?figure=held": 400,
	} {
		if r := s.ask("town", "GET", consolePrefix+path, nil); r.status != status {
			t.Errorf("%s: %d %.200s", path, r.status, r.body)
		}
	}
}

// What was counted stands while nothing is written and for a moment after; then, and on
// another day, it is counted anew.
func TestFiguresAreCountedAnewWhenTheCountyHasMovedOn(t *testing.T) {
	clock := clockAt(time.Date(2026, 11, 26, 2, 0, 0, 0, time.UTC))
	s := newSiteAt(t, clock.now)
	asOf := func() string { return s.tile("county", "register", "").AsOf }
	first := asOf()
	clock.at.Add(time.Hour.Milliseconds())
	if asOf() != first {
		t.Error("counted again though nothing was written")
	}
	s.poor(ownVillage, "张三")
	if got := asOf(); got == first {
		t.Error("an hour old, and something was written since")
	}
	second := asOf()
	clock.at.Add((counting.KeptFor / 2).Milliseconds())
	s.poor(ownVillage, "李四")
	if asOf() != second {
		t.Error("counted again within the time that figures are kept")
	}
	clock.days(1)
	if asOf() == second {
		t.Error(fmt.Sprint("yesterday's figures: ", second))
	}
	if !slices.Contains(s.tile("town", "register", "").Months, "2026-11") {
		t.Error("the present month is not among the months")
	}
}
