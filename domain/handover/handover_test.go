package handover

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// said is a word as the streams have it.
type said struct {
	word   Word
	result State
}

// book is a county's: its state, whether the household stands in it, and how far it has
// read what comes down to it. A restore puts all three back.
type book struct {
	side  Side
	state State
	holds bool
	read  int
}

// pair is two counties and what went between them. The province passes on each word once
// and the streams keep it for ever.
type pair struct {
	a, b     book
	toA, toB []said
	old      map[Side][]book
}

func (p *pair) say(to *[]said, s said) {
	if !slices.Contains(*to, s) {
		*to = append(*to, s)
	}
}

func (p *pair) do(side Side, act Act) {
	book, to, word := &p.a, &p.toB, Offers
	if side == In {
		book, to, word = &p.b, &p.toA, Answers
	} else if act == Withdraw {
		word = Withdraws
	}
	step, ok := Take(side, act, book.state)
	if !ok {
		return
	}
	p.keep(book)
	book.state = step.To
	switch act {
	case Accept:
		book.holds = true
	case Yield:
		book.holds = false
	}
	if act == Keep || act == Yield { // what people settle by telephone nobody is told
		return
	}
	s := said{word: word}
	if side == In {
		s.result = step.To
	}
	p.say(to, s)
}

func (p *pair) keep(b *book) { p.old[b.side] = append(p.old[b.side], *b) }

// hear reads the next word; twice reads it twice.
func (p *pair) hear(b *book, from []said, twice bool) bool {
	if b.read >= len(from) {
		return false
	}
	p.keep(b)
	s := from[b.read]
	b.read++
	for range map[bool]int{false: 1, true: 2}[twice] {
		h := Hear(b.side, s.word, b.state, s.result)
		if h.To != None {
			b.state = h.To
		}
		b.holds = (b.holds || h.Takes) && !h.Gives
		switch h.Tells {
		case Answers:
			p.say(&p.toA, said{Answers, b.state})
		case Settles:
			p.say(&p.toB, said{Settles, b.state})
		}
	}
	return true
}

func (p *pair) restore(r *rand.Rand, b *book) {
	if list := p.old[b.side]; len(list) > 0 {
		*b = list[r.IntN(len(list))]
	}
}

// Whatever the two do, in whatever order, with words that come twice, counties that are
// restored and clashes that are settled before they are any: in the end the household stands
// in one of them, and both know it.
func TestTheHouseholdStandsInOneCountyInTheEnd(t *testing.T) {
	ends := map[string]int{}
	for seed := range uint64(20_000) {
		r := rand.New(rand.NewPCG(seed, 58))
		p := &pair{a: book{side: Out, holds: true}, b: book{side: In}, old: map[Side][]book{}}
		way := ""
		for range 4 + r.IntN(24) {
			n := r.IntN(11)
			way += fmt.Sprint(n, " ")
			switch n {
			case 0:
				p.do(Out, Offer)
			case 1:
				p.do(Out, Withdraw)
			case 2:
				p.do(In, Accept)
			case 3:
				p.do(In, Refuse)
			case 4, 5:
				p.hear(&p.a, p.toA, r.IntN(3) == 0)
			case 6, 7:
				p.hear(&p.b, p.toB, r.IntN(3) == 0)
			case 8:
				p.restore(r, []*book{&p.a, &p.b}[r.IntN(2)])
			case 9: // too early: the other county has not heard yet that it was taken in
				p.do(In, Keep)
			case 10:
				p.do(In, Yield)
			}
			if !p.a.holds && !p.b.holds && p.b.read >= len(p.toB) {
				t.Fatalf("seed %d (%s): the household is in no book: %+v", seed, way, p)
			}
		}
		for p.hear(&p.a, p.toA, false) || p.hear(&p.b, p.toB, false) {
		}
		if p.b.state == Offered {
			p.do(In, Refuse)
		}
		for p.hear(&p.a, p.toA, false) || p.hear(&p.b, p.toB, false) {
		}
		alike := p.a.state == p.b.state || p.a.state == None || p.a.state == Accepted && p.b.state == Kept
		if p.a.holds == p.b.holds || !alike || p.a.state == Withdrawing {
			t.Fatalf("seed %d (%s): %+v and %+v", seed, way, p.a, p.b)
		}
		ends[fmt.Sprint(p.a.state, " ", p.b.state)]++
	}
	for end, often := range map[string]int{"accepted accepted": 100, "refused refused": 100, "withdrawn withdrawn": 100, "accepted kept": 5} {
		if ends[end] < often {
			t.Errorf("%s was hardly reached: %v", end, ends)
		}
	}
}

func TestALateOfferOpensNothingThatWasTakenBack(t *testing.T) {
	if h := Hear(In, Withdraws, None, None); h.To != Withdrawn || h.Tells != Answers {
		t.Errorf("%+v", h)
	}
	if h := Hear(In, Offers, Withdrawn, None); h != (Heard{}) {
		t.Errorf("%+v", h)
	}
	if h := Hear(In, Withdraws, Accepted, None); h != (Heard{}) {
		t.Errorf("what was accepted was taken back: %+v", h)
	}
	if h := Hear(In, Settles, Accepted, Refused); h.To != Clashed {
		t.Errorf("%+v", h)
	}
}

func TestStatesAndReasonsHaveTheirWords(t *testing.T) {
	for _, s := range Steps() {
		if s.Label == "" || Label(s.Side, s.To) == "" {
			t.Errorf("%+v", s)
		}
	}
	for _, r := range Reasons() {
		if ReasonLabel(r.Code) != r.Label || r.Label == "" {
			t.Errorf("%+v", r)
		}
	}
	if ReasonLabel("nothing") != "" || Label(Out, Clashed) != "" {
		t.Error("words for nothing")
	}
}
