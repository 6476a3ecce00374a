package referral

import "slices"

// Columns of the register, as type.field of sync/policy, in groups that purposes
// are made of. "categories.category" is which categories stand on the day.
var (
	who     = []string{"members.name", "members.id_number", "households.region"}
	contact = []string{"households.phone", "households.address"}
	status  = []string{"categories.category"}
)

// Purpose is one thing that may be asked of one or more departments, and the only
// columns that they see for it (个人信息保护法 第六条: the least that the purpose needs).
type Purpose struct {
	Kind        Kind
	Item        string // of the assistance matrix; "" for a question
	Departments []string
	Columns     []string
}

func columns(groups ...[]string) []string { return slices.Concat(groups...) }

func of(fields ...string) []string { return fields }

// purposes: what a department delivers by the matrix (policy 四), and what it can say
// of somebody from its own books (三(四)). 财政 pays sums and is asked about nobody.
var purposes = []Purpose{
	{Deliver, "insurance_premium", of("medical", "health"), columns(who, status, of("members.insured"))},
	{Deliver, "medical_aid", of("medical", "health"), columns(who, status, of("members.insured", "members.health", "members.illness"))},
	{Deliver, "emergency_medical", of("health", "medical"), columns(who, of("members.health", "members.illness"))},
	{Deliver, "education_aid", of("education"), columns(who, status, of("members.school_stage", "households.phone"))},
	{Deliver, "housing_urban", of("housing"), columns(who, status, contact, of("households.housing_kind"))},
	{Deliver, "housing_rural", of("housing"), columns(who, status, contact, of("households.housing_kind", "households.housing_grade"))},
	{Deliver, "employment_aid", of("employment"), columns(who, status, contact, of("members.work_state", "members.capacity_to_work"))},
	{Deliver, "skill_training", of("employment"), columns(who, status, contact, of("members.work_state"))},
	{Deliver, "public_post", of("employment"), columns(who, status, contact, of("members.work_state", "members.capacity_to_work"))},
	{Deliver, "disaster_relief", of("emergency"), columns(who, status, contact)},
	{Deliver, "care_service", of("disabled"), columns(who, status, contact, of("members.self_care_failed", "members.disability_kind", "members.disability_grade"))},
	{Deliver, "social_work", of("disabled"), columns(who, contact)},
	{Deliver, "child_rehabilitation", of("disabled"), columns(who, status, contact, of("members.disability_kind", "members.disability_grade"))},
	{Deliver, "barrier_free", of("disabled"), columns(who, status, contact, of("members.disability_kind", "members.disability_grade"))},
	{Deliver, "relapse_support", of("agriculture"), columns(who, status, contact)},
	{Verify, "", of("education"), columns(who, of("members.school_stage"))},
	{Verify, "", of("employment"), columns(who, of("members.work_state"))},
	{Verify, "", of("housing"), columns(who, of("households.address", "households.housing_kind"))},
	{Verify, "", of("agriculture"), columns(who, of("households.address"))},
	{Verify, "", of("health"), columns(who, of("members.health"))},
	{Verify, "", of("emergency"), columns(who, of("households.address"))},
	{Verify, "", of("medical"), columns(who, of("members.insured"))},
	{Verify, "", of("disabled"), columns(who, of("members.disability_kind", "members.disability_grade"))},
}

// Closed is what a department still sees of whom it was about when its part is over.
var Closed = of("members.name")

// Purposes lists the table.
func Purposes() []Purpose { return slices.Clone(purposes) }

// PurposeOf finds what may be asked of a department; ok is false where no row says it.
func PurposeOf(kind Kind, department, item string) (Purpose, bool) {
	for _, p := range purposes {
		if p.Kind == kind && p.Item == item && slices.Contains(p.Departments, department) {
			return p, true
		}
	}
	return Purpose{}, false
}

// Shown is what a department sees of somebody for a purpose in a state.
func (p Purpose) Shown(s State) []string {
	if s.IsOpen() {
		return p.Columns
	}
	return Closed
}

// Inquiries lists for what a department may ask the status of somebody (policy 三(一):
// no paper certificates): the help that it gives, and its own checks.
func Inquiries(department string) []string {
	var out []string
	for _, p := range purposes {
		if p.Kind == Deliver && slices.Contains(p.Departments, department) {
			out = append(out, p.Item)
		}
	}
	return out
}
