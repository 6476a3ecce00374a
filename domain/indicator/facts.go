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
	Today        time.Time
	Household    Household
	Members      []Member
	Changes      []StatusChange // reported and not returned by the town
	Categories   []Category     // all that it holds or held; nil: not known, empty: none
	Entitlements []Entitlement
	Given        []Given // 一户一条救助链
	Reported     []Reported
}

// Household holds what the household's own record says.
type Household struct {
	State         string // active, closed
	MonthlyIncome Fact[float64]
	Property      Fact[[]string]
	LivesAlone    *bool
	ReviewClass   string
	MedicalCost   *float64
	RigidCost     *float64
	Urban         *bool
	HousingKind   string
	HousingGrade  string
	Tags, Needs   []string
	LastVisited   string   // YYYY-MM-DD, "" never as far as is known
	IncomeLine    *float64 // 元 a head and month: over it the category that it holds does not stand; nil: unknown
}

// Member is one person of the household.
type Member struct {
	ID              string
	Name            string
	BirthDate       string // YYYY-MM-DD, "" unknown
	Joined          string // the id of the operation that added the person, where the town has not confirmed it yet
	Earner          *bool  // 主要劳动力
	Alive           Fact[bool]
	DeathDate       string
	Health          Fact[string]
	Illness         string
	SelfCareFailed  Fact[[]string]
	Guardian        Fact[string]
	DisabilityKind  Fact[string]
	DisabilityGrade Fact[string]
	SchoolStage     string
	WorkState       string
	Insured         *bool
}

// StatusChange is what somebody reported on the spot.
type StatusChange struct {
	ID         string // the record's id, which becomes the evidence's
	Kind       string
	Member     string // "" where the report names nobody
	HappenedOn string
	Amount     *float64
	Confirmed  bool // the town has accepted it
}

// Category is what the household, or one member alone, holds or held.
type Category struct {
	ID, Category, SupportForm, Member string
	From, To                          string // YYYY-MM-DD; To "": without end
}

// Entitlement is an item of the matrix with how it stands.
type Entitlement struct {
	Item, Member, State string
	Cause               string // the operation that brought it to this state
}

// Given is one link of the chain.
type Given struct {
	ID, Item, Member, State, Period, GivenOn string
	Amount                                   *float64
}

// Finding is one cause that an indicator found. Findings with the same Code belong
// in one open warning; Evidence.ID is the same at every evaluation, so that a
// finding whose evidence a warning already holds (an open or a closed one) is
// nothing new.
type Finding struct {
	Code      string
	Level     Level
	Member    string
	Title     string
	Evidence  Evidence
	Confirmed bool   // rests on what the town confirmed, a department says or the chain holds; else on a report that waits
	Due       string // to be verified by, YYYY-MM-DD
	Dispose   string // to be settled by, YYYY-MM-DD
}

// Evidence is what a finding rests on.
type Evidence struct {
	ID   string
	Text string
}

// living reports whether a person counts in the household: whoever is not known
// to be dead.
func living(alive *bool) bool { return alive == nil || *alive }

// heads is how many share the household, as far as is known.
func (f Facts) heads() int {
	n := 0
	for _, m := range f.Members {
		if living(m.Alive.Now) {
			n++
		}
	}
	return n
}

// held are the categories that stand today.
func (f Facts) held() []Category {
	var out []Category
	today := f.day()
	for _, c := range f.Categories {
		if c.From <= today && (c.To == "" || c.To >= today) {
			out = append(out, c)
		}
	}
	return out
}

// inRegister reports whether the household holds a category today; nil: unknown.
func (f Facts) inRegister() *bool {
	if f.Categories == nil {
		return nil
	}
	in := len(f.held()) > 0
	return &in
}

func (f Facts) day() string { return f.Today.Format(time.DateOnly) }

// daysSince counts from a date to today; false where it is none.
func (f Facts) daysSince(date string) (int, bool) {
	from, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return 0, false
	}
	to, _ := time.Parse(time.DateOnly, f.day())
	return int(to.Sub(from).Hours() / 24), true
}

func value[T any](p *T) T {
	if p == nil {
		var zero T
		return zero
	}
	return *p
}
