package handover

import "slices"

// Purpose is why a column travels to the other county. What serves none stays.
type Purpose string

const (
	Enrol     Purpose = "建档"   // the household and its people stand in the other county's register without being asked again
	Determine Purpose = "认定"   // what the other county's determination rests on
	Contact   Purpose = "联系"   // whoever takes it over has to reach them
	Chain     Purpose = "救助链"  // what was given, by whom, since when: nothing twice, nothing cut off
	Known     Purpose = "了解情况" // when somebody was there last
)

// Column is a field that travels.
type Column struct {
	Name    string
	Purpose Purpose
}

// Type is a record type that travels; of more than Most records the newest by By go.
type Type struct {
	Name    string
	Most    int
	By      string // the date by which the newest are known; "" all alike
	Columns []Column
}

// travels is the table. A column of sync/policy stands here or in stays: a test walks both.
var travels = []Type{
	{"households", 1, "", []Column{
		{"registered_region", Enrol}, {"head_name", Enrol}, {"phone", Contact}, {"review_class", Determine}, {"lives_alone", Determine},
		{"monthly_income", Determine}, {"medical_cost_12m", Determine}, {"rigid_cost_12m", Determine}, {"property", Determine}, {"cause", Determine},
		{"tags", Enrol}, {"needs", Enrol},
	}},
	{"members", 60, "", []Column{
		{"name", Enrol}, {"id_kind", Enrol}, {"id_number", Enrol}, {"sex", Enrol}, {"birth_date", Enrol}, {"relation", Enrol}, {"nation", Enrol},
		{"marriage", Enrol}, {"education", Enrol}, {"phone", Contact}, {"health", Determine}, {"illness", Determine}, {"disability_kind", Determine},
		{"disability_grade", Determine}, {"disability_certificate", Determine}, {"capacity_to_work", Determine}, {"self_care_failed", Determine},
		{"guardian", Contact}, {"work_state", Determine}, {"school_stage", Determine}, {"insured", Determine}, {"monthly_income", Determine},
		{"earner", Determine}, {"alive", Enrol}, {"death_date", Enrol},
	}},
	{"categories", 60, "from", []Column{
		{"member", Enrol}, {"category", Chain}, {"support_form", Chain}, {"from", Chain}, {"to", Chain},
	}},
	{"determinations", 8, "determined_on", []Column{
		{"determined_on", Determine}, {"rules", Determine}, {"start", Determine}, {"trace", Determine}, {"status", Determine}, {"result", Determine},
		{"state", Determine}, {"decided_on", Determine}, {"next_review", Determine},
	}},
	{"applications", 20, "applied_on", []Column{
		{"applicant", Determine}, {"applied_on", Determine}, {"way", Determine}, {"state", Determine}, {"accepted_on", Determine}, {"procedure", Determine},
	}},
	{"assistance", 240, "given_on", []Column{
		{"member", Chain}, {"item", Chain}, {"department", Chain}, {"amount", Chain}, {"period", Chain}, {"given_on", Chain}, {"state", Chain},
	}},
	{"visits", 60, "visited_on", []Column{
		{"kind", Known}, {"visited_on", Known}, {"outcome", Known},
	}},
}

// Why is the reason for which a column, or a whole type, stays.
type Why string

const (
	Words   Why = "自由文字"   // whoever wrote it may have named anybody
	Picture Why = "照片签名"   // pictures and signatures are of those who were there
	Staff   Why = "工作人员"   // who did it: the county that gives answers for its people
	Inner   Why = "县内流程"   // a step inside the county's own work
	Place   Why = "原住处"    // of a house in which they live no more
	Anew    Why = "迁入地另定"  // the other county says it for itself
	Excess  Why = "接收方不需要" // serves none of the purposes
)

// stays is the other half; "" stands for the whole type.
var stays = map[string]map[string]Why{
	"households": {"region": Anew, "number": Anew, "urban": Anew, "address": Place, "place": Place, "housing_kind": Place, "housing_grade": Place,
		"remarks": Words, "last_visited": Anew, "state": Anew, "state_reason": Anew},
	"members":        {"household": Anew},
	"categories":     {"household": Anew, "basis": Words},
	"determinations": {"household": Anew, "application": Inner, "basis": Words, "opinion": Words, "reviewer": Staff, "reviewed_by": Staff, "reviewed_on": Inner, "decider": Staff, "decided_by": Staff, "decision": Words},
	"applications":   {"household": Anew, "determination": Inner, "proxy": Excess, "proxy_relation": Excess, "consents": Excess, "signatures": Picture, "reason": Words, "continues": Inner, "supplements": Words},
	"assistance":     {"household": Anew, "source": Inner},
	"visits": {"household": Anew, "met": Words, "visitors": Staff, "changes": Excess, "needs": Excess, "conclusion": Words, "signature": Picture, "place": Place,
		"task": Inner, "supplements": Words, "visitor": Staff},
	"status_changes": {"": Words}, "followups": {"": Words}, "complaints": {"": Words}, "photos": {"": Picture}, "tasks": {"": Inner},
	"entitlements": {"": Anew}, "publicity": {"": Inner}, "warnings": {"": Anew}, "referrals": {"": Inner}, "deliberations": {"": Words},
}

// Travels is the table, in the order in which it is read.
func Travels() []Type { return travels }

// Lookup is a type that travels; nil it stays.
func Lookup(name string) *Type {
	i := slices.IndexFunc(travels, func(t Type) bool { return t.Name == name })
	if i < 0 {
		return nil
	}
	return &travels[i]
}

// Stays says why a column stays; "" it travels, or nobody has decided.
func Stays(typ, column string) Why {
	if whole := stays[typ][""]; whole != "" {
		return whole
	}
	return stays[typ][column]
}

// Staying are the names of the other half, for the test that looks for what is no field.
func Staying() map[string][]string {
	out := map[string][]string{}
	for typ, columns := range stays {
		for c := range columns {
			out[typ] = append(out[typ], c)
		}
	}
	return out
}

// Days within which a county may begin: aid is given by months, so it may take over the
// running month or begin with the next one.
const (
	BeginsBack  = 31
	BeginsAhead = 62
)
