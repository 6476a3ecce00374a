// Package merge decides what one operation does to one record: a pure function
// of (current values, versions, operation, field rules). It is the kernel of
// docs/protocol.md §6.
//
// It knows fields and their rules, never households: which fields exist is told
// by the caller (sync/policy holds the table). It touches no database, clock or
// random source, and mutates none of its arguments.
//
// It is not a validator: types, roles and references are checked before it is
// called (sync/engine), except for what only merging can know (an immutable
// field that already holds another value, a group that is not complete).
package merge

// Rule is the merge policy of one field (protocol §6).
type Rule string

const (
	Latest    Rule = "latest"    // the later arrival stands; the other value stays in the history
	Union     Rule = "union"     // three-way set merge
	Append    Rule = "append"    // items with ids; both, in server order
	Max       Rule = "max"       // the greater value
	Min       Rule = "min"       // the smaller value
	Review    Rule = "review"    // the server's value stands; a case goes to a person
	Immutable Rule = "immutable" // set once; a different value is refused
)

// Field is what the kernel needs to know of one field.
type Field struct {
	Name   string
	Rule   Rule
	Group  string // the group it belongs to, or "": a group has one version and one decision
	Masked bool   // the author sees it masked, so `was` is neither needed nor compared
	Text   bool   // a text value: normalised by trimming; "" is null
}

// Unit is the name under which a version, a decision or a case is kept: the
// group's name if the field belongs to one, else its own.
func (f Field) Unit() string {
	if f.Group != "" {
		return f.Group
	}
	return f.Name
}

// Version says who wrote a unit last. Seqs are server sequence numbers; devices
// are the server's numbers for them (0: nobody).
type Version struct {
	Seq    int64 `json:"seq"`
	Device int64 `json:"device"`
	Other  int64 `json:"other"` // the newest seq written by any device but Device
}

// State is a record as it stands. Values are JSON values (nil, bool, float64,
// string, []any, map[string]any); absent and nil are the same.
type State struct {
	Values   map[string]any
	Versions map[string]Version // by unit
	Cases    map[string]int64   // unit -> the last seq of its open case
}

// Op is one operation, already numbered by the server.
type Op struct {
	Seq      int64
	Device   int64
	Base     int64 // gap-normalised: the record's rev as last pulled by the author
	Create   bool
	Reviewer bool // town and above: its own patch may settle an open case
	Set      map[string]any
	Was      map[string]any // nil where not sent
}

// Outcome is an op's fate.
type Outcome string

const (
	Applied  Outcome = "applied"
	Merged   Outcome = "merged"
	Conflict Outcome = "conflict"
	Rejected Outcome = "rejected"
	Held     Outcome = "held"
	Lost     Outcome = "lost"
)

// What happened to one field that was not simply taken.
const (
	Replaced = "replaced" // took the place of a concurrent value
	Joined   = "joined"   // union, append: both
	Kept     = "kept"     // the server's value stood: max, min
	InCase   = "case"     // goes to a reviewer
	Same     = "same"     // was so already
)

// Refusal says why an op can never succeed as it stands. Code is a code of the
// wire, Field the place.
type Refusal struct {
	Code  string
	Field string
}

// Result is the whole decision. For a rejected op only Outcome and Refusal are set.
type Result struct {
	Outcome  Outcome
	Fields   map[string]string  // field (or group) -> one of the constants above; only those not simply taken
	Set      map[string]any     // values to write, normalised; empty: nothing changes
	Versions map[string]Version // units whose version changes
	Cases    []string           // units that open or join a case, sorted
	Settled  []string           // units whose open case a reviewer's patch settles, sorted
	Refusal  *Refusal
}
