package life

import (
	"math/rand/v2"
	"slices"
	"time"
)

// event is one happening, or what somebody will take for one.
type event struct {
	kind   *kind
	home   *home
	who    *person
	day    int
	until  int             // the last day on which it is so
	real   bool            // false: a source will tell of it, and it never happened
	need   bool            // somebody has to act
	heard  bool            // some source told of it
	onList map[string]bool // the whole lists that named it before
	word   string          // what a list says of it: a plate, an illness, a grade
	more   string
}

// news is an event on its way to one source.
type news struct {
	*event
	*source
	known int // the day on which the source has it
}

// foretell draws all that will happen, before anything does: what the office does
// changes nothing of it, and a longer story begins as a shorter one.
func (w *world) foretell() {
	for i, h := range w.homes {
		rng := rand.New(rand.NewPCG(uint64(w.Seed), 0xbeef<<32|uint64(i)))
		for k := range kinds {
			kind := &kinds[k]
			if kind.ofHome {
				w.maybe(rng, kind, h, h.people[0])
				continue
			}
			for _, p := range h.people {
				if !p.dead {
					w.maybe(rng, kind, h, p)
				}
			}
		}
		w.schooling(rng, h)
	}
	w.floods()
	slices.SortStableFunc(w.events, func(a, b *event) int { return a.day - b.day })
}

// maybe draws whether it befalls them while the story lasts. How frail a home is nobody
// can see: it is the noise that no score can foretell.
func (w *world) maybe(rng *rand.Rand, k *kind, h *home, p *person) {
	if rng.Float64() < k.yearly(h, p)*h.frail*w.Pace*float64(w.last)/365 {
		w.befall(rng, k, h, p, 1+rng.IntN(max(w.last, 1)))
	}
}

func (w *world) befall(rng *rand.Rand, k *kind, h *home, p *person, day int) *event {
	e := &event{kind: k, home: h, who: p, day: day, until: 1 << 30, real: rng.Float64() >= k.wrong}
	e.need = e.real && rng.Float64() < k.need
	if k.lasts[1] > 0 {
		e.until = day + within(rng, k.lasts)
	}
	e.word, e.more = wordsFor(rng, k.code)
	e.onList = map[string]bool{}
	w.events = append(w.events, e)
	for i := range k.sources {
		s := &k.sources[i]
		missed := rng.Float64() < s.miss
		known := day
		if s.delay[1] > 0 {
			known += within(rng, s.delay)
		}
		if e.real && missed || !e.real && i > 0 { // what never happened one source tells
			continue
		}
		w.queue[known] = append(w.queue[known], &news{e, s, known})
	}
	return e
}

func within(rng *rand.Rand, of [2]int) int { return of[0] + rng.IntN(of[1]-of[0]+1) }

func pick(rng *rand.Rand, from ...string) string { return from[rng.IntN(len(from))] }

// schooling: whoever is fifteen or eighteen on the first of September may go on.
func (w *world) schooling(rng *rand.Rand, h *home) {
	for day := 0; day <= w.last; day++ {
		if on := w.Start.AddDate(0, 0, day); on.Month() != time.September || on.Day() != 1 {
			continue
		}
		for _, p := range h.people {
			stage, share := "", 0.0
			switch years := p.ageOn(w.date(day)); {
			case years == 15 && p.stage == "junior":
				stage, share = "senior", .8
			case years == 18 && (p.stage == "senior" || p.stage == "vocational"):
				stage, share = "tertiary", .5
			}
			if rng.Float64() < share && !p.dead {
				w.befall(rng, lookup("school"), h, p, day).word = stage
			}
		}
	}
}

// floods: storms hit some villages, twice in a year; a third of the homes there suffer.
func (w *world) floods() {
	rng := rand.New(rand.NewPCG(uint64(w.Seed), 0xf100d))
	for range max(1, w.last/180) {
		day, share := 1+rng.IntN(max(w.last-20, 1)), rng.Uint64()
		for _, h := range w.homes {
			var sum uint64
			for _, c := range h.region {
				sum = sum*131 + uint64(c)
			}
			if (sum^share)*0x9e3779b97f4a7c15>>32%100 < 4 && rng.Float64() < .33 {
				w.befall(rng, lookup("flood"), h, h.people[0], day)
			}
		}
	}
}

func (p *person) ageOn(day string) int {
	on, err := time.Parse(time.DateOnly, day)
	born, err2 := time.Parse(time.DateOnly, p.birth)
	if err != nil || err2 != nil {
		return -1
	}
	years := on.Year() - born.Year()
	if born.AddDate(years, 0, 0).After(on) {
		years--
	}
	return years
}

// wordsFor is what a source says of it beside the name.
func wordsFor(rng *rand.Rand, code string) (word, more string) {
	switch code {
	case "illness":
		return pick(rng, "尿毒症", "恶性肿瘤", "急性心肌梗死", "脑卒中后遗症", "白血病"), ""
	case "disability":
		return pick(rng, "1", "2", "4", "4", "4", "5", "6"), pick(rng, "1", "2", "2", "3", "3", "4")
	case "house":
		return pick(rng, "C", "C", "D"), ""
	case "vehicle":
		return "鲁B" + string(rune('A'+rng.IntN(26))) + pick(rng, "1", "2", "3") + pick(rng, "47", "05", "62", "88") + pick(rng, "1", "6", "9"), ""
	case "company":
		return pick(rng, "便利店", "粮油店", "运输队", "家具厂"), ""
	case "guardian":
		return pick(rng, "服刑", "失踪", "死亡"), ""
	case "dropout":
		return pick(rng, "第一中学", "第三中学", "职业学校"), ""
	case "kin":
		return pick(rng, "王某", "李某", "匡某"), ""
	case "moved":
		return pick(rng, "迁入", "迁出"), ""
	}
	return "", ""
}
