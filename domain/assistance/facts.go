package assistance

// Facts is a household on a day; what is unknown is nil or "".
type Facts struct {
	Today      string // YYYY-MM-DD
	Household  Household
	Categories []Category
	Members    []Member
	Reports    []Report // status changes, those that the town returned left out
}

// Household is what its own record says.
type Household struct {
	Urban        *bool
	HousingKind  string
	HousingGrade string
	Needs        []string
	Agreement    *bool // 供养协议: the register does not keep it yet
}

// Category is what it holds or held.
type Category struct {
	Category    string
	SupportForm string // central, home
	Member      string // 单独纳入: of one person
	From, To    string
}

// Member is one person.
type Member struct {
	ID              string
	Name            string
	Sex             string // GB/T 2261.1
	BirthDate       string
	Alive           *bool
	DeathDate       string
	Health          string
	DisabilityKind  string
	DisabilityGrade string
	Capacity        string
	SelfCareFailed  int
	WorkState       string
	SchoolStage     string
	Insured         *bool
}

// Report is a status change; Confirmed once the town has accepted it.
type Report struct {
	Kind       string
	HappenedOn string
	Confirmed  bool
}

// Given is one link of the chain.
type Given struct {
	Item    string
	Member  string
	State   string // of sync/policy: planned, given, returned, ended
	GivenOn string
}
