package demo

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"time"

	"doorstep/domain/idnumber"
)

// ids mints UUIDv7 (RFC 9562) whose time runs with the records, so that they are
// inserted in order of their keys.
type ids struct {
	random *rand.Rand
	milli  uint64
}

// recordsApart is the room, in milliseconds, between two households' first ids;
// a household has fewer records than that.
const recordsApart = 128

func newIDs(random *rand.Rand, today time.Time, index int) ids {
	// Ids begin a year before today, so that none lies in the future.
	first := today.AddDate(-1, 0, 0).UnixMilli()
	return ids{random, uint64(first) + uint64(index)*recordsApart}
}

func (s *ids) next() string {
	s.milli++
	var b [16]byte
	binary.BigEndian.PutUint64(b[0:], s.milli<<16|s.random.Uint64()&0x0fff|0x7000)
	binary.BigEndian.PutUint64(b[8:], s.random.Uint64()&0x3fffffffffffffff|0x8000000000000000)
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[0:4], b[4:6], b[6:8], b[8:10], b[10:])
}

func pick[T any](m *maker, from []T) T { return from[m.IntN(len(from))] }

// between draws from low to high, both included.
func (m *maker) between(low, high int) int { return low + m.IntN(high-low+1) }

func (m *maker) chance(share float64) bool { return m.Float64() < share }

// money draws an amount in whole tens of yuan.
func (m *maker) money(low, high int) float64 { return float64(m.between(low/10, high/10) * 10) }

// weighted draws an index by weight.
func (m *maker) weighted(weights ...int) int {
	sum := 0
	for _, w := range weights {
		sum += w
	}
	n := m.IntN(sum)
	for i, w := range weights {
		if n -= w; n < 0 {
			return i
		}
	}
	return len(weights) - 1
}

// daysAgo is the day so many days before today, as records keep it.
func (m *maker) daysAgo(n int) string { return m.today.AddDate(0, 0, -n).Format(time.DateOnly) }

// identities hands out ID numbers, each once: it counts them by birth date and
// sex, so its size is bounded by the days of a century, not by the county's people.
type identities map[string]int

// draw is a number nobody has yet. A day has 499 numbers for each sex; should they
// run out the birth date moves on by a day.
func (t identities) draw(county string, born time.Time, sex string) (idnumber.Number, time.Time) {
	for {
		key := born.Format("20060102") + sex
		n := t[key]
		if n >= 499 {
			born = born.AddDate(0, 0, 1)
			continue
		}
		t[key] = n + 1
		// Spread over the day's range, so that numbers do not all end alike.
		seq := 2 * (((born.Year()+born.YearDay())*37 + n*7) % 499)
		if sex == "1" {
			seq++
		} else {
			seq += 2
		}
		number, err := idnumber.Make(county, born, seq)
		if err != nil {
			panic(err) // the county's code and a date of this century are valid
		}
		return number, born
	}
}
