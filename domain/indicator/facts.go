package indicator

import "time"

// Fact is one value of a record as the rules see it.
type Fact[T any] struct {
	Now       *T     // the current value, confirmed or not; nil: unknown
	Confirmed *T     // what Now is compared with: the last value that the town had confirmed before it; nil: none
	Cause     string // the id of the operation (or record) that made Now what it is; "": nothing new, gives no finding
}

// Facts is a household on a day. The caller leaves out what it does not know.
type Facts struct {
	Today     time.Time
	Household Household
	Members   []Member
	Changes   []StatusChange // reported and not returned by the town
}

// Household holds what the household's own record says.
type Household struct {
	InRegister    *bool // holds a category today
	MonthlyIncome Fact[float64]
}

// Member is one person of the household.
type Member struct {
	ID             string
	Name           string
	BirthDate      string // YYYY-MM-DD, "" unknown
	Joined         string // the id of the operation that added the person, where the town has not confirmed it yet
	Earner         *bool  // 主要劳动力
	Alive          Fact[bool]
	DeathDate      string
	Health         Fact[string]
	Illness        string
	SelfCareFailed Fact[[]string]
	Guardian       Fact[string]
}

// StatusChange is what somebody reported on the spot.
type StatusChange struct {
	ID         string // the record's id, which becomes the evidence's
	Kind       string
	Member     string // "" where the report names nobody
	HappenedOn string
	Amount     *float64
}

// Finding is one cause that an indicator found. Findings with the same Code belong
// in one open warning; Evidence.ID is the same at every evaluation, so that a
// finding whose evidence a warning already holds (an open or a closed one) is
// nothing new.
type Finding struct {
	Code     string
	Level    Level
	Member   string
	Title    string
	Evidence Evidence
	Due      string // to be verified by, YYYY-MM-DD
	Dispose  string // to be settled by, YYYY-MM-DD
}

// Evidence is what a finding rests on.
type Evidence struct {
	ID   string
	Text string
}

// living reports whether a person counts in the household: whoever is not known
// to be dead.
func living(alive *bool) bool { return alive == nil || *alive }

func value[T any](p *T) T {
	if p == nil {
		var zero T
		return zero
	}
	return *p
}
