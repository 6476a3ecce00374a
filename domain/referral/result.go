package referral

// Result is one answer that a department may give, and what follows from it.
type Result struct {
	Kind    Kind
	Code    string
	Gives   string // the state of the entry in the chain of help; "" none is made
	Warning string // the state of the warning behind it; "" a person looks at it again
}

// results: a delivery becomes an entry of the chain (一户一条救助链) and settles its
// warning; everything else leaves the warning to a person, because a comparison or
// an answer never decides by itself.
var results = []Result{
	{Deliver, "delivered", "given", "delivered"},
	{Deliver, "scheduled", "planned", "delivered"},
	{Deliver, "already", "", ""},
	{Deliver, "ineligible", "", ""},
	{Verify, "confirmed", "", ""},
	{Verify, "partly", "", ""},
	{Verify, "refuted", "", ""},
	{Verify, "unknown", "", ""},
}

// Results lists the answers to one kind.
func Results(kind Kind) []Result {
	var out []Result
	for _, r := range results {
		if r.Kind == kind {
			out = append(out, r)
		}
	}
	return out
}

// ResultOf finds an answer; ok is false if the kind knows none of that code.
func ResultOf(kind Kind, code string) (Result, bool) {
	for _, r := range results {
		if r.Kind == kind && r.Code == code {
			return r, true
		}
	}
	return Result{}, false
}

// waits is what a warning is while its referral is under way: a question keeps it
// open, and on the tablet; what was handed on is the department's.
var waits = map[Kind]string{Deliver: "referred", Verify: "verifying"}

// WarningWhile is the state of the warning behind a referral that is under way.
func WarningWhile(kind Kind) string { return waits[kind] }

// WarningAfter is its state when the referral has ended without settling it:
// open again, for a person.
const WarningAfter = "open"
