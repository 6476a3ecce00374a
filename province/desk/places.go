package desk

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"doorstep/province/sums"
)

// silentAfter is when a county counts as silent.
const silentAfter = 3 * 24 * time.Hour

// Place is a prefecture, county or town, and how the counties in it stand.
type Place struct {
	Code, Name string
	Counties   int
	Heard      time.Time // of a county: when it was heard of last
	Whole      bool
	Silent     bool
	Waiting    int64     // messages that are not in the store; -1: not known here
	Known      bool      // a county that was ever heard of
	Silents    int       // silent counties in it
	Uncounted  int       // counties in it that have no figures yet
	Failing    []Failing // counties in it that cannot be counted
	Unsaid     int       // counties in it that do not tell when warnings came
	Counted    time.Time // as of when the oldest of its figures are; zero: there are none
}

// Failing is a county that cannot be counted, and since when.
type Failing struct {
	Name  string
	Since time.Time
}

// mostFailing are named on a page.
const mostFailing = 5

// Fails names the counties that cannot be counted.
func (p *Place) Fails() string {
	var list []string
	for _, f := range p.Failing[:min(len(p.Failing), mostFailing)] {
		list = append(list, f.Name+"（自 "+clock(f.Since)+" 起）")
	}
	text := strings.Join(list, "、")
	if len(p.Failing) > mostFailing {
		text += "等"
	}
	return text
}

// levels are how many digits the places within a code have.
var levels = map[int]int{0: 4, 4: 6, 6: 9}

// around is a place and those within it, without their figures.
func (d *Desk) around(ctx context.Context, code string) (whole *Place, within map[string]*Place, err error) {
	list, err := sums.Standings(ctx, d.pool, code)
	if err != nil {
		return nil, nil, err
	}
	waiting := map[string]uint64{}
	if d.Waiting != nil && len(code) > 0 {
		if waiting, err = d.Waiting(ctx); err != nil { // the figures are right without it
			d.Fault(err)
		}
	}
	whole, within = &Place{Code: code, Name: d.name(code), Waiting: -1}, map[string]*Place{}
	for _, s := range list {
		silent := d.Now().Sub(s.Heard) > silentAfter
		whole.take(&s, silent, d.name)
		if len(code) == 6 {
			whole.stands(&s, silent, waiting)
			continue
		}
		key := s.County[:levels[len(code)]]
		if within[key] == nil {
			within[key] = &Place{Code: key, Name: d.name(key), Waiting: -1}
		}
		if within[key].take(&s, silent, d.name); len(key) == 6 {
			within[key].stands(&s, silent, waiting)
		}
	}
	return whole, within, nil
}

// take adds a county to a place.
func (p *Place) take(s *sums.Standing, silent bool, name func(string) string) {
	p.Counties++
	p.Silents += one(silent)
	if !s.Failing.IsZero() {
		p.Failing = append(p.Failing, Failing{name(s.County), s.Failing})
	} else {
		p.Uncounted += one(s.Counted.IsZero())
	}
	p.Unsaid += one(s.Unsaid)
	if !s.Counted.IsZero() && (p.Counted.IsZero() || s.Counted.Before(p.Counted)) {
		p.Counted = s.Counted
	}
}

// stands says of a county itself how it stands.
func (p *Place) stands(s *sums.Standing, silent bool, waiting map[string]uint64) {
	p.Heard, p.Whole, p.Silent, p.Known = s.Heard, s.Whole, silent, true
	if n, ok := waiting[s.County]; ok {
		p.Waiting = int64(n)
	}
}

func one(b bool) int {
	if b {
		return 1
	}
	return 0
}

// towns adds the towns that something was counted in.
func (d *Desk) towns(s *sums.Sums, within map[string]*Place) {
	for _, code := range s.Places() {
		if within[code] == nil {
			within[code] = &Place{Code: code, Name: d.name(code), Waiting: -1}
		}
	}
}

// name is a place's, or its code.
func (d *Desk) name(code string) string {
	if code == "" {
		return "全省"
	}
	for _, full := range []string{code, code + strings.Repeat("0", max(0, 6-len(code)))} {
		if n := d.Names[full]; n != "" {
			return n
		}
	}
	return code
}

// up is the way to a place.
func (d *Desk) up(code string) (out []crumb) {
	if code != "" {
		out = append(out, crumb{"", "全省"})
	}
	if len(code) == 6 {
		out = append(out, crumb{code[:4], d.name(code[:4])})
	}
	return out
}

// area is a page of the figures of a place: the overview, or a part.
func (d *Desk) area(w http.ResponseWriter, r *http.Request, a Account) {
	code, name := r.PathValue("code"), r.PathValue("part")
	_, err := strconv.Atoi(code)
	i := slices.IndexFunc(parts, func(p part) bool { return p.Path == name })
	if code != "" && (err != nil || len(code) != 4 && len(code) != 6) || i < 0 {
		http.NotFound(w, r)
		return
	}
	p := page{By: a, Up: d.up(code), Level: levels[len(code)], Waits: d.Waiting != nil, Parts: parts, Part: &parts[i], Months: d.months()}
	var within map[string]*Place
	if p.Whole, within, err = d.around(r.Context(), code); err != nil {
		d.broken(w, err)
		return
	}
	p.Title = p.Whole.Name
	s, err := sums.Read(r.Context(), d.pool, code, p.Level, parts[i].figures()...)
	if err == nil && parts[i].Path == "" && p.Level == 4 {
		p.Worst, err = d.worst(r.Context(), code)
	}
	if err != nil {
		d.broken(w, err)
		return
	}
	if p.Level == 9 {
		d.towns(s, within)
	}
	if parts[i].Path == "" && p.Level > 4 {
		p.Worst = worstOf(s, d.name)
	}
	p.Table, p.Tiles = compared(s, parts[i].Compare, within, r.URL.Query().Get("by")), drawn(s, parts[i].Tiles, p.Months)
	if parts[i].Path == "" {
		p.Heads = heads(s)
	}
	d.show(w, http.StatusOK, "area", p)
}

// worst ranks the counties of a place.
func (d *Desk) worst(ctx context.Context, code string) ([]Ranking, error) {
	s, err := sums.Read(ctx, d.pool, code, 6, ranked()...)
	if err != nil {
		return nil, err
	}
	return worstOf(s, d.name), nil
}
