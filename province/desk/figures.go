package desk

import (
	"context"
	"slices"
	"strings"
	"time"
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

// keptFor is how long sums are shown before they are counted again.
const keptFor = 2 * time.Minute

// silentAfter is when a county counts as silent.
const silentAfter = 3 * 24 * time.Hour

// count reads every record once. What belongs to a household that is closed does not
// count, as in the county.
const count = `SELECT r.county, left(r.area, 9),
	count(*) FILTER (WHERE r.type = 'households'),
	count(*) FILTER (WHERE r.type = 'members' AND r."values"->'alive' IS DISTINCT FROM 'false'::jsonb),
	count(DISTINCT r.household) FILTER (WHERE c AND r."values"->>'category' = 'destitute'),
	count(DISTINCT r.household) FILTER (WHERE c AND r."values"->>'category' = 'subsistence'),
	count(DISTINCT r.household) FILTER (WHERE c AND r."values"->>'category' = 'marginal'),
	count(DISTINCT r.household) FILTER (WHERE c AND r."values"->>'category' = 'rigid_expense'),
	count(DISTINCT r.household) FILTER (WHERE c AND r."values"->>'category' = 'relapse_risk'),
	count(*) FILTER (WHERE r.type = 'households' AND r."values"->>'last_visited' > $2),
	count(*) FILTER (WHERE w),
	count(*) FILTER (WHERE w AND coalesce(r."values"->>'due_on', '') <> '' AND r."values"->>'due_on' < $1),
	count(*) FILTER (WHERE r.type = 'entitlements' AND r."values"->>'state' = 'not_delivered'),
	count(*) FILTER (WHERE r.type = 'referrals' AND coalesce(r."values"->>'closed_on', '') = '' AND coalesce(r."values"->>'due_on', '') <> '' AND r."values"->>'due_on' < $1)
FROM records r
LEFT JOIN records h ON h.county = r.county AND h.record = r.household AND h.type = 'households' AND r.type <> 'households'
CROSS JOIN LATERAL (SELECT
	r.type = 'categories' AND coalesce(r."values"->>'from', '') <= $1 AND (coalesce(r."values"->>'to', '') = '' OR r."values"->>'to' >= $1) AS c,
	r.type = 'warnings' AND r."values"->>'state' IN ('open', 'office', 'county', 'verifying', 'verified', 'referred', 'deliberated') AS w) x
WHERE NOT r.gone AND r.type IN ('households', 'members', 'categories', 'warnings', 'entitlements', 'referrals')
	AND CASE WHEN r.type = 'households' THEN coalesce(r."values"->>'state', '') <> 'closed' ELSE h.record IS NOT NULL AND NOT h.gone AND coalesce(h."values"->>'state', '') <> 'closed' END
GROUP BY 1, 2`

var china = time.FixedZone("CST", 8*60*60)

// Sums counts, or answers what was counted a moment ago; many who look at once wait for
// one count.
func (d *Desk) Sums(ctx context.Context) (*Sums, error) {
	d.counting.Lock()
	defer d.counting.Unlock()
	now := d.Now()
	if d.kept != nil && now.Sub(d.kept.At) < keptFor {
		return d.kept, nil
	}
	s := &Sums{At: now, towns: map[[2]string]*Figures{}, counties: map[string]*Place{}}
	day := now.In(china)
	rows, err := d.pool.Query(ctx, count, day.Format(time.DateOnly), day.AddDate(0, 0, -90).Format(time.DateOnly))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var key [2]string
		f := &Figures{}
		if err := rows.Scan(&key[0], &key[1], &f.Homes, &f.People, &f.Kinds[0], &f.Kinds[1], &f.Kinds[2], &f.Kinds[3], &f.Kinds[4], &f.Visited, &f.Open, &f.Overdue, &f.Owed, &f.Late); err != nil {
			return nil, err
		}
		s.towns[key] = f
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	if err := d.standings(ctx, s); err != nil {
		return nil, err
	}
	d.kept = s
	return s, nil
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
