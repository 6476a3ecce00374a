// Package matching is the comparison of departments' lists with the register
// (大数据比对, policy 三(三)): which lists there are and what their columns mean, how
// a cell becomes a value, who of the register a row speaks of and how surely, and
// what follows from it.
//
// It is pure: the caller (register) reads files, finds candidates and household
// facts, and stores results. It decides nothing about a family: every result is a
// suspicion for a person to look at, and what becomes a warning is domain/indicator's.
package matching

// Result is what a row says about a person, the classes of 三(三).
type Result string

const (
	NotHelped    Result = "not_helped"    // 疑似应助未助
	NotDelivered Result = "not_delivered" // 政策未落实
	Duplicate    Result = "duplicate"     // 重复救助
	DeadPaid     Result = "dead_paid"     // 死亡仍发放
	Ineligible   Result = "ineligible"    // 疑似不再符合条件
	Identity     Result = "identity"      // 身份信息冲突: a person looks at it
	Nothing      Result = "nothing"       // 无异常
)

// Results lists the classes with their official words, in the order of their weight.
var Results = []struct {
	Result Result
	Label  string
}{
	{DeadPaid, "死亡仍发放"}, {Duplicate, "重复救助"}, {NotHelped, "疑似应助未助"}, {NotDelivered, "政策未落实"},
	{Ineligible, "疑似不再符合条件"}, {Identity, "身份信息冲突"}, {Nothing, "无异常"},
}

// Label is the class's official word.
func (r Result) Label() string {
	for _, x := range Results {
		if x.Result == r {
			return x.Label
		}
	}
	return ""
}

// Strength is how surely a row and a person are one.
type Strength string

const (
	Strong       Strength = "strong"        // ID number and name
	NameConflict Strength = "name_conflict" // the ID number alone
	Weak         Strength = "weak"          // name, birth date and village
	Ambiguous    Strength = "ambiguous"     // several people fit
	None         Strength = "none"
)

// Kind is one kind of list.
type Kind struct {
	Code       string
	Label      string
	Department string // sync/policy's word
	Days       int    // agreed frequency (共享频次) by default
	Clause     string
	Columns    []Column // beside the person's own
	Cause      []string // the columns that make a fact the same fact in the next list
	Rules      []Rule   // the first that holds; none: nothing
	Needs      Needs
	Whole      bool // each list is the whole of what is so: a later one takes the place of the one before
}

// Needs is what the rules of a kind look at, so that no more is read.
type Needs struct {
	Items    []string // assistance items
	Property bool
}

// Rule is one row: under these conditions, this result. Conditions are names of the
// table in conditions.go, "!" before one means not, "item:" names an item delivered.
type Rule struct {
	When   []string
	Result Result
	Reason string
}

// Lookup finds a kind; nil if there is none.
func Lookup(code string) *Kind {
	for i := range kinds {
		if kinds[i].Code == code {
			return &kinds[i]
		}
	}
	return nil
}

// Kinds lists the table.
func Kinds() []Kind { return kinds }
