// Package assistance is the matrix of assistance (分层分类社会救助, policy 四) as one
// table: who each item is for, by category, under which conditions, and the card
// that explains it; and the pure functions that hold a household's facts and its
// chain of help (救助链) against it.
//
// It reads no record and writes none: register/ gathers the facts and keeps what
// comes out. An unknown fact gives a question for the next visit, never a warning;
// what the policy does not name is "not named", which is never a no. It does not
// determine categories: what a household holds comes in with the facts.
package assistance

// Column is a column of the matrix: the category that a household holds.
type Column int

const (
	Subsistence  Column = iota // 最低生活保障
	Destitute                  // 特困人员
	Marginal                   // 低保边缘家庭
	RigidExpense               // 刚性支出困难家庭
	Others                     // 防止返贫监测对象、其他困难人员, and who holds none
	columns
)

// Kind is what a cell says.
type Kind int

const (
	NotNamed Kind = iota // –: the policy names it not; never "no"
	Named                // named; with conditions, named if they hold
	May                  // may apply for it (可申请): a person must want it
	Other                // 其他符合条件: qualifies by the department's rule
	ByCost               // by the cost that arose
	ByRule               // 按规定: by a rule of its own
	Offer                // offered, not owed (慈善)
	Homeless             // persons without a household (生活无着)
)

// Cell is one cell: what it says, whether of the household or of each member, and
// the conditions that follow it.
type Cell struct {
	Kind Kind
	Each bool // asked of each member
	If   []condition
}

// Item is one row of the matrix with its card.
type Item struct {
	Code        string // of sync/policy, under which help is kept
	Title       string // the official word
	Clause      string // of 胶民政发〔2024〕61号
	Departments []string
	Cells       [columns]Cell
	Needs       []condition // beside every cell: what makes the item concern somebody
	Dead        bool        // asked of who has died
	Wish        string      // a need of sync/policy that must be stated; "": none
	FreshDays   int         // [C] so long a delivery counts; 0: for good
	Plain       string      // what it is, in plain words
	Who         string      // who qualifies
	How         string      // how to apply
}

// All lists the matrix, in the order of the policy.
func All() []Item { return matrix }

// Lookup finds an item by its code; nil if there is none.
func Lookup(code string) *Item {
	for i := range matrix {
		if matrix[i].Code == code {
			return &matrix[i]
		}
	}
	return nil
}

// State is what the matrix says of a household.
type State int

const (
	StateNotNamed  State = iota // 未列明
	StateOnRequest              // 可申请: the department decides, or somebody must want it
	StateToVerify               // 待核实: a fact is unknown, or asks for a person's look
	StateEntitled               // 应享
)

// Need is what the matrix says of one item for one household or member.
type Need struct {
	Item   string
	Member string // "" the household as a whole
	State  State
	Reason string   // with the clause, the column and what was found
	Ask    []string // what a visitor asks, where it is to be verified
}

// NamedFor lists the categories for which the policy names the item.
func (it *Item) NamedFor() []string {
	out := []string{}
	for column, category := range categoryOf {
		if it.Cells[column].Kind == Named {
			out = append(out, category)
		}
	}
	return out
}

// categoryOf is the category of each column but the last.
var categoryOf = [Others]string{"subsistence", "destitute", "marginal", "rigid_expense"}
