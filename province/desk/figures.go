package desk

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// Figures are what is counted of a place: the county dashboard's own (figures/table.go),
// in the same words, of what goes up.
type Figures struct {
	Homes, People int64
	Kinds         [5]int64 // by Kinds
	Visited       int64    // homes seen within 90 days
	Open, Overdue int64    // warnings
	Owed          int64    // entitled and not delivered
	Late          int64    // referrals past their day
}

// Kinds are the categories' codes and words, in the order of Figures.Kinds.
var Kinds = [5][2]string{{"destitute", "特困人员"}, {"subsistence", "最低生活保障"}, {"marginal", "低保边缘"}, {"rigid_expense", "刚性支出困难"}, {"relapse_risk", "防止返贫监测"}}

// Coverage is of 100 homes how many were seen within 90 days; -1 where there are none.
func (f Figures) Coverage() int64 {
	if f.Homes == 0 {
		return -1
	}
	return f.Visited * 100 / f.Homes
}

func (f *Figures) add(o *Figures) {
	f.Homes += o.Homes
	f.People += o.People
	for i := range f.Kinds {
		f.Kinds[i] += o.Kinds[i]
	}
	f.Visited += o.Visited
	f.Open += o.Open
	f.Overdue += o.Overdue
	f.Owed += o.Owed
	f.Late += o.Late
}

// Place is a prefecture, county or town with its figures.
type Place struct {
	Code, Name string
	Figures
	Heard   time.Time // of a county: when it was heard of last
	Whole   bool
	Silent  bool
	Waiting int64 // messages that are not in the store; -1: not known here
	Known   bool  // a county that was ever heard of
	Silents int   // of a prefecture
}

// Sums are the figures of every town, and how each county stands, at one moment.
type Sums struct {
	At       time.Time
	towns    map[[2]string]*Figures // county, town
	counties map[string]*Place
}

// Bounds of counting.
const (
	keptFor   = 2 * time.Minute // how long sums are shown before they are counted again
	patience  = 3 * time.Second // how long a page waits for that where there are older ones
	countTime = 15 * time.Minute
)

// silentAfter is when a county counts as silent.
const silentAfter = 3 * 24 * time.Hour

// count reads a county's records once. What belongs to a household that is closed does not
// count, as in the county. A county at a time, over its households by the index: one
// statement for all of them took minutes, sorting on disk beside the readers.
const count = `WITH homes AS MATERIALIZED (SELECT record FROM records WHERE county = $3 AND type = 'households' AND NOT gone AND coalesce("values"->>'state', '') <> 'closed'),
said AS MATERIALIZED (SELECT left(r.area, 9) AS town, r.type, r.household,
	CASE WHEN r.type = 'categories' AND coalesce(r."values"->>'from', '') <= $1 AND (coalesce(r."values"->>'to', '') = '' OR r."values"->>'to' >= $1) THEN r."values"->>'category' END AS kind,
	CASE r.type WHEN 'members' THEN r."values"->'alive' IS DISTINCT FROM 'false'::jsonb
		WHEN 'households' THEN r."values"->>'last_visited' > $2
		WHEN 'warnings' THEN r."values"->>'state' IN ('open', 'office', 'county', 'verifying', 'verified', 'referred', 'deliberated')
		WHEN 'entitlements' THEN r."values"->>'state' = 'not_delivered'
		WHEN 'referrals' THEN coalesce(r."values"->>'closed_on', '') = '' END AS counts,
	CASE WHEN r.type IN ('warnings', 'referrals') THEN coalesce(r."values"->>'due_on', '') <> '' AND r."values"->>'due_on' < $1 END AS late
	FROM homes h JOIN records r ON r.county = $3 AND r.household = h.record
	WHERE NOT r.gone AND r.type IN ('households', 'members', 'categories', 'warnings', 'entitlements', 'referrals'))
SELECT town, count(*) FILTER (WHERE type = 'households'), count(*) FILTER (WHERE type = 'members' AND counts),
	count(DISTINCT household) FILTER (WHERE kind = 'destitute'),
	count(DISTINCT household) FILTER (WHERE kind = 'subsistence'),
	count(DISTINCT household) FILTER (WHERE kind = 'marginal'),
	count(DISTINCT household) FILTER (WHERE kind = 'rigid_expense'),
	count(DISTINCT household) FILTER (WHERE kind = 'relapse_risk'),
	count(*) FILTER (WHERE type = 'households' AND counts),
	count(*) FILTER (WHERE type = 'warnings' AND counts),
	count(*) FILTER (WHERE type = 'warnings' AND counts AND late),
	count(*) FILTER (WHERE type = 'entitlements' AND counts),
	count(*) FILTER (WHERE type = 'referrals' AND counts AND late)
FROM said GROUP BY town`

var china = time.FixedZone("CST", 8*60*60)

// part is one county's share of the sums, and as of what it was counted.
type part struct {
	day   string
	heard time.Time
	towns map[string]*Figures
}

// counting is a count under way, or done.
type counting struct {
	done chan struct{}
	sums *Sums
	err  error
}

// Sums counts, or answers what was counted a moment ago; many who look at once wait for
// one count. Where it takes longer than anybody should wait, the figures before are shown.
func (d *Desk) Sums(ctx context.Context) (*Sums, error) {
	d.looking.Lock()
	before := d.kept
	if before != nil && d.Now().Sub(before.At) < keptFor {
		d.looking.Unlock()
		return before, nil
	}
	if d.under == nil {
		d.under = &counting{done: make(chan struct{})}
		go d.count(context.WithoutCancel(ctx), d.under)
	}
	under := d.under
	d.looking.Unlock()
	var enough <-chan time.Time
	if before != nil {
		enough = time.After(patience)
	}
	select {
	case <-under.done:
		return under.sums, under.err
	case <-enough:
		return before, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// count counts for everybody who waits.
func (d *Desk) count(ctx context.Context, c *counting) {
	ctx, cancel := context.WithTimeout(ctx, countTime)
	defer cancel()
	c.sums, c.err = d.counted(ctx)
	d.looking.Lock()
	if d.under = nil; c.err == nil {
		d.kept = c.sums
	}
	d.looking.Unlock()
	close(c.done)
}

// counted counts the counties of which something came since they were counted last, one
// after the other, so that the readers keep the database. One count runs at a time.
func (d *Desk) counted(ctx context.Context) (*Sums, error) {
	s := &Sums{At: d.Now(), towns: map[[2]string]*Figures{}, counties: map[string]*Place{}}
	day := s.At.In(china)
	today, seen := day.Format(time.DateOnly), day.AddDate(0, 0, -90).Format(time.DateOnly)
	if err := d.standings(ctx, s); err != nil {
		return nil, err
	}
	parts := map[string]*part{}
	for county, standing := range s.counties {
		p := d.parts[county]
		if p == nil || p.day != today || !p.heard.Equal(standing.Heard) {
			p = &part{day: today, heard: standing.Heard, towns: map[string]*Figures{}}
			if err := d.countOne(ctx, p, county, today, seen); err != nil {
				return nil, err
			}
		}
		parts[county] = p
		for town, f := range p.towns {
			s.towns[[2]string{county, town}] = f
		}
	}
	d.parts = parts
	return s, nil
}

func (d *Desk) countOne(ctx context.Context, p *part, county, today, seen string) error {
	return pgx.BeginTxFunc(ctx, d.pool, pgx.TxOptions{AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		// Compiling the statement takes longer than it does; and a county is sorted in memory.
		if _, err := tx.Exec(ctx, `SELECT set_config('jit', 'off', true), set_config('work_mem', '32MB', true)`); err != nil {
			return err
		}
		rows, err := tx.Query(ctx, count, today, seen, county)
		if err != nil {
			return err
		}
		var town string
		var f Figures
		_, err = pgx.ForEachRow(rows, []any{&town, &f.Homes, &f.People, &f.Kinds[0], &f.Kinds[1], &f.Kinds[2], &f.Kinds[3], &f.Kinds[4], &f.Visited, &f.Open, &f.Overdue, &f.Owed, &f.Late}, func() error {
			one := f
			p.towns[town] = &one
			return nil
		})
		return err
	})
}

// standings adds when each county was heard of, and what waits of it.
func (d *Desk) standings(ctx context.Context, s *Sums) error {
	list, err := d.pool.Query(ctx, `SELECT county, whole, heard FROM counties`)
	if err != nil {
		return err
	}
	defer list.Close()
	for list.Next() {
		p := &Place{Known: true, Waiting: -1}
		if err := list.Scan(&p.Code, &p.Whole, &p.Heard); err != nil {
			return err
		}
		p.Silent = s.At.Sub(p.Heard) > silentAfter
		s.counties[p.Code] = p
	}
	if err := list.Err(); err != nil || d.Waiting == nil {
		return err
	}
	waiting, err := d.Waiting(ctx)
	if err != nil { // the figures are right without it
		d.Fault(err)
		return nil
	}
	for county, n := range waiting {
		if p := s.counties[county]; p != nil {
			p.Waiting = int64(n)
		}
	}
	return nil
}

// Below are the places within a code: of "" the prefectures, of four digits the
// counties, of six the towns; with their sum.
func (d *Desk) Below(s *Sums, code string) (places []*Place, sum Place) {
	digits := map[int]int{0: 4, 4: 6, 6: 9}[len(code)]
	found := map[string]*Place{}
	at := func(name string) *Place {
		if found[name] == nil {
			found[name] = &Place{Code: name, Name: d.name(name), Waiting: -1}
		}
		return found[name]
	}
	for key, f := range s.towns {
		name := key[0]
		if digits == 9 {
			name = key[1]
		}
		if strings.HasPrefix(key[0], code) && len(name) >= digits {
			at(name[:digits]).add(f)
			sum.add(f)
		}
	}
	for county, standing := range s.counties {
		if !strings.HasPrefix(county, code) || digits == 9 {
			continue
		}
		p := at(county[:digits])
		if digits == 6 {
			p.Heard, p.Whole, p.Silent, p.Waiting, p.Known = standing.Heard, standing.Whole, standing.Silent, standing.Waiting, true
		}
		if standing.Silent {
			p.Silents++
			sum.Silents++
		}
	}
	for _, p := range found {
		places = append(places, p)
	}
	slices.SortFunc(places, func(a, b *Place) int { return strings.Compare(a.Code, b.Code) })
	return places, sum
}

// name is a place's, or its code.
func (d *Desk) name(code string) string {
	for _, full := range []string{code, code + strings.Repeat("0", max(0, 6-len(code)))} {
		if n := d.Names[full]; n != "" {
			return n
		}
	}
	return code
}
