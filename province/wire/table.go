// Package wire is what counties and their province say to each other on the stream: the
// one table of what goes up (type, column, how, purpose), the messages, their subjects
// and ids, and the envelope that carries what only the province may read. It is pure:
// no network, no database, no clock; randomness is an argument.
package wire

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
)

// How a column travels.
type How byte

const (
	Plain   How = iota // as it is: codes, dates, amounts
	Sealed             // in the record's envelope, for the province's key alone
	Number             // sealed, and beside it a blind by which the province finds equals
	Whether            // whether there is anything, not what: true, or nothing
	Day                // of a moment, its day by China's clock
)

// Created is when the county's engine entered a record: it keeps that of each beside the
// fields of its type.
const Created = "created"

// Column is one field that goes up, and what the province needs it for.
type Column struct {
	Name    string
	How     How
	Purpose Purpose
}

// Type is a record type that goes up.
type Type struct {
	Name    string
	Columns []Column
}

// Purpose is why a column goes up. What serves none stays in the county.
type Purpose string

const (
	Belongs Purpose = "归属"   // which household, which place: without it nothing can be counted
	Figure  Purpose = "统计"   // sums of the province by place and kind
	Match   Purpose = "跨县比对" // the same person in two counties, died, works, moved
	Answer  Purpose = "共享查询" // who is registered, for those who ask with a purpose
	Watch   Purpose = "督办"   // deadlines, and whether they are kept
)

// up is the table. A column of sync/policy stands here or in stays: a test walks both.
var up = []Type{
	{"households", []Column{
		{"region", Plain, Belongs}, {"registered_region", Plain, Match}, {"urban", Plain, Figure},
		{"review_class", Plain, Watch}, {"lives_alone", Plain, Figure}, {"monthly_income", Plain, Figure},
		{"medical_cost_12m", Plain, Figure}, {"rigid_cost_12m", Plain, Figure}, {"housing_kind", Plain, Figure},
		{"housing_grade", Plain, Figure}, {"cause", Plain, Figure}, {"last_visited", Plain, Watch},
		{"state", Plain, Figure}, {"state_reason", Plain, Match},
	}},
	{"members", []Column{
		{"household", Plain, Belongs}, {"name", Sealed, Answer}, {"id_kind", Plain, Match}, {"id_number", Number, Match},
		{"sex", Plain, Answer}, {"birth_date", Plain, Answer}, {"relation", Plain, Answer}, {"health", Plain, Figure},
		{"disability_kind", Plain, Figure}, {"disability_grade", Plain, Figure}, {"capacity_to_work", Plain, Figure},
		{"work_state", Plain, Match}, {"school_stage", Plain, Figure}, {"insured", Plain, Figure},
		{"alive", Plain, Match}, {"death_date", Plain, Match},
	}},
	{"visits", []Column{
		{"household", Plain, Belongs}, {"kind", Plain, Figure}, {"visited_on", Plain, Watch}, {"outcome", Plain, Figure},
	}},
	{"categories", []Column{
		{"household", Plain, Belongs}, {"member", Plain, Belongs}, {"category", Plain, Answer}, {"support_form", Plain, Figure},
		{"from", Plain, Answer}, {"to", Plain, Answer},
	}},
	{"entitlements", []Column{
		{"household", Plain, Belongs}, {"member", Plain, Belongs}, {"item", Plain, Figure}, {"state", Plain, Figure},
	}},
	{"applications", []Column{
		{"household", Plain, Belongs}, {"applicant", Plain, Belongs}, {"applied_on", Plain, Watch}, {"way", Plain, Figure},
		{"state", Plain, Figure}, {"accepted_on", Plain, Watch}, {"procedure", Plain, Figure}, {"determination", Plain, Belongs},
	}},
	{"determinations", []Column{
		{"household", Plain, Belongs}, {"application", Plain, Belongs}, {"determined_on", Plain, Watch}, {"rules", Plain, Figure},
		{"start", Plain, Figure}, {"status", Plain, Figure}, {"result", Plain, Figure}, {"state", Plain, Figure},
		{"decided_on", Plain, Watch}, {"next_review", Plain, Watch},
	}},
	{"warnings", []Column{
		{"household", Plain, Belongs}, {"member", Plain, Belongs}, {"indicator", Plain, Figure}, {"level", Plain, Figure},
		{"state", Plain, Figure}, {"due_on", Plain, Watch}, {"settle_by", Plain, Watch}, {"confirmed", Plain, Figure},
		{"office", Plain, Figure}, {"department", Plain, Figure}, {"handled_on", Plain, Watch}, {"escalated_on", Plain, Watch},
		// by how many of those that somebody settled an indicator was right, and in which month they came
		{"handled_by", Whether, Figure}, {Created, Day, Figure},
	}},
	{"assistance", []Column{
		{"household", Plain, Belongs}, {"member", Plain, Belongs}, {"item", Plain, Answer}, {"department", Plain, Figure},
		{"amount", Plain, Answer}, {"period", Plain, Answer}, {"given_on", Plain, Answer}, {"state", Plain, Figure},
	}},
	{"referrals", []Column{
		{"household", Plain, Belongs}, {"kind", Plain, Figure}, {"department", Plain, Figure}, {"item", Plain, Figure},
		{"state", Plain, Figure}, {"sent_on", Plain, Watch}, {"due_on", Plain, Watch}, {"overdue_on", Plain, Watch},
		{"closed_on", Plain, Watch}, {"result", Plain, Figure},
	}},
}

// Reason is why a column, or a whole type, stays in the county.
type Reason string

const (
	Words   Reason = "自由文字"   // whoever wrote it may have named anybody
	Contact Reason = "联系方式"   // the county calls, not the province
	Picture Reason = "照片"     // pictures and signatures
	Where   Reason = "定位"     // of a house or a visit
	Staff   Reason = "工作人员"   // who did it: the county answers for its people
	Inner   Reason = "县内流程"   // a step inside the county's own work
	Excess  Reason = "无省级用途"  // nobody at the province needs it for what the table names
	Twice   Reason = "证件号另有列" // says again what another column has sealed
)

// stays is the other half of the table; "" stands for the whole type.
var stays = map[string]map[string]Reason{
	"households": {"number": Excess, "head_name": Excess, "phone": Contact, "address": Contact, "property": Excess,
		"tags": Words, "needs": Words, "remarks": Words, "place": Where},
	"members": {"nation": Excess, "marriage": Excess, "education": Excess, "phone": Contact, "illness": Words,
		"disability_certificate": Twice, "self_care_failed": Excess, "guardian": Excess, "monthly_income": Excess, "earner": Excess},
	"visits": {"met": Words, "visitors": Staff, "changes": Excess, "needs": Words, "conclusion": Words, "signature": Picture,
		"place": Where, "task": Inner, "supplements": Words, "visitor": Staff},
	"status_changes": {"": Words},
	"followups":      {"": Words},
	"complaints":     {"": Words},
	"photos":         {"": Picture},
	"tasks":          {"": Inner},
	"categories":     {"basis": Words},
	"entitlements":   {"reason": Words, "questions": Inner},
	"applications": {"proxy": Excess, "proxy_relation": Words, "consents": Inner, "signatures": Picture, "reason": Words,
		"continues": Inner, "supplements": Words},
	"determinations": {"basis": Excess, "trace": Excess, "opinion": Words, "reviewer": Staff, "reviewed_by": Staff,
		"reviewed_on": Inner, "decider": Staff, "decided_by": Staff, "decision": Words},
	"publicity":  {"": Inner},
	"warnings":   {"title": Words, "evidence": Words, "findings": Words, "reason": Words, "reminded_on": Inner},
	"assistance": {"source": Words},
	"referrals": {"member": Excess, "warning": Inner, "purpose": Words, "received_on": Inner, "urged_on": Inner,
		"answer": Words, "assistance": Inner, "steps": Words},
	"deliberations": {"": Words},
}

// Up are the types that go up, in the table's order. Read only.
func Up() []Type { return up }

// Lookup finds a type that goes up; nil: it stays.
func Lookup(name string) *Type {
	i := slices.IndexFunc(up, func(t Type) bool { return t.Name == name })
	if i < 0 {
		return nil
	}
	return &up[i]
}

// Names are the types that go up.
func Names() []string {
	out := make([]string, len(up))
	for i := range up {
		out[i] = up[i].Name
	}
	return out
}

// TableName changes with the table: where it is another, what was told before lacks
// columns, or has some that stay now.
func TableName() string {
	sum := sha256.New()
	for _, t := range up {
		for _, c := range t.Columns {
			_, _ = fmt.Fprintf(sum, "%s.%s %d\n", t.Name, c.Name, c.How)
		}
	}
	return hex.EncodeToString(sum.Sum(nil)[:8])
}

// Stays says why a column stays in the county; "" where it goes up, or nobody has decided.
func Stays(typ, column string) Reason {
	if whole := stays[typ][""]; whole != "" {
		return whole
	}
	return stays[typ][column]
}
