package search

import (
	"context"
	"flag"
	"fmt"
	"testing"
	"time"

	"doorstep/interop"
	"doorstep/interop/dci"
	"doorstep/province/servers"
	"doorstep/province/store"
)

var people = flag.Int("people", 20_000, "how many the benchmark's province has")

// The searches that are taken, over a province of many people, and those that the indexes
// refuse: go test ./province/search -run '^$' -bench . -benchtime 50x -args -people 2000000
func BenchmarkSearchOfAProvince(b *testing.B) {
	st, err := store.Open(b.Context(), servers.NewPostgres(b).URL("search"))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(st.Close)
	_, county, opener := servers.Keys(b)
	r := &Register{Store: st, Opener: opener, Now: time.Now}
	number := servers.Number("371300", 1)
	say := servers.NewTelling(b, st, county)
	say.Says("371300", "h1", "households", "h1", "371300101200", obj{"state": "active"})
	say.Person("371300", "m1", "h1", "371300101200", "于秀英", number, obj{"sex": "2", "birth_date": "1952-03-04", "alive": true})
	for _, sql := range []string{fmt.Sprintf(province, *people), `ANALYZE records`} {
		if _, err := st.Pool.Exec(context.Background(), sql); err != nil {
			b.Fatal(err)
		}
	}
	began := time.Now()
	if err := Open(b.Context(), r); err != nil {
		b.Fatal(err)
	}
	b.Logf("indexes: %s", time.Since(began).Round(time.Millisecond))
	if _, err := st.Pool.Exec(context.Background(), `VACUUM ANALYZE records`); err != nil {
		b.Fatal(err)
	}
	plans := &site{register: r}
	sender := &dci.Sender{Areas: []string{"37"}, Attributes: []string{dci.AttrSex, dci.AttrArea, dci.AttrCategory}, Found: 1000}
	for _, c := range []struct{ name, query string }{
		{"number", `[{"expression1":{"attribute_name":"UIN","operator":"eq","attribute_value":"` + number + `"}}]`},
		{"town", `[{"expression1":{"attribute_name":"area_code","operator":"eq","attribute_value":"371305003"}},{"expression1":{"attribute_name":"assistance_category","operator":"eq","attribute_value":"destitute"}}]`},
		{"county", `[{"expression1":{"attribute_name":"area_code","operator":"eq","attribute_value":"371305"}},{"expression1":{"attribute_name":"assistance_category","operator":"eq","attribute_value":"destitute"}}]`},
		{"birthday", `[{"expression1":{"attribute_name":"birth_date","operator":"eq","attribute_value":"1952-03-04"}}]`},
		{"births of a month", `[{"expression1":{"attribute_name":"birth_date","operator":"ge","attribute_value":"1952-03-01"}},{"expression1":{"attribute_name":"birth_date","operator":"lt","attribute_value":"1952-04-01"}},{"expression1":{"attribute_name":"assistance_category","operator":"eq","attribute_value":"destitute"}}]`},
	} {
		b.Run(c.name, func(b *testing.B) {
			where, err := dci.ParseQuery(dci.ByPredicate, []byte(c.query))
			if err != nil {
				b.Fatal(err)
			}
			b.Log(plans.plan(b, &where))
			total := 0
			for b.Loop() {
				found, err := r.Find(b.Context(), interop.Inquiry{Arrival: interop.Arrival{Sender: sender}, Where: where, Size: 20, Page: 1})
				if err != nil && err != error(dci.TooManyRecords) {
					b.Fatal(err)
				}
				total = found.Total
			}
			b.ReportMetric(float64(total), "found")
		})
	}
}

// province is people of 150 counties, three to a household, one household in seven destitute.
const province = `INSERT INTO records (county, record, type, generation, term, seq, gone, household, area, "values", blind)
	SELECT c, k || CASE k WHEN 'h' THEN n / 3 ELSE n END, CASE k WHEN 'h' THEN 'households' WHEN 'c' THEN 'categories' ELSE 'members' END, 1, 't', n, false, 'h' || n / 3, c || lpad((n / 450 %% 17)::text, 3, '0') || '200',
		CASE k WHEN 'h' THEN '{"state": "active", "last_visited": "2026-10-01"}'::jsonb WHEN 'c' THEN jsonb_build_object('category', CASE WHEN n %% 21 = 0 THEN 'destitute' ELSE 'subsistence' END, 'from', '2024-01-01')
			ELSE jsonb_build_object('sex', (1 + n %% 2)::text, 'birth_date', (date '1930-01-01' + (n::bigint * 7919 %% 29000)::int)::text, 'relation', '02', 'alive', true, 'work_state', 'farming') END,
		CASE k WHEN 'm' THEN md5(n::text) ELSE '' END
	FROM generate_series(3, %d) n, LATERAL (SELECT (371300 + n / 3 %% 150)::text c) x, unnest(CASE WHEN n %% 3 = 0 THEN ARRAY['h', 'c', 'm'] ELSE ARRAY['m'] END) k`
